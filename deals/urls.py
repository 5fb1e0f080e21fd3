"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from deals import api as endpoints
from deals.api.margins import DealMarginViewSet
from deals.views import (
    amendments,
    answers,
    appeals,
    attachments,
    bookings,
    cases,
    conditions,
    conflicts,
    credits,
    decisions,
    direct,
    engagement,
    extensions,
    figures,
    imports,
    margins,
    people,
    pipeline,
    reopening,
    requests,
    review,
    shared,
    transfers,
)
from deals.views import portal as of_portal
from deals.views import public as of_public
from deals.views import workspace as of_workspace

router = SimpleRouter()
router.register("deals", endpoints.DealViewSet, "deals")
router.register("deal-notes", endpoints.DealNoteViewSet, "deal-notes")
router.register("engagement-rules", endpoints.EngagementRulesViewSet, "engagement-rules")
router.register("appeals", endpoints.AppealViewSet, "appeals")
router.register("conditions", endpoints.ConditionViewSet, "conditions")
router.register("transfers", endpoints.TransferViewSet, "transfers")
router.register("transfer-consents", endpoints.ConsentViewSet, "transfer-consents")
router.register("amendments", endpoints.AmendmentViewSet, "amendments")
router.register("protections", endpoints.ProtectionViewSet, "protections")
router.register("extensions", endpoints.ExtensionViewSet, "extensions")
router.register("conflict-cases", endpoints.ConflictCaseViewSet, "conflict-cases")
router.register("case-parties", endpoints.CasePartyViewSet, "case-parties")
router.register("conflict-checks", endpoints.ConflictCheckViewSet, "conflict-checks")
router.register("direct-opportunities", endpoints.DirectOpportunityViewSet, "direct-opportunities")
router.register("direct-accounts", endpoints.DirectAccountViewSet, "direct-accounts")
router.register("blocked-accounts", endpoints.BlockedAccountViewSet, "blocked-accounts")
router.register("segment-policies", endpoints.SegmentPolicyViewSet, "segment-policies")
router.register("credits", endpoints.DealCreditViewSet, "credits")
router.register("bookings", endpoints.BookingViewSet, "bookings")
router.register("implementations", endpoints.ImplementationViewSet, "implementations")
router.register("deal-imports", endpoints.DealImportViewSet, "deal-imports")
router.register("deal-import-rows", endpoints.DealImportRowViewSet, "deal-import-rows")
router.register("deal-types", endpoints.DealTypeViewSet, "deal-types")
router.register("conflict-rules", endpoints.ConflictRulesViewSet, "conflict-rules")
router.register("protection-lengths", endpoints.ProtectionLengthViewSet, "protection-lengths")
router.register("stages", endpoints.StageViewSet, "stages")

# Pages of imports, for both sides; the form of a file is each side's own.
IMPORTS = {
    "deals/import/template.csv": (imports.ImportTemplate, "import-template"),
    "deal-imports/": (imports.ImportList, "deal-imports"),
    "deal-imports/<uuid:pk>/": (imports.ImportRecord, "deal-import"),
    "deal-imports/<uuid:pk>/confirm/": (imports.ConfirmImport, "confirm-import"),
    "deal-imports/<uuid:pk>/cancel/": (imports.CancelImport, "cancel-import"),
    "deal-imports/<uuid:pk>/report.csv": (imports.ImportReport, "import-report"),
}

