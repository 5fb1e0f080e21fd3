"""What a check for conflicts found, factor by factor."""

from __future__ import annotations

from django.db import models

from core.models import Record, as_choices
from core.scoping import ScopedQuerySet
from deals import rules
from deals.models.registrations import Deal
from deals.querysets import (
    ConflictCheckQuerySet,
)


class ConflictCheck(Record):
    """One look for conflicts: what was found at that moment, under which rules, and the verdict."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="conflict_checks")
    rule_version = models.CharField(max_length=16)
    score = models.DecimalField(max_digits=4, decimal_places=1)
    verdict = models.CharField(max_length=8, choices=as_choices(*rules.VERDICTS))

    objects = ConflictCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["deal", "-created_at"], name="check_deal")]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.verdict} ({self.score})"


class ConflictFactor(Record):
    """One line of a check's arithmetic about one other registration, as it was at that moment."""

    tenant = "conflict_check__deal__partner_id"
    conflict_check = models.ForeignKey(ConflictCheck, models.CASCADE, related_name="factors")
    position = models.PositiveSmallIntegerField()
    other = models.ForeignKey(Deal, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=as_choices(*rules.KINDS))
    complete_since = models.DateField()
    protected_until = models.DateField(null=True, blank=True)
    code = models.CharField(max_length=12, choices=as_choices(*rules.FACTOR_WORDS))
    mine = models.CharField(max_length=400, blank=True)
    theirs = models.CharField(max_length=400, blank=True)
    alike = models.DecimalField(max_digits=4, decimal_places=2)
    weight = models.DecimalField(max_digits=4, decimal_places=2)
    points = models.DecimalField(max_digits=4, decimal_places=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["conflict_check", "position"], name="one_factor_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.points}"
