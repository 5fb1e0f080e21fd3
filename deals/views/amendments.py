"""Amendments: asked for with what is to change, accepted or refused."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.forms import ConfirmForm
from core.pages import MovePage
from core.templatetags.ui import day as say_day
from deals import actions, amending, forms, presentation, rules
from deals.actions.protections import later_by_tender
from deals.models import Amendment, Deal
from deals.views import shared

FULL = Amendment.objects.select_related(
    "deal__partner", "deal__organization", "requested_by"
).prefetch_related("deal__products")


class OfAmendment(MovePage):
    """A move of one request."""

    queryset = FULL

    def locked(self, record: Amendment) -> Amendment:
        return actions.lock_amendment(record)


class RequestAmendment(shared.OfDeal):
    """Ask that what was approved is changed."""

    permission = P.DEAL_EDIT
    form_class = forms.AmendmentForm
    title = gettext_lazy("Change what was approved")
    submit_label = gettext_lazy("Ask for the change")
    done_message = gettext_lazy("Asked. Until the answer everything stays as it was approved.")

    def initial(self) -> dict[str, Any]:
        deal = self.record
        plain = {name: getattr(deal, name) for name in rules.AMENDABLE if name not in ("products", "amount")}
        return {**plain, "amount": deal.amount, "products": [product.pk for product in deal.products.all()]}

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        later = ["contact", "competitor", "help_wanted", "procurement_route", "procurement_reference",
                 "tender_deadline_on"]  # fmt: skip
        return [
            {"fields": ["products"]},
            {"fields": ["amount", "expected_close_on"], "pair": True},
            {"legend": _("Contact, competitor, tender, help wanted"), "fields": later, "optional": True},
            {"fields": ["reason"]},
        ]

    def effects(self) -> list[str]:
        return [
            _("A product that you add must be free; it is protected to the same last day."),
            _("A product that you take away is free at once."),
            _(
                "The last day changes only where a tender's new deadline gives a later one; else ask for more time."
            ),
        ]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Amendment:
        return actions.request_amendment(by=self.actor, deal=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return super().done_url(self.record)


class DecideAmendment(OfAmendment):
    """Answer a request: the old beside the new."""

    permission = P.DEAL_DECIDE
    template_name = "deals/workspace/decide_amendment.html"
    form_class = forms.AmendmentAnswerForm
    title = gettext_lazy("Change what was approved?")
    submit_label = gettext_lazy("Send the answer")
    done_message = gettext_lazy("Answered. The partner is told.")

    def context(self, **more: Any) -> dict[str, Any]:
        amendment, deal = self.record, self.record.deal
        crumbs = [
            {"label": _("Deals"), "url": "/manage/deals/"},
            {"label": deal.number, "url": deal.get_absolute_url()},
        ]
        facts = {
            "subtitle": str(deal),
            "crumbs": crumbs,
            "line": presentation.amendment_line(amendment),
            "effects": self.effects(amendment),
            "about": {"title": deal.number, "pairs": presentation.pairs(deal)},
        }
        return super().context(**{**facts, **more})

    def effects(self, amendment: Amendment) -> list[str]:
        shown = [
            (
                amending.added(amendment.changes),
                _("Added, if free: %(products)s, protected to the same last day."),
            ),
            (amending.removed(amendment.changes), _("Released at once: %(products)s.")),
        ]
        found = [
            words % {"products": ", ".join(p.name for p in products)} for products, words in shown if products
        ]
        if until := later_by_tender(amendment.deal, amendment.changes):
            words = _("The tender's deadline has moved: protected until %(day)s then.")
            found.append(words % {"day": say_day(until)})
        return [*found, _("Conflicts are looked for again.")]

    def perform_on(self, record: Amendment, data: dict[str, Any]) -> Amendment:
        facts: dict[str, Any] = {
            "by": self.actor, "amendment": record, "at": self.at, "comment": data["comment"],
        }  # fmt: skip
        if data["answer"] == forms.AmendmentAnswerForm.REFUSE:
            return actions.refuse_amendment(**facts, reason=data["reason"])
        return actions.accept_amendment(**facts, conflicts_seen=data["conflicts_seen"])


class WithdrawAmendment(OfAmendment):
    """Take a request back."""

    permission = P.DEAL_EDIT
    form_class = ConfirmForm
    title = gettext_lazy("Take this change back")
    submit_label = gettext_lazy("Take it back")
    done_message = gettext_lazy("The change is taken back.")

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [_("Everything stays as it was approved.")]
        return super().context(
            **{"subtitle": str(self.record.deal), "effects": effects, "danger": True, **more}
        )

    def perform_on(self, record: Amendment, data: dict[str, Any]) -> Amendment:
        return actions.withdraw_amendment(by=self.actor, amendment=record, at=self.at)
