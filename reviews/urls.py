"""Addresses of reviews and commitments."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from reviews import api as endpoints
from reviews.views import portal as of_portal
from reviews.views import workspace as of_workspace

router = SimpleRouter()
router.register("reviews", endpoints.ReviewViewSet, "reviews")
router.register("commitments", endpoints.CommitmentViewSet, "commitments")


def shared(pages: Any) -> list[Any]:
    """What both sides have, each by its own pages."""
    return [
        path("reviews/", pages.ReviewList.as_view(), name="reviews"),
        path("reviews/<uuid:pk>/", pages.ReviewRecord.as_view(), name="review"),
        path("reviews/<uuid:pk>/calendar.ics", pages.CalendarFile.as_view(), name="review-calendar-file"),
        path("reviews/<uuid:pk>/sign/", pages.SignReview.as_view(), name="sign-review"),
        path("reviews/<uuid:pk>/documents/new/", pages.AddDocument.as_view(), name="add-review-document"),
        path("reviews/<uuid:pk>/commitments/new/", pages.AddCommitment.as_view(), name="add-commitment"),
        path(
            "commitments/<uuid:pk>/complete/", pages.CompleteCommitment.as_view(), name="complete-commitment"
        ),
        path("commitments/<uuid:pk>/drop/", pages.DropCommitment.as_view(), name="drop-commitment"),
        path("commitments/<uuid:pk>/reopen/", pages.ReopenCommitment.as_view(), name="reopen-commitment"),
    ]


workspace: list[Any] = [
    path("reviews/month/", of_workspace.ReviewMonth.as_view(), name="review-month"),
    path("reviews/new/", of_workspace.ScheduleReview.as_view(), name="schedule-review"),
    path("reviews/<uuid:pk>/move/", of_workspace.MoveReview.as_view(), name="move-review"),
    path("reviews/<uuid:pk>/reopen/", of_workspace.ReopenReview.as_view(), name="reopen-review"),
    path("reviews/<uuid:pk>/agenda/", of_workspace.ChangeAgenda.as_view(), name="change-agenda"),
    path("reviews/<uuid:pk>/attendees/", of_workspace.ChooseAttendees.as_view(), name="choose-attendees"),
    path("reviews/<uuid:pk>/hold/", of_workspace.HoldReview.as_view(), name="hold-review"),
    path("reviews/<uuid:pk>/minutes/", of_workspace.ChangeMinutes.as_view(), name="change-minutes"),
    path("reviews/<uuid:pk>/cancel/", of_workspace.CancelReview.as_view(), name="cancel-review"),
    *shared(of_workspace),
]
portal: list[Any] = shared(of_portal)
public: list[Any] = []
api: list[Any] = router.urls
