"""Transfers and consents as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.api import StrictSerializer, VisibleRelated
from deals.models import Consent, Transfer
from deals.serializers.registrations import DealRefSerializer, PartnerRefSerializer
from partners.models import Partner


class PortalTransferSerializer(serializers.ModelSerializer):
    """A transfer as the holder sees it: who is to take over, and how far it is."""

    deal = DealRefSerializer(read_only=True)
    receiver = PartnerRefSerializer(read_only=True)
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Transfer
        fields = ["id", "deal", "wish", "reason", "receiver", "state", "open_moves", "due_at", "decided_at",
                  "comment", "created_at", "changed_at"]  # fmt: skip


class TransferSerializer(PortalTransferSerializer):
    """The same for the vendor, with the parties and the registration that it became."""

    partner = PartnerRefSerializer(source="deal.partner", read_only=True)
    requested_by = serializers.UUIDField(source="requested_by_id", read_only=True)
    decided_by = serializers.UUIDField(source="decided_by_id", read_only=True)
    taken_over_by = DealRefSerializer(read_only=True)

    class Meta(PortalTransferSerializer.Meta):
        fields = [
            *PortalTransferSerializer.Meta.fields,
            "partner",
            "requested_by",
            "decided_by",
            "taken_over_by",
        ]


class PortalConsentSerializer(serializers.ModelSerializer):
    """What a partner is asked: the other's name, the customer, the products and the last day, and nothing more."""

    other = serializers.SerializerMethodField()
    customer = serializers.CharField(source="transfer.deal.customer_name", read_only=True)
    products = serializers.SerializerMethodField()
    protected_until = serializers.DateField(source="transfer.deal.protected_until", read_only=True)
    said = serializers.CharField(source="transfer.comment", read_only=True)
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Consent
        fields = ["id", "side", "state", "open_moves", "other", "customer", "products", "protected_until", "said",
                  "answered_at", "comment", "created_at", "changed_at"]  # fmt: skip

    def get_other(self, consent: Consent) -> str:
        if consent.is_receiver:
            return consent.transfer.deal.partner.name
        return consent.transfer.receiver.name if consent.transfer.receiver else ""

    def get_products(self, consent: Consent) -> list[str]:
        return sorted(product.code for product in consent.transfer.deal.products.all())


class ConsentSerializer(PortalConsentSerializer):
    """The same for the vendor, with the transfer, whose consent it is and who answered."""

    transfer: Any = serializers.UUIDField(source="transfer_id", read_only=True)
    partner = PartnerRefSerializer(read_only=True)
    answered_by = serializers.UUIDField(source="answered_by_id", read_only=True)

    class Meta(PortalConsentSerializer.Meta):
        fields = [*PortalConsentSerializer.Meta.fields, "transfer", "partner", "answered_by"]


class RequestTransferSerializer(StrictSerializer):
    """`wish` says in words to whom."""

    wish = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=1000)


class ProposeTransferSerializer(StrictSerializer):
    """A reason is needed unless the holder has asked; `comment` goes to both partners."""

    receiver = VisibleRelated(queryset=Partner.objects.all())
    reason = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
