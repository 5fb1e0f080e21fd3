"""Reading a program file: every problem at once, each with its line and path, and no value guessed."""

from decimal import Decimal

import pytest

from core.program_file import (
    Bool,
    CountRange,
    Country,
    Currency,
    Date,
    Integer,
    Language,
    ListOf,
    MapOf,
    MoneyRange,
    Nullable,
    Number,
    OneOf,
    PercentRange,
    ProgramFileError,
    Record,
    Ref,
    Section,
    Text,
    TimeZone,
    adds_up_to,
    apart,
    in_order,
    read,
    unlike,
)

MARKETS = Section("markets", MapOf(Record(name=Text, countries=ListOf(Country), note=Nullable(Text))))
TIERS = Section(
    "tiers",
    MapOf(Record(rank=Integer, margin=PercentRange, market=Nullable(Ref("markets")))).where(
        unlike("rank"), apart("margin")
    ),
)
DEFAULT = "  default: true\n  reason: For the test.\n"
DOCUMENTS = "documents:\n  paper: {title: A paper, file: paper.txt}\n"


@pytest.fixture
def reads(tmp_path):
    """Read a text with some sections, from a file called p.yaml."""

    def read_text(text, *sections, **options):
        path = tmp_path / "p.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read(path, sections or (MARKETS, TIERS), **options).data

    return read_text


@pytest.fixture
def problems(reads, tmp_path):
    def problems_of(text, *sections, **options):
        with pytest.raises(ProgramFileError) as caught:
            reads(text, *sections, **options)
        return [str(problem).removeprefix(f"{tmp_path}/") for problem in caught.value.problems]

    return problems_of


def of_one(kind, text):
    """A file with one field, `x`, on line 4."""
    return f"one:\n  default: true\n  reason: For the test.\n  x: {text}\n", Section("one", Record(x=kind))


def test_no_is_norway(reads):
    markets = reads(f"markets:\n{DEFAULT}  north: {{name: North, countries: [NO, SE]}}\n")["markets"]

    assert markets["north"].countries == ["NO", "SE"]


def test_nothing_is_guessed(reads):
    text = f"markets:\n{DEFAULT}  a: {{name: 0123, countries: []}}\n  b: {{name: 12:30, countries: []}}\n"
    names = [row.name for row in reads(text)["markets"].values()]

    assert names == ["0123", "12:30"]


def test_absent_and_null_are_none(reads):
    markets = reads(
        f"markets:\n{DEFAULT}  a: {{name: A, countries: [], note: null}}\n  b: {{name: 'null', countries: []}}\n"
    )["markets"]

    assert (markets["a"].note, markets["b"].note, markets["b"].name) == (None, None, "null")


def test_a_row_knows_its_code_and_its_place(reads):
    markets = reads(f"markets:\n{DEFAULT}  a: {{name: A, countries: []}}\n  b: {{name: B, countries: []}}\n")[
        "markets"
    ]

    assert [(row.code, row.position) for row in markets.values()] == [("a", 1), ("b", 2)]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Integer, "5", 5),
        (Number, "0.10", Decimal("0.10")),
        (Bool, "true", True),
        (Currency, "JPY", "JPY"),
        (TimeZone, "Europe/Berlin", "Europe/Berlin"),
        (Language, "fr-CA", "fr-CA"),
        (OneOf("a", "b"), "b", "b"),
        (Date, "2025-01-31", __import__("datetime").date(2025, 1, 31)),
        (CountRange, "50+", CountRange().parse("at least 50")),
    ],
)
def test_a_value_is_read_as_its_type(reads, kind, text, value):
    assert reads(*of_one(kind, text))["one"].x == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Integer, "two", "“two” is not a whole number"),
        (Integer, "007", "“007” is not a whole number"),
        (Integer(highest=5), "6", "6 is not between 0 and 5"),
        (Number, "1e5", "“1e5” is not a number"),
        (Bool, "yes", "“yes” is neither true nor false"),
        (Bool, "NO", "“NO” is neither true nor false"),
        (Country, "no", "“no” is not a country code such as US or NO"),
        (Currency, "usd", "“usd” is not a currency we know"),
        (TimeZone, "Berlin", "“Berlin” is not a time zone such as Europe/Berlin"),
        (Date, "2025-02-30", "“2025-02-30” is not a day such as 2025-01-31"),
        (PercentRange, "90-110%", "“90-110%” is more than 100%"),
        (MoneyRange, "$5-4M", "the range runs backwards: 5,000,000 is more than 4,000,000"),
        (OneOf("a", "b"), "c", "“c” is not one of a, b"),
        (Text, '""', "a text is missing"),
        (Text, "null", "a value is missing"),
        (Text, "[a]", "one value belongs here"),
        (Text(3), "abcd", "this is longer than 3 characters"),
        (ListOf(Text), "a", "a list belongs here"),
        (MapOf(Text), "a", "entries by their code belong here"),
        (MapOf(Text), "{Big: a}", None),
        (Record(y=Text), "a", "a record of named fields belongs here"),
    ],
)
def test_a_value_of_the_wrong_type_is_named_with_line_and_path(problems, kind, text, said):
    expected = f"p.yaml:4 one.x: {said}" if said else "p.yaml:4 one.x.Big: “Big” is not a code"

    assert [found[: len(expected)] for found in problems(*of_one(kind, text))] == [expected]


