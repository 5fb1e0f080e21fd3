"""The same thread in a browser: the vendor at a desk, the partner on a phone; letters are opened on the pages of mail.

On every page that is visited nothing may be said in the console, fail to load, break the content security policy or
run sideways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.chromium import PHONE, WIDE, Watch
from tests.journeys.story import PASSWORD, PDF, Story, Visitor, command, pdf

pytestmark = pytest.mark.journey
PROGRAM = "programs/healthcare-ai.yaml"
ADA, MAYA, FINN = (f"{name}@corvane.example" for name in ("ada", "maya", "finn"))
NORA, SAM, TESS = (f"{name}@fernside.example" for name in ("nora", "sam", "tess"))
CRITERIA = (
    "market_reach", "healthcare_expertise", "technical_capability", "compliance_readiness", "financial_stability",
    "references", "cultural_fit",
)  # fmt: skip
PRODUCTS = [f"Corvane {name}" for name in ("Triage", "Insight", "Scribe", "Flow", "Connect")]
ORDER = {"name": "order.pdf", "mimeType": "application/pdf", "buffer": PDF}


class Person:
    """Someone at a browser of their own."""

    def __init__(self, chrome: Browser, url: str, size: dict[str, int], email: str = "") -> None:
        self.context = chrome.new_context(
            base_url=url, viewport=size, has_touch=size == PHONE, reduced_motion="reduce"
        )
        self.watch, self.tab, self.email = Watch(self.context), self.context.new_page(), email
        self.tab.set_default_timeout(15_000)

    def open(self, path: str, status: int = 200) -> None:
        """A page. Who was signed out meanwhile signs in."""
        self.watch.expected = {status} if status >= 400 else set()
        answer = self.tab.goto(path)
        if self.email and "/accounts/login/" in self.tab.url:
            self.fill(login=self.email, password=PASSWORD)
            self.press("Sign in")
            answer = self.tab.goto(path)
        assert answer and answer.status == status, f"{path}: {answer and answer.status}"
        self.watch.look(self.tab)

    def follow(self, words: str, within: str = "main") -> None:
        link = self.tab.locator(within).get_by_role("link", name=words)
        if not link.count():
            raise LookupError(
                f"{self.tab.url} has no link “{words}”: {self.tab.locator('main').inner_text()[:1500]}"
            )
        with self.tab.expect_navigation():
            link.first.click()
        self.watch.look(self.tab)

    def press(self, words: str, within: str = "main") -> None:
        """Press a button that leads to another page."""
        button = self.tab.locator(within).get_by_role("button", name=words, exact=True)
        if not button.count():
            there = self.tab.locator(f"{within} button").all_inner_texts()
            raise LookupError(f"{self.tab.url} has no button “{words}”: {there}")
        with self.tab.expect_navigation():
            button.first.click()
        self.watch.look(self.tab)

    def fill(self, **values: Any) -> None:
        for name, value in values.items():
            if isinstance(value, tuple):
                self.fill(**{f"{name}_0": value[0], f"{name}_1": value[1]})
            else:
                self._fill_one(name, value)

    def _fill_one(self, name: str, value: Any) -> None:
        control = self.tab.locator(f"main [name='{name}'], .prm-entrance [name='{name}']")
        kind = control.first.evaluate("e => e.type")
        if kind == "select-one":
            words = [
                o.strip() for o in control.locator("option").all_inner_texts() if o.strip().startswith(value)
            ]
            control.select_option(label=words[0])
        elif kind in ("radio", "checkbox"):
            for words in value if isinstance(value, list) else [value]:
                self._choose(control, words)
        elif kind == "file":
            control.set_input_files(value)
        else:
            control.fill(value)
            control.blur()

    def _choose(self, control: Locator, words: str) -> None:
        """Tick the choice with these words, as a person does: on its label."""
        for place in range(control.count()):
            key = control.nth(place).get_attribute("id")
            label = self.tab.locator(f"label[for='{key}']")
            if control.count() == 1 or label.inner_text().strip().startswith(words):
                label.click()
                return
        raise LookupError(words)

    def sees(self, words: str) -> None:
        expect(self.tab.locator("body")).to_contain_text(words)


@dataclass
class Journey:
    """The people of the thread and what they come back to."""

    story: Story
    chrome: Browser
    url: str
    ada: Person
    people: list[Person] = field(default_factory=list)
    at: dict[str, str] = field(default_factory=dict)

    def person(self, size: dict[str, int], email: str = "") -> Person:
        found = Person(self.chrome, self.url, size, email)
        self.people.append(found)
        return found

    def letter(self, to: str, letter: str) -> str:
        """Where the link of the latest such letter leads, as Ada sees it."""
        self.story.work()
        self.ada.open(f"/manage/mail/?to={to}&letter={letter}")
        with self.ada.tab.expect_navigation():
            self.ada.tab.locator("main .prm-row-link").first.click()
        link = self.ada.tab.locator(".prm-letter-body a").first
        found = link.get_attribute("href")
        self.ada.watch.look(self.ada.tab)
        assert found
        return found

    def joined(self, email: str, name: str, size: dict[str, int]) -> Person:
        person = self.person(size, email)
        person.open(self.letter(email, "account.invitation"))
        person.fill(name=name, password=PASSWORD)
        person.press("Join", within="body")
        return person


def test_a_company_goes_from_its_application_to_gold_in_a_browser(
    story: Story, chrome: Browser, live_server: Any, settings: Any, monkeypatch: Any
) -> None:
    settings.BASE_URL = live_server.url
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    story.go("2026-04-01 09:00")
    command("load_program", PROGRAM, "--activate")
    command("createsuperuser", "--noinput", email=ADA, name="Ada Okafor")
    journey = Journey(story, chrome, live_server.url, Person(chrome, live_server.url, WIDE, ADA))
    journey.people.append(journey.ada)
    maya, finn = a_vendor_begins(journey)
    it_applies(journey)
    it_is_approved(journey, maya)
    nora = it_is_onboarded(journey, maya)
    sam = it_registers_a_deal(journey, nora)
    it_is_protected(journey, maya, sam)
    it_is_won_and_booked(journey, sam, finn)
    it_goes_live(journey, maya, sam)
    its_people_are_certified(maya)
    it_rises(journey, maya, nora)
    it_is_reviewed(journey, maya, nora)
    the_manager_looks_as_the_partner(journey, maya)
    problems = [
        f"{person.email}: {problem}" for person in journey.people for problem in person.watch.problems
    ]
    assert problems == []
    assert sum(person.watch.pages for person in journey.people) > 100


def a_vendor_begins(journey: Journey) -> tuple[Person, Person]:
    ada = journey.ada
    for email, name, role in ((MAYA, "Maya Lindqvist", "Partner success"), (FINN, "Finn Aalto", "Finance")):
        ada.open("/manage/people/invite/")
        ada.fill(name=name, email=email, role=role)
        ada.press("Send invitation")
        ada.sees("The invitation is on its way.")
    return journey.joined(MAYA, "Maya Lindqvist", WIDE), journey.joined(FINN, "Finn Aalto", WIDE)


def it_applies(journey: Journey) -> None:
    """On a phone, and first with a mistake."""
    stranger = journey.person(PHONE)
    stranger.open("/")
    stranger.open("/apply/")
    stranger.watch.expected = {400}
    stranger.press("Send application")
    stranger.sees("need correcting")
    stranger.watch.expected = set()
    stranger.fill(
        legal_name="Fernside Clinical Ltd",
        website="https://www.fernside.example",
        country="United Kingdom",
        categories=["Channel Partners"],
        intent="We implement clinical software in NHS trusts and want to resell triage.",
        contact_name="Nora Quist",
        contact_email=NORA,
        accepts_privacy="You may use",
    )
    stranger.press("Send application")
    stranger.sees("Please look into your mailbox")
    stranger.open(journey.letter(NORA, "application.confirm"))
    stranger.press("Confirm this address", within="body")
    stranger.sees("Thank you")


def it_is_approved(journey: Journey, maya: Person) -> None:
    """From the queue by the keyboard alone; scored; approved. The theme is switched on the way."""
    maya.open("/manage/")
    maya.sees("Decide application")
    maya.tab.keyboard.press("j")
    expect(maya.tab.locator(".prm-queue-row.is-current")).to_contain_text("Fernside Clinical Ltd")
    with maya.tab.expect_navigation():
        maya.tab.keyboard.press("Enter")
    application = maya.tab.url.partition("/approve/")[0].rstrip("/") + "/"
    maya.press("Take it")
    maya.follow("Score")
    maya.fill(**{f"points_{code}": "4" for code in CRITERIA})
    maya.press("Save my marks")
    switch_theme(maya)
    maya.open(application)
    maya.fill(psm="Maya Lindqvist", primary="Channel Partners", message="Welcome aboard.")
    expect(maya.tab.locator(".prm-letter")).to_contain_text("Welcome aboard.")
    maya.press("Approve and invite, then next")
    maya.open("/manage/partners/")
    maya.follow("Fernside Clinical")
    journey.at["partner"] = maya.tab.url
    maya.sees("Not yet in a tier")


def switch_theme(maya: Person) -> None:
    """Dark, kept over pages, and light again."""
    root = maya.tab.locator("html")
    for theme in ("dark", "light"):
        maya.open("/manage/")
        maya.tab.locator(".prm-sidebar-foot .prm-menu > summary").click()
        maya.tab.locator(f"[data-set-theme={theme}]").first.click()
        maya.open("/manage/deals/")
        assert root.get_attribute("data-theme") == theme


def it_is_onboarded(journey: Journey, maya: Person) -> Person:
    """Both tick; facts tick; the partner is active and in its first tier."""
    nora = journey.joined(NORA, "Nora Quist", PHONE)
    checklist = "/portal/onboarding/"
    maya.open(journey.at["partner"])
    maya.follow("The plan")
    maya.press("Done: Welcome call with your partner success manager")
    nora.open(checklist)
    nora.press("Done: Sign the partner agreement")
    plan = the_keyboard_leads_to_the_plan(maya)
    maya.press("Done: Countersign the partner agreement")
    maya.press("Done: Agree territory and target customers")
    nora.open("/portal/team/")
    nora.open("/portal/team/invite/")
    nora.fill(name="Tess Imre", email=TESS, role="Technical")
    nora.press("Send invitation")
    journey.joined(TESS, "Tess Imre", PHONE).open("/portal/")
    nora.open("/portal/learning-plan/")
    nora.fill(agreed="Our company")
    nora.press("Sign for a year")
    nora.open(checklist)
    nora.press("Done: Send the security assessment")
    for gate in ("Healthcare compliance", "Security assessment"):
        maya.open("/manage/gate-records/new/")
        maya.fill(partner="Fernside", gate=gate, passed_on="2026-03-30", evidence="Report", upload=ORDER)
        maya.press("Record the gate")
    for person, track in (
        ("Tess", "Healthcare AI fund"),
        ("Nora", "Healthcare AI sales"),
        ("Tess", "Implementation"),
    ):
        maya.open("/manage/certifications/new/")
        maya.fill(contact=person, track=track, passed_on="2026-03-31")
        maya.press("Record the certification")
    maya.open(plan)
    maya.press("Done: Review readiness together")
    journey.story.work()
    nora.open("/portal/tier/")
    nora.sees("Authorized, and two steps from Silver")
    return nora


def the_keyboard_leads_to_the_plan(maya: Person) -> str:
    """j and k move over the rows of the queue, Enter opens one."""
    maya.open("/manage/")
    rows, keys = maya.tab.locator(".prm-queue-row"), maya.tab.keyboard
    assert rows.count() > 1
    for key, place in (("j", 0), ("j", 1), ("k", 0)):
        keys.press(key)
        expect(rows.nth(place)).to_have_class(re.compile("is-current"))
    with maya.tab.expect_navigation():
        keys.press("Enter")
    assert "/manage/onboarding/" in maya.tab.url
    maya.watch.look(maya.tab)
    return maya.tab.url.partition("#")[0]


def it_registers_a_deal(journey: Journey, nora: Person) -> Person:
    """On a phone; what is typed is kept by itself."""
    nora.open("/portal/team/invite/")
    nora.fill(name="Sam Ortiz", email=SAM, role="Seller")
    nora.press("Send invitation")
    sam = journey.joined(SAM, "Sam Ortiz", PHONE)
    sam.open("/portal/")
    sam.open("/portal/deals/new/")
    sam.fill(customer_name="Northmoor NHS Trust", customer_city="Leeds", products=PRODUCTS)
    sam.sees("Draft saved")
    sam.open("/portal/deals/")
    sam.follow("Northmoor")
    sam.follow("Go on")
    sam.fill(
        amount=("GBP", "450,000"),
        expected_close_on="2026-06-30",
        what_it_did="Two workshops with the imaging department.",
        no_patient_data="I confirm",
    )
    sam.press("Register deal")
    sam.sees("You get a first answer by")
    journey.at["theirs"] = sam.tab.url
    journey.at["deal"] = sam.tab.url.replace("/portal/", "/manage/")
    return sam


def it_is_protected(journey: Journey, maya: Person, sam: Person) -> None:
    maya.open("/manage/")
    maya.follow("Decide registration D-1001")
    maya.follow("Link")
    maya.open(journey.at["deal"] + "add-customer/")
    maya.press("Add and link")
    maya.sees("Northmoor NHS Trust")
    maya.fill(comment="Good work.")
    expect(maya.tab.locator(".prm-letter")).to_contain_text("Good work.")
    maya.press("Approve, then next")
    maya.open(journey.at["deal"])
    maya.sees("Protected until 30 June 2026")
    sam.open(journey.at["theirs"])
    sam.sees("Protected for you until 30 June 2026")


def it_is_won_and_booked(journey: Journey, sam: Person, finn: Person) -> None:
    sam.open(journey.at["theirs"])
    sam.follow("Update stage")
    sam.fill(stage="Committed")
    sam.press("Save the stage")
    sam.open(journey.at["theirs"] + "report-win/")
    sam.fill(won_on="2026-04-01", reference="PO 7734", evidence=ORDER)
    sam.press("Report the win")
    publish_rate(journey)
    finn.open("/manage/")
    finn.follow("Book the win D-1001")
    finn.fill(amount=("GBP", "540,000"), booked_on="2026-04-01", reference="INV 12")
    finn.press("Book")
    finn.follow("Correct", within="main :has(> a[href*='/bookings/'])")
    finn.fill(booked_on="2026-04-01", reason="The amount was wrong", comment="Digits swapped.")
    finn.press("Book the correction")
    finn.open(journey.at["deal"] + "book/")
    finn.fill(amount=("GBP", "450,000"), booked_on="2026-04-01", reference="INV 13")
    finn.press("Book")
    finn.sees("−£540,000")


def publish_rate(journey: Journey) -> None:
    key = command("create_api_key", "--user", FINN).strip()
    answer = journey.ada.context.request.post(
        "/api/v1/exchange-rates/",
        data={"currency": "GBP", "on": "2026-04-01", "rate": "1.25"},
        headers={"authorization": f"Bearer {key}", "idempotency-key": "GBP April"},
    )
    assert answer.status == 201, answer.text()


def it_goes_live(journey: Journey, maya: Person, sam: Person) -> None:
    """One confirmed by the customer on a phone, one accepted with the signed document."""
    report_go_live(journey, sam, PRODUCTS[0])
    customer = journey.person(PHONE)
    link = journey.letter("iris@north.example", "implementation.confirm")
    customer.open(link)
    customer.press("Confirm")
    customer.sees("Thank you")
    customer.open(link, status=409)
    report_go_live(journey, sam, PRODUCTS[1])
    maya.open(journey.at["deal"])
    maya.follow("Attach acceptance")
    maya.fill(document={**ORDER, "name": "acceptance.pdf"})
    maya.press("Attach and accept")


def report_go_live(journey: Journey, sam: Person, product: str) -> None:
    sam.open(journey.at["theirs"] + "report-go-live/")
    sam.fill(
        product=product,
        went_live_on="2026-04-01",
        contact_name="Iris Holm",
        contact_email="iris@north.example",
    )
    sam.press("Report, and ask the customer")


def its_people_are_certified(maya: Person) -> None:
    """A list is tried, then recorded."""
    maya.open("/manage/certifications/import/")
    maya.fill(rows=f"email,track,passed_on\n{SAM},platform,2026-03-31")
    maya.press("Check the list")
    maya.sees("Nothing is recorded yet")
    maya.press("Record 1 certification")
    maya.sees("The list is recorded")


def it_rises(journey: Journey, maya: Person, nora: Person) -> None:
    """What is left until Gold comes by the same pages, without a browser; then both sides look at why."""
    seller, finance = Visitor(journey.story, SAM), Visitor(journey.story, FINN)
    manager = Visitor(journey.story, MAYA)
    go_live(journey, seller, path(journey.at["theirs"]), PRODUCTS[2:])
    journey.story.work()
    nora.open("/portal/tier/")
    nora.sees("Silver, and two steps from Gold")
    for customer, amount in (("Aldermoor", "400,000"), ("Eastvale", "400,000"), ("Spindle", "350,000")):
        deal = seller.submit(
            "/portal/deals/new/", customer_name=customer, products=PRODUCTS, amount=("GBP", amount),
            expected_close_on="2026-06-30", what_it_did="A pilot.", no_patient_data="on",
        ).url  # fmt: skip
        ours = deal.replace("/portal/", "/manage/")
        manager.submit(f"{ours}add-customer/")
        manager.submit(f"{ours}decide/", move="Approve")
        seller.submit(f"{deal}report-win/", won_on="2026-04-01", reference="PO")
        finance.submit(f"{ours}book/", amount=("GBP", amount), booked_on="2026-04-01")
        go_live(journey, seller, deal, PRODUCTS)
    journey.story.work()
    maya.open(journey.at["partner"] + "tier/")
    maya.sees("Gold, and three steps from Platinum")
    maya.tab.locator("main a[data-panel]").first.click()
    expect(maya.tab.locator("#prm-panel")).to_be_visible()
    maya.tab.keyboard.press("Escape")
    maya.open("/manage/tiers/")
    nora.open("/portal/tier/")
    nora.sees("Gold, and three steps from Platinum")
    nora.open("/portal/")


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def go_live(journey: Journey, seller: Visitor, deal: str, products: list[str]) -> None:
    """Reported, and accepted with a document each."""
    manager = Visitor(journey.story, MAYA)
    for product in products:
        seller.submit(
            f"{deal}report-go-live/",
            product=product,
            went_live_on="2026-04-01",
            contact_name="Iris Holm",
            contact_email="iris@north.example",
        )
        accept = manager.get(deal.replace("/portal/", "/manage/")).link("Attach acceptance")
        manager.submit(accept, document=pdf("acceptance.pdf"))


def it_is_reviewed(journey: Journey, maya: Person, nora: Person) -> None:
    """The review is on the calendar; its reminder comes a month ahead, once."""
    maya.open("/manage/reviews/")
    maya.follow("Fernside")
    maya.sees("1 Jun")
    journey.story.go("2026-05-02 12:00")
    journey.story.work()
    journey.ada.open(f"/manage/mail/?to={NORA}&letter=reminder.review")
    assert journey.ada.tab.locator("main .prm-row-link").count() == 1
    nora.open("/portal/reviews/")
    nora.follow("Q2 2026")
    nora.open("/portal/notifications/")


def the_manager_looks_as_the_partner(journey: Journey, maya: Person) -> None:
    """Read only, with a banner, and back."""
    maya.open(journey.at["partner"] + "view-portal/")
    maya.fill(reason="A question about the tier")
    maya.press("Open the portal")
    maya.sees("You see the portal as Fernside Clinical Ltd sees it. Read only")
    maya.tab.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for page in (
        "/portal/deals/",
        "/portal/tier/",
        "/portal/onboarding/",
        "/portal/people/",
        "/portal/gates/",
    ):
        maya.open(page)
        maya.sees("Read only")
    maya.open("/portal/deals/new/", status=403)
    maya.open("/portal/")
    maya.press("Back to the workspace", within="body")
    maya.tab.set_viewport_size(WIDE)  # type: ignore[arg-type]
    maya.open(journey.at["partner"] + "timeline/")
    maya.sees("Maya Lindqvist looked at the portal as Fernside Clinical Ltd")
    assert re.search(r"Sam Ortiz submitted D-1001", maya.tab.locator("main").inner_text())


BROKEN = """<!doctype html><title>Broken</title><meta charset="utf-8">
<table width="900"><td>wide</table><p style="color: red">styled</p><script>alert(1)</script>
<img src="/missing.png" alt=""><script src="/broken.js"></script>"""


def test_the_watch_sees_what_goes_wrong(chrome: Browser) -> None:
    context = chrome.new_context(viewport=PHONE)
    watch, tab = Watch(context), context.new_page()
    policy = {"Content-Security-Policy": "default-src 'none'; script-src 'self'; img-src 'self'"}
    context.route("**/missing.png", lambda route: route.fulfill(status=404))
    context.route("**/broken.js", lambda route: route.abort())
    context.route(
        "**/page", lambda route: route.fulfill(body=BROKEN, content_type="text/html", headers=policy)
    )
    tab.goto("http://localhost/page")
    watch.look(tab)
    context.close()
    said = "\n".join(watch.problems)
    for problem in (
        "inline style violates", "inline script violates", "404: GET", "failed: GET http://localhost/broken.js",
        "runs sideways",
    ):  # fmt: skip
        assert problem in said, said
