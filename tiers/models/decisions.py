"""What people decide about tiers and margins."""

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
    MarginDecisionQuerySet,
    OverrideQuerySet,
    ProposalQuerySet,
    TierAppealQuerySet,
    WaiverQuerySet,
)

USER = settings.AUTH_USER_MODEL


class Override(Record):
    """A recorded decision that a partner holds a tier for a time, whatever the requirements say."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="tier_overrides")
    program = models.ForeignKey(Program, models.PROTECT, related_name="overrides")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    expires_on = models.DateField(_("holds until"))
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=16, choices=as_choices(*rules.OVERRIDE_ENDS), blank=True)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "program"],
                condition=Q(ended_on=None),
                name="one_open_override",
                violation_error_message=_("This partner's tier is overridden already."),
            ),
            models.CheckConstraint(
                name="override_expires_after_it_starts",
                condition=Q(expires_on__gt=F("starts_on")),
                violation_error_message=_("An override ends after the day on which it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier} until {self.expires_on}"

    def get_absolute_url(self) -> str:
        return f"/manage/partners/{self.partner_id}/tier/"

    @property
    def end_url(self) -> str:
        return f"/manage/tier-overrides/{self.pk}/end/"

    @property
    def state(self) -> str:
        return self.end_reason if self.ended_on else "in_force"


class Waiver(Record):
    """A recorded decision that a partner need not meet one requirement of a tier until a day."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="tier_waivers")
    program = models.ForeignKey(Program, models.PROTECT, related_name="waivers")
    tier_code = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    reason = models.CharField(_("reason"), max_length=500)
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    expires_on = models.DateField(_("holds until"))
    ended_on = models.DateField(null=True, blank=True)

    objects = WaiverQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "program", "tier_code", "key"],
                condition=Q(ended_on=None),
                name="one_open_waiver",
                violation_error_message=_("This requirement is waived already."),
            ),
            models.CheckConstraint(
                name="waiver_expires_after_it_starts",
                condition=Q(expires_on__gt=F("starts_on")),
                violation_error_message=_("A waiver ends after the day on which it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier_code}: {self.key}"

    def get_absolute_url(self) -> str:
        return f"/manage/partners/{self.partner_id}/tier/"

    @property
    def end_url(self) -> str:
        return f"/manage/tier-waivers/{self.pk}/end/"

    @property
    def state(self) -> str:
        if self.ended_on is None:
            return "in_force"
        return rules.EXPIRED if self.ended_on >= self.expires_on else rules.REVOKED


class Proposal(Record):
    """A change of a partner's tier that waits for a person: a rise by decision, or the fall after a grace period."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="tier_proposals")
    program = models.ForeignKey(Program, models.PROTECT, related_name="proposals")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=as_choices(*rules.PROPOSALS))
    from_tier = models.ForeignKey(Tier, models.PROTECT, null=True, blank=True, related_name="+")
    to_tier = models.ForeignKey(Tier, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=as_choices(*rules.PROPOSAL_STATES), default=rules.WAITING)
    proposed_on = models.DateField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(_("reason for the partner"), max_length=1000, blank=True)
    note = models.CharField(_("note for colleagues"), max_length=1000, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_on", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "program"],
                condition=Q(state=rules.WAITING),
                name="one_waiting_proposal",
                violation_error_message=_("A change of this tier waits for a decision already."),
            ),
            models.CheckConstraint(
                name="declined_proposal_has_answer",
                condition=~Q(state=rules.DECLINED) | ~Q(answer=""),
                violation_error_message=_("Tell the partner why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.to_tier or '-'}"

    def get_absolute_url(self) -> str:
        return f"/manage/tier-proposals/{self.pk}/"

    @property
    def open_moves(self) -> list[str]:
        return rules.PROPOSAL.open_moves(self.state)

    @property
    def is_waiting(self) -> bool:
        return self.state == rules.WAITING

    @property
    def decide_url(self) -> str:
        return f"{self.get_absolute_url()}decide/"


class TierAppeal(Record):
    """A partner's appeal against a grace period, a fall or a declined rise; someone who did not decide it answers."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="tier_appeals")
    program = models.ForeignKey(Program, models.PROTECT, related_name="appeals")
    against = models.CharField(max_length=10, choices=as_choices(*rules.APPEALABLE))
    # The decision that it is against: the grace period's, standing's or proposal's id.
    subject_id = models.UUIDField()
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, blank=True, related_name="+")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    grounds = models.TextField(_("grounds"), max_length=2000)
    submitted_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    first_decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=as_choices(*rules.APPEAL_STATES), default=rules.WAITING)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    upheld_until = models.DateField(_("holds the tier until"), null=True, blank=True)

    objects = TierAppealQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "due_at"], name="tier_appeal_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id"],
                name="one_appeal_per_tier_decision",
                violation_error_message=_("This decision has been appealed already."),
            ),
            models.CheckConstraint(
                name="tier_appeal_has_second_reviewer",
                condition=Q(first_decided_by=None)
                | Q(decided_by=None)
                | ~Q(decided_by=F("first_decided_by")),
                violation_error_message=_("Whoever made the decision does not decide its appeal."),
            ),
            models.CheckConstraint(
                name="dismissed_tier_appeal_has_answer",
                condition=~Q(state=rules.DISMISSED) | ~Q(answer=""),
                violation_error_message=_("Tell the partner why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.tier}"

    def get_absolute_url(self) -> str:
        return f"/manage/tier-appeals/{self.pk}/"

    @property
    def open_moves(self) -> list[str]:
        return rules.APPEAL_MOVES.open_moves(self.state)

    @property
    def is_waiting(self) -> bool:
        return self.state == rules.WAITING

    @property
    def decide_url(self) -> str:
        return f"{self.get_absolute_url()}decide/"


class MarginDecision(Record):
    """A recorded decision about the margin of a partner, or of one of its deals, in percent: negotiated within the
    band, outside of it, or for a partner without a tier."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="margin_decisions")
    deal_id = models.UUIDField(null=True, blank=True)
    percent = models.DecimalField(_("margin"), max_digits=5, decimal_places=2)
    band = models.CharField(max_length=40, blank=True)
    is_outside = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=500)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(_("holds until"), null=True, blank=True)

    objects = MarginDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                name="margin_is_a_percentage",
                condition=Q(percent__gte=0, percent__lte=100),
                violation_error_message=_("A margin lies between 0 and 100 percent."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.percent}%"

    def get_absolute_url(self) -> str:
        return f"/manage/partners/{self.partner_id}/tier/"
