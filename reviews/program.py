"""The reviews' section of the program file: what a review talks about."""

from collections.abc import Iterator

from core.program_file import ListOf, Loading, Record, Row, Section, Text, sync
from reviews.models import ReviewTemplate


def load_template(row: Row, loading: Loading) -> Iterator[str]:
    """The one template. Reviews that are on the calendar keep the agenda they have."""
    row.values["code"] = "quarterly"
    yield from sync(
        ReviewTemplate,
        [row],
        name="Review template",
        fields=("agenda",),
        source=lambda row: {name: row.provenance_of(name).as_json() for name in ("agenda",)},
    )


SECTIONS = (
    Section(
        "reviews",
        Record(agenda=ListOf(Text(120), fewest=1)),
        load_template,
    ),
)
