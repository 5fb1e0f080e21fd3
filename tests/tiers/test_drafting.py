"""The editor of a draft, its content by API, YAML out and in, and the differences in words."""

from copy import deepcopy

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Conflict
from core.program_file import ProgramFileError
from core.ranges import MoneyRange, PercentRange
from tests.tiers.factories import content, make_draft, need, percent
from tests.tiers.test_versions import API, page
from tiers import actions, diff
from tiers.content import content_of, usual_window
from tiers.models import ProgramVersion
from tiers.portable import as_yaml, from_plain, from_yaml, plain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(at, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


@pytest.fixture
def draft(version):
    return make_draft()


def fields(error):
    return set(error.value.message_dict)


# Parts of a draft ---------------------------------------------------------------------------------------------------


def test_a_tier_is_added_changed_and_removed(system, draft, at):
    facts = {"name": "Platinum", "rank": 4, "colour": "platinum", "upgrade": "decision", "margin": "25-30%",
             "investment": "$5-10M per partner", "co_marketing": "$500K-$1M"}  # fmt: skip
    actions.set_tier(by=system, version=draft, at=at, code="platinum", **facts)
    tier = content_of(draft)["tiers"]["platinum"]
    assert tier["investment"]["low"] == "5000000"
    assert tier["upgrade"] == "decision"
    actions.set_tier(by=system, version=draft, at=at, code="platinum", name="Diamond", margin="26-30%")
    assert content_of(draft)["tiers"]["platinum"]["name"] == "Diamond"
    actions.remove_tier(by=system, version=draft, at=at, code="platinum")
    assert list(content_of(draft)["tiers"]) == ["authorized", "silver", "gold"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"margin": "much"}, "margin"),
        ({"margin": "12-22%"}, "margin"),
        ({"margin": "30-25%"}, "margin"),
        ({"investment": "EUR 5M"}, "investment"),
        ({"co_marketing": "25%"}, "co_marketing"),
        ({"rank": 2}, "rank"),
        ({"rank": 21}, "rank"),
        ({"name": ""}, "name"),
        ({"upgrade": "never"}, "upgrade"),
    ],
)
def test_a_tier_that_does_not_fit_is_refused_at_its_field(system, draft, at, facts, field):
    before = content_of(draft)
    with pytest.raises(ValidationError) as error:
        actions.set_tier(by=system, version=draft, at=at, code="gold", **facts)
    assert field in fields(error)
    assert content_of(draft) == before


def test_a_margin_may_begin_where_the_one_below_ends(system, draft, at):
    actions.set_tier(by=system, version=draft, at=at, code="gold", margin="20-40%")
    assert content_of(draft)["tiers"]["gold"]["margin"]["high"] == "40"


def test_a_requirement_is_added_and_belongs_to_a_group(system, draft, at):
    actions.set_group(
        by=system, version=draft, tier="gold", code="team", at=at, name="Team", rule="n_of", n=2
    )
    facts = {"metric": "learning_plan_signed", "stated": "A plan", "comparator": "at_least", "threshold": "1",
             "window": "now", "group": "team", "weight": 3}  # fmt: skip
    actions.set_requirement(by=system, version=draft, tier="gold", position=None, at=at, **facts)
    gold = content_of(draft)["tiers"]["gold"]
    assert gold["requirements"]["learning_plan_signed"]["group"] == "team"
    assert gold["groups"] == {"team": {"name": "Team", "rule": "n_of", "n": 2}}
    with pytest.raises(ValidationError, match="belong to this group"):
        actions.remove_group(by=system, version=draft, tier="gold", code="team", at=at)
    actions.remove_requirement(by=system, version=draft, tier="gold", position=3, at=at)
    actions.remove_group(by=system, version=draft, tier="gold", code="team", at=at)
    assert content_of(draft)["tiers"]["gold"]["groups"] == {}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"metric": "luck"}, "metric"),
        ({"metric": "certified_people_sales"}, "metric"),
        ({"threshold": "$5"}, "threshold"),
        ({"threshold": "1.5"}, "threshold"),
        ({"threshold": "5-6"}, "threshold"),
        ({"threshold": ">5"}, "threshold"),
        ({"threshold": "some"}, "threshold"),
        ({"window": "yesterday"}, "window"),
        ({"group": "nobody"}, "group"),
        ({"weight": 0}, "weight"),
    ],
)
def test_a_requirement_that_does_not_fit_is_refused_at_its_field(system, draft, at, facts, field):
    with pytest.raises(ValidationError) as error:
        actions.set_requirement(by=system, version=draft, tier="gold", position=1, at=at, **facts)
    assert field in fields(error)


