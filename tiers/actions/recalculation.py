"""Holding the facts of partners against the versions in force, and doing what the verdicts ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Q

from accounts.roles import Permission
from core import bulk
from core.actors import Actor
from core.ids import uuid7s
from core.saving import lock, save
from partners.models import Partner
from tiers import rules
from tiers.actions.grace import end_grace, start_grace
from tiers.actions.overrides import expire_override
from tiers.actions.proposals import drop_proposals, is_proposed, propose
from tiers.actions.standings import award_tier, carry_over, end_standings, lower_tier
from tiers.facts import Facts, FactsQuery, asked_by, differing, no_facts, rung_of, tiers_of, waivers_of
from tiers.models import (
    Evaluation,
    Grace,
    Override,
    Position,
    Program,
    ProgramVersion,
    Proposal,
    Standing,
    Tier,
    TierRun,
)
from tiers.querysets import population
from tiers.rules import NO_WAIVERS, Rung, Situation, Verdict, Waivers

BATCH = 1_000
log = structlog.get_logger(__name__)


@dataclass
class Recalculation:
    """What a run did: partners looked at (once per program), those whose facts differed, and what became of tiers."""

    versions: dict[str, int] = field(default_factory=dict)
    as_of: date | None = None
    looked_at: int = 0
    differed: int = 0
    failed: int = 0
    actions: dict[str, int] = field(default_factory=dict)

    def count(self, action: str) -> None:
        if action != rules.NONE:
            self.actions[action] = self.actions.get(action, 0) + 1

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "as_of": self.as_of.isoformat() if self.as_of else None}


def recalculate(
    *,
    by: Actor,
    as_of: date,
    at: datetime,
    partner_ids: Iterable[UUID] | None = None,
    kind: str = rules.ON_DEMAND,
) -> Recalculation:
    """Hold the facts of all partners (or of some) against every version in force; returns what changed.

    Facts are computed set-based and compared in the database with those of each partner's last evaluation; only who
    differs, and whose grace period or override is over, is judged and written. Running it twice, or killing it at any
    point, does no harm: each batch is a transaction of its own. A partner that was evaluated for a later day is left
    alone. A batch that fails is tried partner by partner; who fails alone is noted in the run (TierRun) and skipped.
    Without a version in force nothing happens.
    """
    by.must(Permission.TIER_RECALCULATE)
    asked = None if partner_ids is None else bulk.Ids(list(partner_ids))
    result = Recalculation(as_of=as_of)
    earlier: set[UUID] = set()
    versions = ProgramVersion.objects.active().select_related("program")
    versions = versions.prefetch_related("program__markets")
    for version in versions.order_by("program__position", "program__code"):
        ids = _population(by, version.program, as_of, asked)
        with _Run(version, as_of, at, kind, result) as run:
            run.look_at(by, ids, asked is None, set(ids) - earlier)
        _end_of_leavers(version.program, as_of, at, None if asked is None else set(asked.ids) - set(ids))
        earlier |= set(ids)
    return result


def _population(by: Actor, program: Program, as_of: date, asked: bulk.Ids | None) -> list[UUID]:
    found = population(as_of, program).visible_to(by)
    found = found if asked is None else found.filter(pk__in=asked.rows)
    return list(found.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True)
class _Rule:
    """A version in force as a run needs it, read once: nothing in force is ever edited."""

    version: ProgramVersion
    rungs: list[Rung]
    facts: FactsQuery
    tiers: dict[str, Tier]

    @classmethod
    def of(cls, version: ProgramVersion, as_of: date) -> _Rule:
        tiers = tiers_of(version)
        asks = asked_by(need for tier in tiers for need in tier.requirements.all())
        tiers_by_code = {tier.code: tier for tier in tiers}
        return cls(version, [rung_of(tier) for tier in tiers], FactsQuery(asks, as_of), tiers_by_code)


@dataclass
class _Run:
    """One program's part of a recalculation, with the row that shows how far it came."""

    version: ProgramVersion
    as_of: date
    at: datetime
    kind: str
    result: Recalculation
    row: TierRun | None = None
    began: float = field(default_factory=monotonic)

    def __enter__(self) -> _Run:
        self.result.versions[self.version.program.code] = self.version.number
        return self

    def __exit__(self, *_error: object) -> None:
        if self.row:
            self.row.ended_at = self.at + timedelta(seconds=monotonic() - self.began)
            save(self.row)

    @cached_property
    def rule(self) -> _Rule:
        return _Rule.of(self.version, self.as_of)

    def look_at(self, by: Actor, ids: list[UUID], is_all: bool, primary: set[UUID]) -> None:
        """Judge who differs, batch by batch. Of all partners the database tells who that may be; some are all tried,
        for the judging itself leaves alone whoever is as before."""
        self.looked_at = len(ids)
        self.result.looked_at += len(ids)
        waiting = self._chosen(ids) if is_all else ids
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            try:
                self._judge(by, batch, primary)
            except Exception:
                log.exception("tier batch failed", partners=len(batch))
                self._judge_singly(by, batch, primary)

    def _chosen(self, ids: list[UUID]) -> list[UUID]:
        waiting = _to_judge(self.version, self.as_of, ids)
        row = self._begun()
        row.differed = len(waiting)
        if self.kind == rules.FULL and not self._is_first:
            row.missed = self._missed(waiting)
        save(row)
        return waiting

    def _begun(self) -> TierRun:
        """The row of this run: there from the start where all are looked at, else as soon as somebody is judged."""
        if self.row is None:
            self.row = TierRun(
                program=self.version.program, program_version=self.version, kind=self.kind, as_of=self.as_of,
                started_at=self.at, created_at=self.at, looked_at=self.looked_at,
            )  # fmt: skip
        return self.row

    @property
    def _is_first(self) -> bool:
        """Nobody could follow by increments what all were never held against."""
        return ProgramVersion.objects.never_run().filter(pk=self.version.pk).exists()

    def _missed(self, waiting: list[UUID]) -> int:
        """How many differ that were evaluated under this version: events or window edges should have told of them."""
        known = Position.objects.filter(evaluation__program_version=self.version, partner__in=waiting)
        return known.count()

    def _judge(self, by: Actor, ids: Sequence[UUID], primary: set[UUID]) -> None:
        before = dict(self.result.actions)
        judged = _judge(by, self.rule, ids, primary, self.at, self.result)
        if not judged:
            return
        row = self._begun()
        row.judged += judged
        row.differed = max(row.differed, row.judged)
        for action, n in self.result.actions.items():
            if more := n - before.get(action, 0):
                row.actions[action] = row.actions.get(action, 0) + more
        save(row)

    def _judge_singly(self, by: Actor, ids: Sequence[UUID], primary: set[UUID]) -> None:
        for partner_id in ids:
            try:
                self._judge(by, [partner_id], primary)
            except Exception as error:
                log.exception("tier of a partner failed", partner=str(partner_id))
                self.result.failed += 1
                row = self._begun()
                row.failed += 1
                row.errors.append({"partner": str(partner_id), "error": f"{type(error).__name__}: {error}"})
                save(row)


