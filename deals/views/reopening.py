"""A won or lost deal goes on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.templatetags.ui import money
from deals import actions, forms, presentation, rules
from deals.models import Deal, Protection
from deals.views import shared


class ReopenDeal(shared.OfDeal):
    """Take a win or a loss back."""

    permission = P.DEAL_REOPEN
    form_class = forms.ReopenForm
    danger = True
    title = gettext_lazy("Reopen this deal")
    submit_label = gettext_lazy("Reopen")
    done_message = gettext_lazy("Reopened. The partner is told.")

    def effects(self) -> list[str]:
        deal = self.record
        left = actions.booked(deal)
        runs = Protection.objects.filter(deal=deal).running().order_by("-until").first()
        booked = [
            _("%(amount)s that was booked is taken back today and no longer counts.")
            % {"amount": money(amount)}
            for amount in left
        ]
        if runs and deal.state == rules.WON:
            kept = _("The protection runs on until %(day)s.") % {
                "day": presentation.say_day(runs.until, "long")
            }
        else:
            kept = _("The customer is protected again from today, unless somebody else is.")
        return [*booked, kept, _("The partner is told with the reason.")]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.reopen_deal(by=self.actor, deal=record, at=self.at, **data)
