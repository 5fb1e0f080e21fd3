"""The pages and the API of tiers: what each side sees, how it is explained, and who may do what."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enablement.actions import revoke_certification
from enablement.models import Certification
from tests.enablement.factories import certify
from tests.factories import make_vendor_user
from tests.tiers.factories import content, make_draft, need, put_in_force
from tiers.actions import note_risks, override_tier, recalculate
from tiers.models import Evaluation, Standing

pytestmark = pytest.mark.django_db
BOARD, VERSIONS = "/manage/tiers/", "/manage/tiers/versions/"
DAY = timedelta(days=1)


def run(system, at, days=0):
    then = at + days * DAY
    return recalculate(by=system, as_of=then.date(), at=then)


@pytest.fixture
def silver(northgate, version, tracks, hire, system, at):
    """Northgate is Silver since 24 November 2026: one certified person, in sales."""
    certify(hire(northgate, "Dana Whitfield"), tracks["sales"], date(2026, 1, 5))
    run(system, at)
    return northgate


def why(partner):
    return f"/manage/partners/{partner.pk}/tier/"


@pytest.fixture(autouse=True)
def today(at, monkeypatch):
    """The clock of the doors stands at the story's instant."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


# The workspace


def test_the_board_shows_each_partner_in_its_column(ada, browser_of, silver, albion, system, at):
    run(system, at)
    page = browser_of(ada).get(BOARD).content.decode()
    assert page.index("Northgate") < page.index("Not yet in a tier</h2>") < page.index("Albion")
    assert "2 partners in Levels, version 1" in page


def test_a_manager_sees_her_own_partners_on_the_board(maya, browser_of, silver, albion, system, at):
    run(system, at)
    page = browser_of(maya).get(BOARD).content.decode()
    assert "Northgate" in page
    assert "Albion" not in page


@pytest.mark.parametrize(
    ("flag", "is_there"), [("rose", True), ("at_risk", False), ("grace", False), ("outside", False)]
)
def test_the_board_has_views(maya, browser_of, silver, flag, is_there):
    page = browser_of(maya).get(f"{BOARD}?flag={flag}").content.decode()
    assert ("Northgate Clinical Systems</a>" in page.partition('prm-board"')[2]) == is_there


def test_grace_and_risk_are_flagged_on_the_board(maya, browser_of, silver, system, at, hire, tracks):
    revoke_certification(
        by=system, certification=Certification.objects.get(), reason_code="left_company", at=at
    )
    run(system, at)
    assert "Grace, 90 days left" in browser_of(maya).get(f"{BOARD}?flag=grace").content.decode()


def test_a_tier_that_a_decision_holds_is_called_so_on_the_board_and_not_at_risk(
    ada, browser_of, acting, silver, at
):
    Certification.objects.update(expires_on=date(2027, 1, 18))
    note_risks(as_of=at.date(), at=at)
    browser = browser_of(ada)
    assert "At risk 18 Jan 2027" in browser.get(f"{BOARD}?flag=at_risk").content.decode()
    tier, until = Standing.objects.get(partner=silver).tier, date(2027, 2, 24)
    override_tier(by=acting(ada), partner=silver, tier=tier, reason="A new line.", expires_on=until, at=at)
    assert "Held by decision until 24 Feb 2027" in browser.get(BOARD).content.decode()
    assert "Northgate" not in browser.get(f"{BOARD}?flag=at_risk").content.decode().partition('prm-board"')[2]


def test_a_board_without_a_program_says_what_to_do(maya, browser_of, northgate):
    assert "No program is in force yet" in browser_of(maya).get(BOARD).content.decode()


def test_the_page_of_a_partner_states_its_finding(maya, browser_of, silver):
    page = browser_of(maya).get(why(silver)).content.decode()
    assert "Silver, and one step from Gold" in page
    assert "Silver since 24 Nov 2026" in page
    assert "Missing for Gold: certified people (1 more person)" in page
    assert "1 more person" in page
    assert "Replayed just now, with the same result" in page
    assert "Partner portal" in page
    assert "15%" in page


def test_a_partner_without_a_tier_is_not_yet_in_one(maya, browser_of, northgate, version, system, at):
    run(system, at)
    page = browser_of(maya).get(why(northgate)).content.decode()
    assert "Not yet in a tier, and one step from Authorized" in page
    assert "no data" in page


def test_the_page_as_of_an_earlier_day_shows_that_day(maya, browser_of, silver):
    browser = browser_of(maya)
    page = browser.get(f"{why(silver)}?as_of=2026-11-23").content.decode()
    assert "Not yet in a tier" in page
    assert "Not evaluated by then" in page
    assert "Recalculate now" not in page
    assert browser.get(f"{why(silver)}?as_of=2026-11-25").status_code == 400
    assert browser.get(f"{why(silver)}?as_of=yesterday").status_code == 400


