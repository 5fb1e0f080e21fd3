"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from tiers.api import reading as endpoints
from tiers.views import portal as of_portal
from tiers.views import workspace as of_workspace

router = SimpleRouter()
router.register("program-versions", endpoints.ProgramVersionViewSet, "program-versions")
router.register("tiers", endpoints.TierViewSet, "tiers")
router.register("standings", endpoints.StandingViewSet, "standings")
router.register("grace-periods", endpoints.GraceViewSet, "grace-periods")
router.register("evaluations", endpoints.EvaluationViewSet, "evaluations")

workspace: list[Any] = [
    path("tiers/", of_workspace.TierBoard.as_view(), name="tiers"),
    path("tiers/versions/", of_workspace.VersionList.as_view(), name="program-versions"),
    path("tiers/versions/<uuid:pk>/", of_workspace.VersionRecord.as_view(), name="program-version"),
    path("partners/<uuid:pk>/tier/", of_workspace.PartnerTier.as_view(), name="partner-tier"),
    path("partners/<uuid:pk>/tier/recalculate/", of_workspace.RecalculateTier.as_view(), name="recalculate-tier"),
    path("partners/<uuid:pk>/tier/rows/<str:metric>/", of_workspace.TierRows.as_view(), name="tier-rows"),
]  # fmt: skip
portal: list[Any] = [
    path("tier/", of_portal.MyTier.as_view(), name="tier"),
    path("tier/rows/<str:metric>/", of_portal.MyRows.as_view(), name="tier-rows"),
]
public: list[Any] = []
api: list[Any] = [
    path(
        "partners/<str:pk>/tier/",
        endpoints.ExplanationViewSet.as_view({"get": "retrieve"}),
        name="partner-tier",
    ),
    path(
        "tier-recalculations/",
        endpoints.RecalculationViewSet.as_view({"post": "create"}),
        name="tier-recalculations",
    ),
    *router.urls,
]
