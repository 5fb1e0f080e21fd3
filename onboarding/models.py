"""Applications with their marks, the program's templates, and each partner's onboarding plan with its tasks."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Coded
from core.countries import CountryField
from core.models import Record, as_choices
from core.scoping import VENDOR
from core.text import normal
from onboarding import rules
from onboarding.querysets import ApplicationQuerySet, PlanQuerySet, TaskQuerySet
from partners.models import Category, Organization, Partner
from partners.rules import SCHEMES, domain_of

STAGE_LABELS = {
    "contracting": _("Contracting"),
    "compliance": _("Compliance"),
    "enablement": _("Enablement"),
    "integration": _("Integration"),
    "launch": _("Launch"),
    "first_value": _("First value"),
}
SCHEME_LABELS = {
    "npi": _("NPI"), "ccn": _("CCN"), "ods": _("ODS code"), "duns": _("DUNS"), "lei": _("LEI"),
    "company_number": _("Company number"), "vat": _("VAT number"), "abn": _("ABN"),
    "corporate_number": _("Corporate number (Japan)"),
}  # fmt: skip
SCHEME_CHOICES = [(scheme, SCHEME_LABELS.get(scheme, scheme)) for scheme in SCHEMES]
SIDE_CHOICES = [(rules.VENDOR_SIDE, _("We do")), (rules.PARTNER_SIDE, _("The partner does"))]


class Criterion(Coded):
    """What applications are scored on: its weight (all add up to 100) and the highest mark."""

    tenant = VENDOR
    question = models.CharField(max_length=300)
    weight = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    highest = models.PositiveSmallIntegerField(default=5)

    class Meta(Coded.Meta):
        verbose_name_plural = "criteria"

    @property
    def as_weight(self) -> rules.Weight:
        return rules.Weight(self.code, self.name, self.weight, self.highest)


class Application(Record):
    """A company that wants to become a partner."""

    tenant = VENDOR
    number = models.CharField(max_length=16, unique=True, editable=False)
    state = models.CharField(
        max_length=12, choices=as_choices(*rules.APPLICATION_STATES), default=rules.UNCONFIRMED
    )
    origin = models.CharField(max_length=8, choices=as_choices(*rules.ORIGINS), default="form")
    # What the company says
    legal_name = models.CharField(_("legal name"), max_length=200)
    website = models.URLField(_("website"))
    country = CountryField(_("country"))
    identifier_scheme = models.CharField(
        _("kind of number"), max_length=20, blank=True, choices=SCHEME_CHOICES
    )
    identifier = models.CharField(_("number"), max_length=60, blank=True)
    categories = models.ManyToManyField(Category, related_name="+", verbose_name=_("categories"))
    intent = models.TextField(_("what you want to do"), max_length=2000)
    contact_name = models.CharField(_("name"), max_length=120)
    contact_email = models.EmailField(_("work e-mail"))
    contact_title = models.CharField(_("job title"), max_length=120, blank=True)
    privacy_accepted_at = models.DateTimeField()
    wants_news = models.BooleanField(default=False)
    # What we know and do
    company_key = models.CharField(max_length=253, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="applications"
    )
    recognised_by = models.CharField(max_length=12, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="reviewed_applications"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=40, blank=True)
    comment = models.CharField(_("note for colleagues"), max_length=1000, blank=True)
    message = models.CharField(_("words to the applicant"), max_length=1000, blank=True)
    partner = models.OneToOneField(Partner, models.PROTECT, null=True, blank=True, related_name="application")
    search_text = models.TextField(blank=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="application_queue"),
            models.Index(fields=["company_key"], name="application_company"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact_email", "company_key"],
                condition=Q(state__in=rules.OPEN),
                name="one_open_application",
                violation_error_message=_("This company has an open application from this address."),
            ),
            models.CheckConstraint(
                name="awaiting_application_is_due",
                condition=~Q(state__in=rules.AWAITING) | Q(due_at__isnull=False, confirmed_at__isnull=False),
                violation_error_message=_(
                    "An application that counts was confirmed and has a day of answer."
                ),
            ),
            models.CheckConstraint(
                name="approved_application_has_partner",
                condition=Q(state="approved", partner__isnull=False)
                | (~Q(state="approved") & Q(partner__isnull=True)),
                violation_error_message=_("An approved application has its partner, and only such a one."),
            ),
            models.CheckConstraint(
                name="rejected_application_has_reason",
                condition=~Q(state="rejected") | ~Q(reason=""),
                violation_error_message=_("A rejection has a reason."),
            ),
            models.CheckConstraint(
                name="identifier_has_scheme",
                condition=Q(identifier="", identifier_scheme="")
                | (~Q(identifier="") & ~Q(identifier_scheme="")),
                violation_error_message=_("Give the number and say what kind it is."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.legal_name}"

    def clean(self) -> None:
        super().clean()
        if not self.website.casefold().startswith(("http://", "https://")):
            raise ValidationError({"website": _("Enter an address that begins with https://.")})
        self.search_text = normal(f"{self.number} {self.legal_name} {self.contact_name} {self.contact_email}")

    def get_absolute_url(self) -> str:
        return f"/manage/applications/{self.pk}/"

    @property
    def is_awaiting(self) -> bool:
        return self.state in rules.AWAITING

    @property
    def mail_domain(self) -> str:
        """The domain of the contact's address, "" for shared mail."""
        return domain_of(self.contact_email)


