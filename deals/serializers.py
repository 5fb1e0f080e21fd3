"""Registrations, appeals, protections, checks, bookings and go-lives as the API reads and writes them.

What a partner reads never names another partner, nor an organization that it may not know.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_countries import countries
from rest_framework import serializers

from catalog.models import Channel, Product
from core.api import MoneyField, StrictSerializer, VisibleRelated
from core.models import as_choices
from deals import explanation, rules
from deals.models import (
    Appeal,
    Booking,
    ConflictCheck,
    Deal,
    DealType,
    Extension,
    Implementation,
    Protection,
    Stage,
)
from partners.models import Organization, Partner
from partners.rules import KINDS

COUNTRIES = [(code, str(name)) for code, name in countries]


class CodeField(serializers.SlugRelatedField):
    """A row of reference data by its code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="code", **options)


class PartnerRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Partner
        fields = ["id", "name"]


class OrganizationRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organization
        fields = ["id", "name"]


# Registrations --------------------------------------------------------------------------------------------------


class PortalDealSerializer(serializers.ModelSerializer):
    """A registration as its partner sees it."""

    customer_country = serializers.CharField(read_only=True)
    amount = MoneyField(read_only=True)
    products = CodeField(many=True, read_only=True)
    type = CodeField(read_only=True)
    channel = CodeField(read_only=True)
    stage = CodeField(read_only=True)
    duplicate_of = serializers.CharField(source="duplicate_of.number", default=None, read_only=True)
    organization = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Deal
        fields = [
            "id", "number", "external_ref", "source", "state", "open_moves", "customer_name", "customer_country",
            "customer_city", "customer_website", "organization", "products", "type", "channel", "amount",
            "expected_close_on", "what_it_did", "no_patient_data", "contact", "competitor", "help_wanted",
            "procurement_route", "procurement_reference", "tender_deadline_on", "stage", "stage_changed_at",
            "submitted_at", "due_at", "time_zone", "question", "asked_fields", "decided_at", "reason", "comment",
            "duplicate_of", "contested_until", "protected_from", "protected_until", "won_on", "win_reference",
            "closed_at", "created_at", "changed_at",
        ]  # fmt: skip

    def get_organization(self, deal: Deal) -> dict[str, Any] | None:
        if not deal.is_customer_known or deal.organization is None:
            return None
        return OrganizationRefSerializer(deal.organization).data

    def get_reason(self, deal: Deal) -> str:
        return explanation.reason_for_partner(deal, self.hidden_reasons)

    @cached_property
    def hidden_reasons(self) -> set[tuple[str, str]]:
        """Asked once for a whole list: its rows share this serializer."""
        return explanation.hidden_reasons()


class DealSerializer(PortalDealSerializer):
    """A registration as the vendor sees it."""

    partner = PartnerRefSerializer(read_only=True)
    submitted_by = serializers.UUIDField(source="submitted_by_id", read_only=True)
    decided_by = serializers.UUIDField(source="decided_by_id", read_only=True)

    class Meta(PortalDealSerializer.Meta):
        fields = [
            *PortalDealSerializer.Meta.fields, "partner", "submitted_by", "decided_by", "conflict_score",
            "conflict_verdict",
        ]  # fmt: skip

    def get_organization(self, deal: Deal) -> dict[str, Any] | None:
        return OrganizationRefSerializer(deal.organization).data if deal.organization else None

    def get_reason(self, deal: Deal) -> str:
        return deal.reason


class DealFactsSerializer(StrictSerializer):
    """What a registration says. Everything but the customer's name may come later, in a draft."""

    customer_name = serializers.CharField(max_length=200, required=False)
    customer_country = serializers.ChoiceField(choices=COUNTRIES, required=False)
    customer_city = serializers.CharField(max_length=120, required=False, allow_blank=True)
    customer_website = serializers.CharField(max_length=200, required=False, allow_blank=True)
    organization = VisibleRelated(queryset=Organization.objects.all(), required=False, allow_null=True)
    products = CodeField(queryset=Product.objects.active(), many=True, required=False)
    type = CodeField(queryset=DealType.objects.active(), required=False)
    channel = CodeField(queryset=Channel.objects.active(), required=False, allow_null=True)
    amount = MoneyField(required=False)
    expected_close_on = serializers.DateField(required=False)
    what_it_did = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    no_patient_data = serializers.BooleanField(required=False)
    external_ref = serializers.CharField(max_length=100, required=False, allow_blank=True)
    contact = serializers.CharField(max_length=200, required=False, allow_blank=True)
    competitor = serializers.CharField(max_length=200, required=False, allow_blank=True)
    help_wanted = serializers.ChoiceField(choices=as_choices(*rules.HELP), required=False)
    procurement_route = serializers.ChoiceField(
        choices=as_choices(*rules.PROCUREMENT), required=False, allow_blank=True
    )
    procurement_reference = serializers.CharField(max_length=100, required=False, allow_blank=True)
    tender_deadline_on = serializers.DateField(required=False, allow_null=True)


