"""How two versions differ, change by change: what it was, what it becomes, and whether that is good for partners.

Only what is clearly better or worse for a partner is marked: a higher threshold, a lost benefit, a lower margin are
adverse; their opposites are good. Everything else is told without a mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.program_file import say
from core.ranges import from_json
from tiers import rules, wording
from tiers.codes import in_words

Content = dict[str, Any]
GOOD, ADVERSE, PLAIN = "good", "adverse", ""
PROGRAM, LIBRARY = "", "benefits"  # where a change is, beside the tiers' codes
RANGES = ("margin", "investment", "co_marketing")
REQUIREMENT, THRESHOLD = "requirement", "threshold"  # what a change may be about, beside the parts below
OF_BENEFIT = ("name", "kind", "frequency", "feature")
OF_VALUES = ("quantity", "hours")
OF_NEED = ("stated", "comparator", "window", "scope", "group", "evidence", "weight", "is_waivable")
TEXTS = ("name", "stated")  # as somebody wrote them
NOTHING: Content = {"name": "", "settings": {}, "benefits": {}, "tiers": {}}


@dataclass(frozen=True)
class Change:
    """One difference. `tier` is a tier's code, PROGRAM or LIBRARY, `name` the name of the tier or of the benefit;
    `within` names the requirement, benefit or group of the tier, and `about` is the code of the part that differs.
    `was` and `becomes` are said as people say them, "" where the part is new or goes. `kind`: "changed", "added",
    "removed"."""

    tier: str
    name: str = ""
    within: str = ""
    about: str = ""
    was: str = ""
    becomes: str = ""
    kind: str = "changed"
    tone: str = PLAIN

    @property
    def where(self) -> str:
        """“Tier Gold”, “Benefit Quarterly reviews”, “Tier program”."""
        if self.tier == PROGRAM:
            return _("Tier program")
        words = _("Benefit %(name)s") if self.tier == LIBRARY else _("Tier %(name)s")
        return words % {"name": self.name}

    @property
    def what(self) -> str:
        """The part that differs, in words; "" where it is the whole of it."""
        return "" if self.about in ("", REQUIREMENT) else in_words(self.about)

    @property
    def label(self) -> str:
        """“Tier Gold, Annual revenue, threshold”."""
        return _joined(self.where, self.within, self.what)

    @property
    def part(self) -> str:
        """What it is about where the tier is named beside it: “Annual revenue”, “Margin”."""
        if self.tier == LIBRARY:
            return self.label
        what = "" if self.within and self.about == THRESHOLD else self.what
        return capfirst(_joined(self.within, what) or self.where)

    def __str__(self) -> str:
        words = {"label": self.label, "was": self.was, "becomes": self.becomes}
        if self.kind == "changed":
            return _("%(label)s: %(was)s becomes %(becomes)s") % words
        if self.about == REQUIREMENT:
            added = _("%(label)s is required from now on: %(becomes)s")
            return (added if self.kind == "added" else _("%(label)s is no longer required")) % words
        return (_("%(label)s is new") if self.kind == "added" else _("%(label)s is removed")) % words


def _joined(*parts: str) -> str:
    """A whole and its part, as often as there is one."""
    whole, *inner = [part for part in parts if part] or [""]
    for part in inner:
        whole = _("%(whole)s, %(part)s") % {"whole": whole, "part": part}
    return whole


def differences(old: Content | None, new: Content) -> Iterator[str]:
    """A sentence for each difference, naming tier, requirement, old and new value. Sources alone change nothing."""
    return map(str, changes(old, new))


def changes(old: Content | None, new: Content) -> Iterator[Change]:
    """Every difference between two contents (tiers.content); None: everything is new."""
    old = old or NOTHING
    if old["name"] and old["name"] != new["name"]:
        yield _changed(Change(PROGRAM), "name", old["name"], new["name"])
    yield from _settings(old["settings"], new["settings"])
    yield from _library(old["benefits"], new["benefits"])
    for code, tier in new["tiers"].items():
        yield from _tier(code, old["tiers"].get(code), tier)
    for code, tier in old["tiers"].items():
        if code not in new["tiers"]:
            yield Change(code, tier["name"], kind="removed", tone=ADVERSE)


def _settings(old: Content, new: Content) -> Iterator[Change]:
    for name in new:
        was, becomes = _meaning(old.get(name)), _meaning(new[name])
        if name in old and was != becomes:
            tone = _more_is(GOOD, was, becomes) if name in MORE_NOTICE else PLAIN
            yield _changed(Change(PROGRAM), name, old[name], new[name], tone)


MORE_NOTICE = ("notice_days", "downgrade_grace_days")


def _library(old: Content, new: Content) -> Iterator[Change]:
    for code, benefit in new.items():
        here = Change(LIBRARY, old.get(code, benefit)["name"])
        if code not in old:
            yield replace(here, kind="added")
            continue
        for name in OF_BENEFIT:
            if old[code][name] != benefit[name]:
                yield _changed(here, name, old[code][name], benefit[name])
    for code, benefit in old.items():
        if code not in new:
            yield Change(LIBRARY, benefit["name"], kind="removed")


def _tier(code: str, old: Content | None, new: Content) -> Iterator[Change]:
    if old is None:
        yield Change(code, new["name"], kind="added")
        return
    here = Change(code, old["name"])
    for name in ("name", "rank", "colour", "upgrade"):
        if old[name] != new[name]:
            tone = (ADVERSE if new[name] == rules.BY_DECISION else GOOD) if name == "upgrade" else PLAIN
            yield _changed(here, name, old[name], new[name], tone)
    for name in RANGES:
        if _meaning(old[name]) != _meaning(new[name]):
            tone = PLAIN if name == "investment" else _range_tone(old[name], new[name])
            yield _changed(here, name, old[name], new[name], tone)
    yield from _given(here, old["benefits"], new["benefits"])
    yield from _groups(here, old["groups"], new["groups"])
    yield from _needs(here, old, new)


def _given(tier: Change, old: Content, new: Content) -> Iterator[Change]:
    for code, values in new.items():
        here = _benefit(tier, code)
        if code not in old:
            yield replace(here, kind="added", tone=GOOD)
            continue
        for name in OF_VALUES:
            was, becomes = old[code][name], values[name]
            if was != becomes:
                yield _changed(here, name, was, becomes, _value_tone(name, was, becomes))
    for code in old:
        if code not in new:
            yield replace(_benefit(tier, code), kind="removed", tone=ADVERSE)


def _benefit(tier: Change, code: str) -> Change:
    return replace(tier, within=_("benefit %(name)s") % {"name": code.replace("_", " ")})


def _groups(tier: Change, old: Content, new: Content) -> Iterator[Change]:
    for code, group in new.items():
        here = _group(tier, group)
        if code not in old:
            yield replace(here, kind="added")
            continue
        for name in ("name", "rule", "n"):
            if old[code][name] != group[name]:
                tone = _more_is(ADVERSE, old[code][name], group[name]) if name == "n" else PLAIN
                yield _changed(here, name, old[code][name], group[name], tone)
    for code, group in old.items():
        if code not in new:
            yield replace(_group(tier, group), kind="removed")


def _group(tier: Change, group: Content) -> Change:
    return replace(tier, within=_("group %(name)s") % {"name": group["name"]})


def _needs(tier: Change, old: Content, new: Content) -> Iterator[Change]:
    for key, need in new["requirements"].items():
        here, was = replace(tier, within=wording.name_of(key)), old["requirements"].get(key)
        if was is None:
            tone = ADVERSE if _is_each_needed(need, new) else PLAIN
            amount = threshold_words(need)
            yield replace(here, about=REQUIREMENT, becomes=amount, kind="added", tone=tone)
        else:
            yield from _need(here, was, need)
    for key, need in old["requirements"].items():
        if key not in new["requirements"]:
            here, amount = replace(tier, within=wording.name_of(key)), threshold_words(need)
            tone = GOOD if _is_each_needed(need, old) else PLAIN
            yield replace(here, about=REQUIREMENT, was=amount, kind="removed", tone=tone)


def _need(here: Change, old: Content, new: Content) -> Iterator[Change]:
    if old["threshold"] != new["threshold"]:
        harder = GOOD if new["comparator"] == rules.AT_MOST else ADVERSE
        tone = _more_is(harder, old["threshold"], new["threshold"])
        was, becomes = (wording.value(need["metric"], need["threshold"]) for need in (old, new))
        yield replace(here, about=THRESHOLD, was=was, becomes=becomes, tone=tone)
    for name in OF_NEED:
        if old[name] != new[name]:
            tone = (GOOD if new[name] else ADVERSE) if name == "is_waivable" else PLAIN
            yield _changed(here, name, old[name], new[name], tone)


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


def _changed(here: Change, name: str, was: Any, becomes: Any, tone: str = PLAIN) -> Change:
    return replace(here, about=name, was=_word(name, was), becomes=_word(name, becomes), tone=tone)


def _word(name: str, value: Any) -> str:
    """A part's value: a code in words, a text as it is."""
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return in_words(value) if isinstance(value, str) and name not in TEXTS else say(value)


def _meaning(value: Any) -> Any:
    """A range without the words that stated it: "$2M+" and "$2,000,000 or more" mean the same."""
    return from_json(value) if isinstance(value, dict) else value


def by_tier(found: list[Change], order: list[str]) -> list[tuple[str, list[Change]]]:
    """The changes grouped: the program's own, the library's, then the tiers in an order of codes."""
    codes = [PROGRAM, *order, *(c.tier for c in found if c.tier not in (PROGRAM, LIBRARY, *order)), LIBRARY]
    grouped = [(code, [c for c in found if c.tier == code]) for code in dict.fromkeys(codes)]
    return [(code, several) for code, several in grouped if several]
