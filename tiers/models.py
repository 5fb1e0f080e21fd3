"""What is remembered: the program's versions, what was found about each partner, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices
from core.scoping import Tenant
from partners.models import Partner
from tiers import rules
from tiers.querysets import EvaluationQuerySet, GraceQuerySet, StandingQuerySet, VersionQuerySet


class PublishedOnly(Tenant):
    """A version and its parts: the vendor sees all, a partner what is or was in force, never a draft."""

    def __init__(self, path: str = "") -> None:
        self.path = path

    def q(self, actor: Any) -> Q:
        if actor.is_vendor:
            return Q()
        state = f"{self.path}__state" if self.path else "state"
        return ~Q(**{state: rules.DRAFT}) if actor.partner_ids else Q(pk__in=())


class ProgramVersion(Record):
    """One version of the tier program. Published versions are never changed: a change is a new draft."""

    tenant = PublishedOnly()
    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=as_choices(*rules.STATES), default=rules.DRAFT)
    settings = models.JSONField(default=dict, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=rules.PUBLISHED),
                name="one_published_version",
                violation_error_message=_("Another version is published."),
            ),
            models.CheckConstraint(
                name="version_in_force_since",
                condition=Q(state=rules.DRAFT, effective_from=None)
                | (~Q(state=rules.DRAFT) & Q(effective_from__isnull=False)),
                violation_error_message=_("A published version has its first day, and a draft has none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    def get_absolute_url(self) -> str:
        return f"/manage/tiers/versions/{self.pk}/"


class Tier(Record):
    """A tier of a version. Ranges are kept as stated (core.ranges); None is "the document states nothing"."""

    tenant = PublishedOnly("program")
    program = models.ForeignKey(ProgramVersion, models.CASCADE, related_name="tiers")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField()
    colour = models.CharField(max_length=20, blank=True)
    margin = models.JSONField(null=True, blank=True)
    investment = models.JSONField(null=True, blank=True)
    co_marketing = models.JSONField(null=True, blank=True)
    source = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="one_tier_per_code"),
            models.UniqueConstraint(fields=["program", "rank"], name="one_tier_per_rank"),
        ]

    def __str__(self) -> str:
        return self.name


class Requirement(Record):
    """What a tier asks for: a metric held against a threshold (minor units of the program's currency, or a count)."""

    tenant = PublishedOnly("tier__program")
    tier = models.ForeignKey(Tier, models.CASCADE, related_name="requirements")
    metric = models.CharField(max_length=60)
    comparator = models.CharField(
        max_length=10, choices=as_choices(*rules.COMPARATORS), default=rules.AT_LEAST
    )
    threshold = models.BigIntegerField()
    window = models.CharField(max_length=20, choices=as_choices(*rules.WINDOWS))
    any_of = models.SlugField(max_length=40, blank=True)
    stated = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    source = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tier", "metric"], name="one_requirement_per_metric"),
        ]

    def __str__(self) -> str:
        return f"{self.tier}: {self.metric}"

    @property
    def need(self) -> rules.Need:
        return rules.Need(self.metric, self.comparator, self.threshold, self.any_of)


class Benefit(Record):
    """Something a tier may give, in a version's library."""

    tenant = PublishedOnly("program")
    program = models.ForeignKey(ProgramVersion, models.CASCADE, related_name="benefits")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    frequency = models.CharField(max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    source = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_benefit_per_code")]

    def __str__(self) -> str:
        return self.name


class TierBenefit(Record):
    """A tier gives a benefit: stated for it, or inherited from a lower tier. `amount` is a range, for money."""

    tenant = PublishedOnly("tier__program")
    tier = models.ForeignKey(Tier, models.CASCADE, related_name="benefits")
    benefit = models.ForeignKey(Benefit, models.CASCADE, related_name="+")
    is_inherited = models.BooleanField(default=False)
    amount = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["is_inherited", "benefit__position"]
        constraints = [models.UniqueConstraint(fields=["tier", "benefit"], name="one_benefit_per_tier")]

    def __str__(self) -> str:
        return f"{self.tier}: {self.benefit}"


class Evaluation(Record):
    """What was found about a partner for a day: facts, verdicts, version. Never changed; a replay gives the same."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="evaluations")
    program = models.ForeignKey(ProgramVersion, models.PROTECT, related_name="+")
    as_of = models.DateField()
    facts = models.JSONField(blank=True)
    verdict = models.JSONField()
    eligible_code = models.CharField(max_length=40, blank=True)
    held_code = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=10, choices=as_choices(*rules.ACTIONS))
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


class Position(Record):
    """Where a partner is today: its last evaluation, and when its tier is at risk if nothing new happens."""

    tenant = "partner_id"
    partner = models.OneToOneField(Partner, models.CASCADE, related_name="position")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="+")
    as_of = models.DateField()
    fingerprint = models.CharField(max_length=64)
    at_risk_on = models.DateField(null=True, blank=True)
    at_risk_metric = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.partner_id} as of {self.as_of}"


class Standing(Record):
    """A partner's tier from a day on; it no longer holds on `ends_on`. At most one is open."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="standings")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="standings")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=16, choices=as_choices(*rules.REASONS))
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, blank=True, related_name="+")

    objects = StandingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-created_at"]
        indexes = [models.Index(fields=["tier", "ends_on"], name="standing_tier")]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
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
                fields=["partner"],
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
