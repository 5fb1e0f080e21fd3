"""Appeals against refusals."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices
from deals import rules
from deals.models.registrations import USER, Deal
from deals.querysets import (
    AppealQuerySet,
)


class Appeal(Record):
    """A partner's appeal against a refusal. It keeps what was decided and by whom: someone else decides the appeal."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="appeals")
    grounds = models.TextField(_("grounds"), max_length=2000)
    submitted_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    # The decision that it is against, as it stood then: the registration may move on.
    refusal = models.CharField(max_length=16, choices=as_choices(*rules.APPEALABLE))
    refused_at = models.DateTimeField()
    first_decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    state = models.CharField(max_length=10, choices=as_choices(*rules.APPEAL_STATES), default=rules.SUBMITTED)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "due_at"], name="appeal_state_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "refused_at"],
                name="one_appeal_per_decision",
                violation_error_message=_("This decision has been appealed already."),
            ),
            models.CheckConstraint(
                name="appeal_has_second_reviewer",
                condition=Q(first_decided_by=None)
                | Q(decided_by=None)
                | ~Q(decided_by=F("first_decided_by")),
                violation_error_message=_("Whoever decided the registration does not decide its appeal."),
            ),
            models.CheckConstraint(
                name="decided_appeal_has_its_facts",
                condition=~Q(state__in=[rules.UPHELD, rules.DISMISSED]) | Q(decided_at__isnull=False),
                violation_error_message=_("A decided appeal has the instant of its decision."),
            ),
            models.CheckConstraint(
                name="dismissed_appeal_has_answer",
                condition=~Q(state=rules.DISMISSED) | ~Q(answer=""),
                violation_error_message=_("Tell the partner why."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.deal)

    def get_absolute_url(self) -> str:
        return f"/manage/appeals/{self.pk}/"

    @property
    def decide_url(self) -> str:
        return f"{self.get_absolute_url()}decide/"

    @property
    def open_moves(self) -> list[str]:
        return rules.APPEAL.open_moves(self.state)

    @property
    def is_waiting(self) -> bool:
        return self.state == rules.SUBMITTED
