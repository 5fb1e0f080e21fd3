"""How registrations fare: registered in time, approved, decided how fast, won, slipping, quiet, protections used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Min, Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalog.querysets import setting
from core.clock import day, end_of, zone
from deals import rules
from deals.metrics.facts import COUNT, MEAN, PERCENT, Fact, figure, too_old
from deals.models import Deal
from events.models import Event

Ids = Iterable[UUID] | None
# What ends the wait for a first decision.
DECISIONS = ("deal.approved", "deal.approved_with_conditions", "deal.rejected", "deal.duplicate")
CLOCK = (*DECISIONS, "deal.submitted", "deal.more_asked", "deal.resubmitted")
# How a protected registration ends.
ENDED = (rules.WON, rules.LOST, rules.EXPIRED, rules.WITHDRAWN, rules.REVOKED)
TENTHS = 10


def _deals(partner_ids: Ids) -> Any:
    found = Deal.objects.order_by()
    found = found if partner_ids is None else found.filter(partner__in=list(partner_ids))
    return found.select_related("partner")


def _fact(deal: Deal, on: date | None, part: int, whole: int = 1, excluded: str = "", said: Any = "") -> Fact:
    label = f"{deal.number} {deal.customer_name}"
    return Fact(deal.pk, deal.partner_id, label, on, part, whole, excluded, str(said))


def registered_in_time(as_of: date, partner_ids: Ids = None) -> Iterator[Fact]:
    """Every won deal: whether it was protected so many days before the win."""
    least = timedelta(days=setting("deal.registered_before_days"))
    won = _deals(partner_ids).filter(state=rules.WON).annotate(since=Min("protections__starts_on"))
    for deal in won:
        in_time = bool(deal.since and deal.won_on and deal.since <= deal.won_on - least)
        said = _("registered in time") if in_time else _("registered late")
        yield _fact(deal, deal.won_on, in_time, excluded=too_old(deal.won_on, as_of), said=said)


def approvals(as_of: date, partner_ids: Ids = None) -> Iterator[Fact]:
    """Every decided registration: whether it was approved."""
    tz = zone()
    for deal in _deals(partner_ids).filter(decided_at__isnull=False):
        on = day(deal.decided_at, tz)
        is_approved = deal.protected_from is not None
        said = _("approved") if is_approved else _("not approved")
        yield _fact(deal, on, is_approved, excluded=too_old(on, as_of), said=said)


@dataclass
class Wait:
    """A registration's way to its first decision, told by its events."""

    submitted_at: datetime
    decided_at: datetime | None = None
    due_at: datetime | None = None
    paused_at: datetime | None = None
    paused: float = 0.0


def waits(deals: Any) -> dict[UUID, tuple[Deal, Wait]]:
    """How long each waited, without the time in which the partner was asked. Two queries, however many deals."""
    by_id = {deal.pk: deal for deal in deals if deal.submitted_at}
    told = defaultdict(list)
    events = Event.objects.filter(type__in=CLOCK, subject_id__in=deals.values("pk")).order_by("at", "id")
    for subject_id, name, at, data in events.values_list("subject_id", "type", "at", "data"):
        told[subject_id].append((name, at, data))
    return {pk: (deal, _wait(deal, told[pk])) for pk, deal in by_id.items()}


def _wait(deal: Deal, told: list[tuple[str, datetime, dict[str, Any]]]) -> Wait:
    assert deal.submitted_at is not None
    wait = Wait(deal.submitted_at)
    for name, at, data in told:
        if name in DECISIONS:
            wait.decided_at = at
            return wait
        if name == "deal.more_asked":
            wait.paused_at = at
            continue
        if wait.paused_at:
            wait.paused += _business_days(deal, wait.paused_at, at)
        wait.paused_at, wait.due_at = None, parse_datetime(data.get("due_at", "")) or wait.due_at
    return wait


