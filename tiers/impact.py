"""What a version would change, before anything is changed: who moves, why, and what it costs a year.

`weigh` is a pure function of the old version, the new one and the facts of partners; `impact_of` reads those, with a
number of queries that does not grow with the partners. Nothing is written.

Where a partner ends up: raised at once, or by a decision that is still to be made; or, where the new version no longer
gives it its tier, in the tier that it has after the grace period. Money is counted for that end, in minor units of the
program's currency a year: margin as percent of the trailing revenue, co-marketing at the low end of what is promised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from core.actors import Actor
from core.models import Vendor
from core.ranges import from_json
from tiers import rules, wording
from tiers.facts import Facts, asks_of, facts_of, rung_of, waivers_of
from tiers.models import Grace, Override, ProgramVersion, Standing, Tier
from tiers.querysets import population
from tiers.rules import NO_WAIVERS, Finding, Rung, RungVerdict, Situation, Verdict, Waivers

Ends = tuple[int, int | None]  # low and high in minor units; None: no upper end
NO_MONEY: Ends = (0, 0)
BY_DECISION = "decision"  # a rise that waits for one
REACHED = "reached"  # a rise that the old version gives as well


# The two versions, as the weighing reads them ---------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """A tier's terms: margin in percent, co-marketing and investment a partner a year, benefits by code."""

    code: str
    name: str
    rank: int
    colour: str = ""
    band: rules.Band | None = None
    co_marketing: Ends | None = None
    investment: Ends | None = None
    starts_at: int = 0  # the revenue that it asks for, in minor units
    benefits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Side:
    """A version: its rungs, the terms of its tiers by code (lowest first), and its settings."""

    number: int
    rungs: tuple[Rung, ...]
    terms: Mapping[str, Terms]
    margin_policy: str = rules.LOW_END
    grace_days: int = 90
    gross_margin: int | None = None
    budget: Ends | None = None
    revenue_key: str = ""

    def percent(self, code: str, revenue: int) -> Decimal:
        """The margin that a tier gives at a revenue; 0 where there is no tier or it states none."""
        terms = self.terms.get(code)
        if terms is None or terms.band is None:
            return Decimal(0)
        above = next((t for t in self.terms.values() if t.rank > terms.rank), None)
        ends_at = above.starts_at if above else 2 * terms.starts_at
        return rules.margin(
            terms.band, self.margin_policy, revenue=revenue, starts_at=terms.starts_at, ends_at=ends_at
        )

    def co_marketing(self, code: str) -> Ends:
        terms = self.terms.get(code)
        return (terms.co_marketing if terms else None) or NO_MONEY

    def benefits(self, code: str) -> Mapping[str, str]:
        terms = self.terms.get(code)
        return terms.benefits if terms else {}

    def name(self, code: str) -> str:
        terms = self.terms.get(code)
        return terms.name if terms else ""


@dataclass(frozen=True)
class Case:
    """One partner: what is known of it and what it holds."""

    partner_id: UUID
    name: str
    country: str = ""
    held_code: str = ""
    held_rank: int = 0
    facts: Facts = field(default_factory=dict)
    waived: Waivers = NO_WAIVERS
    grace_ends_on: date | None = None
    is_overridden: bool = False


# What is found ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """What the new version means for one partner. `change` is one of rules.CHANGES; codes are "" for no tier.

    `reason` is the finding that decides, `reason_kind` "" or one of BY_DECISION, REACHED. Money in minor units a year.
    """

    partner_id: UUID
    name: str
    country: str
    held_code: str
    then_code: str
    change: str
    reasons: tuple[Finding, ...] = ()
    reason_kind: str = ""
    revenue: int | None = None
    percent_before: Decimal = Decimal(0)
    percent_after: Decimal = Decimal(0)
    margin: int = 0
    co_marketing: int = 0
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    takes_effect_on: date | None = None
    is_narrow: bool = False

    @property
    def is_affected(self) -> bool:
        """Whether anything that the partner has becomes another."""
        return self.change != rules.SAME or bool(
            self.margin
            or self.co_marketing
            or self.gained
            or self.lost
            or self.percent_before != self.percent_after
        )


@dataclass(frozen=True)
class Fund:
    """The year's co-marketing budget against what the tiers promise their partners then; ends in minor units."""

    budget: Ends | None
    promised: Ends
    promised_before: Ends

    @property
    def state(self) -> str:
        """ "unknown" (no budget), "fits" (also at the high end), "may_not_fit", "does_not_fit" (not at the low end)."""
        if self.budget is None:
            return "unknown"
        holds = self.budget[1] if self.budget[1] is not None else self.budget[0]
        if self.promised[0] > holds:
            return "does_not_fit"
        return "fits" if self.promised[1] is not None and self.promised[1] <= holds else "may_not_fit"


