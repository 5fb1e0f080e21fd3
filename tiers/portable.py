"""A version as YAML or JSON that people can read, and back: `export(import(export(v)))` is the same, byte for byte.

Ranges stand as they were stated ("25-30%", "$1-3M per partner") where the words mean exactly what is stored, thresholds
as amounts with their sign ("$10M+", "up to 5"). Requirements are a list: their key follows from metric, window and
scope. One reader checks whatever comes in, from a file, a form or the API, and names line and path of what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import ranges
from core.models import Vendor
from core.money import Money
from core.program_file import (
    AnyOf,
    Bool,
    Code,
    CountRange,
    Integer,
    ListOf,
    MapOf,
    MoneyRange,
    Node,
    Nullable,
    OneOf,
    PercentRange,
    Problem,
    ProgramFileError,
    Provenance,
    Record,
    Row,
    Spot,
    Text,
    Type,
    apart,
    unlike,
)
from core.program_file.records import PROVENANCE_KEYS
from core.program_file.schema import Reading
from core.program_file.text import Entries, Items, Scalar, read_bytes
from metrics import registry
from tiers import rules
from tiers.content import Content, lowest
from tiers.facts import fact_key
from tiers.schema import BENEFIT, COLOURS, GROUP, SETTINGS, VALUES

Plain = dict[str, Any]
FORMAT = "tier-version/1"
NEED_DEFAULTS = {
    "scope": rules.PARTNER,
    "group": None,
    "evidence": rules.AUTO,
    "weight": 1,
    "is_waivable": True,
}
HIGHEST = 10**15  # of a threshold, in minor units or in count
RESERVED = (*PROVENANCE_KEYS, "new")  # words that mean something else where codes stand
OURS = Provenance(reason="A version stands for itself.")


# Out --------------------------------------------------------------------------------------------------------------


def as_yaml(content: Content) -> str:
    """A version's content (tiers.content) as YAML."""
    return yaml.dump(plain(content), Dumper=_Plainly, sort_keys=False, allow_unicode=True, width=110)


class _Plainly(yaml.SafeDumper):
    """Every value written out: no anchors, which hide a value from its reader."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def plain(content: Content) -> Plain:
    """A version's content as plain data, in the words of the YAML."""
    return {
        "format": FORMAT,
        "name": _text(content["name"]),
        "settings": _without_nothing({**content["settings"], "co_marketing_budget": _budget(content)}),
        "benefits": {code: _plain_benefit(benefit) for code, benefit in content["benefits"].items()},
        "tiers": {
            code: _plain_tier(tier)
            for code, tier in sorted(content["tiers"].items(), key=lambda item: item[1]["rank"])
        },
    }


def _budget(content: Content) -> Any:
    return stated(content["settings"].get("co_marketing_budget"))


def _plain_benefit(benefit: Content) -> Plain:
    texts = {name: _text(benefit[name]) or None for name in ("name", "kind", "frequency", "feature")}
    return _without_nothing({**texts, "origin": benefit["source"] or None})


def _plain_tier(tier: Content) -> Plain:
    return _without_nothing(
        {
            "name": _text(tier["name"]),
            "rank": tier["rank"],
            "colour": tier["colour"] or None,
            "upgrade": tier["upgrade"],
            "margin": stated(tier["margin"]),
            "co_marketing": stated(tier["co_marketing"]),
            "investment": stated(tier["investment"]),
            "groups": {code: _plain_group(group) for code, group in tier["groups"].items()} or None,
            "requirements": [_plain_need(need) for need in tier["requirements"].values()],
            "benefits": {code: _without_nothing(values) for code, values in tier["benefits"].items()},
            "origin": tier["source"] or None,
        }
    )


def _plain_group(group: Content) -> Plain:
    n = group["n"] if group["rule"] == rules.N_OF else None
    return _without_nothing({"name": _text(group["name"]), "rule": group["rule"], "n": n})


def _plain_need(need: Content) -> Plain:
    usual = {name: value for name, value in NEED_DEFAULTS.items() if (need[name] or None) == value}
    usual |= {} if need["is_waivable"] is False else {"is_waivable": True}
    said = {
        "metric": need["metric"],
        "stated": _text(need["stated"]),
        "comparator": need["comparator"],
        "threshold": threshold_text(need),
        "window": need["window"],
        **{name: need[name] for name in NEED_DEFAULTS},
        "origin": need["source"] or None,
    }
    return _without_nothing({name: value for name, value in said.items() if name not in usual})


