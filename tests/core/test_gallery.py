"""Every component renders in every state, without inline style or script."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string

from core import charts
from core.gallery import sample

COMPONENTS = sorted(path.name for path in (settings.BASE_DIR / "templates" / "components").glob("*.html"))
ELSEWHERE = {
    # drawn by generic pages, sign-in and errors, or a tag's other spelling
    "card.html", "card_foot.html", "error_page.html", "export_menu.html", "facts_line.html", "pairs.html",
    "pairs_card.html", "password.html", "saved.html", "state.html", "why_link.html",
}  # fmt: skip


@pytest.fixture
def page(db):
    return render_to_string("gallery/gallery.html", {**sample(), "csrf_token": "token"})


def test_the_gallery_has_neither_inline_style_nor_inline_script(page):
    assert "prm-protection-line" in page
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)


def test_every_icon_that_is_drawn_is_in_the_sprite(page):
    sprite = Path(settings.BASE_DIR, "static/vendor/icons/sprite.svg").read_text()
    drawn = set(re.findall(r"sprite[^#\"]*\.svg#([a-z0-9-]+)", page))
    assert drawn
    assert {name for name in drawn if f'id="{name}"' not in sprite} == set()


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_says_its_parameters_on_its_first_line(name):
    source = (settings.BASE_DIR / "templates" / "components" / name).read_text()
    assert source.startswith("{% comment %}")
    get_template(f"components/{name}")


def test_the_gallery_shows_each_component():
    shown = set()
    waiting = ["gallery/gallery.html", "layouts/base.html", "layouts/workspace.html"]
    while waiting:
        source = (settings.BASE_DIR / "templates" / waiting.pop()).read_text()
        found = set(re.findall(r'include "(components/[a-z_/]+\.html)"', source)) - shown
        shown |= found
        waiting += found
    assert {name for name in COMPONENTS if f"components/{name}" not in shown} <= ELSEWHERE


def test_a_chart_escapes_what_people_typed():
    drawn = charts.bar_chart([charts.Part("<b>Bold</b>", 1)])
    assert "&lt;b&gt;Bold" in drawn
    assert "<b>" not in drawn


def test_lines_are_drawn_for_a_wide_and_for_a_narrow_card_with_fewer_labels():
    labels = [f"Month {n}" for n in range(19)]
    wide, narrow = charts.line_chart(labels, [charts.Series("So far", range(19))], title="All").split(
        "</svg>"
    )[:2]
    assert 'class="prm-chart is-wide" viewBox="0 0 640 220"' in wide
    assert 'class="prm-chart is-narrow" viewBox="0 0 280 220"' in narrow
    assert [drawn.count(">Month ") for drawn in (wide, narrow)] == [7, 4]
    for drawn, right in ((wide, 640), (narrow, 280)):
        ends = [float(x) for x in re.findall(r'\bx2?="([\d.]+)"', drawn)]
        assert max(ends) <= right
        assert drawn.count("<polyline") == 1


def test_charts_of_nothing_are_still_charts():
    assert charts.line_chart([], []).startswith("<svg")
    assert charts.bar_chart([]).startswith("<svg")
    assert charts.stacked_bar([]).startswith("<svg")
    assert charts.sparkline([None, 1]) == ""
