"""A version as plain data: read from the program file or from the rows, compared in sentences, written to a draft."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.program_file import Row
from core.saving import save
from metrics import registry
from tiers import rules
from tiers.facts import fact_key
from tiers.models import Benefit, ProgramVersion, Requirement, RequirementGroup, Tier, TierBenefit

Content = dict[str, Any]
GATES = "certification_gates_valid"
SETTINGS = (
    "evaluation_window",
    "downgrade_grace_days",
    "notice_days",
    "upgrade_policy",
    "downgrade_policy",
    "margin_policy",
    "gates_required",
    "benefits_inherited",
    "gross_margin_percent",
    "co_marketing_budget",
)
TIER_FIELDS = ("name", "rank", "colour", "upgrade", "margin", "investment", "co_marketing", "source")
NEED_FIELDS = (
    "metric", "stated", "comparator", "threshold", "window", "scope", "evidence", "weight", "is_waivable", "source",
)  # fmt: skip
BENEFIT_FIELDS = ("name", "kind", "frequency", "feature", "source")
VALUE_FIELDS = ("quantity", "hours")


# From the file --------------------------------------------------------------------------------------------------


def content_of_file(program: Row, gates: int) -> Content:
    """What the file says; `gates` is the number of certification gates it lists, asked for where the program does."""
    settings = {name: getattr(program.settings, name) for name in SETTINGS}
    settings["co_marketing_budget"] = _range(program.settings.co_marketing_budget)
    return {
        "name": program.name,
        "settings": settings,
        "benefits": {code: _benefit(row) for code, row in program.benefits.items()},
        "tiers": {
            code: _tier(row, gates if settings["gates_required"] else 0, settings)
            for code, row in program.tiers.items()
        },
    }


def _benefit(row: Row) -> Content:
    return {
        "name": row.name,
        "kind": row.kind,
        "frequency": row.frequency or "",
        "feature": row.feature or "",
        "source": row.provenance_of("name").as_json(),
    }


def _tier(row: Row, gates: int, settings: Content) -> Content:
    year = settings["evaluation_window"]
    needs = dict(_requirement(code, need, year) for code, need in row.requirements.items())
    if gates and GATES not in needs:
        needs[GATES] = _gates(gates, row)
    return {
        "name": row.name,
        "rank": row.rank,
        "colour": row.colour,
        "upgrade": row.upgrade or settings["upgrade_policy"],
        "margin": _range(row.margin),
        "investment": _range(row.investment),
        "co_marketing": _range(row.co_marketing),
        "benefits": {code: _values((row.values_of_benefits or {}).get(code)) for code in row.benefits},
        "groups": {
            code: {"name": g.name, "rule": g.rule, "n": g.n or 1} for code, g in (row.groups or {}).items()
        },
        "requirements": needs,
        "source": row.provenance.as_json(),
    }


def _values(row: Row | None) -> Content:
    return {name: getattr(row, name) if row else None for name in VALUE_FIELDS}


def usual_window(metric: str, year: str) -> str:
    """Over what a metric is counted where a requirement does not say: the program's year where it is counted over such
    a one, else what is usual for the metric."""
    known = registry.find(metric)
    offered = known.windows if known else ()
    return year if year in offered or not offered else offered[0]


def _requirement(code: str, row: Row, year: str) -> tuple[str, Content]:
    metric, scope = row.metric or code, row.scope or rules.PARTNER
    window = row.window or usual_window(metric, year)
    return fact_key(metric, window, scope), {
        "metric": metric,
        "stated": row.stated,
        "comparator": row.comparator,
        "threshold": lowest(row.threshold),
        "window": window,
        "scope": scope,
        "group": row.group or "",
        "evidence": row.evidence or rules.AUTO,
        "weight": row.weight or 1,
        "is_waivable": row.is_waivable is not False,
        "source": row.provenance.as_json(),
    }


def _gates(gates: int, row: Row) -> Content:
    return {
        "metric": GATES,
        "stated": "All certification gates",
        "comparator": rules.AT_LEAST,
        "threshold": gates,
        "window": "now",
        "scope": rules.PARTNER,
        "group": "",
        "evidence": rules.DOCUMENT,
        "weight": 1,
        "is_waivable": False,
        "source": row.provenance.as_json(),
    }


def lowest(band: Any) -> int:
    """The amount at which a stated range begins (its end, for "up to"): minor units of its currency, or a count."""
    end = band.low if band.low is not None else band.high
    if band.kind == "money":
        return int(band.low_minor if band.low is not None else band.high_minor)
    return int(end)


def _range(band: Any) -> Content | None:
    return band.as_json() if band is not None else None


# From the rows --------------------------------------------------------------------------------------------------


def content_of(version: ProgramVersion) -> Content:
    """The same shape, from a version's rows."""
    tiers = version.tiers.prefetch_related("requirements__group", "groups", "benefits__benefit")
    return {
        "name": version.name,
        "settings": {name: version.settings.get(name) for name in SETTINGS},
        "benefits": {b.code: _fields(b, BENEFIT_FIELDS) for b in version.benefits.all()},
        "tiers": {tier.code: _stored_tier(tier) for tier in tiers},
    }


