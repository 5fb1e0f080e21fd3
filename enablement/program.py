"""Enablement's section of the program file: the certification tracks."""

from collections.abc import Iterator

from core.program_file import Bool, Integer, Loading, MapOf, OneOf, Record, Row, Section, Text, sync
from enablement import rules
from enablement.models import Track

TRACK = Record(
    name=Text(120),
    audience=OneOf("general", "technical", "sales"),
    is_basic=Bool,
    level=OneOf(*rules.LEVELS),
    validity_months=Integer(lowest=1, highest=120),
    recertification_days=Integer(lowest=0, highest=365),
)


def load_tracks(tracks: dict[str, Row], loading: Loading) -> Iterator[str]:
    """Certifications that were passed keep their own dates when a track's months change."""
    fields = ("name", "position", "audience", "is_basic", "level", "validity_months", "recertification_days")
    yield from sync(Track, tracks, name="Track", fields=fields, source=lambda row: row.provenance.as_json())


SECTIONS = (Section("certification_tracks", MapOf(TRACK), load_tracks),)
