"""The workspace of direct sales: opportunities, the approved list, blocked accounts, and who serves whom."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from catalog.querysets import setting
from core.clock import day
from core.forms import ConfirmForm
from core.list_page import ListPage
from core.models import Vendor
from core.pages import FormPage, Link, MovePage, RecordPage
from core.tables import Column
from core.templatetags.ui import day as say_day
from core.templatetags.ui import money
from deals import actions, direct, filters, forms
from deals.actions.direct import ACCOUNTS, BLOCKS, OPPORTUNITIES, SHAPES
from deals.models import BlockedAccount, DirectAccount, DirectOpportunity, SegmentPolicy

BASE = "/manage/direct/"
MODE_WORDS = {
    direct.DIRECT_ONLY: gettext_lazy("Direct sales alone"),
    direct.PARTNER_LED: gettext_lazy("Partners first"),
    direct.SHARED: gettext_lazy("Both"),
}
CUSTOMER = Column(
    "customer",
    gettext_lazy("Customer"),
    lambda row: {"name": row.organization.name, "tag": str(row.organization.country or "")},
    cell="name",
    sort="organization__name",
    export=lambda row: row.organization.name,
)
COUNTRY = Column("country", gettext_lazy("Country"), "organization.country.name", optional=True)
WHY = Column("reason", gettext_lazy("Why"), "reason")
SINCE = Column("since", gettext_lazy("Since"), "since", cell="date", align="right", sort="since")
ENDED = Column("ended_on", gettext_lazy("Ended"), "ended_on", cell="date", align="right", optional=True)


class DirectList(ListPage):
    """A list of direct sales, with its neighbours beside it."""

    permission = P.DIRECT_VIEW
    kind: ClassVar[str] = ""
    add_label: ClassVar[Any] = ""

    def actions(self) -> list[Link]:
        around = [Link(label, f"{BASE}{where}/") for where, label in NEIGHBOURS.items() if where != self.kind]
        if not self.actor.may(P.DIRECT_EDIT):
            return around
        return [
            *around,
            Link(_("Import"), f"{BASE}{self.kind}/import/", icon="upload"),
            Link(str(self.add_label), f"{BASE}{self.kind}/new/", primary=True),
        ]


NEIGHBOURS = {
    OPPORTUNITIES: gettext_lazy("Opportunities"),
    ACCOUNTS: gettext_lazy("Direct accounts"),
    BLOCKS: gettext_lazy("Blocked accounts"),
    "policies": gettext_lazy("Who serves whom"),
}


class OpportunityList(DirectList):
    """What direct sales follow up themselves: a registration on the same customer is compared with it."""

    name = "direct-opportunities"
    kind = OPPORTUNITIES
    title = gettext_lazy("Direct opportunities")
    add_label = gettext_lazy("Record an opportunity")
    queryset = DirectOpportunity.objects.select_related("organization")
    filterset_class = filters.DirectOpportunityFilters
    default_sort = "-first_activity_on"
    columns: ClassVar[list[Column]] = [
        Column("number", gettext_lazy("Number"), sort="number"),
        CUSTOMER,
        Column("title", gettext_lazy("About")),
        Column("owner", gettext_lazy("Owner")),
        Column("state", gettext_lazy("State"), "state", cell="state"),
        Column("value", gettext_lazy("Value"), "amount", cell="money", align="right", optional=True),
        Column("first_activity_on", gettext_lazy("First activity"), cell="date", align="right",
               sort="first_activity_on"),
        Column("last_activity_on", gettext_lazy("Last activity"), cell="date", align="right", optional=True),
    ]  # fmt: skip
    empty: ClassVar[dict[str, Any]] = {
        "icon": "briefcase",
        "title": gettext_lazy("No opportunities of direct sales yet"),
        "text": gettext_lazy("What is recorded here is compared with every registration of a partner."),
        "action": {"label": gettext_lazy("Record an opportunity"), "url": f"{BASE}opportunities/new/"},
        "other": {"label": gettext_lazy("Import a list"), "url": f"{BASE}opportunities/import/"},
    }

    def row_url(self, row: DirectOpportunity) -> str:
        return row.get_absolute_url()


class AccountList(DirectList):
    """The approved list: direct sales serve these. It is confirmed as a whole, and says when it was."""

    name = "direct-accounts"
    kind = ACCOUNTS
    title = gettext_lazy("Approved direct accounts")
    add_label = gettext_lazy("Approve an account")
    queryset = DirectAccount.objects.select_related("organization")
    filterset_class = filters.DirectAccountFilters
    default_sort = "-since"
    columns: ClassVar[list[Column]] = [
        CUSTOMER, COUNTRY, WHY, SINCE,
        Column("refreshed_on", gettext_lazy("Confirmed"), cell="date", align="right", sort="refreshed_on"),
        Column("age", gettext_lazy("Still true?"), lambda row: _("Old: confirm it") if row.is_old else ""),
        ENDED,
    ]  # fmt: skip
    empty: ClassVar[dict[str, Any]] = {
        "icon": "list-check",
        "title": gettext_lazy("The list is empty"),
        "text": gettext_lazy("An account on it belongs to direct sales; a partner's registration meets it."),
        "action": {"label": gettext_lazy("Approve an account"), "url": f"{BASE}accounts/new/"},
        "other": {"label": gettext_lazy("Import a list"), "url": f"{BASE}accounts/import/"},
    }

    def complete(self, rows: list[DirectAccount]) -> None:
        days, today = setting("deal.direct_list_days"), day(self.at)
        for row in rows:
            row.is_old = row.ended_on is None and direct.is_old(row.refreshed_on, today, days)

    def actions(self) -> list[Link]:
        found = super().actions()
        if self.actor.may(P.DIRECT_EDIT):
            found.insert(-1, Link(_("Confirm the list"), f"{BASE}accounts/refresh/", icon="refresh"))
        return found

    def row_url(self, row: DirectAccount) -> str:
        return f"{BASE}accounts/{row.pk}/end/" if not row.ended_on and self.actor.may(P.DIRECT_EDIT) else ""


class BlockedList(DirectList):
    """Accounts that nobody may register."""

    name = "blocked-accounts"
    kind = BLOCKS
    title = gettext_lazy("Blocked accounts")
    add_label = gettext_lazy("Block an account")
    queryset = BlockedAccount.objects.select_related("organization")
    filterset_class = filters.BlockedAccountFilters
    default_sort = "-since"
    columns: ClassVar[list[Column]] = [CUSTOMER, COUNTRY, WHY, SINCE, ENDED]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "ban",
        "title": gettext_lazy("No account is blocked"),
        "text": gettext_lazy("A registration of a blocked account is a hard conflict."),
        "action": {"label": gettext_lazy("Block an account"), "url": f"{BASE}blocked/new/"},
        "other": {"label": gettext_lazy("Import a list"), "url": f"{BASE}blocked/import/"},
    }

    def row_url(self, row: BlockedAccount) -> str:
        return f"{BASE}blocked/{row.pk}/end/" if not row.ended_on and self.actor.may(P.DIRECT_EDIT) else ""


class PolicyList(ListPage):
    """Who serves which customers where, as the program says it."""

    name = "segment-policies"
    permission = P.DIRECT_VIEW
    title = gettext_lazy("Who serves whom")
    subtitle = gettext_lazy("The first line that fits a customer decides. The lines are the program's.")
    queryset = SegmentPolicy.objects.active()
    default_sort = "position"
    columns: ClassVar[list[Column]] = [
        Column("name", gettext_lazy("Customers"), sort="position"),
        Column("mode", gettext_lazy("Served by"), lambda row: MODE_WORDS[row.mode]),
        Column("definition", gettext_lazy("Rule")),
    ]

    def actions(self) -> list[Link]:
        return [Link(label, f"{BASE}{where}/") for where, label in NEIGHBOURS.items() if where != "policies"]

    def row_url(self, row: SegmentPolicy) -> str:
        return ""


class PortalPolicyList(PolicyList):
    """The same as partners read it, beside the rules of engagement."""

    side = "portal"
    name = "portal-segment-policies"
    permission = P.DEAL_VIEW

    def actions(self) -> list[Link]:
        return [Link(_("Rules of engagement"), "/portal/rules/", "scale")]


class OpportunityRecord(RecordPage):
    """One opportunity of direct sales."""

    permission = P.DIRECT_VIEW
    queryset = DirectOpportunity.objects.select_related("organization").prefetch_related("products")

    def facts(self, record: DirectOpportunity) -> dict[str, Any]:
        may = self.actor.may(P.DIRECT_EDIT)
        change = {"label": _("Change"), "icon": "pencil", "url": f"{record.get_absolute_url()}change/"}
        return {
            "title": record.title,
            "state": record.state,
            "facts_line": [
                record.number,
                {"label": record.organization.name, "url": record.organization.get_absolute_url()},
            ],
            "crumbs": [
                {"label": _("Direct opportunities"), "url": f"{BASE}opportunities/"}, {"label": record.number},
            ],
            "actions": [change] if may else [],
            "pairs": _pairs(record),
            "timeline": timeline.about(record, actor=self.actor),
        }  # fmt: skip


def _pairs(record: DirectOpportunity) -> list[dict[str, Any]]:
    products = ", ".join(product.name for product in record.products.all()) or _("All products")
    days = {
        _("First activity"): record.first_activity_on,
        _("Last activity"): record.last_activity_on,
        _("Expected close"): record.expected_close_on,
    }
    facts = {
        _("Products"): products,
        _("Owner"): record.owner,
        _("Stage"): record.stage,
        _("Value"): money(record.amount) if record.amount else "",
        **{label: say_day(on) for label, on in days.items() if on},
        _("Reference"): record.external_ref,
    }
    return [{"label": label, "value": value} for label, value in facts.items() if value]


class RecordOpportunity(FormPage):
    """Record business of direct sales."""

    permission = P.DIRECT_EDIT
    form_class = forms.RecordOpportunityForm
    title = gettext_lazy("Record an opportunity")
    subtitle = gettext_lazy(
        "Open registrations on this customer are compared anew. Nothing is decided by it."
    )
    submit_label = gettext_lazy("Record")
    cancel_url = f"{BASE}opportunities/"

    def initial(self) -> dict[str, Any]:
        return {"amount": [Vendor.current().currency, ""]}

    def perform(self, data: dict[str, Any]) -> DirectOpportunity:
        facts = {**data, "products": list(data["products"])}
        made = actions.record_opportunity(by=self.actor, at=self.at, **facts)
        said = _("Recorded for %(customer)s. Open registrations were compared with it.")
        self.done_message = said % {"customer": forms.described(made.organization)}
        return made

    def done_url(self, result: DirectOpportunity) -> str:
        return result.get_absolute_url()


class ChangeOpportunity(MovePage):
    """Change what is known of it."""

    permission = P.DIRECT_EDIT
    queryset: ClassVar[Any] = DirectOpportunity.objects.select_related("organization")
    form_class = forms.ChangeOpportunityForm
    title = gettext_lazy("Change the opportunity")
    done_message = gettext_lazy("Saved.")

    def initial(self) -> dict[str, Any]:
        names = [name for name in self.form_class.base_fields if name != "products"]
        stored = {name: getattr(self.record, name) for name in names}
        amount = self.record.amount or [self.record.currency, ""]
        return {**stored, "amount": amount, "products": self.record.products.all()}

    def perform_on(self, record: DirectOpportunity, data: dict[str, Any]) -> DirectOpportunity:
        facts = {**data, "products": list(data["products"])}
        return actions.change_opportunity(by=self.actor, opportunity=record, at=self.at, **facts)


class ApproveAccount(FormPage):
    """Put an account on the approved list."""

    permission = P.DIRECT_EDIT
    form_class = forms.AccountForm
    title = gettext_lazy("Approve a direct account")
    subtitle = gettext_lazy(
        "Open registrations on this customer are compared anew. Nothing is decided by it."
    )
    submit_label = gettext_lazy("Approve")
    cancel_url = f"{BASE}accounts/"
    said: ClassVar[Any] = gettext_lazy("%(customer)s is on the list.")

    def perform(self, data: dict[str, Any]) -> Any:
        made = self.record_it(data)
        self.done_message = self.said % {"customer": forms.described(made.organization)}
        return made

    def record_it(self, data: dict[str, Any]) -> Any:
        return actions.approve_direct_account(by=self.actor, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return self.cancel_url


class BlockAccount(ApproveAccount):
    """Close an account to all registrations."""

    title = gettext_lazy("Block an account")
    submit_label = gettext_lazy("Block")
    cancel_url = f"{BASE}blocked/"
    said = gettext_lazy("%(customer)s is blocked.")

    def record_it(self, data: dict[str, Any]) -> Any:
        return actions.block_account(by=self.actor, at=self.at, **data)


class RefreshAccounts(FormPage):
    """Confirm the whole list as of today."""

    permission = P.DIRECT_EDIT
    form_class = ConfirmForm
    title = gettext_lazy("Confirm the list of direct accounts")
    subtitle = gettext_lazy("You say that every account on it belongs there today.")
    submit_label = gettext_lazy("Confirm the list")
    cancel_url = f"{BASE}accounts/"
    done_message = gettext_lazy("The list is confirmed as of today.")

    def perform(self, data: dict[str, Any]) -> int:
        return actions.refresh_direct_accounts(by=self.actor, at=self.at)

    def done_url(self, result: Any) -> str:
        return self.cancel_url


class EndAccount(MovePage):
    """Take an account off the list."""

    permission = P.DIRECT_EDIT
    queryset: ClassVar[Any] = DirectAccount.objects.select_related("organization")
    form_class = ConfirmForm
    title = gettext_lazy("Take the account off the list")
    submit_label = gettext_lazy("Take it off")
    done_message = gettext_lazy("Off the list.")
    where: ClassVar[str] = f"{BASE}accounts/"

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"subtitle": f"{self.record}: {self.record.reason}", "effects": [], **more})

    def perform_on(self, record: Any, data: dict[str, Any]) -> Any:
        return actions.end_direct_account(by=self.actor, account=record, at=self.at)

    def done_url(self, result: Any) -> str:
        return self.where

    def get_cancel_url(self) -> str:
        return self.where


class UnblockAccount(EndAccount):
    """Open an account again."""

    queryset = BlockedAccount.objects.select_related("organization")
    title = gettext_lazy("Open the account again")
    submit_label = gettext_lazy("Open it")
    done_message = gettext_lazy("It may be registered again.")
    where = f"{BASE}blocked/"

    def perform_on(self, record: Any, data: dict[str, Any]) -> Any:
        return actions.unblock_account(by=self.actor, account=record, at=self.at)


class ImportList(FormPage):
    """Read in a list: first a check that writes nothing, then the same for good. Sent twice, it changes nothing."""

    permission = P.DIRECT_EDIT
    template_name = "deals/workspace/import_direct.html"
    form_class = forms.DirectListForm
    title = gettext_lazy("Import a list")
    submit_label = gettext_lazy("Check the list")
    kind: ClassVar[str] = ""

    def get_cancel_url(self) -> str:
        return f"{BASE}{self.kind}/"

    def context(self, **more: Any) -> dict[str, Any]:
        needed, optional = SHAPES[self.kind].needed, SHAPES[self.kind].optional
        columns = {"needed": ", ".join(needed), "optional": ", ".join(optional)}
        said = _(
            "First line: %(needed)s; also %(optional)s. A customer that we know is found by name and place."
        )
        return super().context(**{"subtitle": said % columns, "report": None, **more})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        form = self.form(data=request.POST, files=request.FILES)
        if not form.is_valid():
            return self.shown(form, status=400)
        rows, dry_run = form.cleaned_data["rows"], "confirm" not in request.POST
        try:
            report = actions.import_direct_list(
                by=self.actor, kind=self.kind, text=rows, at=self.at, dry_run=dry_run
            )
        except ValidationError as error:
            form.add_action_error(error)
            return self.shown(form, status=400)
        return self.shown(form, report=report, rows=rows)
