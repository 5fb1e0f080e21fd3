"""What a complete submission is told at once: until when another is protected, or may renew. Counted by the day.

Whoever could ask as often as it likes would learn who holds what; so only a complete submission gets an answer, so
many a day and partner, and each is an event.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Max
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from catalog.querysets import setting
from core.actors import Actor
from core.errors import TooMany
from deals import conflict, rules
from deals.actions.protections import last_grace
from deals.models import ConflictCheck, Deal, Protection
from deals.sources import Asked
from partners.models import Organization, Partner

A_DAY = timedelta(days=1)
SURE = Decimal("0.90")


def next_answer_at(by: Actor, partner: Partner, at: datetime) -> datetime | None:
    """When this actor may submit for the partner again; None for now. The vendor's own people may always."""
    most = setting("deal.most_answers_a_day")
    if by.is_vendor or not most:
        return None
    sent = Deal.objects.answered_since(partner, at - A_DAY).order_by("-submitted_at")
    oldest = sent.values_list("submitted_at", flat=True)[most - 1 : most]
    return oldest[0] + A_DAY if oldest else None


def answers_left(by: Actor, partner: Partner, at: datetime) -> int | None:
    """How many complete registrations the partner may still send today; None for any number."""
    most = setting("deal.most_answers_a_day")
    if by.is_vendor or not most:
        return None
    return max(0, most - Deal.objects.answered_since(partner, at - A_DAY).count())


def require_answer_left(by: Actor, partner: Partner, at: datetime) -> None:
    """Raise TooMany where the partner has used up the day's answers. The caller holds the partner's row."""
    if free_at := next_answer_at(by, partner, at):
        raise TooMany(too_many_words(partner, free_at), retry_at=free_at, code="too_many_submissions")


def too_many_words(partner: Partner, free_at: datetime) -> str:
    """The sentence that refuses: how many, and from when on it goes on, in the partner's time."""
    words = _(
        "Your company has sent %(most)s registrations within a day, the most there can be. The next goes from %(when)s."
    )
    when = format_date(rules.local(free_at, partner.time_zone), "j F Y, H:i")
    return words % {"most": setting("deal.most_answers_a_day"), "when": when}


def occupied_until(check: ConflictCheck) -> date | None:
    """The last day of another partner's protection on what is surely the same customer, and a product of the claim.

    None where the check found none; where it found something less sure, a person decides before anything is told.
    """
    held = check.candidates.filter(kind=conflict.PROTECTION, until__isnull=False)
    same_customer = held.filter(factors__code="account", factors__alike__gte=SURE)
    found = same_customer.filter(pk__in=held.filter(factors__code="product", factors__alike__gt=0))
    return found.aggregate(last=Max("until"))["last"]  # type: ignore[no-any-return]


def grace_until(deal: Deal, asked: Asked, at: datetime) -> date | None:
    """The last day on which another partner may still renew on what is surely the same customer, and a product of it.

    Until then only the former holder can be approved: the others register, wait, and are told the day.
    """
    found = Protection.objects.none()
    for organization in _surely_meant(deal, asked):
        found |= Protection.objects.reaching(organization, deal.includes_below)
    return last_grace(found.filter(product__in=deal.products.all()), deal, at)


def _surely_meant(deal: Deal, asked: Asked) -> list[Organization]:
    """The customer, or where nobody has linked it those that it surely is."""
    if deal.organization:
        return [deal.organization]
    nameless = conflict.Claim(name="")
    sure = [
        pk
        for pk, likeness in asked.organizations.items()
        if likeness and conflict.account_match(asked.claim, nameless, likeness, asked.terms).alike >= SURE
    ]
    return list(Organization.objects.filter(pk__in=sure))
