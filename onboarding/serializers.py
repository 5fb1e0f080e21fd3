"""Applications, templates, plans and tasks as the API reads and writes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_countries import countries
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from core.api import StrictSerializer, VisibleRelated
from onboarding import rules
from onboarding.evidence import checks_of
from onboarding.models import (
    SCHEME_CHOICES,
    SIDE_CHOICES,
    STAGE_LABELS,
    Application,
    ApplicationScore,
    Criterion,
    OnboardingPlan,
    OnboardingTask,
    OnboardingTemplate,
    TemplateTask,
)
from onboarding.scoring import scorecard_of
from partners.models import Category, Organization, Partner

COUNTRIES = [(code, str(name)) for code, name in countries]


class CriterionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Criterion
        fields = ["id", "code", "name", "question", "weight", "highest", "position", "is_active", "source"]


class ApplicationScoreSerializer(serializers.ModelSerializer):
    criterion = serializers.CharField(source="criterion.code")

    class Meta:
        model = ApplicationScore
        fields = ["criterion", "scorer", "points", "note", "changed_at"]


class ApplicationSerializer(serializers.ModelSerializer):
    """An application as lists show it."""

    categories = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Application
        fields = [
            "id", "number", "state", "origin", "legal_name", "website", "country", "identifier_scheme", "identifier",
            "categories", "intent", "contact_name", "contact_email", "contact_title", "wants_news", "organization",
            "recognised_by", "reviewer", "confirmed_at", "due_at", "decided_at", "decided_by", "reason", "comment",
            "message", "partner", "created_at", "changed_at",
        ]  # fmt: skip


class ApplicationCheckSerializer(serializers.Serializer):
    """One thing looked at."""

    name = serializers.CharField()
    verdict = serializers.ChoiceField(choices=[rules.PASS, rules.LOOK, rules.FAIL])
    sentence = serializers.CharField()


class CriterionTotalSerializer(serializers.Serializer):
    """A criterion's share of the total."""

    criterion = serializers.CharField()
    weight = serializers.IntegerField()
    mean = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    spread = serializers.IntegerField()


class ApplicationEvaluationSerializer(serializers.Serializer):
    """The marks added up: out of 100 over the criteria that have one."""

    total = serializers.IntegerField(allow_null=True)
    spread = serializers.IntegerField()
    criteria = CriterionTotalSerializer(many=True)


class ApplicationDetailSerializer(ApplicationSerializer):
    """An application with its marks and checks."""

    scores = ApplicationScoreSerializer(many=True)
    evaluation = serializers.SerializerMethodField()
    checks = serializers.SerializerMethodField()

    class Meta(ApplicationSerializer.Meta):
        fields = [*ApplicationSerializer.Meta.fields, "scores", "evaluation", "checks"]

    @extend_schema_field(ApplicationEvaluationSerializer)
    def get_evaluation(self, application: Application) -> Any:
        card = scorecard_of(application)
        lines = [
            {"criterion": x.weight.code, "weight": x.weight.weight, "mean": x.mean, "spread": x.spread}
            for x in card.lines
        ]
        return ApplicationEvaluationSerializer(
            {"total": card.total, "spread": card.spread, "criteria": lines}
        ).data

    @extend_schema_field(ApplicationCheckSerializer(many=True))
    def get_checks(self, application: Application) -> Any:
        return ApplicationCheckSerializer(checks_of(application), many=True).data


class SubmitApplicationSerializer(StrictSerializer):
    """What a company says of itself."""

    legal_name = serializers.CharField(max_length=200)
    website = serializers.URLField(max_length=200)
    country = serializers.ChoiceField(choices=COUNTRIES)
    categories = serializers.ListField(
        child=serializers.SlugField(max_length=60),
        min_length=1,
        max_length=30,
        help_text=_("Codes, the primary one first."),
    )
    intent = serializers.CharField(max_length=2000)
    contact_name = serializers.CharField(max_length=120)
    contact_email = serializers.EmailField(max_length=254)
    contact_title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    identifier_scheme = serializers.ChoiceField(choices=SCHEME_CHOICES, required=False, allow_blank=True)
    identifier = serializers.CharField(max_length=60, required=False, allow_blank=True)
    accepts_privacy = serializers.BooleanField()
    wants_news = serializers.BooleanField(required=False)

    def validate_categories(self, codes: list[str]) -> list[str]:
        known = set(Category.objects.active().filter(code__in=codes).values_list("code", flat=True))
        if unknown := [code for code in codes if code not in known]:
            raise serializers.ValidationError(_("There is no category “%s”.") % unknown[0])
        return codes


