"""Onboarding's section of the program file: what applications are scored on, and the templates of the plans."""

from collections.abc import Iterator

from core.program_file import (
    Integer,
    ListOf,
    Loading,
    MapOf,
    Node,
    Nullable,
    OneOf,
    OneValue,
    Record,
    Ref,
    Row,
    Section,
    Spot,
    Text,
    adds_up_to,
    in_order,
    sync,
)
from onboarding import rules
from onboarding.models import Criterion, OnboardingTemplate, TemplateTask
from partners.models import Category

ABOUT = {"gate_passed": "certification_gates", "certification_awarded": "certification_tracks"}


class Fact(OneValue):
    """What ticks a task by itself: "deal_registered", or "gate_passed.<gate>" and "certification_awarded.<track>"."""

    def read(self, node: Node, spot: Spot) -> str | None:
        fact = super().read(node, spot)
        head, _, code = (fact or "").partition(".")
        if code:
            spot.refers(node.line, code, ABOUT[head])
        return fact

    def parse(self, text: str) -> str:
        head, dot, _ = text.partition(".")
        if head + dot not in rules.FACTS:
            raise ValueError(f"“{text}” is not a fact that can tick a task: {', '.join(rules.FACTS)}")
        return text


def load_onboarding(onboarding: Row, loading: Loading) -> Iterator[str]:
    yield from sync(
        Criterion,
        onboarding.criteria,
        name="Criterion",
        fields=("name", "position", "question", "weight"),
        highest=lambda _: onboarding.highest_score,
        source=lambda row: row.provenance.as_json(),
    )
    yield from _load_templates(onboarding.templates)


def _load_templates(templates: dict[str, Row]) -> Iterator[str]:
    categories = {category.code: category for category in Category.objects.all()}
    yield from sync(
        OnboardingTemplate,
        templates,
        name="Onboarding template",
        fields=("name", "position"),
        category=lambda row: categories[row.category] if row.category else None,
        source=lambda row: row.provenance.as_json(),
    )
    for code, row in templates.items():
        yield from sync(
            TemplateTask,
            row.tasks,
            name=f"{row.name}, task",
            within={"template": OnboardingTemplate.objects.get(code=code)},
            fields=("title", "position", "stage", "side", "due_days", "depends_on"),
            completed_by=lambda task: task.auto_complete or "",
        )


CRITERION = Record(name=Text(120), weight=Integer(lowest=1, highest=100), question=Text(300))
TASK = Record(
    title=Text(200),
    stage=OneOf(*rules.STAGES),
    side=OneOf(*rules.SIDES),
    due_days=Integer(highest=730),
    depends_on=ListOf(Text(60)),
    auto_complete=Nullable(Fact),
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
        load_onboarding,
    ),
)
