"""The tier of a partner in a browser: simulated, earned and explained; changed by a new version; lost and won back.

The partner acts on a phone, the vendor at a desk; letters are read on the pages of mail.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from accounts.actions import add_user, start_membership
from core.actors import SYSTEM
from core.models import Mail
from core.saving import save
from partners.models import Contact, Partner
from tests.enablement.factories import certify, make_reasons, make_tracks
from tests.factories import make_partner, make_program
from tests.journeys.chromium import PHONE, WIDE
from tests.journeys.story import PASSWORD, PDF, Story
from tests.journeys.test_in_browser import Person
from tests.tiers.decisions import decided_content, held_by
from tests.tiers.factories import content, make_version
from tiers.models import Evaluation, Grace, ProgramVersion, Proposal, TierAppeal

pytestmark = pytest.mark.journey
ADA, DINA, MAYA = (f"{name}@corvane.example" for name in ("ada", "dina", "maya"))
NORA = "nora@fernside.example"
MINE = "/portal/tier/"
CONTRACT = {"name": "contract.pdf", "mimeType": "application/pdf", "buffer": PDF}


class Scene:
    """A program in force, one partner with two colleagues, and the people on both sides."""

    def __init__(self, story: Story, chrome: Browser, url: str) -> None:
        self.story, self.at = story, story.go("2026-03-02 09:00")
        make_program()
        make_reasons()
        self.tracks = make_tracks()
        self.fernside = make_partner("Fernside Clinical", at=self.at)
        self.tess, self.luis = self._colleague("Tess Imre"), self._colleague("Luis Pereda")
        self.ada = self._someone(chrome, url, WIDE, ADA, "Ada Okafor", "administrator")
        self.dina = self._someone(chrome, url, WIDE, DINA, "Dina Roth", "director")
        self.maya = self._someone(chrome, url, WIDE, MAYA, "Maya Lindqvist", "psm")
        self.nora = self._someone(chrome, url, PHONE, NORA, "Nora Quist", "partner_admin", self.fernside)

    def _colleague(self, name: str) -> Contact:
        email = f"{name.split()[0].lower()}@fernside.example"
        return save(Contact(partner=self.fernside, name=name, email=email, created_at=self.at))

    def _someone(
        self, chrome: Browser, url: str, size: Any, email: str, name: str, role: str, of: Partner | None = None
    ) -> Person:  # fmt: skip
        user = add_user(by=SYSTEM, email=email, name=name, password=PASSWORD, at=self.at)
        start_membership(by=SYSTEM, user=user, partner=of, role=role, at=self.at)
        return Person(chrome, url, size, email)

    def letter(self, letter: str, *words: str, of: int = 1) -> None:
        """Ada reads the latest letter of a kind that Nora got; it is the only one, or one of so many."""
        self.story.work()
        self.ada.open(f"/manage/mail/?to={NORA}&letter={letter}")
        rows = self.ada.tab.locator("main .prm-row-link")
        expect(rows).to_have_count(of)
        with self.ada.tab.expect_navigation():
            rows.first.click()
        for said in words:
            self.ada.sees(said)

    def problems(self) -> list[str]:
        return [
            problem for who in (self.ada, self.dina, self.maya, self.nora) for problem in who.watch.problems
        ]


@pytest.fixture
def scene(story: Story, chrome: Browser, live_server: Any, settings: Any) -> Scene:
    settings.BASE_URL = live_server.url
    return Scene(story, chrome, live_server.url)


# Simulated, earned, explained --------------------------------------------------------------------------------------


def test_a_tier_is_simulated_earned_and_explained(scene: Scene) -> None:
    make_version(content())
    scene.story.work()

    what_would_help_is_tried_out(scene)
    the_plan_is_signed(scene)
    a_colleague_is_certified(scene)
    it_is_promoted_and_reads_why(scene)

    assert scene.problems() == []


def what_would_help_is_tried_out(scene: Scene) -> None:
    """In the portal, and nothing of it is true afterwards."""
    scene.nora.open(MINE)
    scene.nora.follow("What if")
    scene.nora.sees("Nothing is saved.")
    scene.nora.press("More: Certified people")
    scene.nora.sees("Then Silver")
    scene.nora.sees("Partner portal")
    scene.nora.open(MINE)
    scene.nora.sees("Your way to Authorized")
    assert held_by(scene.fernside) == ""


def the_plan_is_signed(scene: Scene) -> None:
    scene.nora.open("/portal/learning-plan/")
    scene.nora.fill(agreed="Our company")
    scene.nora.press("Sign for a year")
    scene.story.work()
    scene.nora.open(MINE)
    scene.nora.sees("Your way to Silver")
    scene.letter("tier.awarded", "You are now Authorized")


def a_colleague_is_certified(scene: Scene) -> None:
    scene.story.go("2026-03-09 09:00")
    scene.maya.open("/manage/certifications/new/")
    scene.maya.fill(contact="Tess Imre", track="Sales", passed_on="2026-03-06")
    scene.maya.press("Record the certification")


def it_is_promoted_and_reads_why(scene: Scene) -> None:
    """The facts, the rule, the rows behind a number, the version; and the letter says the same."""
    scene.story.work()
    scene.nora.open(MINE)
    scene.nora.sees("Your way to Gold")
    scene.nora.sees("What keeps you Silver")
    scene.nora.sees("Levels, version 1")
    scene.nora.open(f"{MINE}rows/certified_people/")
    scene.nora.sees("Tess Imre")
    scene.letter("tier.awarded", "You are now Silver", "Partner portal", of=2)


# A new version ------------------------------------------------------------------------------------------------------


def test_a_version_is_drafted_reviewed_weighed_announced_and_comes_on_its_day(scene: Scene) -> None:
    make_version(content())
    certify(scene.tess, scene.tracks["sales"], date(2026, 2, 2))
    scene.story.work()

    draft = it_is_drafted_and_edited(scene)
    a_second_person_weighs_and_approves_it(scene, draft)
    it_is_announced(scene, draft)
    the_partner_reads_its_own_change(scene)
    it_is_seen_who_has_read(scene, draft)
    it_comes_on_its_day(scene, draft)

    assert scene.problems() == []


def it_is_drafted_and_edited(scene: Scene) -> ProgramVersion:
    active = ProgramVersion.objects.active().get()
    scene.ada.open(active.get_absolute_url())
    scene.ada.follow("New draft from this")
    scene.ada.press("Make the draft")
    draft = ProgramVersion.objects.get(number=2)
    scene.ada.open(f"{draft.get_absolute_url()}edit/")
    scene.ada.follow("Change Silver, Certified people")
    scene.ada.fill(threshold="2")
    scene.ada.press("Save")
    scene.ada.open(f"{draft.get_absolute_url()}diff/{active.pk}/")
    scene.ada.sees("Certified people")
    scene.ada.open(draft.get_absolute_url())
    scene.ada.follow("Send to review")
    scene.ada.press("Send to review")
    scene.ada.sees("You drafted or changed this version; a second person approves it.")
    return draft


def a_second_person_weighs_and_approves_it(scene: Scene, draft: ProgramVersion) -> None:
    scene.dina.open(f"{draft.get_absolute_url()}impact/")
    scene.dina.sees("Version 2 moves 1 of 1 partners")
    scene.dina.sees("Certified people 1, asked ≥ 2")
    scene.dina.open(draft.get_absolute_url())
    scene.dina.follow("Approve")
    scene.dina.press("Approve")
    scene.nora.open(MINE)
    assert "What changes for you" not in scene.nora.tab.content()


def it_is_announced(scene: Scene, draft: ProgramVersion) -> None:
    """First for tomorrow, which is earlier than the notice that partners are promised."""
    scene.dina.open(f"{draft.get_absolute_url()}schedule/")
    scene.dina.watch.expected = {400}
    scene.dina.fill(effective_from="2026-03-03")
    scene.dina.press("Announce to partners")
    scene.dina.sees("Partners are promised notice: 1 May 2026 is the earliest day.")
    scene.dina.watch.expected = set()
    scene.dina.fill(effective_from="2026-05-01")
    scene.dina.press("Announce to partners")
    scene.dina.sees("Announced; in force from 1 May 2026")


def the_partner_reads_its_own_change(scene: Scene) -> None:
    told = "You no longer meet what Silver asks for. You keep it until 30 Jul 2026."
    scene.letter("tier_announcement.made", told)
    scene.nora.open(MINE)
    scene.nora.sees("What changes for you on 1 May 2026")
    scene.nora.sees(told)
    scene.nora.follow("We have read it")
    scene.nora.press("We have read it")
    scene.nora.sees("Your company noted on 2 Mar 2026 that it has read this.")


def it_is_seen_who_has_read(scene: Scene, draft: ProgramVersion) -> None:
    scene.ada.open(f"{draft.get_absolute_url()}announcements/")
    scene.ada.sees("1 of 1 partners have read what changes")
    scene.ada.sees("Nora Quist")


def it_comes_on_its_day(scene: Scene, draft: ProgramVersion) -> None:
    scene.story.go("2026-04-30 09:00")
    scene.ada.open(draft.get_absolute_url())
    scene.ada.sees("Announced; in force from 1 May 2026")
    assert not Grace.objects.exists()
    scene.story.go("2026-05-01 09:00")
    scene.ada.open(draft.get_absolute_url())
    scene.ada.sees("In force since 1 May 2026")
    scene.nora.open(MINE)
    scene.nora.sees("Silver is in a grace period until 30 Jul 2026.")
    scene.nora.sees("Levels, version 2")
    assert Evaluation.objects.latest("created_at").program_version == draft


# Lost through grace, appealed ---------------------------------------------------------------------------------------


def test_a_tier_is_lost_after_its_grace_and_an_appeal_brings_it_back(scene: Scene) -> None:
    make_version(decided_content())
    seller = certify(scene.tess, scene.tracks["sales"], date(2026, 2, 2))
    scene.story.work()

    a_fact_is_lost(scene, seller)
    grace_tells_what_is_missing_and_until_when(scene)
    it_is_reminded(scene)
    a_director_grants_the_fall(scene)
    the_fall_is_appealed(scene)
    another_person_upholds_the_appeal(scene)
    the_tier_is_back(scene)

    assert scene.problems() == []


def a_fact_is_lost(scene: Scene, seller: Any) -> None:
    scene.maya.open(f"/manage/certifications/{seller.pk}/revoke/")
    scene.maya.fill(reason="left_company")
    scene.maya.press("Revoke the certification")


def grace_tells_what_is_missing_and_until_when(scene: Scene) -> None:
    scene.letter("tier.grace_started", "Silver is at risk: you have until 31 May 2026", "Certified people")
    scene.nora.open(MINE)
    scene.nora.sees("Silver is in a grace period until 31 May 2026.")
    scene.nora.sees("You keep it, with its margin and benefits.")
    assert held_by(scene.fernside) == "silver"


def it_is_reminded(scene: Scene) -> None:
    """Sixty, thirty, fourteen and seven days before, and on the eve; once each."""
    for n, day in enumerate(("04-01", "05-01", "05-17", "05-24", "05-30"), start=1):
        scene.story.go(f"2026-{day} 09:00")
        scene.story.work()
        assert Mail.objects.filter(letter="reminder.tier-grace", to_user__email=NORA).count() == n, day


def a_director_grants_the_fall(scene: Scene) -> None:
    """Nothing falls in silence: the day comes, and a person decides."""
    scene.story.go("2026-05-31 09:00")
    assert held_by(scene.fernside) == "silver"
    scene.ada.open("/manage/tier-proposals/?status=waiting")
    scene.ada.open(Proposal.objects.get().decide_url)
    scene.ada.fill(move="Grant", answer="Nobody was certified in time.")
    scene.ada.press("Grant, then next")
    scene.letter("tier.proposal_granted", "You are no longer Silver", "Nobody was certified in time.")
    assert held_by(scene.fernside) == ""


def the_fall_is_appealed(scene: Scene) -> None:
    scene.nora.open(MINE)
    scene.nora.sees("You can appeal until 30 Jun 2026.")
    scene.nora.follow("Appeal")
    scene.nora.fill(grounds="Luis passed on 20 May; the list was late.", evidence=CONTRACT)
    scene.nora.press("Send the appeal")
    scene.nora.sees("Luis passed on 20 May; the list was late.")
    scene.nora.sees("contract.pdf")


def another_person_upholds_the_appeal(scene: Scene) -> None:
    appeal = TierAppeal.objects.get()
    scene.ada.open(appeal.decide_url)
    scene.ada.sees("You made this decision.")
    scene.dina.open("/manage/tier-appeals/?status=mine")
    scene.dina.follow("Fernside Clinical")
    scene.dina.open(appeal.decide_url)
    scene.dina.sees("Luis passed on 20 May; the list was late.")
    scene.dina.fill(
        move="Uphold", until="2026-07-31", answer="The list was late, not you.", note="Call Luis."
    )
    scene.dina.press("Uphold, then next")


def the_tier_is_back(scene: Scene) -> None:
    scene.letter("tier_appeal.upheld", "Your appeal about Silver is upheld", "The list was late, not you.")
    scene.nora.open(MINE)
    scene.nora.sees("Silver by decision until 31 Jul 2026.")
    scene.nora.sees("The list was late, not you.")
    assert "Call Luis" not in scene.nora.tab.content()
    assert held_by(scene.fernside) == "silver"
