"""Saying who has a part in a deal."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.list_page import ListPage
from core.tables import Column
from deals import actions, credit, credited, filters, forms
from deals.models import Deal, DealCredit
from deals.views import shared


class SetCredit(shared.OfDeal):
    """Who sourced, influenced, implements and fulfils it."""

    permission = P.CREDIT_SET
    template_name = "deals/workspace/credit.html"
    form_class = forms.CreditForm
    title = gettext_lazy("Who has a part in this deal")
    submit_label = gettext_lazy("Save the credit")
    done_message = gettext_lazy("The credit is saved, and everyone concerned is looked at anew.")

    def prepare(self) -> None:
        """Whoever may not know all who have a part finds nothing to set."""
        super().prepare()
        held = actions.current_credit(self.record)
        if not all(credited.is_named(row.partner, self.actor) for row in held):
            raise Http404

    @property
    def held(self) -> list[Any]:
        return list(self.record.credits.current())

    def form(self, **options: Any) -> Any:
        held = [row.share for row in self.held]
        return self.form_class(actor=self.actor, initial=self.initial(), held=held, **options)  # type: ignore[call-arg]

    def initial(self) -> dict[str, Any]:
        return dict(credit.by_family(row.share for row in self.held))

    def effects(self) -> list[str]:
        rows = self.held
        if any(row.is_locked for row in rows):
            when = _("The deal is booked. What you say now holds from today on, for all of its bookings.")
            return [when, _("For the days before, what was said keeps counting; both stay on the record.")]
        return [
            _("In each role the shares add up to 100%; the first source is the primary one."),
            _("You can change it until the deal is booked; after that it is corrected, with its day."),
        ]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        shares = [share for family in credit.FAMILIES for share in data.pop(family) or ()]
        return actions.set_credit(by=self.actor, deal=record, credits=shares, at=self.at, **data)


class ShareList(ListPage):
    """A partner's parts in deals, its own and other partners': those by their number alone."""

    side = "portal"
    name = "portal-credits"
    permission = P.DEAL_VIEW
    title = gettext_lazy("Your parts in deals")
    queryset = DealCredit.objects.select_related("deal")
    filterset_class = filters.PortalDealCreditFilters
    default_sort = "-valid_from"
    columns: ClassVar[list[Column]] = [
        Column("deal", gettext_lazy("Deal"), lambda c: _deal_words(c), cell="name", export=lambda c: c.deal.number),
        Column("family", gettext_lazy("Role"), lambda c: credit.FAMILY_WORDS[c.family]),
        Column("weight", gettext_lazy("Your part, %"), "weight", cell="number", align="right"),
        Column("others", gettext_lazy("Others, %"), "others", cell="number", align="right"),
        Column("valid_from", gettext_lazy("From"), cell="date", align="right", sort="valid_from"),
        Column("superseded_on", gettext_lazy("Until"), lambda c: {"value": c.superseded_on, "empty": _("holds")},
               cell="date", align="right", export=lambda c: c.superseded_on),
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("current", gettext_lazy("Now"), "is_current=true"),
        ("all", gettext_lazy("With what was before"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "percentage",
        "title": gettext_lazy("No parts in deals yet"),
        "text": gettext_lazy(
            "Once you register a deal you have sourced it and fulfil it, unless we agree otherwise."
        ),
        "action": {"label": gettext_lazy("Register a deal"), "url": "/portal/deals/new/"},
    }

    def row_url(self, row: DealCredit) -> str:
        return row.deal.portal_url if row.deal.partner_id == row.partner_id else ""


def _deal_words(share: DealCredit) -> dict[str, Any]:
    is_own = share.deal.partner_id == share.partner_id
    return {
        "name": share.deal.customer_name if is_own else _("Another partner's deal"),
        "note": share.deal.number,
    }
