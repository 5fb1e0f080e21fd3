"""Conditions of an approval."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record
from deals.models.registrations import USER, Deal
from deals.querysets import ConditionQuerySet


class Condition(Record):
    """One sentence that must come true by the conditions' day; the partner answers it, the vendor ticks it off."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="conditions")
    # The decision that made it: a registration that is decided anew has other conditions, or none.
    decided_at = models.DateTimeField()
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("condition"), max_length=300)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ConditionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "decided_at", "position"],
                name="one_condition_per_position",
                violation_error_message=_("Someone else changed this at the same moment. Please look again."),
            ),
            models.CheckConstraint(
                name="answered_condition_has_words",
                condition=Q(answered_at=None) | ~Q(answer=""),
                violation_error_message=_("Say how the condition is met."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def state(self) -> str:
        if self.met_at:
            return "met"
        return "answered" if self.answered_at else "open"

    def get_absolute_url(self) -> str:
        return f"/manage/deals/{self.deal_id}/"