# Moves that both sides make, by the same page.
BOTH = {
    "deals/<uuid:pk>/discard/": (shared.DiscardDraft, "discard-deal"),
    "deals/<uuid:pk>/withdraw/": (shared.WithdrawDeal, "withdraw-deal"),
    "deals/<uuid:pk>/update-stage/": (shared.UpdateStage, "update-stage"),
    "deals/<uuid:pk>/move-stage/": (pipeline.MoveStage, "move-stage"),
    "deals/<uuid:pk>/report-win/": (shared.ReportWin, "report-win"),
    "deals/<uuid:pk>/report-loss/": (shared.ReportLoss, "report-loss"),
    "deals/<uuid:pk>/request-extension/": (extensions.RequestExtension, "request-extension"),
    "deals/<uuid:pk>/request-renewal/": (extensions.RequestRenewal, "request-renewal"),
    "deals/<uuid:pk>/request-amendment/": (amendments.RequestAmendment, "request-amendment"),
    "amendments/<uuid:pk>/withdraw/": (amendments.WithdrawAmendment, "withdraw-amendment"),
    "deals/<uuid:pk>/attach/": (attachments.AttachFiles, "attach-to-deal"),
    "deals/<uuid:pk>/people/": (people.NamePeople, "name-people"),
    "deals/<uuid:pk>/report-go-live/": (shared.ReportGoLive, "report-go-live"),
    "implementations/<uuid:pk>/ask-again/": (shared.AskCustomerAgain, "ask-customer-again"),
    "implementations/<uuid:pk>/withdraw/": (shared.WithdrawGoLive, "withdraw-go-live"),
}


def both(side: str) -> list[Any]:
    return [
        path(where, page.as_view(side=side), name=name) for where, (page, name) in {**BOTH, **IMPORTS}.items()
    ]


