"""The partners' sections of the program file: the ways to sort them, how these relate, and whom the documents name."""

from collections.abc import Iterator

from catalog.models import Market
from catalog.program import provenance
from core.program_file import (
    Bool,
    Integer,
    ListOf,
    Loading,
    MapOf,
    MoneyRange,
    Nullable,
    OneOf,
    Record,
    Ref,
    Row,
    Section,
    Text,
    sync,
)
from partners.actions import add_organization
from partners.models import Category, CategoryMapping, Organization, Taxonomy

KIND_OF = {
    "idns": "idn",
    "hospital_systems": "hospital_system",
    "academic_medical_centers": "amc",
    "regional_health_authorities": "health_authority",
    "government_health_agencies": "government",
    "ehr_vendors": "ehr_vendor",
    "healthcare_it_integrators": "integrator",
    "cloud_service_providers": "cloud",
    "device_companies": "device",
    "medical_associations": "association",
    "strategic_technology": "ehr_vendor",
}


def load_taxonomies(taxonomies: dict[str, Row], loading: Loading) -> Iterator[str]:
    yield from sync(Taxonomy, taxonomies, name="Taxonomy", fields=("name", "position"), source=provenance)
    for code, row in taxonomies.items():
        yield from _load_categories(Taxonomy.objects.get(code=code), row.categories)


def _load_categories(taxonomy: Taxonomy, categories: dict[str, Row]) -> Iterator[str]:
    yield from sync(
        Category,
        categories,
        name="Category",
        within={"taxonomy": taxonomy, "parent": None},
        fields=(
            "name",
            "position",
            "named_targets",
            "investment",
            "revenue_potential",
            "participates_in_tiers",
        ),
        margin_percent=lambda row: row.margin,
        focus=lambda row: row.focus or "",
        investment_level=lambda row: row.investment_level or "",
        source=provenance,
    )
    for code, row in categories.items():
        parent = Category.objects.get(code=code)
        yield from sync(
            Category,
            row.subtypes,
            name="Category",
            within={"taxonomy": taxonomy, "parent": parent},
            fields=("name", "position"),
            participates_in_tiers=lambda _, parent=parent: parent.participates_in_tiers,
            margin_percent=lambda _, parent=parent: parent.margin_percent,
            source=provenance,
        )


def load_mapping(mapping: Row, loading: Loading) -> Iterator[str]:
    """The links between two taxonomies; a link is known by its two ends."""
    categories = {category.code: category for category in Category.objects.all()}
    for source in categories.values():
        yield from sync(
            CategoryMapping,
            [link for link in mapping.links if link.category == source.code],
            name="Mapping",
            by="target_category",
            within={"source_category": source},
            fields=("relation", "note"),
            target_category=lambda link: categories[link.counterpart],
        )


def load_prospects(prospects: dict[str, Row], loading: Loading) -> Iterator[str]:
    """Organizations the documents name; one that exists is left as it is, whatever it has become since."""
    known = set(Organization.objects.values_list("name", flat=True))
    for row in prospects.values():
        if row.name in known:
            continue
        market = Market.objects.get(code=row.market)
        add_organization(
            by=loading.by,
            at=loading.at,
            origin="program file",
            name=row.name,
            kind=KIND_OF.get(row.category, "other"),
            country=market.countries[0] if len(market.countries) == 1 else "",
            is_prospect=True,
        )
        yield f"Prospect {row.name} is new"


SUBTYPE = Record(name=Text(120))
CATEGORY = Record(
    name=Text(120),
    focus=Nullable(Text(300)),
    named_targets=ListOf(Text(120)),
    investment_level=Nullable(OneOf("low", "medium", "high")),
    investment=Nullable(MoneyRange),
    revenue_potential=Nullable(MoneyRange),
    participates_in_tiers=Bool,
    margin=Nullable(Integer(highest=100)),
    subtypes=MapOf(SUBTYPE),
)
CATEGORIES = ("taxonomies.categories", "taxonomies.categories.subtypes")
LINK = Record(
    category=Ref(*CATEGORIES),
    counterpart=Ref(*CATEGORIES),
    relation=OneOf("same", "broader", "narrower", "overlaps"),
    note=Text(300),
)
PROSPECT = Record(name=Text(200), market=Ref("markets"), category=Ref(*CATEGORIES))

SECTIONS = (
    Section("taxonomies", MapOf(Record(name=Text(120), categories=MapOf(CATEGORY))), load_taxonomies),
    Section("category_mapping", Record(links=ListOf(LINK)), load_mapping),
    Section("prospects", MapOf(PROSPECT), load_prospects),
)