def test_a_benefit_is_added_given_and_removed(system, draft, at):
    actions.set_benefit(by=system, version=draft, code="sla", at=at, name="Fast answers", kind="support",
                        feature="support_sla")  # fmt: skip
    actions.give_benefit(by=system, version=draft, tier="silver", code="sla", is_given=True, quantity=None, hours=8,
                         at=at)  # fmt: skip
    tiers = content_of(draft)["tiers"]
    assert tiers["silver"]["benefits"]["sla"] == {"quantity": None, "hours": 8}
    assert draft.tiers.get(code="gold").benefits.get(benefit__code="sla").is_inherited
    actions.remove_benefit(by=system, version=draft, code="sla", at=at)
    assert "sla" not in content_of(draft)["benefits"]


def test_settings_are_changed(system, draft, at):
    actions.change_settings(
        by=system, version=draft, at=at, name="Levels", notice_days=30, co_marketing_budget="$2M"
    )
    draft.refresh_from_db()
    found = content_of(draft)["settings"]
    assert (found["notice_days"], found["co_marketing_budget"]["low"]) == (30, "2000000")


def test_another_year_is_taken_over_by_what_was_counted_over_the_one_before(system, draft, at):
    for tier, metric, window in (
        ("gold", "annual_revenue", "trailing_12_months"),
        ("gold", "registered_deals", "lifetime"),
        ("silver", "annual_revenue", "trailing_12_months"),
    ):
        threshold = "$2M" if metric == "annual_revenue" else "5"
        facts = {
            "metric": metric,
            "comparator": "at_least",
            "threshold": threshold,
            "stated": "so much",
            "window": window,
        }
        actions.set_requirement(by=system, version=draft, tier=tier, position=None, at=at, **facts)
    actions.change_settings(by=system, version=draft, at=at, name="Levels", evaluation_window="calendar_year")
    draft.refresh_from_db()
    tiers = content_of(draft)["tiers"]
    assert content_of(draft)["settings"]["evaluation_window"] == "calendar_year"
    windows = {key: need["window"] for key, need in tiers["gold"]["requirements"].items()}
    assert windows["annual_revenue.calendar_year"] == "calendar_year"
    assert (windows["registered_deals.lifetime"], windows["certified_people"]) == ("lifetime", "now")
    assert "annual_revenue.calendar_year" in tiers["silver"]["requirements"]


def test_a_requirement_that_says_no_window_is_counted_over_the_programs_year_where_it_can_be(program):
    assert usual_window("annual_revenue", "fiscal_year") == "fiscal_year"
    assert usual_window("certified_people", "fiscal_year") == "now"


def test_a_new_requirement_begins_with_the_programs_year(ada, browser_of, draft, system, at):
    actions.change_settings(by=system, version=draft, at=at, name="Levels", evaluation_window="fiscal_year")
    shown = browser_of(ada).get(page(draft, "tiers/gold/requirements/new/")).content.decode()
    assert '<option value="fiscal_year" selected>' in shown


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("tiers/gold/", "Its code gold stays"),
        ("benefits/qbr/", "Its code qbr stays"),
        ("tiers/gold/groups/team/", "Its code team stays"),
        ("tiers/gold/requirements/1/", "A requirement has no code"),
    ],
)
def test_the_editor_says_why_a_code_stays(ada, browser_of, draft, system, at, path, words):
    actions.set_group(by=system, version=draft, tier="gold", code="team", at=at, name="Team", rule="all")
    shown = browser_of(ada).get(page(draft, path)).content.decode()
    assert words in shown
    assert 'name="code"' not in shown
    added = browser_of(ada).get(page(draft, "tiers/new/")).content.decode()
    assert 'name="code"' in added
    assert "stays" not in added


