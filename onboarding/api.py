"""Applications and onboarding over the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.roles import Permission as P
from core import clock
from core.api import BaseViewSet, creates, verb
from core.limits import address_of
from core.public_api import PublicEndpoint
from onboarding import actions, filters, serializers
from onboarding.doors import receive
from onboarding.models import Application, Criterion, OnboardingPlan, OnboardingTask, OnboardingTemplate
from partners.models import Category


class ApplicationViewSet(BaseViewSet):
    """Companies that want to become partners. A POST here enters one on the company's behalf."""

    queryset = Application.objects.prefetch_related("categories")
    serializer_class = serializers.ApplicationSerializer
    filterset_class = filters.ApplicationFilters
    view_permission = P.APPLICATION_VIEW
    orderings = {"created_at": "created_at", "due_at": "due_at", "legal_name": "legal_name"}

    def get_serializer_class(self) -> Any:
        return (
            serializers.ApplicationSerializer
            if self.action == "list"
            else serializers.ApplicationDetailSerializer
        )

    @creates(serializers.SubmitApplicationSerializer, permission=P.APPLICATION_DECIDE)
    def create(self, data: dict[str, Any]) -> Application:
        """Enter an application for a company; it counts once its contact confirms the address."""
        found = {c.code: c for c in Category.objects.active().filter(code__in=data["categories"])}
        chosen = [found[code] for code in data.pop("categories")]
        return actions.submit_application(
            by=self.actor, categories=chosen, origin="vendor", at=self.at, **data
        )

    @verb(permission=P.APPLICATION_DECIDE, path="resend-confirmation")
    def resend_confirmation(self, application: Application, data: dict[str, Any]) -> Application:
        """Send the confirmation letter again."""
        return actions.resend_confirmation(by=self.actor, application=application, at=self.at)

    @verb(permission=P.APPLICATION_DECIDE)
    def claim(self, application: Application, data: dict[str, Any]) -> Application:
        """Take it to review it yourself."""
        me = User.objects.get(pk=self.actor.user_id)
        return actions.assign_application(by=self.actor, application=application, reviewer=me, at=self.at)

    @verb(serializers.AssignReviewerSerializer, permission=P.APPLICATION_DECIDE)
    def assign(self, application: Application, data: dict[str, Any]) -> Application:
        """Give it to a reviewer."""
        return actions.assign_application(by=self.actor, application=application, at=self.at, **data)

    @verb(serializers.LinkApplicationSerializer, permission=P.APPLICATION_DECIDE, path="link-organization")
    def link_organization(self, application: Application, data: dict[str, Any]) -> Application:
        """Say which organization it is; null for a new one."""
        return actions.link_organization(by=self.actor, application=application, at=self.at, **data)

    @verb(serializers.ApplicationMarksSerializer, permission=P.APPLICATION_SCORE)
    def score(self, application: Application, data: dict[str, Any]) -> Application:
        """Give your marks."""
        return actions.score_application(by=self.actor, application=application, at=self.at, **data)

    @verb(serializers.ApproveApplicationSerializer, permission=P.APPLICATION_DECIDE)
    def approve(self, application: Application, data: dict[str, Any]) -> Application:
        """Make the company a partner: manager assigned, first person invited, onboarding plan started."""
        return actions.approve_application(by=self.actor, application=application, at=self.at, **data)

    @verb(serializers.RejectApplicationSerializer, permission=P.APPLICATION_DECIDE)
    def reject(self, application: Application, data: dict[str, Any]) -> Application:
        """Say no, with a reason."""
        code = data.pop("reason")
        return actions.reject_application(
            by=self.actor, application=application, reason_code=code, at=self.at, **data
        )

    @verb(serializers.WithdrawApplicationSerializer, permission=P.APPLICATION_DECIDE)
    def withdraw(self, application: Application, data: dict[str, Any]) -> Application:
        """Note that the company took it back."""
        return actions.withdraw_application(by=self.actor, application=application, at=self.at, **data)


class CriterionViewSet(BaseViewSet):
    """What applications are scored on."""

    queryset = Criterion.objects.all()
    serializer_class = serializers.CriterionSerializer
    view_permission = P.APPLICATION_VIEW
    orderings = {"position": "position", "created_at": "created_at"}
    default_ordering = "position"


class TemplateViewSet(BaseViewSet):
    """The program's lists of onboarding tasks."""

    queryset = OnboardingTemplate.objects.select_related("category").prefetch_related("tasks")
    serializer_class = serializers.OnboardingTemplateSerializer
    view_permission = P.APPLICATION_VIEW
    orderings = {"position": "position", "created_at": "created_at"}
    default_ordering = "position"


