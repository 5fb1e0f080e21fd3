"""What the vendor decides about a registration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import setting
from core.actors import Actor
from core.errors import Conflict
from deals import conflict, rules
from deals.actions.cases import running_case_of
from deals.actions.conditions import impose
from deals.actions.conflicts import require_nothing_new
from deals.actions.engagement import cited
from deals.actions.moves import _move, reason_code
from deals.actions.protections import lock_claim, protect, release, usual_length
from deals.engagement import APPROVE, DUPLICATE, REJECT, REVOKE
from deals.models import Deal, Protection
from deals.sources import block_of
from partners.actions import note_knowledge


@transaction.atomic
def start_review(*, by: Actor, deal: Deal, at: datetime) -> Deal:
    """Take a submitted registration up. Raises Conflict (closed)."""
    by.must(Permission.DEAL_DECIDE, on=deal)
    return _move(by, deal, "start_review", at)


@transaction.atomic
def ask_for_more(*, by: Actor, deal: Deal, question: str, fields: list[str], at: datetime) -> Deal:
    """Ask the partner; only the named fields open and the clock stands still until it answers.

    Raises ValidationError (no question, unknown field), Conflict (closed).
    """
    by.must(Permission.DEAL_DECIDE, on=deal)
    if not question.strip():
        raise ValidationError({"question": _("Say what you need to know.")})
    if not fields or set(fields) - set(rules.FIELD_LABELS):
        raise ValidationError({"fields": _("Choose the fields that the partner is to complete.")})
    until = rules.answer_until(deal.day_of(at), setting("deal.answer_days"))
    facts = {"question": question, "asked_fields": sorted(fields), "paused_at": at, "answer_until": until}
    data = {"fields": sorted(fields), "answer_until": until.isoformat()}
    return _move(by, deal, "ask_for_more", at, data, **facts)


@transaction.atomic
def approve_deal(
    *,
    by: Actor,
    deal: Deal,
    at: datetime,
    days: int | None = None,
    comment: str = "",
    is_automatic: bool = False,
    conditions: Sequence[str] = (),
    conditions_until: date | None = None,
    conflicts_seen: bool = False,
) -> Deal:
    """Approve and protect: one running protection per product, `days` long (the program's length by default).

    With `conditions` it protects until their last day `conditions_until`, and for its own days once they are met.
    Of many rival approvals one wins, and the others are told why. Under its locks conflicts are looked for once more:
    `conflicts_seen` says that one which appeared since the last check is known.

    Raises ValidationError (days, conditions), Conflict (customer not linked, nobody may register it, somebody is
    protected, a new hard conflict, closed, partner not active), PermissionDenied (the deal desk decides such a
    conflict, and a scope with all below).
    """
    by.must(Permission.DEAL_DECIDE, on=deal)
    if days is not None and not 1 <= days <= rules.LONGEST_PROTECTION:
        text = _("Choose between 1 and %(most)s days.") % {"most": rules.LONGEST_PROTECTION}
        raise ValidationError({"days": text})
    deal = lock_claim(deal)
    organization = deal.organization
    if organization is None:
        raise Conflict(_("Say first which organization the customer is."), code="customer_not_linked")
    move = "approve_with_conditions" if conditions else "approve"
    rules.LIFECYCLE.after(deal.state, move)
    require_not_blocked(deal)
    require_scope_permission(by, deal)
    require_desk(by, deal)
    require_no_case(deal)
    days = usual_length(deal, at).days if days is None else days
    full = rules.protected_until(deal.day_of(at), days)
    until = impose(deal, conditions, conditions_until, full, at) if conditions else full
    protections = protect(deal, (until - deal.day_of(at)).days, at)
    if not conflicts_seen:
        require_nothing_new(deal, at)
    data = {
        "until": until.isoformat(),
        "days": days,
        "automatic": is_automatic,
        **_verdict(deal),
        **cited(deal, APPROVE),
    }
    facts = {"protected_from": protections[0].starts_on, "protected_until": until, "is_customer_known": True,
             "unconditional_until": full if conditions else None, "reason": "", "comment": comment,
             "is_automatic": is_automatic, "decided_rule": data.get("rule", "")}  # fmt: skip
    deal = _move(by, deal, move, at, data, **_decided(by, at), **facts)
    note_knowledge(organization=organization, partner=deal.partner, because="registered", at=at)
    return deal


@transaction.atomic
def reject_deal(*, by: Actor, deal: Deal, reason: str, at: datetime, comment: str = "") -> Deal:
    """Refuse with a reason (a code of deal_rejection); `comment` goes to the partner.

    Raises ValidationError (reason, comment), Conflict (closed).
    """
    by.must(Permission.DEAL_DECIDE, on=deal)
    require_desk(by, deal)
    code = reason_code("deal_rejection", reason, comment)
    until = contested_until(deal) if code == "already_protected" else None
    rule = cited(deal, code, REJECT)
    data = {"reason": code, "contested_until": until.isoformat() if until else None, **_verdict(deal), **rule}
    facts = {
        "decided_rule": rule.get("rule", ""),
        "reason": code,
        "comment": comment,
        "contested_until": until,
        "closed_at": at,
    }
    return _move(by, deal, "reject", at, data, **_decided(by, at), **facts)


@transaction.atomic
def mark_duplicate(*, by: Actor, deal: Deal, duplicate_of: Deal, at: datetime, comment: str = "") -> Deal:
    """The registration repeats an earlier one of the same partner. Raises ValidationError, Conflict (closed)."""
    by.must(Permission.DEAL_DECIDE, on=deal)
    if duplicate_of.partner_id != deal.partner_id or duplicate_of.pk == deal.pk:
        raise ValidationError({"duplicate_of": _("Choose another registration of the same partner.")})
    if duplicate_of.state in rules.NEVER_SUBMITTED:
        raise ValidationError({"duplicate_of": _("That one was never submitted.")})
    rule = cited(deal, DUPLICATE)
    data = {"duplicate_of": duplicate_of.number, **rule}
    facts = {
        "decided_rule": rule.get("rule", ""),
        "duplicate_of": duplicate_of,
        "comment": comment,
        "closed_at": at,
    }
    return _move(by, deal, "mark_duplicate", at, data, **_decided(by, at), **facts)


@transaction.atomic
def revoke_deal(*, by: Actor, deal: Deal, reason: str, at: datetime, comment: str = "") -> Deal:
    """End a protection early, with a reason (a code of deal_revocation). Raises ValidationError, Conflict."""
    by.must(Permission.DEAL_DECIDE, on=deal)
    code = reason_code("deal_revocation", reason, comment)
    rule = cited(deal, code, REVOKE)
    facts = {"decided_rule": rule.get("rule", ""), "reason": code, "comment": comment, "closed_at": at}
    deal = _move(by, deal, "revoke", at, {"reason": code, **rule}, **facts)
    release(deal, at)
    return deal


def require_scope_permission(by: Actor, deal: Deal) -> None:
    """Raise PermissionDenied where all that lies below a customer is claimed and somebody else may approve that."""
    if deal.includes_below and not by.may(Permission.SCOPE_APPROVE):
        raise PermissionDenied(_("A claim to all that belongs to a customer is approved by the deal desk."))


def require_not_blocked(deal: Deal) -> None:
    """Raise Conflict where nobody may register the customer, whatever is known of other conflicts."""
    if block := block_of(deal):
        words = _("Nobody may register this customer: it is blocked since %(day)s.")
        raise Conflict(words % {"day": format_date(block.since, "j F Y")}, code="blocked")


def goes_to_desk(deal: Deal) -> bool:
    """Whether it conflicts, above “related”, with a registration of a partner that another manager looks after."""
    check = deal.conflict_checks.newest_first().first()
    if check is None or check.verdict not in conflict.FOR_THE_DESK:
        return False
    own = deal.partner
    rivals = check.candidates.filter(verdict__in=conflict.FOR_THE_DESK, deal__isnull=False)
    of_others = rivals.exclude(deal__partner=own.pk).exclude(deal__partner__psm=own.psm_id)
    return bool(of_others.exists())


def require_desk(by: Actor, deal: Deal) -> None:
    """Raise PermissionDenied where the partners have different managers and neither may decide between them."""
    if not by.may(Permission.CASE_DECIDE) and goes_to_desk(deal):
        raise PermissionDenied(
            _("It conflicts with a registration of another manager's partner. The deal desk decides it.")
        )


def require_no_case(deal: Deal) -> None:
    """Raise Conflict while a conflict case about the registration runs."""
    if why := case_in_the_way(deal):
        raise Conflict(why, code="case_runs")


def case_in_the_way(deal: Deal) -> str:
    """That a conflict case about the registration runs; "" where none does."""
    words = _("The conflict case %(number)s about it is not decided yet.")
    case = running_case_of(deal)
    return words % {"number": case.number} if case else ""


def contested_until(deal: Deal) -> date | None:
    """The last day of another partner's running protection on the claim, if there is one."""
    if deal.organization_id is None:
        return None
    rivals = Protection.objects.on_claim(deal).running().exclude(deal__partner=deal.partner_id)
    return rivals.order_by("-until").values_list("until", flat=True).first()


def _decided(by: Actor, at: datetime) -> dict[str, object]:
    return {
        "decided_at": at,
        "decided_by_id": by.user_id,
        "paused_at": None,
        "question": "",
        "asked_fields": [],
        "answer_until": None,
    }


def _verdict(deal: Deal) -> dict[str, str]:
    check = deal.conflict_checks.newest_first().first()
    if check is None:
        return {}
    return {"verdict": check.verdict, "score": str(check.score), "rule_version": check.rule_version}
