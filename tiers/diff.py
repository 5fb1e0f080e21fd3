"""How two versions differ, change by change: what it was, what it becomes, and whether that is good for partners.

Only what is clearly better or worse for a partner is marked: a higher threshold, a lost benefit, a lower margin are
adverse; their opposites are good. Everything else is told without a mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.program_file import say
from core.ranges import from_json
from tiers import rules, wording

Content = dict[str, Any]
GOOD, ADVERSE, PLAIN = "good", "adverse", ""
PROGRAM, LIBRARY = "", "benefits"  # where a change is, beside the tiers' codes
RANGES = ("margin", "investment", "co_marketing")
OF_BENEFIT = ("name", "kind", "frequency", "feature")
OF_VALUES = ("quantity", "hours")
OF_NEED = ("stated", "comparator", "window", "scope", "group", "evidence", "weight", "is_waivable")
NOTHING: Content = {"name": "", "settings": {}, "benefits": {}, "tiers": {}}


@dataclass(frozen=True)
class Change:
    """One difference. `tier` is a tier's code, PROGRAM or LIBRARY; `what` names the part; `was` and `becomes` are said
    as people say them, "" where the part is new or goes. `kind`: "changed", "added", "removed"."""

    tier: str
    where: str
    what: str
    was: str = ""
    becomes: str = ""
    kind: str = "changed"
    tone: str = PLAIN
    about: str = ""
    subject: str = ""  # the name of the requirement that it is about

    @property
    def label(self) -> str:
        """“Tier Gold, Annual revenue, threshold”."""
        return f"{self.where}, {self.what}" if self.what else self.where

    @property
    def part(self) -> str:
        """What it is about where the tier is named beside it: “Annual revenue”, “Margin”."""
        if self.tier == LIBRARY:
            return self.label
        within = self.where.partition(", ")[2]
        what = "" if within and self.about == "threshold" else self.what
        words = ", ".join(word for word in (within, what) if word) or self.where
        return words[:1].upper() + words[1:]

    def __str__(self) -> str:
        label = self.label
        if self.kind == "changed":
            return f"{label}: {self.was} becomes {self.becomes}"
        if self.about == "requirement":
            return (
                f"{label} is required from now on: {self.becomes}"
                if self.kind == "added"
                else f"{label} is no longer required"
            )
        return f"{label} is new" if self.kind == "added" else f"{label} is removed"


def differences(old: Content | None, new: Content) -> Iterator[str]:
    """A sentence for each difference, naming tier, requirement, old and new value. Sources alone change nothing."""
    return map(str, changes(old, new))


def changes(old: Content | None, new: Content) -> Iterator[Change]:
    """Every difference between two contents (tiers.content); None: everything is new."""
    old = old or NOTHING
    if old["name"] and old["name"] != new["name"]:
        yield Change(PROGRAM, "Tier program", "name", old["name"], new["name"])
    yield from _settings(old["settings"], new["settings"])
    yield from _library(old["benefits"], new["benefits"])
    for code, tier in new["tiers"].items():
        yield from _tier(code, old["tiers"].get(code), tier)
    for code, tier in old["tiers"].items():
        if code not in new["tiers"]:
            yield Change(code, f"Tier {tier['name']}", "", kind="removed", tone=ADVERSE)


def _settings(old: Content, new: Content) -> Iterator[Change]:
    for name in new:
        was, becomes = _meaning(old.get(name)), _meaning(new[name])
        if name in old and was != becomes:
            tone = _more_is(GOOD, was, becomes) if name in MORE_NOTICE else PLAIN
            yield _changed(PROGRAM, "Tier program", name, old[name], new[name], tone)


MORE_NOTICE = ("notice_days", "downgrade_grace_days")


def _library(old: Content, new: Content) -> Iterator[Change]:
    for code, benefit in new.items():
        where = f"Benefit {old.get(code, benefit)['name']}"
        if code not in old:
            yield Change(LIBRARY, where, "", kind="added")
            continue
        for name in OF_BENEFIT:
            if old[code][name] != benefit[name]:
                yield _changed(LIBRARY, where, name, old[code][name], benefit[name])
    for code, benefit in old.items():
        if code not in new:
            yield Change(LIBRARY, f"Benefit {benefit['name']}", "", kind="removed")


def _tier(code: str, old: Content | None, new: Content) -> Iterator[Change]:
    if old is None:
        yield Change(code, f"Tier {new['name']}", "", kind="added")
        return
    where = f"Tier {old['name']}"
    for name in ("name", "rank", "colour", "upgrade"):
        if old[name] != new[name]:
            tone = (ADVERSE if new[name] == rules.BY_DECISION else GOOD) if name == "upgrade" else PLAIN
            yield _changed(code, where, name, old[name], new[name], tone)
    for name in RANGES:
        if _meaning(old[name]) != _meaning(new[name]):
            tone = PLAIN if name == "investment" else _range_tone(old[name], new[name])
            yield _changed(code, where, name, old[name], new[name], tone)
    yield from _given(code, where, old["benefits"], new["benefits"])
    yield from _groups(code, where, old["groups"], new["groups"])
    yield from _needs(code, where, old, new)


def _given(tier: str, where: str, old: Content, new: Content) -> Iterator[Change]:
    for code, values in new.items():
        what = f"benefit {code.replace('_', ' ')}"
        if code not in old:
            yield Change(tier, where, what, kind="added", tone=GOOD)
            continue
        for name in OF_VALUES:
            was, becomes = old[code][name], values[name]
            if was != becomes:
                tone = _value_tone(name, was, becomes)
                yield _changed(tier, f"{where}, {what}", name, was, becomes, tone)
    for code in old:
        if code not in new:
            yield Change(
                tier, where, f"benefit {code.replace('_', ' ')}", kind="removed", tone=ADVERSE, about=code
            )


def _groups(tier: str, where: str, old: Content, new: Content) -> Iterator[Change]:
    for code, group in new.items():
        what = f"group {group['name']}"
        if code not in old:
            yield Change(tier, where, what, kind="added")
            continue
        for name in ("name", "rule", "n"):
            if old[code][name] != group[name]:
                tone = _more_is(ADVERSE, old[code][name], group[name]) if name == "n" else PLAIN
                yield _changed(tier, f"{where}, {what}", name, old[code][name], group[name], tone)
    for code, group in old.items():
        if code not in new:
            yield Change(tier, where, f"group {group['name']}", kind="removed")


def _needs(tier: str, where: str, old: Content, new: Content) -> Iterator[Change]:
    for key, need in new["requirements"].items():
        was = old["requirements"].get(key)
        if was is None:
            tone = ADVERSE if _is_each_needed(need, new) else PLAIN
            amount = threshold_words(need)
            yield Change(
                tier,
                where,
                wording.name_of(key),
                becomes=amount,
                kind="added",
                tone=tone,
                about="requirement",
            )
        else:
            yield from _need(tier, where, wording.name_of(key), was, need)
    for key, need in old["requirements"].items():
        if key not in new["requirements"]:
            tone = GOOD if _is_each_needed(need, old) else PLAIN
            amount = threshold_words(need)
            yield Change(
                tier, where, wording.name_of(key), was=amount, kind="removed", tone=tone, about="requirement"
            )


def _need(tier: str, where: str, name_of_it: str, old: Content, new: Content) -> Iterator[Change]:
    where = f"{where}, {name_of_it}"
    if old["threshold"] != new["threshold"]:
        harder = GOOD if new["comparator"] == rules.AT_MOST else ADVERSE
        tone = _more_is(harder, old["threshold"], new["threshold"])
        was, becomes = (wording.value(need["metric"], need["threshold"]) for need in (old, new))
        yield Change(tier, where, "threshold", was, becomes, tone=tone, about="threshold", subject=name_of_it)
    for name in OF_NEED:
        if old[name] != new[name]:
            tone = (GOOD if new[name] else ADVERSE) if name == "is_waivable" else PLAIN
            yield _changed(tier, where, name, old[name], new[name], tone)


def threshold_words(need: Content) -> str:
    """“≥ $2,000,000”, “yes”."""
    if wording.unit_of(need["metric"]) == "bool":
        return wording.value(need["metric"], need["threshold"])
    return f"{wording.SIGNS[need['comparator']]} {wording.value(need['metric'], need['threshold'])}"


def _is_each_needed(need: Content, tier: Content) -> bool:
    """Whether a requirement stands alone or in a group of which all are needed."""
    group = tier["groups"].get(need["group"])
    return group is None or group["rule"] == rules.ALL


def _range_tone(old: Content | None, new: Content | None) -> str:
    return _more_is(GOOD, _ends(old), _ends(new))


def _ends(band: Content | None) -> tuple[Decimal, Decimal]:
    if band is None:
        return Decimal(0), Decimal(0)
    low, high = (Decimal(band[end]) if band[end] is not None else None for end in ("low", "high"))
    return low if low is not None else Decimal(0), high if high is not None else Decimal(10**18)


def _value_tone(name: str, was: int | None, becomes: int | None) -> str:
    """A larger quantity is better (none stated: no limit), a shorter time of answer is (none stated: no promise)."""
    endless = 10**9
    better = GOOD if name == "quantity" else ADVERSE
    return _more_is(better, was if was is not None else endless, becomes if becomes is not None else endless)


def _more_is(tone: str, was: Any, becomes: Any) -> str:
    """The tone where the new value is larger, the opposite one where it is smaller."""
    if was is None or becomes is None or was == becomes:
        return PLAIN
    opposite = ADVERSE if tone == GOOD else GOOD
    return tone if becomes > was else opposite


def _changed(tier: str, where: str, name: str, was: Any, becomes: Any, tone: str = PLAIN) -> Change:
    return Change(tier, where, name.replace("_", " "), _word(was), _word(becomes), tone=tone, about=name)


def _word(value: Any) -> str:
    return value.replace("_", " ") if isinstance(value, str) and value else say(value)


def _meaning(value: Any) -> Any:
    """A range without the words that stated it: "$2M+" and "$2,000,000 or more" mean the same."""
    return from_json(value) if isinstance(value, dict) else value


def by_tier(found: list[Change], order: list[str]) -> list[tuple[str, list[Change]]]:
    """The changes grouped: the program's own, the library's, then the tiers in an order of codes."""
    codes = [PROGRAM, *order, *(c.tier for c in found if c.tier not in (PROGRAM, LIBRARY, *order)), LIBRARY]
    grouped = [(code, [c for c in found if c.tier == code]) for code in dict.fromkeys(codes)]
    return [(code, several) for code, several in grouped if several]
