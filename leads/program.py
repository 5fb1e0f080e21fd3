"""The leads' section of the program file: clinical specialties, and the rules by which partners get leads."""

from collections.abc import Iterator

from catalog.program import provenance
from core.program_file import (
    Integer,
    Language,
    ListOf,
    Loading,
    MapOf,
    Nullable,
    OneOf,
    Record,
    Ref,
    Row,
    Section,
    Text,
    sync,
)
from leads import routing
from leads.models import RoutingRule, Specialty

RULE = Record(
    name=Text(120),
    markets=ListOf(Ref("markets")),
    languages=ListOf(Language),
    specialties=ListOf(Ref("leads.specialties")),
    products=ListOf(Ref("products")),
    partner_must=ListOf(OneOf("market", "language", "specialty", "product", "entitlement")),
    categories=ListOf(Ref("taxonomies.categories", "taxonomies.categories.subtypes")),
    minimum_tier=Nullable(Ref("tier_programs.tiers")),
    gates=ListOf(Ref("certification_gates")),
    method=OneOf(*routing.METHODS),
)


def load(leads: Row, loading: Loading) -> Iterator[str]:
    """Leads that are on their way keep the reasons that were stored when they were routed."""
    yield from sync(
        Specialty, leads.specialties, name="Specialty", fields=("name", "position"), source=provenance
    )
    yield from sync(
        RoutingRule,
        leads.routing,
        name="Routing rule",
        fields=(
            "name", "position", "method", "markets", "languages", "specialties", "products", "partner_must",
            "categories", "gates",
        ),
        minimum_tier=lambda row: row.minimum_tier or "",
        version_number=lambda row: leads.routing_version,
        source=provenance,
    )  # fmt: skip


SECTIONS = (
    Section(
        "leads",
        Record(
            routing_version=Integer(lowest=1),
            specialties=MapOf(Record(name=Text(120))),
            routing=MapOf(RULE),
        ),
        load,
    ),
)
