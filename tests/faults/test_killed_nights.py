"""Nights that are killed, rung for by three beats and run again: of each occasion about a tier goes one letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.product import Product

TICK, REQUESTS = "core.tasks.tick", "tiers.tasks.recalculate_requested"
SWEEP, MAIL = "inbox.tasks.send_due_reminders", "core.tasks.send_mail"
NIGHT = [
    [job, "00:00"] for job in ("enablement.expire_certifications", "tiers.decisions", "tiers.recalculate")
]
# Who is told of what, once each; see tier_scene.py.
TOLD = {
    "tier.awarded": 8,
    "tier.grace_started": 8,
    "reminder.tier-grace": 4,
    "reminder.certification": 4,
    "certification.expired": 8,
}
LETTERS = ", ".join(f"'{name}'" for name in TOLD)
SLIPPED = TOLD["tier.grace_started"] + TOLD["reminder.tier-grace"]
pytestmark = [pytest.mark.faults, pytest.mark.sqlite]


class Night:
    """How far the night of a product came, since its scene was made."""

    def __init__(self, product: Product) -> None:
        self.product = product.make("tests.faults.tier_scene")
        self.before = {letter: self.letters(letter) for letter in TOLD}
        self.kept_before = product.kept()
        self.announced = product.count("tiers_announcement", "true")
        assert self.announced >= TOLD["reminder.certification"]

    def letters(self, letter: str) -> int:
        return self.product.count("core_mail", f"letter = '{letter}'")

    def told(self) -> dict[str, int]:
        return {letter: self.letters(letter) - n for letter, n in self.before.items()}

    def written(self) -> int:
        return self.product.kept() - self.kept_before

    def risen(self) -> int:
        return self.told()["tier.awarded"]

    def begun(self) -> int:
        return self.product.count("core_jobrun", "job = 'tiers.recalculate' AND attempts > 0")

    def is_over(self) -> bool:
        return bool(
            self.product.count("core_jobrun", "job = 'tiers.recalculate' AND finished_at IS NOT NULL")
        )

    def killed(self, progress: Callable[[], int], *tasks: Any) -> None:
        """The worker is killed as soon as there is progress; its messages are lost, its leases run out."""
        self.product.kill_while(progress, 1, *tasks)
        self.product.flush_broker()
        self.product.let_leases_run_out()


def test_of_each_occasion_about_a_tier_goes_one_letter_whatever_is_killed(product: Product) -> None:
    night = Night(product)
    night.killed(night.begun, (TICK, NIGHT))
    in_time = [not night.is_over()]
    night.killed(night.risen, (TICK, NIGHT))
    in_time.append(not night.is_over())
    night.killed(night.written, SWEEP, MAIL)
    in_time.append(night.written() < sum(TOLD.values()))
    assert any(in_time), "no kill came while there was work"

    product.start()
    for _beat in range(3):
        for message in ((TICK, NIGHT), (REQUESTS,), (SWEEP,), (MAIL,)):
            product.send(*message)
    product.until(lambda: night.is_over() and night.told() == TOLD)
    product.send(MAIL)
    product.until(lambda: not product.count("core_mail", "state = 'queued'"))
    product.finish()

    assert night.told() == TOLD
    assert product.kept("letter = 'tier_announcement.made'") == night.announced
    to_each = f"SELECT count(*) FROM core_mail WHERE letter IN ({LETTERS}) GROUP BY letter, to_user_id, ids"
    assert {n for (n,) in product.ask(to_each)} == {1}
    assert product.count("events_event", "type = 'tier.grace_started'") == SLIPPED
    assert product.count("tiers_grace", "closed_on IS NULL") == SLIPPED
