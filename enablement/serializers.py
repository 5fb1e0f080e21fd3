"""Tracks, certifications and learning plans as the API reads and writes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from catalog.querysets import setting
from core import clock
from core.api import StrictSerializer, VisibleRelated
from core.csv_lists import ADDED, KNOWN, MOST_CHARACTERS, REFUSED
from enablement.models import Certificate, Certification, LearningPlan, Track
from partners.models import Contact, Partner


class TrackSerializer(serializers.ModelSerializer):
    class Meta:
        model = Track
        fields = [
            "id",
            "code",
            "name",
            "audience",
            "level",
            "is_basic",
            "validity_months",
            "recertification_days",
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
    level = serializers.CharField(source="track.level")
    state = serializers.SerializerMethodField()
    is_shown = serializers.SerializerMethodField()
    verify_url = serializers.SerializerMethodField()

    class Meta:
        model = Certification
        fields = [
            "id", "contact", "partner", "track", "level", "state", "passed_on", "expires_on", "counts_from",
            "counts_until", "score", "evidence", "is_shown", "verify_url", "revoked_on", "revocation_reason",
            "created_at", "changed_at",
        ]  # fmt: skip

    def get_is_shown(self, certification: Certification) -> bool:
        """Whether its person lets everybody see it who has the code."""
        return certification.certificate.shown_since is not None

    def get_verify_url(self, certification: Certification) -> str | None:
        """The public page with its code; null while its person does not show it."""
        certificate = certification.certificate
        return certificate.public_url if certificate.shown_since else None

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


class LossSerializer(serializers.Serializer):
    """A held tier that would go into its grace period."""

    on = serializers.DateField()
    tier = serializers.CharField()
    metric = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    needed = serializers.IntegerField()
    text = serializers.CharField()


class OutlookSerializer(serializers.Serializer):
    """What the end of a certification would do to the tier; null where nothing."""

    if_it_expires = LossSerializer(allow_null=True)


class CertificateSerializer(serializers.ModelSerializer):
    """One of your own certificates: its code, and whether you show it."""

    code = serializers.CharField(source="grouped_code")
    verify_url = serializers.CharField(source="public_url")
    is_shown = serializers.SerializerMethodField()
    track = serializers.CharField(source="latest.track.code")
    level = serializers.CharField(source="latest.track.level")
    passed_on = serializers.DateField(source="latest.passed_on")
    expires_on = serializers.DateField(source="latest.expires_on")
    state = serializers.SerializerMethodField()

    class Meta:
        model = Certificate
        fields = [
            "id", "code", "verify_url", "is_shown", "shown_since", "track", "level", "state", "passed_on",
            "expires_on", "created_at", "changed_at",
        ]  # fmt: skip

    def get_is_shown(self, certificate: Certificate) -> bool:
        return certificate.shown_since is not None

    def get_state(self, certificate: Certificate) -> str:
        """valid, expired or revoked, on today's date."""
        return certificate.state(clock.today())


class PrimarySerializer(serializers.Serializer):
    """The partner for which your certifications count."""

    partner = serializers.UUIDField(source="partner_id")
    is_primary = serializers.BooleanField()


class VerifySerializer(StrictSerializer):
    code = serializers.CharField(max_length=100)


class VerifiedSerializer(serializers.Serializer):
    """What the public page says."""

    state = serializers.ChoiceField(choices=["valid", "expired", "revoked"])
    name = serializers.CharField()
    track = serializers.CharField()
    level = serializers.CharField()
    passed_on = serializers.DateField()
    expires_on = serializers.DateField()
    revoked_on = serializers.DateField(allow_null=True)


class RecordCertificationSerializer(StrictSerializer):
    contact = VisibleRelated(queryset=Contact.objects.all())
    track = serializers.SlugRelatedField(slug_field="code", queryset=Track.objects.all())
    passed_on = serializers.DateField()
    expires_on = serializers.DateField(
        required=False, allow_null=True, help_text=_("Left out: by the rule of the track.")
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