def _without_nothing(values: Plain) -> Plain:
    return {name: value for name, value in values.items() if value is not None}


def _text(words: str) -> str:
    return " ".join(words.split())


def stated(band: Content | None) -> Any:
    """A range as text that means it, the words that stated it first; else its exact parts; None for none."""
    if band is None:
        return None
    meant = ranges.from_json(band)
    for text in (band.get("raw", ""), str(meant)):
        if _means(text, meant):
            return text
    return {name: value for name, value in band.items() if name != "raw" and value not in (None, "")}


def _means(text: str, meant: ranges.Range) -> bool:
    try:
        return bool(text) and type(meant).parse(text) == meant
    except ValueError:
        return False


def threshold_text(need: Content) -> str:
    """“$10M+”, “>5”, “up to 30”."""
    is_money = _unit(need["metric"]) == "money"
    amount = _short_money(need["threshold"]) if is_money else str(need["threshold"])
    return {rules.MORE_THAN: f">{amount}", rules.AT_MOST: f"up to {amount}"}.get(
        need["comparator"], f"{amount}+"
    )


def _short_money(minor: int) -> str:
    currency = Vendor.current().currency
    amount = Money(minor, currency).decimal
    for word in ("B", "M", "K"):
        short = amount / ranges.TIMES[word]
        if short >= 1 and short == round(short, 2):
            return _sign(currency) + f"{ranges.plain(short):f}{word}"
    return _sign(currency) + f"{ranges.plain(Decimal(amount)):f}"


def _sign(currency: str) -> str:
    return ranges.SIGN_OF.get(currency, f"{currency} ")


# In -------------------------------------------------------------------------------------------------------------


class Exactly(Type):
    """A range by its parts, for one that no words state: {kind, low, high, qualifier, …}."""

    takes_entries = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def read(self, node: Node, spot: Spot) -> Any:
        if not isinstance(node, Entries):
            return spot.wrong(node.line, _("a range, or its parts by name, belongs here"))
        parts = {name: part.text for name, part in node.entries.items() if isinstance(part, Scalar)}
        try:
            if parts.get("kind") != self.kind:
                raise ValueError(_("this is not of the kind “%(kind)s”") % {"kind": self.kind})
            return ranges.from_json({"low": None, "high": None, **parts})
        except (ValueError, TypeError, KeyError, ArithmeticError) as error:
            return spot.wrong(node.line, _("these parts make no range: %(error)s") % {"error": error})


class Origin(Type):
    """Where a part comes from, as the program file said it: words by name."""

    takes_entries = True

    def read(self, node: Node, spot: Spot) -> Any:
        if not isinstance(node, Entries) or set(node.entries) - {"document", "lines", "reason"}:
            return spot.wrong(node.line, _("write an origin as {document: …, lines: …} or {reason: …}"))
        found = {name: Text().value(part, spot.item(name)) for name, part in node.entries.items()}
        return {name: words for name, words in found.items() if words}


class Codes(MapOf):
    """Entries by their code."""

    def __init__(self, item: Any, longest: int = 40) -> None:
        super().__init__(item)
        self.longest = longest

    def read(self, node: Node, spot: Spot) -> dict[str, Any]:
        if not isinstance(node, Entries):
            spot.wrong(node.line, _("entries by their code belong here"))
            return {}
        for code in node.entries:
            if code in RESERVED or len(code) > self.longest:
                spot.item(code).wrong(
                    node.key_lines[code], _("“%(code)s” cannot be a code here") % {"code": code}
                )
        kept = {code: entry for code, entry in node.entries.items() if code not in RESERVED}
        return super().read(Entries(node.line, kept, node.key_lines), spot)


def _range(words: Any, kind: str) -> Nullable:
    return Nullable(AnyOf(words, Exactly(kind)))


def _with_origin(record: Record) -> Record:
    return Record(**record.fields, origin=Nullable(Origin))


