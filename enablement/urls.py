"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from enablement import api as endpoints
from enablement.views import portal as of_portal
from enablement.views import workspace as of_workspace

router = SimpleRouter()
router.register("tracks", endpoints.TrackViewSet, "tracks")
router.register("certifications", endpoints.CertificationViewSet, "certifications")
router.register("learning-plans", endpoints.LearningPlanViewSet, "learning-plans")

workspace: list[Any] = [
    path("certifications/", of_workspace.CertificationList.as_view(), name="certifications"),
    path("certifications/new/", of_workspace.RecordCertification.as_view(), name="record-certification"),
    path("certifications/import/", of_workspace.ImportCertifications.as_view(), name="import-certifications"),
    path("certifications/<uuid:pk>/", of_workspace.CertificationRecord.as_view(), name="certification"),
    path("certifications/<uuid:pk>/revoke/", of_workspace.RevokeCertification.as_view(), name="revoke-certification"),
    path("partners/<uuid:pk>/learning-plan/", of_workspace.SignLearningPlan.as_view(), name="sign-learning-plan"),
]  # fmt: skip
portal: list[Any] = [
    path("people/", of_portal.PeopleList.as_view(), name="people"),
    path("certifications/<uuid:pk>/", of_portal.CertificationRecord.as_view(), name="certification"),
    path("learning-plan/", of_portal.CommitToLearning.as_view(), name="learning-plan"),
]
public: list[Any] = []
api: list[Any] = router.urls
