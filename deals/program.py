"""The deals' section of the program file: kinds of deals, and the stages that partners own."""

from collections.abc import Iterator

from catalog.program import provenance
from core.clock import day
from core.program_file import (
    Bool,
    Integer,
    ListOf,
    Loading,
    MapOf,
    Nullable,
    OneOf,
    Problem,
    ProgramFileError,
    Record,
    Ref,
    Row,
    Section,
    Text,
    sync,
    unlike,
)
from core.saving import save
from deals import conflict, direct, engagement, rules
from deals.actions import activate_due, announce_rules, change_rules, draft_rules
from deals.models import (
    ConflictRules,
    DealType,
    EngagementRules,
    ProtectionLength,
    SegmentPolicy,
    Stage,
)
from partners.rules import KINDS

TYPE = Record(name=Text(60), definition=Text(300), names_earlier=Bool)
LENGTH = Record(
    name=Text(120),
    definition=Text(300),
    types=ListOf(Ref("deals.types")),
    tiers=ListOf(Ref("tier_programs.tiers")),
    kinds=ListOf(OneOf(*KINDS)),
    public_bodies=Bool,
    days=Integer(lowest=1, highest=rules.LONGEST_PROTECTION),
    after_tender_days=Nullable(Integer(lowest=0, highest=365)),
)
POLICY = Record(
    name=Text(120),
    definition=Text(300),
    kinds=ListOf(OneOf(*KINDS)),
    markets=ListOf(Ref("markets")),
    mode=OneOf(*direct.MODES),
)
HUNDREDTHS = Integer(lowest=0, highest=100)
CONFLICT = Record(
    number=Integer(lowest=1),
    weights=Record(**dict.fromkeys(conflict.WEIGHTS, HUNDREDTHS)),
    matches=Record(**dict.fromkeys(conflict.MATCHES, HUNDREDTHS)),
    bands=Record(hard=HUNDREDTHS, review=HUNDREDTHS, related=HUNDREDTHS),
    precedence=ListOf(OneOf(*conflict.PRECEDENCE_WORDS), fewest=1),
    look_back_days=Integer(lowest=0, highest=365),
)
STAGE = Record(
    name=Text(60),
    definition=Text(300),
    rank=Integer(lowest=1, highest=50),
    probability=Integer(lowest=0, highest=100),
)


def load(deals: Row, loading: Loading) -> Iterator[str]:
    yield from sync(
        DealType,
        deals.types,
        name="Deal type",
        fields=("name", "position", "definition", "names_earlier"),
        source=provenance,
    )
    yield from sync(
        ProtectionLength,
        deals.protection_lengths,
        name="Protection length",
        fields=(
            "name",
            "position",
            "definition",
            "types",
            "tiers",
            "kinds",
            "public_bodies",
            "days",
            "after_tender_days",
        ),
        source=provenance,
    )
    yield from sync(
        SegmentPolicy,
        deals.segment_policies,
        name="Segment policy",
        fields=("name", "position", "definition", "kinds", "markets", "mode"),
        source=provenance,
    )
    yield from load_conflict_rules(deals.conflict_rules, loading)
    yield from sync(
        Stage,
        deals.stages,
        name="Stage",
        fields=("name", "definition", "probability"),
        position="rank",
        source=provenance,
    )


def load_conflict_rules(stated: Row, loading: Loading) -> Iterator[str]:
    """A number says the same for ever: checks name it. Other figures under it are refused."""
    figures = {
        "weights": dict(stated.weights.values),
        "matches": dict(stated.matches.values),
        "bands": dict(stated.bands.values),
        "precedence": list(stated.precedence),
        "look_back_days": stated.look_back_days,
    }
    known = ConflictRules.objects.filter(number=stated.number).first()
    if known is None:
        save(ConflictRules(number=stated.number, source=provenance(stated), created_at=loading.at, **figures))
        yield f"Conflict rules, number {stated.number}: new"
    elif any(getattr(known, name) != figure for name, figure in figures.items()):
        words = f"number {stated.number} says something else already; give a new number"
        raise ProgramFileError([stated.problem("number", words)])


def bands_fall(stated: Row) -> Iterator[Problem]:
    """Hard is above review, and review above related; what counts always and what may be added make a hundred."""
    if not stated.bands.hard > stated.bands.review > stated.bands.related:
        yield stated.problem("bands", "the bands fall from hard over review to related")
    if sum(stated.weights.values.values()) != 100:
        yield stated.problem("weights", "the weights add up to 100")


SCHEMA = Record(
    types=MapOf(TYPE),
    protection_lengths=MapOf(LENGTH),
    segment_policies=MapOf(POLICY),
    conflict_rules=CONFLICT.where(bands_fall),
    stages=MapOf(STAGE).where(unlike("rank")),
)
RULE = Record(title=Text(120), text=Text(4000), decides=ListOf(Text(40)))


def load_rules(stated: Row, loading: Loading) -> Iterator[str]:
    """Changed rules change the draft, or make a new one; what was announced is never changed in place. The first
    version holds at once where the loading activates; every later one is announced by a person, with its notice.
    """
    latest = EngagementRules.objects.exclude(state=engagement.DISCARDED).first()
    sections = [
        engagement.Section(row.code, row.title, row.text, tuple(row.decides)) for row in stated.rules.values()
    ]
    if latest is None or latest.rules != sections or latest.name != stated.name:
        facts = {"by": loading.by, "at": loading.at, "name": stated.name, "sections": sections}
        is_draft = latest is not None and latest.state == engagement.DRAFT
        latest = change_rules(rules=latest, **facts) if is_draft and latest else draft_rules(**facts)
        yield f"Rules of engagement, version {latest.number} is {'still' if is_draft else 'a new'} draft"
    if loading.activate and not EngagementRules.objects.in_force() and latest.state == engagement.DRAFT:
        announce_rules(by=loading.by, rules=latest, effective_on=day(loading.at), at=loading.at)
        activate_due(at=loading.at)
        yield f"Rules of engagement, version {latest.number} is in force"


SECTIONS = (
    Section("deals", SCHEMA, load),
    Section("rules_of_engagement", Record(name=Text(120), rules=MapOf(RULE)), load_rules),
)
