"""How long onboarding takes."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from metrics.registry import Metric, Row, Value, register
from onboarding import rules
from onboarding.models import OnboardingPlan
from onboarding.querysets import PlanQuerySet


def _completed(as_of: date) -> PlanQuerySet:
    return OnboardingPlan.objects.filter(state=rules.COMPLETED, ended_on__lte=as_of).order_by(
        "partner", "ended_on"
    )


def days_to_onboard(as_of: date, partner_ids: Iterable[UUID] | None = None) -> Iterable[Value]:
    """Per partner the days from the start to the end of its first completed plan; none completed: no data."""
    plans = _completed(as_of)
    if partner_ids is not None:
        plans = plans.filter(partner__in=partner_ids)
    first = {}
    for partner_id, start, end in plans.values_list("partner", "started_on", "ended_on"):
        first.setdefault(partner_id, (end - start).days)
    return [Value(partner_id, days, 1) for partner_id, days in first.items()]


def plans_of(partner_id: UUID, as_of: date) -> list[Row]:
    """Its completed plans, of which the first counts."""
    later = str(_("A later plan"))
    return [
        Row(
            label=plan.template_name,
            on=plan.ended_on,
            value=(plan.ended_on - plan.started_on).days if plan.ended_on else None,
            url=plan.get_absolute_url(),
            excluded="" if n == 0 else later,
            subject_id=plan.pk,
        )
        for n, plan in enumerate(_completed(as_of).filter(partner=partner_id))
    ]


register(
    Metric(
        key="time_to_onboarding",
        name=_("Time to onboard"),
        unit="days",
        direction="lower",
        question=_("How many days does a partner need from its approval to being active?"),
        population=_("Partners that completed their first onboarding plan"),
        window=_("All time"),
        values=days_to_onboard,
        rows=plans_of,
    )
)
