"""Go-lives as the API shows and takes them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from catalog.models import Product
from core.api import StrictSerializer, VisibleRelated
from deals.models import (
    Deal,
    Implementation,
)
from deals.serializers.registrations import CodeField, DealRefSerializer


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
