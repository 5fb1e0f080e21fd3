"""Compliance's section of the program file: the gates a certified partner has passed."""

from collections.abc import Iterator

from compliance.models import Gate
from core.program_file import Integer, Loading, MapOf, Record, Row, Section, Text, sync

GATE = Record(name=Text(120), validity_months=Integer(lowest=1, highest=120), evidence=Text(300))


def load_gates(gates: dict[str, Row], loading: Loading) -> Iterator[str]:
    """Gates that were passed keep their own dates when a gate's months change."""
    fields = ("name", "position", "validity_months", "evidence")
    yield from sync(Gate, gates, name="Gate", fields=fields, source=lambda row: row.provenance.as_json())


SECTIONS = (Section("certification_gates", MapOf(GATE), load_gates),)
