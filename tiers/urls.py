"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from tiers.api import decisions
from tiers.api import reading as endpoints
from tiers.views import appealing, deciding, overriding
from tiers.views import portal as of_portal
from tiers.views import workspace as of_workspace

router = SimpleRouter()
router.register("program-versions", endpoints.ProgramVersionViewSet, "program-versions")
router.register("tiers", endpoints.TierViewSet, "tiers")
router.register("standings", endpoints.StandingViewSet, "standings")
router.register("grace-periods", endpoints.GraceViewSet, "grace-periods")
router.register("evaluations", endpoints.EvaluationViewSet, "evaluations")
router.register("tier-proposals", decisions.ProposalViewSet, "tier-proposals")
router.register("tier-overrides", decisions.OverrideViewSet, "tier-overrides")
router.register("tier-waivers", decisions.WaiverViewSet, "tier-waivers")
router.register("tier-appeals", decisions.TierAppealViewSet, "tier-appeals")

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

# What people decide
workspace += [
    path("tier-proposals/", deciding.ProposalList.as_view(), name="tier-proposals"),
    path("tier-proposals/<uuid:pk>/", deciding.ProposalRecord.as_view(), name="tier-proposal"),
    path("tier-proposals/<uuid:pk>/decide/", deciding.DecideProposal.as_view(), name="decide-tier-proposal"),
    path("tier-proposals/<uuid:pk>/letter/", deciding.ProposalLetter.as_view(), name="tier-proposal-letter"),
    path("tier-appeals/", deciding.TierAppealList.as_view(), name="tier-appeals"),
    path("tier-appeals/<uuid:pk>/", deciding.TierAppealRecord.as_view(), name="tier-appeal"),
    path("tier-appeals/<uuid:pk>/decide/", deciding.DecideTierAppeal.as_view(), name="decide-tier-appeal"),
    path("tier-appeals/<uuid:pk>/letter/", deciding.TierAppealLetter.as_view(), name="tier-appeal-letter"),
    path("tier-overrides/", overriding.OverrideList.as_view(), name="tier-overrides"),
    path("tier-overrides/<uuid:pk>/end/", overriding.EndOverride.as_view(), name="end-tier-override"),
    path("tier-waivers/", overriding.WaiverList.as_view(), name="tier-waivers"),
    path("tier-waivers/<uuid:pk>/end/", overriding.EndWaiver.as_view(), name="end-tier-waiver"),
    path("partners/<uuid:pk>/tier/override/", overriding.OverrideTier.as_view(), name="override-tier"),
    path("partners/<uuid:pk>/tier/waive/", overriding.WaiveRequirement.as_view(), name="waive-requirement"),
]
portal += [
    path("tier/appeal/<uuid:pk>/", appealing.FileTierAppeal.as_view(), name="file-tier-appeal"),
    path(
        "tier-appeals/<uuid:pk>/withdraw/",
        appealing.WithdrawTierAppeal.as_view(),
        name="withdraw-tier-appeal",
    ),
]
