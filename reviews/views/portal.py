"""The partner's pages of its reviews: the list, one review, its own promises, and signing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.pages import Link
from core.tables import Column
from reviews import actions, forms, rules
from reviews.models import Commitment, Review
from reviews.views import workspace

CRUMB = {"label": _("Reviews"), "url": "/portal/reviews/"}


class ReviewList(workspace.ReviewList):
    """Our reviews, the latest first."""

    side = "portal"
    name = "portal-reviews"
    subtitle = _("Each quarter we look together at results, promises and plans.")
    columns = [
        Column(
            "quarter", _("Quarter"), "quarter_name", cell="name", sort="quarter", export=lambda r: r.quarter
        ),
        *(
            c
            for c in workspace.ReviewList.columns
            if c.key in ("starts", "length", "state", "held", "sign_by")
        ),
    ]
    views = [
        ("planned", _("Planned"), "state=scheduled"),
        ("held", _("To sign"), "state=held"),
        ("all", _("All"), ""),
    ]
    empty = {
        "icon": "calendar-event",
        "title": _("No reviews yet"),
        "text": _("Your manager invites you to the first one. From some tiers on there is one each quarter."),
    }

    def row_url(self, row: Review) -> str:
        return row.get_absolute_url().replace("/manage/", "/portal/", 1)

    def actions(self) -> list[Link]:
        return []


class ReviewRecord(workspace.ReviewRecord):
    """One of our reviews."""

    side = "portal"

    def base(self, record: Review) -> str:
        return super().base(record).replace("/manage/", "/portal/", 1)

    def crumbs(self, record: Review) -> list[dict[str, Any]]:
        return [CRUMB, {"label": record.quarter_name}]


class CalendarFile(workspace.CalendarFile):
    side = "portal"


class SignReview(workspace.SignReview):
    side = "portal"


class AddDocument(workspace.AddDocument):
    side = "portal"


class AddCommitment(workspace.AddCommitment):
    """What we promise."""

    side = "portal"
    form_class = forms.OwnCommitmentForm

    def initial(self) -> dict[str, Any]:
        return {}

    def perform_on(self, record: Review, data: dict[str, Any]) -> Commitment:
        return actions.add_commitment(by=self.actor, review=record, side=rules.PARTNER, at=self.at, **data)


class CompleteCommitment(workspace.CompleteCommitment):
    side = "portal"


class DropCommitment(workspace.DropCommitment):
    side = "portal"


class ReopenCommitment(workspace.ReopenCommitment):
    side = "portal"