def test_unknown_keys_are_refused_at_every_depth(problems):
    text = f"markets:\n{DEFAULT}  a: {{name: A, countries: [], colour: red}}\nmarket:\n  a: {{}}\n"

    assert problems(text) == [
        "p.yaml:4 markets.a.colour: “colour” is not known here",
        "p.yaml:5 market: “market” is not known here",
    ]


def test_a_key_that_is_there_twice_is_refused(problems):
    text = f"markets:\n{DEFAULT}  a:\n    name: A\n    countries: []\n    name: B\n"

    assert problems(text) == ["p.yaml:7 markets.a: “name” is here twice (first on line 5)"]


def test_anchors_aliases_and_tags_are_refused(problems):
    text = f"markets:\n{DEFAULT}  a: &a {{name: A, countries: []}}\n  b: *a\n  c: {{name: !x C, countries: []}}\n"
    found = problems(text)

    assert "p.yaml:4 the anchor &a is not allowed" in found
    assert "p.yaml:5 the alias *a is not allowed: write the value out" in found
    assert "p.yaml:6 the tag !x is not allowed" in found


def test_a_missing_field_is_named(problems):
    assert problems(f"markets:\n{DEFAULT}  a:\n    name: A\n") == [
        "p.yaml:5 markets.a.countries: this is missing"
    ]


def test_a_reference_to_nothing_is_named(problems):
    text = (
        f"markets:\n{DEFAULT}  us: {{name: A, countries: []}}\n"
        f"tiers:\n{DEFAULT}  gold: {{rank: 1, margin: 5%, market: uk}}\n  silver: {{rank: 2, margin: 4%, market: us}}\n"
    )

    assert problems(text) == ["p.yaml:8 tiers.gold.market: there is no “uk” in markets"]


def test_overlapping_bands_are_named_and_touching_ones_are_not(problems, reads):
    def bands(gold):
        return (
            f"tiers:\n{DEFAULT}  silver: {{rank: 1, margin: 15-20%}}\n  gold: {{rank: 2, margin: {gold}}}\n"
        )

    assert problems(bands("19-25%")) == ["p.yaml:5 tiers.gold.margin: 19 to 25% overlaps 15 to 20% of silver"]
    assert reads(bands("20-25%"))["tiers"]["gold"].rank == 2


def test_a_rule_about_one_field_is_asked_even_where_another_is_wrong(problems):
    text = f"tiers:\n{DEFAULT}  silver: {{rank: one, margin: 15-20%}}\n  gold: {{rank: 2, margin: 19-25%}}\n"

    assert problems(text) == [
        "p.yaml:4 tiers.silver.rank: “one” is not a whole number",
        "p.yaml:5 tiers.gold.margin: 19 to 25% overlaps 15 to 20% of silver",
    ]


def test_two_rows_of_the_same_rank_are_named(problems):
    text = f"tiers:\n{DEFAULT}  a: {{rank: 1, margin: 5%}}\n  b: {{rank: 1, margin: 6%}}\n"

    assert problems(text) == ["p.yaml:5 tiers.b.rank: 1 is already taken by a"]


