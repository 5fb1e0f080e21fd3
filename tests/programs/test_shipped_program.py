"""The shipped program says what the documents say, and tells which of its figures they do not state."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from catalog.rules import DEFAULTS
from core.program_file import (
    AnyOf,
    Bool,
    Code,
    ListOf,
    MapOf,
    Nullable,
    OneOf,
    Record,
    Ref,
    Row,
    TimeZone,
    read,
)
from core.ranges import Range
from prm.program import SECTIONS

PROGRAMS = Path(__file__).parents[2] / "programs"
FILE = PROGRAMS / "healthcare-ai.yaml"
# A choice among the product's own words, a code or a reference is not a figure that a document could contain.
OUR_WORDS = (Bool, Code, OneOf, Ref, TimeZone)
LANGUAGES = {"de": "German", "fr": "French", "it": "Italian", "es": "Spanish", "nl": "Dutch"}


@pytest.fixture(scope="module")
def program():
    return read(FILE, SECTIONS)


def figures(kind, value, path, row=None, name=""):
    """Every figure of the program as (path, words, provenance)."""
    if value is None or isinstance(kind, OUR_WORDS):
        return
    if isinstance(kind, Nullable):
        yield from figures(kind.item, value, path, row, name)
    elif isinstance(kind, Record):
        for field, of in kind.fields.items():
            yield from figures(of, getattr(value, field), f"{path}.{field}", value, field)
    elif isinstance(kind, MapOf):
        for code, item in value.items():
            yield from figures(kind.item, item, f"{path}.{code}", row, name)
    elif isinstance(kind, ListOf):
        for item in value:
            yield from figures(kind.item, item, path, row, name)
    else:
        assert isinstance(row, Row) and not isinstance(kind, AnyOf) or kind.items
        yield path, value.raw if isinstance(value, Range) else str(value), row.provenance_of(name)


@pytest.fixture(scope="module")
def stated(program):
    return [
        figure
        for section in SECTIONS
        for figure in figures(section.schema, program.data[section.key], section.key)
    ]


def plain(text):
    """Letters, digits and signs of amounts, so that marks of emphasis and the case of a heading do not count."""
    return re.sub(r"[^a-z0-9$<>%+./-]+", " ", text.lower()).strip()


def quoted(source):
    lines = (PROGRAMS / source.document.file).read_text().splitlines()
    return plain(" ".join(lines[source.first - 1 : source.last]))


def test_each_figure_stands_in_the_lines_it_cites_or_has_a_reason(stated):
    cited = [(path, words, origin.source) for path, words, origin in stated if origin.source]
    ours = [(path, origin.reason) for path, _, origin in stated if not origin.source]

    assert len(cited) > 150 and len(ours) > 150
    assert [path for path, reason in ours if len(reason) < 10] == []
    assert [(p, w, str(s)) for p, w, s in cited if plain(LANGUAGES.get(w, w)) not in quoted(s)] == []


def test_a_figure_that_its_lines_do_not_contain_would_be_found(stated):
    margin = next(
        origin.source
        for path, _, origin in stated
        if path == "tier_programs.partner_levels.tiers.gold.margin"
    )

    assert plain("20-25%") in quoted(margin)
    assert plain("21-25%") not in quoted(margin)


def test_the_source_texts_are_the_documents_unchanged(program):
    prints = {
        code: sha256((PROGRAMS / document.file).read_bytes()).hexdigest()[:16]
        for code, document in program.documents.items()
    }

    assert prints == SHA256


SHA256 = {
    "growth_report": "5807feaf149a53fe",
    "strategy": "137cd6da9ae3bc58",
    "framework": "18859cbd9aec96d1",
}


def test_the_first_document_sorts_partners_into_five_categories_with_24_subtypes(program):
    categories = program.data["taxonomies"]["strategy"].categories

    assert [len(row.subtypes) for row in categories.values()] == [5, 5, 5, 5, 4]


def test_the_second_documents_categories_keep_their_open_ends(program):
    categories = program.data["taxonomies"]["framework"].categories

    assert {code: (str(row.investment), str(row.revenue_potential)) for code, row in categories.items()} == {
        "strategic_technology": ("more than $500,000 a year", "$10,000,000 or more per partner a year"),
        "channel": ("$100,000 to $500,000 a year", "$2,000,000 to $10,000,000 per partner a year"),
        "referral": ("less than $100,000 a year", "$500,000 to $2,000,000 per partner a year"),
        "alliances": ("$100,000 to $500,000 a year", "$2,000,000 to $5,000,000 per partner a year"),
    }


def test_the_tiers_ask_and_give_what_the_document_says(program):
    tiers = program.data["tier_programs"]["partner_levels"].tiers

    def asked(code):
        return {metric: requirement.threshold.raw for metric, requirement in tiers[code].requirements.items()}

    def given(code):
        return tuple(
            str(value) for value in (tiers[code].margin, tiers[code].co_marketing, tiers[code].investment)
        )

    assert (asked("platinum")["annual_revenue"], asked("platinum")["implementations"]) == ("$10M+", "50+")
    assert (asked("gold")["annual_revenue"], asked("gold")["implementations"]) == ("$2M+", "20+")
    assert (asked("silver")["annual_revenue"], asked("silver")["implementations"]) == ("$500K+", "5+")
    assert set(asked("authorized")) == {"people_with_fundamentals", "learning_plan_signed"}
    assert given("platinum")[:2] == ("25 to 30%", "$500,000 to $1,000,000")
    assert given("gold") == ("20 to 25%", "$100,000 to $500,000", "$1,000,000 to $3,000,000 per partner")
    assert given("silver")[:2] == ("15 to 20%", "None")
    assert given("authorized")[:2] == ("10 to 15%", "None")


def test_quarterly_reviews_come_with_a_benefit_of_gold(program):
    levels = program.data["tier_programs"]["partner_levels"]

    assert levels.benefits["qbr"].frequency == "quarterly"
    assert "qbr" in levels.tiers["gold"].benefits
    assert [code for code, benefit in levels.benefits.items() if benefit.feature == "qbr"] == ["qbr"]


def test_named_organizations_are_prospects_and_their_markets_exist(program):
    prospects = program.data["prospects"]

    assert {"epic", "mayo_clinic", "naccho"} <= set(prospects)
    assert {row.market for row in prospects.values()} == set(program.data["markets"])


def test_every_setting_that_a_rule_reads_is_in_the_file(program):
    stated = {f"{group}.{key}" for group, rows in program.data["settings"].items() for key in rows}

    assert stated == set(DEFAULTS)
