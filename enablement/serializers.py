"""Tracks, certifications and learning plans as the API reads and writes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from catalog.querysets import setting
from core import clock
from core.api import StrictSerializer, VisibleRelated
from core.csv_lists import ADDED, KNOWN, MOST_CHARACTERS, REFUSED
from enablement.models import Certification, LearningPlan, Track
from partners.models import Contact, Partner


class TrackSerializer(serializers.ModelSerializer):
    class Meta:
        model = Track
        fields = [
            "id",
            "code",
            "name",
            "audience",
            "is_basic",
            "validity_months",
            "is_active",
            "created_at",
            "changed_at",
        ]


class PersonSerializer(serializers.ModelSerializer):
    """Who holds a certification."""

    class Meta:
        model = Contact
        fields = ["id", "name", "email", "left_on"]


class PortalCertificationSerializer(serializers.ModelSerializer):
    """A certification as the partner of its holder sees it."""

    contact = PersonSerializer()
    partner = serializers.UUIDField(source="contact.partner_id")
    track = serializers.CharField(source="track.code")
    state = serializers.SerializerMethodField()

    class Meta:
        model = Certification
        fields = [
            "id", "contact", "partner", "track", "state", "passed_on", "expires_on", "score", "evidence",
            "revoked_on", "revocation_reason", "created_at", "changed_at",
        ]  # fmt: skip

    def get_state(self, certification: Certification) -> str:
        """valid, expiring, expired, revoked or left, on today's date."""
        found: dict[str, Any] = self.context.setdefault("state_of", {})
        if not found:
            found.update(on=clock.today(), expiring_days=setting("certification.expiring_days"))
        return certification.state(**found)


class CertificationSerializer(PortalCertificationSerializer):
    """A certification as the vendor sees it."""

    class Meta(PortalCertificationSerializer.Meta):
        fields = [
            *PortalCertificationSerializer.Meta.fields, "source", "recorded_by", "revocation_comment",
        ]  # fmt: skip


class RecordCertificationSerializer(StrictSerializer):
    contact = VisibleRelated(queryset=Contact.objects.all())
    track = serializers.SlugRelatedField(slug_field="code", queryset=Track.objects.all())
    passed_on = serializers.DateField()
    expires_on = serializers.DateField(
        required=False, allow_null=True, help_text=_("Left out: the track's months after it was passed.")
    )
    score = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=100)
    evidence = serializers.CharField(required=False, allow_blank=True, max_length=300)


class RevokeSerializer(StrictSerializer):
    reason = serializers.SlugField(max_length=40, help_text=_("A reason code of certification_revocation."))
    comment = serializers.CharField(required=False, allow_blank=True, max_length=500)


class ImportSerializer(StrictSerializer):
    rows = serializers.CharField(
        max_length=MOST_CHARACTERS,
        trim_whitespace=False,
        help_text=_(
            "CSV text with the columns email, track, passed_on, and partner, expires_on, score, evidence."
        ),
    )
    dry_run = serializers.BooleanField(default=False)
    all_or_nothing = serializers.BooleanField(default=False)


class OutcomeSerializer(serializers.Serializer):
    line = serializers.IntegerField()
    email = serializers.CharField()
    track = serializers.CharField()
    result = serializers.ChoiceField(choices=[ADDED, KNOWN, REFUSED])
    reason = serializers.CharField()


class ReportSerializer(serializers.Serializer):
    """What became of each line."""

    saved = serializers.BooleanField()
    added = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()
    rows = OutcomeSerializer(many=True)


class LearningPlanSerializer(serializers.ModelSerializer):
    is_in_force = serializers.SerializerMethodField()

    class Meta:
        model = LearningPlan
        fields = [
            "id", "partner", "signed_by", "signed_on", "expires_on", "is_in_force", "evidence", "created_at",
            "changed_at",
        ]  # fmt: skip

    def get_is_in_force(self, plan: LearningPlan) -> bool:
        return plan.signed_on <= clock.today() < plan.expires_on


class SignLearningPlanSerializer(StrictSerializer):
    partner = VisibleRelated(queryset=Partner.objects.all())
    signed_by = VisibleRelated(queryset=Contact.objects.all())
    signed_on = serializers.DateField(required=False, help_text=_("Left out: today."))
    evidence = serializers.CharField(required=False, allow_blank=True, max_length=300)
