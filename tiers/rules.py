"""The one rule of tiers: a program version and facts in, a verdict out; and what follows from it for a standing.

A partner is eligible for the highest tier whose own requirements are met, whatever it held before, so one evaluation
may raise it by several tiers: whoever has earned Gold need not wait a night as Silver. It is never lowered at once:
first comes a grace period with what is missing, and only when that is over and the tier is still not reached does the
tier fall. No facts is "no data", which meets nothing, and is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from json import dumps
from typing import Any

from core.lifecycle import Lifecycle

ENGINE = "1.0"  # changes with every change of a verdict's meaning; kept on each evaluation

DRAFT, PUBLISHED, SUPERSEDED = "draft", "published", "superseded"
STATES = (DRAFT, PUBLISHED, SUPERSEDED)
LIFECYCLE = Lifecycle({"publish": ("draft", PUBLISHED), "supersede": ("published", SUPERSEDED)})

MET, NOT_MET, NO_DATA = "met", "not_met", "no_data"
AT_LEAST, MORE_THAN, AT_MOST = "at_least", "more_than", "at_most"
COMPARATORS = (AT_LEAST, MORE_THAN, AT_MOST)
WINDOWS = ("trailing_12_months", "lifetime", "now")
LOW_END, INTERPOLATE = "low_end", "interpolate"

NONE, INITIAL, UPGRADE, GRACE, IN_GRACE, RECOVERED, DOWNGRADE = (
    "none", "initial", "upgrade", "grace", "in_grace", "recovered", "downgrade",
)  # fmt: skip
ACTIONS = (NONE, INITIAL, UPGRADE, GRACE, IN_GRACE, RECOVERED, DOWNGRADE)
EVALUATION, GRACE_ENDED, PROGRAM_CHANGE = "evaluation", "grace_ended", "program_change"
REASONS = (INITIAL, EVALUATION, GRACE_ENDED, PROGRAM_CHANGE)
LOWERED, LEFT = "lowered", "left"
OUTCOMES = (RECOVERED, LOWERED, PROGRAM_CHANGE, LEFT)


@dataclass(frozen=True)
class Fact:
    """A metric's value (None: no data) and how many rows it counts."""

    value: int | None
    rows: int = 0


NO_FACT = Fact(None)


@dataclass(frozen=True)
class Need:
    """A requirement. Needs of one tier with the same word in `any_of` are alternatives: one is enough."""

    metric: str
    comparator: str
    threshold: int
    any_of: str = ""

    def is_met_by(self, value: int) -> bool:
        if self.comparator == AT_MOST:
            return value <= self.threshold
        return value > self.threshold if self.comparator == MORE_THAN else value >= self.threshold

    def missing_from(self, value: int) -> int:
        """How much more (or, for "at most", less) would meet it; 0 where it is met."""
        if self.is_met_by(value):
            return 0
        return abs(self.threshold - value) + (self.comparator == MORE_THAN)


@dataclass(frozen=True)
class Rung:
    """A tier as the rule sees it."""

    code: str
    rank: int
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Finding:
    """A requirement held against its fact."""

    need: Need
    fact: Fact
    verdict: str

    @property
    def missing(self) -> int:
        """What closes the gap, in the metric's unit. No data counts from nothing."""
        return 0 if self.verdict == MET else self.need.missing_from(self.fact.value or 0)

    @property
    def spare(self) -> int:
        """How far beyond the threshold the fact is; 0 where the requirement is not met."""
        return abs((self.fact.value or 0) - self.need.threshold) if self.verdict == MET else 0


@dataclass(frozen=True)
class RungVerdict:
    """A tier's findings, and whether they reach it."""

    rung: Rung
    findings: tuple[Finding, ...]
    is_reached: bool

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """What is still missing: the unmet needs, of alternatives the nearest one alone."""
        single = [f for f in self.findings if not f.need.any_of and f.verdict != MET]
        for word in dict.fromkeys(f.need.any_of for f in self.findings if f.need.any_of):
            group = [f for f in self.findings if f.need.any_of == word]
            if all(f.verdict != MET for f in group):
                single.append(min(group, key=lambda f: f.missing / max(abs(f.need.threshold), 1)))
        return tuple(single)


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
        tiers = [
            {
                "code": judged.rung.code,
                "rank": judged.rung.rank,
                "reached": judged.is_reached,
                "requirements": [_plain(finding) for finding in judged.findings],
            }
            for judged in self.rungs
        ]
        return {"eligible": self.eligible.code if self.eligible else None, "tiers": tiers}


