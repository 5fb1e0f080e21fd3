"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from enablement import api as endpoints
from enablement.views import certificates, team
from enablement.views import portal as of_portal
from enablement.views import public as of_public
from enablement.views import workspace as of_workspace

router = SimpleRouter()
router.register("tracks", endpoints.TrackViewSet, "tracks")
router.register("certifications", endpoints.CertificationViewSet, "certifications")
router.register("certificates", endpoints.CertificateViewSet, "certificates")
router.register("learning-plans", endpoints.LearningPlanViewSet, "learning-plans")

workspace: list[Any] = [
    path("certifications/", of_workspace.CertificationList.as_view(), name="certifications"),
    path("certifications/new/", of_workspace.RecordCertification.as_view(), name="record-certification"),
    path("certifications/expiry/", of_workspace.ExpiryNote.as_view(), name="certification-expiry"),
    path("certifications/import/", of_workspace.ImportCertifications.as_view(), name="import-certifications"),
    path("certifications/<uuid:pk>/", of_workspace.CertificationRecord.as_view(), name="certification"),
    path("certifications/<uuid:pk>/revoke/", of_workspace.RevokeCertification.as_view(), name="revoke-certification"),
    path("partners/<uuid:pk>/learning-plan/", of_workspace.SignLearningPlan.as_view(), name="sign-learning-plan"),
]  # fmt: skip
portal: list[Any] = [
    path("people/", of_portal.PeopleList.as_view(), name="people"),
    path("certifications/<uuid:pk>/", of_portal.CertificationRecord.as_view(), name="certification"),
    path("people/team/", team.TeamMatrix.as_view(), name="team-certifications"),
    path("certificates/", certificates.MyCertificates.as_view(), name="certificates"),
    path("certificates/count-here/", certificates.CountHere.as_view(), name="count-here"),
    path("certificates/<uuid:pk>/", certificates.PrintedCertificate.as_view(), name="certificate"),
    path("certificates/<uuid:pk>/show/", certificates.ShowCertificate.as_view(), name="show-certificate"),
    path("certificates/<uuid:pk>/hide/", certificates.HideCertificate.as_view(), name="hide-certificate"),
    path("learning-plan/", of_portal.CommitToLearning.as_view(), name="learning-plan"),
]
public: list[Any] = [
    path("verify/", of_public.TypeCode.as_view(), name="verify"),
    path("verify/<str:code>/", of_public.Verify.as_view(), name="verified"),
]
api: list[Any] = [
    path("public/certificates/verify/", endpoints.PublicCertificates.as_view(), name="public-certificates"),
    *router.urls,
]