class TokenSerializer(StrictSerializer):
    token = serializers.CharField(max_length=200)


class AnswerSerializer(serializers.Serializer):
    """The one answer that every application gets."""

    detail = serializers.CharField()


class AssignReviewerSerializer(StrictSerializer):
    reviewer = VisibleRelated(queryset=User.objects.all())


class ApplicationMarkSerializer(StrictSerializer):
    points = serializers.IntegerField(min_value=1, max_value=100)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ApplicationMarksSerializer(StrictSerializer):
    marks = serializers.DictField(
        child=ApplicationMarkSerializer(), allow_empty=False, help_text=_("By the code of the criterion.")
    )

    def validate_marks(self, marks: dict[str, Any]) -> dict[str, tuple[int, str]]:
        return {code: (mark["points"], mark["note"]) for code, mark in marks.items()}


class LinkApplicationSerializer(StrictSerializer):
    organization = VisibleRelated(queryset=Organization.objects.all(), allow_null=True)


class ApplicationDecisionSerializer(StrictSerializer):
    message = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class ApproveApplicationSerializer(ApplicationDecisionSerializer):
    psm = VisibleRelated(queryset=User.objects.all())
    categories = serializers.SlugRelatedField(
        slug_field="code", many=True, allow_empty=False, queryset=Category.objects.active(),
        help_text=_("Codes, the primary one first."),
    )  # fmt: skip


class RejectApplicationSerializer(ApplicationDecisionSerializer):
    reason = serializers.SlugField(max_length=40)


class WithdrawApplicationSerializer(StrictSerializer):
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class TemplateTaskSerializer(serializers.ModelSerializer):
    class Meta:
        model = TemplateTask
        fields = ["code", "title", "stage", "side", "due_days", "depends_on", "completed_by", "position"]


class OnboardingTemplateSerializer(serializers.ModelSerializer):
    category = serializers.CharField(source="category.code", default=None)
    tasks = TemplateTaskSerializer(many=True)

    class Meta:
        model = OnboardingTemplate
        fields = ["id", "code", "name", "category", "is_active", "tasks", "source"]


class OnboardingPlanSerializer(serializers.ModelSerializer):
    """A plan with how far it is: `n_closed` of `n_required`, and `n_overdue`."""

    n_required = serializers.IntegerField(read_only=True)
    n_closed = serializers.IntegerField(read_only=True)
    n_overdue = serializers.IntegerField(read_only=True)
    readiness = serializers.SerializerMethodField()

    class Meta:
        model = OnboardingPlan
        fields = [
            "id", "partner", "template_code", "template_name", "state", "started_on", "due_on", "ended_on", "moved_at",
            "n_required", "n_closed", "n_overdue", "readiness", "created_at", "changed_at",
        ]  # fmt: skip

    def get_readiness(self, plan: Any) -> int:
        return rules.readiness(plan.n_closed, plan.n_required)


class OnboardingTaskSerializer(serializers.ModelSerializer):
    partner = serializers.UUIDField(source="plan.partner_id", read_only=True)
    depends_on = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    is_waiting = serializers.SerializerMethodField()

    class Meta:
        model = OnboardingTask
        fields = [
            "id", "plan", "partner", "code", "title", "stage", "side", "state", "is_required", "due_on", "depends_on",
            "is_waiting", "completed_by", "closed_at", "closed_by", "note", "created_at", "changed_at",
        ]  # fmt: skip

    def get_is_waiting(self, task: OnboardingTask) -> bool:
        """Whether an earlier task is still to do."""
        return not task.is_closed and any(not earlier.is_closed for earlier in task.depends_on.all())


class StartPlanSerializer(StrictSerializer):
    partner = VisibleRelated(queryset=Partner.objects.all())
    template = serializers.SlugRelatedField(
        slug_field="code", queryset=OnboardingTemplate.objects.active(), required=False, allow_null=True
    )


class AddTaskSerializer(StrictSerializer):
    plan = VisibleRelated(queryset=OnboardingPlan.objects.all())
    title = serializers.CharField(max_length=200)
    stage = serializers.ChoiceField(choices=list(STAGE_LABELS.items()))
    side = serializers.ChoiceField(choices=SIDE_CHOICES)
    due_on = serializers.DateField()
    is_required = serializers.BooleanField(required=False)
    depends_on = VisibleRelated(queryset=OnboardingTask.objects.all(), many=True, required=False)


class CompleteTaskSerializer(StrictSerializer):
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class SkipTaskSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=500)


class MoveTaskSerializer(StrictSerializer):
    due_on = serializers.DateField()
