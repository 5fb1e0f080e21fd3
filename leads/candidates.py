"""What is known of the partners that may get a lead, asked in few queries whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from catalog.querysets import setting
from compliance.models import GateRecord
from core.clock import day
from leads import rules
from leads.models import Lead, LeadOffer, LeadProfile, RoutingRule
from leads.routing import LeadFacts, PartnerFacts, Rule
from partners.models import CategoryAssignment, Partner
from tiers.models import Tier
from tiers.querysets import partners_with_feature
from tiers.rules import LEAD_ROUTING

RECENT = timedelta(days=90)


def facts_of_lead(lead: Lead) -> LeadFacts:
    return LeadFacts(
        market=lead.market.code if lead.market else "",
        language=lead.language,
        specialty=lead.specialty.code if lead.specialty else "",
        products=frozenset(product.code for product in lead.products.all()),
    )


def rules_in_order() -> list[Rule]:
    """The program's rules as they stand, the first first; a tier's rank is that of the version in force."""
    tiers = {tier.code: tier for tier in Tier.objects.filter(program_version__state="active")}
    return [_rule(row, tiers.get(row.minimum_tier)) for row in RoutingRule.objects.active()]


def _rule(row: RoutingRule, tier: Tier | None) -> Rule:
    must = set(row.partner_must)
    return Rule(
        code=row.code,
        name=row.name,
        method=row.method,
        markets=frozenset(row.markets),
        languages=frozenset(row.languages),
        specialties=frozenset(row.specialties),
        products=frozenset(row.products),
        same_market="market" in must,
        same_language="language" in must,
        same_specialty="specialty" in must,
        same_product="product" in must,
        categories=frozenset(row.categories),
        tier_rank=tier.rank if tier else 0,
        tier_name=tier.name if tier else "",
        entitled="entitlement" in must,
        gates=frozenset(row.gates),
    )


def version_of_rules() -> int:
    return RoutingRule.objects.active().aggregate(n=Max("version_number"))["n"] or 1


def considered(lead: Lead, rules_now: Iterable[Rule], at: datetime) -> list[PartnerFacts]:
    """The active partners that are looked at: of the lead's market where every rule wants that, else all."""
    partners = Partner.objects.active().select_related("market").order_by("name", "pk")
    if lead.market_id and all(rule.same_market for rule in rules_now):
        partners = partners.filter(market=lead.market_id)
    return facts_of_partners(lead, partners, at)


def facts_of_partners(lead: Lead, partners: Any, at: datetime) -> list[PartnerFacts]:
    """Everything that the conditions ask about these partners."""
    found = list(partners)
    ids = [partner.pk for partner in found]
    known = _Known(lead, ids, at)
    return [known.of(partner) for partner in found]


class _Known:
    """The answers for a set of partners, one query per question."""

    def __init__(self, lead: Lead, ids: list[UUID], at: datetime) -> None:
        self.lead, self.capacity = lead, int(setting("lead.capacity"))
        profiles = LeadProfile.objects.filter(partner__in=ids).prefetch_related("specialties", "products")
        self.profiles = {profile.partner_id: profile for profile in profiles}
        self.categories = _sets(_categories(ids))
        passed = GateRecord.objects.filter(partner__in=ids).counting(day(at))
        self.gates = _sets(passed.values_list("partner", "gate__code"))
        held = Lead.objects.filter(partner__in=ids, state__in=rules.COUNTING).exclude(pk=lead.pk)
        self.held = _counts(held.values("partner").annotate(n=Count("pk")).order_by())
        offers = LeadOffer.objects.filter(partner__in=ids)
        recent = offers.made_since(at - RECENT).values("partner").annotate(n=Count("pk")).order_by()
        self.received = _counts(recent)
        last = offers.values("partner").annotate(last=Max("created_at")).order_by()
        self.last = {row["partner"]: row["last"] for row in last}
        entitled = partners_with_feature(LEAD_ROUTING, day(at)).filter(pk__in=ids)
        self.entitled = set(entitled.values_list("pk", flat=True))
        self.let_go = set(offers.let_go().filter(lead=lead).values_list("partner", flat=True))

    def of(self, partner: Partner) -> PartnerFacts:
        profile = self.profiles.get(partner.pk) or LeadProfile(partner=partner)
        is_stored = partner.pk in self.profiles
        languages = profile.languages or (partner.market.languages if partner.market else [])
        return PartnerFacts(
            id=partner.pk,
            name=partner.name,
            market=partner.market.code if partner.market else "",
            languages=frozenset(code.partition("-")[0] for code in languages),
            specialties=frozenset(s.code for s in profile.specialties.all()) if is_stored else frozenset(),
            products=frozenset(p.code for p in profile.products.all()) if is_stored else frozenset(),
            categories=frozenset(self.categories.get(partner.pk, ())),
            tier_rank=partner.tier_rank or 0,
            tier_name=partner.tier_name,
            is_entitled=partner.pk in self.entitled,
            gates=frozenset(self.gates.get(partner.pk, ())),
            takes_leads=profile.takes_leads,
            let_go=partner.pk in self.let_go,
            is_referrer=partner.pk == self.lead.referrer_id,
            open_leads=self.held.get(partner.pk, 0),
            capacity=self.capacity if profile.capacity is None else profile.capacity,
            weight=profile.weight or partner.tier_rank or 1,
            received=self.received.get(partner.pk, 0),
            last_at=self.last.get(partner.pk),
        )


def _categories(ids: list[UUID]) -> Iterable[tuple[UUID, str]]:
    """A partner's categories, and those that they are part of."""
    held = CategoryAssignment.objects.filter(partner__in=ids, valid_until=None)
    for partner, code, above in held.values_list("partner", "category__code", "category__parent__code"):
        yield partner, code
        if above:
            yield partner, above


def _sets(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found


def _counts(rows: Iterable[dict[str, Any]]) -> dict[UUID, int]:
    return {row["partner"]: row["n"] for row in rows}
