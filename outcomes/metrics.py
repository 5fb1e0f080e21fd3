"""What customers' answers and verified contributions are counted as. Each number is one set-based query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalog.querysets import setting
from core.templatetags.ui import day as say_day
from metrics import sums, windows
from metrics.registry import Grouped, Metric, Parameter, Row, register, values_by
from metrics.scopes import PARTNER, TREE
from metrics.windows import OF_A_DAY, TRAILING, crosses, says, within
from outcomes import rules
from outcomes.models import SatisfactionAnswer, ValueContribution
from outcomes.querysets import standing, verified
from partners.models import Partner

FISCAL_YEAR = Parameter(
    _lazy("First month of the fiscal year"),
    lambda: setting("metric.fiscal_year_first_month"),
    _lazy("For the window of the fiscal year."),
)


def _next_of(days: Any, partner_id: UUID, as_of: date, window: str) -> date | None:
    """The next day on which something of one of these days leaves the window."""
    activated_on = _activated_on(partner_id)
    found = (
        windows.leaves_on(window or TRAILING, on, activated_on)
        for on in days
        if windows.counts(window or TRAILING, on, as_of, activated_on)
    )
    return min((day for day in found if day), default=None)


def _activated_on(partner_id: UUID) -> date | None:
    return Partner.objects.values_list("activated_on", flat=True).get(pk=partner_id)


# Satisfaction ---------------------------------------------------------------------------------------------------


def select_satisfaction(as_of: date, window: str = "", scope: str = PARTNER) -> Grouped:
    """The mean of the answers in the window, in percent of their scales; no value where there is none."""
    counted = standing(as_of) & within(window or TRAILING, as_of, "answered_on")
    n = Count("pk", filter=counted)
    mean = sums.rounded(sums.whole(Sum("percent", filter=counted)), NullIf(n, 0))
    answers = SatisfactionAnswer.objects.filter(answered_on__lte=as_of)
    return Grouped(answers, "partner_id", value=mean, n_rows=n)


def rows_of_satisfaction(partner_id: UUID, as_of: date, window: str = "") -> list[Row]:
    """Every answer about a partner, the newest first, with why it does not count. No customer is named here."""
    activated_on = _activated_on(partner_id)
    found = SatisfactionAnswer.objects.filter(partner=partner_id).order_by("-answered_on", "-pk")
    return [_answer_row(answer, as_of, window or TRAILING, activated_on) for answer in found]


def _answer_row(answer: SatisfactionAnswer, as_of: date, window: str, activated_on: date | None) -> Row:
    why = windows.why_out(window, answer.answered_on, as_of, activated_on)
    if not why and answer.withdrawn_on and answer.withdrawn_on <= as_of:
        why = _("withdrawn on %(day)s") % {"day": say_day(answer.withdrawn_on)}
    url = answer.get_absolute_url()
    return Row(str(answer), answer.answered_on, answer.percent, url, why, answer.pk)


def edges_of_satisfaction(after: date, until: date, window: str = "") -> Iterable[QuerySet]:
    """Whose answers came into the window or left it, or were withdrawn."""
    found = SatisfactionAnswer.objects.order_by()
    yield found.filter(crosses(window or TRAILING, after, until, "answered_on")).values("partner")
    yield found.filter(withdrawn_on__gt=after, withdrawn_on__lte=until).values("partner")


def next_change_of_satisfaction(partner_id: UUID, as_of: date, window: str = "") -> date | None:
    """The next day on which an answer leaves the window: the mean may rise or fall by it."""
    held = SatisfactionAnswer.objects.filter(partner=partner_id).standing(as_of)
    return _next_of(held.values_list("answered_on", flat=True), partner_id, as_of, window)


register(
    Metric(
        key="customer_satisfaction",
        name=_lazy("Customer satisfaction"),
        unit="percent",
        direction="higher",
        question=_lazy("How content are customers with the partner's work?"),
        population=_lazy(
            "Customers' answers, each as a percentage of the scale on which it was given; their mean."
        ),
        window=says(TRAILING),
        values=values_by(select_satisfaction),
        select=select_satisfaction,
        edges=edges_of_satisfaction,
        rows=rows_of_satisfaction,
        next_change=next_change_of_satisfaction,
        windows=OF_A_DAY,
        exclusions=_lazy("Answers that were withdrawn."),
        parameters=(
            Parameter(
                _lazy("Scales"),
                _lazy("The lowest score is 0%, the highest is 100%"),
                _lazy("So that 0 to 10 and 1 to 5 may be averaged."),
            ),
            Parameter(_lazy("Fewest answers"), 1, _lazy("Without any there is no data.")),
            FISCAL_YEAR,
        ),
    )
)

# Contributions --------------------------------------------------------------------------------------------------


def select_of(kind: str) -> Callable[..., Grouped]:
    """How many verified contributions of a kind lie in the window; no row where none was ever recorded."""

    def select(as_of: date, window: str = "", scope: str = PARTNER) -> Grouped:
        recorded = ValueContribution.objects.filter(kind=kind, occurred_on__lte=as_of)
        counted = verified(as_of) & within(window or TRAILING, as_of, "occurred_on")
        value = sums.or_zero(sums.whole(Sum("quantity", filter=counted)))
        return Grouped(recorded, "partner_id", value=value, n_rows=Count("pk", filter=counted))

    return select


def rows_of(kind: str) -> Callable[..., list[Row]]:
    """The contributions of a kind, the newest first, with why one does not count."""

    def rows(partner_id: UUID, as_of: date, window: str = "") -> list[Row]:
        activated_on = _activated_on(partner_id)
        found = ValueContribution.objects.filter(partner=partner_id, kind=kind).order_by(
            "-occurred_on", "-pk"
        )
        return [_contribution_row(one, as_of, window or TRAILING, activated_on) for one in found]

    return rows


def _contribution_row(found: ValueContribution, as_of: date, window: str, activated_on: date | None) -> Row:
    why = windows.why_out(window, found.occurred_on, as_of, activated_on)
    why = why or _why_unverified(found, as_of)
    return Row(found.title, found.occurred_on, found.quantity, found.get_absolute_url(), why, found.pk)


def _why_unverified(found: ValueContribution, as_of: date) -> str:
    if found.declined_on and found.declined_on <= as_of:
        return _("It was declined.")
    is_verified = found.verified_on is not None and found.verified_on <= as_of
    return "" if is_verified else _("Nobody had verified it by then.")


def edges_of(kind: str) -> Callable[..., Iterable[QuerySet]]:
    """Whose contributions came into the window or left it, or were verified."""

    def edges(after: date, until: date, window: str = "") -> Iterable[QuerySet]:
        found = ValueContribution.objects.filter(kind=kind).order_by()
        yield found.filter(crosses(window or TRAILING, after, until, "occurred_on")).values("partner")
        yield found.filter(verified_on__gt=after, verified_on__lte=until).values("partner")
        yield found.filter(declined_on__gt=after, declined_on__lte=until).values("partner")

    return edges


def next_change_of(kind: str) -> Callable[..., date | None]:
    """The next day on which a verified contribution leaves the window."""

    def next_change(partner_id: UUID, as_of: date, window: str = "") -> date | None:
        held = ValueContribution.objects.verified(as_of).filter(partner=partner_id, kind=kind)
        return _next_of(held.values_list("occurred_on", flat=True), partner_id, as_of, window)

    return next_change


METRICS: dict[str, tuple[str, Any, Any]] = {
    rules.REFERENCE: (
        "value_references", _lazy("References"), _lazy("How many customers vouch for us thanks to the partner?"),
    ),
    rules.CASE_STUDY: ("value_case_studies", _lazy("Case studies"), _lazy("How many case studies did it give?")),
    rules.VALIDATION: (
        "value_validations", _lazy("Clinical validations"), _lazy("How many clinical validations did it carry out?"),
    ),
    rules.INTEGRATION: ("value_integrations", _lazy("Integrations"), _lazy("How many integrations did it build?")),
    rules.PUBLICATION: ("value_publications", _lazy("Publications"), _lazy("How many publications did it bring?")),
}  # fmt: skip

for _kind, (_key, _name, _question) in METRICS.items():
    register(
        Metric(
            key=_key,
            name=_name,
            unit="count",
            direction="higher",
            question=_question,
            population=_lazy(
                "Contributions of this kind that another person verified, by how many each brought."
            ),
            window=says(TRAILING),
            values=values_by(select_of(_kind)),
            select=select_of(_kind),
            edges=edges_of(_kind),
            rows=rows_of(_kind),
            next_change=next_change_of(_kind),
            windows=OF_A_DAY,
            is_additive=True,
            scopes=(PARTNER, TREE),
            exclusions=_lazy("Contributions that wait for someone to verify them, or were declined."),
            parameters=(
                Parameter(
                    _lazy("Verified"),
                    _lazy("By another person than the one who recorded it"),
                    _lazy("What counts for a tier is not one person's word."),
                ),
                FISCAL_YEAR,
            ),
        )
    )
