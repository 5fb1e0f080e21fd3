"""What was found about each partner, by which run, and which finding is the last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from core.models import Record, as_choices
from core.scoping import VENDOR
from partners.models import Partner
from tiers import rules
from tiers.models.programs import Program, ProgramVersion
from tiers.querysets import (
    EvaluationQuerySet,
    PositionQuerySet,
)


class Evaluation(Record):
    """What was found about a partner for a day: facts, verdicts, version. Never changed; a replay gives the same."""

    tenant = "partner_id"
    # No index of its own: the one below begins with it.
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="evaluations", db_index=False)
    program_version = models.ForeignKey(ProgramVersion, models.PROTECT, related_name="+")
    as_of = models.DateField()
    facts = models.JSONField(blank=True)
    waived = models.JSONField(default=list, blank=True)
    verdict = models.JSONField()
    eligible_code = models.CharField(max_length=40, blank=True)
    held_code = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=14, choices=as_choices(*rules.ACTIONS))
    engine = models.CharField(max_length=10)
    fingerprint = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["-as_of", "-created_at", "-id"]
        indexes = [models.Index(fields=["partner", "-as_of", "-created_at"], name="evaluation_partner")]

    def __str__(self) -> str:
        return f"{self.partner_id} on {self.as_of}"

    @property
    def known_facts(self) -> Mapping[str, rules.Fact]:
        return {key: rules.Fact(stored["value"], stored["rows"]) for key, stored in self.facts.items()}

    @property
    def known_waivers(self) -> rules.Waivers:
        return frozenset((tier, key) for tier, key in self.waived)

    @property
    def known_fingerprint(self) -> str:
        """The fingerprint of what is stored, reckoned again."""
        return rules.fingerprint(self.program_version.label, self.known_facts, self.known_waivers)


class Position(Record):
    """Where a partner is today in a program: its last evaluation, and when its tier is at risk."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="positions", db_index=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="positions")
    is_primary = models.BooleanField(default=True)
    # Without an index of its own a new evaluation changes the row in place on PostgreSQL.
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="+", db_index=False)
    as_of = models.DateField()
    fingerprint = models.CharField(max_length=64)
    at_risk_on = models.DateField(null=True, blank=True)
    at_risk_metric = models.CharField(max_length=120, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "program"], name="one_position_per_program")
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} as of {self.as_of}"


class TierRun(Record):
    """One run over a program's partners: how far it came, what it found, how long it took."""

    tenant = VENDOR
    program = models.ForeignKey(Program, models.CASCADE, related_name="runs")
    program_version = models.ForeignKey(
        ProgramVersion, models.CASCADE, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=as_choices(*rules.RUNS))
    as_of = models.DateField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.PositiveIntegerField(default=0)
    differed = models.PositiveIntegerField(default=0)
    judged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    actions = models.JSONField(default=dict, blank=True)
    errors = models.JSONField(default=list, blank=True)
    # Partners whose stored facts were not those that the full computation gave: 0 where incremental equals full.
    missed = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["program", "-started_at"], name="tier_run_program")]

    def __str__(self) -> str:
        return f"{self.program}: {self.as_of}"

    @property
    def judged_by(self) -> str:
        """The version that the partners were held against; of runs before it was kept, the program."""
        return str(self.program_version or self.program)

    def get_absolute_url(self) -> str:
        return f"/manage/tiers/runs/{self.pk}/"

    def errors_about(self, partners: Any) -> list[dict[str, str]]:
        """The errors of partners that are among those of a queryset."""
        known = {str(pk) for pk in partners.values_list("pk", flat=True)} if self.errors else set()
        return [error for error in self.errors if error.get("partner") in known]