@dataclass(frozen=True)
class Cost:
    """One tier of the new version: its partners then, what they bring in a year, and what it costs to have them.

    `most` is how many partners of the tier alone the fund pays for, at the high and at the low end of its promise.
    `exceeds` says that the investment in one partner may be more than the revenue that its tier asks for.
    """

    code: str
    name: str
    partners: int
    revenue: int
    gross: int | None
    margin: int
    co_marketing: Ends
    investment: Ends
    most: tuple[int, int] | None
    exceeds: bool

    @property
    def result(self) -> tuple[int, int | None] | None:
        """What is left of the revenue's gross margin after the partners' margin, co-marketing and investment:
        at worst (None: no end to it) and at best is not told apart from the ends; (at the high costs, at the low)."""
        if self.gross is None:
            return None
        base = self.gross - self.margin
        low = base - self.co_marketing[0] - self.investment[0]
        ends = (self.co_marketing[1], self.investment[1])
        return low, None if None in ends else base - sum(end for end in ends if end is not None)


@dataclass(frozen=True)
class Impact:
    """All partners' moves and what they add up to."""

    old: Side | None
    new: Side
    moves: tuple[Move, ...]

    def count(self, change: str) -> int:
        return sum(move.change == change for move in self.moves)

    @property
    def moving(self) -> list[Move]:
        return [move for move in self.moves if move.change != rules.SAME]

    @property
    def affected(self) -> list[Move]:
        """Those for whom something becomes another: moves first, in the order up, down, grace."""
        order = {change: n for n, change in enumerate(rules.CHANGES)}
        found = [move for move in self.moves if move.is_affected]
        return sorted(found, key=lambda m: (order[m.change], -abs(m.margin), m.name, str(m.partner_id)))

    @property
    def margin(self) -> int:
        return sum(move.margin for move in self.moves)

    @property
    def co_marketing(self) -> int:
        return sum(move.co_marketing for move in self.moves)

    @property
    def matrix(self) -> Counter[tuple[str, str, str]]:
        """How many go from where to where: (held, then, change)."""
        return Counter((move.held_code, move.then_code, move.change) for move in self.moves)

    @property
    def fund(self) -> Fund:
        before = (self.old or self.new, [move.held_code for move in self.moves])
        return Fund(
            self.new.budget, _promised(self.new, [move.then_code for move in self.moves]), _promised(*before)
        )

    @property
    def costs(self) -> list[Cost]:
        """Each tier of the new version, the highest first."""
        return [self._cost(terms) for terms in sorted(self.new.terms.values(), key=lambda t: -t.rank)]

    def _cost(self, terms: Terms) -> Cost:
        there = [move for move in self.moves if move.then_code == terms.code]
        revenue = sum(move.revenue or 0 for move in there)
        gross = None if self.new.gross_margin is None else revenue * self.new.gross_margin // 100
        return Cost(
            code=terms.code,
            name=terms.name,
            partners=len(there),
            revenue=revenue,
            gross=gross,
            margin=sum(_share(move.percent_after, move.revenue) for move in there),
            co_marketing=_times(terms.co_marketing or NO_MONEY, len(there)),
            investment=_times(terms.investment or NO_MONEY, len(there)),
            most=_most(self.new.budget, terms.co_marketing),
            exceeds=_exceeds(terms),
        )


def _promised(side: Side, codes: Iterable[str]) -> Ends:
    low, high = 0, 0
    for code, n in Counter(codes).items():
        ends = side.co_marketing(code)
        low += ends[0] * n
        high = None if high is None or ends[1] is None else high + ends[1] * n  # type: ignore[assignment]
    return low, high


def _times(ends: Ends, n: int) -> Ends:
    return ends[0] * n, None if ends[1] is None else ends[1] * n


def _most(budget: Ends | None, promise: Ends | None) -> tuple[int, int] | None:
    """How many partners a budget pays for: at the promise's high end, and at its low end."""
    if budget is None or promise is None or not promise[0] or not promise[1]:
        return None
    holds = budget[1] if budget[1] is not None else budget[0]
    return holds // promise[1], holds // promise[0]


def _exceeds(terms: Terms) -> bool:
    if terms.investment is None or not terms.starts_at:
        return False
    return terms.investment[1] is None or terms.investment[1] > terms.starts_at


# The weighing -----------------------------------------------------------------------------------------------------


def weigh(old: Side | None, new: Side, cases: Iterable[Case], on: date, starts_on: date) -> Impact:
    """What the new version means for each partner, by the facts of a day. `starts_on` is its first day."""
    return Impact(old, new, tuple(_move(old, new, case, on, starts_on) for case in cases))