class ApplicationScore(Record):
    """One person's mark on one criterion of an application."""

    tenant = VENDOR
    application = models.ForeignKey(Application, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    scorer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["criterion__position", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "criterion", "scorer"],
                name="one_mark_each",
                violation_error_message=_("You have scored this criterion already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.application.number} {self.criterion}: {self.points}"

    def clean(self) -> None:
        super().clean()
        if self.points and self.points > self.criterion.highest:
            text = _("The highest mark is %(highest)s.") % {"highest": self.criterion.highest}
            raise ValidationError({"points": text})


class OnboardingTemplate(Coded):
    """The program's list of onboarding tasks for a category; without a category the general one."""

    tenant = VENDOR
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")


class TemplateTask(Record):
    """One task of a template, due so many days after the start."""

    tenant = VENDOR
    template = models.ForeignKey(OnboardingTemplate, models.CASCADE, related_name="tasks")
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    stage = models.CharField(max_length=20, choices=list(STAGE_LABELS.items()))
    side = models.CharField(max_length=8, choices=SIDE_CHOICES)
    due_days = models.PositiveSmallIntegerField()
    depends_on = models.JSONField(default=list, blank=True)
    completed_by = models.CharField(max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "code"], name="one_template_task_per_code")
        ]

    def __str__(self) -> str:
        return self.title


class OnboardingPlan(Record):
    """A partner's way from the approval to its activation; one runs at a time."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="onboarding_plans")
    template_code = models.CharField(max_length=60)
    template_name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=as_choices(*rules.PLAN_STATES), default=rules.RUNNING)
    started_on = models.DateField()
    moved_at = models.DateTimeField()
    due_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-started_on"]
        indexes = [models.Index(fields=["state", "moved_at"], name="plan_movement")]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(state="running"),
                name="one_running_plan",
                violation_error_message=_("This partner has a running onboarding plan already."),
            ),
            models.CheckConstraint(
                name="ended_plan_has_day",
                condition=Q(state="running", ended_on__isnull=True)
                | (~Q(state="running") & Q(ended_on__isnull=False)),
                violation_error_message=_("A plan that ended has a last day, and only such a plan."),
            ),
            models.CheckConstraint(
                name="plan_ends_after_start",
                condition=Q(due_on__gte=F("started_on")),
                violation_error_message=_("A plan is due on or after the day it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.template_name}"

    def get_absolute_url(self) -> str:
        return f"/manage/onboarding/{self.pk}/"


class OnboardingTask(Record):
    """One thing to do in a plan, by one side, after the tasks that it depends on."""

    tenant = "plan__partner_id"
    plan = models.ForeignKey(OnboardingPlan, models.CASCADE, related_name="tasks")
    code = models.SlugField(max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=200)
    stage = models.CharField(_("stage"), max_length=20, choices=list(STAGE_LABELS.items()))
    side = models.CharField(_("who does it"), max_length=8, choices=SIDE_CHOICES)
    state = models.CharField(max_length=8, choices=as_choices(*rules.TASK_STATES), default=rules.TO_DO)
    is_required = models.BooleanField(_("needed to finish"), default=True)
    due_on = models.DateField(_("due on"))
    due_at = models.DateTimeField(editable=False)
    depends_on = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="unlocks")
    completed_by = models.CharField(max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        indexes = [models.Index(fields=["side", "state", "due_at"], name="task_queue")]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], condition=~Q(code=""), name="one_task_per_code"),
            models.CheckConstraint(
                name="closed_task_has_instant",
                condition=Q(state="todo", closed_at__isnull=True)
                | (~Q(state="todo") & Q(closed_at__isnull=False)),
                violation_error_message=_("A closed task says when it was closed."),
            ),
            models.CheckConstraint(
                name="skipped_task_has_reason",
                condition=~Q(state="skipped") | ~Q(note=""),
                violation_error_message=_("Say why this is skipped."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/manage/onboarding/{self.plan_id}/#task-{self.pk}"

    @property
    def is_closed(self) -> bool:
        return self.state != rules.TO_DO

    @property
    def closed_itself(self) -> bool:
        """Ticked by a fact, not by a person."""
        return self.state == rules.DONE and self.closed_by_id is None

    def is_late(self, on: date) -> bool:
        return self.state == rules.TO_DO and self.due_on < on
