"""Reading a list of leads from CSV text: which rows can be used, and why the others cannot."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import csv_lists
from core.csv_lists import REFUSED, Line, Shape, plain_cell
from core.money import Money
from leads import rules

NEEDED = ("customer_name", "country")
TEXTS = (
    "street", "postcode", "city", "website", "contact_name", "contact_role", "contact_email", "contact_phone",
    "language", "need", "details", "source_detail", "consent_text", "external_ref",
)  # fmt: skip
OTHERS = ("specialty", "products", "amount", "currency", "source", "consent_basis", "consent_on")
SHAPE = Shape(
    NEEDED, (*TEXTS, *OTHERS), most_characters=2_000_000, most_in_a_cell=2_000, phones=("contact_phone",)
)


@dataclass(frozen=True)
class Given:
    """One line of the list, typed; codes of specialties and products are still text. The header is line 1."""

    line: int
    facts: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of one line: added (in a dry run: would be), known already, or refused with the reason."""

    line: int
    customer: str
    result: str
    reason: str = ""
    number: str = ""


def read_rows(text: str) -> Iterator[Given | Outcome]:
    """Each line typed, or the reason why it is refused. Raises ValidationError for a list that is no list at all."""
    for line in csv_lists.read(text, SHAPE):
        yield _typed(line)


def _typed(line: Line) -> Given | Outcome:
    customer = plain_cell(line.cells.get("customer_name", ""))
    try:
        if line.refused:
            raise ValueError(line.refused)
        return Given(line.number, _facts(line.cells))
    except ValueError as error:
        return Outcome(line.number, customer, REFUSED, str(error))
    except ValidationError as error:
        return Outcome(line.number, customer, REFUSED, " ".join(error.messages))


def _facts(named: dict[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {name: named[name] for name in TEXTS if named.get(name)}
    facts["customer_name"] = csv_lists.filled("customer_name", named["customer_name"])
    facts["country"] = csv_lists.filled("country", named["country"]).upper()
    for name, allowed in (("source", rules.SOURCES), ("consent_basis", rules.CONSENTS)):
        if named.get(name):
            facts[name] = _one_of(name, named[name].casefold().replace(" ", "_"), allowed)
    if named.get("consent_on"):
        facts["consent_on"] = csv_lists.day(named["consent_on"])
    if named.get("amount"):
        facts["amount"] = Money.parse(named["amount"], named.get("currency", "") or "USD")
    for name in ("specialty", "products"):
        if named.get(name):
            facts[name] = named[name]
    return {"source": "import", **facts}


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        words = _("“%(text)s” is no %(name)s; choose one of %(allowed)s.")
        raise ValueError(words % {"text": text[:40], "name": name, "allowed": ", ".join(allowed)})
    return text