def test_nothing_but_a_draft_is_edited(system, ada, browser_of, version, at):
    with pytest.raises(Conflict, match="Nothing but a draft is ever edited"):
        actions.set_tier(by=system, version=version, at=at, code="gold", name="Golden")
    answer = browser_of(ada).post(page(version, "tiers/gold/"), {
        "name": "Golden", "rank": 3, "colour": "gold", "upgrade": "immediate", "margin": "20-25%",
        "version": version.version,
    })  # fmt: skip
    assert answer.status_code == 409
    assert "Nothing but a draft is ever edited" in answer.content.decode()


# By page ------------------------------------------------------------------------------------------------------------


def test_every_part_has_its_form(ada, browser_of, draft):
    browser = browser_of(ada)
    shown = browser.get(page(draft, "edit/")).content.decode()
    for path in ("settings/", "tiers/new/", "tiers/gold/", "tiers/gold/remove/", "tiers/gold/requirements/new/",
                 "tiers/gold/requirements/1/", "tiers/gold/requirements/1/remove/", "tiers/gold/groups/new/",
                 "tiers/gold/benefits/qbr/", "benefits/new/", "benefits/qbr/", "benefits/qbr/remove/"):  # fmt: skip
        assert page(draft, path) in shown
        assert browser.get(page(draft, path)).status_code == 200, path


@pytest.mark.parametrize(
    "path",
    ["tiers/lead/", "tiers/gold/requirements/9/", "tiers/gold/requirements/0/", "tiers/gold/groups/none/",
     "benefits/none/", "tiers/gold/benefits/none/"],
)  # fmt: skip
def test_a_part_that_is_not_there_is_not_found(ada, browser_of, draft, path):
    assert browser_of(ada).get(page(draft, path)).status_code == 404


def test_a_stale_form_is_told_so(ada, browser_of, draft, system, at):
    seen = draft.version
    actions.change_settings(by=system, version=draft, at=at, name="Levels")
    answer = browser_of(ada).post(page(draft, "tiers/gold/"), {
        "name": "Golden", "rank": 3, "colour": "gold", "upgrade": "immediate", "version": seen,
    })  # fmt: skip
    assert answer.status_code == 412


def test_a_requirement_is_changed_by_page(ada, browser_of, draft):
    browser = browser_of(ada)
    form = {"metric": "certified_people", "comparator": "at_least", "threshold": "4", "stated": "Four people",
            "window": "now", "scope": "partner", "group": "", "weight": 2, "evidence": "auto"}  # fmt: skip
    address = page(draft, "tiers/gold/requirements/1/")
    wrong = browser.post(address, {**form, "threshold": "$4M", "version": draft.version})
    assert wrong.status_code == 400
    assert "Enter a number such as 5" in wrong.content.decode()
    done = browser.post(address, {**form, "version": draft.version})
    assert done["Location"] == page(draft, "edit/")
    found = content_of(draft)["tiers"]["gold"]["requirements"]["certified_people"]
    assert (found["threshold"], found["weight"], found["is_waivable"]) == (4, 2, False)


def test_a_manager_reads_versions_and_drafts_none(maya, browser_of, draft):
    browser = browser_of(maya)
    assert browser.get(page(draft)).status_code == 200
    assert browser.get(page(draft, "edit/")).status_code == 403
    assert browser.post(page(draft, "tiers/gold/"), {"name": "x"}).status_code == 403


# By API -------------------------------------------------------------------------------------------------------------