def _to_judge(version: ProgramVersion, as_of: date, ids: list[UUID]) -> list[UUID]:
    """Whose facts differ from those of the last evaluation, and whose grace period or override is over."""
    found = _differing(version, as_of) | due(version.program, as_of)
    return [partner_id for partner_id in ids if partner_id in found]


def due(program: Program, as_of: date) -> set[UUID]:
    """Whose grace period or override is over."""
    graces = Grace.objects.open().filter(program=program, ends_on__lte=as_of)
    overrides = Override.objects.open().filter(program=program, expires_on__lte=as_of)
    return {*graces.values_list("partner", flat=True), *overrides.values_list("partner", flat=True)}


def _differing(version: ProgramVersion, as_of: date) -> set[UUID]:
    """Compared where the facts are; besides, who was never evaluated under this version or is let off otherwise."""
    program = version.program
    positions = Position.objects.filter(program=program)
    asked_for = Q(fingerprint="") | ~Q(
        evaluation__program_version=version
    )  # by a decision, by another version
    other = set(positions.filter(asked_for).values_list("partner", flat=True))
    known = positions.values("partner")
    fresh = set(population(as_of, program).exclude(pk__in=known).values_list("pk", flat=True))
    return differing(version, as_of) | other | fresh | _let_off_otherwise(program, as_of)


def _let_off_otherwise(program: Program, as_of: date) -> set[UUID]:
    """Partners whose waivers of today are not those of their last evaluation."""
    now_waived = waivers_of(program, as_of)
    positions = Position.objects.filter(program=program)
    before = positions.exclude(evaluation__waived=[]).select_related("evaluation")
    then_waived = {position.partner_id: position.evaluation.known_waivers for position in before}
    return {
        partner_id
        for partner_id in {*now_waived, *then_waived}
        if now_waived.get(partner_id, NO_WAIVERS) != then_waived.get(partner_id, NO_WAIVERS)
    }


class _Known(NamedTuple):
    """Of which day, and of which facts, a partner's last evaluation is."""

    as_of: date
    fingerprint: str


@dataclass
class _Case:
    """One partner in a batch: what is known, what was found, what it holds."""

    partner_id: UUID
    facts: Facts
    waived: Waivers
    fingerprint: str
    verdict: Verdict
    known: _Known | None
    standing: Standing | None
    held: Rung | None
    grace: Grace | None
    override: Override | None
    is_waiting: bool = False
    action: str = rules.NONE
    leads_to: Rung | None = None
    proposed: Rung | None = None

    @property
    def held_rank(self) -> int:
        return self.held.rank if self.held else 0