def _business_days(deal: Deal, start: datetime, end: datetime) -> float:
    return rules.business_days(
        start, end, str(deal.partner.country), deal.time_zone or deal.partner.time_zone
    )


def _decided(as_of: date, partner_ids: Ids) -> Iterator[tuple[Deal, Wait, date, str]]:
    """Registrations with a first decision, its day, and why one does not belong."""
    decided = _deals(partner_ids).filter(submitted_at__isnull=False, decided_at__isnull=False)
    tz = zone()
    for deal, wait in waits(decided).values():
        if wait.decided_at:
            on = day(wait.decided_at, tz)
            yield deal, wait, on, too_old(on, as_of)


def decision_times(as_of: date, partner_ids: Ids = None) -> Iterator[Fact]:
    """Each first decision: its business days of the partner's country, in tenths."""
    for deal, wait, on, excluded in _decided(as_of, partner_ids):
        assert wait.decided_at is not None
        took = max(_business_days(deal, wait.submitted_at, wait.decided_at) - wait.paused, 0.0)
        yield _fact(deal, on, round(TENTHS * took), excluded=excluded)


def decisions_in_time(as_of: date, partner_ids: Ids = None) -> Iterator[Fact]:
    """Each first decision: whether it came by its due time, as that was promised then."""
    for deal, wait, on, excluded in _decided(as_of, partner_ids):
        assert wait.decided_at is not None
        due = wait.due_at or deal.due_at
        in_time = bool(due and wait.decided_at <= due)
        said = _("in time") if in_time else _("late")
        yield _fact(deal, on, in_time, excluded=excluded, said=said)


def conversions(as_of: date, partner_ids: Ids = None) -> Iterator[Fact]:
    """Each protected registration that came to an end: whether it was won."""
    ended = _deals(partner_ids).filter(state__in=ENDED, protected_from__isnull=False, closed_at__isnull=False)
    tz = zone()
    for deal in ended:
        on = day(deal.closed_at, tz)
        yield _fact(
            deal, on, deal.state == rules.WON, excluded=too_old(on, as_of), said=_OUTCOMES[deal.state]
        )


_OUTCOMES = {
    rules.WON: _lazy("won"),
    rules.LOST: _lazy("lost"),
    rules.EXPIRED: _lazy("ran out"),
    rules.WITHDRAWN: _lazy("taken back"),
    rules.REVOKED: _lazy("ended by us"),
}


def protection_used(as_of: date, partner_ids: Ids = None) -> Iterator[Fact]:
    """Each protected registration that came to an end: how many of its protected days had passed by then."""
    ended = _deals(partner_ids).filter(
        state__in=ENDED, protected_from__isnull=False, protected_until__isnull=False, closed_at__isnull=False
    )
    for deal in ended:
        on = deal.day_of(deal.closed_at)
        granted = (deal.protected_until - deal.protected_from).days
        used = min(max((on - deal.protected_from).days, 0), granted)
        said = _("%(used)s of %(granted)s days") % {"used": used, "granted": granted}
        yield _fact(deal, on, used, granted, too_old(on, as_of), said)


def slipping(as_of: date, partner_ids: Ids = None) -> Iterator[Fact]:
    """Each protected deal: whether its close has passed or was put off again and again."""
    late = set(_deals(partner_ids).slipping(as_of).values_list("pk", flat=True))
    for deal in _deals(partner_ids).approved():
        said = _("slipping") if deal.pk in late else _("on its way")
        yield _fact(deal, deal.expected_close_on, deal.pk in late, said=said)


def quiet(as_of: date, partner_ids: Ids = None) -> Iterator[Fact]:
    """Each protected deal: whether nothing was heard of it lately."""
    tz = zone()
    for deal in _deals(partner_ids).approved().with_activity(end_of(as_of, tz)):
        last = day(deal.stage_changed_at, tz) if deal.stage_changed_at else None
        yield _fact(deal, last, 1, excluded="" if deal.is_quiet else _("Something was heard of it lately."))


