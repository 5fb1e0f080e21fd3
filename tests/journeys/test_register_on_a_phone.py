"""A seller between two meetings: six fields on a phone, kept while typing, sent, and the clock to look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from core.clock import now
from tests.demo_site import DemoSite, demo_site
from tests.journeys.chromium import PHONE, Watch, signed_in
from tests.journeys.story import PDF

pytestmark = pytest.mark.journey
NOTE = {"name": "minutes.pdf", "mimeType": "application/pdf", "buffer": PDF}


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    with demo_site() as served:
        yield served


def test_a_deal_is_registered_on_a_phone(chrome: Browser, site: DemoSite) -> None:
    context = chrome.new_context(
        base_url=site.url, storage_state=signed_in(chrome, site, "partner_seller"), viewport=PHONE,  # type: ignore[arg-type]
        has_touch=True, reduced_motion="reduce",
    )  # fmt: skip
    watch, tab = Watch(context), context.new_page()
    tab.goto("/portal/deals/new/")
    assert tab.locator("form .prm-field:visible").count() <= 9

    tab.locator("[name=customer_name]").press_sequentially("Quillhaven Hospital", delay=20)
    tab.locator("[name=customer_city]").fill("Quillhaven")
    tab.locator("[name=products]").first.check()
    tab.locator("[name=amount_1]").fill("120,000")
    tab.locator("[name=expected_close_on]").fill((now().date() + timedelta(days=80)).isoformat())
    tab.locator("[name=what_it_did]").fill("Met the chief nursing officer; she asked for a pilot.")
    expect(tab.locator(".prm-saved:visible")).to_contain_text("Draft saved")
    watch.look(tab)

    # Somebody calls. The draft is there, with all that was typed.
    tab.goto("/portal/deals/?state=draft")
    tab.get_by_role("link", name="Quillhaven Hospital").first.click()
    tab.get_by_role("link", name="Go on").first.click()
    expect(tab.locator("[name=what_it_did]")).to_have_value(
        "Met the chief nursing officer; she asked for a pilot."
    )
    expect(tab.locator("[name=amount_1]")).to_have_value("120,000.00")
    tab.locator("[name=no_patient_data]").check()
    tab.locator("[name=documents]").set_input_files([NOTE])
    watch.look(tab)
    tab.get_by_role("button", name="Register deal").click()

    expect(tab.get_by_role("heading", name="Quillhaven Hospital").first).to_be_visible()
    expect(tab.locator("main")).to_contain_text("You get a first answer by")
    expect(tab.locator("main")).to_contain_text("minutes.pdf")
    watch.look(tab)
    context.close()
    assert watch.problems == []
