"""The library of metrics over the API."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core.actors import ANONYMOUS, Actor
from core.api import require_known
from metrics import registry
from metrics.definitions import UNITS, by_name, described

KEY = OpenApiParameter("key", str, OpenApiParameter.PATH)


class OfferedSerializer(serializers.Serializer):
    """A window or a scope that a metric may be asked in."""

    code = serializers.CharField()
    says = serializers.CharField()


class ParameterSerializer(serializers.Serializer):
    name = serializers.CharField()
    value = serializers.CharField()
    reason = serializers.CharField()


class UseSerializer(serializers.Serializer):
    label = serializers.CharField()
    url = serializers.CharField()


class MetricSerializer(serializers.Serializer):
    """A metric's definition."""

    key = serializers.CharField()
    name = serializers.CharField()
    question = serializers.CharField()
    unit = serializers.ChoiceField(choices=list(UNITS))
    direction = serializers.ChoiceField(choices=["higher", "lower"])
    population = serializers.CharField()
    window = serializers.CharField()
    exclusions = serializers.CharField()
    windows = OfferedSerializer(many=True)
    scopes = OfferedSerializer(many=True)
    is_additive = serializers.BooleanField()
    parameters = ParameterSerializer(many=True)
    uses = UseSerializer(many=True)


class MetricsSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = MetricSerializer(many=True)


class MetricViewSet(viewsets.ViewSet):
    """What each number means. The values stand where they are used."""

    @property
    def actor(self) -> Actor:
        return self.request.auth or ANONYMOUS

    @extend_schema(operation_id="metrics_list", responses=MetricsSerializer)
    def list(self, request: Request) -> Response:
        """Every metric with its definition, by name."""
        require_known(request.query_params, {"format"})
        self.actor.must(P.WORKSPACE_VIEW)
        content = {"next": None, "previous": None, "results": [described(metric) for metric in by_name()]}
        return Response(MetricsSerializer(content).data)

    @extend_schema(operation_id="metrics_retrieve", responses=MetricSerializer, parameters=[KEY])
    def retrieve(self, request: Request, key: str) -> Response:
        """One metric's definition."""
        require_known(request.query_params, {"format"})
        metric = registry.every().get(key)
        if metric is None:
            raise Http404
        self.actor.must(P.WORKSPACE_VIEW)
        return Response(MetricSerializer(described(metric)).data)
