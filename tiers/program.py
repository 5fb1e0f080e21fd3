"""The tiers' section of the program file: settings of a version, the library of benefits, and the tiers."""

from collections.abc import Iterator

from core.models import Vendor
from core.program_file import (
    AnyOf,
    Bool,
    Code,
    CountRange,
    Integer,
    ListOf,
    Loading,
    MapOf,
    MoneyRange,
    Nullable,
    OneOf,
    PercentRange,
    Problem,
    ProgramFileError,
    Record,
    Ref,
    Row,
    Section,
    Text,
    apart,
    unlike,
)
from core.saving import save
from events.actions import record
from metrics import registry
from tiers import rules
from tiers.actions import publish_version
from tiers.content import Content, content_of, content_of_file, differences, write
from tiers.models import ProgramVersion

SETTINGS = Record(
    evaluation_window=OneOf("trailing_12_months"),
    downgrade_grace_days=Integer(highest=730),
    notice_days=Integer(highest=730),
    upgrade_policy=OneOf("immediate"),
    margin_policy=OneOf(rules.LOW_END, rules.INTERPOLATE),
    gates_required=Bool,
    benefits_inherited=Bool,
)
BENEFIT = Record(
    name=Text(120),
    kind=OneOf("service", "money", "access", "training", "support"),
    frequency=Nullable(OneOf("monthly", "quarterly", "yearly")),
)
REQUIREMENT = Record(
    stated=Text(200),
    comparator=OneOf(*rules.COMPARATORS),
    threshold=AnyOf(MoneyRange, CountRange),
    window=OneOf(*rules.WINDOWS),
    any_of=Nullable(Code),
)
TIER = Record(
    name=Text(60),
    rank=Integer(lowest=1, highest=20),
    colour=OneOf("platinum", "gold", "silver", "authorized"),
    requirements=MapOf(REQUIREMENT),
    benefits=ListOf(Ref("tier_program.benefits")),
    co_marketing=Nullable(MoneyRange),
    margin=PercentRange,
    investment=MoneyRange,
)


def known_metrics(tiers: dict[str, Row]) -> Iterator[Problem]:
    """A requirement names a metric that some app offers, with a threshold of its unit."""
    for tier in tiers.values():
        for code, requirement in tier.requirements.items():
            metric = registry.known().get(code)
            if metric is None:
                yield requirement.problem("", f"there is no metric “{code}”")
            elif (metric.unit == "money") != (requirement.threshold.kind == "money"):
                yield requirement.problem("threshold", f"{metric.name} is counted in another unit")


def load_tier_program(program: Row, loading: Loading) -> Iterator[str]:
    """A changed file changes the draft, or makes a new one; a published version is never changed in place."""
    _require_currency(program)
    content = content_of_file(program, gates=len(loading.program.data.get("certification_gates", ())))
    latest = ProgramVersion.objects.latest()
    changes = list(differences(content_of(latest) if latest else None, content))
    yield from changes
    if changes:
        latest, sentence = _draft(latest, content, loading)
        write(latest, content)
        data = {"number": latest.number, "changes": len(changes)}
        record("program_version.drafted", latest, by=loading.by, at=loading.at, data=data)
        yield sentence
    if loading.activate and latest and ProgramVersion.objects.published() is None:
        publish_version(by=loading.by, version=latest, at=loading.at)
        yield f"Tier program, version {latest.number} is published"


def _draft(latest: ProgramVersion | None, content: Content, loading: Loading) -> tuple[ProgramVersion, str]:
    if latest and latest.state == rules.DRAFT:
        latest.source_sha256 = loading.program.sha256
        return latest, f"Tier program, version {latest.number} is still a draft and is changed"
    number = latest.number + 1 if latest else 1
    draft = ProgramVersion(
        number=number,
        name=content["name"],
        settings=content["settings"],
        source_sha256=loading.program.sha256,
        created_at=loading.at,
    )
    stays = f"; version {latest.number} stays in force until it is published" if latest else ""
    return save(draft), f"Tier program, version {number} is a new draft{stays}"


def _require_currency(program: Row) -> None:
    """Thresholds are amounts of the program's currency. Raises ProgramFileError naming each that is not."""
    currency = Vendor.current().currency
    wrong = [
        need.problem("threshold", f"write this in {currency}, the program's currency")
        for tier in program.tiers.values()
        for need in tier.requirements.values()
        if need.threshold.kind == "money" and need.threshold.currency != currency
    ]
    if wrong:
        raise ProgramFileError(wrong)


SECTIONS = (
    Section(
        "tier_program",
        Record(
            name=Text(120),
            settings=SETTINGS,
            benefits=MapOf(BENEFIT),
            tiers=MapOf(TIER).where(unlike("rank"), apart("margin"), known_metrics),
        ),
        load_tier_program,
    ),
)
