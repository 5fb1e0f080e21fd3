"""Transfers: asked for by the holder, proposed and carried out by the vendor, agreed to by both partners."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from core.forms import ConfirmForm
from core.pages import MovePage, RecordPage
from deals import actions, forms, presentation, rules
from deals.models import Consent, Deal, Transfer
from deals.views import shared

FULL = Transfer.objects.select_related(
    "deal__partner", "deal__type", "deal__organization", "receiver", "taken_over_by", "requested_by"
).prefetch_related("deal__products")


# Begun at the registration --------------------------------------------------------------------------------------


class RequestTransfer(shared.OfDeal):
    """The holder asks that another partner takes it over."""

    side = "portal"
    permission = P.DEAL_EDIT
    form_class = forms.RequestTransferForm
    title = gettext_lazy("Hand this registration on")
    submit_label = gettext_lazy("Ask for the transfer")
    done_message = gettext_lazy("Asked. Nothing passes over without your consent.")

    def effects(self) -> list[str]:
        return [
            _("We look whether it can be done, and propose the partner to you by name."),
            _("Your company's admin agrees or not; only then is the other partner asked."),
            _("The customer stays protected throughout; the days that are left pass over."),
        ]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Transfer:
        return actions.request_transfer(by=self.actor, deal=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return super().done_url(self.record)


class ProposeTransfer(shared.OfDeal):
    """The vendor names the receiver."""

    permission = P.DEAL_DECIDE
    form_class = forms.ProposeTransferForm
    title = gettext_lazy("Propose a transfer")
    submit_label = gettext_lazy("Ask the holder")
    done_message = gettext_lazy("The holder is asked for its consent.")

    def form(self, **options: Any) -> Any:
        return self.form_class(actor=self.actor, initial=self.initial(), deal=self.record, **options)  # type: ignore[call-arg]

    def initial(self) -> dict[str, Any]:
        asked = self.record.transfers.filter(state=rules.REQUESTED).first()
        return {"reason": asked.reason} if asked else {}

    def effects(self) -> list[str]:
        asked = self.record.transfers.filter(state=rules.REQUESTED).first()
        wish = [_("The holder would hand it to: %(wish)s.") % {"wish": asked.wish}] if asked else []
        return [
            *wish,
            _("The holder is asked first, and reads the other partner's name."),
            _("Once it agrees the receiver is asked, and reads the customer, the products and the last day."),
            _("You carry it out once both have agreed."),
        ]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Transfer:
        return actions.propose_transfer(by=self.actor, deal=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return str(
            result.get_absolute_url() if isinstance(result, Transfer) else self.record.get_absolute_url()
        )


# The vendor's side ----------------------------------------------------------------------------------------------


class TransferRecord(RecordPage):
    """One transfer: who, what passes over, what each partner has said."""

    permission = P.DEAL_VIEW
    queryset = FULL
    template_name = "deals/workspace/transfer.html"

    def facts(self, record: Transfer) -> dict[str, Any]:
        deal = record.deal
        return {
            "title": deal.customer_name,
            "crumbs": [
                {"label": _("Deals"), "url": "/manage/deals/"},
                {"label": deal.number, "url": deal.get_absolute_url()},
                {"label": _("Transfer")},
            ],
            "state": record.state,
            "facts_line": [
                {"label": deal.partner.name, "url": deal.partner.get_absolute_url()},
                *presentation.facts_line(deal),
            ],
            "actions": self.moves(record),
            "pairs": presentation.transfer_pairs(record),
            "consents": record.consents.select_related("partner", "answered_by").order_by("side"),
            "timeline": timeline.about(record, *record.consents.all(), actor=self.actor),
        }

    def moves(self, transfer: Transfer) -> list[dict[str, Any]]:
        base, deal = transfer.get_absolute_url(), transfer.deal.get_absolute_url()
        may = self.actor.may(P.DEAL_DECIDE)
        found = [
            (
                may and transfer.state == rules.REQUESTED,
                _("Propose a partner"),
                f"{deal}propose-transfer/",
                "send",
            ),
            (may and "carry_out" in transfer.open_moves, _("Carry it out"), f"{base}carry-out/", "checks"),
            (may and "cancel" in transfer.open_moves, _("Give it up"), f"{base}cancel/", "circle-minus"),
            (True, _("See the registration"), deal, "briefcase"),
        ]
        shown = [{"label": label, "url": url, "icon": icon} for is_open, label, url, icon in found if is_open]
        return [{**move, "primary": n == 0 and len(shown) > 1} for n, move in enumerate(shown)]


class OfTransfer(MovePage):
    """A move of one transfer."""

    permission = P.DEAL_DECIDE
    queryset = FULL
    form_class = ConfirmForm
    danger = False

    def locked(self, record: Transfer) -> Transfer:
        return actions.lock_transfer(record)

    def effects(self) -> list[str]:
        return []

    def context(self, **more: Any) -> dict[str, Any]:
        transfer, deal = self.record, self.record.deal
        crumbs = [
            {"label": _("Deals"), "url": "/manage/deals/"},
            {"label": deal.number, "url": deal.get_absolute_url()},
            {"label": _("Transfer"), "url": transfer.get_absolute_url()},
        ]
        about = {"title": deal.number, "pairs": presentation.transfer_pairs(transfer)}
        facts = {"crumbs": crumbs, "about": about, "effects": self.effects(), "danger": self.danger}
        return super().context(**{"subtitle": str(deal), **facts, **more})


class CarryOutTransfer(OfTransfer):
    """Both have agreed: it passes over now."""

    title = gettext_lazy("Carry this transfer out")
    submit_label = gettext_lazy("Carry it out")
    done_message = gettext_lazy("The registration has passed over.")

    def effects(self) -> list[str]:
        receiver = self.record.receiver.name if self.record.receiver else ""
        return [
            _("%(partner)s is protected at once, to the same last day.") % {"partner": receiver},
            _("The present registration is closed; open requests about it are closed too."),
            _("Contact, competitor and what the holder did stay with the holder."),
            _("Both partners are told."),
        ]

    def perform_on(self, record: Transfer, data: dict[str, Any]) -> Transfer:
        return actions.carry_out_transfer(by=self.actor, transfer=record, at=self.at)


class CancelTransfer(OfTransfer):
    """Nothing comes of it."""

    danger = True
    title = gettext_lazy("Give this transfer up")
    submit_label = gettext_lazy("Give it up")
    done_message = gettext_lazy("The transfer is given up; whoever was asked is told.")

    def effects(self) -> list[str]:
        return [_("The registration stays as it is, with its holder.")]

    def perform_on(self, record: Transfer, data: dict[str, Any]) -> Transfer:
        return actions.cancel_transfer(by=self.actor, transfer=record, at=self.at)


# The partners' side ---------------------------------------------------------------------------------------------


class TakeTransferBack(CancelTransfer):
    """The holder no longer wants what it asked for."""

    side = "portal"
    permission = P.DEAL_EDIT
    title = gettext_lazy("Take this request back")
    submit_label = gettext_lazy("Take it back")
    done_message = gettext_lazy("The request is taken back.")

    def context(self, **more: Any) -> dict[str, Any]:
        deal = self.record.deal
        crumbs = [
            {"label": _("Deals"), "url": "/portal/deals/"},
            {"label": deal.number, "url": deal.portal_url},
        ]
        return super().context(**{"crumbs": crumbs, "about": None, **more})

    def done_url(self, result: Any) -> str:
        return str(self.record.deal.portal_url)


class AnswerTransfer(MovePage):
    """Agree to a transfer, or not; a consent can be taken back until it is carried out."""

    side = "portal"
    permission = P.TRANSFER_ANSWER
    queryset = Consent.objects.select_related(
        "transfer__deal__partner", "transfer__deal__type", "transfer__receiver", "partner"
    )
    template_name = "deals/portal/transfer.html"
    form_class = forms.ConsentForm
    title = gettext_lazy("A transfer")
    submit_label = gettext_lazy("Send the answer")
    done_message = gettext_lazy("Thank you. Your answer is noted.")

    def locked(self, record: Consent) -> Consent:
        return actions.lock_consent(record)

    def initial(self) -> dict[str, Any]:
        return {"answer": forms.ConsentForm.DECLINE} if self.record.state == rules.GIVEN else {}

    def context(self, **more: Any) -> dict[str, Any]:
        consent = self.record
        facts = {
            "title": presentation.transfer_title(consent),
            "crumbs": [{"label": _("Deals"), "url": "/portal/deals/"}, {"label": _("Transfer")}],
            "about": {"title": _("What passes over"), "pairs": presentation.consent_pairs(consent)},
            "said": consent.transfer.comment,
            "effects": self.effects() if consent.open_moves else [],
            "is_open": bool(consent.open_moves),
        }
        return super().context(**{**facts, **more})

    def effects(self) -> list[str]:
        if self.record.state == rules.GIVEN:
            return [_("You have agreed. Until it is carried out you can take that back.")]
        if self.record.is_receiver:
            return [
                _("If you agree, the customer is protected for you for the days that are left."),
                _("You get the holder's value and expected close with it, and keep them up to date."),
            ]
        return [
            _(
                "If you agree, the other partner is asked, and reads the customer, the products and the last day."
            ),
            _("Value, expected close and tender pass over; your contact, competitor and notes stay yours."),
            _("Until it is carried out nothing changes, and you can take your consent back."),
        ]

    def perform_on(self, record: Consent, data: dict[str, Any]) -> Consent:
        answer = actions.give_consent if data["answer"] == forms.ConsentForm.GIVE else actions.decline_consent
        return answer(by=self.actor, consent=record, comment=data["comment"], at=self.at)

    def done_url(self, result: Any) -> str:
        return str(self.record.portal_url)

    def get_cancel_url(self) -> str:
        return "/portal/deals/"
