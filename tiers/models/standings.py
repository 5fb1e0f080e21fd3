"""Where partners stand, and the grace before a fall."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices
from partners.models import Partner
from tiers import rules
from tiers.models.evaluations import Evaluation
from tiers.models.programs import Program
from tiers.models.tiers import Tier
from tiers.querysets import (
    GraceQuerySet,
    StandingQuerySet,
)

USER = settings.AUTH_USER_MODEL


class Standing(Record):
    """A partner's tier in a program from a day on; it no longer holds on `ends_on`. Two never overlap."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="standings")
    program = models.ForeignKey(Program, models.PROTECT, related_name="standings")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="standings")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=16, choices=as_choices(*rules.REASONS))
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    objects = StandingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-created_at"]
        indexes = [models.Index(fields=["tier", "ends_on"], name="standing_tier")]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "program"],
                condition=Q(ends_on=None),
                name="one_open_standing",
                violation_error_message=_("This partner has another tier already."),
            ),
            models.CheckConstraint(
                name="standing_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A standing does not end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier} since {self.starts_on}"

    def get_absolute_url(self) -> str:
        return f"/manage/partners/{self.partner_id}/tier/"


class Grace(Record):
    """The time a partner has to win back what its tier asks for. On `ends_on` the tier falls."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="graces")
    program = models.ForeignKey(Program, models.PROTECT, related_name="graces")
    standing = models.ForeignKey(Standing, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    missing = models.JSONField(default=list, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=as_choices(*rules.OUTCOMES), blank=True)

    objects = GraceQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "program"],
                condition=Q(closed_on=None),
                name="one_open_grace",
                violation_error_message=_("A grace period runs already."),
            ),
            models.CheckConstraint(
                name="grace_closes_with_outcome",
                condition=Q(closed_on=None, outcome="") | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                violation_error_message=_("A grace period that is over has an outcome, and only such a one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} until {self.ends_on}"

    def get_absolute_url(self) -> str:
        return f"/manage/partners/{self.partner_id}/tier/"
