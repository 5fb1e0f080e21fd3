"""The deals' section of the program file: kinds of deals, and the stages that partners own."""

from collections.abc import Iterator

from catalog.program import provenance
from core.program_file import Bool, Integer, Loading, MapOf, Record, Row, Section, Text, sync, unlike
from deals.models import DealType, Stage

TYPE = Record(name=Text(60), definition=Text(300), names_earlier=Bool())
STAGE = Record(name=Text(60), definition=Text(300), rank=Integer(lowest=1, highest=50))


def load(deals: Row, loading: Loading) -> Iterator[str]:
    yield from sync(
        DealType,
        deals.types,
        name="Deal type",
        fields=("name", "position", "definition", "names_earlier"),
        source=provenance,
    )
    yield from sync(
        Stage, deals.stages, name="Stage", fields=("name", "definition"), position="rank", source=provenance
    )


SECTIONS = (Section("deals", Record(types=MapOf(TYPE), stages=MapOf(STAGE).where(unlike("rank"))), load),)