class RegisterDealSerializer(DealFactsSerializer):
    """A new registration: submitted at once, or kept as a draft."""

    partner = VisibleRelated(
        queryset=Partner.objects.all(), required=False, help_text=_("Needed from the vendor's side alone.")
    )
    is_draft = serializers.BooleanField(default=False)


class ReasonSerializer(StrictSerializer):
    reason = serializers.SlugField(max_length=40)
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class ApproveSerializer(StrictSerializer):
    days = serializers.IntegerField(min_value=1, max_value=730, required=False)
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class CommentSerializer(StrictSerializer):
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class MoreTimeSerializer(StrictSerializer):
    evidence = serializers.CharField(max_length=1000, help_text=_("What happened lately."))
    activity_on = serializers.DateField(help_text=_("The day of it, within the last 30 days."))


class AskSerializer(StrictSerializer):
    question = serializers.CharField(max_length=1000)
    fields = serializers.ListField(
        child=serializers.ChoiceField(choices=list(rules.FIELD_LABELS)), min_length=1
    )  # type: ignore[assignment]


class DuplicateSerializer(StrictSerializer):
    duplicate_of = VisibleRelated(queryset=Deal.objects.all())
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class LinkCustomerSerializer(StrictSerializer):
    organization = VisibleRelated(queryset=Organization.objects.all())


class AddCustomerSerializer(StrictSerializer):
    name = serializers.CharField(max_length=200, required=False)
    country = serializers.ChoiceField(choices=COUNTRIES, required=False)
    city = serializers.CharField(max_length=120, required=False, allow_blank=True)
    website = serializers.URLField(required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=as_choices(*KINDS), required=False)
    is_public_body = serializers.BooleanField(required=False)


class StageSerializer(StrictSerializer):
    stage = CodeField(queryset=Stage.objects.active())


class WinSerializer(StrictSerializer):
    won_on = serializers.DateField()
    reference = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    evidence = serializers.FileField(required=False, help_text=_("Send it as multipart/form-data."))


# What hangs on them ---------------------------------------------------------------------------------------------


class DealRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Deal
        fields = ["id", "number"]


class PortalAppealSerializer(serializers.ModelSerializer):
    """An appeal as its partner reads it: the promise, and the answer."""

    deal = DealRefSerializer(read_only=True)
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Appeal
        fields = ["id", "deal", "refusal", "refused_at", "grounds", "state", "open_moves", "due_at", "decided_at",
                  "answer", "created_at", "changed_at"]  # fmt: skip


class AppealSerializer(PortalAppealSerializer):
    """An appeal as the vendor reads it."""

    partner = PartnerRefSerializer(source="deal.partner", read_only=True)
    submitted_by = serializers.UUIDField(source="submitted_by_id", read_only=True)
    first_decided_by = serializers.UUIDField(source="first_decided_by_id", read_only=True)
    decided_by = serializers.UUIDField(source="decided_by_id", read_only=True)

    class Meta(PortalAppealSerializer.Meta):
        fields = [
            *PortalAppealSerializer.Meta.fields, "partner", "submitted_by", "first_decided_by", "decided_by", "note",
        ]  # fmt: skip


class FileAppealSerializer(StrictSerializer):
    """Evidence is added to the appeal as an attachment."""

    deal = VisibleRelated(queryset=Deal.objects.all())
    grounds = serializers.CharField(max_length=2000)


class UpholdAppealSerializer(StrictSerializer):
    """The registration is in review again; with `approve` it is approved at once and protected for `days`."""

    approve = serializers.BooleanField(default=False)
    days = serializers.IntegerField(min_value=1, max_value=730, required=False)
    answer = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class DismissAppealSerializer(StrictSerializer):
    answer = serializers.CharField(max_length=1000)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class ProtectionSerializer(serializers.ModelSerializer):
    """A protection; its partner is told which organization it is on, for it was approved."""

    deal = DealRefSerializer()
    organization = OrganizationRefSerializer()
    product = CodeField(read_only=True)

    class Meta:
        model = Protection
        fields = ["id", "deal", "organization", "product", "starts_on", "until", "ends_at", "released_at",
                  "created_at", "changed_at"]  # fmt: skip


class PortalExtensionSerializer(serializers.ModelSerializer):
    """A request for more time, and its answer."""

    deal = DealRefSerializer()
    reason = serializers.SerializerMethodField()
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Extension
        fields = ["id", "deal", "kind", "days", "evidence", "activity_on", "state", "open_moves", "due_at",
                  "decided_at", "reason", "comment", "until", "created_at", "changed_at"]  # fmt: skip

    def get_reason(self, extension: Extension) -> str:
        return "" if ("deal_extension_refusal", extension.reason) in self.hidden_reasons else extension.reason

    @cached_property
    def hidden_reasons(self) -> set[tuple[str, str]]:
        return explanation.hidden_reasons()


