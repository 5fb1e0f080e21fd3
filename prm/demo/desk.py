"""The deal desk: who looks after which markets, the rules that change next, and what colleagues note."""

from dataclasses import replace
from datetime import datetime, timedelta

from catalog.actions import assign_region
from catalog.models import Market
from core.actors import SYSTEM
from core.clock import day
from deals.actions.engagement import announce_rules, draft_rules
from deals.actions.review import assign_deal, note_deal
from deals.engagement import Section
from deals.models import Deal, EngagementRules
from prm.demo.afterwards import ask_for_time
from prm.demo.stage import Stage

REGIONS = {
    "Dirk Boone": ["us", "canada"], "Maya Lindqvist": ["us"], "Tomas Herrera": ["us", "canada"], "Ruth Adeyemi": ["uk"],
    "Yusuf Demir": ["eu"], "Claire Bonnet": ["eu"], "Kenta Mori": ["japan", "australia"],
}  # fmt: skip
WHAT_CHANGES = (
    "An extension needs a meeting or an offer of the last 20 days, and every registration names its seller."
)
STRICTER = (
    "A protection lasts as long as the program says for such a customer. It is extended with a meeting or an offer of "
    "the last 20 days, and it may end early where nothing happens."
)
NAMED_SELLER = Section(
    "named_seller", "Somebody who answers", "Every registration names the seller who follows it up."
)
NOTES = [
    "Called their CMIO: the pilot is real, the budget follows in January.",
    "Our own team met the same hospital at the fair in spring. No opportunity was opened.",
    "The value looks high for one department; ask for the split by product.",
]


def open_the_desk(stage: Stage) -> None:
    """Regions from the first month, rules announced lately, and this morning's work divided."""
    stage.on(stage.start + timedelta(days=30), say_regions)
    stage.on(stage.as_of - timedelta(days=12), announce_next_rules)
    stage.at(stage.end - timedelta(hours=2), divide_the_work)
    stage.at(stage.end - timedelta(hours=1), ask_for_time)


def say_regions(stage: Stage, at: datetime) -> None:
    for name, codes in REGIONS.items():
        markets = list(Market.objects.filter(code__in=codes))
        assign_region(by=SYSTEM, user=stage.staff[name], markets=markets, at=at)


def announce_next_rules(stage: Stage, at: datetime) -> None:
    """A second version: one rule is stricter, one is new."""
    held = EngagementRules.objects.in_force()
    if held is None:
        return
    sections = [replace(rule, text=STRICTER) if rule.code == "keep_it_alive" else rule for rule in held.rules]
    facts = {"name": held.name, "sections": [*sections, NAMED_SELLER], "changes": WHAT_CHANGES}
    draft = draft_rules(by=SYSTEM, at=at, **facts)
    announce_rules(by=SYSTEM, rules=draft, effective_on=day(at) + timedelta(days=75), at=at)


def divide_the_work(stage: Stage, at: datetime) -> None:
    """Dirk takes some of what waits and notes what he found."""
    dirk = stage.colleague("Dirk Boone")
    for turn, deal in enumerate(Deal.objects.awaiting_decision().order_by("next_at", "pk")[:12]):
        if turn % 3 == 0:
            assign_deal(by=dirk, deal=deal, to=stage.staff["Dirk Boone"], at=at)
        if turn % 4 == 0:
            note_deal(by=dirk, deal=deal, text=NOTES[turn // 4 % len(NOTES)], at=at)
