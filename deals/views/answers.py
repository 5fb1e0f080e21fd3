"""What submissions were told: for whoever looks out for a partner that guesses who is protected where."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from catalog.querysets import setting
from core.list_page import ListPage
from core.tables import Column
from deals import filters
from deals.models import Deal
from deals.views import shared


class AnswerList(ListPage):
    """Each complete submission, the newest first, and what it was told."""

    name = "answers"
    permission = P.DEAL_DECIDE
    title = gettext_lazy("Answers to submissions")
    queryset = Deal.objects.answered().select_related("partner")
    filterset_class = filters.DealFilters
    default_sort = "-submitted_at"
    columns: ClassVar[list[Column]] = [
        shared.NUMBER,
        Column("partner", gettext_lazy("Partner"), "partner.name", sort="partner__name"),
        shared.CUSTOMER,
        Column("submitted", gettext_lazy("Sent"), "submitted_at", cell="instant", sort="submitted_at"),
        Column("by", gettext_lazy("Sent by"), lambda d: d.sender or _("Not known")),
        Column("occupied_until", gettext_lazy("Told until"), cell="date", align="right",
               sort="occupied_until"),
        Column("kept_until", gettext_lazy("Told of a grace until"), cell="date", align="right", sort="kept_until"),
        Column("that_day", gettext_lazy("In a day"), "sent_within_a_day", cell="number", align="right"),
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("all", gettext_lazy("All"), ""),
        ("occupied", gettext_lazy("Told of a protection"), "occupied=true"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "shield",
        "title": gettext_lazy("Nothing was submitted yet"),
        "text": gettext_lazy("Each complete submission is told whether another partner is protected."),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().with_sender().with_sent_within(timedelta(days=1))

    def context(self, **more: Any) -> dict[str, Any]:
        words = _(
            "A partner may send %(most)s complete registrations a day; each is told what the check found."
        )
        return super().context(**{"subtitle": words % {"most": setting("deal.most_answers_a_day")}, **more})

    def row_url(self, row: Deal) -> str:
        return row.get_absolute_url()