def _move(old: Side | None, new: Side, case: Case, on: date, starts_on: date) -> Move:
    carried = rules.counterpart(case.held_code, case.held_rank, new.rungs) if case.held_code else None
    verdict = rules.evaluate(new.rungs, case.facts, case.waived)
    before = rules.evaluate(old.rungs, case.facts, case.waived) if old else None
    then, change, is_by_decision = _ending(case, carried, verdict, on)
    if is_by_decision and _reaches(
        before, then
    ):  # it waits for its decision today; the version changes nothing in that
        then, change, is_by_decision = carried, _direction(case, carried, carried), False
    then_code = then.code if then else ""
    reasons, kind = _reasons(case, carried, then_code, change, verdict, before)
    revenue = _revenue(old, new, case)
    now = old or new
    gained, lost = _gained_and_lost(now.benefits(case.held_code), new.benefits(then_code))
    percent_before, percent_after = (
        now.percent(case.held_code, revenue or 0),
        new.percent(then_code, revenue or 0),
    )
    return Move(
        partner_id=case.partner_id,
        name=case.name,
        country=case.country,
        held_code=case.held_code,
        then_code=then_code,
        change=change,
        reasons=reasons,
        reason_kind=BY_DECISION if is_by_decision else kind,
        revenue=revenue,
        percent_before=percent_before,
        percent_after=percent_after,
        margin=_share(percent_after, revenue) - _share(percent_before, revenue),
        co_marketing=new.co_marketing(then_code)[0] - now.co_marketing(case.held_code)[0],
        gained=gained,
        lost=lost,
        takes_effect_on=rules.grace_end(starts_on, new.grace_days)
        if change == rules.INTO_GRACE
        else starts_on,
        is_narrow=change == rules.SAME and _is_narrow(verdict, then_code),
    )


def _ending(case: Case, carried: Rung | None, verdict: Verdict, on: date) -> tuple[Rung | None, str, bool]:
    """Where a partner ends up, which change that is, and whether a person decides on it."""
    held_rank = carried.rank if carried else 0
    situation = Situation(held_rank, case.grace_ends_on, held_rank if case.is_overridden else None)
    action, leads_to = rules.decide(verdict, situation, on)
    if action in (rules.INITIAL, rules.UPGRADE, rules.PROPOSED):
        return leads_to, _direction(case, carried, leads_to), action == rules.PROPOSED
    if action in (rules.GRACE, rules.IN_GRACE, rules.DOWNGRADE, rules.FALL_PROPOSED):
        is_new = case.grace_ends_on is None
        change = rules.INTO_GRACE if is_new else _direction(case, carried, carried)
        return (verdict.eligible if is_new else carried), change, False
    return carried, _direction(case, carried, carried), False


def _reaches(verdict: Verdict | None, rung: Rung | None) -> bool:
    found = verdict.of(rung.code) if verdict and rung else None
    return found is not None and found.is_reached


def _direction(case: Case, carried: Rung | None, then: Rung | None) -> str:
    """Up, down or the same: by the new version's order, where the held tier is in it; else by its old rank."""
    if then is None:
        return rules.DOWN if case.held_code else rules.SAME
    if then.code == case.held_code:
        return rules.SAME
    held_rank = carried.rank if carried and carried.code == case.held_code else case.held_rank
    return rules.UP if then.rank > held_rank else rules.DOWN


def _reasons(
    case: Case,
    carried: Rung | None,
    then_code: str,
    change: str,
    verdict: Verdict,
    before: Verdict | None,
) -> tuple[tuple[Finding, ...], str]:
    """Which requirements decide: those missing for the held tier, or those that the old version missed for the new."""
    if change == rules.INTO_GRACE and carried:
        held = verdict.of(carried.code)
        return (held.path if held else ()), ""
    if change == rules.UP:
        missed = before.of(then_code) if before else None
        if missed and missed.is_reached:
            return (), REACHED
        reached = verdict.of(then_code)
        return _decisive(missed, reached), ""
    return (), ""


def _decisive(missed: RungVerdict | None, reached: RungVerdict | None) -> tuple[Finding, ...]:
    """The new tier's requirements that the old version's tier of the same code asked more for."""
    if reached is None:
        return ()
    keys = {finding.need.key for finding in missed.open_findings} if missed else set()
    return tuple(finding for finding in reached.findings if finding.need.key in keys) or reached.findings[:1]


def _is_narrow(verdict: Verdict, code: str) -> bool:
    """Whether a tier is held with no more than a tenth to spare in some requirement."""
    found = verdict.of(code)
    if found is None:
        return False
    return any(f.verdict == rules.MET and 10 * f.spare < f.need.threshold for f in found.findings)


