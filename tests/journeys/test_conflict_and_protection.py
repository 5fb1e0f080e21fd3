"""What partners log in for, in a browser: a refusal that is explained, appealed and taken back; a protection that is
extended, runs out and is renewed. The partner acts on a phone, the vendor at a desk.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from accounts.actions import add_user, start_membership
from accounts.actors import partner_actor
from accounts.models import User
from catalog.models import Product
from core.actors import SYSTEM
from core.money import Money
from deals import actions
from deals.models import Deal
from partners.models import Organization, Partner
from tests.factories import make_organization, make_partner
from tests.journeys.chromium import PHONE, WIDE
from tests.journeys.story import PASSWORD, PDF, Story, command
from tests.journeys.test_in_browser import PROGRAM, Person

pytestmark = pytest.mark.journey
MAYA, DIRK, SAM = "maya@corvane.example", "dirk@corvane.example", "sam@fernside.example"
INVITATION = {"name": "invitation.pdf", "mimeType": "application/pdf", "buffer": PDF}
RIVAL = "Northmoor Digital Health"


class Scene:
    """A program, two partners, one hospital, and the three people of these threads."""

    def __init__(self, story: Story, chrome: Browser, url: str) -> None:
        self.story, self.at = story, story.go("2026-04-01 09:00")
        command("load_program", PROGRAM, "--activate")
        self.hospital = make_organization(
            "Aldermoor Infirmary", country="GB", city="Aldermoor", public_directory=True, at=self.at
        )
        self.fernside = make_partner("Fernside Clinical", country="GB", at=self.at)
        self.northmoor = make_partner(RIVAL, country="GB", at=self.at)
        self.someone(MAYA, "Maya Lindqvist", "psm")
        self.someone(DIRK, "Dirk Boone", "deal_desk")
        self.sam_himself = self.someone(SAM, "Sam Ortiz", "partner_seller", self.fernside)
        self.maya, self.dirk = Person(chrome, url, WIDE, MAYA), Person(chrome, url, WIDE, DIRK)
        self.sam = Person(chrome, url, PHONE, SAM)

    def someone(self, email: str, name: str, role: str, partner: Partner | None = None) -> User:
        user = add_user(by=SYSTEM, email=email, name=name, password=PASSWORD, at=self.at)
        start_membership(by=SYSTEM, user=user, partner=partner, role=role, at=self.at)
        return user

    def registered(
        self, partner: Partner, by: Any = SYSTEM, organization: Organization | None = None
    ) -> Deal:
        return actions.register_deal(
            by=by, partner=partner, at=self.story.now(), organization=organization or self.hospital,
            products=[Product.objects.active().get(name="Corvane Triage")], amount=Money(12_000_000, "GBP"),
            expected_close_on=date(2026, 9, 30), what_it_did="Two calls with the chief nurse.", no_patient_data=True,
        )  # fmt: skip

    def approved(self, deal: Deal) -> Deal:
        return actions.approve_deal(by=SYSTEM, deal=deal, at=self.story.now(), days=90)

    def problems(self) -> list[str]:
        return [problem for who in (self.maya, self.dirk, self.sam) for problem in who.watch.problems]


@pytest.fixture
def scene(story: Story, chrome: Browser, live_server: Any, settings: Any) -> Scene:
    settings.BASE_URL = live_server.url
    return Scene(story, chrome, live_server.url)


def test_a_conflict_is_explained_appealed_and_upheld(scene: Scene) -> None:
    rival = scene.approved(scene.registered(scene.northmoor))
    ours = scene.registered(scene.fernside, by=partner_actor(scene.sam_himself))

    it_is_told_that_the_customer_is_taken(scene, ours)
    it_is_refused(scene, ours, rival)
    the_refusal_is_explained(scene, ours)
    it_is_appealed(scene, ours)
    the_appeal_is_upheld_by_someone_else(scene, ours)
    it_is_approved_once_the_customer_is_free(scene, ours, rival)

    assert scene.problems() == []


def it_is_told_that_the_customer_is_taken(scene: Scene, ours: Deal) -> None:
    scene.sam.open(ours.portal_url)
    scene.sam.sees("Another partner is protected on this customer until 30 June 2026.")
    assert RIVAL not in scene.sam.tab.content()


def it_is_refused(scene: Scene, ours: Deal, rival: Deal) -> None:
    """The evidence stands beside the decision, and the refusal is what the page proposes."""
    scene.dirk.open(ours.decide_url)
    scene.dirk.sees(rival.number)
    scene.dirk.sees(RIVAL)
    expect(scene.dirk.tab.get_by_role("radio", name="Reject")).to_be_checked()
    scene.dirk.fill(comment="Their registration was complete a week before yours.")
    scene.dirk.press("Reject, then next")


def the_refusal_is_explained(scene: Scene, ours: Deal) -> None:
    """By factors, dates and the rule; never by a name."""
    scene.story.work()
    scene.sam.open(ours.portal_url)
    for told in (
        "Their registration was complete a week before yours.",
        "What we may show you",
        "Complete since",
        "You can appeal until 1 May 2026.",
    ):
        scene.sam.sees(told)
    assert RIVAL not in scene.sam.tab.content()


def it_is_appealed(scene: Scene, ours: Deal) -> None:
    scene.sam.follow("Appeal")
    scene.sam.fill(grounds="The chief nurse invited us in February.", evidence=INVITATION)
    scene.sam.press("Send the appeal")
    scene.sam.sees("The chief nurse invited us in February.")
    scene.sam.sees("invitation.pdf")


def the_appeal_is_upheld_by_someone_else(scene: Scene, ours: Deal) -> None:
    appeal = ours.appeals.get()
    scene.dirk.open(appeal.get_absolute_url())
    scene.dirk.sees("You decided this registration. Someone else decides its appeal.")
    assert scene.dirk.tab.locator(f"main a[href='{appeal.decide_url}']").count() == 0
    scene.maya.open("/manage/appeals/?status=mine")
    scene.maya.follow("Aldermoor Infirmary")
    scene.maya.follow("Answer")
    scene.maya.fill(
        answer="You were invited first. We look at it again.", note="The invitation is of 12 February."
    )
    scene.maya.press("Uphold")
    scene.story.work()
    scene.sam.open(ours.portal_url)
    scene.sam.sees("You were invited first. We look at it again.")
    scene.sam.sees("In review")
    assert "The invitation is of 12 February." not in scene.sam.tab.content()


def it_is_approved_once_the_customer_is_free(scene: Scene, ours: Deal, rival: Deal) -> None:
    scene.story.go("2026-04-03 09:00")
    actions.withdraw_deal(by=SYSTEM, deal=rival, reason="no_opportunity", at=scene.story.now())
    scene.dirk.open(ours.decide_url)
    scene.dirk.fill(move="Approve")
    scene.dirk.press("Approve, then next")
    scene.sam.open(ours.portal_url)
    scene.sam.sees("Protected for you until")


def test_a_protection_is_extended_runs_out_and_is_renewed(scene: Scene) -> None:
    deal = scene.approved(scene.registered(scene.fernside, by=partner_actor(scene.sam_himself)))

    it_is_extended(scene, deal)
    it_runs_out(scene, deal)
    nobody_else_gets_it_meanwhile(scene)
    it_is_renewed(scene, deal)

    assert scene.problems() == []


def it_is_extended(scene: Scene, deal: Deal) -> None:
    scene.story.go("2026-06-22 09:00")
    scene.sam.open(deal.portal_url)
    scene.sam.sees("Protected for you until 30 June 2026")
    scene.sam.tab.locator("main summary[aria-label=More]").first.click()
    scene.sam.follow("Ask for more time")
    scene.sam.fill(evidence="A demonstration with the chief nurse.", activity_on="2026-06-18")
    scene.sam.press("Ask for more time")
    scene.sam.sees("A demonstration with the chief nurse.")
    scene.maya.open(deal.extensions.get().decide_url)
    scene.maya.sees("A demonstration with the chief nurse.")
    scene.maya.press("Send the answer")
    scene.story.work()
    scene.sam.open(deal.portal_url)
    scene.sam.sees("Protected for you until 29 August 2026")


def it_runs_out(scene: Scene, deal: Deal) -> None:
    """At the end of its day where the partner is: at midnight in London, an hour before that in UTC."""
    scene.story.go("2026-08-29 22:30")
    scene.sam.open(deal.portal_url)
    scene.sam.sees("Protected for you until 29 August 2026")
    scene.story.go("2026-08-29 23:30")
    scene.sam.open(deal.portal_url)
    scene.sam.sees("You can ask for a renewal until 5 September 2026.")


def nobody_else_gets_it_meanwhile(scene: Scene) -> None:
    waiting = scene.registered(scene.northmoor)
    scene.dirk.open(waiting.decide_url)
    scene.dirk.fill(move="Approve")
    scene.dirk.watch.expected = {409}
    scene.dirk.press("Approve, then next")
    scene.dirk.sees("This customer can still be renewed by whoever was protected, until 5 September 2026.")
    scene.dirk.watch.expected = set()


def it_is_renewed(scene: Scene, deal: Deal) -> None:
    scene.story.go("2026-09-01 09:00")
    scene.sam.open(deal.portal_url)
    scene.sam.follow("Ask for a renewal")
    scene.sam.fill(evidence="The budget was released.", activity_on="2026-08-31")
    scene.sam.press("Ask for a renewal")
    scene.maya.open(deal.get_absolute_url())
    scene.maya.follow("Renew")
    scene.maya.press("Renew")
    scene.story.work()
    scene.sam.open(deal.portal_url)
    scene.sam.sees("Protected for you until 30 November 2026")
