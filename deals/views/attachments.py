"""Adding files to a registration, by the same page on both sides."""

from typing import Any

from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from deals import actions, forms
from deals.models import Deal
from deals.views.shared import OfDeal


class AttachFiles(OfDeal):
    """An offer, minutes, a letter of the customer."""

    permission = P.DEAL_EDIT
    form_class = forms.AttachForm
    title = gettext_lazy("Attach files")
    submit_label = gettext_lazy("Attach")
    done_message = gettext_lazy("Attached.")

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.attach_documents(by=self.actor, deal=record, at=self.at, **data)
