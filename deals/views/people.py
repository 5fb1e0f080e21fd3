"""Naming colleagues on a deal, by the same page on both sides."""

from typing import Any

from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from deals import actions, forms
from deals.models import Deal
from deals.views.shared import OfDeal


class NamePeople(OfDeal):
    """Who works on this deal."""

    permission = P.DEAL_EDIT
    form_class = forms.PeopleForm
    title = gettext_lazy("Who works on this deal")
    submit_label = gettext_lazy("Save")
    done_message = gettext_lazy("Saved.")

    def form(self, **options: Any) -> Any:
        return self.form_class(actor=self.actor, initial=self.initial(), deal=self.record, **options)  # type: ignore[call-arg]

    def initial(self) -> dict[str, Any]:
        return {"people": [person.pk for person in self.record.people.all()]}

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.name_people(by=self.actor, deal=record, at=self.at, **data)
