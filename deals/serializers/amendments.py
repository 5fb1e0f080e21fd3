"""Amendments as the API shows and takes them."""

from __future__ import annotations

from functools import cached_property

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from catalog.models import Product
from core.api import MoneyField, StrictSerializer
from core.models import as_choices
from deals import explanation, rules
from deals.models import Amendment
from deals.serializers.registrations import CodeField, DealRefSerializer


class PortalAmendmentSerializer(serializers.ModelSerializer):
    """A request to change what was approved: per fact the old value and the new one; and the answer."""

    deal = DealRefSerializer(read_only=True)
    changes = serializers.DictField(child=serializers.DictField(), read_only=True)
    refusal = serializers.SerializerMethodField()
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Amendment
        fields = ["id", "deal", "changes", "reason", "state", "open_moves", "due_at", "decided_at", "refusal",
                  "comment", "created_at", "changed_at"]  # fmt: skip

    def get_refusal(self, amendment: Amendment) -> str:
        is_hidden = ("deal_amendment_refusal", amendment.refusal) in self.hidden_reasons
        return "" if is_hidden else amendment.refusal

    @cached_property
    def hidden_reasons(self) -> set[tuple[str, str]]:
        return explanation.hidden_reasons()


class AmendmentSerializer(PortalAmendmentSerializer):
    """The same for the vendor, with who asked and who answered."""

    requested_by = serializers.UUIDField(source="requested_by_id", read_only=True)
    decided_by = serializers.UUIDField(source="decided_by_id", read_only=True)

    class Meta(PortalAmendmentSerializer.Meta):
        fields = [*PortalAmendmentSerializer.Meta.fields, "requested_by", "decided_by"]

    def get_refusal(self, amendment: Amendment) -> str:
        return amendment.refusal


class RequestAmendmentSerializer(StrictSerializer):
    """Only what is to change, and why."""

    products = CodeField(queryset=Product.objects.active(), many=True, required=False)
    amount = MoneyField(required=False)
    expected_close_on = serializers.DateField(required=False)
    contact = serializers.CharField(max_length=200, required=False, allow_blank=True)
    competitor = serializers.CharField(max_length=200, required=False, allow_blank=True)
    help_wanted = serializers.ChoiceField(choices=as_choices(*rules.HELP), required=False)
    procurement_route = serializers.ChoiceField(
        choices=as_choices(*rules.PROCUREMENT), required=False, allow_blank=True
    )
    procurement_reference = serializers.CharField(max_length=100, required=False, allow_blank=True)
    tender_deadline_on = serializers.DateField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=1000)


class AcceptAmendmentSerializer(StrictSerializer):
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    conflicts_seen = serializers.BooleanField(
        required=False,
        help_text=_(
            "A hard conflict that an added product has with another claim is known, and it is accepted all the same."
        ),
    )