REQUIREMENT = Record(
    metric=Text(60),
    stated=Text(200),
    comparator=OneOf(*rules.COMPARATORS),
    threshold=AnyOf(MoneyRange, CountRange, PercentRange),
    window=OneOf(*rules.WINDOWS),
    scope=Nullable(OneOf(*rules.SCOPES)),
    group=Nullable(Code),
    evidence=Nullable(OneOf(*rules.EVIDENCE)),
    weight=Nullable(Integer(lowest=1, highest=100)),
    is_waivable=Nullable(Bool),
    origin=Nullable(Origin),
)
TIER = Record(
    name=Text(60),
    rank=Integer(lowest=1, highest=20),
    colour=Nullable(OneOf(*COLOURS)),
    upgrade=OneOf(*rules.POLICIES),
    margin=_range(PercentRange, "percent"),
    co_marketing=_range(MoneyRange, "money"),
    investment=_range(MoneyRange, "money"),
    groups=Nullable(Codes(GROUP)),
    requirements=ListOf(REQUIREMENT),
    benefits=Codes(VALUES, longest=49),
    origin=Nullable(Origin),
)


def as_metrics_are(tiers: dict[str, Row]) -> Iterator[Problem]:
    """A requirement names a metric that some app offers, over a window and for a scope that it offers, with a
    threshold of its unit whose sign is the comparator's; no two of a tier ask for the same fact."""
    for tier in tiers.values():
        keys = [fact_key(need.metric, need.window, need.scope or rules.PARTNER) for need in tier.requirements]
        for need, key in zip(tier.requirements, keys, strict=True):
            yield from _fits(need, tier)
            if keys.count(key) > 1:
                yield need.problem("metric", _("this tier asks for the same fact twice"))


SIGNED = {"at_least": rules.AT_LEAST, "more_than": rules.MORE_THAN, "up_to": rules.AT_MOST}


def _fits(need: Row, tier: Row) -> Iterator[Problem]:
    metric = _metric(need.metric)
    if metric is None:
        yield need.problem("metric", _("there is no metric “%(metric)s”") % {"metric": need.metric})
        return
    if need.window and metric.windows and need.window not in metric.windows:
        yield need.problem(
            "window", _("%(metric)s is not counted over this window") % {"metric": metric.name}
        )
    if need.scope and need.scope not in metric.scopes:
        yield need.problem("scope", _("%(metric)s is not counted for this scope") % {"metric": metric.name})
    if need.group and need.group not in (tier.groups or {}):
        yield need.problem("group", _("there is no group “%(group)s” in this tier") % {"group": need.group})
    if need.threshold is not None:
        yield from _threshold(need, metric.unit, str(metric.name))


def _threshold(need: Row, unit: str, name: str) -> Iterator[Problem]:
    band, kinds = need.threshold, {"money": ("money",), "percent": ("percent", "count")}.get(unit, ("count",))
    currency = Vendor.current().currency
    if band.kind not in kinds:
        yield need.problem("threshold", _("%(metric)s is counted in another unit") % {"metric": name})
    elif band.kind == "money" and band.currency != currency:
        yield need.problem("threshold", _in_currency(currency))
    elif band.qualifier not in ("exact", *SIGNED) or band.basis:
        yield need.problem("threshold", _("one amount belongs here, such as $2M+ or 5"))
    elif band.qualifier != "exact" and SIGNED[band.qualifier] != need.comparator:
        yield need.problem(
            "threshold", _("its sign says otherwise than “%(comparator)s”") % {"comparator": need.comparator}
        )
    elif lowest(band) > HIGHEST:
        yield need.problem("threshold", _("this is too much"))
    elif not _is_whole(band):
        yield need.problem("threshold", _("this has too many decimals"))


def _in_currency(currency: str) -> str:
    return _("write this in %(currency)s, the program's currency") % {"currency": currency}


def _is_whole(band: Any) -> bool:
    amount = band.low if band.low is not None else band.high
    return bool(
        Money(lowest(band), band.currency).decimal == amount if band.kind == "money" else amount % 1 == 0
    )


def in_one_currency(tiers: dict[str, Row]) -> Iterator[Problem]:
    """Money that is added up over partners is stated in the program's currency."""
    currency = Vendor.current().currency
    for tier in tiers.values():
        for name in ("co_marketing", "investment"):
            band = tier.values[name]
            if band is not None and band.currency != currency:
                yield tier.problem(name, _in_currency(currency))


def of_the_library(version: Row) -> Iterator[Problem]:
    """A tier gives what the version's library holds."""
    budget, currency = version.settings.co_marketing_budget, Vendor.current().currency
    if budget is not None and budget.currency != currency:
        yield version.settings.problem("co_marketing_budget", _in_currency(currency))
    for tier in version.tiers.values():
        for code, given in tier.benefits.items():
            if code not in version.benefits:
                yield given.problem("", _("there is no benefit “%(code)s” in the library") % {"code": code})


