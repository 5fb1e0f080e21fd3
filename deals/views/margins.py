"""Deciding the margin of one deal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.clock import day
from deals import actions
from deals.margins import margin_of_deal, told
from deals.models import Deal
from deals.views import shared
from tiers.value_forms import MarginForm


class DecideDealMargin(shared.OfDeal):
    """Record which margin the partner gets on this deal."""

    permission = P.TIER_INVEST
    form_class = MarginForm
    title = gettext_lazy("Decide the margin of this deal")
    submit_label = gettext_lazy("Record the decision")
    done_message = gettext_lazy("The margin of this deal was decided.")

    def effects(self) -> list[str]:
        now = told(margin_of_deal(self.record, day(self.at)))
        return [
            _("Today: %(words)s. %(why)s") % now,
            _("Within the band of its tier you decide alone; outside of it, whoever decides on tiers."),
            _("It holds for this deal alone, and the partner sees it."),
        ]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Any:
        return actions.decide_deal_margin(by=self.actor, deal=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return self.record.get_absolute_url()
