"""Amendments of what was approved."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices
from deals import rules
from deals.models.registrations import USER, Deal
from deals.querysets import AmendmentQuerySet


class Amendment(Record):
    """A partner's request to change what was approved: per fact the old value and the new one; and the answer."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="amendments")
    # {fact: {"old": …, "new": …}} as `deals.amending` writes values down.
    changes = models.JSONField()
    reason = models.TextField(_("why"), max_length=1000)
    requested_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(
        max_length=10, choices=as_choices(*rules.AMENDMENT_STATES), default=rules.REQUESTED
    )
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    refusal = models.CharField(max_length=40, blank=True)
    comment = models.TextField(max_length=1000, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "due_at"], name="amendment_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(state=rules.REQUESTED),
                name="one_waiting_amendment",
                violation_error_message=_("A change is waiting for an answer already."),
            ),
            models.CheckConstraint(
                name="refused_amendment_has_reason",
                condition=~Q(state=rules.REFUSED) | ~Q(refusal=""),
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal.number} {self.deal.customer_name}"

    @property
    def open_moves(self) -> list[str]:
        return rules.AMENDMENT.open_moves(self.state)

    @property
    def decide_url(self) -> str:
        return f"/manage/amendments/{self.pk}/decide/"

    def get_absolute_url(self) -> str:
        return f"/manage/deals/{self.deal_id}/"