def expiring(as_of: date, partner_ids: Ids = None) -> Iterator[Fact]:
    """Each protected deal: whether its protection ends soon."""
    last = as_of + timedelta(days=setting("deal.expiring_days"))
    for deal in _deals(partner_ids).filter(Q(protected_until__gte=as_of)).approved():
        soon = deal.protected_until is not None and deal.protected_until <= last
        yield _fact(deal, deal.protected_until, 1, excluded="" if soon else _("Protected for longer."))


YEAR = _lazy("The trailing twelve months: later than the same day a year before, up to and with the day.")
NOW = _lazy("As things stand; a day in the past is looked at with today's states.")

figure(
    "deal_registration_rate", registered_in_time, unit=PERCENT, direction="higher",
    name=_lazy("Registered in time"),
    question=_lazy("How many of the won deals had been registered and protected well before the win?"),
    population=_lazy("Won deals; in time is protected at least the setting's days before the signature."),
    window=YEAR,
)  # fmt: skip
figure(
    "deal_approval_rate", approvals, unit=PERCENT, direction="higher", name=_lazy("Approved"),
    question=_lazy("How many of the registrations that we decided did we approve?"),
    population=_lazy("Registrations with a decision, with conditions or without; after an appeal the last one counts."),
    window=YEAR,
)  # fmt: skip
figure(
    "deal_decision_time", decision_times, unit=MEAN, direction="lower", name=_lazy("Time to a decision"),
    question=_lazy("How many business days did a partner wait for our first decision?"),
    population=_lazy(
        "Registrations with a first decision; the mean in business days of the partner's country, "
        "without the time in which we waited for its answer."
    ),
    window=YEAR,
)  # fmt: skip
figure(
    "deal_decisions_in_time", decisions_in_time, unit=PERCENT, direction="higher", name=_lazy("Decided in time"),
    question=_lazy("How many first decisions came by the hour that we had promised?"),
    population=_lazy("Registrations with a first decision, against the due time as it stood then."),
    window=YEAR,
)  # fmt: skip
figure(
    "deal_conversion", conversions, unit=PERCENT, direction="higher", name=_lazy("Won of what was protected"),
    question=_lazy("How many of the protected registrations that came to an end were won?"),
    population=_lazy("Protected registrations that were won, lost, taken back, revoked or ran out."),
    window=YEAR,
)  # fmt: skip
figure(
    "protected_days_used", protection_used, unit=PERCENT, direction="lower", name=_lazy("Protected days used"),
    question=_lazy("How much of their protection did deals need until they came to an end?"),
    population=_lazy("The days from protection to end, of the days that were granted, all deals together."),
    window=YEAR,
)  # fmt: skip
figure(
    "deal_slippage", slipping, unit=PERCENT, direction="lower", name=_lazy("Slipping"),
    question=_lazy("How many of the protected deals are past their expected close, or were put off again and again?"),
    population=_lazy("Deals that are protected now."),
    window=NOW,
)  # fmt: skip
figure(
    "quiet_deals", quiet, unit=COUNT, direction="lower", name=_lazy("Gone quiet"),
    question=_lazy("Of how many protected deals has nothing been heard for the setting's days?"),
    population=_lazy("Protected deals without a new stage, another close, a request or an answer."),
    window=NOW,
)  # fmt: skip
figure(
    "expiring_protections", expiring, unit=COUNT, direction="lower", name=_lazy("Protections ending soon"),
    question=_lazy("How many protections end within the setting's days?"),
    population=_lazy("Deals that are protected now."),
    window=NOW,
)  # fmt: skip

SHOWN = (
    "deal_registration_rate", "deal_approval_rate", "deal_decision_time", "deal_decisions_in_time", "deal_conversion",
    "protected_days_used", "deal_slippage", "quiet_deals", "expiring_protections",
)  # fmt: skip
