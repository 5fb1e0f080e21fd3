"""Endpoints of the deals' figures: definitions and values, the rows of one, and the four views of revenue."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as fields
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core.actors import ANONYMOUS, Actor
from core.api import require_known
from core.clock import day, now
from deals import serializers
from deals.metrics import registrations, revenue
from deals.models import Deal
from metrics import registry
from partners.models import Partner

KEYS = (*registrations.SHOWN, "annual_revenue", *(f"{family}_revenue" for family in revenue.credit.FAMILIES))
PARTNER = OpenApiParameter("partner", str, description="Of this partner alone; a partner's own by default.")
AS_OF = OpenApiParameter("as_of", date, description="As of this day; today by default.")


class OfFigures(viewsets.ViewSet):
    """Figures of the partners that the reader may see."""

    @property
    def actor(self) -> Actor:
        return self.request.auth or ANONYMOUS

    def asked(self, request: Request, *, named: bool = True) -> tuple[date, Partner | None]:
        """The day and the partner. Raises ValidationError naming what cannot be read."""
        require_known(request.query_params, {"as_of", "format", *(["partner"] if named else [])})
        self.actor.must(P.DEAL_VIEW)
        text = request.query_params.get("as_of")
        as_of = fields.DateField().run_validation(text) if text else day(now())
        return as_of, self.partner(request.query_params.get("partner", "")) if named else None

    def partner(self, text: str) -> Partner | None:
        seen = Partner.objects.visible_to(self.actor)
        if not text:
            return None if self.actor.is_vendor else seen.first()
        found = seen.filter(pk=fields.UUIDField().run_validation(text)).first()
        if found is None:
            raise ValidationError({"partner": _("There is no such partner.")})
        return found


class DealFigures(OfFigures):
    """How registrations fare, and revenue by role."""

    @extend_schema(
        operation_id="deal_figures_list",
        responses=serializers.DealFiguresSerializer,
        parameters=[PARTNER, AS_OF],
    )
    def list(self, request: Request) -> Response:
        """Each figure with its definition, its value for all partners that you may see together, and for each."""
        as_of, partner = self.asked(request)
        seen = Partner.objects.visible_to(self.actor)
        ids = [partner.pk] if partner else list(seen.values_list("pk", flat=True))
        rows = [self.figure(registry.get(key), as_of, ids) for key in KEYS]
        content = {"next": None, "previous": None, "as_of": as_of, "results": rows}
        return Response(serializers.DealFiguresSerializer(content).data)

    def figure(self, metric: registry.Metric, as_of: date, ids: Any) -> dict[str, Any]:
        whole = metric.whole(as_of, ids) if metric.whole else None
        return {
            "key": metric.key,
            "name": metric.name,
            "unit": metric.unit,
            "direction": metric.direction,
            "question": metric.question,
            "population": metric.population,
            "window": metric.window,
            "value": whole and whole.value,
            "rows": whole and whole.n_rows,
            "partners": [
                {"partner": v.partner_id, "value": v.value, "rows": v.n_rows}
                for v in metric.values(as_of, ids)
            ],
        }

    @extend_schema(
        operation_id="deal_figures_retrieve",
        responses=serializers.FigureRowsSerializer,
        parameters=[OpenApiParameter("key", str, OpenApiParameter.PATH), PARTNER, AS_OF],
    )
    def retrieve(self, request: Request, key: str) -> Response:
        """The rows behind one partner's figure, with why some do not count; without a partner, its value for each."""
        if key not in KEYS:
            raise Http404
        as_of, partner = self.asked(request)
        metric = registry.get(key)
        value, rows = self.of_one(metric, partner, as_of) if partner else self.of_each(metric, as_of)
        content = {"key": key, "unit": metric.unit, "as_of": as_of, "value": value, "rows": rows}
        return Response(serializers.FigureRowsSerializer(content).data)

    def of_one(
        self, metric: registry.Metric, partner: Partner, as_of: date
    ) -> tuple[int | None, list[registry.Row]]:
        value = next((v.value for v in metric.values(as_of, [partner.pk])), None)
        return value, registry.rows_for(metric, partner.pk, as_of, self.actor)

    def of_each(self, metric: registry.Metric, as_of: date) -> tuple[int | None, list[registry.Row]]:
        """The value of all that the reader may see together, and a row for each."""
        names = dict(Partner.objects.visible_to(self.actor).values_list("pk", "name"))
        values = sorted(metric.values(as_of, list(names)), key=lambda v: names[v.partner_id])
        rows = [registry.Row(names[v.partner_id], None, v.value, subject_id=v.partner_id) for v in values]
        return metric.whole(as_of, list(names)).value if metric.whole else None, rows


class RevenueLenses(OfFigures):
    """The four views of what was booked."""

    @extend_schema(
        operation_id="revenue_lenses_list", responses=serializers.LensesSerializer, parameters=[AS_OF]
    )
    def list(self, request: Request) -> Response:
        """Per role: the partners' parts, our own team's, and what nobody has. They add up to what was booked."""
        as_of, _partner = self.asked(request, named=False)
        if not self.actor.is_vendor:
            self.actor.must(P.WORKSPACE_VIEW)
        found = revenue.lenses(as_of, Deal.objects.visible_to(self.actor))
        content = {"next": None, "previous": None, "as_of": as_of, "results": found}
        return Response(serializers.LensesSerializer(content).data)
