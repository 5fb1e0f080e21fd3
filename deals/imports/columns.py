"""The columns of a file of registrations: how they may be called, and how a cell becomes a fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from catalog.models import Channel, Product
from core.actors import Actor
from core.money import Money
from core.text import normal, require_storable
from deals import rules
from deals.models import Deal, DealType
from partners.models import Partner


@dataclass(frozen=True)
class Reading:
    """What cells are read with: who sends them for which partner, and the reference data by code and name."""

    actor: Actor
    partner: Partner
    products: dict[str, Product]
    types: dict[str, DealType]
    channels: dict[str, Channel]

    @classmethod
    def of(cls, actor: Actor, partner: Partner) -> Reading:
        return cls(
            actor,
            partner,
            _by_name(Product.objects.active()),
            _by_name(DealType.objects.active()),
            _by_name(Channel.objects.active()),
        )


@dataclass(frozen=True)
class ImportColumn:
    """One column: its fact, what it is called in a header, an example, and how its cell is read."""

    key: str
    label: Any
    example: str
    read: Callable[[str, Reading], Any]
    also: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        return {plain(name) for name in (self.key, str(self.label), *self.also)}


def plain(header: str) -> str:
    """A header as it is compared: “Customer's name*” and “customer_names” alike but for their letters."""
    return re.sub(r"[^a-z0-9]+", " ", normal(header).replace("’", "").replace("'", "")).strip()


def text(longest: int) -> Callable[[str, Reading], str]:
    def read(cell: str, reading: Reading) -> str:
        if len(cell) > longest:
            raise ValidationError(_("At most %(n)s characters.") % {"n": longest})
        return require_storable(cell)

    return read


def country(cell: str, reading: Reading) -> str:
    """A country by its code or its English name."""
    code = cell.upper()
    if code in countries.countries:
        return code
    found = _COUNTRIES.get(normal(cell))
    if found is None:
        raise ValidationError(
            _("“%(cell)s” is no country. Write its code, such as US.") % {"cell": cell[:60]}
        )
    return found


_COUNTRIES = {normal(str(name)): code for code, name in countries} | {"uk": "GB", "usa": "US"}


def products(cell: str, reading: Reading) -> list[Product]:
    return [
        _named(part, reading.products, _("product")) for part in re.split(r"[;,|\n]+", cell) if part.strip()
    ]


def deal_type(cell: str, reading: Reading) -> Any:
    return _named(cell, reading.types, _("type"))


def channel(cell: str, reading: Reading) -> Any:
    return _named(cell, reading.channels, _("channel"))


