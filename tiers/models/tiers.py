"""A version's tiers: what each asks for and what it gives."""

from __future__ import annotations

from django.db import models

from core.models import Record, as_choices
from tiers import rules
from tiers.models.programs import AnnouncedOnly, ProgramVersion


class Tier(Record):
    """A tier of a version. Ranges are kept as stated (core.ranges); None is "the document states nothing"."""

    tenant = AnnouncedOnly("program_version")
    program_version = models.ForeignKey(ProgramVersion, models.CASCADE, related_name="tiers")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField()
    colour = models.CharField(max_length=20, blank=True)
    upgrade = models.CharField(max_length=10, choices=as_choices(*rules.POLICIES), default=rules.AT_ONCE)
    margin = models.JSONField(null=True, blank=True)
    investment = models.JSONField(null=True, blank=True)
    co_marketing = models.JSONField(null=True, blank=True)
    source = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["program_version", "code"], name="one_tier_per_code"),
            models.UniqueConstraint(fields=["program_version", "rank"], name="one_tier_per_rank"),
        ]

    def __str__(self) -> str:
        return self.name


class RequirementGroup(Record):
    """Requirements of a tier that belong together: all, any one, or n of them are needed."""

    tenant = AnnouncedOnly("tier__program_version")
    tier = models.ForeignKey(Tier, models.CASCADE, related_name="groups")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    rule = models.CharField(max_length=6, choices=as_choices(*rules.GROUP_RULES))
    n = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["tier", "code"], name="one_group_per_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def as_rule(self) -> rules.Group:
        return rules.Group(self.code, self.rule, self.n, self.name)


class Requirement(Record):
    """What a tier asks for: a metric held against a threshold (minor units of the program's currency, or a count).

    `key` names the fact (tiers.facts.fact_key). `evidence` says how it is shown; a requirement that `is_waivable` may
    be waived for one partner by a recorded decision.
    """

    tenant = AnnouncedOnly("tier__program_version")
    tier = models.ForeignKey(Tier, models.CASCADE, related_name="requirements")
    group = models.ForeignKey(
        RequirementGroup, models.CASCADE, null=True, blank=True, related_name="requirements"
    )
    key = models.CharField(max_length=120)
    metric = models.CharField(max_length=60)
    comparator = models.CharField(
        max_length=10, choices=as_choices(*rules.COMPARATORS), default=rules.AT_LEAST
    )
    threshold = models.BigIntegerField()
    window = models.CharField(max_length=20, choices=as_choices(*rules.WINDOWS))
    scope = models.CharField(max_length=10, choices=as_choices(*rules.SCOPES), default=rules.PARTNER)
    evidence = models.CharField(max_length=12, choices=as_choices(*rules.EVIDENCE), default=rules.AUTO)
    weight = models.PositiveSmallIntegerField(default=1)
    is_waivable = models.BooleanField(default=True)
    stated = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    source = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tier", "key"], name="one_requirement_per_fact"),
        ]

    def __str__(self) -> str:
        return f"{self.tier}: {self.metric}"

    @property
    def need(self) -> rules.Need:
        group = self.group.code if self.group else ""
        return rules.Need(self.key, self.comparator, self.threshold, group, self.metric, self.weight)


class Benefit(Record):
    """Something a tier may give, in a version's library.

    `feature` is what the benefit switches on in the product; `frequency` the period after which a quantity starts anew.
    """

    tenant = AnnouncedOnly("program_version")
    program_version = models.ForeignKey(ProgramVersion, models.CASCADE, related_name="benefits")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    frequency = models.CharField(max_length=20, choices=as_choices(*rules.PERIODS), blank=True)
    feature = models.CharField(max_length=20, choices=as_choices(*rules.FEATURES), blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    source = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["program_version", "code"], name="one_benefit_per_code")
        ]

    def __str__(self) -> str:
        return self.name


class TierBenefit(Record):
    """A tier gives a benefit: stated for it, or inherited from a lower tier.

    `amount` is a range, for money; `quantity` how often in a period (None: no limit); `hours` a time of answer.
    """

    tenant = AnnouncedOnly("tier__program_version")
    tier = models.ForeignKey(Tier, models.CASCADE, related_name="benefits")
    benefit = models.ForeignKey(Benefit, models.CASCADE, related_name="+")
    is_inherited = models.BooleanField(default=False)
    amount = models.JSONField(null=True, blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    hours = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["is_inherited", "benefit__position"]
        constraints = [models.UniqueConstraint(fields=["tier", "benefit"], name="one_benefit_per_tier")]

    def __str__(self) -> str:
        return f"{self.tier}: {self.benefit}"
