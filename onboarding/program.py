"""Onboarding's section of the program file: what applications are scored on, and the templates of the plans."""

from core.program_file import (
    Integer,
    ListOf,
    MapOf,
    Nullable,
    OneOf,
    Record,
    Ref,
    Section,
    Text,
    adds_up_to,
    in_order,
)

STAGES = ("contracting", "compliance", "enablement", "integration", "launch", "first_value")
# What may tick a task by itself: an event, for certifications and gates with the code it must be about.
AUTO = (
    "person_joined",
    "learning_plan_signed",
    "deal_registered",
    "gate_passed.compliance_training",
    "gate_passed.security_assessment",
    "gate_passed.technical_competency",
    "gate_passed.customer_reference",
    "certification_awarded.fundamentals",
    "certification_awarded.platform",
    "certification_awarded.integration",
    "certification_awarded.implementation",
    "certification_awarded.sales",
)

CRITERION = Record(name=Text(120), weight=Integer(lowest=1, highest=100), question=Text(300))
TASK = Record(
    title=Text(200),
    stage=OneOf(*STAGES),
    side=OneOf("vendor", "partner"),
    due_days=Integer(highest=730),
    depends_on=ListOf(Text(60)),
    auto_complete=Nullable(OneOf(*AUTO)),
)
TEMPLATE = Record(
    name=Text(120),
    category=Nullable(Ref("taxonomies.categories", "taxonomies.categories.subtypes")),
    tasks=MapOf(TASK).where(in_order("depends_on")),
)

SECTIONS = (
    Section(
        "onboarding",
        Record(
            highest_score=Integer(lowest=2, highest=10),
            criteria=MapOf(CRITERION).where(adds_up_to(100, "weight")),
            templates=MapOf(TEMPLATE),
        ),
    ),
)