def _plain(finding: Finding) -> dict[str, Any]:
    need, fact = finding.need, finding.fact
    return {
        "metric": need.metric,
        "comparator": need.comparator,
        "threshold": need.threshold,
        "any_of": need.any_of,
        "value": fact.value,
        "rows": fact.rows,
        "verdict": finding.verdict,
        "missing": finding.missing,
    }


def evaluate(rungs: Iterable[Rung], facts: Mapping[str, Fact]) -> Verdict:
    """Hold every tier's requirements against the facts. The only place where a tier's verdict is made."""
    judged = tuple(_judge(rung, facts) for rung in sorted(rungs, key=lambda r: r.rank))
    reached = [found.rung for found in judged if found.is_reached]
    return Verdict(judged, reached[-1] if reached else None)


def _judge(rung: Rung, facts: Mapping[str, Fact]) -> RungVerdict:
    findings = tuple(_hold(need, facts.get(need.metric, NO_FACT)) for need in rung.needs)
    met = {finding.need for finding in findings if finding.verdict == MET}
    words = {need.any_of for need in rung.needs if need.any_of}
    needed = all(need in met for need in rung.needs if not need.any_of)
    chosen = all(any(need.any_of == word for need in met) for word in words)
    return RungVerdict(rung, findings, needed and chosen)


def _hold(need: Need, fact: Fact) -> Finding:
    if fact.value is None:
        return Finding(need, fact, NO_DATA)
    return Finding(need, fact, MET if need.is_met_by(fact.value) else NOT_MET)


def decide(*, eligible_rank: int, held_rank: int, grace_ends_on: date | None, on: date) -> str:
    """What follows for a partner that holds a tier (rank 0: none) and is eligible for another.

    `grace_ends_on` is the day on which a running grace period ends, None where none runs.
    """
    if eligible_rank > held_rank:
        return UPGRADE if held_rank else INITIAL
    if eligible_rank == held_rank:
        return RECOVERED if grace_ends_on else NONE
    if grace_ends_on is None:
        return GRACE
    return DOWNGRADE if grace_ends_on <= on else IN_GRACE


def grace_end(starts_on: date, days: int) -> date:
    """The day on which a tier falls if what is missing has not come back by then."""
    return starts_on + timedelta(days=days)


def fingerprint(version: int, facts: Mapping[str, Fact]) -> str:
    """The hash of the facts under a version: equal facts need no new evaluation."""
    stated = "|".join(f"{key}={facts[key].value}/{facts[key].rows}" for key in sorted(facts))
    return sha256(f"{version}|{stated}".encode()).hexdigest()


def seal(version: int, engine: str, facts: Mapping[str, Fact], verdict: Verdict) -> str:
    """The hash of an evaluation: a replay of its stored facts gives the same one."""
    content = [version, engine, fingerprint(version, facts), verdict.as_json()]
    return sha256(dumps(content, sort_keys=True).encode()).hexdigest()


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
    closed and runs to twice its own threshold, which the caller gives as `ends_at`.
    """
    if policy == LOW_END or ends_at <= starts_at:
        return band.low
    share = min(max(Decimal(revenue - starts_at) / (ends_at - starts_at), Decimal(0)), Decimal(1))
    highest = band.high if band.is_top else band.high - Decimal("0.01")
    return (band.low + (highest - band.low) * share).quantize(Decimal("0.01"))


def counterpart(held_code: str, held_rank: int, rungs: Sequence[Rung]) -> Rung | None:
    """The tier of a new version that a holder of an old one stands in: the same code, else the nearest not above."""
    same = next((rung for rung in rungs if rung.code == held_code), None)
    lower = [rung for rung in rungs if rung.rank <= held_rank]
    return same or max(lower, key=lambda r: r.rank, default=None)
