"""What an announced version means for one partner, in sentences that it may read: its own change, its day, its terms.

Nothing of what the vendor means to invest, and nothing of another partner.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.templatetags.ui import day as say_day
from tiers import diff, rules, wording
from tiers.impact import BY_DECISION, Impact, Move

REQUIREMENT = (diff.REQUIREMENT, diff.THRESHOLD, "comparator", "window", "scope", "is_waivable")


def sentences(move: Move, impact: Impact, of_tiers: list[diff.Change]) -> list[str]:
    """What the version changes for a partner; [] where it changes nothing that concerns it."""
    return [*_tier(move, impact), *_terms(move, impact), *_rules(move, of_tiers)]


def _tier(move: Move, impact: Impact) -> Iterator[str]:
    now, new = impact.old or impact.new, impact.new
    assert move.takes_effect_on is not None
    words = {
        "held": now.name(move.held_code) or _("no tier"),
        "then": new.name(move.then_code) or _("no tier"),
        "day": say_day(move.takes_effect_on),
    }
    if move.change == rules.UP and move.reason_kind == BY_DECISION:
        yield _("By the new version you reach %(then)s; a person decides on the rise.") % words
    elif move.change == rules.UP:
        yield _("You rise to %(then)s.") % words
    elif move.change == rules.DOWN:
        yield _("Your tier %(held)s is no longer part of the program; you go on as %(then)s.") % words
    elif move.change == rules.INTO_GRACE:
        yield _("You no longer meet what %(held)s asks for. You keep it until %(day)s.") % words
        missing = [wording.missing_part(finding) for finding in move.reasons]
        if missing:
            yield _("To keep it, this is missing: %(listed)s.") % {"listed": wording.listed(missing)}


def _terms(move: Move, impact: Impact) -> Iterator[str]:
    """The terms of the tier on the first day: grace keeps those that hold, and a decision is still to come."""
    if move.change == rules.INTO_GRACE or move.reason_kind == BY_DECISION:
        return
    if move.percent_before != move.percent_after:
        yield _("Your margin becomes %(after)s instead of %(before)s.") % {
            "before": _percent(move.percent_before),
            "after": _percent(move.percent_after),
        }
    if move.gained:
        yield _("You gain: %(listed)s.") % {"listed": wording.listed(list(move.gained))}
    if move.lost:
        yield _("You no longer get: %(listed)s.") % {"listed": wording.listed(list(move.lost))}


def _percent(share: Any) -> str:
    return f"{share.normalize():f}%"


def _rules(move: Move, of_tiers: list[diff.Change]) -> Iterator[str]:
    """What its tier will ask for, where that changes."""
    stays = move.change == rules.INTO_GRACE or move.reason_kind == BY_DECISION
    code = move.held_code if stays else move.then_code
    for change in of_tiers:
        if code and change.tier == code and change.about in REQUIREMENT:
            yield asked(change)


def asked(change: diff.Change) -> str:
    """“Certified people: Gold asks for 4 instead of 3.”"""
    words = {"tier": change.name, "name": change.within, "was": change.was, "becomes": change.becomes}
    if change.about == diff.THRESHOLD:
        return _("%(name)s: %(tier)s asks for %(becomes)s instead of %(was)s.") % words
    if change.about == diff.REQUIREMENT and change.kind == "added":
        return _("%(name)s: %(tier)s asks for it from then on, %(becomes)s.") % words
    if change.about == diff.REQUIREMENT:
        return _("%(name)s: %(tier)s no longer asks for it.") % words
    return _("%(sentence)s.") % {"sentence": change}