def test_the_content_of_a_draft_is_written_as_json(ada, api_of, draft):
    client, url = api_of(ada), f"{API}{draft.pk}/content/"
    got = client.get(url)
    body = got.json()
    body["tiers"]["gold"]["margin"] = "21-25%"
    assert client.put(url, body, content_type="application/json").status_code == 428
    put = client.put(url, body, content_type="application/json", headers={"If-Match": got["ETag"]})
    assert put.status_code == 200, put.content
    assert put.json()["tiers"]["gold"]["margin"] == "21-25%"
    again = client.put(url, body, content_type="application/json", headers={"If-Match": got["ETag"]})
    assert again.status_code == 412
    patched = client.patch(url, {"name": "Steps"}, content_type="application/json", headers={"If-Match": "*"})
    assert (patched.json()["name"], patched.json()["tiers"]["gold"]["margin"]) == ("Steps", "21-25%")


def test_wrong_content_is_refused_with_its_path(ada, api_of, draft):
    client, url = api_of(ada), f"{API}{draft.pk}/content/"
    body = client.get(url).json()
    body["tiers"]["gold"]["requirements"][0]["metric"] = "luck"
    answer = client.put(url, body, content_type="application/json", headers={"If-Match": "*"})
    assert answer.status_code == 400
    words = answer.content.decode()
    assert "there is no metric" in words.lower()
    assert "tiers.gold.requirements.1.metric" in words
    body["tiers"]["silver"]["margin"] = 7
    answer = client.put(url, body, content_type="application/json", headers={"If-Match": "*"})
    assert "is not a percentage" in answer.content.decode()
    assert (
        client.put(url, {"tiers": {}}, content_type="application/json", headers={"If-Match": "*"}).status_code
        == 400
    )


def test_content_in_force_is_not_written(ada, api_of, version):
    client, url = api_of(ada), f"{API}{version.pk}/content/"
    body = client.get(url).json()
    assert (
        client.put(url, body, content_type="application/json", headers={"If-Match": "*"}).status_code == 409
    )


def test_a_partner_reads_no_content(priya, api_of, northgate, version):
    assert api_of(priya, northgate).get(f"{API}{version.pk}/").status_code == 200
    for path in ("content", "yaml", "diff", "impact", "parallel-run"):
        assert api_of(priya, northgate).get(f"{API}{version.pk}/{path}/").status_code == 403


# YAML ---------------------------------------------------------------------------------------------------------------


def test_a_version_goes_out_and_in_without_a_change(system, version, at):
    text = as_yaml(content_of(version))
    made = actions.import_version(by=system, program=version.program, text=text, at=at)
    assert (made.number, made.state) == (2, "draft")
    assert content_of(made) == content_of(version)
    assert as_yaml(content_of(made)) == text


def test_ranges_are_as_they_were_stated(program):
    made = content()
    made["tiers"]["gold"]["investment"] = MoneyRange.parse("$1-3M per partner").as_json()
    text = as_yaml(made)
    assert "margin: 20-25%" in text
    assert "investment: $1-3M per partner" in text
    made["tiers"]["gold"]["investment"]["raw"] = "a lot"
    assert "investment: $1,000,000 to $3,000,000 per partner" in as_yaml(made)


def test_a_range_that_no_words_state_is_written_exactly(program):
    made = content()
    exact = {**percent(20, 25), "low": "20.123456", "raw": ""}
    made["tiers"]["gold"]["margin"] = exact
    text = as_yaml(made)
    assert "low: '20.123456'" in text
    assert as_yaml(from_yaml(text)) == text


def test_problems_name_line_and_path(program):
    text = as_yaml(content()).replace("margin: 20-25%", "margin: 12-25%")
    with pytest.raises(ProgramFileError) as error:
        from_yaml(text)
    assert {problem.path for problem in error.value.problems} == {"tiers.gold.margin"}
    assert text.splitlines()[error.value.problems[0].line - 1].strip() == "margin: 12-25%"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "name: x", "a: &b 1", "\x00", "tiers: {default: {}}", "- : -", "x" * 20, "{" * 40, "name: [1"],
)
def test_what_is_no_version_is_refused(program, text):
    with pytest.raises(ProgramFileError):
        from_yaml(text)


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30
).filter(lambda text: text.split())
MONEY = st.one_of(
    st.none(),
    st.builds(
        lambda low, more: MoneyRange(low=low, high=low + more, qualifier="range", currency="USD").as_json(),
        st.decimals(0, 10**9, places=2),
        st.decimals(0, 10**9, places=2),
    ),
    st.sampled_from(["$2M+", "<$100K", "up to $5M a year", "$1-3M per partner", "about $7", "$1,000"]).map(
        lambda text: MoneyRange.parse(text).as_json()
    ),
)


