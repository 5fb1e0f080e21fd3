"""Enablement's section of the program file: the certification tracks."""

from core.program_file import Bool, Integer, MapOf, OneOf, Record, Section, Text

TRACK = Record(
    name=Text(120),
    audience=OneOf("general", "technical", "sales"),
    is_basic=Bool,
    validity_months=Integer(lowest=1, highest=120),
)

SECTIONS = (Section("certification_tracks", MapOf(TRACK)),)
