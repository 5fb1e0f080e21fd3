"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from tiers.api import reading as endpoints
from tiers.api import simulation as simulations
from tiers.api import value as values
from tiers.views import benefits, comparison, margins, runs, simulator
from tiers.views import portal as of_portal
from tiers.views import workspace as of_workspace

router = SimpleRouter()
router.register("program-versions", endpoints.ProgramVersionViewSet, "program-versions")
router.register("tiers", endpoints.TierViewSet, "tiers")
router.register("standings", endpoints.StandingViewSet, "standings")
router.register("grace-periods", endpoints.GraceViewSet, "grace-periods")
router.register("evaluations", endpoints.EvaluationViewSet, "evaluations")
router.register("benefit-uses", values.BenefitUseViewSet, "benefit-uses")
router.register("tier-investments", values.InvestmentViewSet, "tier-investments")
router.register("margin-decisions", values.MarginDecisionViewSet, "margin-decisions")
router.register("tier-runs", values.RunViewSet, "tier-runs")

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

# What if, benefits, margins, costs, runs
OF_PARTNER = "partners/<uuid:pk>/tier/"
workspace += [
    path("tiers/simulator/", simulator.TierSimulator.as_view(), name="tier-simulator"),
    path("tiers/benefits/", benefits.BenefitCatalogue.as_view(), name="tier-benefits"),
    path("tiers/comparison/", comparison.ProgramComparison.as_view(), name="tier-comparison"),
    path("tiers/runs/", runs.RunList.as_view(), name="tier-runs"),
    path("tiers/runs/<uuid:pk>/", runs.RunRecord.as_view(), name="tier-run"),
    path(f"{OF_PARTNER}benefits/", benefits.PartnerBenefits.as_view(), name="partner-benefits"),
    path(f"{OF_PARTNER}benefits/record/", benefits.RecordBenefitUse.as_view(), name="record-benefit-use"),
    path("benefit-uses/<uuid:pk>/take-back/", benefits.TakeBackBenefitUse.as_view(), name="take-back-benefit-use"),
    path(f"{OF_PARTNER}margin/", margins.PartnerMargin.as_view(), name="partner-margin"),
    path(f"{OF_PARTNER}margin/decide/", margins.DecideMargin.as_view(), name="decide-margin"),
    path("margin-decisions/<uuid:pk>/end/", margins.EndMarginDecision.as_view(), name="end-margin-decision"),
    path(f"{OF_PARTNER}investments/", comparison.PartnerInvestments.as_view(), name="partner-investments"),
    path(f"{OF_PARTNER}investments/record/", comparison.RecordInvestment.as_view(), name="record-investment"),
    path("tier-investments/<uuid:pk>/take-back/", comparison.TakeBackInvestment.as_view(), name="take-back-investment"),
]  # fmt: skip
portal += [
    path("tier/simulator/", simulator.MySimulator.as_view(), name="tier-simulator"),
    path("tier/benefits/", benefits.MyBenefits.as_view(), name="tier-benefits"),
    path("tier/areas/<slug:code>/", benefits.PortalArea.as_view(), name="tier-area"),
]
api[:0] = [
    path("tier-simulations/", simulations.SimulationViewSet.as_view({"post": "create"}), name="tier-simulations"),
    path("tier-comparison/", values.ComparisonViewSet.as_view({"get": "show"}), name="tier-comparison"),
    path("partners/<str:pk>/benefits/", values.OfPartnerViewSet.as_view({"get": "benefits"}), name="partner-benefits"),
    path("partners/<str:pk>/margin/", values.OfPartnerViewSet.as_view({"get": "margin"}), name="partner-margin"),
]  # fmt: skip
