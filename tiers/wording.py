"""How verdicts are said: values with their unit, what is missing, what a page finds. Words only, no decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.models import Vendor
from core.money import Money
from core.ranges import from_json
from core.templatetags.ui import money, money_short, number
from metrics import registry
from metrics.words import words_in
from tiers import rules
from tiers.rules import Finding

SCOPES = {
    rules.TREE: gettext_lazy("Its whole organization"),
    rules.MARKET: gettext_lazy("Its own market"),
}
SIGNS = {rules.AT_LEAST: "≥", rules.MORE_THAN: ">", rules.AT_MOST: "≤"}


def name_of(key: str) -> str:
    """What people call a fact: its metric's name, with window and scope where they are not the usual ones."""
    metric, *rest = key.split(".")
    known = registry.find(metric)
    name = str(known.name) if known else metric.replace("_", " ").capitalize()
    said = [SCOPES[part] if part in SCOPES else window(part) for part in rest]
    return f"{name} ({', '.join(str(word) for word in said).lower()})" if said else name


def unit_of(key: str) -> str:
    known = registry.find(key.partition(".")[0])
    return known.unit if known else "count"


def currency() -> str:
    return Vendor.current().currency


def value(metric: str, amount: int | None, short: bool = False) -> str:
    """A value with its unit: “$9.14M”, “5”, “yes”; “no data” where there is none."""
    if amount is None:
        return _("no data")
    unit = unit_of(metric)
    if unit == "money":
        return (money_short if short else money)(Money(amount, currency()))
    if unit == "bool":
        return _("yes") if amount else _("no")
    return words_in(unit, amount) or number(amount)


def lacking(metric: str, amount: int) -> str:
    """What is missing, with its unit. Money in whole units of its currency, rounded up: nobody is told too little."""
    if unit_of(metric) == "money":
        return money(Money(amount, currency()).rounded_up())
    return value(metric, amount)


def exactly_lacking(metric: str, amount: int) -> str:
    """The amount to the last minor unit where what is said of it is rounded, else ""."""
    exact = value(metric, amount)
    return _("exactly %(n)s") % {"n": exact} if exact != lacking(metric, amount) else ""


def threshold(finding: Finding, short: bool = True) -> str:
    """“≥ $10M”, “≥ 6”, “yes”."""
    need = finding.need
    if unit_of(need.key) == "bool":
        return _("yes")
    return f"{SIGNS[need.comparator]} {value(need.key, need.threshold, short=short)}"


def gap(finding: Finding) -> str:
    """What closes the gap: “$860,000 more”, “1 more person”; or what there is to spare."""
    if finding.verdict == rules.MET:
        return _spare(finding)
    if finding.verdict == rules.WAIVED:
        return _("Waived by decision")
    unit, missing = unit_of(finding.need.key), finding.missing
    if unit == "bool":
        return _("Not there yet")
    if finding.need.comparator == rules.AT_MOST:
        return _("%(n)s less") % {"n": lacking(finding.need.key, missing)}
    if unit == "people":
        return ngettext("%(n)s more person", "%(n)s more people", missing) % {"n": number(missing)}
    return _("%(n)s more") % {"n": lacking(finding.need.key, missing)}


def _spare(finding: Finding) -> str:
    metric = finding.need.key
    if unit_of(metric) == "bool" or not finding.spare or finding.need.comparator == rules.AT_MOST:
        return _("Met")
    return _("Met, %(n)s to spare") % {"n": value(metric, finding.spare, short=True)}


def missing_part(finding: Finding) -> str:
    """One part of “Missing for …”: “annual revenue ($860,000 more)”, “learning plan signed”."""
    name = in_line(name_of(finding.need.key))
    if unit_of(finding.need.key) == "bool":
        return name
    return _("%(name)s (%(gap)s)") % {"name": name, "gap": gap(finding)}


def fact_line(finding: Finding) -> str:
    """One requirement in a letter: “Annual revenue: $9,140,000 of ≥ $10M: $860,000 more”."""
    name, there = name_of(finding.need.key), value(finding.need.key, finding.fact.value)
    words = {"name": name, "there": there, "asked": threshold(finding), "gap": gap(finding)}
    return _("%(name)s: %(there)s, asked for %(asked)s. %(gap)s") % words


def in_line(name: str) -> str:
    """A name as it stands within a sentence."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def actual(finding: Finding) -> str:
    """The fact, short; exact where the short form would look like the threshold that it misses."""
    key, amount = finding.need.key, finding.fact.value
    short = value(key, amount, short=True)
    is_misleading = not finding.is_good and short == value(key, finding.need.threshold, short=True)
    return value(key, amount) if is_misleading else short


def listed(parts: list[str]) -> str:
    """“a, b and c”."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(most)s and %(last)s") % {"most": ", ".join(parts[:-1]), "last": parts[-1]}


def steps(n: int) -> str:
    """“one step”, “two steps”, “12 steps”."""
    small = [
        _("no"),
        _("one"),
        _("two"),
        _("three"),
        _("four"),
        _("five"),
        _("six"),
        _("seven"),
        _("eight"),
        _("nine"),
    ]
    figure = small[n] if n < len(small) else str(n)
    return ngettext("%(n)s step", "%(n)s steps", n) % {"n": figure}


def stated(band: Any) -> str:
    """A stored range in words; "none" where the document states nothing."""
    return str(from_json(band)) if band else _("none")


def window(word: str) -> str:
    """Over which time a requirement counts."""
    words = {
        "trailing_12_months": _("12 months"),
        "calendar_year": _("Calendar year"),
        "fiscal_year": _("Fiscal year"),
        "enrolment_period": _("Year of enrolment"),
        "lifetime": _("Lifetime"),
        "now": _("On the day"),
    }
    return words.get(word, word)


def revenue_in(facts: Mapping[str, rules.Fact]) -> int:
    """The revenue among facts, in minor units: what a margin is interpolated by; 0 where there is none."""
    return next((fact.value or 0 for key, fact in facts.items() if unit_of(key) == "money"), 0)
