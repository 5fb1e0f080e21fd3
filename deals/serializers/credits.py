"""Credit as the API shows and takes it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api import StrictSerializer, VisibleRelated
from core.models import as_choices
from deals import credit, credited
from deals.models import DealCredit
from deals.serializers.registrations import DealRefSerializer, PartnerRefSerializer
from partners.models import Partner


class DealCreditSerializer(serializers.ModelSerializer):
    """A share in a deal, with the days in which it holds. Without a partner it is the vendor's own team's."""

    deal = DealRefSerializer()
    partner = serializers.SerializerMethodField()
    is_direct = serializers.SerializerMethodField(help_text=_("Whether it is the vendor's own team's."))
    set_by = serializers.UUIDField(source="set_by_id", allow_null=True)

    class Meta:
        model = DealCredit
        fields = [
            "id", "deal", "partner", "is_direct", "family", "weight", "is_primary", "counts_once", "basis",
            "valid_from", "superseded_on", "superseded_at", "locked_at", "reason", "comment", "set_by",
            "created_at", "changed_at",
        ]  # fmt: skip

    @extend_schema_field(PartnerRefSerializer(allow_null=True))
    def get_partner(self, share: DealCredit) -> dict[str, Any] | None:
        """null for the vendor's own team, and where the reader may not know who it is."""
        is_named = share.partner and credited.is_named(share.partner, self.context["request"].auth)
        return dict(PartnerRefSerializer(share.partner).data) if is_named else None

    def get_is_direct(self, share: DealCredit) -> bool:
        return share.partner_id is None


class PortalDealCreditSerializer(serializers.ModelSerializer):
    """A partner's own share, and how much others have in the same role. Another partner's deal is its number alone."""

    deal = serializers.SerializerMethodField()
    others = serializers.IntegerField(help_text=_("Percent that others have in the same role."))

    class Meta:
        model = DealCredit
        fields = ["id", "deal", "family", "weight", "others", "is_primary", "counts_once", "valid_from",
                  "superseded_on", "locked_at", "created_at", "changed_at"]  # fmt: skip

    def get_deal(self, share: DealCredit) -> dict[str, Any]:
        is_own = share.deal.partner_id == share.partner_id
        return {"id": str(share.deal_id) if is_own else None, "number": share.deal.number}


class ShareSerializer(StrictSerializer):
    partner = VisibleRelated(
        queryset=Partner.objects.all(), allow_null=True, help_text=_("null: the vendor's own team.")
    )
    family = serializers.ChoiceField(choices=as_choices(*credit.FAMILIES))
    weight = serializers.IntegerField(min_value=1, max_value=credit.WHOLE, help_text=_("Whole percent."))
    basis = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    is_primary = serializers.BooleanField(
        default=False, help_text=_("Needed where several sourced the deal.")
    )

    def validate(self, attrs: dict[str, Any]) -> credit.Share:
        partner = attrs.pop("partner")
        return credit.Share(partner.pk if partner else None, **attrs)


class SetCreditSerializer(StrictSerializer):
    credits = ShareSerializer(many=True, min_length=1, max_length=credit.MOST_SHARES)
    reason = serializers.SlugField(max_length=40)
    comment = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
