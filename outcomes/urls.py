"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from outcomes import api as endpoints
from outcomes.views import portal as of_portal
from outcomes.views import workspace as of_workspace

router = SimpleRouter()
router.register("satisfaction-answers", endpoints.SatisfactionAnswerViewSet, "satisfaction-answers")
router.register("contributions", endpoints.ContributionViewSet, "contributions")

workspace: list[Any] = [
    path("satisfaction/", of_workspace.SatisfactionList.as_view(), name="satisfaction"),
    path("satisfaction/new/", of_workspace.RecordAnswer.as_view(), name="record-answer"),
    path("satisfaction/import/", of_workspace.ImportAnswers.as_view(), name="import-answers"),
    path("satisfaction/<uuid:pk>/", of_workspace.AnswerRecord.as_view(), name="satisfaction-answer"),
    path("satisfaction/<uuid:pk>/withdraw/", of_workspace.WithdrawAnswer.as_view(), name="withdraw-answer"),
    path("contributions/", of_workspace.ContributionList.as_view(), name="contributions"),
    path("contributions/new/", of_workspace.RecordContribution.as_view(), name="record-contribution"),
    path("contributions/import/", of_workspace.ImportContributions.as_view(), name="import-contributions"),
    path("contributions/<uuid:pk>/", of_workspace.ContributionRecord.as_view(), name="contribution"),
    path("contributions/<uuid:pk>/verify/", of_workspace.VerifyContribution.as_view(), name="verify-contribution"),
    path("contributions/<uuid:pk>/decline/", of_workspace.DeclineContribution.as_view(), name="decline-contribution"),
]  # fmt: skip
portal: list[Any] = [
    path("satisfaction/", of_portal.SatisfactionList.as_view(), name="satisfaction"),
    path("satisfaction/<uuid:pk>/", of_portal.AnswerRecord.as_view(), name="satisfaction-answer"),
    path("contributions/", of_portal.ContributionList.as_view(), name="contributions"),
    path("contributions/new/", of_portal.TellOfContribution.as_view(), name="tell-of-contribution"),
    path("contributions/<uuid:pk>/", of_portal.ContributionRecord.as_view(), name="contribution"),
]
public: list[Any] = []
api: list[Any] = router.urls
