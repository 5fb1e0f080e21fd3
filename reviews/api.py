"""Reviews and commitments over the API."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from accounts.roles import Permission as P
from core.api import BaseViewSet, creates, require_known, verb
from reviews import actions, filters, serializers
from reviews.calendar_file import calendar_file
from reviews.models import Commitment, Review


class ReviewViewSet(BaseViewSet):
    """The review of one partner in one quarter."""

    queryset = Review.objects.select_related("partner").prefetch_related(
        "attendees__user", "attendees__contact"
    )
    serializer_class = serializers.ReviewSerializer
    filterset_class = filters.ReviewFilters
    view_permission = P.REVIEW_VIEW
    orderings = {"starts_at": "starts_at", "quarter": "quarter", "created_at": "created_at"}
    default_ordering = "-starts_at"

    @creates(serializers.ScheduleSerializer, permission=P.REVIEW_SCHEDULE)
    def create(self, data: dict[str, Any]) -> Review:
        """Put a partner's review of a quarter on the calendar."""
        return actions.schedule_review(by=self.actor, at=self.at, **data)

    @verb(serializers.MoveSerializer, permission=P.REVIEW_SCHEDULE, match=True)
    def move(self, review: Review, data: dict[str, Any]) -> Review:
        """Give it another time; unsent reminders are withdrawn and new ones made."""
        return actions.move_review(by=self.actor, review=review, at=self.at, **data)

    @verb(serializers.AgendaSerializer, permission=P.REVIEW_SCHEDULE, match=True, path="change-agenda")
    def change_agenda(self, review: Review, data: dict[str, Any]) -> Review:
        """Replace the points of the agenda."""
        return actions.change_agenda(by=self.actor, review=review, at=self.at, **data)

    @verb(serializers.AttendeesSerializer, permission=P.REVIEW_SCHEDULE, match=True, path="choose-attendees")
    def choose_attendees(self, review: Review, data: dict[str, Any]) -> Review:
        """Say who of both sides is asked."""
        return actions.choose_attendees(by=self.actor, review=review, at=self.at, **data)

    @verb(serializers.HoldSerializer, permission=P.REVIEW_HOLD, match=True)
    def hold(self, review: Review, data: dict[str, Any]) -> Review:
        """Note that it took place and how; both sides are asked to sign."""
        return actions.hold_review(by=self.actor, review=review, at=self.at, **data)

    @verb(serializers.MinutesSerializer, permission=P.REVIEW_HOLD, match=True, path="change-minutes")
    def change_minutes(self, review: Review, data: dict[str, Any]) -> Review:
        """Correct the minutes; signatures are taken back."""
        return actions.change_minutes(by=self.actor, review=review, at=self.at, **data)

    @verb(permission=P.REVIEW_SIGN, match=True, path="sign-off")
    def sign_off(self, review: Review, data: dict[str, Any]) -> Review:
        """Sign the minutes and commitments for your side; the second signature closes it."""
        return actions.sign_off(by=self.actor, review=review, at=self.at)

    @verb(serializers.CancelSerializer, permission=P.REVIEW_SCHEDULE, match=True)
    def cancel(self, review: Review, data: dict[str, Any]) -> Review:
        """Call it off, with a reason."""
        return actions.cancel_review(by=self.actor, review=review, reason_code=data["reason"], at=self.at)

    @verb(serializers.StartSerializer, permission=P.REVIEW_SCHEDULE, match=True)
    def reopen(self, review: Review, data: dict[str, Any]) -> Review:
        """Put a cancelled or missed one back on the calendar."""
        return actions.reopen_review(by=self.actor, review=review, at=self.at, **data)

    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.STR})
    @action(detail=True, url_path="calendar")
    def calendar(self, request: Request, pk: str) -> HttpResponse:
        """The review as an iCalendar file."""
        require_known(request.query_params, {"format"})
        review = self.get_object()
        self.permit(self.view_permission)
        url = request.build_absolute_uri(page_of(review, self.actor.is_vendor))
        return HttpResponse(
            calendar_file(review, at=self.at, url=url), content_type="text/calendar; charset=utf-8"
        )


def page_of(review: Review, is_vendor: bool) -> str:
    url = review.get_absolute_url()
    return url if is_vendor else url.replace("/manage/", "/portal/", 1)


class CommitmentViewSet(BaseViewSet):
    """What one side promised the other at a review."""

    queryset = Commitment.objects.select_related("review")
    serializer_class = serializers.CommitmentSerializer
    filterset_class = filters.CommitmentFilters
    view_permission = P.REVIEW_VIEW
    orderings = {"due_on": "due_on", "created_at": "created_at"}
    default_ordering = "due_on"

    @creates(serializers.AddCommitmentSerializer, permission=P.COMMITMENT_EDIT)
    def create(self, data: dict[str, Any]) -> Commitment:
        """Note a promise; at a partner, its own."""
        return actions.add_commitment(by=self.actor, at=self.at, **data)

    @verb(serializers.OutcomeSerializer, permission=P.COMMITMENT_EDIT)
    def complete(self, commitment: Commitment, data: dict[str, Any]) -> Commitment:
        """Note that it was kept."""
        return actions.complete_commitment(by=self.actor, commitment=commitment, at=self.at, **data)

    @verb(serializers.DropSerializer, permission=P.COMMITMENT_EDIT)
    def drop(self, commitment: Commitment, data: dict[str, Any]) -> Commitment:
        """Note that it no longer applies, and why."""
        return actions.drop_commitment(by=self.actor, commitment=commitment, at=self.at, **data)

    @verb(permission=P.COMMITMENT_EDIT)
    def reopen(self, commitment: Commitment, data: dict[str, Any]) -> Commitment:
        """Open it again."""
        return actions.reopen_commitment(by=self.actor, commitment=commitment, at=self.at)
