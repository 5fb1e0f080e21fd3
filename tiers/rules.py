"""The one rule of tiers: a program version and facts in, a verdict out; and what follows from it for a standing.

A partner is eligible for the highest tier whose own requirements are met, whatever it held before, so one evaluation
may raise it by several tiers: whoever has earned Gold need not wait a night as Silver. It is never lowered at once:
first comes a grace period with what is missing, and only when that is over and the tier is still not reached does the
tier fall. No facts is "no data", which meets nothing, and is not zero: the requirement is not judged.

A tier's requirements stand alone, and then each is needed, or in groups: all of a group, any one, or n of them. A
requirement may be waived for a partner by a recorded decision; then it counts as met, and the verdict says "waived".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from django.utils.functional import cached_property  # without the lock of functools'

from core.lifecycle import Lifecycle

ENGINE = "2.1"  # changes with every change of a verdict's meaning or of its seal; kept on each evaluation

DRAFT, IN_REVIEW, APPROVED, SCHEDULED, ACTIVE, SUPERSEDED = (
    "draft", "in_review", "approved", "scheduled", "active", "superseded",
)  # fmt: skip
STATES = (DRAFT, IN_REVIEW, APPROVED, SCHEDULED, ACTIVE, SUPERSEDED)
ANNOUNCED = (SCHEDULED, ACTIVE, SUPERSEDED)  # what partners may read
LIFECYCLE = Lifecycle(
    {
        "submit": ("draft", IN_REVIEW),
        "return": ("in_review approved", DRAFT),
        "approve": ("in_review", APPROVED),
        "schedule": ("approved", SCHEDULED),
        "call_off": ("scheduled", APPROVED),
        "activate": ("scheduled", ACTIVE),
        "supersede": ("active", SUPERSEDED),
    },
    by_itself=("activate", "supersede"),
)

MET, NOT_MET, NO_DATA, WAIVED = "met", "not_met", "no_data", "waived"
GOOD = frozenset({MET, WAIVED})
AT_LEAST, MORE_THAN, AT_MOST = "at_least", "more_than", "at_most"
COMPARES: dict[str, Callable[[int, int], bool]] = {
    AT_LEAST: operator.ge,
    MORE_THAN: operator.gt,
    AT_MOST: operator.le,
}
COMPARATORS = tuple(COMPARES)
YEARS = (
    "trailing_12_months",
    "calendar_year",
    "fiscal_year",
    "enrolment_period",
)  # what a program's year may be
WINDOWS = (*YEARS, "lifetime", "now")
PARTNER, TREE, MARKET = "partner", "tree", "market"
SCOPES = (PARTNER, TREE, MARKET)
AUTO, DOCUMENT, ATTESTATION, CERTIFICATES = "auto", "document", "attestation", "certificates"
EVIDENCE = (AUTO, DOCUMENT, ATTESTATION, CERTIFICATES)
ALL, ANY, N_OF = "all", "any", "n_of"
GROUP_RULES = (ALL, ANY, N_OF)
LOW_END, INTERPOLATE, NEGOTIATED = "low_end", "interpolate", "negotiated"
MARGIN_POLICIES = (LOW_END, INTERPOLATE, NEGOTIATED)
AT_ONCE, BY_DECISION = "immediate", "decision"
POLICIES = (AT_ONCE, BY_DECISION)

NONE, INITIAL, UPGRADE, PROPOSED, GRACE, IN_GRACE, RECOVERED, DOWNGRADE, FALL_PROPOSED, HELD_UP = (
    "none", "initial", "upgrade", "proposed", "grace", "in_grace", "recovered", "downgrade", "fall_proposed",
    "overridden",
)  # fmt: skip
ACTIONS = (NONE, INITIAL, UPGRADE, PROPOSED, GRACE, IN_GRACE, RECOVERED, DOWNGRADE, FALL_PROPOSED, HELD_UP)
EVALUATION, GRACE_ENDED, PROGRAM_CHANGE, OVERRIDE, APPEAL, DECISION = (
    "evaluation", "grace_ended", "program_change", "override", "appeal", "decision",
)  # fmt: skip
REASONS = (INITIAL, EVALUATION, GRACE_ENDED, PROGRAM_CHANGE, OVERRIDE, APPEAL, DECISION)
BY_PEOPLE = (OVERRIDE, APPEAL, DECISION)  # a person decided, and the letter about the decision says it all
MONTHLY, QUARTERLY, YEARLY = "monthly", "quarterly", "yearly"
PERIODS = (MONTHLY, QUARTERLY, YEARLY)
QBR, SUPPORT_SLA, PORTAL_AREA, LEAD_ROUTING = "qbr", "support_sla", "portal_area", "lead_routing"
FEATURES = (QBR, SUPPORT_SLA, PORTAL_AREA, LEAD_ROUTING)  # what a benefit may switch on in the product
LOWERED, LEFT = "lowered", "left"
OUTCOMES = (RECOVERED, LOWERED, PROGRAM_CHANGE, LEFT, APPEAL, OVERRIDE)

EXPIRED, EARNED, REVOKED, REPLACED = "expired", "earned", "revoked", "replaced"
OVERRIDE_ENDS = (EXPIRED, EARNED, REVOKED, REPLACED, LEFT, PROGRAM_CHANGE)

WAITING, GRANTED, DECLINED, OBSOLETE = "waiting", "granted", "declined", "obsolete"
PROPOSAL_STATES = (WAITING, GRANTED, DECLINED, OBSOLETE)
RISE, FALL = "rise", "fall"
PROPOSALS = (RISE, FALL)
PROPOSAL = Lifecycle(
    {"grant": ("waiting", GRANTED), "decline": ("waiting", DECLINED), "drop": ("waiting", OBSOLETE)},
    by_itself=("drop",),
)

UPHELD, DISMISSED, WITHDRAWN = "upheld", "dismissed", "withdrawn"
APPEAL_STATES = (WAITING, UPHELD, DISMISSED, WITHDRAWN)
APPEALABLE = ("grace", "lowered", "declined")
APPEAL_MOVES = Lifecycle(
    {"uphold": ("waiting", UPHELD), "dismiss": ("waiting", DISMISSED), "withdraw": ("waiting", WITHDRAWN)}
)

UP, DOWN, INTO_GRACE, SAME = "up", "down", "grace", "same"
CHANGES = (UP, DOWN, INTO_GRACE, SAME)
FULL, INCREMENTAL, ON_DEMAND = "full", "incremental", "on_demand"
RUNS = (FULL, INCREMENTAL, ON_DEMAND)


class Fact(NamedTuple):
    """A metric's value (None: no data) and how many rows it counts."""

    value: int | None
    rows: int = 0


