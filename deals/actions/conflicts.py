"""Looking for conflicts, and keeping what was found with the arithmetic behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import SYSTEM, Actor
from core.errors import Conflict
from core.saving import lock, save
from deals import conflict, rules
from deals.models import ConflictCandidate, ConflictCheck, ConflictFactor, ConflictRules, Deal
from deals.sources import SOURCES, Asked, Rival, asked_by
from events.actions import record

MOST_CANDIDATES = 10
ZERO = Decimal("0.0")


@dataclass(frozen=True)
class Finding:
    """One that a registration was compared with, and what came of it."""

    rival: Rival
    match: conflict.Match
    score: Decimal
    factors: list[conflict.Factor]
    prevails: str
    precedence: str


@transaction.atomic
def check_conflicts(*, by: Actor, deal: Deal, at: datetime, asked: Asked | None = None) -> ConflictCheck:
    """Compare a registration with all that others claim, and keep every candidate with every factor.

    `asked` is what to look for, where the caller has it already.

    Never decides anything. Called by the actions that submit, answer and link: they asked for the permission, and
    note score and verdict on the registration.
    """
    asked = asked or asked_by(deal, ConflictRules.objects.terms(), at)
    terms, found = asked.terms, compared(asked)
    score = found[0].score if found else ZERO
    check = ConflictCheck(
        deal=deal,
        rule_version=str(terms.version),
        score=score,
        verdict=terms.verdict(score),
        own_wins=[_win(won) for won in asked.wins.of(deal)],
        created_at=at,
    )
    save(check)
    _keep(check, found, terms)
    data = {"verdict": check.verdict, "score": str(check.score), "rule_version": check.rule_version}
    record("deal.conflict_checked", check, by=by, at=at, partner=deal.partner, data=data)
    return check


def findings(deal: Deal, terms: conflict.Terms, at: datetime) -> list[Finding]:
    """All that a registration conflicts with, the hardest first."""
    return compared(asked_by(deal, terms, at))


def compared(asked: Asked) -> list[Finding]:
    """What is asked, compared with each claim of every source, the hardest first."""
    terms, found = asked.terms, []
    for source in SOURCES:
        for rival in source(asked):
            match = conflict.account_match(asked.claim, rival.claim, rival.likeness, terms)
            score, factors = conflict.compare(asked.claim, rival.claim, match, terms)
            prevails = conflict.prevailing(rival.kind, asked.claim, rival.claim, terms)
            found.append(Finding(rival, match, score, factors, *prevails))
    return sorted(found, key=lambda one: (-one.score, one.rival.record.pk))


def _win(won: Deal) -> dict[str, str]:
    return {"id": str(won.pk), "number": won.number, "won_on": won.won_on.isoformat() if won.won_on else ""}


def _keep(check: ConflictCheck, found: Sequence[Finding], terms: conflict.Terms) -> None:
    """The first ten, and all that are hard: what is new is measured by them."""
    hard = sum(terms.verdict(one.score) == conflict.HARD for one in found)
    candidates, factors = [], []
    for position, one in enumerate(found[: max(hard, MOST_CANDIDATES)], 1):
        candidate = _candidate(check, position, one, terms)
        candidates.append(candidate)
        factors += [_factor(candidate, place, factor) for place, factor in enumerate(one.factors, 1)]
    ConflictCandidate.objects.bulk_create(candidates)
    ConflictFactor.objects.bulk_create(factors)


def _candidate(
    check: ConflictCheck, position: int, found: Finding, terms: conflict.Terms
) -> ConflictCandidate:
    rival = found.rival
    return ConflictCandidate(
        conflict_check=check,
        position=position,
        kind=rival.kind,
        score=found.score,
        verdict=terms.verdict(found.score),
        because=found.match.because,
        prevails=found.prevails,
        precedence=found.precedence,
        since=rival.since,
        until=rival.until,
        organization_id=rival.claim.organization_id,
        snapshot=dict(rival.snapshot),
        created_at=check.created_at,
        **{rival.link: rival.record},
    )


def _factor(candidate: ConflictCandidate, position: int, factor: conflict.Factor) -> ConflictFactor:
    return ConflictFactor(
        candidate=candidate,
        position=position,
        code=factor.code,
        mine=factor.mine[:400],
        theirs=factor.theirs[:400],
        alike=factor.alike,
        weight=factor.weight,
        points=factor.points,
        created_at=candidate.created_at,
    )


# Looking again ---------------------------------------------------------------------------------------------------


@transaction.atomic
def recheck_conflicts(*, by: Actor, deal: Deal, at: datetime) -> Deal:
    """Look for conflicts again and keep what is found now. Raises Conflict (decided long ago)."""
    by.must(Permission.DEAL_DECIDE, on=deal)
    deal = lock(deal)
    if deal.state not in rules.OPEN:
        raise Conflict(
            _("This registration is closed: it conflicts with nothing any more."), code="closed_move"
        )
    return _look_again(by, deal, at)


def recheck_touched(deals: Iterable[UUID], at: datetime) -> None:
    """Look again at open registrations that something new has touched. Decides nothing; a new hard conflict is told."""
    for pk in sorted(set(deals)):
        deal = lock(Deal(pk=pk))
        if deal.state in rules.OPEN:
            _look_again(SYSTEM, deal, at)


def _look_again(by: Actor, deal: Deal, at: datetime) -> Deal:
    known = {candidate.other_id for candidate in _hard_ones(deal)}
    check = check_conflicts(by=by, deal=deal, at=at)
    deal.conflict_score, deal.conflict_verdict = check.score, check.verdict
    save(deal)
    if new := [candidate for candidate in _hard_ones(deal) if candidate.other_id not in known]:
        kinds = sorted({candidate.kind for candidate in new})
        data = {
            "check": str(check.pk),
            "kinds": kinds,
            "candidates": [str(candidate.pk) for candidate in new],
        }
        record("deal.conflict_found", deal, by=by, at=at, partner=deal.partner, data=data)
    return deal


def _hard_ones(deal: Deal) -> list[ConflictCandidate]:
    """The hard conflicts of the newest check."""
    check = deal.conflict_checks.newest_first().first()
    return list(check.candidates.filter(verdict=conflict.HARD)) if check else []


def require_nothing_new(deal: Deal, at: datetime) -> None:
    """Raise Conflict where a hard conflict has appeared that the newest check does not show. The caller holds the lock.

    Whoever decides looks again first and then decides what it sees. A claim that comes after this one by the
    program's precedence is no reason to wait: otherwise every later registration would hold up the earlier one.
    """
    terms = ConflictRules.objects.terms()
    known = {candidate.other_id for candidate in _hard_ones(deal)}
    for found in findings(deal, terms, at):
        is_hard = terms.verdict(found.score) == conflict.HARD and found.prevails != conflict.MINE
        if is_hard and found.rival.record.pk not in known:
            words = _(
                "A hard conflict has appeared since the last check: %(kind)s. Check again, then decide."
            )
            kind = conflict.kind_words(found.rival.kind, is_direct=found.rival.link != "deal")
            raise Conflict(words % {"kind": kind[:1].lower() + kind[1:]}, code="new_conflict")
