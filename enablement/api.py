"""Tracks, certifications and learning plans over the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core.api import BaseViewSet, creates, require_known, verb
from enablement import actions, filters, serializers
from enablement.models import Certification, LearningPlan, Track


class TrackViewSet(BaseViewSet):
    """What people are certified in. Tracks come from the program file."""

    queryset = Track.objects.all()
    serializer_class = serializers.TrackSerializer
    filterset_class = filters.TrackFilters
    view_permission = P.CERTIFICATION_VIEW
    orderings = {"position": "position", "code": "code", "name": "name"}
    default_ordering = "position"


class CertificationViewSet(BaseViewSet):
    """What people at partners have passed."""

    queryset = Certification.objects.select_related("contact", "track")
    serializer_class = serializers.CertificationSerializer
    portal_serializer_class = serializers.PortalCertificationSerializer
    filterset_class = filters.CertificationFilters
    view_permission = P.CERTIFICATION_VIEW
    orderings = {"passed_on": "passed_on", "expires_on": "expires_on", "created_at": "created_at"}
    default_ordering = "-passed_on"

    @creates(serializers.RecordCertificationSerializer, permission=P.CERTIFICATION_RECORD)
    def create(self, data: dict[str, Any]) -> Certification:
        """Record that a person passed a track."""
        return actions.record_certification(by=self.actor, at=self.at, **data)

    @verb(serializers.RevokeSerializer, permission=P.CERTIFICATION_RECORD)
    def revoke(self, certification: Certification, data: dict[str, Any]) -> Certification:
        """From today it no longer counts."""
        return actions.revoke_certification(
            by=self.actor,
            certification=certification,
            reason_code=data["reason"],
            comment=data.get("comment", ""),
            at=self.at,
        )

    @extend_schema(request=serializers.ImportSerializer, responses=serializers.ReportSerializer)
    @action(detail=False, methods=["post"], url_path="import")
    def read_in(self, request: Request) -> Response:
        """Record a list of certifications. Sent twice, it changes nothing; each line's result and reason come back."""
        require_known(request.query_params, {"format"})
        self.permit(P.CERTIFICATION_RECORD)
        data = self.clean(serializers.ImportSerializer)
        return self.write(lambda: Response(self._import(**data)))

    def _import(self, rows: str, **options: bool) -> dict[str, Any]:
        return actions.import_certifications(by=self.actor, text=rows, at=self.at, **options).as_json()


class LearningPlanViewSet(BaseViewSet):
    """Partners' signed commitments to learning."""

    queryset = LearningPlan.objects.all()
    serializer_class = serializers.LearningPlanSerializer
    filterset_class = filters.LearningPlanFilters
    view_permission = P.CERTIFICATION_VIEW
    orderings = {"signed_on": "signed_on", "expires_on": "expires_on", "created_at": "created_at"}
    default_ordering = "-signed_on"

    @creates(serializers.SignLearningPlanSerializer, permission=P.LEARNING_PLAN_SIGN)
    def create(self, data: dict[str, Any]) -> LearningPlan:
        """A person of the partner signs its learning plan for a year."""
        return actions.sign_learning_plan(by=self.actor, at=self.at, **data)