NO_FACT = Fact(None)


@dataclass(frozen=True)
class Need:
    """A requirement: the fact that it asks for, held against a threshold. `group` is the code of its group, "" alone.

    `key` names the fact: a metric's own key, or with its window and scope where they are not the metric's usual ones.
    `weight` is its share in the progress towards the tier and in the effort of the way there.
    """

    key: str
    comparator: str
    threshold: int
    group: str = ""
    metric: str = ""
    weight: int = 1

    def is_met_by(self, value: int) -> bool:
        return COMPARES[self.comparator](value, self.threshold)

    def missing_from(self, value: int) -> int:
        """How much more (or, for "at most", less) would meet it; 0 where it is met."""
        if self.is_met_by(value):
            return 0
        return abs(self.threshold - value) + (self.comparator == MORE_THAN)


@dataclass(frozen=True)
class Group:
    """Requirements that belong together: all, any one, or `n` of them are needed."""

    code: str
    rule: str
    n: int = 1
    name: str = ""

    def needed_of(self, members: int) -> int:
        """How many of so many members must be met."""
        return {ALL: members, ANY: min(1, members)}.get(self.rule, min(self.n, members))


@dataclass(frozen=True)
class Rung:
    """A tier as the rule sees it. `by_decision`: a person decides on the rise to it."""

    code: str
    rank: int
    needs: tuple[Need, ...]
    groups: tuple[Group, ...] = ()
    by_decision: bool = False

    @cached_property
    def grouped(self) -> frozenset[str]:
        """The codes of its groups: a requirement of another group, or of none, is needed by itself."""
        return frozenset(group.code for group in self.groups)


