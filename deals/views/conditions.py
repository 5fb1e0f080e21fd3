"""Conditions of an approval: the partner answers them, the vendor ticks them off or gives them up."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Permission as P
from core.pages import MovePage
from deals import actions, forms, presentation, rules
from deals.models import Condition, Deal
from deals.views import shared


class MeetConditions(shared.OfDeal):
    """Tick off what is met; with the last one the approval has no conditions any more."""

    permission = P.DEAL_DECIDE
    template_name = "deals/workspace/conditions.html"
    form_class = forms.MeetConditionsForm
    title = gettext_lazy("Which conditions are met?")
    submit_label = gettext_lazy("Tick off")
    done_message = gettext_lazy("Ticked off.")

    def form(self, **options: Any) -> Any:
        return self.form_class(actor=self.actor, initial=self.initial(), deal=self.record, **options)  # type: ignore[call-arg]

    def initial(self) -> dict[str, Any]:
        """What the partner has answered is offered as met."""
        answered = self.record.conditions.standing().unmet().exclude(answered_at=None)
        return {"conditions": [condition.pk for condition in answered]}

    def effects(self) -> list[str]:
        deal = self.record
        if deal.state != rules.CONDITIONAL:
            return []
        left = deal.conditions.standing().unmet().count()
        all_met = ngettext("With this last condition", "With all %(n)s conditions met", left) % {"n": left}
        full = presentation.say_day(deal.unconditional_until, "long")
        return [
            _("%(met)s the protection runs until %(day)s, and the partner is told.")
            % {"met": all_met, "day": full},
            _("What is left is to be met by %(day)s.")
            % {"day": presentation.say_day(deal.protected_until, "long")},
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"conditions": presentation.conditions(self.record, self.actor), **more})

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        met = list(data["conditions"])
        return actions.meet_conditions(
            by=self.actor, deal=record, met=met, comment=data["comment"], at=self.at
        )


class MissConditions(shared.OfDeal):
    """They will not be met."""

    permission = P.DEAL_DECIDE
    form_class = forms.MissConditionsForm
    danger = True
    title = gettext_lazy("The conditions are not met")
    submit_label = gettext_lazy("End the protection")
    done_message = gettext_lazy("The protection has ended.")

    def effects(self) -> list[str]:
        return [
            _("The protection ends today rather than on the conditions' day."),
            _(
                "As after every end by date, only this partner can be approved again within the days of grace."
            ),
            _("The partner is told with the reason."),
        ]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.miss_conditions(by=self.actor, deal=record, at=self.at, **data)


class AnswerCondition(MovePage):
    """Say how a condition is met."""

    side = "portal"
    permission = P.DEAL_EDIT
    queryset = Condition.objects.select_related("deal__partner")
    form_class = forms.AnswerConditionForm
    title = gettext_lazy("Answer this condition")
    submit_label = gettext_lazy("Send the answer")
    done_message = gettext_lazy("Sent. You see here once it is ticked off.")

    def initial(self) -> dict[str, Any]:
        return {"answer": self.record.answer}

    def context(self, **more: Any) -> dict[str, Any]:
        condition, deal = self.record, self.record.deal
        crumbs = [
            {"label": _("Deals"), "url": "/portal/deals/"},
            {"label": deal.number, "url": deal.portal_url},
        ]
        pairs = [
            {"label": _("Customer"), "value": deal.customer_name},
            {"label": _("To be met by"), "value": presentation.say_day(deal.protected_until, "long")},
        ]
        facts = {"crumbs": crumbs, "about": {"title": deal.number, "pairs": pairs}, "effects": [
            _("Your partner manager looks at it and ticks it off."),
            _("You can say it anew until then."),
        ]}  # fmt: skip
        return super().context(**{"subtitle": condition.text, **facts, **more})

    def locked(self, record: Condition) -> Condition:
        return actions.lock_condition(record)

    def perform_on(self, record: Condition, data: dict[str, Any]) -> Condition:
        return actions.answer_condition(by=self.actor, condition=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return str(self.record.deal.portal_url)
