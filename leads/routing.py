"""Who gets a lead: rules in order, conditions that each partner passes or fails, and one way to choose. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

ROUND_ROBIN, WEIGHTED, POOL = "round_robin", "weighted", "pool"
METHODS = (ROUND_ROBIN, WEIGHTED, POOL)
METHOD_WORDS = {
    ROUND_ROBIN: _lazy("In turn"),
    WEIGHTED: _lazy("By weight"),
    POOL: _lazy("First to accept"),
}
OFFERED, POOLED, NOBODY = "offered", "pooled", "nobody"
OUTCOMES = (OFFERED, POOLED, NOBODY)
CONDITION_WORDS = {
    "takes_leads": _lazy("Takes leads"),
    "let_go": _lazy("Has not let this lead go"),
    "referrer": _lazy("Did not refer it itself"),
    "market": _lazy("Market"),
    "language": _lazy("Language"),
    "specialty": _lazy("Specialty"),
    "product": _lazy("Products"),
    "category": _lazy("Category"),
    "tier": _lazy("Minimum tier"),
    "entitlement": _lazy("Leads as a benefit of its tier"),
    "gates": _lazy("Certification gates"),
    "capacity": _lazy("Capacity"),
}


YES_OR_NO = ("takes_leads", "let_go", "referrer")


@dataclass(frozen=True)
class LeadFacts:
    """What the rules know of a lead."""

    market: str
    language: str
    specialty: str
    products: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PartnerFacts:
    """What the rules know of a partner. Empty `specialties` or `products` are all of them."""

    id: UUID
    name: str
    market: str
    languages: frozenset[str] = frozenset()
    specialties: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    tier_rank: int = 0
    tier_name: str = ""
    is_entitled: bool = False  # its tier brings leads as a benefit
    gates: frozenset[str] = frozenset()
    takes_leads: bool = True
    let_go: bool = False
    is_referrer: bool = False
    open_leads: int = 0
    capacity: int = 0
    weight: int = 1
    received: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True)
class Rule:
    """One rule of the program. Empty sets ask nothing. `tier_rank` is the rank of the lowest tier that fits."""

    code: str
    name: str
    method: str
    # Which leads it is for
    markets: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    specialties: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    # Which partners may get them
    same_market: bool = True
    same_language: bool = True
    same_specialty: bool = True
    same_product: bool = True
    categories: frozenset[str] = frozenset()
    tier_rank: int = 0
    tier_name: str = ""
    entitled: bool = False
    gates: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Check:
    """One condition of one partner: what was needed, what was found, whether it holds."""

    code: str
    needed: str
    found: str
    passed: bool

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "needed": self.needed, "found": self.found, "passed": self.passed}


@dataclass(frozen=True)
class Considered:
    """A partner that was looked at. `note` is its place in turn, or its share."""

    partner: PartnerFacts
    checks: tuple[Check, ...]
    note: str = ""
    is_chosen: bool = False

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def failed(self) -> list[Check]:
        return [check for check in self.checks if not check.passed]


@dataclass(frozen=True)
class RuleTried:
    """A rule that was looked at in its turn: whether it is for this lead, and how many partners fit."""

    code: str
    name: str
    concerns: bool
    because: str
    fitting: int = 0

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "name": self.name, "concerns": self.concerns, "because": self.because,
                "fitting": self.fitting}  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """What the rules say: offered to one, put in the pool of several, or nobody; and why."""

    outcome: str
    rule: Rule | None
    tried: tuple[RuleTried, ...]
    considered: tuple[Considered, ...] = field(default=())

    @property
    def chosen(self) -> PartnerFacts | None:
        return next((c.partner for c in self.considered if c.is_chosen), None)


def decide(rules: Sequence[Rule], lead: LeadFacts, partners: Sequence[PartnerFacts]) -> Decision:
    """The first rule that is for this lead and that a partner fits decides. One row per partner says why or why not.

    Where no partner fits any rule, the rows are those of the last rule that is for the lead.
    """
    tried: list[RuleTried] = []
    last: tuple[Rule, tuple[Considered, ...]] | None = None
    for rule in rules:
        concerns, because = is_for(rule, lead)
        if not concerns:
            tried.append(RuleTried(rule.code, rule.name, False, because))
            continue
        considered = tuple(Considered(p, checks(rule, lead, p)) for p in partners)
        fitting = [c for c in considered if c.passed]
        tried.append(RuleTried(rule.code, rule.name, True, because, len(fitting)))
        last = (rule, considered)
        if fitting:
            outcome = POOLED if rule.method == POOL else OFFERED
            return Decision(outcome, rule, tuple(tried), chosen_by(rule.method, considered))
    rule_tried, rows = last if last else (None, ())
    return Decision(NOBODY, rule_tried, tuple(tried), rows)


def is_for(rule: Rule, lead: LeadFacts) -> tuple[bool, str]:
    """Whether a rule is for a lead, and the condition that says so or not."""
    for asked, has, words in (
        (rule.markets, {lead.market}, _("market")),
        (rule.languages, {lead.language}, _("language")),
        (rule.specialties, {lead.specialty}, _("specialty")),
        (rule.products, set(lead.products), _("product")),
    ):
        if asked and not asked & has:
            return False, _("for another %(what)s: %(asked)s") % {"what": words, "asked": _listed(asked)}
    asked_of = [_listed(a) for a in (rule.markets, rule.languages, rule.specialties, rule.products) if a]
    return True, ", ".join(asked_of) or _("for every lead")


def checks(rule: Rule, lead: LeadFacts, partner: PartnerFacts) -> tuple[Check, ...]:
    """Each condition of a rule for one partner, in the order in which people read them."""
    found = [
        Check("takes_leads", _("yes"), _("yes") if partner.takes_leads else _("no"), partner.takes_leads),
        Check("let_go", _("no"), _("yes") if partner.let_go else _("no"), not partner.let_go),
        Check("referrer", _("no"), _("yes") if partner.is_referrer else _("no"), not partner.is_referrer),
    ]
    if rule.same_market and lead.market:
        found.append(Check("market", lead.market, partner.market or _("none"), partner.market == lead.market))
    if rule.same_language and lead.language:
        speaks = lead.language in partner.languages
        found.append(Check("language", lead.language, _listed(partner.languages) or _("none"), speaks))
    if rule.same_specialty and lead.specialty:
        knows = not partner.specialties or lead.specialty in partner.specialties
        found.append(Check("specialty", lead.specialty, _listed(partner.specialties) or _("all"), knows))
    if rule.same_product and lead.products:
        sells = not partner.products or lead.products <= partner.products
        found.append(Check("product", _listed(lead.products), _listed(partner.products) or _("all"), sells))
    if rule.categories:
        fits = bool(rule.categories & partner.categories)
        found.append(
            Check("category", _listed(rule.categories), _listed(partner.categories) or _("none"), fits)
        )
    if rule.tier_rank:
        high = partner.tier_rank >= rule.tier_rank
        found.append(Check("tier", rule.tier_name, partner.tier_name or _("none"), high))
    if rule.entitled:
        has = _("yes") if partner.is_entitled else _("no")
        found.append(Check("entitlement", _("yes"), has, partner.is_entitled))
    if rule.gates:
        passed = rule.gates <= partner.gates
        has = _listed(rule.gates & partner.gates) or _("none")
        found.append(Check("gates", _listed(rule.gates), has, passed))
    room = partner.open_leads < partner.capacity
    needed = _("fewer than %(n)s open leads") % {"n": partner.capacity}
    found.append(Check("capacity", needed, _("%(n)s open") % {"n": partner.open_leads}, room))
    return tuple(found)


def chosen_by(method: str, considered: Sequence[Considered]) -> tuple[Considered, ...]:
    """The same rows, the chosen one marked; the pool marks nobody."""
    fitting = [c for c in considered if c.passed]
    if method == POOL:
        return tuple(_with(c, _("in the pool") if c.passed else "", False) for c in considered)
    order = sorted(fitting, key=_turn if method == ROUND_ROBIN else _share)
    notes = {c.partner.id: _note(method, c.partner, place, fitting) for place, c in enumerate(order, start=1)}
    first = order[0].partner.id
    return tuple(_with(c, notes.get(c.partner.id, ""), c.partner.id == first) for c in considered)


def _turn(row: Considered) -> tuple[bool, float, str, str]:
    """Whoever waits longest comes first; who never had a lead before all others."""
    last = row.partner.last_at
    return (last is not None, last.timestamp() if last else 0.0, row.partner.name, str(row.partner.id))


def _share(row: Considered) -> tuple[Decimal, bool, float, str, str]:
    """Whoever would still have the fewest leads for its weight, with this one; then whoever waits longest."""
    partner = row.partner
    return (Decimal(partner.received + 1) / max(partner.weight, 1), *_turn(row))


def _note(method: str, partner: PartnerFacts, place: int, fitting: Sequence[Considered]) -> str:
    if method == ROUND_ROBIN:
        when = _("never had one") if partner.last_at is None else f"{partner.last_at:%Y-%m-%d %H:%M} UTC"
        return _("number %(place)s in turn, last asked: %(when)s") % {"place": place, "when": when}
    share = Decimal(100 * partner.weight) / sum(c.partner.weight for c in fitting)
    words = _("weight %(weight)s, %(share)s%% of the leads; had %(n)s in 90 days")
    whole = share.quantize(Decimal(1), ROUND_HALF_UP)
    return words % {"weight": partner.weight, "share": whole, "n": partner.received}


def _with(row: Considered, note: str, is_chosen: bool) -> Considered:
    return Considered(row.partner, row.checks, note, is_chosen)


def _listed(values: Iterable[str]) -> str:
    return ", ".join(sorted(values))