class Finding(NamedTuple):
    """A requirement held against its fact."""

    need: Need
    fact: Fact
    verdict: str

    @property
    def is_good(self) -> bool:
        return self.verdict in GOOD

    @property
    def missing(self) -> int:
        """What closes the gap, in the metric's unit. No data counts from nothing."""
        return 0 if self.is_good else self.need.missing_from(self.fact.value or 0)

    @property
    def spare(self) -> int:
        """How far beyond the threshold the fact is; 0 where the requirement is not met."""
        return abs((self.fact.value or 0) - self.need.threshold) if self.verdict == MET else 0

    @property
    def progress(self) -> float:
        """How much of the threshold is there, from 0 to 1."""
        if self.is_good:
            return 1.0
        if not self.need.threshold or self.need.comparator == AT_MOST:
            return 0.0
        return max(min((self.fact.value or 0) / self.need.threshold, 1.0), 0.0)

    @property
    def effort(self) -> float:
        """The missing share of the threshold times the requirement's weight: what the way to a tier is ordered by."""
        return (1.0 - self.progress) * self.need.weight


@dataclass(frozen=True)
class GroupVerdict:
    """A group's members, how many of them are needed, and how many are met."""

    group: Group
    findings: tuple[Finding, ...]

    @property
    def needed(self) -> int:
        return self.group.needed_of(len(self.findings))

    @property
    def met(self) -> int:
        return sum(finding.is_good for finding in self.findings)

    @property
    def is_met(self) -> bool:
        return self.met >= self.needed

    @property
    def cheapest_missing(self) -> tuple[Finding, ...]:
        """Of the members that are not met the nearest, as many as are still needed."""
        open_ones = sorted((f for f in self.findings if not f.is_good), key=lambda f: f.effort)
        return tuple(open_ones[: max(self.needed - self.met, 0)])


@dataclass(frozen=True)
class RungVerdict:
    """A tier's requirements held against facts: a fact and, by its key, a verdict for each; whether they suffice."""

    rung: Rung
    facts: tuple[Fact, ...]
    verdicts: dict[str, str]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(map(Finding, self.rung.needs, self.facts, self.verdicts.values()))

    @cached_property
    def groups(self) -> tuple[GroupVerdict, ...]:
        return tuple(
            GroupVerdict(group, tuple(f for f in self.findings if f.need.group == group.code))
            for group in self.rung.groups
        )

    @cached_property
    def alone(self) -> tuple[Finding, ...]:
        """The findings that belong to no group of the tier: each of them is needed."""
        return tuple(finding for finding in self.findings if finding.need.group not in self.rung.grouped)

    @cached_property
    def is_reached(self) -> bool:
        if not self.rung.groups:  # most end here
            return GOOD.issuperset(self.verdicts.values())
        return all(finding.is_good for finding in self.alone) and all(group.is_met for group in self.groups)

    @cached_property
    def open_findings(self) -> tuple[Finding, ...]:
        """What is still missing: the unmet requirements that stand alone, and of each group the nearest needed."""
        alone = tuple(f for f in self.alone if not f.is_good)
        return alone + tuple(f for group in self.groups for f in group.cheapest_missing)

    @property
    def path(self) -> tuple[Finding, ...]:
        """The cheapest way to the tier: what is still missing, the least effort first."""
        return tuple(sorted(self.open_findings, key=lambda finding: finding.effort))

    @property
    def distance(self) -> float:
        """The effort of the whole way; 0 where the tier is reached."""
        return sum(finding.effort for finding in self.open_findings)

    @property
    def progress(self) -> float:
        """The weighted mean of the requirements' progress, from 0 to 1; exactly 1 only where the tier is reached."""
        if self.is_reached:
            return 1.0
        weight = sum(finding.need.weight for finding in self.findings)
        found = sum(f.progress * f.need.weight for f in self.findings) / weight if weight else 0.0
        return min(found, 0.99)


@dataclass(frozen=True)
class Verdict:
    """What a version says about facts: every tier's findings, lowest tier first, and the highest tier reached."""

    rungs: tuple[RungVerdict, ...]
    eligible: Rung | None

    @property
    def eligible_rank(self) -> int:
        return self.eligible.rank if self.eligible else 0

    def of(self, code: str) -> RungVerdict | None:
        return next((found for found in self.rungs if found.rung.code == code), None)

    def next_above(self, rank: int) -> RungVerdict | None:
        """The lowest tier above a rank; None at the top."""
        return next((found for found in self.rungs if found.rung.rank > rank), None)

    def as_json(self) -> dict[str, Any]:
        """With every requirement, its threshold and its fact, as it is told."""
        tiers = [
            {
                "code": judged.rung.code,
                "rank": judged.rung.rank,
                "reached": judged.is_reached,
                "requirements": [_plain(finding) for finding in judged.findings],
                "groups": [_plain_group(group) for group in judged.groups],
            }
            for judged in self.rungs
        ]
        return {"eligible": self.eligible.code if self.eligible else None, "tiers": tiers}

    @cached_property
    def as_stored(self) -> dict[str, Any]:
        """What version and facts do not say already: the tier reached, and per tier and requirement the verdict."""
        found = {judged.rung.code: judged.verdicts for judged in self.rungs}
        return {"eligible": self.eligible.code if self.eligible else None, "found": found}


