"""Appeals about the tier in the portal: filed against a decision, and taken back."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from catalog.querysets import setting
from core.clock import day
from core.forms import ConfirmForm
from core.pages import FormPage, MovePage
from core.templatetags.ui import day as say_day
from partners.models import Partner
from tiers import actions
from tiers import decision_forms as forms
from tiers.actions.appeals import Appealable, appealable
from tiers.models import TierAppeal

TIER = "/portal/tier/"


class FileTierAppeal(FormPage):
    """Say why a decision about our tier should have been another."""

    side = "portal"
    permission = P.TIER_APPEAL
    template_name = "pages/move.html"
    form_class = forms.TierAppealForm
    title = gettext_lazy("Appeal this decision")
    submit_label = gettext_lazy("Send the appeal")
    done_message = gettext_lazy("Your appeal is on its way. You can follow the answer here.")
    cancel_url = TIER

    def prepare(self) -> None:
        """The decision that the address names, among those that may still be appealed."""
        own = Partner.objects.visible_to(self.actor).filter(pk=self.actor.partner_id)
        self.partner = own.first()
        found = appealable(self.partner, day(self.at)) if self.partner else []
        decision = next((one for one in found if one.subject_id == self.kwargs["pk"]), None)
        if decision is None:
            raise Http404
        self.decision: Appealable = decision

    def perform(self, data: dict[str, Any]) -> TierAppeal:
        return actions.file_tier_appeal(
            by=self.actor, partner=self.partner, subject_id=self.decision.subject_id, at=self.at, **data
        )

    def done_url(self, result: Any) -> str:
        return TIER

    def context(self, **more: Any) -> dict[str, Any]:
        decision = self.decision
        words = {"what": against(decision), "day": say_day(decision.until())}
        effects = [
            _("Someone who did not make the decision looks at it again."),
            _("You get an answer within %(n)s business days.") % {"n": setting("tier.appeal_business_days")},
            _("It can be appealed until %(day)s, and once.") % words,
        ]
        return super().context(**{"subtitle": words["what"], "effects": effects, **more})


def against(decision: Appealable) -> str:
    """The decision in words: “The grace period of Gold, since 25 Nov 2026”."""
    words = {"tier": decision.tier, "day": say_day(decision.on)}
    return {
        "grace": _("The grace period of %(tier)s, since %(day)s") % words,
        "lowered": _("The loss of %(tier)s on %(day)s") % words,
        "declined": _("The decision of %(day)s against %(tier)s") % words,
    }[decision.against]


class WithdrawTierAppeal(MovePage):
    """Take an appeal back."""

    side = "portal"
    permission = P.TIER_APPEAL
    queryset = TierAppeal.objects.select_related("tier", "program", "partner")
    form_class = ConfirmForm
    title = gettext_lazy("Take this appeal back")
    submit_label = gettext_lazy("Take it back")
    done_message = gettext_lazy("The appeal is taken back.")

    def done_url(self, result: Any) -> str:
        return TIER

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [_("The decision stands, and it cannot be appealed again.")]
        facts = {"subtitle": str(self.record.tier), "effects": effects, "danger": True}
        return super().context(**{**facts, **more})

    def perform_on(self, record: TierAppeal, data: dict[str, Any]) -> TierAppeal:
        return actions.withdraw_tier_appeal(by=self.actor, appeal=record, at=self.at)
