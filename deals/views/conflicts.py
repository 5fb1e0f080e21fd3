"""Looking for conflicts again, from the decision."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.forms import ConfirmForm
from deals import actions, rules
from deals.models import Deal
from deals.views import shared


class CheckAgain(shared.OfDeal):
    """Compare with what is claimed now; the decision shows what this finds."""

    permission = P.DEAL_DECIDE
    form_class = ConfirmForm
    title = gettext_lazy("Check for conflicts again")
    submit_label = gettext_lazy("Check again")
    done_message = gettext_lazy("Checked. This is what others claim now.")

    def effects(self) -> list[str]:
        return [_("The earlier check stays in the record. The partner is not told.")]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.recheck_conflicts(by=self.actor, deal=record, at=self.at)

    def done_url(self, result: Any) -> str:
        waits = self.record.state in rules.AWAITING_DECISION
        return str(self.record.decide_url if waits else self.record.get_absolute_url())

    def get_cancel_url(self) -> str:
        return self.done_url(None)
