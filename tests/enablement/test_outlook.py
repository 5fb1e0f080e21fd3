"""What an end would do to the tier is said before it happens."""

from datetime import timedelta

import pytest

from core import clock
from core.actors import SYSTEM
from enablement.actions import sign_learning_plan
from enablement.outlook import Outlook
from tests.enablement.factories import certify
from tests.tiers.factories import make_version
from tiers.actions import recalculate

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def gold(northgate, dana, luis, tracks, today):
    """Northgate is Gold by two people, a seller among them: Dana's ends in 20 days, Luis's in 600."""
    make_version()
    now = clock.now()
    sign_learning_plan(by=SYSTEM, partner=northgate, signed_by=dana, at=now)
    soon, late = today + timedelta(days=20), today + timedelta(days=600)
    held = [
        certify(dana, tracks["platform"], today - timedelta(days=300), expires_on=soon),
        certify(luis, tracks["sales"], today - timedelta(days=100), expires_on=late),
    ]
    recalculate(by=SYSTEM, as_of=today, at=now)
    northgate.refresh_from_db()
    assert northgate.tier_name == "Gold"
    return held


def test_it_says_the_day_the_number_and_what_the_tier_asks_for(gold, northgate, today):
    loss = Outlook(northgate, today).if_expired(gold[0])
    assert (loss.on, loss.tier, loss.before, loss.after, loss.needed) == (gold[0].expires_on, "Gold", 2, 1, 2)
    assert "“Certified people” falls from 2 to 1" in loss.text
    assert "Gold asks for 2" in loss.text
    assert [found.on for found in Outlook(northgate, today).losses()] == [gold[0].expires_on]


def test_one_that_the_person_holds_otherwise_or_renewed_costs_nothing(gold, northgate, dana, tracks, today):
    certify(dana, tracks["sales"], today - timedelta(days=2))
    assert Outlook(northgate, today).if_expired(gold[0]) is None
    assert Outlook(northgate, today).losses() == []


def test_a_renewal_takes_the_warning_away(gold, northgate, dana, tracks, today):
    certify(dana, tracks["platform"], today - timedelta(days=1))
    assert Outlook(northgate, today).if_expired(gold[0]) is None


def test_a_spare_person_keeps_the_tier(gold, northgate, tracks, at, today):
    from core.saving import save
    from partners.models import Contact

    spare = save(Contact(partner=northgate, name="Uma Lane", email="uma@northgate.example", created_at=at))
    certify(spare, tracks["sales"], today - timedelta(days=5))
    assert Outlook(northgate, today).if_expired(gold[0]) is None


def test_without_a_tier_there_is_nothing_to_lose_but_something_to_reach(northgate, dana, tracks, today):
    certification = certify(dana, tracks["sales"], today - timedelta(days=5))
    assert Outlook(northgate, today).if_expired(certification) is None
    assert Outlook(northgate, today).gaps() == []
    make_version()
    sign_learning_plan(by=SYSTEM, partner=northgate, signed_by=dana, at=clock.now())
    recalculate(by=SYSTEM, as_of=today, at=clock.now())
    found = Outlook(northgate, today).gaps()
    assert [(gap.tier, gap.metric, gap.value, gap.needed) for gap in found] == [
        ("Gold", "certified_people", 1, 2)
    ]


def test_both_sides_and_the_api_say_it(gold, maya, priya, northgate, browser_of, api_of):
    said = "“Certified people” falls from 2 to 1"
    key = gold[0].pk
    pages = {
        "manage": browser_of(maya).get(f"/manage/certifications/{key}/"),
        "portal": browser_of(priya).get(f"/portal/certifications/{key}/"),
        "team": browser_of(priya).get("/portal/people/team/"),
        "partner": browser_of(maya).get(f"/manage/partners/{northgate.pk}/people/"),
    }
    assert {name for name, page in pages.items() if said in page.content.decode()} == set(pages)
    answer = api_of(priya, northgate).get(f"/api/v1/certifications/{key}/outlook/").json()
    assert answer["if_it_expires"]["needed"] == 2
    other = api_of(priya, northgate).get(f"/api/v1/certifications/{gold[1].pk}/outlook/").json()
    assert other == {"if_it_expires": None}