def test_the_rows_behind_a_number_are_counted_or_left_out_with_the_reason(
    maya, browser_of, silver, hire, tracks
):
    certify(hire(silver, "Luis Ortega"), tracks["platform"], date(2024, 1, 5))
    page = browser_of(maya).get(f"{why(silver)}rows/certified_people/").content.decode()
    assert "Dana Whitfield, Sales" in page
    assert "expired on 5 Jan 2026" in page
    panel = browser_of(maya).get(f"{why(silver)}rows/certified_people/", headers={"hx-request": "true"})
    assert "<html" not in panel.content.decode()
    assert browser_of(maya).get(f"{why(silver)}rows/nonsense/").status_code == 404


def test_the_day_of_the_risk_is_on_the_page(maya, browser_of, silver, at):
    Certification.objects.update(expires_on=date(2027, 1, 18))
    note_risks(as_of=at.date(), at=at)
    page = browser_of(maya).get(why(silver)).content.decode()
    assert "At risk on 18 Jan 2027" in page


def test_a_manager_recalculates_by_the_page(maya, browser_of, northgate, version, hire, tracks):
    certify(hire(northgate), tracks["sales"], date(2026, 1, 5))
    url = f"{why(northgate)}recalculate/"
    assert browser_of(maya).get(url).status_code == 200
    assert browser_of(maya).post(url, {}).status_code == 302
    assert Standing.objects.get(partner=northgate).tier.code == "silver"


def test_who_may_only_read_recalculates_and_publishes_nothing(vera, browser_of, silver):
    browser = browser_of(vera)
    assert "Recalculate now" not in browser.get(why(silver)).content.decode()
    assert browser.post(f"{why(silver)}recalculate/", {}).status_code == 403


def test_another_managers_partner_does_not_exist(tomas, browser_of, silver):
    for url in (why(silver), f"{why(silver)}rows/certified_people/", f"{why(silver)}recalculate/"):
        assert browser_of(tomas).get(url).status_code == 404


def test_a_draft_says_what_it_changes(ada, browser_of, silver):
    browser = browser_of(ada)
    draft = make_draft(content(gold={"certified_people": 3}))
    page = browser.get(draft.get_absolute_url()).content.decode()
    assert "Tier Gold, Certified people, threshold: 2 becomes 3" in page
    assert "inherited" in page
    assert "version 2" in browser.get(VERSIONS).content.decode()


def test_queries_of_the_board_do_not_grow_with_its_cards(
    ada, browser_of, silver, albion, system, at, hire, tracks
):
    browser = browser_of(ada)
    browser.get(BOARD)
    with CaptureQueriesContext(connection) as one:
        browser.get(BOARD)
    certify(hire(albion), tracks["sales"], date(2026, 1, 5))
    run(system, at)
    with CaptureQueriesContext(connection) as two:
        browser.get(BOARD)
    assert len(two) <= len(one)


# The portal


def test_a_partner_reads_its_own_tier(priya, browser_of, silver):
    page = browser_of(priya).get("/portal/tier/").content.decode()
    assert "Silver, and one step from Gold" in page
    assert "Your way to Gold" in page
    assert "What keeps you Silver" in page
    assert "Quarterly reviews" in page
    rows = browser_of(priya).get("/portal/tier/rows/certified_people/").content.decode()
    assert "/portal/certifications/" in rows
    assert "/manage/certifications/" not in rows


def test_a_partner_reads_nothing_of_another(rhys, browser_of, silver, albion):
    page = browser_of(rhys).get("/portal/tier/").content.decode()
    assert "Not yet in a tier" in page
    assert "Dana" not in browser_of(rhys).get("/portal/tier/rows/certified_people/").content.decode()
    assert browser_of(rhys).get(why(silver)).status_code == 404


# The API


def test_the_api_explains_a_tier(maya, api_of, silver):
    found = api_of(maya).get(f"/api/v1/partners/{silver.pk}/tier/").json()
    assert found["tier"]["code"] == "silver"
    assert found["next_tier"] == "gold"
    assert found["evaluation"]["is_replayed"] is True
    gold = next(t for t in found["tiers"] if t["code"] == "gold")
    people = next(r for r in gold["requirements"] if r["metric"] == "certified_people")
    assert (people["value"], people["threshold"], people["verdict"], people["missing"]) == (
        1,
        2,
        "not_met",
        1,
    )
    plan = found["tiers"][0]["requirements"][0]
    assert (plan["value"], plan["verdict"]) == (None, "no_data")
    assert found["benefits"] == ["portal", "resources"]
    assert found["margin"]["percent"] == "15"


