"""Imports of registrations as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api import StrictSerializer, VisibleRelated
from deals.imports.reading import MOST_BYTES
from deals.imports.work import tally
from deals.models import DealImport, DealImportRow
from partners.models import Partner


class DealImportSerializer(serializers.ModelSerializer):
    """A file: its state, how many lines, how many of each outcome."""

    counts = serializers.SerializerMethodField()
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = DealImport
        fields = [
            "id", "partner", "name", "submits", "encoding", "delimiter", "unknown_columns", "state", "open_moves", "of",
            "counts", "error", "finished_at", "created_at", "changed_at",
        ]  # fmt: skip

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_counts(self, found: DealImport) -> dict[str, int]:
        return tally(found)


class DealImportRowSerializer(serializers.ModelSerializer):
    """One line: what would become, or became, of it, and why."""

    number = serializers.CharField(source="deal.number", default=None, read_only=True)
    occupied_until = serializers.DateField(source="deal.occupied_until", default=None, read_only=True)
    problems = serializers.JSONField(read_only=True)
    values = serializers.JSONField(read_only=True)

    class Meta:
        model = DealImportRow
        fields = [
            "id",
            "deal_import",
            "line",
            "outcome",
            "problems",
            "deal",
            "number",
            "occupied_until",
            "values",
            "created_at",
            "changed_at",
        ]


class StartImportSerializer(StrictSerializer):
    """A CSV file as multipart/form-data, or its text."""

    partner = VisibleRelated(
        queryset=Partner.objects.all(), required=False, help_text=_("Needed from the vendor's side alone.")
    )
    file = serializers.FileField(required=False, allow_empty_file=True)
    rows = serializers.CharField(
        max_length=MOST_BYTES, required=False, trim_whitespace=False, help_text=_("The text of the file.")
    )
    name = serializers.CharField(max_length=160, default="deals.csv")
    submits = serializers.BooleanField(
        default=False, help_text=_("Send complete lines at once; else all become drafts.")
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("file" in data) == ("rows" in data):
            raise serializers.ValidationError({"rows": _("Send either a file or its text.")})
        return data
