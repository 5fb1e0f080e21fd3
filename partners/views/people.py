"""The people at a partner, recorded by the vendor or by the partner's own admins."""

from typing import Any

from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.forms import ConfirmForm
from core.pages import Fetching, FormPage, MovePage
from partners import actions, forms
from partners.models import Contact, Partner

FACTS = ("name", "email", "title", "phone")


class AddPerson(Fetching, FormPage):
    """Record a person at a partner, with or without an account."""

    permission = P.PERSON_EDIT
    queryset = Partner.objects
    form_class = forms.PersonForm
    title = gettext_lazy("Add a person")
    subtitle = gettext_lazy(
        "Someone who can hold certifications. Access to the portal is another thing: see the team."
    )
    submit_label = gettext_lazy("Add")
    done_message = gettext_lazy("Added.")

    def prepare(self) -> None:
        self.partner = self.fetch()

    def perform(self, data: dict[str, Any]) -> Contact:
        return actions.add_contact(by=self.actor, partner=self.partner, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return people_url(self.side, self.partner.pk)

    def get_cancel_url(self) -> str:
        return people_url(self.side, self.partner.pk)


class AddColleague(AddPerson):
    """The same in the portal, for the partner that one acts for."""

    side = "portal"

    def prepare(self) -> None:
        self.partner = Partner.objects.visible_to(self.actor).get()


class OfPerson(MovePage):
    """A move of one person."""

    permission = P.PERSON_EDIT
    queryset = Contact.objects.current().select_related("partner")

    def done_url(self, result: Any) -> str:
        return people_url(self.side, self.record.partner_id)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"subtitle": self.record.name, **more})


class ChangePerson(OfPerson):
    """Change a person's facts."""

    form_class = forms.PersonForm
    title = gettext_lazy("Change a person")
    submit_label = gettext_lazy("Save")
    done_message = gettext_lazy("Saved.")

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in FACTS}

    def perform_on(self, record: Contact, data: dict[str, Any]) -> Contact:
        return actions.change_contact(by=self.actor, contact=record, at=self.at, **data)


class PersonLeft(OfPerson):
    """Note that a person left the partner."""

    form_class = ConfirmForm
    title = gettext_lazy("This person left")
    submit_label = gettext_lazy("Note that this person left")
    done_message = gettext_lazy("Noted.")

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            gettext_lazy("Certifications held here stop counting from today on."),
            gettext_lazy("The name stays in the history. An account is closed on the team page."),
        ]
        return super().context(**{"effects": effects, **more})

    def perform_on(self, record: Contact, data: dict[str, Any]) -> Contact:
        return actions.note_departure(by=self.actor, contact=record, at=self.at)


def people_url(side: str, partner_id: Any) -> str:
    return "/portal/people/" if side == "portal" else f"/manage/partners/{partner_id}/people/"
