"""Reviews and commitments as the API reads and writes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from core.api import StrictSerializer, VisibleRelated
from partners.models import Contact, Partner
from reviews import rules
from reviews.models import Attendee, Commitment, Review


class AttendeeSerializer(serializers.ModelSerializer):
    side = serializers.ChoiceField(choices=rules.SIDES, read_only=True)
    name = serializers.CharField(read_only=True)

    class Meta:
        model = Attendee
        fields = ["side", "user", "contact", "name"]


class SignaturesSerializer(serializers.Serializer):
    """When each side signed; null where it has not."""

    vendor = serializers.DateTimeField(source="vendor_signed_at")
    partner = serializers.DateTimeField(source="partner_signed_at")


class ReviewSerializer(serializers.ModelSerializer):
    attendees = AttendeeSerializer(many=True)
    signatures = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField(help_text=_("The moves that the state leaves open."))

    class Meta:
        model = Review
        fields = [
            "id", "partner", "quarter", "state", "starts_at", "time_zone", "on", "length_minutes", "agenda",
            "attendees", "minutes", "held_on", "sign_by", "signatures", "cancel_reason", "is_proposed", "moves",
            "created_at", "changed_at",
        ]  # fmt: skip

    @extend_schema_field(SignaturesSerializer)
    def get_signatures(self, review: Review) -> dict[str, Any]:
        return dict(SignaturesSerializer(review).data)

    def get_moves(self, review: Review) -> list[str]:
        return rules.LIFECYCLE.open_moves(review.state)


class StartSerializer(StrictSerializer):
    starts_at = serializers.DateTimeField(help_text=_("With its offset: 2026-12-15T10:00:00-05:00."))


class MoveSerializer(StartSerializer):
    time_zone = serializers.CharField(
        max_length=64, required=False, help_text=_("IANA name; on its clock the review has its day.")
    )
    length_minutes = serializers.IntegerField(min_value=15, max_value=480, required=False)


class ScheduleSerializer(MoveSerializer):
    partner = VisibleRelated(queryset=Partner.objects.all())
    quarter = serializers.RegexField(r"^20\d\d[Q][1-4]$", help_text="2026Q4")
    agenda = serializers.ListField(child=serializers.CharField(max_length=200), max_length=30, required=False)


class AgendaSerializer(StrictSerializer):
    agenda = serializers.ListField(child=serializers.CharField(max_length=200), max_length=30)


class AttendeesSerializer(StrictSerializer):
    users = VisibleRelated(queryset=User.objects.all(), many=True)
    contacts = VisibleRelated(queryset=Contact.objects.all(), many=True)


class MinutesSerializer(StrictSerializer):
    minutes = serializers.CharField(max_length=20_000)


class HoldSerializer(MinutesSerializer):
    held_on = serializers.DateField(required=False)


class CancelSerializer(StrictSerializer):
    reason = serializers.SlugField(max_length=40, help_text=_("A code of the domain review_cancellation."))


class CommitmentSerializer(serializers.ModelSerializer):
    partner = serializers.UUIDField(source="review.partner_id", read_only=True)
    moves = serializers.SerializerMethodField(help_text=_("The moves that the state leaves open."))

    class Meta:
        model = Commitment
        fields = [
            "id", "review", "partner", "side", "text", "measure", "due_on", "state", "closed_at", "outcome", "moves",
            "created_at", "changed_at",
        ]  # fmt: skip

    def get_moves(self, commitment: Commitment) -> list[str]:
        return rules.COMMITMENT_LIFECYCLE.open_moves(commitment.state)


class AddCommitmentSerializer(StrictSerializer):
    review = VisibleRelated(queryset=Review.objects.all())
    side = serializers.ChoiceField(choices=rules.SIDES)
    text = serializers.CharField(max_length=200)
    measure = serializers.CharField(max_length=120, required=False, allow_blank=True)
    due_on = serializers.DateField()


class OutcomeSerializer(StrictSerializer):
    outcome = serializers.CharField(max_length=200, required=False, allow_blank=True)


class DropSerializer(StrictSerializer):
    outcome = serializers.CharField(max_length=200)
