"""A version as plain data: read from the program file or from the rows, compared in sentences, written to a draft."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.models import Vendor
from core.money import Money
from core.program_file import Row, say
from core.saving import save
from core.templatetags.ui import money
from tiers import wording
from tiers.models import Benefit, ProgramVersion, Requirement, Tier, TierBenefit
from tiers.rules import AT_LEAST

Content = dict[str, Any]
GATES = "certification_gates_valid"
SETTINGS = (
    "evaluation_window",
    "downgrade_grace_days",
    "notice_days",
    "upgrade_policy",
    "margin_policy",
    "gates_required",
    "benefits_inherited",
)


# From the file --------------------------------------------------------------------------------------------------


def content_of_file(program: Row, gates: int) -> Content:
    """What the file says; `gates` is the number of certification gates it lists, asked for where the program does."""
    settings = {name: getattr(program.settings, name) for name in SETTINGS}
    return {
        "name": program.name,
        "settings": settings,
        "benefits": {code: _benefit(row) for code, row in program.benefits.items()},
        "tiers": {
            code: _tier(row, gates if settings["gates_required"] else 0)
            for code, row in program.tiers.items()
        },
    }


def _benefit(row: Row) -> Content:
    return {
        "name": row.name,
        "kind": row.kind,
        "frequency": row.frequency or "",
        "source": row.provenance_of("name").as_json(),
    }


def _tier(row: Row, gates: int) -> Content:
    needs = {metric: _requirement(need) for metric, need in row.requirements.items()}
    if gates and GATES not in needs:
        needs[GATES] = _gates(gates, row)
    return {
        "name": row.name,
        "rank": row.rank,
        "colour": row.colour,
        "margin": _range(row.margin),
        "investment": _range(row.investment),
        "co_marketing": _range(row.co_marketing),
        "benefits": list(row.benefits),
        "requirements": needs,
        "source": row.provenance.as_json(),
    }


def _requirement(row: Row) -> Content:
    return {
        "stated": row.stated,
        "comparator": row.comparator,
        "threshold": lowest(row.threshold),
        "window": row.window,
        "any_of": row.any_of or "",
        "source": row.provenance.as_json(),
    }


def _gates(gates: int, row: Row) -> Content:
    return {
        "stated": "All certification gates",
        "comparator": AT_LEAST,
        "threshold": gates,
        "window": "now",
        "any_of": "",
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
    tiers = version.tiers.prefetch_related("requirements", "benefits__benefit")
    return {
        "name": version.name,
        "settings": {name: version.settings.get(name) for name in SETTINGS},
        "benefits": {
            b.code: _fields(b, ("name", "kind", "frequency", "source")) for b in version.benefits.all()
        },
        "tiers": {tier.code: _stored_tier(tier) for tier in tiers},
    }


def _stored_tier(tier: Tier) -> Content:
    own = [given.benefit.code for given in tier.benefits.all() if not given.is_inherited]
    named = ("stated", "comparator", "threshold", "window", "any_of", "source")
    return {
        **_fields(tier, ("name", "rank", "colour", "margin", "investment", "co_marketing", "source")),
        "benefits": own,
        "requirements": {need.metric: _fields(need, named) for need in tier.requirements.all()},
    }


def _fields(record: Any, names: tuple[str, ...]) -> Content:
    return {name: getattr(record, name) for name in names}


# Differences ----------------------------------------------------------------------------------------------------


def differences(old: Content | None, new: Content) -> Iterator[str]:
    """A sentence for each difference, naming tier, requirement, old and new value. Sources alone change nothing."""
    old = old or {"name": "", "settings": {}, "benefits": {}, "tiers": {}}
    if old["name"] and old["name"] != new["name"]:
        yield f"Tier program, name: {old['name']} becomes {new['name']}"
    yield from _changed("Tier program", old["settings"], new["settings"], SETTINGS)
    for code, benefit in new["benefits"].items():
        if code in old["benefits"]:
            name = f"Benefit {old['benefits'][code]['name']}"
            yield from _changed(name, old["benefits"][code], benefit, ("name", "kind", "frequency"))
        else:
            yield f"Benefit {benefit['name']} is new"
    for code in old["benefits"].keys() - new["benefits"].keys():
        yield f"Benefit {old['benefits'][code]['name']} is removed"
    for code, tier in new["tiers"].items():
        yield from _tier_differences(old["tiers"].get(code), tier)
    for code in old["tiers"].keys() - new["tiers"].keys():
        yield f"Tier {old['tiers'][code]['name']} is removed"


def _tier_differences(old: Content | None, new: Content) -> Iterator[str]:
    if old is None:
        yield f"Tier {new['name']} is new"
        return
    name = f"Tier {old['name']}"
    ranges = ("margin", "investment", "co_marketing")
    yield from _changed(name, old, new, ("name", "rank", "colour"))
    yield from _changed(name, _meanings(old, ranges), _meanings(new, ranges), ranges)
    for code in [c for c in new["benefits"] if c not in old["benefits"]]:
        yield f"{name}, benefit {code.replace('_', ' ')} is new"
    for code in [c for c in old["benefits"] if c not in new["benefits"]]:
        yield f"{name}, benefit {code.replace('_', ' ')} is removed"
    for metric, need in new["requirements"].items():
        yield from _need_differences(
            f"{name}, {wording.name_of(metric)}", metric, old["requirements"].get(metric), need
        )
    for metric in old["requirements"].keys() - new["requirements"].keys():
        yield f"{name}, {wording.name_of(metric)} is no longer required"


def _need_differences(name: str, metric: str, old: Content | None, new: Content) -> Iterator[str]:
    if old is None:
        yield f"{name} is required from now on: {_amount(metric, new['threshold'])}"
        return
    if old["threshold"] != new["threshold"]:
        yield (
            f"{name}, threshold: {_amount(metric, old['threshold'])} becomes {_amount(metric, new['threshold'])}"
        )
    yield from _changed(name, old, new, ("stated", "comparator", "window", "any_of"))


def _amount(metric: str, threshold: int) -> str:
    if wording.unit_of(metric) == "money":
        return money(Money(threshold, Vendor.current().currency))
    return f"{threshold:,}"


def _changed(name: str, old: Content, new: Content, fields: tuple[str, ...]) -> Iterator[str]:
    for field in fields:
        if field in old and old[field] != new[field]:
            yield f"{name}, {field.replace('_', ' ')}: {_word(old[field])} becomes {_word(new[field])}"


def _word(value: Any) -> str:
    return value.replace("_", " ") if isinstance(value, str) and value else say(value)


def _meanings(tier: Content, names: tuple[str, ...]) -> Content:
    """Ranges without the words that stated them: "$2M+" and "$2,000,000 or more" mean the same."""
    return {
        name: {k: v for k, v in tier[name].items() if k != "raw"} if tier[name] else None for name in names
    }


# Writing --------------------------------------------------------------------------------------------------------


def write(version: ProgramVersion, content: Content) -> ProgramVersion:
    """Make a draft say what the content says. Nothing refers to the parts of a draft, so they are made anew."""
    version.name, version.settings = content["name"], content["settings"]
    save(version)
    version.tiers.all().delete()
    version.benefits.all().delete()
    library = {
        code: save(Benefit(program=version, code=code, position=position, **benefit))
        for position, (code, benefit) in enumerate(content["benefits"].items(), start=1)
    }
    lower: dict[str, Benefit] = {}
    for code, stated in sorted(content["tiers"].items(), key=lambda item: item[1]["rank"]):
        tier = _write_tier(version, code, stated)
        own = {code: library[code] for code in stated["benefits"]}
        inherited = (
            {c: b for c, b in lower.items() if c not in own}
            if content["settings"]["benefits_inherited"]
            else {}
        )
        for benefit in own.values():
            amount = stated["co_marketing"] if benefit.kind == "money" else None
            save(TierBenefit(tier=tier, benefit=benefit, amount=amount))
        for benefit in inherited.values():
            save(TierBenefit(tier=tier, benefit=benefit, is_inherited=True))
        lower |= own
    return version


def _write_tier(version: ProgramVersion, code: str, stated: Content) -> Tier:
    facts = {k: v for k, v in stated.items() if k not in ("benefits", "requirements")}
    tier = save(Tier(program=version, code=code, **facts))
    for position, (metric, need) in enumerate(stated["requirements"].items(), start=1):
        save(Requirement(tier=tier, metric=metric, position=position, **need))
    return tier
