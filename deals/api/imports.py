"""Endpoints of imports: send a file, read what would become of its lines, have them registered."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from accounts.roles import Permission as P
from core.api import BaseViewSet, creates, require_known, verb
from core.parsers import StrictJSONParser
from deals import actions, rules, serializers
from deals.imports.report import report_lines
from deals.models import DealImport, DealImportRow
from partners.models import Partner


class DealImportFilters(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(distinct=False, choices=[(s, s) for s in rules.IMPORT_STATES])
    partner = django_filters.UUIDFilter("partner_id")

    class Meta:
        model = DealImport
        fields: list[str] = []


class DealImportRowFilters(django_filters.FilterSet):
    deal_import = django_filters.UUIDFilter("deal_import_id")
    outcome = django_filters.MultipleChoiceFilter(
        distinct=False, choices=[(o, o) for o in rules.ROW_OUTCOMES]
    )

    class Meta:
        model = DealImportRow
        fields: list[str] = []


class DealImportViewSet(BaseViewSet):
    """Files of registrations. Nothing is registered before `confirm`: the lines say what would become of them."""

    queryset = DealImport.objects.counted()
    serializer_class = serializers.DealImportSerializer
    filterset_class = DealImportFilters
    view_permission = P.DEAL_REGISTER
    parser_classes = [MultiPartParser, StrictJSONParser]

    @creates(serializers.StartImportSerializer, permission=P.DEAL_REGISTER)
    def create(self, data: dict[str, Any]) -> DealImport:
        """Send a file; it is checked in the background (a dry run), then waits for `confirm`."""
        partner = (
            data.get("partner")
            or Partner.objects.visible_to(self.actor).filter(pk=self.actor.partner_id).first()
        )
        if partner is None:
            raise ValidationError({"partner": _("Name the partner.")})
        content = data["file"].read() if "file" in data else data["rows"].encode()
        return actions.start_import(
            by=self.actor,
            partner=partner,
            name=data["name"],
            content=content,
            submits=data["submits"],
            at=self.at,
        )

    @verb(permission=P.DEAL_REGISTER)
    def confirm(self, deal_import: DealImport, data: dict[str, Any]) -> DealImport:
        """Register the lines of a checked file, as the check said."""
        return actions.confirm_import(by=self.actor, deal_import=deal_import, at=self.at)

    @verb(permission=P.DEAL_REGISTER)
    def cancel(self, deal_import: DealImport, data: dict[str, Any]) -> DealImport:
        """Call a file off; what was registered from it stays."""
        return actions.cancel_import(by=self.actor, deal_import=deal_import, at=self.at)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    @action(detail=True)
    def report(self, request: Request, pk: str) -> HttpResponse:
        """What became of each line, as CSV."""
        require_known(request.query_params, {"format"})
        found = self.get_object()
        self.permit(P.DEAL_REGISTER)
        response = HttpResponse("".join(report_lines(found)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="deal-import.csv"'
        return response


class DealImportRowViewSet(BaseViewSet):
    """The lines of such files."""

    queryset = DealImportRow.objects.select_related("deal")
    serializer_class = serializers.DealImportRowSerializer
    filterset_class = DealImportRowFilters
    view_permission = P.DEAL_REGISTER
    orderings = {"line": "line", "created_at": "created_at"}
    default_ordering = "line"