class PlanViewSet(BaseViewSet):
    """The plans of partners on their way to being active."""

    queryset = OnboardingPlan.objects.all()
    serializer_class = serializers.OnboardingPlanSerializer
    filterset_class = filters.PlanFilters
    view_permission = P.PARTNER_VIEW
    orderings = {"started_on": "started_on", "due_on": "due_on", "created_at": "created_at"}

    def get_queryset(self) -> QuerySet:
        found: QuerySet = super().get_queryset().with_progress(clock.today())
        return found

    def shown(self, record: Any, status: int = 200) -> Response:
        """With the counts, which a row fresh from an action does not carry."""
        return super().shown(self.get_queryset().get(pk=record.pk), status)

    @creates(serializers.StartPlanSerializer, permission=P.ONBOARDING_EDIT)
    def create(self, data: dict[str, Any]) -> OnboardingPlan:
        """Start a plan for a partner that has none running."""
        return actions.start_plan(by=self.actor, at=self.at, **data)

    @verb(permission=P.ONBOARDING_EDIT, match=True)
    def cancel(self, plan: OnboardingPlan, data: dict[str, Any]) -> OnboardingPlan:
        """End a plan that will not be completed."""
        return actions.cancel_plan(by=self.actor, plan=plan, at=self.at)


class TaskViewSet(BaseViewSet):
    """The tasks of plans. Each side ticks its own."""

    queryset = OnboardingTask.objects.select_related("plan").prefetch_related("depends_on")
    serializer_class = serializers.OnboardingTaskSerializer
    filterset_class = filters.TaskFilters
    view_permission = P.PARTNER_VIEW
    orderings = {"due_on": "due_on", "created_at": "created_at", "position": "position"}
    default_ordering = "due_on"

    @creates(serializers.AddTaskSerializer, permission=P.ONBOARDING_EDIT)
    def create(self, data: dict[str, Any]) -> OnboardingTask:
        """Add a task to a running plan."""
        return actions.add_task(by=self.actor, at=self.at, **data)

    @verb(serializers.CompleteTaskSerializer, permission=P.ONBOARDING_DO)
    def complete(self, task: OnboardingTask, data: dict[str, Any]) -> OnboardingTask:
        """Tick it. The vendor ticks a partner's task with a note."""
        return actions.complete_task(by=self.actor, task=task, at=self.at, **data)

    @verb(permission=P.ONBOARDING_DO)
    def reopen(self, task: OnboardingTask, data: dict[str, Any]) -> OnboardingTask:
        """Take the tick back."""
        return actions.reopen_task(by=self.actor, task=task, at=self.at)

    @verb(serializers.SkipTaskSerializer, permission=P.ONBOARDING_EDIT)
    def skip(self, task: OnboardingTask, data: dict[str, Any]) -> OnboardingTask:
        """Say that it is not needed, and why."""
        return actions.skip_task(by=self.actor, task=task, at=self.at, **data)

    @verb(serializers.MoveTaskSerializer, permission=P.ONBOARDING_EDIT)
    def move(self, task: OnboardingTask, data: dict[str, Any]) -> OnboardingTask:
        """Give it another day."""
        return actions.move_task(by=self.actor, task=task, at=self.at, **data)


class PublicApplications(PublicEndpoint):
    """Where a company applies."""

    @extend_schema(
        operation_id="public_applications_create",
        request=serializers.SubmitApplicationSerializer,
        responses={202: serializers.AnswerSerializer},
    )
    def post(self, request: Request) -> Response:
        """Apply to become a partner. The answer is the same in all cases; the rest comes by mail."""
        data = self.clean(serializers.SubmitApplicationSerializer)
        return self.write(lambda: self.received(data))

    def received(self, data: dict[str, Any]) -> Response:
        receive(place=address_of(self.request), trap="", origin="api", at=clock.now(), **data)
        return Response({"detail": _("Please confirm the address by the link in our mail.")}, status=202)


class PublicConfirmations(PublicEndpoint):
    """Where an applicant confirms the address."""

    @extend_schema(
        operation_id="public_applications_confirm",
        request=serializers.TokenSerializer,
        responses={200: serializers.AnswerSerializer},
    )
    def post(self, request: Request) -> Response:
        """Confirm the address with the token of the mail's link; it works once."""
        data = self.clean(serializers.TokenSerializer)
        return self.write(lambda: self.confirmed(data))

    def confirmed(self, data: dict[str, Any]) -> Response:
        actions.confirm_application(at=clock.now(), **data)
        return Response({"detail": _("Thank you: this address is confirmed.")})
