"""A verdict on facts that somebody states: for the command, the simulator and tests. Nothing is stored.

Facts come by their key as a requirement names them ("annual_revenue", "implementations.trailing_12_months"). A whole
number is in the metric's unit, for money in minor units of the program's currency; a text for money is an amount
("10000000.00"); true and false are 1 and 0; null is "no data". A key that is left out is no data, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.money import Money
from tiers import rules, wording
from tiers.facts import Facts, ask_of, rungs_of
from tiers.models import ProgramVersion
from tiers.rules import Fact, Need, Rung, Verdict

LARGEST = 10**15
Thresholds = Mapping[tuple[str, str], int]  # by (tier's code, requirement's key)


@dataclass(frozen=True)
class Question:
    """Facts and what else a verdict depends on: who is let off what, which tier is held, how facts change later, and
    thresholds that are not the version's."""

    facts: Facts
    waived: rules.Waivers = rules.NO_WAIVERS
    held: str = ""
    later: tuple[tuple[date, Facts], ...] = ()
    thresholds: Thresholds = field(default_factory=dict)


def read(line: Any) -> Question:
    """A question as plain data: the facts by their keys, or {"facts": {…}, "waived": [["gold", "implementations"]],
    "held": "gold", "later": {"2027-01-31": {…}}, "thresholds": {"gold": {"implementations": 4}}}, where later days
    state only what is different then, and thresholds only those that are not the version's.

    Raises ValidationError with what is wrong in words.
    """
    if not isinstance(line, dict):
        raise ValidationError(_("Facts by their key belong here."))
    stated = line.get("facts", line if "facts" not in line else {})
    facts = facts_from(stated)
    later = line.get("later") or {} if "facts" in line else {}
    if not isinstance(later, dict):
        raise ValidationError(_("“later” holds facts by day."))
    days = sorted((_day(text), facts_from(changed)) for text, changed in later.items())
    held = line.get("held", "") if "facts" in line else ""
    return Question(
        facts=facts,
        waived=_waived(line.get("waived") or [] if "facts" in line else []),
        held=held if isinstance(held, str) else "",
        later=tuple((on, {**facts, **changed}) for on, changed in days),
        thresholds=thresholds_from(line.get("thresholds") or {} if "facts" in line else {}),
    )


def facts_from(stated: Any) -> Facts:
    """Facts by their key. Raises ValidationError naming the key that is wrong."""
    if not isinstance(stated, Mapping):
        raise ValidationError(_("Facts by their key belong here."))
    return {str(key): _fact(str(key), value) for key, value in stated.items()}


def thresholds_from(stated: Any) -> Thresholds:
    """Thresholds by tier and key. Raises ValidationError naming the key that is wrong."""
    if not isinstance(stated, Mapping) or not all(isinstance(of, Mapping) for of in stated.values()):
        raise ValidationError(_("“thresholds” holds thresholds by tier and fact."))
    return {
        (str(tier), str(key)): _threshold(str(key), value)
        for tier, of in stated.items()
        for key, value in of.items()
    }


def _threshold(key: str, value: Any) -> int:
    found = _fact(key, value).value
    if found is None or found < 0:
        raise ValidationError(_("The threshold of “%(key)s” is a number from 0.") % {"key": key})
    return found


def rungs_with(version: ProgramVersion, thresholds: Thresholds) -> list[Rung]:
    """The version as the rule reads it, with other thresholds. Raises ValidationError for one it does not have."""
    rungs = rungs_of(version)
    known = {(rung.code, need.key) for rung in rungs for need in rung.needs}
    if unknown := sorted(set(thresholds) - known):
        raise ValidationError(
            _("“%(tier)s” does not ask for “%(key)s”.") % dict(zip(("tier", "key"), unknown[0], strict=True))
        )
    return [
        replace(rung, needs=tuple(_with(rung.code, need, thresholds) for need in rung.needs))
        for rung in rungs
    ]


def _with(tier: str, need: Need, thresholds: Thresholds) -> Need:
    return replace(need, threshold=thresholds.get((tier, need.key), need.threshold))


def _fact(key: str, value: Any) -> Fact:
    try:
        ask_of(key)
    except KeyError:
        raise ValidationError(_("There is no metric “%(key)s”.") % {"key": key}) from None
    if value is None:
        return Fact(None)
    if isinstance(value, bool):
        return Fact(int(value))
    if isinstance(value, str) and wording.unit_of(key) == "money":
        return Fact(_amount(key, value))
    if not isinstance(value, int) or abs(value) > LARGEST:
        raise ValidationError(_("“%(key)s” is a whole number, or null for no data.") % {"key": key})
    return Fact(value)


def _amount(key: str, text: str) -> int:
    try:
        return Money.parse(text, wording.currency()).minor
    except (ValidationError, ValueError):
        raise ValidationError(
            _("“%(text)s” is no amount for “%(key)s”.") % {"text": text, "key": key}
        ) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValidationError(_("“%(text)s” is no day such as 2027-01-31.") % {"text": text}) from None


def _waived(stated: Any) -> rules.Waivers:
    try:
        return frozenset((str(tier), str(key)) for tier, key in stated)
    except (TypeError, ValueError):
        raise ValidationError(_("“waived” is a list of pairs: a tier and a fact.")) from None


def answer(version: ProgramVersion, question: Question) -> dict[str, Any]:
    """The verdict as plain data: the eligible tier, every requirement, the next tier with the cheapest way there, and
    the day on which the held (else the eligible) tier is lost."""
    rungs = rungs_with(version, question.thresholds)
    verdict = rules.evaluate(rungs, question.facts, question.waived)
    held = next((rung.rank for rung in rungs if rung.code == question.held), verdict.eligible_rank)
    above = verdict.next_above(held)
    loss = rules.first_loss(rungs, held, question.later, question.waived)
    return {
        "program": version.program.code,
        "version": version.number,
        "engine": rules.ENGINE,
        **verdict.as_json(),
        "next": above and _way(above),
        "at_risk_on": loss and loss[0].isoformat(),
        "at_risk_because": loss and loss[1],
    }


def _way(above: rules.RungVerdict) -> dict[str, Any]:
    return {
        "tier": above.rung.code,
        "distance": round(above.distance, 4),
        "progress": round(above.progress, 4),
        "path": [
            {
                "metric": f.need.key,
                "missing": f.missing,
                "effort": round(f.effort, 4),
                "words": wording.gap(f),
            }
            for f in above.path
        ],
    }


def in_words(version: ProgramVersion, question: Question) -> str:
    """The verdict in one sentence."""
    verdict: Verdict = rules.evaluate(
        rungs_with(version, question.thresholds), question.facts, question.waived
    )
    names = dict(version.tiers.values_list("code", "name"))
    eligible = names[verdict.eligible.code] if verdict.eligible else _("no tier")
    above = verdict.next_above(verdict.eligible_rank)
    if above is None:
        return _("%(tier)s, the highest tier") % {"tier": eligible}
    missing = wording.listed([wording.missing_part(finding) for finding in above.path])
    return _("%(tier)s; missing for %(next)s: %(missing)s") % {
        "tier": eligible, "next": names[above.rung.code], "missing": missing,
    }  # fmt: skip
