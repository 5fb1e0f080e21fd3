"""The program file: a vendor's program as data, typed by the sections that the apps declare.

An app's `program.py`:

    SCHEMA = MapOf(Record(name=Text, currency=Currency, countries=ListOf(Country)))

    def load(markets, loading):
        yield from sync(Market, markets, name="Market", fields=("name", "currency", "countries"))

    SECTION = Section("markets", SCHEMA, load)
"""

from core.program_file.checks import adds_up_to, apart, in_order, unlike
from core.program_file.provenance import Document, Provenance, Source
from core.program_file.records import AnyOf, ListOf, MapOf, Nullable, Record
from core.program_file.schema import Row, Spot, Type
from core.program_file.section import Loading, ProgramFile, Section, read
from core.program_file.sync import say, sync
from core.program_file.text import Node, Problem, ProgramFileError
from core.program_file.values import (
    Bool,
    Code,
    CountRange,
    Country,
    Currency,
    Date,
    Integer,
    Language,
    MoneyRange,
    Number,
    OneOf,
    OneValue,
    PercentRange,
    Ref,
    Text,
    TimeZone,
)

__all__ = [
    "AnyOf",
    "Bool",
    "Code",
    "CountRange",
    "Country",
    "Currency",
    "Date",
    "Document",
    "Integer",
    "Language",
    "ListOf",
    "Loading",
    "MapOf",
    "MoneyRange",
    "Node",
    "Nullable",
    "Number",
    "OneOf",
    "OneValue",
    "PercentRange",
    "Problem",
    "ProgramFile",
    "ProgramFileError",
    "Provenance",
    "Record",
    "Ref",
    "Row",
    "Section",
    "Source",
    "Spot",
    "Text",
    "TimeZone",
    "Type",
    "adds_up_to",
    "apart",
    "in_order",
    "read",
    "say",
    "sync",
    "unlike",
]