@st.composite
def contents(draw):
    made = deepcopy(content())
    made["name"] = draw(WORDS)
    made["settings"]["co_marketing_budget"] = draw(MONEY)
    gold = made["tiers"]["gold"]
    gold["name"], gold["investment"], gold["co_marketing"] = draw(WORDS), draw(MONEY), draw(MONEY)
    gold["margin"] = draw(st.one_of(st.none(), st.just(PercentRange.parse("20% or more").as_json())))
    gold["groups"] = {
        "g": {"name": draw(WORDS), "rule": draw(st.sampled_from(["all", "any", "n_of"])), "n": 2}
    }
    gold["requirements"]["annual_revenue"] = need(
        draw(st.integers(0, 10**15)),
        metric="annual_revenue",
        stated=draw(WORDS),
        comparator=draw(st.sampled_from(["at_least", "more_than", "at_most"])),
        group=draw(st.sampled_from(["", "g"])),
        weight=draw(st.integers(1, 100)),
        is_waivable=draw(st.booleans()),
        source=draw(st.sampled_from([{}, {"reason": "ours"}, {"document": "Plan", "lines": "3-4"}])),
        window="trailing_12_months",
    )
    return made


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents())
def test_out_in_and_out_is_the_same_byte_for_byte(program, made):
    text = as_yaml(made)
    back = from_yaml(text)
    assert as_yaml(back) == text
    assert plain(from_plain(plain(back))) == plain(back)
    assert not [c for c in diff.changes(made, back) if c.what not in ("name", "stated", "n")]


def test_import_by_page_shows_what_it_would_change_first(ada, browser_of, version):
    browser, url = browser_of(ada), f"/manage/tiers/programs/{version.program_id}/import/"
    text = as_yaml(content(gold={"certified_people": 3}))
    dry = browser.post(url, {"text": text, "then": "dry_run"})
    assert "Tier Gold, Certified people, threshold: 2 becomes 3" in dry.content.decode()
    assert "worse for partners" in dry.content.decode()
    assert ProgramVersion.objects.count() == 1
    done = browser.post(url, {"text": text, "then": "draft"})
    assert done["Location"] == ProgramVersion.objects.get(number=2).get_absolute_url()
    wrong = browser.post(url, {"text": text.replace("20-25%", "x"), "then": "draft"})
    assert wrong.status_code == 400
    assert "tiers.gold.margin: Line" in wrong.content.decode()


def test_import_by_api(ada, api_of, version):
    client, url = api_of(ada), f"/api/v1/tier-programs/{version.program_id}/import/"
    text = client.get(f"{API}{version.pk}/yaml/").content.decode().replace("20-25%", "21-25%")
    dry = client.post(url, {"text": text, "dry_run": True}, content_type="application/json").json()
    assert (dry["id"], dry["changes"][0]["tone"]) == (None, "good")
    made = client.post(url, {"text": text}, content_type="application/json").json()
    assert ProgramVersion.objects.get(pk=made["id"]).number == 2
    assert client.post(url, {"text": "name: x"}, content_type="application/json").status_code == 400


def test_the_page_exports_what_the_command_exports(ada, browser_of, version, tmp_path, capsys):
    file = tmp_path / "levels.yaml"
    call_command("export_program_version", "levels", str(file))
    answer = browser_of(ada).get(page(version, "export/"))
    assert answer.content == file.read_bytes()
    assert 'filename="levels-1.yaml"' in answer["Content-Disposition"]
    call_command("import_program_version", "levels", str(file), "--dry-run")
    assert ProgramVersion.objects.count() == 1
    file.write_text(file.read_text().replace("20-25%", "21-25%"))
    call_command("import_program_version", "levels", str(file))
    assert "version 2" in capsys.readouterr().out
    file.write_text("name: x")
    with pytest.raises(CommandError, match="levels.yaml:1"):
        call_command("import_program_version", "levels", str(file))