@transaction.atomic
@bulk.uncollected()
def _judge(
    by: Actor, rule: _Rule, ids: Sequence[UUID], primary: set[UUID], at: datetime, result: Recalculation
) -> int:
    """Judge a batch under the version's lock, so that two runs never judge one partner at the same time; returns for
    how many something was written.

    The facts are read inside the lock: those that chose the batch may be older than another run's.
    """
    if lock(rule.version).state != rules.ACTIVE:
        return 0
    as_of = result.as_of
    assert as_of is not None
    cases = [case for case in _cases(rule, ids, as_of, at) if not _is_settled(case, rule.version, as_of)]
    if not cases:
        return 0
    evaluations = [
        _evaluation(case, fresh, rule.version, as_of, at)
        for fresh, case in zip(uuid7s(len(cases)), cases, strict=True)
    ]
    bulk.write(evaluations)
    _note_positions(evaluations, rule.version.program, primary)
    for case, evaluation in zip(cases, evaluations, strict=True):
        _follow(by, case, evaluation, rule.tiers, at)
        result.count(case.action)
    result.differed += len(cases)
    return len(cases)


def _cases(rule: _Rule, ids: Sequence[UUID], as_of: date, at: datetime) -> Iterator[_Case]:
    version, program = rule.version, rule.version.program
    partners = bulk.Ids(ids)
    facts, waived = rule.facts.of(partners), waivers_of(program, as_of, partners)
    theirs = {"partner__in": partners.rows, "program": program}
    found = Position.objects.filter(**theirs).values_list("partner", "as_of", "fingerprint")
    positions = {partner_id: _Known(*known) for partner_id, *known in found}
    held = Standing.objects.open().filter(**theirs).select_related("tier", "program")
    standings = {standing.partner_id: standing for standing in held}
    graces = {grace.partner_id: grace for grace in Grace.objects.open().filter(**theirs)}
    decided = Override.objects.open().filter(**theirs).select_related("tier")
    overrides = {override.partner_id: override for override in decided}
    waiting = set(Proposal.objects.waiting().filter(**theirs).values_list("partner", flat=True))
    nothing = no_facts(rule.facts.asks)
    for partner_id in ids:
        known, let_off = facts.get(partner_id, nothing), waived.get(partner_id, NO_WAIVERS)
        standing, override = standings.get(partner_id), overrides.get(partner_id)
        if override and override.expires_on <= as_of:
            expire_override(override=override, on=as_of, at=at)
            override = None
        case = _Case(
            partner_id=partner_id,
            facts=known,
            waived=let_off,
            fingerprint=rules.fingerprint(version.label, known, let_off),
            verdict=rules.evaluate(rule.rungs, known, let_off),
            known=positions.get(partner_id),
            standing=standing,
            held=rules.counterpart(standing.tier.code, standing.tier.rank, rule.rungs) if standing else None,
            grace=graces.get(partner_id),
            override=override,
            is_waiting=partner_id in waiting,
        )
        _settle_action(case, version, as_of)
        yield case


def _settle_action(case: _Case, version: ProgramVersion, as_of: date) -> None:
    situation = Situation(
        held_rank=case.held_rank,
        grace_ends_on=case.grace.ends_on if case.grace else None,
        override_rank=case.held_rank if case.override else None,
        falls_by_decision=version.settings.get("downgrade_policy") == rules.BY_DECISION,
    )
    case.action, case.leads_to = rules.decide(case.verdict, situation, as_of)
    held = case.leads_to.rank if case.leads_to and case.action in RISES else case.held_rank
    case.proposed = rules.proposed(case.verdict, held)


RISES = (rules.INITIAL, rules.UPGRADE)
QUIET = (rules.NONE, rules.IN_GRACE, rules.HELD_UP, rules.PROPOSED)


def _is_settled(case: _Case, version: ProgramVersion, as_of: date) -> bool:
    """Whether there is nothing to write: judged for a later day already, or the same facts and nothing due."""
    if case.known is None:
        return False
    if case.known.as_of > as_of:
        return True
    if case.known.fingerprint != case.fingerprint:
        return False
    if case.action == rules.FALL_PROPOSED:
        return is_proposed(case.partner_id, version.program, rules.FALL)
    return case.action in QUIET