SCHEMA = Record(
    format=OneOf(FORMAT),
    name=Text(120),
    settings=Record(
        **{**SETTINGS.fields, "co_marketing_budget": _range(MoneyRange, "money")},
    ),
    benefits=Codes(_with_origin(BENEFIT), longest=49),
    tiers=Codes(TIER).where(unlike("rank"), apart("margin"), as_metrics_are, in_one_currency),
).where(of_the_library)


def from_yaml(text: str | bytes, name: str = "version.yaml") -> Content:
    """A version's content from YAML. Raises ProgramFileError with every problem, its line and its path."""
    problems: list[Problem] = []
    root = read_bytes(text.encode() if isinstance(text, str) else text, name, problems)
    return _read(root, Reading(name, problems))


def from_plain(data: Any) -> Content:
    """A version's content from plain data. Raises ProgramFileError, whose problems name the path alone."""
    return _read(_node(data), Reading("", []))


def _read(root: Node, reading: Reading) -> Content:
    found = SCHEMA.value(root, Spot(reading, provenance=OURS)) if not reading.problems else None
    if reading.problems or found is None:
        raise ProgramFileError(reading.problems)
    return _content(found)


def refused(error: ProgramFileError) -> ValidationError:
    """The problems as the house refuses input: a sentence for each, under its path."""
    found: dict[str, list[str]] = {}
    for problem in error.problems:
        found.setdefault(problem.path or "content", []).append(_with_line(problem))
    return ValidationError({path: [_sentence(words) for words in several] for path, several in found.items()})


def _with_line(problem: Problem) -> str:
    words = {"n": problem.line, "message": problem.message}
    return _("line %(n)s: %(message)s") % words if problem.line else problem.message


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")


def _node(data: Any) -> Node:
    """Plain data as the file's nodes: no line, every value a text."""
    if isinstance(data, dict):
        entries = {str(key): _node(value) for key, value in data.items()}
        return Entries(0, entries, dict.fromkeys(entries, 0))
    if isinstance(data, list | tuple):
        return Items(0, tuple(_node(value) for value in data))
    if isinstance(data, bool):
        return Scalar(0, "true" if data else "false")
    return Scalar(0, None if data is None else str(data))


def _content(row: Row) -> Content:
    settings = {name: row.settings.values[name] for name in SETTINGS.fields}
    settings["co_marketing_budget"] = _json(settings["co_marketing_budget"])
    return {
        "name": row.name,
        "settings": settings,
        "benefits": {code: _benefit(benefit) for code, benefit in row.benefits.items()},
        "tiers": {code: _tier(tier) for code, tier in row.tiers.items()},
    }


def _benefit(row: Row) -> Content:
    return {
        "name": row.name,
        "kind": row.kind,
        "frequency": row.frequency or "",
        "feature": row.feature or "",
        "source": row.origin or {},
    }


def _tier(row: Row) -> Content:
    return {
        **{name: row.values[name] for name in ("name", "rank", "upgrade")},
        "colour": row.colour or "",
        **{name: _json(row.values[name]) for name in ("margin", "investment", "co_marketing")},
        "benefits": {
            code: {"quantity": given.quantity, "hours": given.hours} for code, given in row.benefits.items()
        },
        "groups": {
            code: {"name": group.name, "rule": group.rule, "n": group.n or 1}
            for code, group in (row.groups or {}).items()
        },
        "requirements": dict(map(_requirement, row.requirements)),
        "source": row.origin or {},
    }


def _requirement(row: Row) -> tuple[str, Content]:
    scope = row.scope or rules.PARTNER
    return fact_key(row.metric, row.window, scope), {
        **{name: row.values[name] for name in ("metric", "stated", "comparator", "window")},
        "threshold": lowest(row.threshold),
        "scope": scope,
        "group": row.group or "",
        "evidence": row.evidence or rules.AUTO,
        "weight": row.weight or 1,
        "is_waivable": row.is_waivable is not False,
        "source": row.origin or {},
    }


def _json(band: Any) -> Content | None:
    return band.as_json() if band is not None else None


def _metric(key: str | None) -> Any:
    try:
        return registry.get(key or "")
    except KeyError:
        return None


def _unit(key: str) -> str:
    metric = _metric(key)
    return metric.unit if metric else "count"
