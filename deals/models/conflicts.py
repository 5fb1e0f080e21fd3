"""What a check for conflicts found: the candidates as they were at that moment, and factor by factor why."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices
from core.scoping import SHARED, ScopedQuerySet
from deals import conflict
from deals.models.direct import BlockedAccount, DirectAccount, DirectOpportunity, SegmentPolicy
from deals.models.registrations import Deal
from deals.querysets import ConflictCheckQuerySet, ConflictRulesQuerySet
from partners.models import CustomerKey, Organization

# What may stand on the other side of a registration.
OTHERS = ("deal", "direct_opportunity", "direct_account", "segment_policy", "blocked_account")


class DealKey(CustomerKey):
    """A key of a customer as a registration typed it. Written by `deals.keys.note_keys_of` alone."""

    pk = models.CompositePrimaryKey("key", "owner_id")
    owner = models.ForeignKey(Deal, models.CASCADE, related_name="keys")

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.key}"


class ConflictRules(Record):
    """What the program says about conflicts, under a number. A row is never changed: a new number says it anew."""

    tenant = SHARED
    number = models.PositiveIntegerField(unique=True)
    weights = models.JSONField()
    matches = models.JSONField()
    bands = models.JSONField()
    precedence = models.JSONField()
    look_back_days = models.PositiveSmallIntegerField()
    source = models.JSONField(default=dict, blank=True)

    objects = ConflictRulesQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def terms(self) -> conflict.Terms:
        return conflict.Terms(
            self.number, self.weights, self.matches, self.bands, tuple(self.precedence), self.look_back_days
        )


class ConflictCheck(Record):
    """One look for conflicts: what was found at that moment, under which rules, and the verdict."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="conflict_checks")
    rule_version = models.CharField(max_length=16)
    score = models.DecimalField(max_digits=4, decimal_places=1)
    verdict = models.CharField(max_length=8, choices=as_choices(*conflict.VERDICTS))
    # What the partner itself had won on the customer: [{id, number, won_on}], never scored.
    own_wins = models.JSONField(default=list, blank=True)

    objects = ConflictCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["deal", "-created_at"], name="check_deal")]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.verdict} ({self.score})"


class ConflictCandidate(Record):
    """One that a registration was compared with. `snapshot` keeps what a page shows of it as it was then."""

    tenant = "conflict_check__deal__partner_id"
    conflict_check = models.ForeignKey(ConflictCheck, models.CASCADE, related_name="candidates")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=as_choices(*conflict.KINDS))
    score = models.DecimalField(max_digits=4, decimal_places=1)
    verdict = models.CharField(max_length=8, choices=as_choices(*conflict.VERDICTS))
    because = models.CharField(max_length=20, choices=as_choices(*conflict.MATCH_WORDS))
    prevails = models.CharField(
        max_length=6, choices=as_choices(conflict.THEIRS, conflict.MINE, conflict.OPEN)
    )
    precedence = models.CharField(max_length=20, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    deal = models.ForeignKey(Deal, models.PROTECT, null=True, blank=True, related_name="+")
    direct_opportunity = models.ForeignKey(
        DirectOpportunity, models.PROTECT, null=True, blank=True, related_name="+"
    )
    direct_account = models.ForeignKey(DirectAccount, models.PROTECT, null=True, blank=True, related_name="+")
    segment_policy = models.ForeignKey(SegmentPolicy, models.PROTECT, null=True, blank=True, related_name="+")
    blocked_account = models.ForeignKey(
        BlockedAccount, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    snapshot = models.JSONField(default=dict)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["conflict_check", "position"], name="one_candidate_per_position"),
            models.CheckConstraint(
                name="candidate_names_one_other",
                condition=Q(deal__isnull=False)
                | Q(direct_opportunity__isnull=False)
                | Q(direct_account__isnull=False)
                | Q(segment_policy__isnull=False)
                | Q(blocked_account__isnull=False),
                violation_error_message=_("A candidate is somebody's claim."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.snapshot.get('title', '')}"

    @property
    def kind_words(self) -> str:
        return conflict.kind_words(self.kind, is_direct=self.direct_opportunity_id is not None)

    @property
    def other(self) -> Any:
        """The record on the other side."""
        return next(record for name in OTHERS if (record := getattr(self, name)))

    @property
    def other_id(self) -> Any:
        return next(pk for name in OTHERS if (pk := getattr(self, f"{name}_id")))


class ConflictFactor(Record):
    """One line of a check's arithmetic about one candidate, as it was at that moment."""

    tenant = "candidate__conflict_check__deal__partner_id"
    candidate = models.ForeignKey(ConflictCandidate, models.CASCADE, related_name="factors")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12, choices=as_choices(*conflict.FACTOR_WORDS))
    mine = models.CharField(max_length=400, blank=True)
    theirs = models.CharField(max_length=400, blank=True)
    alike = models.DecimalField(max_digits=4, decimal_places=2)
    weight = models.DecimalField(max_digits=4, decimal_places=2)
    points = models.DecimalField(max_digits=4, decimal_places=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "position"], name="one_factor_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.points}"
