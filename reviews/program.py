"""The reviews' section of the program file: which benefit brings a review, and what it talks about."""

from collections.abc import Iterator

from core.program_file import ListOf, Loading, Record, Ref, Row, Section, Text, sync
from reviews.models import ReviewTemplate


def load_template(row: Row, loading: Loading) -> Iterator[str]:
    """The one template. Reviews that are on the calendar keep the agenda they have."""
    row.values["code"] = "quarterly"
    yield from sync(
        ReviewTemplate,
        [row],
        name="Review template",
        fields=("agenda",),
        benefit_code="benefit",
        source=lambda row: {name: row.provenance_of(name).as_json() for name in ("benefit", "agenda")},
    )


SECTIONS = (
    Section(
        "reviews",
        Record(benefit=Ref("tier_programs.benefits"), agenda=ListOf(Text(120), fewest=1)),
        load_template,
    ),
)
