"""The partner's checklist."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core import clock
from core.pages import Page
from onboarding import rules
from onboarding.models import OnboardingPlan
from onboarding.views import plans

HOME = "/portal/onboarding/"


class Checklist(Page):
    """What there is to do until the partner is active: mine first, then what the vendor does."""

    side = "portal"
    permission = P.PORTAL_VIEW
    template_name = "onboarding/portal/checklist.html"
    title = gettext_lazy("Onboarding")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        today = clock.day(self.at)
        own = OnboardingPlan.objects.visible_to(self.actor).select_related("partner__psm")
        plan = own.with_progress(today).order_by("-started_on", "-created_at").first()
        if plan is None:
            raise Http404
        return self.answer(**self.facts(plan, today))

    def facts(self, plan: Any, today: Any) -> dict[str, Any]:
        found = plans.stages(plan, self.actor, today)
        rows = [row for stage in found for row in stage["rows"]]
        return {
            "plan": plan,
            "subtitle": self.words(plan),
            "stages": found,
            "next": [row for row in rows if row["is_ours"] and row["may_tick"]][:3],
            "readiness": rules.readiness(plan.n_closed, plan.n_required),
            "key_facts": plans.key_facts(plan, today)[:4],
            "contact": contact(plan),
        }

    def words(self, plan: OnboardingPlan) -> str:
        if plan.state == rules.COMPLETED:
            return _("Everything is done. Welcome aboard.")
        if plan.state == rules.CANCELLED:
            return _("This plan has ended.")
        return _("What we both do until you are an active partner.")


def contact(plan: OnboardingPlan) -> dict[str, Any] | None:
    psm = plan.partner.psm
    return psm and {
        "name": psm.name,
        "note": _("Your partner success manager"),
        "id": psm.pk,
        "email": psm.email,
    }


class OfTask(plans.OfTask):
    """A step about one's own task."""

    side = "portal"

    def crumbs(self) -> list[dict[str, Any]]:
        return [{"label": _("Onboarding"), "url": HOME}]

    def done_url(self, result: Any) -> str:
        return f"{HOME}#task-{self.record.pk}"


class CompleteTask(OfTask, plans.CompleteTask):
    """Tick it."""


class ReopenTask(OfTask, plans.ReopenTask):
    """Take the tick back."""
