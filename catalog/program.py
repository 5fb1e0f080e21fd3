"""The catalog's sections of the program file: vendor, settings, markets, channels, products and reason codes."""

from collections.abc import Iterator
from typing import Any

from catalog.models import Channel, Market, Product, ReasonCode, Setting
from catalog.rules import DEFAULTS
from core.models import Vendor
from core.program_file import (
    AnyOf,
    Bool,
    Country,
    Currency,
    Integer,
    Language,
    ListOf,
    Loading,
    MapOf,
    MoneyRange,
    Nullable,
    Problem,
    Record,
    Row,
    Section,
    Text,
    TimeZone,
    say,
    sync,
)
from core.saving import save


def load_vendor(program: Row, loading: Loading) -> Iterator[str]:
    """The installation's one vendor row."""
    vendor = Vendor.current()
    stated = {"name": program.vendor, "currency": program.currency, "time_zone": program.time_zone}
    changes = {field: value for field, value in stated.items() if getattr(vendor, field) != value}
    for field, value in changes.items():
        yield f"Vendor, {field.replace('_', ' ')}: {say(getattr(vendor, field))} becomes {say(value)}"
        setattr(vendor, field, value)
    if changes:
        save(vendor)


def settings_are_known(groups: dict[str, dict[str, Row]]) -> Iterator[Problem]:
    """A setting that no rule reads would be a promise that nobody keeps."""
    for group, rows in groups.items():
        for key, row in rows.items():
            if f"{group}.{key}" not in DEFAULTS:
                yield row.problem("value", f"there is no setting “{group}.{key}”")


def load_settings(groups: dict[str, dict[str, Row]], loading: Loading) -> Iterator[str]:
    rows = [_keyed(f"{group}.{key}", row) for group, rows in groups.items() for key, row in rows.items()]
    yield from sync(
        Setting,
        rows,
        name="Setting",
        by="key",
        fields=("value", "unit"),
        rationale=lambda row: str(row.provenance_of("value")),
        source=lambda row: row.provenance_of("value").as_json(),
    )


def _keyed(key: str, row: Row) -> Row:
    row.values["key"] = key
    return row


def load_markets(markets: dict[str, Row], loading: Loading) -> Iterator[str]:
    fields = ("name", "position", "countries", "currency", "time_zone", "languages")
    yield from sync(Market, markets, name="Market", fields=fields, source=provenance)


def load_channels(channels: dict[str, Row], loading: Loading) -> Iterator[str]:
    yield from sync(
        Channel,
        channels,
        name="Channel",
        fields=("name", "position", "parts", "investment"),
        target_markets=lambda row: row.target_markets or "",
        sales_model=lambda row: row.sales_model or "",
        launch=lambda row: row.launch or "",
        source=provenance,
    )


def load_products(products: dict[str, Row], loading: Loading) -> Iterator[str]:
    yield from sync(
        Product, products, name="Product", fields=("name", "position", "summary"), source=provenance
    )


def load_reasons(domains: dict[str, dict[str, Row]], loading: Loading) -> Iterator[str]:
    gone = set(ReasonCode.objects.values_list("domain", flat=True)) - set(domains)
    for domain, reasons in [*domains.items(), *((domain, {}) for domain in sorted(gone))]:
        yield from sync(
            ReasonCode,
            reasons,
            name=f"{domain.replace('_', ' ').capitalize()} reason",
            within={"domain": domain},
            fields=("position", "partner_visible", "requires_comment"),
            label="name",
        )


def provenance(row: Row) -> dict[str, Any]:
    """Where a row comes from, as it is stored beside it."""
    return row.provenance.as_json()


VENDOR = Record(vendor=Text(80), currency=Currency, time_zone=TimeZone)
SETTING = Record(value=AnyOf(Integer, ListOf(Integer, fewest=1)), unit=Text(40))
MARKET = Record(
    name=Text(120),
    countries=ListOf(Country, fewest=1),
    currency=Currency,
    time_zone=TimeZone,
    languages=ListOf(Language),
)
CHANNEL = Record(
    name=Text(120),
    target_markets=Nullable(Text(300)),
    sales_model=Nullable(Text(300)),
    parts=ListOf(Text(120)),
    investment=Nullable(MoneyRange),
    launch=Nullable(Text(40)),
)
PRODUCT = Record(name=Text(120), summary=Text(300))
REASON = Record(name=Text(160), partner_visible=Bool, requires_comment=Bool)

SECTIONS = (
    Section("program", VENDOR, load_vendor),
    Section("settings", MapOf(MapOf(SETTING)).where(settings_are_known), load_settings),
    Section("markets", MapOf(MARKET), load_markets),
    Section("channels", MapOf(CHANNEL), load_channels),
    Section("products", MapOf(PRODUCT), load_products),
    Section("reason_codes", MapOf(MapOf(REASON)), load_reasons),
)
