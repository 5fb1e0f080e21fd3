"""Endpoints of the pipeline: open deals by stage, and by the month in which they are expected to close."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from catalog.querysets import Rates, rates_of, setting
from core.actors import ANONYMOUS, Actor
from core.api import StrictFilterBackend, require_known
from core.clock import day, now
from core.money import Money
from deals import filters, pipeline, serializers
from deals.models import Deal


class OfPipeline(viewsets.GenericViewSet):
    """What is gathered from the open deals that the reader may see; filtered as their list is."""

    queryset = Deal.objects.all()
    filter_backends = [StrictFilterBackend]
    pagination_class = None
    filterset_class: Any

    @property
    def actor(self) -> Actor:
        return self.request.auth or ANONYMOUS

    def open_deals(self) -> Any:
        self.actor.must(P.DEAL_VIEW)
        known = set(self.filterset_class.base_filters) | {"search", "updated_since", "format"}
        require_known(self.request.query_params, known)
        return self.filter_queryset(self.get_queryset().visible_to(self.actor))

    def gathered(self, serializer: Any, rates: Rates, **content: Any) -> Response:
        used = {**content, "next": None, "previous": None, "currency": rates.base, "as_of": rates.on}
        used["rates"] = [
            {"currency": code, "rate": rate, "on": on} for code, (rate, on) in sorted(rates.known.items())
        ]
        return Response(serializer(used).data)


def sums(found: pipeline.Sums) -> dict[str, Any]:
    return {
        "deals": found.n,
        "amounts": found.amounts,
        "value": found.money,
        "weighted": found.weighted_money,
        "without_rate": sorted(found.without_rate),
    }


class PipelineViewSet(OfPipeline):
    """Open deals by the partner's stage."""

    @property
    def filterset_class(self) -> Any:  # type: ignore[override]
        return filters.PipelineFilters if _is_for_vendor(self) else filters.PortalPipelineFilters

    @extend_schema(operation_id="pipeline_list", responses=serializers.PipelineSerializer)
    def list(self, request: Request) -> Response:
        """How many open deals are at each stage, and what they are worth, at the day's rates."""
        at = now()
        rates = rates_of(day(at))
        piles = pipeline.board(self.open_deals(), rates, at)
        rows = [{"stage": pile.stage, **sums(pile.sums)} for pile in piles]
        return self.gathered(serializers.PipelineSerializer, rates, results=rows)


class ForecastViewSet(OfPipeline):
    """Open deals by the month of their expected close."""

    @property
    def filterset_class(self) -> Any:  # type: ignore[override]
        return filters.ForecastFilters if _is_for_vendor(self) else filters.PortalPipelineFilters

    @extend_schema(operation_id="forecast_list", responses=serializers.ForecastSerializer)
    def list(self, request: Request) -> Response:
        """Open deals by month, weighted by their stage's chance; `by` splits them by market, partner or manager."""
        deals, on = self.open_deals(), day(now())
        rates, by = rates_of(on), request.query_params.get("by") or pipeline.NOTHING
        found = pipeline.forecast(deals, by, on, setting("deal.forecast_months"), rates)
        rows = [
            {
                "group": group.key, "name": group.name, "month": span.key, "starts_on": span.starts_on,
                "ends_on": span.ends_on, **sums(group.cells[span.key]),
            }
            for group in found.groups
            for span in found.spans
            if group.cells[span.key].n
        ]  # fmt: skip
        total = {
            "value": Money(found.total.whole, rates.base),
            "weighted": Money(found.total.weighted, rates.base),
        }
        return self.gathered(
            serializers.ForecastSerializer, rates, by=by, results=rows, deals=found.total.n, **total
        )


def _is_for_vendor(view: OfPipeline) -> bool:
    return getattr(view, "swagger_fake_view", False) or view.actor.is_vendor
