"""Conflict cases: two claims to one customer, what speaks for each, and what was decided."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.actors import Actor, Reach
from core.models import Record, as_choices
from core.scoping import Tenant
from core.text import normal
from deals import case_rules as rules
from deals.case_querysets import CasePartyQuerySet, ConflictCaseQuerySet
from deals.models.engagement import EngagementRules
from deals.models.registrations import USER, Deal
from partners.models import Organization, Partner, Restructuring


class OfCase(Tenant):
    """The vendor's alone, for it names both; a PSM sees those in which a partner of its own is a party."""

    def q(self, actor: Actor) -> Q:
        if actor.reach is Reach.ALL:
            return Q()
        if not actor.is_vendor:
            return Q(pk__in=())
        own = Q(partner__psm=actor.user_id) | Q(partner__isnull=False, partner__psm=None)
        return Q(pk__in=CaseParty.objects.filter(own).values("case"))


class ConflictCase(Record):
    """Who may claim a customer: two partners, or a partner and the vendor's own sales."""

    tenant = OfCase()
    number = models.CharField(max_length=16, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=list(rules.KIND_WORDS.items()))
    because = models.CharField(max_length=8, choices=list(rules.BECAUSE_WORDS.items()))
    state = models.CharField(max_length=10, choices=list(rules.STATE_WORDS.items()), default=rules.OPEN)
    # The two claims, in one order: while a case about them runs there is no second one. Business of our own sales
    # that is not recorded stands here by its words, so that two of them are two claims.
    pair = models.CharField(max_length=80, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="conflict_cases"
    )
    restructuring = models.ForeignKey(
        Restructuring, models.PROTECT, null=True, blank=True, related_name="conflict_cases"
    )
    # The version by whose rules it is decided: the one that held when the two claims met.
    engagement_rules = models.ForeignKey(
        EngagementRules, models.PROTECT, null=True, blank=True, related_name="conflict_cases"
    )
    summary = models.TextField(_("what it is about"), max_length=1000, blank=True)
    opened_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    mediator = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()

    proposed_outcome = models.CharField(max_length=8, blank=True, choices=list(rules.OUTCOME_WORDS.items()))
    proposal = models.TextField(max_length=2000, blank=True)
    proposed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)

    outcome = models.CharField(max_length=8, blank=True, choices=list(rules.OUTCOME_WORDS.items()))
    reasoning = models.TextField(max_length=2000, blank=True)
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    rule_title = models.CharField(max_length=120, blank=True)
    precedent = models.SlugField(_("precedent"), max_length=40, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(blank=True, editable=False)

    objects = ConflictCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="case_state_due"),
            models.Index(fields=["precedent"], name="case_precedent"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pair"],
                condition=Q(state__in=rules.RUNNING),
                name="one_running_case_per_pair",
                violation_error_message=_("A case about these two is running already."),
            ),
            models.CheckConstraint(
                name="case_names_both_claims",
                condition=~Q(pair__contains="direct"),
                violation_error_message=_("A case names the business of our own sales that it is about."),
            ),
            models.CheckConstraint(
                name="proposed_case_has_proposal",
                condition=~Q(state=rules.PROPOSED) | (~Q(proposed_outcome="") & ~Q(proposal="")),
                violation_error_message=_("A proposal says what should happen, and why."),
            ),
            models.CheckConstraint(
                name="decided_case_names_its_rule",
                condition=~Q(state=rules.DECIDED)
                | (
                    ~Q(outcome="")
                    & ~Q(rule="")
                    & ~Q(rule_title="")
                    & ~Q(reasoning="")
                    & Q(decided_at__isnull=False)
                ),
                violation_error_message=_("A decision names the rule that it follows, and says why."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        super().clean()
        named = (self.number, self.summary, self.precedent.replace("-", " "), self.rule_title)
        self.search_text = normal(" ".join((*named, self.reasoning, self.proposal)))

    def get_absolute_url(self) -> str:
        return f"/manage/conflict-cases/{self.pk}/"

    @property
    def open_moves(self) -> list[str]:
        return rules.CASE.open_moves(self.state)

    @property
    def is_running(self) -> bool:
        return self.state in rules.RUNNING


class CaseParty(Record):
    """One side of a case: a registration, or the vendor's own sales. All that its partner ever sees of the case."""

    tenant = "deal__partner_id"
    case = models.ForeignKey(ConflictCase, models.CASCADE, related_name="parties")
    position = models.PositiveSmallIntegerField()
    deal = models.ForeignKey(Deal, models.PROTECT, null=True, blank=True, related_name="case_parties")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="case_parties")
    direct_text = models.CharField(_("our own opportunity"), max_length=500, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    proposed_share = models.PositiveSmallIntegerField(null=True, blank=True)
    share = models.PositiveSmallIntegerField(null=True, blank=True)
    # What the decision is for this side, and what it is told in words; shown to it from then on.
    fate = models.CharField(
        max_length=8, blank=True, choices=as_choices(rules.KEEPS, rules.LOSES, rules.SHARES)
    )
    words = models.TextField(max_length=1000, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = CasePartyQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "case parties"
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="one_party_per_position"),
            models.CheckConstraint(
                name="party_is_a_deal_or_direct",
                condition=Q(deal__isnull=False, partner__isnull=False, direct_text="")
                | (Q(deal__isnull=True, partner__isnull=True) & ~Q(direct_text="")),
                violation_error_message=_("A party is a registration or our own opportunity."),
            ),
        ]

    def __str__(self) -> str:
        return self.deal.number if self.deal else str(_("our own sales"))

    def get_absolute_url(self) -> str:
        return f"/manage/conflicts/{self.pk}/"

    @property
    def portal_url(self) -> str:
        return f"/portal/conflicts/{self.pk}/"


class CaseEvidence(Record):
    """What speaks for one side, as it was given."""

    tenant = "party__deal__partner_id"
    party = models.ForeignKey(CaseParty, models.CASCADE, related_name="evidence")
    text = models.TextField(_("what happened, and when"), max_length=2000)
    given_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    is_of_vendor = models.BooleanField(default=False)

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name_plural = "case evidence"

    def __str__(self) -> str:
        return f"{self.party}: {self.text[:40]}"

    @property
    def partner(self) -> Any:
        return self.party.partner
