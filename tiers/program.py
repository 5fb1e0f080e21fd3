"""The tiers' section of the program file: programs with their settings, their library of benefits, and their tiers."""

from collections.abc import Generator, Iterator

from catalog.models import Market, Product
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
from partners.models import Category
from tiers import rules
from tiers.actions import begin_program
from tiers.content import Content, content_of, content_of_file, write
from tiers.diff import differences
from tiers.models import Program, ProgramVersion
from tiers.schema import BENEFIT, COLOURS, GROUP, SETTINGS, VALUES

REQUIREMENT = Record(
    stated=Text(200),
    comparator=OneOf(*rules.COMPARATORS),
    threshold=AnyOf(MoneyRange, CountRange),
    metric=Nullable(Code),
    window=Nullable(OneOf(*rules.WINDOWS)),
    scope=Nullable(OneOf(*rules.SCOPES)),
    group=Nullable(Code),
    evidence=Nullable(OneOf(*rules.EVIDENCE)),
    weight=Nullable(Integer(lowest=1, highest=100)),
    is_waivable=Nullable(Bool),
)
TIER = Record(
    name=Text(60),
    rank=Integer(lowest=1, highest=20),
    colour=OneOf(*COLOURS),
    upgrade=Nullable(OneOf(*rules.POLICIES)),
    groups=Nullable(MapOf(GROUP)),
    requirements=MapOf(REQUIREMENT),
    benefits=ListOf(Ref("tier_programs.benefits")),
    values_of_benefits=Nullable(MapOf(VALUES)),
    co_marketing=Nullable(MoneyRange),
    margin=Nullable(PercentRange),
    investment=Nullable(MoneyRange),
)


def known_metrics(tiers: dict[str, Row]) -> Iterator[Problem]:
    """A requirement names a metric that some app offers, with a threshold of its unit, and a group of its tier."""
    for tier in tiers.values():
        for code, requirement in tier.requirements.items():
            metric = registry.find(requirement.metric or code)
            if metric is None:
                yield requirement.problem("", f"there is no metric “{requirement.metric or code}”")
                continue
            if requirement.window and requirement.window not in metric.windows:
                yield requirement.problem("window", f"{metric.name} is not counted over this window")
            if requirement.scope and requirement.scope not in metric.scopes:
                yield requirement.problem("scope", f"{metric.name} is not counted for this scope")
            if (metric.unit == "money") != (requirement.threshold.kind == "money"):
                yield requirement.problem("threshold", f"{metric.name} is counted in another unit")
            if requirement.group and requirement.group not in (tier.groups or {}):
                yield requirement.problem("group", f"there is no group “{requirement.group}” in this tier")


def load_tier_programs(programs: dict[str, Row], loading: Loading) -> Iterator[str]:
    """A changed file changes a program's draft, or makes a new one; what is in force is never changed in place."""
    for position, (code, row) in enumerate(programs.items(), start=1):
        yield from _load(code, position, row, loading)


def _load(code: str, position: int, row: Row, loading: Loading) -> Iterator[str]:
    _require_currency(row)
    program = yield from _program(code, position, row, loading)
    content = content_of_file(row, gates=len(loading.program.data.get("certification_gates", ())))
    latest = program.versions.latest()
    changes = list(differences(content_of(latest) if latest else None, content))
    yield from changes
    if changes:
        latest, sentence = _draft(program, latest, content, loading)
        write(latest, content)
        data = {"program": program.code, "number": latest.number, "changes": len(changes)}
        record("program_version.drafted", latest, by=loading.by, at=loading.at, data=data)
        yield sentence
    if loading.activate and latest and not program.versions.active().exists():
        begin_program(by=loading.by, version=latest, at=loading.at, since=loading.since)
        yield f"{program}, version {latest.number} is in force"


def _program(code: str, position: int, row: Row, loading: Loading) -> Generator[str, None, Program]:
    """The program's own row: its name, its place among the others, and for whom it is."""
    program = Program.objects.filter(code=code).first() or Program(code=code, created_at=loading.at)
    is_new = program._state.adding
    if (program.name, program.position) != (row.name, position):
        program.name, program.position = row.name, position
        save(program)
        yield f"Tier program {row.name} is new" if is_new else f"Tier program {row.name} is changed"
    for name, model in (("categories", Category), ("markets", Market), ("products", Product)):
        wanted = set(model.objects.filter(code__in=getattr(row, name) or ()))
        if wanted != set(getattr(program, name).all()):
            getattr(program, name).set(wanted)
            yield f"Tier program {row.name}, {name}: {', '.join(sorted(map(str, wanted))) or 'all'}"
    return program


def _draft(
    program: Program, latest: ProgramVersion | None, content: Content, loading: Loading
) -> tuple[ProgramVersion, str]:
    if latest and latest.state == rules.DRAFT:
        latest.source_sha256 = loading.program.sha256
        return latest, f"{program}, version {latest.number} is still a draft and is changed"
    number = latest.number + 1 if latest else 1
    draft = ProgramVersion(
        program=program,
        number=number,
        name=content["name"],
        settings=content["settings"],
        drafted_by_id=loading.by.user_id,
        source_sha256=loading.program.sha256,
        created_at=loading.at,
    )
    stays = f"; version {latest.number} stays in force until it is published" if latest else ""
    return save(draft), f"{program}, version {number} is a new draft{stays}"


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
        "tier_programs",
        MapOf(
            Record(
                name=Text(120),
                categories=Nullable(ListOf(Ref("taxonomies.categories", "taxonomies.categories.subtypes"))),
                markets=Nullable(ListOf(Ref("markets"))),
                products=Nullable(ListOf(Ref("products"))),
                settings=SETTINGS,
                benefits=MapOf(BENEFIT),
                tiers=MapOf(TIER).where(unlike("rank"), apart("margin"), known_metrics),
            )
        ),
        load_tier_programs,
    ),
)