def _stored_tier(tier: Tier) -> Content:
    own = [given for given in tier.benefits.all() if not given.is_inherited]
    own.sort(key=lambda given: given.position)
    return {
        **_fields(tier, TIER_FIELDS),
        "benefits": {given.benefit.code: _fields(given, VALUE_FIELDS) for given in own},
        "groups": {group.code: _fields(group, ("name", "rule", "n")) for group in tier.groups.all()},
        "requirements": {
            need.key: {**_fields(need, NEED_FIELDS), "group": need.group.code if need.group else ""}
            for need in tier.requirements.all()
        },
    }


def _fields(record: Any, names: tuple[str, ...]) -> Content:
    return {name: getattr(record, name) for name in names}


# Writing --------------------------------------------------------------------------------------------------------


def write(version: ProgramVersion, content: Content) -> ProgramVersion:
    """Make a draft say what the content says. Nothing refers to the parts of a draft, so they are made anew."""
    version.name, version.settings = content["name"], content["settings"]
    save(version)
    version.tiers.all().delete()
    version.benefits.all().delete()
    library = {
        code: save(Benefit(program_version=version, code=code, position=position, **benefit))
        for position, (code, benefit) in enumerate(content["benefits"].items(), start=1)
    }
    lower: dict[str, TierBenefit] = {}
    for code, stated in sorted(content["tiers"].items(), key=lambda item: item[1]["rank"]):
        tier = _write_tier(version, code, stated)
        own = dict(_write_benefits(tier, stated, library))
        if content["settings"]["benefits_inherited"]:
            for given in (given for code, given in lower.items() if code not in own):
                _inherit(tier, given)
        lower |= own
    return version


def _write_benefits(
    tier: Tier, stated: Content, library: dict[str, Benefit]
) -> Iterator[tuple[str, TierBenefit]]:
    for position, (code, values) in enumerate(stated["benefits"].items(), start=1):
        benefit = library[code]
        amount = stated["co_marketing"] if benefit.kind == "money" else None
        yield code, save(TierBenefit(tier=tier, benefit=benefit, position=position, amount=amount, **values))


def _inherit(tier: Tier, given: TierBenefit) -> None:
    """What a lower tier gives, the higher one gives too, with the same values."""
    values = _fields(given, (*VALUE_FIELDS, "amount", "position"))
    save(TierBenefit(tier=tier, benefit=given.benefit, is_inherited=True, **values))


def _write_tier(version: ProgramVersion, code: str, stated: Content) -> Tier:
    tier = save(Tier(program_version=version, code=code, **{name: stated[name] for name in TIER_FIELDS}))
    groups = {
        group: save(RequirementGroup(tier=tier, code=group, position=position, **facts))
        for position, (group, facts) in enumerate(stated["groups"].items(), start=1)
    }
    for position, (key, need) in enumerate(stated["requirements"].items(), start=1):
        facts = {name: need[name] for name in NEED_FIELDS}
        group = groups[need["group"]] if need["group"] else None
        save(Requirement(tier=tier, key=key, position=position, group=group, **facts))
    return tier
