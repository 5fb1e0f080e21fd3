"""What can be done with the program and with tiers: publish, recalculate, award, give grace, lower."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.roles import Permission
from core.actors import SYSTEM, Actor
from core.clock import day
from core.saving import lock, save
from events.actions import record
from partners.actions import note_standing
from partners.models import Partner
from tiers import rules
from tiers.facts import Facts, facts_of, no_facts, rungs_of
from tiers.models import Evaluation, Grace, Position, ProgramVersion, Standing, Tier
from tiers.outlook import risks
from tiers.querysets import population
from tiers.rules import Rung, Verdict

BATCH = 200


# The program ----------------------------------------------------------------------------------------------------


@transaction.atomic
def publish_version(*, by: Actor, version: ProgramVersion, at: datetime) -> ProgramVersion:
    """The draft comes into force today; the version before it is superseded. Raises Conflict where it is no draft.

    Partners are looked at again by the next sweep: whoever was last evaluated under another version.
    """
    by.must(Permission.TIER_PUBLISH)
    version = lock(version)
    rules.LIFECYCLE.after(version.state, "publish")
    before = ProgramVersion.objects.published()
    if before:
        _move_version(before, "supersede")
    version.effective_from = day(at)
    _move_version(version, "publish")
    data = {"number": version.number, "replaces": before.number if before else None}
    record("program_version.published", version, by=by, at=at, data=data)
    return version


def _move_version(version: ProgramVersion, move: str) -> None:
    version.state = rules.LIFECYCLE.after(version.state, move)
    save(version)


# Recalculation --------------------------------------------------------------------------------------------------


@dataclass
class Recalculation:
    """What a run did: partners looked at, those whose facts differed, and what became of their tiers."""

    version: int | None = None
    as_of: date | None = None
    looked_at: int = 0
    differed: int = 0
    actions: dict[str, int] = field(default_factory=dict)

    def count(self, action: str) -> None:
        if action != rules.NONE:
            self.actions[action] = self.actions.get(action, 0) + 1

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "as_of": self.as_of.isoformat() if self.as_of else None}


def recalculate(
    *, by: Actor, as_of: date, at: datetime, partner_ids: Iterable[UUID] | None = None
) -> Recalculation:
    """Hold the facts of all partners (or of some) against the published version; returns what changed.

    Facts are computed set-based and compared with those of each partner's last evaluation; only what differs, and
    whose grace period is over, is judged and written. Running it twice, or killing it at any point, does no harm.
    A partner that was evaluated for a later day is left alone. Nothing happens while no version is published.
    """
    by.must(Permission.TIER_RECALCULATE)
    version = ProgramVersion.objects.published()
    if version is None:
        return Recalculation()
    asked = population(as_of).visible_to(by)
    if partner_ids is not None:
        asked = asked.filter(pk__in=list(partner_ids))
    ids = list(asked.order_by("pk").values_list("pk", flat=True))
    result = Recalculation(version=version.number, as_of=as_of, looked_at=len(ids))
    waiting = _to_judge(version, as_of, ids, partner_ids is None)
    for start in range(0, len(waiting), BATCH):
        _judge(by, version, waiting[start : start + BATCH], as_of, at, result)
    _end_of_leavers(as_of, at, partner_ids)
    return result


def _to_judge(version: ProgramVersion, as_of: date, ids: list[UUID], is_all: bool) -> list[UUID]:
    """Whose facts differ from those of the last evaluation, and whose grace period is over."""
    facts, nothing = facts_of(version, as_of, None if is_all else ids), no_facts(version)
    known = dict(Position.objects.values_list("partner", "fingerprint"))
    over = set(Grace.objects.open().filter(ends_on__lte=as_of).values_list("partner", flat=True))
    blank = rules.fingerprint(version.number, nothing)

    def differs(partner_id: UUID) -> bool:
        found = facts.get(partner_id)
        return known.get(partner_id) != (rules.fingerprint(version.number, found) if found else blank)

    return [partner_id for partner_id in ids if partner_id in over or differs(partner_id)]


@dataclass
class _Case:
    """One partner in a batch: what is known, what was found, what it holds."""

    partner_id: UUID
    facts: Facts
    verdict: Verdict
    position: Position | None
    standing: Standing | None
    held: Rung | None
    grace: Grace | None
    action: str = rules.NONE


@transaction.atomic
def _judge(
    by: Actor, version: ProgramVersion, ids: Sequence[UUID], as_of: date, at: datetime, result: Recalculation
) -> None:
    """Judge a batch under the version's lock, so that two runs never judge one partner at the same time.

    The facts are read again inside the lock: those that chose the batch may be older than another run's.
    """
    if lock(version).state != rules.PUBLISHED:
        return
    cases = [case for case in _cases(version, ids, as_of) if not _is_settled(case, version, as_of)]
    evaluations = [_evaluation(case, version, as_of, at) for case in cases]
    Evaluation.objects.bulk_create(evaluations)
    _note_positions(cases, evaluations, at)
    tiers = {tier.code: tier for tier in version.tiers.select_related("program")}
    for case, evaluation in zip(cases, evaluations, strict=True):
        _follow(by, case, evaluation, tiers, at)
        result.count(case.action)
    result.differed += len(cases)


def _cases(version: ProgramVersion, ids: Sequence[UUID], as_of: date) -> Iterable[_Case]:
    rungs, facts = rungs_of(version), facts_of(version, as_of, ids)
    positions = {p.partner_id: p for p in Position.objects.filter(partner__in=ids)}
    standings = {
        s.partner_id: s for s in Standing.objects.open().filter(partner__in=ids).select_related("tier")
    }
    graces = {g.partner_id: g for g in Grace.objects.open().filter(partner__in=ids)}
    nothing = no_facts(version)
    for partner_id in ids:
        found, standing = facts.get(partner_id, nothing), standings.get(partner_id)
        held = rules.counterpart(standing.tier.code, standing.tier.rank, rungs) if standing else None
        grace = graces.get(partner_id)
        case = _Case(
            partner_id, found, rules.evaluate(rungs, found), positions.get(partner_id), standing, held, grace
        )
        case.action = rules.decide(
            eligible_rank=case.verdict.eligible_rank,
            held_rank=held.rank if held else 0,
            grace_ends_on=grace.ends_on if grace else None,
            on=as_of,
        )
        yield case


def _is_settled(case: _Case, version: ProgramVersion, as_of: date) -> bool:
    """Whether there is nothing to write: judged for a later day already, or the same facts and nothing due."""
    if case.position is None:
        return False
    if case.position.as_of > as_of:
        return True
    is_same = case.position.fingerprint == rules.fingerprint(version.number, case.facts)
    return is_same and case.action in (rules.NONE, rules.IN_GRACE)


def _evaluation(case: _Case, version: ProgramVersion, as_of: date, at: datetime) -> Evaluation:
    return Evaluation(
        partner_id=case.partner_id,
        program=version,
        as_of=as_of,
        facts={key: {"value": fact.value, "rows": fact.rows} for key, fact in case.facts.items()},
        verdict=case.verdict.as_json(),
        eligible_code=case.verdict.eligible.code if case.verdict.eligible else "",
        held_code=case.held.code if case.held else "",
        action=case.action,
        engine=rules.ENGINE,
        fingerprint=rules.fingerprint(version.number, case.facts),
        seal=rules.seal(version.number, rules.ENGINE, case.facts, case.verdict),
        created_at=at,
    )


def _note_positions(cases: list[_Case], evaluations: list[Evaluation], at: datetime) -> None:
    fresh = [
        Position(
            partner_id=case.partner_id,
            evaluation=evaluation,
            as_of=evaluation.as_of,
            fingerprint=evaluation.fingerprint,
            version=case.position.version + 1 if case.position else 1,
            created_at=at,
        )
        for case, evaluation in zip(cases, evaluations, strict=True)
    ]
    told = ["evaluation", "as_of", "fingerprint", "version", "changed_at"]
    Position.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["partner"], update_fields=told)


def _follow(by: Actor, case: _Case, evaluation: Evaluation, tiers: dict[str, Tier], at: datetime) -> None:
    """Do what the verdict asks for."""
    partner, on = Partner(pk=case.partner_id), evaluation.as_of
    if case.standing and case.held and case.standing.tier.program_id != evaluation.program_id:
        case.standing = _carry_over(by, case.standing, tiers[case.held.code], evaluation, at)
    if case.action in (rules.INITIAL, rules.UPGRADE):
        assert case.verdict.eligible is not None
        award_tier(
            by=by, partner=partner, tier=tiers[case.verdict.eligible.code], evaluation=evaluation, at=at
        )
    elif case.action == rules.GRACE and case.standing:
        start_grace(by=by, standing=case.standing, missing=_missing(case), on=on, at=at)
    elif case.action == rules.RECOVERED and case.grace:
        end_grace(by=by, grace=case.grace, outcome=rules.RECOVERED, on=on, at=at)
    elif case.action == rules.DOWNGRADE:
        lower = tiers[case.verdict.eligible.code] if case.verdict.eligible else None
        lower_tier(by=by, partner=partner, tier=lower, evaluation=evaluation, at=at)
    elif case.standing and case.held is None:
        lower_tier(by=by, partner=partner, tier=None, evaluation=evaluation, at=at)


def _missing(case: _Case) -> list[str]:
    assert case.held is not None
    found = case.verdict.of(case.held.code)
    return [finding.need.metric for finding in found.open_findings] if found else []


def _end_of_leavers(as_of: date, at: datetime, partner_ids: Iterable[UUID] | None) -> None:
    """Who is no longer in the program holds no tier."""
    leavers = Standing.objects.open().exclude(partner__in=population(as_of))
    leavers = leavers.filter(starts_on__lte=as_of)
    if partner_ids is not None:
        leavers = leavers.filter(partner__in=list(partner_ids))
    for standing in leavers:
        end_standing(partner=standing.partner, on=as_of, at=at)


# Standings ------------------------------------------------------------------------------------------------------


@transaction.atomic
def award_tier(
    *,
    by: Actor,
    partner: Partner,
    tier: Tier,
    evaluation: Evaluation | None,
    at: datetime,
    on: date | None = None,
) -> Standing:
    """The partner stands in a tier from a day on (the evaluation's, else today); an open grace period is over.

    Called by the recalculation, which has asked for the permission.
    """
    on = on or (evaluation.as_of if evaluation else day(at))
    before = _close_standing(partner.pk, on)
    _close_grace(by, partner.pk, rules.RECOVERED, on, at)
    reason = rules.EVALUATION if before else rules.INITIAL
    standing = _open_standing(partner.pk, tier, on, reason, evaluation, at)
    data = {
        "from": before.tier.code if before else None,
        "to": tier.code,
        "version": tier.program.number,
        "reason": reason,
    }
    record("tier.awarded", standing, by=by, at=at, partner=standing.partner, data=data)
    return standing


@transaction.atomic
def lower_tier(
    *, by: Actor, partner: Partner, tier: Tier | None, evaluation: Evaluation, at: datetime
) -> Standing | None:
    """The tier falls to a lower one, or to none, after its grace period. Called by the recalculation."""
    before = _close_standing(partner.pk, evaluation.as_of)
    _close_grace(by, partner.pk, rules.LOWERED, evaluation.as_of, at)
    if before is None:
        return None
    lower = None
    if tier is None:
        note_standing(partner_id=partner.pk, code="", name="", rank=None, at=at)
    else:
        lower = _open_standing(partner.pk, tier, evaluation.as_of, rules.GRACE_ENDED, evaluation, at)
    data = {"from": before.tier.code, "to": tier.code if tier else None, "version": evaluation.program.number}
    record("tier.lowered", lower or before, by=by, at=at, partner=before.partner, data=data)
    return lower


@transaction.atomic
def end_standing(*, partner: Partner, on: date, at: datetime) -> Standing | None:
    """The partner leaves the program, and with it its tier. Called where a partner is terminated or taken out."""
    ended = _close_standing(partner.pk, on)
    _close_grace(SYSTEM, partner.pk, rules.LEFT, on, at)
    if ended:
        note_standing(partner_id=partner.pk, code="", name="", rank=None, at=at)
        record("tier.ended", ended, by=SYSTEM, at=at, partner=partner, data={"tier": ended.tier.code})
    return ended


def _carry_over(by: Actor, standing: Standing, tier: Tier, evaluation: Evaluation, at: datetime) -> Standing:
    """The same tier under another version; from then on its margin and benefits are that version's."""
    _close_standing(standing.partner_id, evaluation.as_of)
    carried = _open_standing(
        standing.partner_id, tier, evaluation.as_of, rules.PROGRAM_CHANGE, evaluation, at
    )
    Grace.objects.open().filter(partner=standing.partner_id).update(standing=carried)
    data = {"from": standing.tier.code, "to": tier.code, "version": evaluation.program.number}
    record("tier.carried_over", carried, by=by, at=at, partner=carried.partner, data=data)
    return carried


def _open_standing(
    partner_id: UUID, tier: Tier, on: date, reason: str, evaluation: Evaluation | None, at: datetime
) -> Standing:
    partner = note_standing(partner_id=partner_id, code=tier.code, name=tier.name, rank=tier.rank, at=at)
    standing = Standing(
        partner=partner, tier=tier, starts_on=on, reason=reason, evaluation=evaluation, created_at=at
    )
    return save(standing)


def _close_standing(partner_id: UUID, on: date) -> Standing | None:
    standing = Standing.objects.open().select_related("tier", "partner").filter(partner=partner_id).first()
    if standing:
        standing.ends_on = max(on, standing.starts_on)
        save(standing)
    return standing


# Grace ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def start_grace(*, by: Actor, standing: Standing, missing: list[str], on: date, at: datetime) -> Grace:
    """What the tier asks for is no longer met: it stays for the program's days of grace. Called by the recalculation.

    `missing` are the keys of the metrics that fall short.
    """
    days = standing.tier.program.settings["downgrade_grace_days"]
    grace = Grace(
        partner=standing.partner,
        standing=standing,
        starts_on=on,
        ends_on=rules.grace_end(on, days),
        missing=missing,
        created_at=at,
    )
    save(grace)
    data = {"tier": standing.tier.code, "ends_on": grace.ends_on, "missing": missing}
    record("tier.grace_started", grace, by=by, at=at, partner=standing.partner, data=data)
    return grace


@transaction.atomic
def end_grace(*, by: Actor, grace: Grace, outcome: str, on: date, at: datetime) -> Grace:
    """The grace period is over: what was missing came back, the tier fell, or the partner left."""
    grace = lock(grace)
    grace.closed_on, grace.outcome = on, outcome
    save(grace)
    data = {"tier": grace.standing.tier.code, "outcome": outcome}
    record("tier.grace_ended", grace, by=by, at=at, partner=grace.partner, data=data)
    return grace


def _close_grace(by: Actor, partner_id: UUID, outcome: str, on: date, at: datetime) -> None:
    if grace := Grace.objects.open().filter(partner=partner_id).first():
        end_grace(by=by, grace=grace, outcome=outcome, on=on, at=at)


# Risk -----------------------------------------------------------------------------------------------------------


def note_risks(*, as_of: date, at: datetime, partner_ids: Iterable[UUID] | None = None) -> int:
    """Note the day on which each partner's tier is lost if nothing new happens; returns how many are at risk."""
    found = risks(as_of, partner_ids)
    positions = Position.objects.filter(partner__standings__ends_on=None, partner__standings__isnull=False)
    stale = Position.objects.exclude(at_risk_on=None)
    if partner_ids is not None:
        ids = list(partner_ids)
        positions, stale = positions.filter(partner__in=ids), stale.filter(partner__in=ids)
    stale.exclude(partner__in=list(found)).update(at_risk_on=None, at_risk_metric="", changed_at=at)
    for position in positions.filter(partner__in=list(found)):
        _note_risk(position, *found[position.partner_id])
    return len(found)


def _note_risk(position: Position, on: date, metric: str) -> None:
    if (position.at_risk_on, position.at_risk_metric) != (on, metric):
        position.at_risk_on, position.at_risk_metric = on, metric
        save(position)
