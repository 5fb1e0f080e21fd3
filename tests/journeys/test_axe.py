"""Every page against the rules of axe (WCAG 2.2 A and AA): wide and light, dark, narrow; and nothing breaks on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.demo_site import DemoSite, demo_site
from tests.journeys.chromium import PHONE, WIDE, Watch, signed_in
from tests.journeys.pages import PAGES, Page

pytestmark = pytest.mark.journey
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CONTRAST = "color-contrast"


@pytest.fixture(scope="session")
def site() -> Iterator[DemoSite]:
    with demo_site() as served:
        yield served


@pytest.fixture(scope="session")
def states(chrome: Browser, site: DemoSite) -> dict[str | None, Any]:
    """The cookies of each role that looks at a page."""
    return {role: signed_in(chrome, site, role) for role in {page.role for page in PAGES}}


def violations(tab: Tab, **options: Any) -> list[str]:
    """What axe finds: the rule, how many elements, and the first of them."""
    found = tab.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **options})
    return [
        f"{rule['id']}: {len(rule['nodes'])} × {rule['help']}, {rule['nodes'][0]['html'][:160]}"
        for rule in found["violations"]
    ]


@pytest.mark.parametrize("wanted", PAGES, ids=lambda page: page.name)
def test_a_page_has_no_violations(
    wanted: Page, chrome: Browser, site: DemoSite, states: dict[str | None, Any]
) -> None:
    context = chrome.new_context(
        base_url=site.url, storage_state=states[wanted.role], viewport=WIDE, reduced_motion="reduce"
    )
    watch, tab = Watch(context), context.new_page()
    watch.expected = {404} if wanted.name == "no-such-page" else set()
    tab.goto(wanted.path)
    for step in wanted.steps:
        tab.goto(tab.locator(step).first.evaluate("link => link.href"))
    tab.evaluate(AXE_SCRIPT)
    assert violations(tab, runOnly=TAGS) == []
    watch.look(tab)
    tab.emulate_media(color_scheme="dark")
    assert violations(tab, runOnly=[CONTRAST]) == []
    tab.emulate_media(color_scheme="light")
    tab.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert violations(tab, runOnly=TAGS, rules={CONTRAST: {"enabled": False}}) == []
    watch.look(tab)
    context.close()
    assert watch.problems == []


def test_a_form_with_mistakes_has_no_violations(chrome: Browser, site: DemoSite) -> None:
    context = chrome.new_context(base_url=site.url, viewport=PHONE)
    tab = context.new_page()
    tab.goto("/apply/")
    tab.get_by_role("button", name="Send application").click()
    tab.wait_for_selector(".prm-errors")
    tab.evaluate(AXE_SCRIPT)
    assert violations(tab, runOnly=TAGS) == []
    tab.emulate_media(color_scheme="dark")
    assert violations(tab, runOnly=[CONTRAST]) == []
    context.close()


@pytest.mark.parametrize("flattened", [False, True], ids=["as it is", "by colour alone"])
def test_a_link_within_running_words_is_told_by_more_than_its_colour(
    chrome: Browser, flattened: bool
) -> None:
    won = {"url": "/manage/deals/", "number": "D-1317", "day": date(2026, 3, 2)}
    facts = {"own_wins": [won], "check": {}, "verdict": {"share": 0.0}}
    card = render_to_string("deals/workspace/_conflict.html", facts)
    sheets = ("theme", "prm", "deals")
    styles = "".join((settings.BASE_DIR / f"static/prm/{name}.css").read_text() for name in sheets)
    styles += "p a { text-decoration: none !important }" if flattened else ""
    tab = chrome.new_page()
    tab.set_content(f"<html lang=en><title>Card</title><style>{styles}</style><main>{card}</main></html>")
    tab.evaluate(AXE_SCRIPT)
    found = violations(tab, runOnly=["link-in-text-block"])
    tab.close()
    assert bool(found) == flattened, found


def test_the_rules_find_what_is_wrong(chrome: Browser) -> None:
    tab = chrome.new_page()
    tab.set_content("<html><body><img src='data:,'><p style='color: #ccc'>Faint</p></body></html>")
    tab.evaluate(AXE_SCRIPT)
    found = " ".join(violations(tab, runOnly=TAGS))
    tab.close()
    for rule in ("image-alt", "color-contrast", "html-has-lang"):
        assert rule in found
