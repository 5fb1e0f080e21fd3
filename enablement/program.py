"""Enablement's section of the program file: the certification tracks."""

from collections.abc import Iterator

from core.program_file import Bool, Integer, Loading, MapOf, OneOf, Record, Row, Section, Text, sync
from enablement import rules
from enablement.models import Track


def load_tracks(tracks: dict[str, Row], loading: Loading) -> Iterator[str]:
    yield from sync(
        Track,
        tracks,
        name="Track",
        fields=("name", "position", "audience", "is_basic", "validity_months"),
        source=lambda row: row.provenance.as_json(),
    )


TRACK = Record(
    name=Text(120),
    audience=OneOf(*rules.AUDIENCES),
    is_basic=Bool,
    validity_months=Integer(lowest=1, highest=120),
)

SECTIONS = (Section("certification_tracks", MapOf(TRACK), load_tracks),)