def _evaluation(case: _Case, fresh: UUID, version: ProgramVersion, as_of: date, at: datetime) -> Evaluation:
    evaluation = bulk.made(
        Evaluation,
        id=fresh,
        version=1,
        created_at=at,
        changed_at=at,
        partner_id=case.partner_id,
        program_version_id=version.pk,
        as_of=as_of,
        facts={key: {"value": value, "rows": rows} for key, (value, rows) in case.facts.items()},
        waived=sorted([tier, key] for tier, key in case.waived),
        verdict=case.verdict.as_stored,
        eligible_code=case.verdict.eligible.code if case.verdict.eligible else "",
        held_code=case.held.code if case.held else "",
        action=case.action,
        engine=rules.ENGINE,
        fingerprint=case.fingerprint,
        seal=rules.seal(rules.ENGINE, case.fingerprint, case.verdict),
    )
    Evaluation._meta.get_field("program_version").set_cached_value(evaluation, version)
    return evaluation


def _note_positions(evaluations: list[Evaluation], program: Program, primary: set[UUID]) -> None:
    """These evaluations are the partners' last ones now: one statement, for what it says is in the database already."""
    written = bulk.among(evaluation.pk for evaluation in evaluations)
    first = bulk.among(primary & {evaluation.partner_id for evaluation in evaluations})
    position, told = Position._meta.db_table, "evaluation_id as_of fingerprint is_primary changed_at".split()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {position} (id, version, created_at, changed_at, partner_id, program_id, is_primary, "
            "evaluation_id, as_of, fingerprint, at_risk_metric) "
            f"SELECT id, 1, created_at, changed_at, partner_id, %s, partner_id IN ({first.sql}), id, as_of, "
            f"fingerprint, '' FROM {Evaluation._meta.db_table} WHERE id IN ({written.sql}) "
            f"ON CONFLICT (partner_id, program_id) DO UPDATE SET version = {position}.version + 1, "
            + ", ".join(f"{column} = excluded.{column}" for column in told),
            [Position._meta.pk.get_db_prep_value(program.pk, connection), *first.params, *written.params],
        )


def _follow(by: Actor, case: _Case, evaluation: Evaluation, tiers: dict[str, Tier], at: datetime) -> None:
    """Do what the verdict asks for."""
    on = evaluation.as_of
    if case.standing and case.held and case.standing.tier.program_version_id != evaluation.program_version_id:
        case.standing = carry_over(by, case.standing, tiers[case.held.code], evaluation, at)
    if case.action in RISES:
        assert case.leads_to is not None
        award_tier(
            by=by,
            partner=Partner(pk=case.partner_id),
            tier=tiers[case.leads_to.code],
            evaluation=evaluation,
            at=at,
        )
        if case.override:
            expire_override(override=case.override, on=on, at=at, reason=rules.EARNED)
    elif case.action == rules.GRACE and case.standing:
        start_grace(by=by, standing=case.standing, missing=_missing(case), on=on, at=at)
    elif case.action == rules.RECOVERED and case.grace:
        end_grace(by=by, grace=case.grace, outcome=rules.RECOVERED, on=on, at=at)
    elif case.action == rules.DOWNGRADE:
        lower = tiers[case.leads_to.code] if case.leads_to else None
        lower_tier(by=by, partner=Partner(pk=case.partner_id), tier=lower, evaluation=evaluation, at=at)
    elif case.standing and case.held is None:
        lower_tier(by=by, partner=Partner(pk=case.partner_id), tier=None, evaluation=evaluation, at=at)
    _propose(by, case, evaluation, tiers, at)


def _propose(by: Actor, case: _Case, evaluation: Evaluation, tiers: dict[str, Tier], at: datetime) -> None:
    """What waits for a person: a rise that needs a decision, or the fall after a grace period; else nothing waits."""
    program = evaluation.program_version.program
    if case.action == rules.FALL_PROPOSED:
        to = tiers[case.leads_to.code] if case.leads_to else None
        propose(by=by, kind=rules.FALL, evaluation=evaluation, to_tier=to, at=at)
    elif case.proposed:
        propose(by=by, kind=rules.RISE, evaluation=evaluation, to_tier=tiers[case.proposed.code], at=at)
    elif case.is_waiting:
        drop_proposals(partner_id=case.partner_id, program=program, at=at)


def _missing(case: _Case) -> list[str]:
    assert case.held is not None
    found = case.verdict.of(case.held.code)
    return [finding.need.key for finding in found.open_findings] if found else []


def _end_of_leavers(program: Program, as_of: date, at: datetime, among: set[UUID] | None) -> None:
    """Who is no longer in the program holds no tier of it; `among` are those of whom that may be (None: all)."""
    held = Standing.objects.open().filter(program=program, starts_on__lte=as_of)
    if among is not None:
        held = held.filter(partner__in=bulk.among(among))
        if not among or not held.exists():
            return
    for standing in held.exclude(partner__in=population(as_of, program)).select_related("partner"):
        end_standings(partner=standing.partner, on=as_of, at=at, programs=[program])
        drop_proposals(partner_id=standing.partner_id, program=program, at=at)
