"""Conflict cases: opened once per pair, evidence asked of both, a proposal, a decision that carries itself out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from catalog.querysets import setting
from core.actors import Actor
from core.errors import Conflict
from core.models import next_number
from core.saving import lock, save
from deals import case_rules, engagement, rules
from deals.actions.conflicts import check_conflicts
from deals.actions.credits import split_credit
from deals.actions.engagement import cited
from deals.actions.moves import _move
from deals.actions.protections import release
from deals.engagement import REJECT, REVOKE
from deals.models import CaseEvidence, CaseParty, ConflictCase, Deal, EngagementRules
from events.actions import record
from files.actions import attach
from partners.actions import complete_restructuring, lock_trees
from partners.models import Organization, Restructuring

CONTESTED = (*rules.OPEN, rules.WON)
Shares = tuple[int | None, int | None]
NO_SHARES: Shares = (None, None)


@transaction.atomic
def open_case(
    *,
    by: Actor,
    deal: Deal,
    at: datetime,
    other: Deal | None = None,
    direct: str = "",
    record_id: UUID | None = None,
    because: str = case_rules.BY_HAND,
    summary: str = "",
    restructuring: Restructuring | None = None,
) -> ConflictCase:
    """Two claims to one customer: of two partners (`other`), or of a partner and our own sales (`direct`, in words).

    `record_id` is what our own sales hold, where it is recorded: an opportunity, an account, a block; what is not
    recorded is told apart by its words. Once per pair: while a case about the two runs, that one is given back. Due
    after the setting's business days.
    Raises ValidationError (not two partners, neither or both of the two given), Conflict (a claim is over).
    """
    by.must(Permission.DEAL_DECIDE, on=deal)
    _require_two(deal, other, direct)
    pair = _pair(deal, other.pk if other else record_id or case_rules.key_of_words(direct))
    if running := ConflictCase.objects.running().filter(pair=pair).first():
        return _joined(running, restructuring)
    sides = _in_order(deal, other)
    case = ConflictCase(
        number=next_number("C"),
        kind=case_rules.BETWEEN_PARTNERS if other else case_rules.WITH_DIRECT,
        because=because,
        pair=pair,
        organization=_contested(sides, restructuring),
        restructuring=restructuring,
        engagement_rules=_terms(sides),
        summary=summary.strip(),
        opened_by_id=by.user_id,
        due_at=rules.decision_due(
            at, setting("deal.case_business_days"), str(deal.partner.country), deal.partner.time_zone
        ),
        created_at=at,
    )
    save(case)
    for position, side in enumerate(sides, start=1):
        save(CaseParty(case=case, position=position, deal=side, partner=side.partner, created_at=at))
    if not other:
        save(CaseParty(case=case, position=2, direct_text=direct.strip(), created_at=at))
    record("case.opened", case, by=by, at=at, data={"kind": case.kind, "because": because})
    return case


@transaction.atomic
def assign_mediator(*, by: Actor, case: ConflictCase, mediator: User, at: datetime) -> ConflictCase:
    """Someone of the deal desk looks after it. Raises ValidationError (may not decide cases), Conflict (over)."""
    by.must(Permission.CASE_DECIDE, on=case)
    case = _running(case)
    if not User.objects.with_permission(Permission.CASE_DECIDE).filter(pk=mediator.pk).exists():
        raise ValidationError({"mediator": _("This person does not decide conflict cases.")})
    case.mediator = mediator
    save(case)
    record("case.mediated", case, by=by, at=at, data={"mediator": str(mediator.pk)})
    return case


@transaction.atomic
def gather_evidence(*, by: Actor, case: ConflictCase, at: datetime) -> ConflictCase:
    """Ask each partner for what speaks for it; neither learns who the other is. Raises Conflict (closed)."""
    by.must(Permission.CASE_DECIDE, on=case)
    case = _move_case(by, lock(case), "gather", at)
    for party in case.parties.exclude(deal=None):
        party.asked_at = at
        save(party)
        record("case.party_asked", party, by=by, at=at, partner=party.partner,
               data={"due_at": case.due_at.isoformat()})  # fmt: skip
    return case


@transaction.atomic
def give_evidence(
    *, by: Actor, party: CaseParty, text: str, at: datetime, upload: Any = None
) -> CaseEvidence:
    """What speaks for one side: by its partner, or noted by the vendor; `upload` is a file that shows it.

    Raises ValidationError (no words, the file), Conflict (the case is over).
    """
    by.must(Permission.CASE_ANSWER, on=party)
    if not text.strip():
        raise ValidationError({"text": _("Say what happened, and when.")})
    party = lock_party(party)
    case = _running(party.case)
    evidence = CaseEvidence(
        party=party, text=text.strip(), given_by_id=by.user_id, is_of_vendor=by.is_vendor, created_at=at
    )
    save(evidence)
    if upload is not None:
        is_internal = by.is_vendor
        attach(
            by=by, kind="case_party", subject=party, partner=party.partner, upload=upload, at=at,
            is_internal=is_internal,
        )  # fmt: skip
    if not by.is_vendor:
        party.answered_at = at
    save(party)
    save(case)
    record("case.evidence_given", party, by=by, at=at, partner=party.partner)
    return evidence


@transaction.atomic
def propose_outcome(
    *, by: Actor, case: ConflictCase, outcome: str, proposal: str, at: datetime, shares: Shares = NO_SHARES
) -> ConflictCase:
    """Say what should happen, and why; a split says each side's share of the credit in percent.

    Raises ValidationError (no words, the shares), Conflict (closed).
    """
    by.must(Permission.CASE_DECIDE, on=case)
    if not proposal.strip():
        raise ValidationError({"proposal": _("Say why.")})
    case = lock(case)
    parties = list(case.parties.all())
    _require_outcome(outcome, shares, parties)
    for party, share in zip(parties, shares, strict=True):
        party.proposed_share = share if outcome == case_rules.SPLIT else None
        save(party)
    facts = {"proposed_outcome": outcome, "proposal": proposal.strip()}
    return _move_case(
        by, case, "propose", at, {"outcome": outcome}, proposed_by_id=by.user_id, proposed_at=at, **facts
    )


@transaction.atomic
def decide_case(
    *,
    by: Actor,
    case: ConflictCase,
    outcome: str,
    rule: str,
    reasoning: str,
    at: datetime,
    shares: Shares = NO_SHARES,
    precedent: str = "",
    words: tuple[str, str] = ("", ""),
) -> ConflictCase:
    """Decide, and carry it out: who loses is refused or revoked, at most one protection is left, what waited completes.

    `rule` is the code of a rule of engagement that decides cases, in the version under which the case runs;
    `precedent` the name by which the case is found again, `words` what each side is told besides. Whoever stays
    without a decision on its registration waits for one as before.
    Raises PermissionDenied (decided one of the registrations), ValidationError (rule, reasoning, shares), Conflict.
    """
    by.must(Permission.CASE_DECIDE, on=case)
    case = lock_case(case)
    parties = list(case.parties.select_related("deal", "partner"))
    case_rules.CASE.after(case.state, "decide")
    require_second_person(by, parties)
    named = _named(case, rule)
    _require_reasoning(reasoning)
    _require_outcome(outcome, shares, parties)
    case.rule, case.rule_title = named.code, named.title
    _compare_losers(by, parties, outcome, shares, at)
    for party, share, said in zip(parties, shares, words, strict=True):
        party.case = case
        _settle(by, party, outcome, shares, share, said, at)
    _split_credit(parties, outcome, shares, at)
    facts = {"outcome": outcome, "reasoning": reasoning.strip(), "precedent": precedent,
             "decided_by_id": by.user_id, "decided_at": at, "closed_at": at}  # fmt: skip
    data = {"outcome": outcome, **_cited_of(case)}
    case = _move_case(by, case, "decide", at, data, **facts)
    if case.restructuring:
        complete_restructuring(by=by, restructuring=case.restructuring, at=at)
    return case


@transaction.atomic
def close_case(*, by: Actor, case: ConflictCase, reasoning: str, at: datetime) -> ConflictCase:
    """End it without a decision: the conflict is over, or was none. What waited is tried, else given up.

    Raises ValidationError (no words), Conflict (closed).
    """
    by.must(Permission.CASE_DECIDE, on=case)
    if not reasoning.strip():
        raise ValidationError({"reasoning": _("Say why it needs no decision.")})
    case = _move_case(by, lock_case(case), "close", at, closed_at=at, reasoning=reasoning.strip())
    for party in case.parties.exclude(asked_at=None):
        _tell(by, party, at)
    if case.restructuring:
        complete_restructuring(by=by, restructuring=case.restructuring, at=at, give_up=True)
    return case


def lock_case(case: ConflictCase) -> ConflictCase:
    """The case, fresh, locked after the trees that it is about, in the order of approvals."""
    waiting = case.restructuring
    touched = [
        party.deal.organization for party in case.parties.select_related("deal__organization") if party.deal
    ]
    touched += [waiting.organization, waiting.target] if waiting else []
    lock_trees(*{found.pk: found for found in touched if found}.values())
    return lock(case)


def lock_party(party: CaseParty) -> CaseParty:
    """One side, fresh, locked after its case."""
    case = lock(party.case)
    party = lock(party)
    party.case = case
    return party


def running_case_of(deal: Deal) -> ConflictCase | None:
    """The case that runs about a registration, if there is one."""
    return ConflictCase.objects.running().about(deal).order_by("created_at").first()


def require_second_person(by: Actor, parties: Sequence[CaseParty]) -> None:
    """Raise PermissionDenied where the actor decided one of the registrations itself."""
    if is_first_decider(by, parties):
        raise PermissionDenied(_("You decided one of these registrations. Someone else decides the case."))


def is_first_decider(by: Actor, parties: Sequence[CaseParty]) -> bool:
    deciders = {party.deal.decided_by_id for party in parties if party.deal}
    return by.user_id is not None and by.user_id in deciders


# What is asked ---------------------------------------------------------------------------------------------------


def _require_two(deal: Deal, other: Deal | None, direct: str) -> None:
    if bool(other) == bool(direct.strip()):
        raise ValidationError({"other": _("Name another registration, or describe our own opportunity.")})
    if other and other.partner_id == deal.partner_id:
        raise ValidationError({"other": _("Both are of one partner: that is a duplicate, not a conflict.")})
    if any(side.state not in CONTESTED for side in (deal, other) if side):
        raise Conflict(_("One of the two claims is over."), code="closed_move")


def rules_of(case: ConflictCase) -> list[engagement.Section]:
    """The rules by which a case is decided, in its version of the rules of engagement."""
    return engagement.rules_of_cases(case.engagement_rules.rules) if case.engagement_rules else []


def _named(case: ConflictCase, code: str) -> engagement.Section:
    """The rule that a decision names. A case from before the first version is decided by what is in force."""
    case.engagement_rules = case.engagement_rules or EngagementRules.objects.in_force()
    found = next((rule for rule in rules_of(case) if rule.code == code), None)
    if found is None:
        raise ValidationError({"rule": _("Name the rule that the decision follows.")})
    return found


def _require_reasoning(reasoning: str) -> None:
    if not reasoning.strip():
        raise ValidationError({"reasoning": _("Say why.")})


def _require_outcome(outcome: str, shares: Shares, parties: Sequence[CaseParty]) -> None:
    if outcome not in case_rules.OUTCOMES:
        raise ValidationError({"outcome": _("Choose who keeps the customer.")})
    if outcome == case_rules.SPLIT and not case_rules.is_split(shares):
        raise ValidationError(
            {"shares": _("Two shares above nothing, in whole percent, that add up to 100.")}
        )


# What is done ----------------------------------------------------------------------------------------------------


def _pair(deal: Deal, other: UUID) -> str:
    return ":".join(sorted([str(deal.pk), str(other)]))


def _in_order(deal: Deal, other: Deal | None) -> list[Deal]:
    """The earlier complete registration first."""
    sides = [deal, other] if other else [deal]
    return sorted(sides, key=lambda side: (side.submitted_at or side.created_at, side.number))


def _contested(sides: list[Deal], restructuring: Restructuring | None) -> Organization | None:
    if restructuring:
        return restructuring.target or restructuring.organization
    return next((side.organization for side in sides if side.organization), None)


def _terms(sides: list[Deal]) -> EngagementRules | None:
    """The version that held when the later of the two registrations was sent: when the two claims met."""
    known = [side.engagement_rules for side in sides if side.engagement_rules]
    return max(known, key=lambda version: version.number) if known else EngagementRules.objects.in_force()


def _cited_of(case: ConflictCase) -> dict[str, Any]:
    """The rule that a decision names and its version, for events."""
    number = case.engagement_rules.number if case.engagement_rules else None
    return {"rule": case.rule, "rules_version": number}


def _joined(case: ConflictCase, restructuring: Restructuring | None) -> ConflictCase:
    """The running case, with the restructuring that now waits for it too."""
    if restructuring and case.restructuring is None:
        case.restructuring = restructuring
        save(case)
    return case


def _running(case: ConflictCase) -> ConflictCase:
    case = lock(case)
    if not case.is_running:
        raise Conflict(_("This case is over."), code="closed_move")
    return case


def _compare_losers(
    by: Actor, parties: Sequence[CaseParty], outcome: str, shares: Shares, at: datetime
) -> None:
    """Keep what stands against each claim that ends, as it is now: that is what its partner is told was compared."""
    for party in parties:
        ends = case_rules.keeper(outcome, shares) != party.position
        if ends and party.deal and party.deal.state in rules.OPEN:
            deal = lock(party.deal)
            check = check_conflicts(by=by, deal=deal, at=at)
            deal.conflict_score, deal.conflict_verdict = check.score, check.verdict
            save(deal)


def _settle(
    by: Actor, party: CaseParty, outcome: str, shares: Shares, share: int | None, words: str, at: datetime
) -> None:
    """Write what the decision is for one side, end its claim unless it keeps it, and tell it."""
    party.fate = case_rules.fate(party.position, outcome, shares)
    party.share = share if outcome == case_rules.SPLIT else None
    party.words = words.strip()
    if party.deal and case_rules.keeper(outcome, shares) != party.position:
        _end_claim(by, party.deal, at)
    _tell(by, party, at)


def _split_credit(parties: Sequence[CaseParty], outcome: str, shares: Shares, at: datetime) -> None:
    """In a split both sides have sourced the deal that is left; nothing is left where our own sales keep it."""
    keeper = next((party for party in parties if case_rules.keeper(outcome, shares) == party.position), None)
    if outcome != case_rules.SPLIT or keeper is None or keeper.deal is None:
        return
    sides = [(party.partner_id, share or 0) for party, share in zip(parties, shares, strict=True)]
    sides.sort(key=lambda side: side[0] != keeper.partner_id)
    split_credit(deal=lock(keeper.deal), sources=sides, at=at)


def _tell(by: Actor, party: CaseParty, at: datetime) -> None:
    """One event for each side, on its own row; neither names the other."""
    party.told_at = at
    save(party)
    if party.partner:
        cited_rule = _cited_of(party.case) if party.fate else {}
        data = {"fate": party.fate, "share": party.share, **cited_rule}
        record("case.party_told", party, by=by, at=at, partner=party.partner, data=data)


def _end_claim(by: Actor, deal: Deal, at: datetime) -> None:
    """A pending registration is refused, a protected one revoked, what was won keeps only its bookings."""
    deal, code = lock(deal), case_rules.REASON
    if deal.state in rules.PENDING:
        rule = cited(deal, code, REJECT)
        facts = {"decided_at": at, "decided_by_id": by.user_id, "paused_at": None, "question": "", "asked_fields": [],
                 "reason": code, "comment": "", "contested_until": None, "closed_at": at,
                 "decided_rule": rule.get("rule", "")}  # fmt: skip
        _move(by, deal, "reject", at, {"reason": code, "contested_until": None, **rule}, **facts)
    elif deal.state in rules.PROTECTED:
        release(deal, at)
        rule = cited(deal, code, REVOKE)
        facts = {"decided_rule": rule.get("rule", ""), "reason": code, "comment": "", "closed_at": at}
        _move(by, deal, "revoke", at, {"reason": code, **rule}, **facts)
    elif release(deal, at):
        until = deal.protected_until.isoformat() if deal.protected_until else ""
        data = {"because": code, "until": until}
        record("deal.protection_ended", deal, by=by, at=at, partner=deal.partner, data=data)


def _move_case(
    by: Actor, case: ConflictCase, move: str, at: datetime, data: dict[str, Any] | None = None, **facts: Any
) -> ConflictCase:
    """Ask the table about a locked case, set the facts, save, record. Raises Conflict where the move is closed."""
    case.state = case_rules.CASE.after(case.state, move)
    for name, value in facts.items():
        setattr(case, name, value)
    save(case)
    record(case_rules.EVENT_OF_CASE[move], case, by=by, at=at, data=data)
    return case
