"""Proposals, overrides, waivers and appeals as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from core.api import StrictSerializer, VisibleRelated
from partners.models import Partner
from tiers.models import Override, Proposal, Requirement, Tier, TierAppeal, Waiver

TEXT = {"max_length": 1000, "required": False, "allow_blank": True, "default": ""}


class PortalProposalSerializer(serializers.ModelSerializer):
    """A change of a tier that waits for a decision, or was decided, as its partner reads it."""

    program = serializers.CharField(source="program.code", read_only=True)
    from_tier = serializers.CharField(source="from_tier.code", read_only=True, default=None)
    to_tier = serializers.CharField(source="to_tier.code", read_only=True, default=None)

    class Meta:
        model = Proposal
        fields = [
            "id", "partner", "program", "kind", "from_tier", "to_tier", "state", "evaluation", "proposed_on",
            "decided_at", "answer", "created_at", "changed_at",
        ]  # fmt: skip


class ProposalSerializer(PortalProposalSerializer):
    """The same as the vendor reads it."""

    decided_by = serializers.UUIDField(source="decided_by_id", read_only=True)
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta(PortalProposalSerializer.Meta):
        fields = [*PortalProposalSerializer.Meta.fields, "open_moves", "decided_by", "note"]


class GrantSerializer(StrictSerializer):
    answer = serializers.CharField(**TEXT)
    note = serializers.CharField(**TEXT)


class DeclineSerializer(StrictSerializer):
    """`until`: the day up to which a declined fall keeps the tier."""

    answer = serializers.CharField(max_length=1000)
    note = serializers.CharField(**TEXT)
    until = serializers.DateField(required=False, allow_null=True, default=None)


class PortalOverrideSerializer(serializers.ModelSerializer):
    """A tier that is held by decision until a day, as its partner reads it."""

    program = serializers.CharField(source="program.code", read_only=True)
    tier = serializers.CharField(source="tier.code", read_only=True)

    class Meta:
        model = Override
        fields = [
            "id", "partner", "program", "tier", "reason", "starts_on", "expires_on", "ended_on", "end_reason",
            "created_at", "changed_at",
        ]  # fmt: skip


class OverrideSerializer(PortalOverrideSerializer):
    approved_by = serializers.UUIDField(source="approved_by_id", read_only=True)

    class Meta(PortalOverrideSerializer.Meta):
        fields = [*PortalOverrideSerializer.Meta.fields, "approved_by"]


class OverrideTierSerializer(StrictSerializer):
    partner = VisibleRelated(queryset=Partner.objects.all())
    tier = VisibleRelated(queryset=Tier.objects.all())
    reason = serializers.CharField(max_length=500)
    expires_on = serializers.DateField()


class PortalWaiverSerializer(serializers.ModelSerializer):
    """A requirement that is not asked for until a day, as the partner reads it."""

    program = serializers.CharField(source="program.code", read_only=True)
    tier = serializers.CharField(source="tier_code", read_only=True)
    requirement = serializers.CharField(source="key", read_only=True)

    class Meta:
        model = Waiver
        fields = [
            "id", "partner", "program", "tier", "requirement", "reason", "starts_on", "expires_on", "ended_on",
            "created_at", "changed_at",
        ]  # fmt: skip


class WaiverSerializer(PortalWaiverSerializer):
    approved_by = serializers.UUIDField(source="approved_by_id", read_only=True)

    class Meta(PortalWaiverSerializer.Meta):
        fields = [*PortalWaiverSerializer.Meta.fields, "approved_by"]


class WaiveSerializer(StrictSerializer):
    """`requirement` is one of `tiers[].requirements[]` of a version in force, by its id."""

    partner = VisibleRelated(queryset=Partner.objects.all())
    requirement = VisibleRelated(queryset=Requirement.objects.all())
    reason = serializers.CharField(max_length=500)
    expires_on = serializers.DateField()


class PortalTierAppealSerializer(serializers.ModelSerializer):
    """An appeal as its partner reads it: the promise, and the answer."""

    program = serializers.CharField(source="program.code", read_only=True)
    tier = serializers.CharField(source="tier.code", read_only=True)
    decision = serializers.UUIDField(source="subject_id", read_only=True)
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = TierAppeal
        fields = [
            "id", "partner", "program", "tier", "against", "decision", "grounds", "state", "open_moves", "due_at",
            "decided_at", "answer", "upheld_until", "created_at", "changed_at",
        ]  # fmt: skip


class TierAppealSerializer(PortalTierAppealSerializer):
    """An appeal as the vendor reads it."""

    submitted_by = serializers.UUIDField(source="submitted_by_id", read_only=True)
    first_decided_by = serializers.UUIDField(source="first_decided_by_id", read_only=True)
    decided_by = serializers.UUIDField(source="decided_by_id", read_only=True)

    class Meta(PortalTierAppealSerializer.Meta):
        fields = [
            *PortalTierAppealSerializer.Meta.fields, "submitted_by", "first_decided_by", "decided_by", "note",
        ]  # fmt: skip


class FileTierAppealSerializer(StrictSerializer):
    """`decision` is one of `appealable` on the partner's tier. Evidence is added to the appeal as an attachment."""

    decision = serializers.UUIDField()
    grounds = serializers.CharField(max_length=2000)


class UpholdTierAppealSerializer(StrictSerializer):
    until = serializers.DateField()
    answer = serializers.CharField(**TEXT)
    note = serializers.CharField(**TEXT)


class DismissTierAppealSerializer(StrictSerializer):
    answer = serializers.CharField(max_length=1000)
    note = serializers.CharField(**TEXT)