def _plain_group(found: GroupVerdict) -> dict[str, Any]:
    group = found.group
    return {
        "code": group.code,
        "rule": group.rule,
        "needed": found.needed,
        "met": found.met,
        "reached": found.is_met,
    }


def _plain(finding: Finding) -> dict[str, Any]:
    need, fact = finding.need, finding.fact
    return {
        "metric": need.key,
        "comparator": need.comparator,
        "threshold": need.threshold,
        "group": need.group,
        "value": fact.value,
        "rows": fact.rows,
        "verdict": finding.verdict,
        "missing": finding.missing,
    }


Waivers = frozenset[tuple[str, str]]  # (tier's code, requirement's key)
NO_WAIVERS: Waivers = frozenset()


def evaluate(rungs: Iterable[Rung], facts: Mapping[str, Fact], waived: Waivers = NO_WAIVERS) -> Verdict:
    """Hold every tier's requirements against the facts. The only place where a tier's verdict is made.

    `facts` by the requirements' keys; a key that is not there is "no data". `waived` are the requirements that a
    decision lets the partner off.
    """
    judged = tuple(_judge(rung, facts, waived) for rung in sorted(rungs, key=lambda r: r.rank))
    reached = [found.rung for found in judged if found.is_reached]
    return Verdict(judged, reached[-1] if reached else None)


def restored(rungs: Iterable[Rung], facts: Mapping[str, Fact], stored: Mapping[str, Any]) -> Verdict:
    """A verdict as it was stored (`as_stored`), whatever the rule says now: for reading it, never for a replay."""
    told = stored.get("found")
    if told is None:  # engine 2.0 stored the requirements whole
        told = {t["code"]: {r["metric"]: r["verdict"] for r in t["requirements"]} for t in stored["tiers"]}
    rungs = sorted(rungs, key=lambda r: r.rank)
    judged = [
        RungVerdict(
            rung,
            tuple(facts.get(need.key, NO_FACT) for need in rung.needs),
            {need.key: told[rung.code][need.key] for need in rung.needs},
        )
        for rung in rungs
    ]
    return Verdict(tuple(judged), next((rung for rung in rungs if rung.code == stored["eligible"]), None))


def _judge(rung: Rung, facts: Mapping[str, Fact], waived: Waivers) -> RungVerdict:
    found, verdicts = [], {}
    for need in rung.needs:
        fact = facts.get(need.key, NO_FACT)
        if fact.value is not None and need.is_met_by(fact.value):
            verdict = MET
        elif waived and (rung.code, need.key) in waived:
            verdict = WAIVED
        else:
            verdict = NO_DATA if fact.value is None else NOT_MET
        found.append(fact)
        verdicts[need.key] = verdict
    return RungVerdict(rung, tuple(found), verdicts)


def first_loss(
    rungs: Sequence[Rung],
    held_rank: int,
    later: Iterable[tuple[date, Mapping[str, Fact]]],
    waived: Waivers = NO_WAIVERS,
) -> tuple[date, str] | None:
    """The first of some later days on which a held tier is no longer reached if nothing new happens, and the key of
    the fact that falls short then; None where it is never lost. `later`: the facts of each such day, in order."""
    for on, facts in later:
        verdict = evaluate(rungs, facts, waived)
        if verdict.eligible_rank < held_rank:
            held = next((found for found in verdict.rungs if found.rung.rank == held_rank), None)
            missing = held.path if held else ()
            return on, missing[0].need.key if missing else ""
    return None


@dataclass(frozen=True)
class Situation:
    """What a partner holds when a verdict comes: the tier (rank 0: none), the end of a grace period that runs, and the
    rank and end of an override that is in force."""

    held_rank: int = 0
    grace_ends_on: date | None = None
    override_rank: int | None = None
    falls_by_decision: bool = False


