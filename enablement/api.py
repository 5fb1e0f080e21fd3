"""Tracks, certifications and learning plans over the API."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import name_primary
from accounts.models import Membership
from accounts.roles import Permission as P
from core import clock
from core.api import BaseViewSet, Nothing, creates, require_known, verb
from core.public_api import PublicEndpoint
from enablement import actions, filters, serializers
from enablement.doors import verified
from enablement.models import Certificate, Certification, LearningPlan, Track
from enablement.outlook import Outlook


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

    queryset = Certification.objects.select_related("contact", "track", "certificate")
    serializer_class = serializers.CertificationSerializer
    portal_serializer_class = serializers.PortalCertificationSerializer
    filterset_class = filters.CertificationFilters
    view_permission = P.CERTIFICATION_VIEW
    orderings = {"passed_on": "passed_on", "expires_on": "expires_on", "created_at": "created_at"}
    default_ordering = "-passed_on"

    @extend_schema(responses=serializers.OutlookSerializer)
    @action(detail=True)
    def outlook(self, request: Request, pk: str) -> Response:
        """What its end would do to the tier of the partner for which it counts."""
        require_known(request.query_params, {"format"})
        certification = self.get_object()
        self.permit(P.TIER_VIEW)
        loss = Outlook(certification.contact.partner, clock.day(self.at)).if_expired(certification)
        return Response(serializers.OutlookSerializer({"if_it_expires": loss}).data)

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


class CertificateViewSet(BaseViewSet):
    """Your own certificates: the public code of each, and whether you show it."""

    queryset = Certificate.objects.with_rows()
    serializer_class = serializers.CertificateSerializer
    view_permission = P.CERTIFICATION_VIEW

    @verb(permission=P.CERTIFICATE_SHOW)
    def show(self, certificate: Certificate, data: dict[str, Any]) -> Certificate:
        """From now on whoever has the code sees your name, the track and the days."""
        return actions.show_certificate(by=self.actor, certificate=certificate, at=self.at)

    @verb(permission=P.CERTIFICATE_SHOW)
    def hide(self, certificate: Certificate, data: dict[str, Any]) -> Certificate:
        """From now on nobody sees it."""
        return actions.hide_certificate(by=self.actor, certificate=certificate, at=self.at)

    @extend_schema(request=Nothing, responses=serializers.PrimarySerializer)
    @action(detail=False, methods=["post"], url_path="count-here")
    def count_here(self, request: Request) -> Response:
        """Name the partner that you act for as your primary one: your certifications count here from today."""
        require_known(request.query_params, {"format"})
        self.permit(P.CERTIFICATE_SHOW)
        self.clean(Nothing)
        membership = self._own_membership()
        return self.write(lambda: self._named(membership))

    def _own_membership(self) -> Membership:
        own = Membership.objects.at_partners_of(self.actor.user_id).filter(partner=self.actor.partner_id)
        if (found := own.first()) is None:
            raise Http404
        return found

    def _named(self, membership: Membership) -> Response:
        named = name_primary(by=self.actor, membership=membership, at=self.at)
        return Response(serializers.PrimarySerializer(named).data)


class PublicCertificates(PublicEndpoint):
    """Where anybody checks a certificate by its code."""

    @extend_schema(
        operation_id="public_certificates_verify",
        request=serializers.VerifySerializer,
        responses=serializers.VerifiedSerializer,
    )
    def post(self, request: Request) -> Response:
        """What the person lets everybody see who has the code; 404 for every other code."""
        code = self.clean(serializers.VerifySerializer)["code"]
        return Response(serializers.VerifiedSerializer(verified(request, code, clock.now())).data)


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
