"""Drafting, announcing and activating the rules of engagement; and the rule that a decision rests on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.models import ReasonCode
from catalog.querysets import setting
from core.actors import SYSTEM, Actor
from core.clock import day
from core.errors import Conflict
from core.saving import lock, save
from deals import engagement
from deals.models import Deal, EngagementRules
from events.actions import record

FACTS = ("name", "sections", "changes", "is_adverse", "because")


@transaction.atomic
def draft_rules(
    *, by: Actor, sections: list[engagement.Section], at: datetime, **facts: Any
) -> EngagementRules:
    """Write a new version; nobody but the vendor reads it yet. `facts`: name, changes, is_adverse, because.

    Raises ValidationError (the rules).
    """
    by.must(Permission.RULES_EDIT)
    latest = EngagementRules.objects.order_by("-number").values_list("number", flat=True).first() or 0
    rules = EngagementRules(number=latest + 1, drafted_by_id=by.user_id, created_at=at)
    _write(rules, sections=sections, **facts)
    record("rules.drafted", rules, by=by, at=at, data={"number": rules.number})
    return rules


@transaction.atomic
def change_rules(*, by: Actor, rules: EngagementRules, at: datetime, **facts: Any) -> EngagementRules:
    """Change a draft. Raises ValidationError, Conflict (it is announced: write a new version)."""
    by.must(Permission.RULES_EDIT, on=rules)
    rules = lock(rules)
    if rules.state != engagement.DRAFT:
        raise Conflict(_("What is announced is not changed: write a new version."), code="locked")
    _write(rules, **facts)
    record("rules.changed", rules, by=by, at=at, data={"number": rules.number, "changed": sorted(facts)})
    return rules


@transaction.atomic
def announce_rules(*, by: Actor, rules: EngagementRules, effective_on: date, at: datetime) -> EngagementRules:
    """Tell every partner, with the day from which the version holds. What may be worse for partners needs the
    setting's notice; the first version needs none.

    Raises ValidationError (too early), Conflict (closed, another one is announced).
    """
    by.must(Permission.RULES_EDIT, on=rules)
    rules = lock(rules)
    engagement.LIFECYCLE.after(rules.state, "announce")
    if EngagementRules.objects.announced().exists():
        raise Conflict(_("Another version is announced already; discard it first."), code="announced")
    earliest = earliest_day(rules, at)
    if effective_on < earliest:
        words = _("This may be worse for partners: it can hold from %(day)s.") if rules.is_adverse else _(
            "It can hold from %(day)s."
        )  # fmt: skip
        raise ValidationError({"effective_on": words % {"day": format_date(earliest, "j F Y")}})
    data = {"number": rules.number, "effective_on": effective_on.isoformat()}
    return _move(by, rules, "announce", at, data, announced_at=at, effective_on=effective_on)


def earliest_day(rules: EngagementRules, at: datetime) -> date:
    """The first day on which a version may hold if it is announced now; the first of all may hold at once."""
    needs_notice = rules.is_adverse and EngagementRules.objects.in_force() is not None
    return engagement.earliest_day(day(at), needs_notice, setting("deal.rules_notice_days"))


@transaction.atomic
def discard_rules(*, by: Actor, rules: EngagementRules, at: datetime) -> EngagementRules:
    """Throw a draft away, or take an announcement back. Raises Conflict once it holds."""
    by.must(Permission.RULES_EDIT, on=rules)
    return _move(by, lock(rules), "discard", at, ended_at=at)


@transaction.atomic
def activate_due(*, at: datetime) -> int:
    """The announced version whose day has come holds from now on, and the one before no longer. Safe to run twice.

    Registrations that were sent before keep the version under which they were sent.
    """
    due = EngagementRules.objects.announced().filter(effective_on__lte=day(at)).order_by("number").first()
    if due is None:
        return 0
    due = lock(due)
    if before := EngagementRules.objects.in_force():
        _move(SYSTEM, lock(before), "supersede", at, ended_at=at)
    _move(SYSTEM, due, "activate", at, activated_at=at)
    return 1


def cited(deal: Deal, *grounds: str) -> dict[str, Any]:
    """The rule that a decision rests on, in the version under which the registration was sent, for its event."""
    rules = deal.engagement_rules
    if rules is None:
        return {}
    rule = engagement.rule_for(rules.rules, *grounds)
    return {"rule": rule.code if rule else "", "rules_version": rules.number}


def _write(rules: EngagementRules, **facts: Any) -> None:
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"Rules of engagement have no {sorted(unknown)}.")
    if "sections" in facts:
        domains = ("deal_rejection", "deal_revocation")
        reasons = ReasonCode.objects.filter(domain__in=domains).values_list("code", flat=True)
        facts["sections"] = [s.as_json() for s in engagement.checked(facts["sections"], reasons)]
    for name, value in facts.items():
        setattr(rules, name, value)
    if not rules.is_adverse and not rules.because.strip():
        raise ValidationError({"because": _("Say why the change is not worse for partners.")})
    save(rules)


def _move(
    by: Actor,
    rules: EngagementRules,
    move: str,
    at: datetime,
    data: dict[str, Any] | None = None,
    **facts: Any,
) -> EngagementRules:
    """Ask the table about a locked version, set the facts, save, record. Raises Conflict where the move is closed."""
    rules.state = engagement.LIFECYCLE.after(rules.state, move)
    for name, value in facts.items():
        setattr(rules, name, value)
    save(rules)
    record(engagement.EVENT_OF_MOVE[move], rules, by=by, at=at, data=data or {"number": rules.number})
    return rules
