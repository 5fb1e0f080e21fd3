"""The tiers' section of the program file: settings of a version, the library of benefits, and the tiers."""

from core.program_file import (
    AnyOf,
    Bool,
    CountRange,
    Integer,
    ListOf,
    MapOf,
    MoneyRange,
    Nullable,
    OneOf,
    PercentRange,
    Record,
    Ref,
    Section,
    Text,
    apart,
    unlike,
)

WINDOWS = ("trailing_12_months", "lifetime", "now")
METRICS = (
    "annual_revenue",
    "implementations",
    "certified_people",
    "certified_people_technical",
    "certified_people_sales",
    "people_with_fundamentals",
    "learning_plan_signed",
    "certification_gates_valid",
)

SETTINGS = Record(
    evaluation_window=OneOf("trailing_12_months", "calendar_year"),
    downgrade_grace_days=Integer(highest=730),
    notice_days=Integer(highest=730),
    upgrade_policy=OneOf("immediate", "next_cycle"),
    margin_policy=OneOf("low_end", "interpolate", "negotiated"),
    gates_required=Bool,
    benefits_inherited=Bool,
)
BENEFIT = Record(
    name=Text(120),
    kind=OneOf("service", "money", "access", "training", "support"),
    frequency=Nullable(OneOf("monthly", "quarterly", "yearly")),
)
REQUIREMENT = Record(
    stated=Text(200),
    comparator=OneOf("at_least", "more_than", "at_most"),
    threshold=AnyOf(MoneyRange, CountRange),
    window=OneOf(*WINDOWS),
)
TIER = Record(
    name=Text(60),
    rank=Integer(lowest=1, highest=20),
    colour=OneOf("platinum", "gold", "silver", "authorized"),
    requirements=MapOf(REQUIREMENT),
    benefits=ListOf(Ref("tier_program.benefits")),
    co_marketing=Nullable(MoneyRange),
    margin=PercentRange,
    investment=MoneyRange,
)


def known_metrics(tiers):
    """A requirement names one of the program's metrics."""
    for tier in tiers.values():
        for code, requirement in tier.requirements.items():
            if code not in METRICS:
                yield requirement.problem("", f"there is no metric “{code}”")


SECTIONS = (
    Section(
        "tier_program",
        Record(
            name=Text(120),
            settings=SETTINGS,
            benefits=MapOf(BENEFIT),
            tiers=MapOf(TIER).where(unlike("rank"), apart("margin"), known_metrics),
        ),
    ),
)