CASE = "conflict-cases/<uuid:pk>/"
workspace: list[Any] = [
    path("direct/opportunities/", direct.OpportunityList.as_view(), name="direct-opportunities"),
    path("direct/opportunities/new/", direct.RecordOpportunity.as_view(), name="record-opportunity"),
    path(
        "direct/opportunities/import/",
        direct.ImportList.as_view(kind="opportunities"),
        name="import-opportunities",
    ),
    path("direct/opportunities/<uuid:pk>/", direct.OpportunityRecord.as_view(), name="direct-opportunity"),
    path(
        "direct/opportunities/<uuid:pk>/change/",
        direct.ChangeOpportunity.as_view(),
        name="change-opportunity",
    ),
    path("direct/accounts/", direct.AccountList.as_view(), name="direct-accounts"),
    path("direct/accounts/new/", direct.ApproveAccount.as_view(), name="approve-account"),
    path("direct/accounts/import/", direct.ImportList.as_view(kind="accounts"), name="import-accounts"),
    path("direct/accounts/refresh/", direct.RefreshAccounts.as_view(), name="refresh-accounts"),
    path("direct/accounts/<uuid:pk>/end/", direct.EndAccount.as_view(), name="end-account"),
    path("direct/blocked/", direct.BlockedList.as_view(), name="blocked-accounts"),
    path("direct/blocked/new/", direct.BlockAccount.as_view(), name="block-account"),
    path("direct/blocked/import/", direct.ImportList.as_view(kind="blocked"), name="import-blocked"),
    path("direct/blocked/<uuid:pk>/end/", direct.UnblockAccount.as_view(), name="unblock-account"),
    path("direct/policies/", direct.PolicyList.as_view(), name="segment-policies"),
    path("deals/<uuid:pk>/check-again/", conflicts.CheckAgain.as_view(), name="check-again"),
    path("conflict-cases/", cases.CaseList.as_view(), name="conflict-cases"),
    path(CASE, cases.CaseRecord.as_view(), name="conflict-case"),
    path(f"{CASE}assign/", cases.AssignMediator.as_view(), name="assign-mediator"),
    path(f"{CASE}gather/", cases.GatherEvidence.as_view(), name="gather-evidence"),
    path(f"{CASE}propose/", cases.ProposeOutcome.as_view(), name="propose-outcome"),
    path(f"{CASE}decide/", cases.DecideCase.as_view(), name="decide-case"),
    path(f"{CASE}close/", cases.CloseCase.as_view(), name="close-case"),
    path("conflicts/<uuid:pk>/note-evidence/", cases.NoteEvidence.as_view(), name="note-evidence"),
    path("deals/<uuid:pk>/open-case/", cases.OpenCase.as_view(), name="open-case"),
    path("deals/", of_workspace.DealList.as_view(), name="deals"),
    path("deals/import/", imports.ImportDeals.as_view(), name="import-deals"),
    path("deals/answers/", answers.AnswerList.as_view(), name="answers"),
    path("deals/new/", of_workspace.RegisterDeal.as_view(), name="register-deal"),
    path("deals/review/", review.ReviewQueue.as_view(), name="deal-review"),
    path("deals/review/approve/", review.ApproveDeals.as_view(), name="approve-deals"),
    path("deals/<uuid:pk>/assign/", review.AssignDeal.as_view(), name="assign-deal"),
    path("deals/<uuid:pk>/note/", review.NoteDeal.as_view(), name="note-deal"),
    path("deals/board/", pipeline.Board.as_view(), name="deal-board"),
    path("deals/forecast/", pipeline.ForecastPage.as_view(), name="deal-forecast"),
    path("deals/figures/", figures.Figures.as_view(), name="deal-figures"),
    path("deals/figures/<slug:key>/", figures.Figure.as_view(), name="deal-figure"),
    path("deals/<uuid:pk>/", of_workspace.DealRecord.as_view(), name="deal"),
    path("deals/<uuid:pk>/decide/", decisions.DecideDeal.as_view(), name="decide-deal"),
    path("deals/<uuid:pk>/letter/", decisions.DecisionLetter.as_view(), name="decision-letter"),
    path("deals/<uuid:pk>/start-review/", decisions.StartReview.as_view(), name="start-review"),
    path("deals/<uuid:pk>/link-customer/", decisions.LinkCustomer.as_view(), name="link-customer"),
    path("deals/<uuid:pk>/add-customer/", decisions.AddCustomer.as_view(), name="add-customer"),
    path("deals/<uuid:pk>/meet-conditions/", conditions.MeetConditions.as_view(), name="meet-conditions"),
    path("deals/<uuid:pk>/miss-conditions/", conditions.MissConditions.as_view(), name="miss-conditions"),
    path("deals/<uuid:pk>/revoke/", decisions.RevokeDeal.as_view(), name="revoke-deal"),
    path("deals/<uuid:pk>/reopen/", reopening.ReopenDeal.as_view(), name="reopen-deal"),
    path("deals/<uuid:pk>/propose-transfer/", transfers.ProposeTransfer.as_view(), name="propose-transfer"),
    path("extensions/", requests.ExtensionList.as_view(), name="extensions"),
    path("amendments/", requests.AmendmentList.as_view(), name="amendments"),
    path("transfers/", requests.TransferList.as_view(), name="transfers"),
    path("transfers/<uuid:pk>/", transfers.TransferRecord.as_view(), name="transfer"),
    path("transfers/<uuid:pk>/carry-out/", transfers.CarryOutTransfer.as_view(), name="carry-out-transfer"),
    path("transfers/<uuid:pk>/cancel/", transfers.CancelTransfer.as_view(), name="cancel-transfer"),
    path("amendments/<uuid:pk>/decide/", amendments.DecideAmendment.as_view(), name="decide-amendment"),
    path("deals/<uuid:pk>/book/", bookings.BookDeal.as_view(), name="book-deal"),
    path("deals/<uuid:pk>/margin/", margins.DecideDealMargin.as_view(), name="deal-margin"),
    path("deals/<uuid:pk>/credit/", credits.SetCredit.as_view(), name="set-credit"),
    path("deals/<uuid:pk>/renew/", extensions.RenewDeal.as_view(), name="renew-deal"),
    path("extensions/<uuid:pk>/decide/", extensions.DecideExtension.as_view(), name="decide-extension"),
    path("appeals/", appeals.AppealList.as_view(), name="appeals"),
    path("appeals/<uuid:pk>/", appeals.AppealRecord.as_view(), name="appeal"),
    path("appeals/<uuid:pk>/decide/", appeals.DecideAppeal.as_view(), name="decide-appeal"),
    path("rules/", engagement.RulesList.as_view(), name="rules"),
    path("rules/conflicts/", conflicts.ConflictRulesPage.as_view(), name="conflict-rules"),
    path("rules/new/", engagement.DraftRules.as_view(), name="draft-rules"),
    path("rules/<uuid:pk>/", engagement.RulesRecord.as_view(), name="rules-version"),
    path("rules/<uuid:pk>/change/", engagement.ChangeRules.as_view(), name="change-rules"),
    path("rules/<uuid:pk>/announce/", engagement.AnnounceRules.as_view(), name="announce-rules"),
    path("rules/<uuid:pk>/discard/", engagement.DiscardRules.as_view(), name="discard-rules"),
    path("bookings/", bookings.BookingList.as_view(), name="bookings"),
    path("bookings/<uuid:pk>/correct/", bookings.CorrectBooking.as_view(), name="correct-booking"),
    path("implementations/", bookings.GoLiveList.as_view(), name="implementations"),
    path("implementations/<uuid:pk>/accept/", bookings.AcceptGoLive.as_view(), name="accept-go-live"),
    *both("workspace"),
]
portal: list[Any] = [
    path("conflicts/<uuid:pk>/", cases.PartyRecord.as_view(), name="conflict"),
    path("conflicts/<uuid:pk>/give-evidence/", cases.GiveEvidence.as_view(), name="give-evidence"),
    path("rules/", engagement.PortalRules.as_view(), name="rules"),
    path("rules/conflicts/", conflicts.ConflictRulesPage.as_view(side="portal"), name="conflict-rules"),
    path("rules/<uuid:pk>/", engagement.PortalRules.as_view(), name="rules-version"),
    path("rules/segments/", direct.PortalPolicyList.as_view(), name="segment-policies"),
    path("deals/", of_portal.DealList.as_view(), name="deals"),
    path("deals/import/", imports.ImportOwnDeals.as_view(), name="import-deals"),
    path("deals/new/", of_portal.RegisterDeal.as_view(), name="register-deal"),
    path("deals/customers/", of_portal.CustomerSuggestions.as_view(), name="customer-suggestions"),
    path("deals/drafts/<uuid:pk>/", of_portal.KeepDraft.as_view(), name="keep-draft"),
    path("deals/board/", pipeline.Board.as_view(side="portal"), name="deal-board"),
    path("deals/forecast/", pipeline.ForecastPage.as_view(side="portal"), name="deal-forecast"),
    path("deals/figures/", figures.Figures.as_view(side="portal"), name="deal-figures"),
    path("deals/<uuid:pk>/", of_portal.DealRecord.as_view(), name="deal"),
    path("deals/<uuid:pk>/edit/", of_portal.EditDeal.as_view(), name="edit-deal"),
    path("deals/<uuid:pk>/appeal/", appeals.FileAppeal.as_view(), name="file-appeal"),
    path("deals/<uuid:pk>/request-transfer/", transfers.RequestTransfer.as_view(), name="request-transfer"),
    path("transfers/<uuid:pk>/", transfers.AnswerTransfer.as_view(), name="answer-transfer"),
    path("transfers/<uuid:pk>/take-back/", transfers.TakeTransferBack.as_view(), name="take-transfer-back"),
    path("credits/", credits.ShareList.as_view(), name="credits"),
    path("conditions/<uuid:pk>/answer/", conditions.AnswerCondition.as_view(), name="answer-condition"),
    path("appeals/<uuid:pk>/withdraw/", appeals.WithdrawAppeal.as_view(), name="withdraw-appeal"),
    *both("portal"),
]
public: list[Any] = [
    path("confirm/thanks/", of_public.Thanks.as_view(), name="go-live-answered"),
    path("confirm/<str:token>/", of_public.ConfirmGoLive.as_view(), name="confirm-go-live"),
]
api: list[Any] = [
    path("public/implementations/answer/", endpoints.PublicAnswers.as_view(), name="public-answers"),
    path("deal-figures/", endpoints.DealFigures.as_view({"get": "list"}), name="deal-figures"),
    path("deal-figures/<slug:key>/", endpoints.DealFigures.as_view({"get": "retrieve"}), name="deal-figure"),
    path("revenue-lenses/", endpoints.RevenueLenses.as_view({"get": "list"}), name="revenue-lenses"),
    path("pipeline/", endpoints.PipelineViewSet.as_view({"get": "list"}), name="pipeline"),
    path(
        "deals/<str:pk>/margin/",
        DealMarginViewSet.as_view({"get": "show", "post": "decide"}),
        name="deal-margin",
    ),
    path("forecast/", endpoints.ForecastViewSet.as_view({"get": "list"}), name="forecast"),
    *router.urls,
]
