"""What the pages of both sides share: the list's columns, and the moves that both may make."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.actors import Actor
from core.forms import ConfirmForm
from core.pages import FormPage, MovePage
from core.tables import Column
from deals import actions, forms, presentation, rules
from deals.models import Deal, Implementation

FULL = Deal.objects.select_related(
    "partner",
    "partner__psm",
    "partner__market",
    "stage",
    "type",
    "channel",
    "organization",
    "duplicate_of",
    "renews",
    "decided_by",
    "assigned_to",
    "engagement_rules",
).prefetch_related("products", "people")


def customer_cell(deal: Deal) -> dict[str, Any]:
    return {"name": deal.customer_name, "tag": str(deal.customer_country)}


NUMBER = Column("number", gettext_lazy("Number"), sort="number")
CUSTOMER = Column(
    "customer",
    gettext_lazy("Customer"),
    customer_cell,
    cell="name",
    sort="customer_name",
    export=lambda d: d.customer_name,
)
VALUE = Column(
    "value", gettext_lazy("Value"), "amount", cell="money", align="right", export=lambda d: d.amount
)
CURRENCY = Column("currency", gettext_lazy("Currency"), optional=True)
STATE = Column("state", gettext_lazy("Status"), "state", cell="state")
STAGE = Column("stage", gettext_lazy("Stage"), "stage.name", sort="stage__position")
CLOSE = Column(
    "close",
    gettext_lazy("Expected close"),
    "expected_close_on",
    cell="date",
    align="right",
    sort="expected_close_on",
    optional=True,
)
REFERENCE = Column("external_ref", gettext_lazy("Reference"), optional=True)


def natural_order(params: Any) -> str:
    """The most urgent first where something waits or runs out; else the newest first."""
    return "next_at" if {"status", "ends_within"} & set(params) else "-created_at"


def facts_of(data: dict[str, Any]) -> dict[str, Any]:
    """A clean form's facts as the actions take them; where nothing was said, what is known already stays."""
    kept = ("customer_name", "type", "help_wanted", "documents")
    given = {name: value for name, value in data.items() if value or name not in kept}
    return {name: list(value) if name == "products" else value for name, value in given.items()}


class OfDeal(MovePage):
    """A move of one registration."""

    queryset = FULL
    danger: ClassVar[bool] = False

    def locked(self, record: Any) -> Any:
        return actions.lock_claim(record)

    def effects(self) -> list[str]:
        return []

    def crumbs(self) -> list[dict[str, str]]:
        side = "portal" if self.side == "portal" else "manage"
        url = self.record.get_absolute_url().replace("/manage/", f"/{side}/", 1)
        return [{"label": _("Deals"), "url": f"/{side}/deals/"}, {"label": self.record.number, "url": url}]

    def context(self, **more: Any) -> dict[str, Any]:
        deal = self.record
        about = {"title": deal.number, "pairs": presentation.pairs(deal)}
        facts = {"crumbs": self.crumbs(), "effects": self.effects(), "danger": self.danger, "about": about}
        return super().context(**{"subtitle": f"{deal.number} {deal.customer_name}", **facts, **more})


class DiscardDraft(OfDeal):
    """Throw a draft away."""

    permission = P.DEAL_EDIT
    form_class = ConfirmForm
    danger = True
    title = gettext_lazy("Throw this draft away")
    submit_label = gettext_lazy("Throw away")
    done_message = gettext_lazy("The draft is gone.")

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.discard_draft(by=self.actor, deal=record, at=self.at)


class WithdrawDeal(OfDeal):
    """Take a registration back."""

    permission = P.DEAL_EDIT
    form_class = forms.WithdrawForm
    danger = True
    title = gettext_lazy("Withdraw this registration")
    submit_label = gettext_lazy("Withdraw")
    done_message = gettext_lazy("The registration is withdrawn.")

    def effects(self) -> list[str]:
        if self.record.state in rules.PROTECTED:
            return [_("The protection ends at once; others can register the customer.")]
        return [_("Nobody decides about it any more.")]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.withdraw_deal(by=self.actor, deal=record, at=self.at, **data)