def _gained_and_lost(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    gained = tuple(name for code, name in after.items() if code not in before)
    return gained, tuple(name for code, name in before.items() if code not in after)


def _revenue(old: Side | None, new: Side, case: Case) -> int | None:
    key = new.revenue_key or (old.revenue_key if old else "")
    fact = case.facts.get(key)
    return fact.value if fact else None


def _share(percent: Decimal, revenue: int | None) -> int:
    return int((percent * (revenue or 0) / 100).quantize(Decimal(1), ROUND_HALF_UP))


# Reading ----------------------------------------------------------------------------------------------------------


def side_of(version: ProgramVersion) -> Side:
    """A version as the weighing reads it, in a fixed number of queries."""
    tiers = list(
        version.tiers.prefetch_related("requirements__group", "groups", "benefits__benefit").order_by("rank")
    )
    settings = version.settings
    keys = [need.key for tier in tiers for need in tier.requirements.all() if _is_money(need.key)]
    return Side(
        number=version.number,
        rungs=tuple(map(rung_of, tiers)),
        terms={tier.code: _terms(tier, is_top=tier is tiers[-1]) for tier in tiers},
        margin_policy=settings.get("margin_policy") or rules.LOW_END,
        grace_days=settings.get("downgrade_grace_days") or 0,
        gross_margin=settings.get("gross_margin_percent"),
        budget=_ends(settings.get("co_marketing_budget")),
        revenue_key=keys[0] if keys else "",
    )


def _terms(tier: Tier, is_top: bool) -> Terms:
    needs = tier.requirements.all()
    return Terms(
        code=tier.code,
        name=tier.name,
        rank=tier.rank,
        colour=tier.colour or tier.code,
        band=_band(tier.margin, is_top),
        co_marketing=_ends(tier.co_marketing),
        investment=_ends(tier.investment),
        starts_at=next((need.threshold for need in needs if _is_money(need.key)), 0),
        benefits={given.benefit.code: given.benefit.name for given in tier.benefits.all()},
    )


def _is_money(key: str) -> bool:
    return wording.unit_of(key) == "money"


def _band(stored: Any, is_top: bool) -> rules.Band | None:
    if not stored:
        return None
    band = from_json(stored)
    low = band.low if band.low is not None else Decimal(0)
    return rules.Band(low, band.high if band.high is not None else low, is_top)


def _ends(stored: Any) -> Ends | None:
    """A stored range of money; None where none is stated, or in another currency than the program's."""
    if not stored or stored.get("currency") != Vendor.current().currency:
        return None
    band = from_json(stored)
    return band.low_minor or 0, band.high_minor


def cases_of(version: ProgramVersion, others: Sequence[ProgramVersion], on: date, by: Actor) -> list[Case]:
    """The partners of the version's program that somebody sees, with the facts that these versions ask for."""
    program = version.program
    facts: dict[UUID, Facts] = {}
    for asked in (version, *others):
        for partner_id, found in facts_of(asks_of(asked), on).items():
            facts.setdefault(partner_id, {}).update(found)
    waived = waivers_of(program, on)
    held = {
        partner: (code, rank)
        for partner, code, rank in Standing.objects.in_force(on)
        .filter(program=program)
        .values_list("partner", "tier__code", "tier__rank")
    }
    graces = dict(Grace.objects.open().filter(program=program).values_list("partner", "ends_on"))
    overridden = set(Override.objects.in_force(on).filter(program=program).values_list("partner", flat=True))
    partners = population(on, program).visible_to(by).order_by("name", "pk")
    return [
        Case(
            partner_id=pk,
            name=name,
            country=str(country),
            held_code=held.get(pk, ("", 0))[0],
            held_rank=held.get(pk, ("", 0))[1],
            facts=facts.get(pk, {}),
            waived=waived.get(pk, NO_WAIVERS),
            grace_ends_on=graces.get(pk),
            is_overridden=pk in overridden,
        )
        for pk, name, country in partners.values_list("pk", "name", "country")
    ]


def impact_of(
    version: ProgramVersion, *, by: Actor, on: date, starts_on: date, against: ProgramVersion | None = None
) -> Impact:
    """What a version would change for the partners that somebody sees, against the version in force (or another)."""
    against = against or in_force_beside(version)
    cases = cases_of(version, [against] if against else [], on, by)
    old = side_of(against) if against else None
    return weigh(old, side_of(version), cases, on, starts_on)


def in_force_beside(version: ProgramVersion) -> ProgramVersion | None:
    """The version of its program that is in force; for the one in force, the one that it replaced."""
    others = version.program.versions.exclude(pk=version.pk)
    if version.state in (rules.ACTIVE, rules.SUPERSEDED):
        return others.filter(number__lt=version.number, state=rules.SUPERSEDED).order_by("-number").first()
    return others.active().first()
