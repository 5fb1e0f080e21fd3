"""What partners ask of approved registrations, as lists for the workspace: more time, changes, transfers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.list_page import ListPage
from core.pages import Link
from core.tables import Column
from deals import amending, filters, presentation, rules
from deals.models import Amendment, Extension, Transfer
from deals.views import shared

TIME, CHANGES, TRANSFERS = "/manage/extensions/", "/manage/amendments/", "/manage/transfers/"
FIRST = f"{TIME}?state=requested"
KIND_WORDS = {rules.EXTENSION: gettext_lazy("Extension"), rules.RENEWAL: gettext_lazy("Renewal")}
ABOUT: list[Column] = [
    Column("number", gettext_lazy("Number"), "deal.number"),
    Column("customer", gettext_lazy("Customer"), lambda r: shared.customer_cell(r.deal), cell="name",
           export=lambda r: r.deal.customer_name),
    Column("partner", gettext_lazy("Partner"), "deal.partner.name", sort="deal__partner__name"),
]  # fmt: skip
ANSWER: list[Column] = [
    Column("state", gettext_lazy("Status"), cell="state"),
    Column("asked", gettext_lazy("Asked"), "created_at", cell="date", align="right", sort="created_at",
           export=lambda r: r.created_at),
    Column("due", gettext_lazy("Due or answered"), lambda r: r.due_cell, cell="due", align="right", sort="due_at",
           export=lambda r: r.due_at),
    Column("decided_by", gettext_lazy("Answered by"), "decided_by.name", optional=True),
    Column("decided_at", gettext_lazy("Answered"), cell="instant", optional=True),
]  # fmt: skip


class RequestList(ListPage):
    """Requests of one kind, the most urgent first; the other kinds are one step away."""

    permission = P.DEAL_VIEW
    default_sort = "due_at"
    awaited: ClassVar[tuple[str, ...]] = (rules.REQUESTED,)

    def view_count(self, key: str) -> int | None:
        if key != "waiting":
            return None
        waiting = self.get_queryset().filter(state__in=self.awaited)
        return int(waiting.order_by()[:10_001].count())

    def complete(self, rows: list[Any]) -> None:
        for row in rows:
            row.due_cell = self.due(row)

    def due(self, row: Any) -> dict[str, Any]:
        return presentation.request_due(row, row.state in self.awaited, self.at)

    def row_url(self, row: Any) -> str:
        may_answer = row.state in self.awaited and self.actor.may(P.DEAL_DECIDE)
        return str(row.decide_url if may_answer else row.get_absolute_url())

    def actions(self) -> list[Link]:
        kinds = [
            Link(_("More time"), FIRST, "hourglass-high"),
            Link(_("Changes"), f"{CHANGES}?state=requested", "pencil"),
            Link(_("Transfers"), f"{TRANSFERS}?state=requested&state=agreed", "arrow-right"),
        ]
        return [link for link in kinds if not link.url.startswith(self.request.path)]


class ExtensionList(RequestList):
    """Requests for more time: extensions of what runs, renewals of what has ended."""

    name = "extensions"
    title = gettext_lazy("Requests for more time")
    queryset = Extension.objects.select_related("deal__partner", "decided_by")
    filterset_class = filters.ExtensionFilters
    columns: ClassVar[list[Column]] = [
        *ABOUT,
        Column("kind", gettext_lazy("Kind"), lambda e: KIND_WORDS[e.kind]),
        Column("days", gettext_lazy("Days"), cell="number", align="right"),
        *ANSWER,
        Column("until", gettext_lazy("Protected until"), cell="date", align="right", optional=True),
    ]
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("waiting", gettext_lazy("Waiting"), "state=requested"),
        ("extensions", gettext_lazy("Extensions"), "kind=extension"),
        ("renewals", gettext_lazy("Renewals"), "kind=renewal"),
        ("answered", gettext_lazy("Answered"), "state=granted&state=refused"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "hourglass-high",
        "title": gettext_lazy("Nobody asks for more time"),
        "text": gettext_lazy("A partner asks from its registration's page in the portal."),
    }


class AmendmentList(RequestList):
    """Requests to change what was approved."""

    name = "amendments"
    title = gettext_lazy("Requests for a change")
    queryset = Amendment.objects.select_related("deal__partner", "decided_by")
    filterset_class = filters.AmendmentFilters
    columns: ClassVar[list[Column]] = [
        *ABOUT,
        Column("what", gettext_lazy("Changes"), lambda a: amending.listed(a.changes).capitalize()),
        *ANSWER,
    ]
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("waiting", gettext_lazy("Waiting"), "state=requested"),
        ("answered", gettext_lazy("Answered"), "state=accepted&state=refused"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "pencil",
        "title": gettext_lazy("Nobody asks for a change"),
        "text": gettext_lazy("A partner asks from its registration's page in the portal."),
    }


class TransferList(RequestList):
    """Transfers: what waits for us, what waits for the partners, and what became of the others."""

    name = "transfers"
    title = gettext_lazy("Transfers")
    queryset = Transfer.objects.select_related("deal__partner", "receiver", "decided_by")
    filterset_class = filters.TransferFilters
    awaited = (rules.REQUESTED, rules.AGREED)
    columns: ClassVar[list[Column]] = [
        *ABOUT,
        Column("receiver", gettext_lazy("To"), lambda t: t.receiver.name if t.receiver else _("Nobody yet")),
        *ANSWER,
    ]
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("waiting", gettext_lazy("Waiting for us"), "state=requested&state=agreed"),
        ("partners", gettext_lazy("Waiting for partners"), "state=proposed&state=offered"),
        ("done", gettext_lazy("Carried out"), "state=carried_out"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "arrow-right",
        "title": gettext_lazy("No transfers"),
        "text": gettext_lazy("A transfer begins at an approved registration, by its partner or by us."),
    }

    def due(self, row: Transfer) -> dict[str, Any]:
        if row.state in (rules.PROPOSED, rules.OFFERED):
            return {"value": _("With the partners")}
        return super().due(row)

    def row_url(self, row: Transfer) -> str:
        return row.get_absolute_url()