def decide(verdict: Verdict, now: Situation, on: date) -> tuple[str, Rung | None]:
    """What follows from a verdict, and the tier that it leads to.

    A rise goes at once to the highest tier reached that needs no decision; what lies above it is proposed. While an
    override is in force nothing falls, and a tier above it that was earned comes all the same. A fall comes only when
    a grace period is over, at once or by decision.
    """
    eligible = verdict.eligible_rank
    if eligible > now.held_rank:
        return _rise(verdict, now)
    if now.override_rank is not None and eligible < now.held_rank:
        return HELD_UP, None
    if eligible == now.held_rank:
        return (RECOVERED if now.grace_ends_on else NONE), None
    if now.grace_ends_on is None:
        return GRACE, None
    if now.grace_ends_on > on:
        return IN_GRACE, None
    return (FALL_PROPOSED if now.falls_by_decision else DOWNGRADE), verdict.eligible


def _rise(verdict: Verdict, now: Situation) -> tuple[str, Rung | None]:
    reached = [found.rung for found in verdict.rungs if found.is_reached and found.rung.rank > now.held_rank]
    free = [rung for rung in reached if not rung.by_decision]
    if free:
        return (UPGRADE if now.held_rank else INITIAL), free[-1]
    return PROPOSED, reached[-1]


def proposed(verdict: Verdict, held_rank: int) -> Rung | None:
    """The highest tier that is reached above the one held and waits for a person's decision; None without one."""
    reached = [found.rung for found in verdict.rungs if found.is_reached and found.rung.rank > held_rank]
    return reached[-1] if reached and reached[-1].by_decision else None


def grace_end(starts_on: date, days: int) -> date:
    """The day on which a tier falls if what is missing has not come back by then."""
    return starts_on + timedelta(days=days)


def fingerprint(version: str, facts: Mapping[str, Fact], waived: Waivers = NO_WAIVERS) -> str:
    """The hash of the facts under a version ("program code/number"): equal facts need no new evaluation."""
    stated = "|".join([f"{key}={value}/{rows}" for key, (value, rows) in sorted(facts.items())])
    let_off = "|".join(f"{tier}:{key}" for tier, key in sorted(waived))
    return sha256(f"{version}|{stated}|{let_off}".encode()).hexdigest()


def seal(engine: str, facts: str, verdict: Verdict) -> str:
    """The hash of an engine's verdict on facts (their `fingerprint`): a replay of what is stored gives the same one."""
    return sha256(orjson.dumps([engine, facts, verdict.as_stored])).hexdigest()


@dataclass(frozen=True)
class Band:
    """A tier's margin in percent: from `low` (included) to `high` (the next tier's, except at the top)."""

    low: Decimal
    high: Decimal
    is_top: bool = False


def margin(band: Band, policy: str, *, revenue: int, starts_at: int, ends_at: int) -> Decimal:
    """The margin on a new deal, in percent.

    "low_end": the band's low end. "interpolate": by revenue from the tier's own threshold to the next tier's (both in
    minor units), ending a hundredth of a point below `high`, which belongs to the next tier; the top tier's band is
    closed and runs to twice its own threshold, which the caller gives as `ends_at`. "negotiated": the low end, until a
    recorded decision says another.
    """
    if policy != INTERPOLATE or ends_at <= starts_at:
        return band.low
    share = min(max(Decimal(revenue - starts_at) / (ends_at - starts_at), Decimal(0)), Decimal(1))
    highest = band.high if band.is_top else band.high - Decimal("0.01")
    return (band.low + (highest - band.low) * share).quantize(Decimal("0.01"))


def holds(band: Band, percent: Decimal) -> bool:
    """Whether a margin lies in a band: from its low end on, below its high end, which only the top tier's includes."""
    return band.low <= percent < band.high or percent == band.low or (band.is_top and percent == band.high)


def counterpart(held_code: str, held_rank: int, rungs: Sequence[Rung]) -> Rung | None:
    """The tier of a new version that a holder of an old one stands in: the same code, else the nearest not above."""
    same = next((rung for rung in rungs if rung.code == held_code), None)
    lower = [rung for rung in rungs if rung.rank <= held_rank]
    return same or max(lower, key=lambda r: r.rank, default=None)
