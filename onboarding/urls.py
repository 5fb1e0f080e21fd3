"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from onboarding import api as endpoints
from onboarding.views import applications, entry, plans
from onboarding.views import portal as of_portal
from onboarding.views import public as of_public

router = SimpleRouter()
router.register("applications", endpoints.ApplicationViewSet, "applications")
router.register("application-criteria", endpoints.CriterionViewSet, "application-criteria")
router.register("onboarding-templates", endpoints.TemplateViewSet, "onboarding-templates")
router.register("onboarding-plans", endpoints.PlanViewSet, "onboarding-plans")
router.register("onboarding-tasks", endpoints.TaskViewSet, "onboarding-tasks")

workspace: list[Any] = [
    path("applications/", applications.ApplicationList.as_view(), name="applications"),
    path("applications/new/", entry.EnterApplication.as_view(), name="enter-application"),
    path("applications/<uuid:pk>/", applications.ApplicationRecord.as_view(), name="application"),
    path(
        "applications/<uuid:pk>/letter/", applications.ApplicationLetter.as_view(), name="application-letter"
    ),
    path(
        "applications/<uuid:pk>/approve/",
        applications.ApproveApplication.as_view(),
        name="approve-application",
    ),
    path(
        "applications/<uuid:pk>/reject/", applications.RejectApplication.as_view(), name="reject-application"
    ),
    path("applications/<uuid:pk>/claim/", applications.ClaimApplication.as_view(), name="claim-application"),
    path(
        "applications/<uuid:pk>/assign/", applications.AssignApplication.as_view(), name="assign-application"
    ),
    path("applications/<uuid:pk>/score/", applications.ScoreApplication.as_view(), name="score-application"),
    path("applications/<uuid:pk>/link/", applications.LinkApplication.as_view(), name="link-application"),
    path(
        "applications/<uuid:pk>/withdraw/",
        applications.WithdrawApplication.as_view(),
        name="withdraw-application",
    ),
    path(
        "applications/<uuid:pk>/resend/",
        applications.ResendConfirmation.as_view(),
        name="resend-confirmation",
    ),
    path("onboarding/", plans.PlanList.as_view(), name="onboarding"),
    path("onboarding/<uuid:pk>/", plans.PlanRecord.as_view(), name="onboarding-plan"),
    path("onboarding/<uuid:pk>/add-task/", plans.AddTask.as_view(), name="add-onboarding-task"),
    path("onboarding/<uuid:pk>/cancel/", plans.CancelPlan.as_view(), name="cancel-onboarding"),
    path("onboarding/tasks/<uuid:pk>/done/", plans.CompleteTask.as_view(), name="complete-task"),
    path("onboarding/tasks/<uuid:pk>/reopen/", plans.ReopenTask.as_view(), name="reopen-task"),
    path("onboarding/tasks/<uuid:pk>/skip/", plans.SkipTask.as_view(), name="skip-task"),
    path("onboarding/tasks/<uuid:pk>/move/", plans.MoveTask.as_view(), name="move-task"),
    path("partners/<uuid:pk>/start-onboarding/", plans.StartPlan.as_view(), name="start-onboarding"),
]
portal: list[Any] = [
    path("onboarding/", of_portal.Checklist.as_view(), name="onboarding"),
    path("onboarding/tasks/<uuid:pk>/done/", of_portal.CompleteTask.as_view(), name="complete-task"),
    path("onboarding/tasks/<uuid:pk>/reopen/", of_portal.ReopenTask.as_view(), name="reopen-task"),
]
public: list[Any] = [
    path("apply/", of_public.Apply.as_view(), name="apply"),
    path("apply/sent/", of_public.Sent.as_view(), name="apply-sent"),
    path("apply/confirm/<str:token>/", of_public.Confirm.as_view(), name="apply-confirm"),
]
api: list[Any] = [
    path("public/applications/", endpoints.PublicApplications.as_view(), name="public-applications"),
    path(
        "public/applications/confirm/", endpoints.PublicConfirmations.as_view(), name="public-confirmations"
    ),
    *router.urls,
]
