"""Decisions about a partner's margin, recorded from its tier page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.clock import day
from core.forms import ConfirmForm
from core.pages import MovePage, RecordPage
from core.templatetags.ui import day as say_day
from partners.models import Partner
from tiers import wording
from tiers.actions import decide_margin, end_margin_decision
from tiers.margins import margin_of, pricing_standing
from tiers.models import MarginDecision
from tiers.value_forms import MarginForm
from tiers.views.common import AboutPartner


def margin_url(partner: Partner) -> str:
    return f"{partner.get_absolute_url()}tier/margin/"


class PartnerMargin(RecordPage):
    """The margin of a partner with its explanation, and the decisions about it."""

    permission = P.TIER_VIEW
    queryset = Partner.objects
    template_name = "tiers/workspace/margin.html"

    def facts(self, record: Partner) -> dict[str, Any]:
        today = day(self.at)
        margin = margin_of(record, today)
        decisions = MarginDecision.objects.filter(partner=record).select_related("decided_by")[:50]
        may = self.actor.may(P.TIER_INVEST)
        return {
            "title": _("Margin"),
            "subtitle": record.name,
            "crumbs": [
                {"label": record.name, "url": record.get_absolute_url()},
                {"label": _("Tier"), "url": f"{record.get_absolute_url()}tier/"},
                {"label": _("Margin")},
            ],
            "margin": {"words": margin.words, "why": margin.why} if margin else NO_MARGIN,
            "decisions": [_line(decision, today, may) for decision in decisions],
            "actions": [
                {
                    "label": _("Decide a margin"),
                    "url": f"{margin_url(record)}decide/",
                    "icon": "gavel",
                    "primary": True,
                }
            ]
            if may
            else [],
        }


NO_MARGIN = {
    "words": gettext_lazy("none"),
    "why": gettext_lazy(
        "It is in no tier that gives a margin, its category gives none, and none was decided."
    ),
}


def _line(decision: MarginDecision, today: Any, may_end: bool) -> dict[str, Any]:
    is_open = decision.starts_on <= today and (decision.ends_on is None or decision.ends_on > today)
    until = say_day(decision.ends_on) if decision.ends_on else _("until another is decided")
    where = _("outside the band") if decision.is_outside else _("within %(band)s") % {"band": decision.band}
    return {
        "text": _("For one deal") if decision.deal_id else _("For the partner"),
        "note": f"{decision.reason} ({where})",
        "when": say_day(decision.starts_on),
        "until": until,
        "value": f"{decision.percent.normalize():f}%",
        "is_open": is_open,
        "by": decision.decided_by.name if decision.decided_by else "",
        "end_url": f"/manage/margin-decisions/{decision.pk}/end/" if is_open and may_end else "",
    }


class DecideMargin(AboutPartner, MovePage):
    """Record which margin a partner gets from today on."""

    permission = P.TIER_INVEST
    queryset = Partner.objects
    form_class = MarginForm
    title = gettext_lazy("Decide a margin")
    submit_label = gettext_lazy("Record the decision")
    done_message = gettext_lazy("The margin was decided.")

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Any:
        return decide_margin(by=self.actor, partner=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return margin_url(self.record)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"effects": effects(self.record, day(self.at)), **more})


def effects(partner: Partner, on: Any, products: tuple[str, ...] = ()) -> list[str]:
    """What a decision does, and for which margin nobody else is needed."""
    standing = pricing_standing(partner, on, products)
    band = wording.stated(standing.tier.margin) if standing and standing.tier.margin else ""
    within = (
        _("%(tier)s gives %(band)s; within it you decide alone.") % {"tier": standing.tier.name, "band": band}
        if standing and band
        else _("The partner is in no tier that gives a margin.")
    )
    return [
        within,
        _("Outside the band, or without a tier, whoever decides on tiers decides."),
        _("It replaces the decision before it, and the partner sees the new margin."),
    ]


class EndMarginDecision(AboutPartner, MovePage):
    """The tier's own margin holds again."""

    permission = P.TIER_INVEST
    queryset = MarginDecision.objects.select_related("partner")
    form_class = ConfirmForm
    title = gettext_lazy("End the decision")
    submit_label = gettext_lazy("End it today")
    done_message = gettext_lazy("The decision has ended.")

    def perform_on(self, record: MarginDecision, data: dict[str, Any]) -> Any:
        return end_margin_decision(by=self.actor, decision=record, at=self.at)

    def done_url(self, result: Any) -> str:
        return margin_url(self.record.partner)