class UpdateStage(OfDeal):
    """Say how far the deal is, and when it is expected to close."""

    permission = P.STAGE_MOVE
    form_class = forms.StageForm
    title = gettext_lazy("Update the stage")
    submit_label = gettext_lazy("Save the stage")
    done_message = gettext_lazy("The stage is saved.")

    def initial(self) -> dict[str, Any]:
        deal = self.record
        return {
            "stage": deal.stage_id,
            "expected_close_on": deal.expected_close_on if deal.state in rules.OPEN else None,
        }

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.update_stage(by=self.actor, deal=record, at=self.at, **data)


class ReportWin(OfDeal):
    """The customer signed."""

    permission = P.DEAL_EDIT
    form_class = forms.WinForm
    title = gettext_lazy("Report the win")
    submit_label = gettext_lazy("Report the win")
    done_message = gettext_lazy("Well done. The deal desk books it now.")

    def initial(self) -> dict[str, Any]:
        return {"won_on": self.record.day_of(self.at)}

    def effects(self) -> list[str]:
        return [
            _("The deal desk is asked to book it; it counts towards the tier from then on."),
            _("The protection runs on to its own date."),
        ]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.report_win(by=self.actor, deal=record, at=self.at, **data)


class ReportLoss(OfDeal):
    """The customer decided otherwise."""

    permission = P.DEAL_EDIT
    form_class = forms.LossForm
    title = gettext_lazy("Report the loss")
    submit_label = gettext_lazy("Report the loss")
    done_message = gettext_lazy("Noted. The protection has ended.")

    def effects(self) -> list[str]:
        return [_("The protection ends at once; others can register the customer.")]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.report_loss(by=self.actor, deal=record, at=self.at, **data)


class ReportGoLive(OfDeal):
    """A product is in use at the customer."""

    permission = P.IMPLEMENTATION_REPORT
    form_class = forms.GoLiveForm
    title = gettext_lazy("Report a go-live")
    submit_label = gettext_lazy("Report, and ask the customer")
    done_message = gettext_lazy("Reported. The customer's person gets a link to confirm it.")

    def form(self, **options: Any) -> Any:
        return self.form_class(actor=self.actor, initial=self.initial(), deal=self.record, **options)  # type: ignore[call-arg]

    def initial(self) -> dict[str, Any]:
        return {
            "went_live_on": self.record.day_of(self.at),
            "contact_name": self.record.contact.partition(",")[0],
        }

    def effects(self) -> list[str]:
        return [
            _("The person you name gets one mail with a link that works once."),
            _("It counts as an implementation once they confirm."),
        ]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Implementation:
        return actions.report_implementation(by=self.actor, deal=record, at=self.at, **data)


class OfGoLive(OfDeal):
    """A move of a go-live; the page is its deal's."""

    queryset = Implementation.objects.select_related("deal__partner", "product")
    form_class = ConfirmForm

    def locked(self, record: Any) -> Any:
        return MovePage.locked(self, record)

    def crumbs(self) -> list[dict[str, str]]:
        return []

    def context(self, **more: Any) -> dict[str, Any]:
        go_live = self.record
        pairs = [
            {"label": _("Customer"), "value": go_live.deal.customer_name},
            {"label": _("Product"), "value": go_live.product.name},
            {"label": _("In use since"), "value": presentation.say_day(go_live.went_live_on)},
            {"label": _("Named person"), "value": go_live.contact_name, "note": go_live.contact_email},
        ]
        facts = {
            "effects": self.effects(),
            "danger": self.danger,
            "about": {"title": _("Go-live"), "pairs": pairs},
        }
        return MovePage.context(self, **{"subtitle": str(go_live), **facts, **more})


class AskCustomerAgain(OfGoLive):
    """A new link for the customer's person."""

    permission = P.IMPLEMENTATION_REPORT
    title = gettext_lazy("Send a new link")
    submit_label = gettext_lazy("Send a new link")
    done_message = gettext_lazy("A new link is on its way; the old one no longer works.")

    def perform_on(self, record: Implementation, data: dict[str, Any]) -> Implementation:
        return actions.ask_customer_again(by=self.actor, implementation=record, at=self.at)


