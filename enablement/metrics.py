"""What certifications and learning plans are counted as. Each number is one set-based query.

People are counted, not certificates: whoever holds three counts once. A partner of which no certification was ever
recorded has no data; one whose certifications have all ended has 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.remembering import once_a_page
from core.templatetags.ui import day as say_day
from enablement import rules
from enablement.models import Certification, LearningPlan, Track
from enablement.querysets import counting
from metrics import sums
from metrics.registry import (
    Family,
    Grouped,
    Metric,
    Parameter,
    Row,
    register,
    register_family,
    values_by,
)
from metrics.scopes import PARTNER, TREE
from metrics.windows import NOW as ON_THE_DAY

PEOPLE = gettext_lazy(
    "People with a certification on the day: not expired, not revoked, still at the partner"
)
NOW = gettext_lazy("On the day")


def _people(only: Q) -> Callable[..., Grouped]:
    """How many different people hold a counting certification among `only`, per partner."""

    def select(as_of: date, window: str = "", scope: str = PARTNER) -> Grouped:
        found = Certification.objects.filter(passed_on__lte=as_of)
        people = Count("contact", distinct=True, filter=counting(as_of) & only)
        return Grouped(found, "contact__partner_id", value=people, n_rows=people)

    return select


def _rows(only: Q) -> Callable[..., list[Row]]:
    """The certifications behind the number: one counted per person, the others with the reason."""

    def rows(partner_id: UUID, as_of: date, window: str = "") -> list[Row]:
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


def edges_of_people(after: date, until: date, window: str = "") -> Iterable[QuerySet]:
    """Whose people's certifications began, ended or were revoked, and whose people left."""
    held = Certification.objects.order_by()
    for field in ("passed_on", "expires_on", "revoked_on", "contact__left_on"):
        between = {f"{field}__gt": after, f"{field}__lte": until}
        yield held.filter(**between).values("contact__partner")


def _next_end(only: Q) -> Callable[..., date | None]:
    """The first day after `as_of` on which a person stops counting if nothing is renewed."""

    def next_change(partner_id: UUID, as_of: date, window: str = "") -> date | None:
        held = Certification.objects.filter(only, contact__partner=partner_id).counting(as_of)
        last: dict[UUID, date] = {}
        for contact_id, expires_on in held.values_list("contact", "expires_on"):
            last[contact_id] = max(expires_on, last.get(contact_id, expires_on))
        return min(last.values(), default=None)

    return next_change


def _metric(key: str, name: Any, question: Any, only: Q) -> Metric:
    select = _people(only)
    return Metric(
        key=key,
        name=name,
        unit="people",
        direction="higher",
        question=question,
        population=PEOPLE,
        window=NOW,
        values=values_by(select),
        select=select,
        edges=edges_of_people,
        rows=_rows(only),
        next_change=_next_end(only),
        windows=(ON_THE_DAY,),
        is_additive=True,
        scopes=(PARTNER, TREE),
        exclusions=gettext_lazy("Certifications that ended or were revoked, and those of people who left."),
        parameters=(
            Parameter(
                gettext_lazy("A person with several certifications"),
                gettext_lazy("Counts once"),
                gettext_lazy("A team is people, not certificates."),
            ),
            Parameter(
                gettext_lazy("Last day"),
                gettext_lazy("The day before it expires"),
                gettext_lazy("On the day on which it expires it no longer counts."),
            ),
        ),
    )


def _register_people(key: str, name: Any, question: Any, only: Q) -> None:
    register(_metric(key, name, question, only))


def _in_track(code: str) -> Metric:
    """People certified in one track; the tracks come from the program file."""
    name = lazy(lambda: _track_name(code), str)()
    return _metric(
        f"{IN_TRACK}{code}",
        format_lazy(gettext_lazy("People certified in {track}"), track=name),
        format_lazy(gettext_lazy("How many people of the partner are certified in {track}?"), track=name),
        Q(track__code=code),
    )


def _track_name(code: str) -> str:
    names = once_a_page((Track, "names"), lambda: dict(Track.objects.values_list("code", "name")))
    return str(names.get(code, code))


IN_TRACK = "certified_in_"
register_family(Family(IN_TRACK, _in_track, lambda: Track.objects.active().values_list("code", flat=True)))


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


def plan_select(as_of: date, window: str = "", scope: str = PARTNER) -> Grouped:
    """1 where a learning plan is in force on the day, 0 where there was one, no row where there never was."""
    found = LearningPlan.objects.filter(signed_on__lte=as_of)
    in_force = sums.any_of(Q(expires_on__gt=as_of))
    return Grouped(found, "partner_id", value=in_force, n_rows=in_force)


def plan_rows(partner_id: UUID, as_of: date, window: str = "") -> list[Row]:
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


def edges_of_plans(after: date, until: date, window: str = "") -> Iterable[QuerySet]:
    """Whose learning plans began or ended."""
    plans = LearningPlan.objects.order_by()
    yield plans.filter(signed_on__gt=after, signed_on__lte=until).values("partner")
    yield plans.filter(expires_on__gt=after, expires_on__lte=until).values("partner")


def plan_end(partner_id: UUID, as_of: date, window: str = "") -> date | None:
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
        values=values_by(plan_select),
        select=plan_select,
        edges=edges_of_plans,
        rows=plan_rows,
        next_change=plan_end,
        windows=(ON_THE_DAY,),
        exclusions=gettext_lazy("Plans that ended."),
        parameters=(
            Parameter(
                gettext_lazy("Months that a plan holds"),
                rules.PLAN_MONTHS,
                gettext_lazy("A commitment is renewed every year."),
            ),
        ),
    )
)
