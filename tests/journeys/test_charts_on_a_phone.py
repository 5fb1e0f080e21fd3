"""A chart fits its card on every screen, and each of its words can be read."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Browser

from core.gallery import sample

pytestmark = pytest.mark.journey
STYLES = ("theme.css", "prm.css")
SHOWN = """() => [...document.querySelectorAll("figure svg.prm-chart")].map(drawn => ({
    width: drawn.getBoundingClientRect().width,
    word: parseFloat(getComputedStyle(drawn.querySelector("text")).fontSize)
        * drawn.getBoundingClientRect().width / drawn.viewBox.baseVal.width,
    isScrolled: drawn.closest("figure").scrollWidth > drawn.closest("figure").clientWidth,
})).filter(drawn => drawn.width > 0)"""


@pytest.mark.parametrize("width", [360, 390, 480, 600, 700, 800, 1280])
def test_a_chart_of_lines_is_not_scrolled_and_no_word_is_smaller_than_11_px(
    chrome: Browser, db: None, width: int
) -> None:
    chart = {"title": "All", "chart": sample()["chart"], "rows": []}
    card = render_to_string("components/chart_card.html", chart)
    style = "".join((settings.BASE_DIR / "static" / "prm" / name).read_text() for name in STYLES)
    context = chrome.new_context(viewport={"width": width, "height": 800})
    tab = context.new_page()
    tab.set_content(f"<!doctype html><style>{style}</style><main>{card}</main>")
    (drawn,) = tab.evaluate(SHOWN)
    context.close()
    assert drawn["word"] >= 11
    assert not drawn["isScrolled"]
