"""What tiers cost in the demo: benefits that were used, what was spent on partners, margins that were decided."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from core.clock import day, zone
from core.money import Money
from prm.demo import plot
from prm.demo.stage import Stage
from prm.demo.tiers import DIRECTOR, standings
from tiers import wording
from tiers.actions import decide_margin, record_benefit_use, record_investment
from tiers.benefits import Entitlement, entitlements_of
from tiers.models import Standing

# By rank: how many partners, what for, how much in whole units of the partner's currency, how many days ago.
INVESTED: dict[int, tuple[int, tuple[tuple[str, int, int], ...]]] = {
    4: (3, (("Joint go-to-market team, first half", 1_450_000, 250), ("Reference site and its evaluation", 820_000, 95))),
    3: (4, (("Solution architect on their side for a year", 310_000, 200), ("Launch event with three hospitals", 64_000, 60))),
    2: (4, (("Certification course for their consultants", 18_500, 150), ("Demo environment", 24_000, 40))),
    1: (3, (("Starter kit and two days of training", 6_800, 120),)),
}  # fmt: skip
# In the order of the partners' names: how much of the year's co-marketing is used, in percent.
CO_MARKETING = (30, 0, 60, 15, 0, 100, 20)
OF_THE_SHOWN = 45
CAMPAIGNS = ("Webinar series for radiology leads", "Stand at the regional health fair", "Case study film")
YEN = 150  # of the same worth as one unit of the other currencies, roughly


def spend(stage: Stage) -> None:
    """Entries of the past year, recorded by each partner's manager; some benefits stay unused."""
    for rank, (most, entries) in INVESTED.items():
        for turn, standing in enumerate(held_for_long(stage, rank)[:most]):
            for purpose, amount, back in entries[turn % 2 :] or entries:
                invest(
                    stage,
                    standing,
                    purpose,
                    amount * (100 + 7 * turn) // 100,
                    stage.as_of - timedelta(days=back),
                )
    use_benefits(stage)
    agree_margins(stage)


def held_for_long(stage: Stage, rank: int) -> Any:
    """Those who have had the tier for a week at least, so that not all began yesterday."""
    return standings(rank).filter(starts_on__lte=stage.as_of - timedelta(days=7))


def invest(stage: Stage, standing: Standing, purpose: str, amount: int, on: date) -> None:
    partner = standing.partner
    worth = amount * YEN if partner.currency == "JPY" else amount
    record_investment(
        by=stage.actor_of(partner.psm), partner=partner, spent_on=on, purpose=purpose,
        amount=Money.parse(str(worth), partner.currency), at=evening(on),
    )  # fmt: skip


def use_benefits(stage: Stage) -> None:
    """Co-marketing in parts, and the reviews of the quarter by every second partner."""
    held = [standing for rank in (4, 3) for standing in held_for_long(stage, rank)]
    for turn, standing in enumerate(held):
        for found in entitlements_of(standing.partner, stage.as_of):
            if found.standing.pk == standing.pk and found.is_counted:
                _use(stage, standing, found, turn)


def _use(stage: Stage, standing: Standing, found: Entitlement, turn: int) -> None:
    on = max(found.period.starts_on, standing.starts_on, stage.as_of - timedelta(days=45))
    by, facts = (
        stage.actor_of(standing.partner.psm),
        {"benefit": found.benefit.code, "used_on": on, "at": evening(on)},
    )
    is_shown = standing.partner.name == plot.SHOWN
    share = OF_THE_SHOWN if is_shown else CO_MARKETING[turn % len(CO_MARKETING)]
    if found.is_money and share and found.amount_minor:
        amount = Money(found.amount_minor * share // 100, wording.currency())
        note = CAMPAIGNS[turn % len(CAMPAIGNS)]
        record_benefit_use(by=by, partner=standing.partner, amount=amount, note=note, **facts)
    elif not found.is_money and turn % 2 == 0:
        record_benefit_use(by=by, partner=standing.partner, note="With the sales and delivery leads", **facts)


def evening(on: date) -> datetime:
    return datetime.combine(on, time(17), tzinfo=zone())


def agree_margins(stage: Stage) -> None:
    """One within the band by the partner's manager, one outside of it by a director until a day."""
    at = stage.end - timedelta(days=30)
    gold, silver = (standings(rank).filter(starts_on__lte=day(at)).first() for rank in (3, 2))
    if gold:
        decide_margin(
            by=stage.actor_of(gold.partner.psm), partner=gold.partner, percent=Decimal("22.5"), at=at,
            reason="They do first-line support themselves; half of the band's width for it.",
        )  # fmt: skip
    if silver:
        decide_margin(
            by=stage.colleague(DIRECTOR), partner=silver.partner, percent=Decimal(22), at=at,
            ends_on=stage.as_of + timedelta(days=120),
            reason="They give up a rival's line this year; two points above Silver until that is done.",
        )  # fmt: skip