# Differences --------------------------------------------------------------------------------------------------------


def told(change):
    old, new = content(), content()
    change(new)
    return [(str(found), found.tone) for found in diff.changes(old, new)]


def gold_of(made):
    return made["tiers"]["gold"]


@pytest.mark.parametrize(
    ("change", "sentence", "tone"),
    [
        (lambda c: gold_of(c)["requirements"]["certified_people"].update(threshold=3),
         "Tier Gold, Certified people, threshold: 2 becomes 3", "adverse"),
        (lambda c: gold_of(c)["requirements"]["certified_people"].update(threshold=1),
         "Tier Gold, Certified people, threshold: 2 becomes 1", "good"),
        (lambda c: gold_of(c)["requirements"].pop("certified_people"),
         "Tier Gold, Certified people is no longer required", "good"),
        (lambda c: gold_of(c)["benefits"].pop("qbr"), "Tier Gold, benefit qbr is removed", "adverse"),
        (lambda c: gold_of(c)["benefits"].update(portal={"quantity": None, "hours": None}),
         "Tier Gold, benefit portal is new", "good"),
        (lambda c: gold_of(c).update(margin=percent(18, 25)), "Tier Gold, margin: 20 to 25% becomes 18 to 25%",
         "adverse"),
        (lambda c: gold_of(c).update(margin=percent(20, 27)), "Tier Gold, margin: 20 to 25% becomes 20 to 27%",
         "good"),
        (lambda c: gold_of(c).update(upgrade="decision"), "Tier Gold, upgrade: immediate becomes decision", "adverse"),
        (lambda c: gold_of(c).update(colour="silver"), "Tier Gold, colour: gold becomes silver", ""),
        (lambda c: c["tiers"].pop("gold"), "Tier Gold is removed", "adverse"),
        (lambda c: c["settings"].update(notice_days=30), "Tier program, notice days: 60 becomes 30", "adverse"),
        (lambda c: gold_of(c)["requirements"].update(luck=need(1, metric="luck")),
         "Tier Gold, Luck is required from now on: ≥ 1", "adverse"),
    ],
)  # fmt: skip
def test_a_change_is_said_and_marked_where_it_is_clear(program, change, sentence, tone):
    assert (sentence, tone) in told(change)


def test_a_requirement_more_in_an_any_group_is_not_worse(program):
    old, new = content(), content()
    for made in (old, new):
        gold_of(made)["groups"] = {"g": {"name": "Team", "rule": "any", "n": 1}}
    gold_of(new)["requirements"]["luck"] = need(1, metric="luck", group="g")
    assert [change.tone for change in diff.changes(old, new)] == [""]


def test_the_words_that_state_a_range_are_no_difference(program):
    old, new = content(), content()
    gold_of(new)["margin"]["raw"] = "20 to 25%"
    assert list(diff.changes(old, new)) == []


def test_any_two_versions_are_compared_by_page_and_api(ada, browser_of, api_of, version):
    harder = make_draft(content(gold={"certified_people": 3}))
    browser = browser_of(ada)
    shown = browser.get(page(version, f"diff/{harder.pk}/")).content.decode()
    assert "1 change from version 1 to 2" in shown
    assert "2 becomes 3" in shown and "worse for partners" in shown
    back = browser.get(page(harder, f"diff/{version.pk}/")).content.decode()
    assert "3 becomes 2" in back and "better for partners" in back
    chosen = browser.post(page(harder, "compare/"), {"first": version.pk, "second": harder.pk})
    assert chosen["Location"] == page(version, f"diff/{harder.pk}/")
    assert browser.get(page(version, "diff/01a21e26-0000-7000-8000-000000000000/")).status_code == 404
    client = api_of(ada)
    found = client.get(f"{API}{harder.pk}/diff/").json()
    assert found["changes"][0]["tone"] == "adverse"
    assert client.get(f"{API}{version.pk}/diff/?against={harder.pk}").json()["changes"][0]["tone"] == "good"
    assert client.get(f"{API}{version.pk}/diff/?against=x").status_code == 400