def day(cell: str, reading: Reading) -> date:
    """2027-03-31, or 31.03.2027; a day with slashes could be two days and is refused."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?", cell)
    turned = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", cell)
    parts = found.groups() if found else turned.groups()[::-1] if turned else None
    try:
        return date(*(int(part) for part in parts))  # type: ignore[arg-type,union-attr]
    except (TypeError, ValueError):
        raise ValidationError(_("Write the day as 2027-03-31.")) from None


def yes(cell: str, reading: Reading) -> bool:
    word = normal(cell)
    if word in ("yes", "y", "true", "1", "x"):
        return True
    if word in ("no", "n", "false", "0"):
        return False
    raise ValidationError(_("Say yes or no."))


def one_of(*codes: str) -> Callable[[str, Reading], str]:
    def read(cell: str, reading: Reading) -> str:
        code = normal(cell).replace(" ", "_").replace("-", "_")
        if code not in codes:
            raise ValidationError(_("Write one of: %(codes)s.") % {"codes": ", ".join(codes)})
        return code

    return read


def earlier(cell: str, reading: Reading) -> Deal:
    found = (
        Deal.objects.visible_to(reading.actor).filter(partner=reading.partner, number=cell.upper()).first()
    )
    if found is None:
        raise ValidationError(_("You have no registration with this number."))
    return found


def number(cell: str, reading: Reading) -> str:
    """An amount as it stands; with its currency it is read by `facts_of`."""
    return cell


def _named(cell: str, known: dict[str, Any], what: str) -> Any:
    found = known.get(plain(cell))
    if found is None:
        words = _("There is no %(what)s “%(cell)s”. Write one of: %(known)s.")
        names = ", ".join(sorted({row.code for row in known.values()}))
        raise ValidationError(words % {"what": what, "cell": cell.strip()[:60], "known": names})
    return found


def _by_name(rows: Iterable[Any]) -> dict[str, Any]:
    found = {}
    for row in rows:
        found |= {plain(row.code): row, plain(row.name): row}
    return found


COLUMNS = (
    ImportColumn("external_ref", gettext_lazy("Your reference"), "CRM-1001", text(100),
                 ("reference", "external id", "opportunity id", "id")),
    ImportColumn("customer_name", gettext_lazy("Customer"), "Larkhill Community Hospital", text(200),
                 ("name", "account", "account name", "hospital", "end customer", "company")),
    ImportColumn("customer_country", gettext_lazy("Country"), "US", country, ("country code",)),
    ImportColumn("customer_city", gettext_lazy("City"), "Boise", text(120), ("town",)),
    ImportColumn("customer_website", gettext_lazy("Customer's website"), "larkhill.example", text(200),
                 ("website", "domain", "url", "web site")),
    ImportColumn("products", gettext_lazy("Products"), "triage", products, ("product", "modules")),
    ImportColumn("amount", gettext_lazy("Value, first year"), "310000", number,
                 ("value", "deal value", "estimated value")),
    ImportColumn("currency", gettext_lazy("Currency"), "USD", number),
    ImportColumn("expected_close_on", gettext_lazy("Expected close"), "2027-04-30", day,
                 ("close date", "closes on", "expected close date")),
    ImportColumn("what_it_did", gettext_lazy("What you have done so far"), "Met the chief nursing officer.", text(2000),
                 ("notes", "activity", "description", "evidence")),
    ImportColumn("no_patient_data", gettext_lazy("No patient data"), "yes", yes, ("contains no patient data",)),
    ImportColumn("includes_below", gettext_lazy("Everything that belongs to the customer"), "", yes,
                 ("with all below",)),
    ImportColumn("scope_reason", gettext_lazy("Why all of it"), "", text(500)),
    ImportColumn("type", gettext_lazy("Type"), "resale", deal_type, ("deal type",)),
    ImportColumn("channel", gettext_lazy("Channel"), "", channel),
    ImportColumn("renews", gettext_lazy("Earlier registration"), "", earlier, ("continues",)),
    ImportColumn("contact", gettext_lazy("Contact"), "", text(200), ("contact at the customer", "contact name")),
    ImportColumn("contact_agreed", gettext_lazy("Contact agreed"), "", yes, ("the contact agreed to hear from us",)),
    ImportColumn("champion", gettext_lazy("Who wants it there"), "", text(200)),
    ImportColumn("need", gettext_lazy("What they need"), "", text(1000)),
    ImportColumn("use_case", gettext_lazy("Use case"), "", text(1000)),
    ImportColumn("clinical_specialty", gettext_lazy("Clinical specialty"), "", text(120), ("specialty",)),
    ImportColumn("facilities", gettext_lazy("Facilities"), "", text(400), ("sites",)),
    ImportColumn("service_lines", gettext_lazy("Service lines"), "", text(400)),
    ImportColumn("incumbent", gettext_lazy("What they use today"), "", text(200)),
    ImportColumn("competitor", gettext_lazy("Competitor"), "", text(200)),
    ImportColumn("help_wanted", gettext_lazy("Help wanted"), "none", one_of(*rules.HELP)),
    ImportColumn("procurement_route", gettext_lazy("How the customer buys"), "", one_of(*rules.PROCUREMENT)),
    ImportColumn("procurement_reference", gettext_lazy("Tender reference"), "", text(100)),
    ImportColumn("tender_deadline_on", gettext_lazy("Tender deadline"), "", day),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}


def mapped(header: list[str]) -> tuple[list[str], list[str]]:
    """(key of each column, "" for one that is not known; the headers that are not known).

    Raises ValidationError: no customer's column, or two headers that mean the same.
    """
    keys = [next((c.key for c in COLUMNS if plain(name) in c.names), "") for name in header]
    twice = sorted({key for key in keys if key and keys.count(key) > 1})
    if twice:
        named = ", ".join(str(BY_KEY[key].label) for key in twice)
        raise ValidationError(_("Two columns mean the same: %(names)s.") % {"names": named})
    if "customer_name" not in keys:
        raise ValidationError(_("No column is called Customer. The template shows how columns are called."))
    return keys, [name for name, key in zip(header, keys, strict=True) if not key and name]


def facts_of(values: dict[str, str], reading: Reading) -> dict[str, Any]:
    """The facts of a line, as the actions take them. Raises ValidationError by column."""
    facts: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for key, cell in values.items():
        if not cell or key == "currency":
            continue
        try:
            facts[key] = (
                _amount(cell, values.get("currency", ""), reading)
                if key == "amount"
                else BY_KEY[key].read(cell, reading)
            )
        except ValidationError as error:
            wrong[key] = error.messages
    if not facts.get("customer_name") and "customer_name" not in wrong:
        wrong["customer_name"] = [_("Name the customer.")]
    if wrong:
        raise ValidationError(wrong)
    return {"external_ref": "", **facts}


def _amount(cell: str, currency: str, reading: Reading) -> Money:
    """An amount above zero; without a currency in the partner's."""
    return Money.parse(re.sub(r"[\s\u00a0$€£¥]", "", cell), (currency or reading.partner.currency).upper())
