"""The deals' section of the program file: kinds of deals, and the stages that partners own."""

from collections.abc import Iterator

from catalog.program import provenance
from core.program_file import (
    Bool,
    Integer,
    ListOf,
    Loading,
    MapOf,
    Nullable,
    OneOf,
    Record,
    Ref,
    Row,
    Section,
    Text,
    sync,
    unlike,
)
from deals import rules
from deals.models import DealType, ProtectionLength, Stage
from partners.rules import KINDS

TYPE = Record(name=Text(60), definition=Text(300), names_earlier=Bool)
LENGTH = Record(
    name=Text(120),
    definition=Text(300),
    types=ListOf(Ref("deals.types")),
    tiers=ListOf(Ref("tier_program.tiers")),
    kinds=ListOf(OneOf(*KINDS)),
    public_bodies=Bool,
    days=Integer(lowest=1, highest=rules.LONGEST_PROTECTION),
    after_tender_days=Nullable(Integer(lowest=0, highest=365)),
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
        Stage,
        deals.stages,
        name="Stage",
        fields=("name", "definition", "probability"),
        position="rank",
        source=provenance,
    )


SCHEMA = Record(
    types=MapOf(TYPE), protection_lengths=MapOf(LENGTH), stages=MapOf(STAGE).where(unlike("rank"))
)
SECTIONS = (Section("deals", SCHEMA, load),)