def test_weights_that_do_not_add_up_are_named(problems):
    section = Section("weights", MapOf(Record(weight=Integer)).where(adds_up_to(100, "weight")))

    assert problems(f"weights:\n{DEFAULT}  a: {{weight: 60}}\n  b: {{weight: 30}}\n", section) == [
        "p.yaml:2 weights: weight adds up to 90, not to 100"
    ]


def test_a_task_that_waits_for_itself_is_named(problems):
    section = Section("tasks", MapOf(Record(after=ListOf(Text))).where(in_order("after")))
    text = f"tasks:\n{DEFAULT}  a: {{after: [b]}}\n  b: {{after: [a]}}\n  c: {{after: []}}\n  d: {{after: [x]}}\n"

    assert [found.split(": ")[0] for found in problems(text, section)] == [
        "p.yaml:4 tasks.a.after",
        "p.yaml:5 tasks.b.after",
        "p.yaml:7 tasks.d.after",
    ]


def test_all_problems_are_told_at_once_in_the_order_of_the_file(problems):
    text = (
        f"tiers:\n{DEFAULT}  a: {{rank: x, margin: y}}\n  b: {{rank: 1, margin: 5%, market: z}}\n  c: {{}}\n"
    )
    text += "more: 1\n"

    assert [found.split(" ")[0] for found in problems(text)] == [f"p.yaml:{n}" for n in (4, 4, 5, 6, 6, 7)]


# Provenance -----------------------------------------------------------------------------------------------------


def test_a_figure_without_origin_is_refused(problems):
    assert problems("markets:\n  a:\n    name: A\n    countries: []\n") == [
        "p.yaml:3 markets.a.name: say where this comes from: a source, or default: true with a reason",
        "p.yaml:4 markets.a.countries: say where this comes from: a source, or default: true with a reason",
    ]


def test_a_record_a_field_and_a_list_of_fields_can_say_their_origin(reads):
    text = (
        DOCUMENTS
        + """
markets:
  a:
    name: A
    countries: [US]
    note: {value: Big, source: {doc: paper, lines: "3"}}
    source: {doc: paper, lines: "1-2"}
    default: [countries]
    reason: Not stated.
"""
    )
    row = reads(text)["markets"]["a"]

    assert str(row.provenance_of("name")) == "A paper, lines 1-2"
    assert str(row.provenance_of("note")) == "A paper, line 3"
    assert (row.provenance_of("countries").is_default, str(row.provenance_of("countries"))) == (
        True,
        "Not stated.",
    )
    assert row.provenance.as_json() == {"document": "A paper", "lines": "1-2"}


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("default: true", "a default needs its reason"),
        (
            'default: true, reason: R, source: {doc: paper, lines: "1"}',
            "either from a source or a default, not both",
        ),
        ('source: {doc: book, lines: "1"}', "“book” is not one of the documents"),
        ('source: {doc: paper, lines: "9-3"}', "is not a line or a range of lines"),
        ("source: paper", "write a source as {doc: …, lines: …}"),
        ("default: [colour], reason: R", "“colour” is not one of name, countries, note"),
    ],
)
def test_an_origin_that_says_nothing_is_refused(problems, origin, said):
    found = problems(f"{DOCUMENTS}markets:\n  a: {{name: A, countries: [], {origin}}}\n")

    assert any(said in problem and problem.startswith("p.yaml:4 markets.a") for problem in found)


# Files that are no program -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"just words",
        b"- a\n- b\n",
        b"markets: {a: [}\n",
        b"markets:\n\tname: x\n",
        b"\xff\xfe\x00",
        b"markets: \x00\n",
        b"a: 1\n---\nb: 2\n",
        b"markets: " + b"[" * 5000,
        b"markets: " + b"{a: " * 200 + b"}" * 200,
        b"? [a, b]\n: c\n",
        b"x" * 2_000_001,
        b"a: &a [*a]\n",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_a_file_that_is_no_program_is_refused_with_its_line(problems, content):
    assert all(found.startswith("p.yaml:") for found in problems(content))


def test_a_part_can_be_read_without_the_rest(reads, problems):
    text = f"tiers:\n{DEFAULT}  gold: {{rank: 1, margin: 5%, market: us}}\nother: 1\n"

    assert reads(text, TIERS, partial=True)["tiers"]["gold"].market == "us"
    assert len(problems(text, TIERS)) == 2
