"""What became of a partner's tier: each tier held and why, and what people decided, with their reason.

A partner reads the reason that was written for it and that we decided; our own people read who did. Notes for
colleagues are on the decision's own page alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.clock import day
from core.templatetags.ui import day as say_day
from tiers import rules
from tiers.explained import Explanation
from tiers.models import Proposal, Standing

Line = tuple[date, dict[str, Any]]


def history(found: Explanation, *, is_portal: bool) -> list[dict[str, Any]]:
    """The tiers and the decisions that changed none of them, the newest first."""
    reasons = _reasons(found)
    lines = [_held(standing, reasons.get(standing.starts_on, ""), is_portal) for standing in found.history]
    shown = {standing.starts_on for standing in found.history if standing.reason in rules.BY_PEOPLE}
    lines += [_decided(one, is_portal) for one in found.decisions if _on(one) not in shown]
    return [line for _day, line in sorted(lines, key=lambda line: line[0], reverse=True)]


def _reasons(found: Explanation) -> dict[date, str]:
    """Why a person decided, by the day on which it did."""
    granted = {_on(one): one.answer for one in found.decisions if one.state == rules.GRANTED}
    return granted | {override.starts_on: override.reason for override in found.overrides}


def _on(proposal: Proposal) -> date:
    assert proposal.decided_at is not None
    return day(proposal.decided_at)


def _held(standing: Standing, reason: str, is_portal: bool) -> Line:
    days = {"start": say_day(standing.starts_on), "end": standing.ends_on and say_day(standing.ends_on)}
    period = (_("%(start)s to %(end)s") if standing.ends_on else _("since %(start)s")) % days
    return standing.starts_on, {
        "text": standing.tier.name,
        "note": " · ".join([period, *_because(standing, reason, is_portal)]),
    }


def _because(standing: Standing, reason: str, is_portal: bool) -> list[str]:
    words = {
        rules.INITIAL: _("first tier"),
        rules.EVALUATION: _("requirements met"),
        rules.GRACE_ENDED: _("after a grace period"),
        rules.PROGRAM_CHANGE: _("new program version"),
        rules.APPEAL: _("after an appeal"),
    }
    found = [words[standing.reason]] if standing.reason in words else []
    if standing.reason in rules.BY_PEOPLE:
        found.append(_who(standing.decided_by, reason, is_portal))
    return found


def _decided(proposal: Proposal, is_portal: bool) -> Line:
    """A decision after which no tier began: the tier stayed as it was, or the last one ended."""
    on, tier = _on(proposal), proposal.to_tier if proposal.kind == rules.RISE else proposal.from_tier
    words = {
        (rules.RISE, rules.GRANTED): _("Rise to %(tier)s granted"),
        (rules.RISE, rules.DECLINED): _("Rise to %(tier)s declined"),
        (rules.FALL, rules.GRANTED): _("%(tier)s ended"),
        (rules.FALL, rules.DECLINED): _("%(tier)s kept"),
    }
    note = " · ".join([say_day(on), _who(proposal.decided_by, proposal.answer, is_portal)])
    return on, {"text": words[proposal.kind, proposal.state] % {"tier": tier}, "note": note}


def _who(by: User | None, reason: str, is_portal: bool) -> str:
    """“We decided: Well done.” for the partner, “Ada Director decided: Well done.” for our own people."""
    who = _("we decided") if is_portal or by is None else _("%(name)s decided") % {"name": by.name}
    return _("%(who)s: %(reason)s") % {"who": who, "reason": reason} if reason else who