def test_the_api_explains_an_earlier_day_and_refuses_one_to_come(maya, api_of, silver):
    api, url = api_of(maya), f"/api/v1/partners/{silver.pk}/tier/"
    assert api.get(f"{url}?as_of=2026-11-23").json()["evaluation"] is None
    for wrong in ("2026-11-25", "soon", "20261124"):
        refused = api.get(f"{url}?as_of={wrong}")
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["pointer"] == "/as_of"
    assert api.get(f"{url}?on=2026-11-23").status_code == 400


def test_the_api_keeps_partners_apart(rhys, priya, api_of, silver, albion):
    url = f"/api/v1/partners/{silver.pk}/tier/"
    assert api_of(priya, silver).get(url).status_code == 200
    assert api_of(rhys, albion).get(url).status_code == 404
    for noun in ("standings", "evaluations", "grace-periods"):
        seen = api_of(rhys, albion).get(f"/api/v1/{noun}/").json()["results"]
        assert {row["partner"] for row in seen} <= {str(albion.pk)}
    assert len(api_of(priya, silver).get("/api/v1/standings/").json()["results"]) == 1
    assert len(api_of(priya, silver).get("/api/v1/evaluations/").json()["results"]) == 1


def test_a_partner_sees_no_draft_and_no_investment(priya, ada, api_of, silver):
    draft = make_draft(content(gold={"certified_people": 3}))
    seen = api_of(priya, silver).get("/api/v1/program-versions/").json()["results"]
    assert [v["number"] for v in seen] == [1]
    assert api_of(priya, silver).get(f"/api/v1/program-versions/{draft.pk}/").status_code == 404
    assert len(api_of(ada).get("/api/v1/program-versions/").json()["results"]) == 2
    tiers = api_of(priya, silver).get("/api/v1/tiers/").json()["results"]
    assert {t["code"] for t in tiers} == {"authorized", "silver", "gold"}
    assert "investment" not in tiers[0]
    assert "investment" in api_of(ada).get("/api/v1/tiers/").json()["results"][0]


def test_the_api_recalculates_one_or_all(maya, priya, api_of, northgate, albion, version, hire, tracks):
    certify(hire(northgate), tracks["sales"], date(2026, 1, 5))
    url = "/api/v1/tier-recalculations/"
    done = api_of(maya).post(url, {"partner": str(northgate.pk)}, content_type="application/json")
    assert done.status_code == 200, done.content
    assert done.json()["actions"] == {"initial": 1}
    assert api_of(maya).post(url, {}, content_type="application/json").json()["looked_at"] == 1
    foreign = api_of(maya).post(url, {"partner": str(albion.pk)}, content_type="application/json")
    assert foreign.status_code == 400
    assert api_of(priya, northgate).post(url, {}, content_type="application/json").status_code == 403


# The command


def test_the_command_says_what_it_did(northgate, version, hire, tracks, capsys):
    certify(hire(northgate), tracks["sales"], date(2026, 1, 5))
    call_command("recalculate_tiers", "--json")
    assert '"initial": 1' in capsys.readouterr().out
    call_command("recalculate_tiers", "--partner", str(northgate.pk))
    assert "0 with other facts" in capsys.readouterr().out
    assert Evaluation.objects.filter(partner=northgate).count() == 1


@pytest.mark.parametrize("options", [["--as-of", "soon"], ["--as-of", "2999-01-01"], ["--partner", "nobody"]])
def test_the_command_refuses_nonsense_in_words(version, options):
    with pytest.raises(CommandError):
        call_command("recalculate_tiers", *options)


def test_a_director_may_publish(api_of, acting, version, at):
    director = make_vendor_user("dora@vendor.example", "Dora Lang", "director", at)
    assert acting(director).may("tier.publish")


def test_my_tier_leads_to_what_customers_say_and_to_what_was_contributed(
    priya, sam, browser_of, system, northgate, program, at
):
    made = content()
    made["tiers"]["gold"]["requirements"] |= {
        "value_references": need(2) | {"metric": "value_references", "window": "trailing_12_months"},
        "customer_satisfaction": need(80)
        | {"metric": "customer_satisfaction", "window": "trailing_12_months"},
    }
    del made["tiers"]["authorized"], made["tiers"]["silver"]
    put_in_force(make_draft(made), at - 30 * DAY)
    run(system, at)
    for user, may_tell in ((priya, True), (sam, False)):
        page = browser_of(user).get("/portal/tier/").content.decode()
        for url in ("/portal/satisfaction/", "/portal/contributions/"):
            assert page.count(f'href="{url}"') >= 1
            assert browser_of(user).get(url).status_code == 200
        assert "See the answers" in page
        assert ("/portal/contributions/new/" in page) is may_tell
