"""What the pages of both sides share: the list's columns, and the moves that a partner makes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.forms import ConfirmForm
from core.pages import MovePage
from core.tables import Column
from leads import actions, forms, presentation, rules
from leads.models import Lead

FULL = Lead.objects.select_related(
    "partner",
    "partner__psm",
    "market",
    "specialty",
    "organization",
    "deal",
    "accepted_by",
    "owner",
    "referrer",
    "pool",
).prefetch_related("products")

NUMBER = Column("number", gettext_lazy("Number"), sort="number")
WHAT_FOR = Column("what_for", gettext_lazy("What for"), presentation.what_for)
VALUE = Column(
    "value", gettext_lazy("Value"), "amount", cell="money", align="right", export=lambda lead: lead.amount
)
STATE = Column("state", gettext_lazy("Status"), "state", cell="state")
DUE = Column(
    "due", gettext_lazy("Due"), lambda lead: lead.due_cell, cell="due", align="right", sort="due_at",
    export=lambda lead: lead.due_at,
)  # fmt: skip


class OfLead(MovePage):
    """A move of one lead."""

    queryset = FULL
    danger: ClassVar[bool] = False

    def effects(self) -> list[str]:
        return []

    @property
    def base(self) -> str:
        return "/portal/leads/" if self.side == "portal" else "/manage/leads/"

    def crumbs(self) -> list[dict[str, str]]:
        return [
            {"label": _("Leads"), "url": self.base},
            {"label": self.record.number, "url": f"{self.base}{self.record.pk}/"},
        ]

    def about(self) -> dict[str, Any]:
        lead = self.record
        pairs = presentation.teaser_pairs(lead)
        if presentation.reads_all(lead, self.actor):
            pairs = [*presentation.customer_pairs(lead), *pairs]
        return {"title": lead.number, "pairs": pairs}

    def subtitle_words(self) -> str:
        lead = self.record
        return (
            f"{lead.number} {lead.customer_name}" if presentation.reads_all(lead, self.actor) else lead.number
        )

    def context(self, **more: Any) -> dict[str, Any]:
        facts = {
            "subtitle": self.subtitle_words(),
            "crumbs": self.crumbs(),
            "effects": self.effects(),
            "danger": self.danger,
            "about": self.about(),
        }
        return super().context(**{**facts, **more})


class OfLeadGone(OfLead):
    """A move after which the partner no longer has the lead."""

    def done_url(self, result: Lead) -> str:
        return self.base if self.side == "portal" else super().done_url(result)

    def get_cancel_url(self) -> str:
        return f"{self.base}{self.record.pk}/"


class AcceptLead(OfLead):
    """Take a lead that is offered, or one from the pool."""

    permission = P.LEAD_WORK
    form_class = ConfirmForm
    title = gettext_lazy("Accept this lead")
    submit_label = gettext_lazy("Accept")
    done_message = gettext_lazy("It is yours. Here is who it is.")

    def get_queryset(self) -> Any:
        """Whoever comes second sees that it is taken, rather than nothing."""
        return self.queryset.all().takeable_by(self.actor)

    def effects(self) -> list[str]:
        return [
            _("You read who it is and whom to call."),
            _("The time for the first contact begins."),
        ]

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        return actions.accept_lead(by=self.actor, lead=record, at=self.at)


class DeclineLead(OfLeadGone):
    """Say no to an offer."""

    permission = P.LEAD_WORK
    form_class = forms.DeclineForm
    title = gettext_lazy("Decline this lead")
    submit_label = gettext_lazy("Decline")
    done_message = gettext_lazy("Declined. It goes to another partner; you are not asked about it again.")

    def effects(self) -> list[str]:
        return [_("It goes to another partner at once; this lead does not come back.")]

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        return actions.decline_lead(by=self.actor, lead=record, at=self.at, **data)


class NoteContact(OfLead):
    """The first contact is made."""

    permission = P.LEAD_WORK
    form_class = forms.ContactForm
    title = gettext_lazy("Note the first contact")
    submit_label = gettext_lazy("Note the contact")
    done_message = gettext_lazy("Noted. Nobody takes this lead from you now.")

    def effects(self) -> list[str]:
        return [_("The clock stops; the lead stays with you.")]

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        return actions.note_contact(by=self.actor, lead=record, at=self.at, **data)


class ReturnLead(OfLeadGone):
    """Give an accepted lead back."""

    permission = P.LEAD_WORK
    form_class = forms.ReturnForm
    title = gettext_lazy("Give this lead back")
    submit_label = gettext_lazy("Give it back")
    done_message = gettext_lazy("It is given back and goes to another partner.")

    def effects(self) -> list[str]:
        return [_("It goes to another partner at once; this lead does not come back.")]

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        return actions.return_lead(by=self.actor, lead=record, at=self.at, **data)


class LoseLead(OfLead):
    """It comes to nothing."""

    permission = P.LEAD_WORK
    form_class = forms.LoseForm
    danger = True
    title = gettext_lazy("This lead comes to nothing")
    submit_label = gettext_lazy("Close it as lost")
    done_message = gettext_lazy("Noted. The lead is closed.")

    def effects(self) -> list[str]:
        return [_("Nobody follows it up any more. To let another partner try, give it back instead.")]

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        return actions.lose_lead(by=self.actor, lead=record, at=self.at, **data)


class ConvertLead(OfLead):
    """Register its deal: the form is filled in with what the lead knows."""

    permission = P.LEAD_WORK
    form_class = forms.ConvertForm
    title = gettext_lazy("Register the deal")
    submit_label = gettext_lazy("Register deal")
    done_message = gettext_lazy("Registered. You can follow the answer here.")

    def initial(self) -> dict[str, Any]:
        """What the lead knows. Raises Conflict where it cannot be registered now: what is offered tells nothing."""
        rules.LIFECYCLE.after(self.record.state, "convert")
        known = actions.facts_for_registration(self.record)
        known["products"] = [product.pk for product in known.get("products", ())]
        return {**known, "amount": known.get("amount") or [self.record.currency, ""]}

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return [
            {"fields": ["customer_name"]},
            {"fields": ["customer_city", "customer_country"], "pair": True},
            {"fields": ["products"]},
            {"fields": ["amount", "expected_close_on"], "pair": True},
            {"fields": ["what_it_did", "no_patient_data"]},
        ]

    def effects(self) -> list[str]:
        return [
            _(
                "What the lead knows is filled in already. Once it is approved, the customer is protected for you."
            )
        ]

    def about(self) -> dict[str, Any]:
        contact = {"label": _("Contact"), "value": actions.contact_line(self.record)}
        return {"title": self.record.number, "pairs": [contact, *super().about()["pairs"]]}

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        facts = {**data, "products": list(data["products"])}
        return actions.convert_lead(by=self.actor, lead=record, at=self.at, **facts)

    def done_url(self, result: Lead) -> str:
        deal = getattr(result, "deal", None)
        if deal is None:
            return super().done_url(result)
        return deal.portal_url if self.side == "portal" else deal.get_absolute_url()  # type: ignore[no-any-return]


def moves_of_partner(lead: Lead, may_work: bool, base: str) -> list[dict[str, Any]]:
    """The moves that a partner may make now, the most likely first."""
    open_moves = lead.open_moves if may_work else []
    found = [
        ("accept" in open_moves, _("Accept"), "accept", "check", "post"),
        ("note_contact" in open_moves, _("Note the first contact"), "note-contact", "phone", "get"),
        ("convert" in open_moves, _("Register the deal"), "convert", "briefcase", "get"),
        ("decline" in open_moves, _("Decline"), "decline", "circle-x", "get"),
        ("hand_back" in open_moves, _("Give it back"), "return", "arrow-back-up", "get"),
        ("lose" in open_moves, _("It came to nothing"), "lose", "circle-minus", "get"),
    ]
    return [
        {"label": label, "url": f"{base}{path}/", "icon": icon, "method": method}
        for is_open, label, path, icon, method in found
        if is_open
    ]