class ExtensionSerializer(PortalExtensionSerializer):
    """The same for the vendor, with who asked and who answered."""

    requested_by = serializers.UUIDField(source="requested_by_id", read_only=True)
    decided_by = serializers.UUIDField(source="decided_by_id", read_only=True)

    class Meta(PortalExtensionSerializer.Meta):
        fields = [*PortalExtensionSerializer.Meta.fields, "requested_by", "decided_by"]

    def get_reason(self, extension: Extension) -> str:
        return extension.reason


class FactorSerializer(serializers.Serializer):
    """One line of the arithmetic, as the check stored it."""

    code = serializers.ChoiceField(choices=list(rules.FACTOR_WORDS))
    mine = serializers.CharField()
    theirs = serializers.CharField()
    alike = serializers.DecimalField(4, 2)
    weight = serializers.DecimalField(4, 2)
    points = serializers.DecimalField(4, 1)


class CandidateSerializer(serializers.Serializer):
    """Another registration that was compared."""

    kind = serializers.ChoiceField(choices=list(rules.KINDS))
    number = serializers.CharField()
    partner = serializers.CharField()
    score = serializers.DecimalField(4, 1)
    complete_since = serializers.DateField()
    protected_until = serializers.DateField(allow_null=True)
    factors = FactorSerializer(many=True)


class PortalCandidateSerializer(serializers.Serializer):
    """The same without anything that tells who the other is or what it claims."""

    kind = serializers.ChoiceField(choices=list(rules.KINDS))
    complete_since = serializers.DateField()
    protected_until = serializers.DateField(allow_null=True)
    factors = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))


class ConflictCheckSerializer(serializers.ModelSerializer):
    """A check with all that was compared."""

    deal = DealRefSerializer()
    rule = serializers.SerializerMethodField()
    candidates = serializers.SerializerMethodField()

    class Meta:
        model = ConflictCheck
        fields = [
            "id",
            "deal",
            "score",
            "verdict",
            "rule_version",
            "rule",
            "candidates",
            "created_at",
            "changed_at",
        ]

    def get_rule(self, check: ConflictCheck) -> str:
        return str(rules.PRECEDENCE)

    def get_candidates(self, check: ConflictCheck) -> list[dict[str, Any]]:
        return CandidateSerializer(explanation.candidates(check), many=True).data  # type: ignore[return-value]


class PortalConflictCheckSerializer(ConflictCheckSerializer):
    """A check as the partner may read it once its registration is decided."""

    def get_candidates(self, check: ConflictCheck) -> list[dict[str, Any]]:
        return PortalCandidateSerializer(explanation.for_partner(check), many=True).data  # type: ignore[return-value]


class BookingSerializer(serializers.ModelSerializer):
    """An amount that counts; corrections are negative and name what they reverse."""

    deal = DealRefSerializer()
    amount = MoneyField()
    program_amount = MoneyField()
    rate = serializers.DecimalField(18, 8)
    reverses = serializers.UUIDField(source="reverses_id", allow_null=True)

    class Meta:
        model = Booking
        fields = ["id", "deal", "amount", "booked_on", "program_amount", "rate", "reference", "reverses", "reason",
                  "comment", "created_at", "changed_at"]  # fmt: skip


class BookSerializer(StrictSerializer):
    deal = VisibleRelated(queryset=Deal.objects.all())
    amount = MoneyField()
    booked_on = serializers.DateField()
    reference = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    comment = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")


class CorrectBookingSerializer(StrictSerializer):
    booked_on = serializers.DateField()
    amount = MoneyField(required=False, help_text=_("What to take back; all of it by default."))
    reason = serializers.SlugField(max_length=40)
    comment = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")


class ImplementationSerializer(serializers.ModelSerializer):
    """A go-live. The named person's address is shown to those who may ask again."""

    deal = DealRefSerializer()
    product = CodeField(read_only=True)
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Implementation
        fields = ["id", "deal", "product", "went_live_on", "contact_name", "contact_email", "state", "open_moves",
                  "due_at", "accepted_on", "accepted_by", "note", "closed_at", "created_at", "changed_at"]  # fmt: skip


class ReportImplementationSerializer(StrictSerializer):
    deal = VisibleRelated(queryset=Deal.objects.all())
    product = CodeField(queryset=Product.objects.all())
    went_live_on = serializers.DateField()
    contact_name = serializers.CharField(max_length=120)
    contact_email = serializers.EmailField(max_length=254)


class AcceptSerializer(StrictSerializer):
    document = serializers.FileField(help_text=_("The signed acceptance, as multipart/form-data."))
    note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")


class CustomerAnswerSerializer(StrictSerializer):
    """What the customer's named person says, with the token of the mail's link."""

    token = serializers.CharField(max_length=200)
    answer = serializers.ChoiceField(choices=["confirm", "decline"])
    note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")


class ThanksSerializer(serializers.Serializer):
    detail = serializers.CharField()


class DealTypeSerializer(serializers.ModelSerializer):
    class Meta:
        model = DealType
        fields = ["id", "code", "name", "definition", "position", "is_active"]


class StageRowSerializer(DealTypeSerializer):
    class Meta(DealTypeSerializer.Meta):
        model = Stage
