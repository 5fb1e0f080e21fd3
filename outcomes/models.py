"""What is remembered of customers' answers and of partners' contributions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices
from core.text import normal
from outcomes import rules
from outcomes.querysets import AnswerQuerySet, ContributionQuerySet
from partners.models import Organization, Partner

USER = settings.AUTH_USER_MODEL


class SatisfactionAnswer(Record):
    """One customer's dated answer about one partner, on the scale on which it was given. Withdrawn, never deleted."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="answers", verbose_name=_("partner"))
    customer = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("customer"))
    answered_on = models.DateField(_("answered on"))
    question = models.CharField(_("question"), max_length=12, choices=list(rules.QUESTIONS.items()))
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2)
    scale_low = models.DecimalField(_("lowest"), max_digits=7, decimal_places=2)
    scale_high = models.DecimalField(_("highest"), max_digits=7, decimal_places=2)
    # The score on a scale from 0 to 100, so that answers on different scales are compared in whole numbers.
    percent = models.PositiveSmallIntegerField(editable=False)
    respondent_role = models.CharField(_("role of who answered"), max_length=80, blank=True)
    source = models.CharField(max_length=8, choices=as_choices(*rules.SOURCES), default=rules.ENTERED)
    external_ref = models.CharField(_("reference"), max_length=100, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawal_reason = models.CharField(max_length=40, blank=True)
    withdrawal_comment = models.CharField(max_length=500, blank=True)
    # Set on the way out where a request is answered with an answer that was there already.
    is_repeat = False

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["-answered_on", "-id"]
        indexes = [
            models.Index(fields=["partner", "answered_on"], name="answer_partner_day"),
            models.Index(fields=["answered_on", "id"], name="answer_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "external_ref"],
                condition=~Q(external_ref=""),
                name="one_answer_per_reference",
                violation_error_message=_("There is an answer with this reference already."),
            ),
            models.CheckConstraint(
                name="answer_lies_on_its_scale",
                condition=Q(
                    scale_low__lt=F("scale_high"), score__gte=F("scale_low"), score__lte=F("scale_high")
                ),
                violation_error_message=_("The score lies between the ends of its scale."),
            ),
            models.CheckConstraint(
                name="answer_percent_is_a_percentage", condition=Q(percent__gte=0, percent__lte=100)
            ),
            models.CheckConstraint(
                name="withdrawn_answer_has_reason",
                condition=Q(withdrawn_on=None) | ~Q(withdrawal_reason=""),
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_question_display()}, {self.said}"

    @property
    def said(self) -> str:
        """The score on its scale: “9 of 0–10”."""
        low, high = plain(self.scale_low), plain(self.scale_high)
        return _("%(score)s on %(low)s–%(high)s") % {"score": plain(self.score), "low": low, "high": high}

    @property
    def state(self) -> str:
        return "withdrawn" if self.withdrawn_on else "valid"

    def get_absolute_url(self) -> str:
        return f"/manage/satisfaction/{self.pk}/"


def plain(number: object) -> str:
    """A decimal without idle zeros."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


class ValueContribution(Record):
    """Something of worth that a partner gave besides revenue. It counts once another person has verified it."""

    tenant = "partner_id"
    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="contributions", verbose_name=_("partner")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=list(rules.KINDS.items()))
    title = models.CharField(_("title"), max_length=200)
    customer = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    occurred_on = models.DateField(_("happened on"))
    quantity = models.PositiveSmallIntegerField(_("how many"), default=1)
    evidence = models.CharField(_("evidence"), max_length=400, blank=True)
    evidence_url = models.URLField(_("link"), max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=as_choices(*rules.STATES), default=rules.RECORDED)
    source = models.CharField(max_length=8, choices=as_choices(*rules.SOURCES), default=rules.ENTERED)
    external_ref = models.CharField(_("reference"), max_length=100, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    verified_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    verified_on = models.DateField(null=True, blank=True)
    declined_on = models.DateField(null=True, blank=True)
    decline_reason = models.CharField(_("why not"), max_length=400, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    is_repeat = False

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_on", "-id"]
        indexes = [
            models.Index(fields=["partner", "kind", "occurred_on"], name="contribution_partner_kind"),
            models.Index(fields=["state", "occurred_on", "id"], name="contribution_state"),
            models.Index(fields=["occurred_on", "id"], name="contribution_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "external_ref"],
                condition=~Q(external_ref=""),
                name="one_contribution_per_reference",
                violation_error_message=_("There is a contribution with this reference already."),
            ),
            models.CheckConstraint(
                name="contribution_quantity_is_sane",
                condition=Q(quantity__gte=1, quantity__lte=rules.MOST_AT_ONCE),
                violation_error_message=_("Enter how many, from 1 to 1,000."),
            ),
            models.CheckConstraint(
                name="verified_contribution_has_day",
                condition=~Q(state=rules.VERIFIED) | Q(verified_on__isnull=False),
            ),
            models.CheckConstraint(
                name="declined_contribution_has_reason",
                condition=~Q(state=rules.DECLINED) | (Q(declined_on__isnull=False) & ~Q(decline_reason="")),
                violation_error_message=_("Say why it is not counted."),
            ),
            models.CheckConstraint(
                name="somebody_else_verifies",
                condition=Q(verified_by=None) | Q(recorded_by=None) | ~Q(verified_by=F("recorded_by")),
                violation_error_message=_("Another person than the one who recorded it verifies it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        self.search_text = normal(self.title)

    @property
    def open_moves(self) -> list[str]:
        return rules.LIFECYCLE.open_moves(self.state)

    def get_absolute_url(self) -> str:
        return f"/manage/contributions/{self.pk}/"
