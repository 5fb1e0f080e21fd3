"""The board in a browser: one deal is dragged to another stage, another is moved by keyboard through its menu."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from accounts.actions import add_user, start_membership
from core.actors import SYSTEM
from deals.models import Deal, Stage
from tests.deals import factories as make
from tests.factories import make_partner
from tests.journeys.chromium import WIDE
from tests.journeys.story import PASSWORD, Story, command
from tests.journeys.test_in_browser import PROGRAM, Person

pytestmark = pytest.mark.journey
SAM = "sam@fernside.example"


def test_deals_are_moved_by_mouse_and_by_keyboard_and_both_are_stored(
    story: Story, chrome: Browser, live_server: Any, settings: Any
) -> None:
    settings.BASE_URL = live_server.url
    at = story.go("2026-04-01 09:00")
    command("load_program", PROGRAM, "--activate")
    fernside = make_partner("Fernside Clinical", country="GB", at=at)
    user = add_user(by=SYSTEM, email=SAM, name="Sam Ortiz", password=PASSWORD, at=at)
    start_membership(by=SYSTEM, user=user, partner=fernside, role="partner_admin", at=at)
    dragged = make.submitted(fernside, at, customer_name="Aldermoor Infirmary")
    by_keys = make.submitted(fernside, at, customer_name="Larkhill Hospital")
    second, third = Stage.objects.active().order_by("position")[1:3]
    sam = Person(chrome, live_server.url, WIDE, SAM)
    sam.open("/portal/deals/board/")

    it_is_dragged(sam, dragged, second)
    it_is_moved_by_keys(sam, by_keys, third)

    assert sam.watch.problems == []


def it_is_dragged(sam: Person, deal: Deal, stage: Stage) -> None:
    pile = sam.tab.locator(f"[data-stage='{stage.code}']")
    sam.tab.locator(f"#card-{deal.pk}").drag_to(pile)
    dropped = pile.locator(f"#card-{deal.pk}")
    expect(dropped).to_be_visible()
    expect(dropped.locator("summary")).to_be_focused()
    assert Deal.objects.get(pk=deal.pk).stage == stage


def it_is_moved_by_keys(sam: Person, deal: Deal, stage: Stage) -> None:
    """Open the menu, go to the third stage, press it; the card keeps the focus where it is now."""
    card = sam.tab.locator(f"#card-{deal.pk}")
    card.locator("summary").focus()
    sam.tab.keyboard.press("Enter")
    for _step in range(2):  # the stage where it is now is passed over
        sam.tab.keyboard.press("Tab")
    expect(card.get_by_role("button", name=stage.name)).to_be_focused()
    sam.tab.keyboard.press("Enter")
    moved = sam.tab.locator(f"[data-stage='{stage.code}'] #card-{deal.pk}")
    expect(moved).to_be_visible()
    expect(moved.locator("summary")).to_be_focused()
    assert Deal.objects.get(pk=deal.pk).stage == stage
