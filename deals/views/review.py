"""The review queue, approving many at once, who looks at a registration, and notes for colleagues."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from catalog.querysets import region_of
from core.pages import Link, Page
from core.tables import Column
from deals import actions, forms, rules
from deals.models import Deal
from deals.views import shared
from deals.views.workspace import DealList, score_cell


def reviewer_cell(deal: Deal) -> dict[str, Any]:
    person = deal.assigned_to
    return {"value": person.name if person else "", "id": person.pk if person else None}


def state_cell(deal: Deal) -> dict[str, Any]:
    return {"state": "escalated" if deal.is_escalated else deal.state}


class ReviewQueue(DealList):
    """What waits for a decision, by the time at which it is due."""

    name = "deal-review"
    title = gettext_lazy("Review")
    subtitle = gettext_lazy("Registrations that wait for a decision, the most urgent first.")
    queryset = Deal.objects.awaiting_decision().for_list().select_related("assigned_to")
    columns: ClassVar[list[Column]] = [
        shared.NUMBER,
        shared.CUSTOMER,
        Column("partner", gettext_lazy("Partner"), "partner.name", sort="partner__name"),
        shared.VALUE,
        Column("conflict", gettext_lazy("Conflict"), score_cell, cell="number", align="right", sort="conflict_score",
               export=lambda d: d.conflict_score),
        Column("reviewer", gettext_lazy("Reviewer"), reviewer_cell, cell="person",
               export=lambda d: d.assigned_to.name if d.assigned_to else ""),
        Column("state", gettext_lazy("Status"), state_cell, cell="state", export=lambda d: d.state),
        Column("due", gettext_lazy("Due"), lambda d: d.due_cell, cell="due", align="right", sort="next_at",
               export=lambda d: d.next_at),
        Column("market", gettext_lazy("Market"), "partner.market.name", optional=True),
        Column("submitted", gettext_lazy("Submitted"), "submitted_at", cell="instant", sort="submitted_at",
               optional=True),
        shared.CURRENCY,
        shared.REFERENCE,
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("waiting", gettext_lazy("All waiting"), ""),
        ("mine", gettext_lazy("Mine"), "reviewer=mine"),
        ("region", gettext_lazy("My region"), "region=mine"),
        ("nobody", gettext_lazy("Nobody's yet"), "reviewer=nobody"),
        ("escalated", gettext_lazy("Escalated"), "status=escalated"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "circle-check",
        "title": gettext_lazy("Nothing waits for a decision"),
        "text": gettext_lazy(
            "What partners register appears here at once, with the time by which they expect an answer."
        ),
    }

    def sort(self) -> str:
        return "next_at" if not self.request.GET.get("sort") else super().sort()

    def view_count(self, key: str) -> int | None:
        seen, me = self.get_queryset(), self.actor.user_id
        counted = {
            "waiting": lambda: seen,
            "mine": lambda: seen.of_reviewer(me),
            "region": lambda: seen.in_markets(region_of(me)),
            "nobody": lambda: seen.filter(assigned_to=None),
            "escalated": seen.escalated,
        }[key]()
        return int(counted.order_by()[:10_001].count())

    def row(self, row: Deal, columns: list[Column]) -> dict[str, Any]:
        amount = row.amount
        summed = {"amount": str(amount.decimal), "currency": amount.currency} if amount else {}
        return {**super().row(row, columns), "name": row.number, **summed}

    def row_url(self, row: Deal) -> str:
        return row.decide_url if self.actor.may(P.DEAL_DECIDE) else row.get_absolute_url()

    def listing(self, *args: Any) -> dict[str, Any]:
        bulk = [{"label": _("Approve…"), "url": "/manage/deals/review/approve/"}]
        return {**super().listing(*args), "bulk_moves": bulk if self.actor.may(P.DEAL_DECIDE) else []}

    def actions(self) -> list[Link]:
        return [Link(_("Regions"), "/manage/regions/", "world")]


class ApproveDeals(Page):
    """Approving many: what will happen to each row, then what did."""

    permission = P.DEAL_DECIDE
    template_name = "deals/workspace/approve_many.html"
    title = gettext_lazy("Approve registrations")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        return self.shown([], is_done=False)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The chosen rows are previewed; with the versions that the preview showed they are approved."""
        self.permit()
        if seen := request.POST.getlist("seen"):
            outcomes = actions.approve_deals(by=self.actor, choices=self.as_seen(seen), at=self.at)
            return self.shown(outcomes, is_done=True)
        choices = [(deal, deal.version) for deal in self.chosen(request.POST.getlist("chosen"))]
        return self.shown(
            actions.preview_approvals(by=self.actor, choices=choices, at=self.at), is_done=False
        )

    def chosen(self, keys: list[str]) -> list[Deal]:
        """The rows that were chosen, among those that the actor sees, most urgent first."""
        known = [key for key in map(_uuid, keys[: actions.MOST_AT_ONCE]) if key]
        found = Deal.objects.visible_to(self.actor).filter(pk__in=known)
        return list(found.select_related("partner", "organization", "assigned_to").order_by("next_at", "pk"))

    def as_seen(self, seen: list[str]) -> list[tuple[Deal, str]]:
        versions = {key: version for key, _colon, version in (text.partition(":") for text in seen)}
        return [(deal, versions[str(deal.pk)]) for deal in self.chosen(list(versions))]

    def shown(self, outcomes: list[Any], is_done: bool) -> HttpResponse:
        approved = [one for one in outcomes if one.is_approved]
        crumbs = [
            {"label": _("Deals"), "url": "/manage/deals/"},
            {"label": _("Review"), "url": "/manage/deals/review/"},
        ]
        return self.answer(
            crumbs=[*crumbs, {"label": _("Approve")}], is_done=is_done, approved=approved,
            refused=[one for one in outcomes if not one.is_approved],
        )  # fmt: skip


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class OfReview(shared.OfDeal):
    """Something about the review of one registration; back to its decision afterwards."""

    permission = P.DEAL_DECIDE

    def done_url(self, result: Any) -> str:
        waits = self.record.state in rules.AWAITING_DECISION
        return str(self.record.decide_url if waits else self.record.get_absolute_url())


class AssignDeal(OfReview):
    """Give it to a colleague, or take it."""

    form_class = forms.AssignForm
    title = gettext_lazy("Who looks at this registration?")
    submit_label = gettext_lazy("Save")
    done_message = gettext_lazy("Saved.")

    def form(self, **options: Any) -> Any:
        return self.form_class(actor=self.actor, initial=self.initial(), deal=self.record, **options)  # type: ignore[call-arg]

    def initial(self) -> dict[str, Any]:
        return {"to": self.record.assigned_to_id or self.actor.user_id}

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.assign_deal(by=self.actor, deal=record, to=data["to"], at=self.at)


class NoteDeal(OfReview):
    """Write a note for colleagues."""

    form_class = forms.NoteForm
    title = gettext_lazy("A note for colleagues")
    submit_label = gettext_lazy("Keep the note")
    done_message = gettext_lazy("The note is kept.")

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Any:
        return actions.note_deal(by=self.actor, deal=record, text=data["text"], at=self.at)