class WithdrawGoLive(OfGoLive):
    """Take a reported go-live back."""

    permission = P.IMPLEMENTATION_REPORT
    danger = True
    title = gettext_lazy("Take this go-live back")
    submit_label = gettext_lazy("Take it back")
    done_message = gettext_lazy("The go-live is taken back; the customer's link no longer works.")

    def perform_on(self, record: Implementation, data: dict[str, Any]) -> Implementation:
        return actions.withdraw_implementation(by=self.actor, implementation=record, at=self.at)


def said_in(deal: Deal) -> dict[str, Any]:
    """What a registration says, as the form shows it."""
    stored = {name: getattr(deal, name) for name in forms.DealForm.base_fields if hasattr(deal, name)}
    return {
        **stored,
        "customer_country": str(deal.customer_country),
        "products": [product.pk for product in deal.products.all()],
        "amount": deal.amount or [deal.currency, ""],
        "type": deal.type_id,
        "channel": deal.channel_id,
        "renews": deal.renews_id,
        "organization": deal.organization_id if deal.is_customer_known else None,
    }


def anew(deal: Deal, today: date) -> dict[str, Any]:
    """The same to register again. Its reference stays with it, a day that has passed and the declaration are new."""
    closes = deal.expected_close_on
    kept = closes if closes and closes >= today else None
    return {**said_in(deal), "external_ref": "", "expected_close_on": kept, "no_patient_data": False}


def registered_before(page: FormPage, **owner: Any) -> Deal | None:
    """The registration that `?again=` names, of those that the reader may see. Raises Http404 where it is none."""
    asked = page.request.GET.get("again")
    if not asked:
        return None
    found = FULL.visible_to(page.actor).filter(pk=key_of(asked), **owner).first()
    if found is None:
        raise Http404
    return found


def key_of(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def more_time(deal: Deal, may_edit: bool, at: datetime) -> list[tuple[bool, str, str, str]]:
    """The moves that ask for more time: whether each is open, its words, path and icon."""
    return [
        (may_edit and not actions.why_not_extended(deal, at), _("Ask for more time"), "request-extension",
         "hourglass-high"),
        (may_edit and not actions.why_not_renewed(deal, at), _("Ask for a renewal"), "request-renewal",
         "hourglass-high"),
    ]  # fmt: skip


def once_more(deal: Deal, actor: Actor, at: datetime) -> list[tuple[bool, str, str, str]]:
    """The move that registers the same anew: open where it came to nothing, and no renewal is open to it."""
    is_open = deal.partner.is_active and actor.may(P.DEAL_REGISTER) and actions.is_over_for_good(deal, at)
    side = "manage" if actor.is_vendor else "portal"
    return [(is_open, _("Register again"), f"/{side}/deals/new/?again={deal.pk}", "plus")]


def changes(deal: Deal, may_edit: bool, at: datetime) -> list[tuple[bool, str, str, str]]:
    """The moves that change what was approved: whether each is open, its words, path and icon."""
    is_open = may_edit and not actions.why_not_amended(deal, at)
    return [(is_open, _("Change what was approved"), "request-amendment", "pencil")]


def go_live_lines(deal: Deal, may: dict[str, bool], side: str) -> list[dict[str, Any]]:
    """The card of go-lives: one line each, with the moves that are open."""
    lines = []
    for found in deal.implementations.select_related("product"):
        links = []
        if "accept" in found.open_moves:
            base = f"/{side}/implementations/{found.pk}"
            links = [
                {"label": _("Attach acceptance"), "url": f"{base}/accept/", "may": may["accept"]},
                {"label": _("New link"), "url": f"{base}/ask-again/", "may": may["report"]},
                {"label": _("Take back"), "url": f"{base}/withdraw/", "may": may["report"]},
            ]
        lines.append({"go_live": found, "moves": [link for link in links if link["may"]]})
    return lines
