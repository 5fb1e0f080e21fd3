"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from tiers.api import decisions
from tiers.api import reading as endpoints
from tiers.api import simulation as simulations
from tiers.api import value as values
from tiers.api import versions as of_api
from tiers.views import (
    announcements,
    appealing,
    benefits,
    comparison,
    deciding,
    editor,
    margins,
    overriding,
    runs,
    simulator,
    weighing,
)
from tiers.views import portal as of_portal
from tiers.views import versions as of_versions
from tiers.views import workspace as of_workspace

router = SimpleRouter()
router.register("program-versions", of_api.ProgramVersionViewSet, "program-versions")
router.register("tiers", endpoints.TierViewSet, "tiers")
router.register("standings", endpoints.StandingViewSet, "standings")
router.register("grace-periods", endpoints.GraceViewSet, "grace-periods")
router.register("tier-programs", of_api.ProgramViewSet, "tier-programs")
router.register("tier-announcements", of_api.AnnouncementViewSet, "tier-announcements")
router.register("evaluations", endpoints.EvaluationViewSet, "evaluations")
router.register("tier-proposals", decisions.ProposalViewSet, "tier-proposals")
router.register("tier-overrides", decisions.OverrideViewSet, "tier-overrides")
router.register("tier-waivers", decisions.WaiverViewSet, "tier-waivers")
router.register("tier-appeals", decisions.TierAppealViewSet, "tier-appeals")

# A program's versions: lists, moves, the parts of a draft, and weighing it.
VERSION, TIER = "tiers/versions/<uuid:pk>/", "tiers/versions/<uuid:pk>/tiers/<slug:tier>/"
VERSIONS: list[Any] = [
    path("tiers/programs/", of_versions.ProgramList.as_view(), name="tier-programs"),
    path("tiers/programs/<uuid:pk>/", of_versions.ProgramRecord.as_view(), name="tier-program"),
    path("tiers/programs/<uuid:pk>/import/", of_versions.ImportVersion.as_view(), name="import-version"),
    path(f"{VERSION}draft/", of_versions.DraftVersion.as_view(), name="draft-version"),
    path(f"{VERSION}submit/", of_versions.SubmitVersion.as_view(), name="submit-version"),
    path(f"{VERSION}return/", of_versions.ReturnVersion.as_view(), name="return-version"),
    path(f"{VERSION}approve/", of_versions.ApproveVersion.as_view(), name="approve-version"),
    path(f"{VERSION}schedule/", of_versions.ScheduleVersion.as_view(), name="schedule-version"),
    path(f"{VERSION}call-off/", of_versions.CallOffVersion.as_view(), name="call-off-version"),
    path(f"{VERSION}export/", of_versions.ExportVersion.as_view(), name="export-version"),
    path(f"{VERSION}compare/", weighing.CompareVersions.as_view(), name="compare-versions"),
    path(f"{VERSION}diff/<str:other>/", weighing.VersionDiff.as_view(), name="version-diff"),
    path(f"{VERSION}impact/", weighing.VersionImpact.as_view(), name="version-impact"),
    path(f"{VERSION}parallel/", weighing.ParallelRun.as_view(), name="parallel-run"),
    path(f"{VERSION}announcements/", weighing.AnnouncementsOf.as_view(), name="version-announcements"),
    path(f"{VERSION}edit/", editor.EditVersion.as_view(), name="edit-version"),
    path(f"{VERSION}settings/", editor.ChangeSettings.as_view(), name="change-version-settings"),
    path(f"{VERSION}tiers/new/", editor.AddTier.as_view(), name="add-tier"),
    path(f"{VERSION}benefits/new/", editor.AddBenefit.as_view(), name="add-benefit"),
    path(f"{VERSION}benefits/<slug:code>/", editor.ChangeBenefit.as_view(), name="change-benefit"),
    path(f"{VERSION}benefits/<slug:code>/remove/", editor.RemoveBenefit.as_view(), name="remove-benefit"),
    path(TIER, editor.ChangeTier.as_view(), name="change-tier"),
    path(f"{TIER}remove/", editor.RemoveTier.as_view(), name="remove-tier"),
    path(f"{TIER}groups/new/", editor.AddGroup.as_view(), name="add-group"),
    path(f"{TIER}groups/<slug:code>/", editor.ChangeGroup.as_view(), name="change-group"),
    path(f"{TIER}groups/<slug:code>/remove/", editor.RemoveGroup.as_view(), name="remove-group"),
    path(f"{TIER}requirements/new/", editor.AddRequirement.as_view(), name="add-requirement"),
    path(f"{TIER}requirements/<int:position>/", editor.ChangeRequirement.as_view(), name="change-requirement"),
    path(f"{TIER}requirements/<int:position>/remove/", editor.RemoveRequirement.as_view(), name="remove-requirement"),
    path(f"{TIER}benefits/<slug:code>/", editor.GiveBenefit.as_view(), name="give-benefit"),
]  # fmt: skip
router.register("benefit-uses", values.BenefitUseViewSet, "benefit-uses")
router.register("tier-investments", values.InvestmentViewSet, "tier-investments")
router.register("margin-decisions", values.MarginDecisionViewSet, "margin-decisions")
router.register("tier-runs", values.RunViewSet, "tier-runs")

workspace: list[Any] = [
    path("tiers/", of_workspace.TierBoard.as_view(), name="tiers"),
    path("tiers/versions/", of_versions.VersionList.as_view(), name="program-versions"),
    path("tiers/versions/<uuid:pk>/", of_versions.VersionRecord.as_view(), name="program-version"),
    path("partners/<uuid:pk>/tier/", of_workspace.PartnerTier.as_view(), name="partner-tier"),
    path("partners/<uuid:pk>/tier/recalculate/", of_workspace.RecalculateTier.as_view(), name="recalculate-tier"),
    path("partners/<uuid:pk>/tier/rows/<str:metric>/", of_workspace.TierRows.as_view(), name="tier-rows"),
    *VERSIONS,
]  # fmt: skip
portal: list[Any] = [
    path("tier/", of_portal.MyTier.as_view(), name="tier"),
    path("tier/rows/<str:metric>/", of_portal.MyRows.as_view(), name="tier-rows"),
    path(
        "tier/announcements/<uuid:pk>/acknowledge/",
        announcements.AcknowledgeAnnouncement.as_view(),
        name="acknowledge-announcement",
    ),
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
    path(
        "program-versions/<str:pk>/content/",
        of_api.VersionContentViewSet.as_view({"get": "retrieve", "put": "update", "patch": "partial_update"}),
        name="program-version-content",
    ),
    path(
        "program-versions/<str:pk>/yaml/",
        of_api.VersionYamlViewSet.as_view({"get": "retrieve"}),
        name="program-version-yaml",
    ),
    path(
        "program-versions/<str:pk>/diff/",
        of_api.WeighingViewSet.as_view({"get": "diff"}),
        name="program-version-diff",
    ),
    path(
        "program-versions/<str:pk>/impact/",
        of_api.WeighingViewSet.as_view({"get": "impact"}),
        name="program-version-impact",
    ),
    path(
        "program-versions/<str:pk>/parallel-run/",
        of_api.WeighingViewSet.as_view({"get": "parallel_run"}),
        name="program-version-parallel-run",
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
