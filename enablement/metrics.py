"""What certifications and learning plans are counted as. Each number is one set-based query.

People are counted, not certificates: whoever holds three counts once. A partner of which no certification was ever
recorded has no data; one whose certifications have all ended has 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.ui import day as say_day
from enablement import rules
from enablement.models import Certification, LearningPlan
from enablement.querysets import counting
from metrics.registry import Metric, Row, Value, register

Ids = Iterable[UUID] | None
PEOPLE = gettext_lazy(
    "People with a certification on the day: not expired, not revoked, still at the partner"
)
NOW = gettext_lazy("On the day")


def _people(only: Q) -> Callable[..., Iterable[Value]]:
    """How many different people hold a counting certification among `only`, per partner."""

    def values(as_of: date, partner_ids: Ids = None) -> Iterable[Value]:
        found = Certification.objects.filter(passed_on__lte=as_of)
        if partner_ids is not None:
            found = found.filter(contact__partner__in=partner_ids)
        people = Count("contact", distinct=True, filter=counting(as_of) & only)
        counted = found.order_by().values("contact__partner").annotate(people=people)
        for partner_id, people_count in counted.values_list("contact__partner", "people"):
            yield Value(partner_id, people_count, people_count)

    return values


def _rows(only: Q) -> Callable[[UUID, date], list[Row]]:
    """The certifications behind the number: one counted per person, the others with the reason."""

    def rows(partner_id: UUID, as_of: date) -> list[Row]:
        held = Certification.objects.filter(only, contact__partner=partner_id).select_related(
            "contact", "track"
        )
        seen: set[UUID] = set()
        return [_row(held_one, as_of, seen) for held_one in held.order_by("-expires_on", "pk")]

    return rows


def _row(certification: Certification, as_of: date, seen: set[UUID]) -> Row:
    why = _why_out(certification, as_of, seen)
    if not why:
        seen.add(certification.contact_id)
    return Row(
        label=f"{certification.contact.name}, {certification.track.name}",
        on=certification.passed_on,
        value=None if why else 1,
        url=certification.get_absolute_url(),
        excluded=why,
        subject_id=certification.pk,
    )


def _why_out(certification: Certification, as_of: date, seen: set[UUID]) -> str:
    dates = certification.dates
    words = {
        rules.FUTURE: lambda: _("passed later, on %(day)s") % {"day": say_day(dates.passed_on)},
        rules.REVOKED: lambda: _("revoked on %(day)s") % {"day": say_day(dates.revoked_on)},
        rules.EXPIRED: lambda: _("expired on %(day)s") % {"day": say_day(dates.expires_on)},
        rules.LEFT: lambda: _("the person left on %(day)s") % {"day": say_day(dates.left_on)},
    }
    if reason := rules.why_out(dates, as_of):
        return words[reason]()
    return _("this person is counted already") if certification.contact_id in seen else ""


def _next_end(only: Q) -> Callable[[UUID, date], date | None]:
    """The first day after `as_of` on which a person stops counting if nothing is renewed."""

    def next_change(partner_id: UUID, as_of: date) -> date | None:
        held = Certification.objects.filter(only, contact__partner=partner_id).counting(as_of)
        last: dict[UUID, date] = {}
        for contact_id, expires_on in held.values_list("contact", "expires_on"):
            last[contact_id] = max(expires_on, last.get(contact_id, expires_on))
        return min(last.values(), default=None)

    return next_change


def _register_people(key: str, name: str, question: str, only: Q) -> None:
    register(
        Metric(
            key=key,
            name=name,
            unit="people",
            direction="higher",
            question=question,
            population=PEOPLE,
            window=NOW,
            values=_people(only),
            rows=_rows(only),
            next_change=_next_end(only),
        )
    )


_register_people(
    "certified_people",
    gettext_lazy("Certified people"),
    gettext_lazy("How many people of the partner hold a certification?"),
    Q(),
)
_register_people(
    "certified_people_technical",
    gettext_lazy("People certified in a technical track"),
    gettext_lazy("How many people of the partner can build and implement?"),
    Q(track__audience="technical"),
)
_register_people(
    "certified_people_sales",
    gettext_lazy("People certified in sales"),
    gettext_lazy("How many people of the partner can sell?"),
    Q(track__audience="sales"),
)
_register_people(
    "people_with_fundamentals",
    gettext_lazy("People with the basic certification"),
    gettext_lazy("How many people of the partner know the fundamentals?"),
    Q(track__is_basic=True),
)


def plan_values(as_of: date, partner_ids: Ids = None) -> Iterable[Value]:
    """1 where a learning plan is in force on the day, 0 where there was one, no data where there never was."""
    found = LearningPlan.objects.filter(signed_on__lte=as_of)
    if partner_ids is not None:
        found = found.filter(partner__in=partner_ids)
    in_force = Count("pk", filter=Q(expires_on__gt=as_of))
    for partner_id, n in found.order_by().values("partner").annotate(n=in_force).values_list("partner", "n"):
        yield Value(partner_id, min(n, 1), min(n, 1))


def plan_rows(partner_id: UUID, as_of: date) -> list[Row]:
    """The learning plans, the newest first; one counts."""
    plans = LearningPlan.objects.filter(partner=partner_id).select_related("signed_by")
    rows: list[Row] = []
    for plan in plans.order_by("-signed_on"):
        counted = any(not row.excluded for row in rows)
        why = _why_plan_out(plan, as_of, counted)
        label = _("Learning plan signed by %(name)s") % {"name": plan.signed_by.name}
        rows.append(Row(label, plan.signed_on, None if why else 1, plan.get_absolute_url(), why, plan.pk))
    return rows


def _why_plan_out(plan: LearningPlan, as_of: date, counted: bool) -> str:
    if plan.signed_on > as_of:
        return _("signed later, on %(day)s") % {"day": say_day(plan.signed_on)}
    if plan.expires_on <= as_of:
        return _("ended on %(day)s") % {"day": say_day(plan.expires_on)}
    return _("a newer plan is in force") if counted else ""


def plan_end(partner_id: UUID, as_of: date) -> date | None:
    """The day on which the last plan in force ends."""
    in_force = LearningPlan.objects.filter(partner=partner_id).in_force(as_of)
    return max(in_force.values_list("expires_on", flat=True), default=None)


register(
    Metric(
        key="learning_plan_signed",
        name=gettext_lazy("Learning plan signed"),
        unit="bool",
        direction="higher",
        question=gettext_lazy("Is the partner committed to learning?"),
        population=gettext_lazy("Learning plans signed by one of the partner's people"),
        window=gettext_lazy("Signed within 12 months before the day"),
        values=plan_values,
        rows=plan_rows,
        next_change=plan_end,
    )
)
