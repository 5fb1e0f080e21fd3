"""What is remembered: the program's versions, what was found about each partner, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices
from core.scoping import SHARED, VENDOR, ForVendor, Tenant
from partners.models import Partner
from tiers import rules
from tiers.querysets import (
    EvaluationQuerySet,
    GraceQuerySet,
    MarginDecisionQuerySet,
    OverrideQuerySet,
    PositionQuerySet,
    ProgramQuerySet,
    ProposalQuerySet,
    StandingQuerySet,
    TakenBackQuerySet,
    TierAppealQuerySet,
    VersionQuerySet,
    WaiverQuerySet,
)

USER = settings.AUTH_USER_MODEL


class AnnouncedOnly(Tenant):
    """A version and its parts: the vendor sees all, a partner what was announced, is or was in force."""

    def __init__(self, path: str = "") -> None:
        self.path = path

    def q(self, actor: Any) -> Q:
        if actor.is_vendor:
            return Q()
        state = f"{self.path}__state" if self.path else "state"
        return Q(**{f"{state}__in": rules.ANNOUNCED}) if actor.partner_ids else Q(pk__in=())


class Program(Record):
    """A tier program. A partner is in every program that is for its category and market; the first of them by
    position is its primary one. Empty `categories` and `markets`: for all; `products`: those that its margins price.
    """

    tenant = SHARED
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=1)
    categories = models.ManyToManyField("partners.Category", blank=True, related_name="+")
    markets = models.ManyToManyField("catalog.Market", blank=True, related_name="+")
    products = models.ManyToManyField("catalog.Product", blank=True, related_name="+")

    objects = ProgramQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class ProgramVersion(Record):
    """One version of a tier program. Only a draft is changed; whatever is announced or in force never is."""

    tenant = AnnouncedOnly()
    program = models.ForeignKey(Program, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=as_choices(*rules.STATES), default=rules.DRAFT)
    settings = models.JSONField(default=dict, blank=True)
    drafted_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    announced_on = models.DateField(null=True, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["program", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "number"],
                name="one_version_per_number",
                violation_error_message=_("This program has a version of this number."),
            ),
            models.UniqueConstraint(
                fields=["program"],
                condition=Q(state=rules.ACTIVE),
                name="one_active_version",
                violation_error_message=_("Another version is in force."),
            ),
            models.UniqueConstraint(
                fields=["program", "state"],
                condition=Q(state=rules.SCHEDULED),
                name="one_scheduled_version",
                violation_error_message=_("Another version is announced already."),
            ),
            models.CheckConstraint(
                name="version_has_its_days",
                condition=Q(
                    state__in=rules.ANNOUNCED, announced_on__isnull=False, effective_from__isnull=False
                )
                | (~Q(state__in=rules.ANNOUNCED) & Q(announced_on=None, effective_from=None)),
                violation_error_message=_("An announced version has its first day, and a draft has none."),
            ),
            models.CheckConstraint(
                name="version_is_approved_by_another",
                condition=Q(drafted_by=None) | Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
                violation_error_message=_("Whoever drafted the version does not approve it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    @property
    def label(self) -> str:
        """What evaluations are sealed with: the program's code and the version's number."""
        return f"{self.program.code}/{self.number}"

    @property
    def open_moves(self) -> list[str]:
        return rules.LIFECYCLE.open_moves(self.state)

    def get_absolute_url(self) -> str:
        return f"/manage/tiers/versions/{self.pk}/"


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


class Evaluation(Record):
    """What was found about a partner for a day: facts, verdicts, version. Never changed; a replay gives the same."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="evaluations")
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


class Announcement(Record):
    """What an announced version means for one partner, as it was told, and that somebody there has read it."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="tier_announcements")
    program_version = models.ForeignKey(ProgramVersion, models.CASCADE, related_name="announcements")
    effective_from = models.DateField()
    change = models.CharField(max_length=10, choices=as_choices(*rules.CHANGES))
    held_code = models.CharField(max_length=40, blank=True)
    then_code = models.CharField(max_length=40, blank=True)
    sentences = models.JSONField(default=list, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-effective_from", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "program_version"],
                condition=Q(called_off_at=None),
                name="one_announcement_per_partner",
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.program_version}"

    def get_absolute_url(self) -> str:
        return "/portal/tier/"


class BenefitUse(Record):
    """That a partner used a benefit on a day: how often, or for how much money of the program's currency."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="benefit_uses")
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    code = models.SlugField(_("benefit"), max_length=60)
    used_on = models.DateField(_("used on"))
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    amount_minor = models.BigIntegerField(_("amount"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = TakenBackQuerySet.as_manager()

    class Meta:
        ordering = ["-used_on", "-created_at"]
        indexes = [models.Index(fields=["partner", "code", "used_on"], name="benefit_use_partner")]

    def __str__(self) -> str:
        return f"{self.partner}: {self.code}"


class TierInvestment(Record):
    """What we spent on a partner on a day: the cost side of a tier, besides margin and benefits."""

    tenant = ForVendor("partner_id")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="tier_investments")
    spent_on = models.DateField(_("spent on"))
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    program_minor = models.BigIntegerField()
    purpose = models.CharField(_("purpose"), max_length=200)
    recorded_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = TakenBackQuerySet.as_manager()

    class Meta:
        ordering = ["-spent_on", "-created_at"]
        indexes = [models.Index(fields=["partner", "spent_on"], name="tier_investment_partner")]

    def __str__(self) -> str:
        return f"{self.partner}: {self.purpose}"


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
