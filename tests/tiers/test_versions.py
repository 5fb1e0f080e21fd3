"""A version's way from a draft into force: by page and by API, reviewed by a second person, announced in time."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.mail import render
from core.models import Mail
from inbox.models import Notification
from tests.enablement.factories import certify
from tests.factories import make_vendor_user
from tests.tiers.factories import content, make_draft
from tiers import actions
from tiers.actions import recalculate
from tiers.actions.versions import earliest_day
from tiers.content import content_of
from tiers.models import Announcement, ProgramVersion, Standing
from tiers.tasks import nightly

pytestmark = pytest.mark.django_db
API = "/api/v1/program-versions/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(at, monkeypatch):
    """The clock of the doors stands at the story's instant."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


@pytest.fixture
def dora(program, at):
    """Dora, director."""
    return make_vendor_user("dora@vendor.example", "Dora Quist", "director", at)


@pytest.fixture
def gold(northgate, version, tracks, hire, system, at):
    """Northgate is Gold: two certified people, one of them in sales."""
    certify(hire(northgate, "Dana"), tracks["sales"], date(2026, 1, 5))
    certify(hire(northgate, "Luis"), tracks["platform"], date(2026, 1, 5))
    recalculate(by=system, as_of=at.date(), at=at)
    return northgate


@pytest.fixture
def harder(version):
    """A draft in which Gold asks for three certified people."""
    return make_draft(content(gold={"certified_people": 3}))


def page(version, path=""):
    return f"/manage/tiers/versions/{version.pk}/{path}"


def approve(version, dora, acting, at):
    actions.submit_version(by=acting(dora), version=version, at=at)
    return actions.approve_version(by=acting(dora), version=version, at=at)


def test_a_draft_goes_into_force_by_page(ada, dora, browser_of, gold, harder, system, at):
    drafter, second = browser_of(ada), browser_of(dora)
    made = drafter.post(page(harder, "draft/"), {"version": harder.version})
    draft = ProgramVersion.objects.order_by("number").last()
    assert made["Location"] == draft.get_absolute_url()

    drafter.post(page(draft, "submit/"), {"version": draft.version})
    own = drafter.get(page(draft)).content.decode()
    assert "a second person approves it" in own
    refused = drafter.post(page(draft, "approve/"), {"version": draft.version + 1})
    assert refused.status_code == 403

    second.post(page(draft, "return/"), {"version": draft.version + 1, "reason": "Say why."})
    draft.refresh_from_db()
    assert draft.state == "draft"
    drafter.post(page(draft, "submit/"), {"version": draft.version})
    second.post(page(draft, "approve/"), {"version": draft.version + 1})
    draft.refresh_from_db()
    earliest = earliest_day(draft, at.date())
    early = second.post(page(draft, "schedule/"), {"version": draft.version, "effective_from": at.date()})
    assert early.status_code == 400
    assert "is the earliest day" in early.content.decode()
    second.post(page(draft, "schedule/"), {"version": draft.version, "effective_from": earliest})
    draft.refresh_from_db()
    assert (draft.state, draft.effective_from) == ("scheduled", earliest)

    nightly(earliest, at + 61 * DAY)
    draft.refresh_from_db()
    assert draft.state == "active"


def test_whoever_changed_a_draft_does_not_approve_it(ada, dora, acting, harder, at):
    actions.change_settings(by=acting(dora), version=harder, at=at, name="Levels", notice_days=30)
    actions.submit_version(by=acting(ada), version=harder, at=at)
    with pytest.raises(PermissionDenied, match="does not approve"):
        actions.approve_version(by=acting(dora), version=harder, at=at)
    assert actions.approve_version(by=acting(ada), version=harder, at=at).state == "approved"


def send(client, url, body=None, tag=""):
    headers = {"If-Match": tag} if tag else {}
    return client.post(url, body or {}, content_type="application/json", headers=headers)


def test_a_draft_goes_its_way_by_api(ada, dora, api_of, harder, at):
    drafter, second = api_of(ada), api_of(dora)
    draft = send(drafter, f"{API}{harder.pk}/draft/").json()
    one = f"{API}{draft['id']}/"
    tag = drafter.get(one)["ETag"]
    assert send(drafter, f"{one}submit/").status_code == 428
    assert send(drafter, f"{one}submit/", tag='"999"').status_code == 412
    assert send(drafter, f"{one}submit/", tag=tag).json()["state"] == "in_review"
    assert send(drafter, f"{one}approve/", tag="*").status_code == 403
    assert send(second, f"{one}return/", {"reason": "Again"}, "*").json()["state"] == "draft"
    send(drafter, f"{one}submit/", tag="*")
    assert send(second, f"{one}approve/", tag="*").json()["state"] == "approved"
    day = (at.date() + 60 * DAY).isoformat()
    assert send(second, f"{one}schedule/", {"effective_from": at.date().isoformat()}, "*").status_code == 400
    assert send(second, f"{one}schedule/", {"effective_from": day}, "*").json()["effective_from"] == day
    assert send(second, f"{one}call-off/", {"reason": "No"}, "*").json()["state"] == "approved"
    assert send(second, f"{one}call-off/", {"reason": "No"}, "*").status_code == 409


# Announcing


def announce(harder, dora, acting, at):
    approve(harder, dora, acting, at)
    return actions.schedule_version(
        by=acting(dora), version=harder, effective_from=at.date() + 60 * DAY, at=at
    )


def test_each_partner_is_told_its_own_change_once(gold, albion, harder, dora, acting, priya, rhys, at):
    version = announce(harder, dora, acting, at)
    told = Announcement.objects.get()
    assert (told.partner, told.change, told.held_code, told.then_code) == (gold, "grace", "gold", "silver")
    assert any("You no longer meet what Gold asks for" in sentence for sentence in told.sentences)
    assert any("1 more person" in sentence for sentence in told.sentences)
    assert "Certified people: Gold asks for 3 instead of 2." in told.sentences
    mail = Mail.objects.get(letter="tier_announcement.made")
    assert mail.to_user == priya
    assert "23 Jan 2027" in render(mail)[0]
    assert Notification.objects.get(user=priya).kind == "tier_announcement.made"
    actions.announce_version(by=acting(dora), version=version, at=at)
    assert Announcement.objects.count() == 1


def test_the_vendors_investment_is_not_told(gold, version, dora, acting, priya, at):
    made = content_of(version)
    made["tiers"]["gold"]["investment"] = {
        "kind": "money", "low": "1000000", "high": None, "qualifier": "at_least", "basis": "", "raw": "$1M+",
        "currency": "USD",
    }  # fmt: skip
    made["tiers"]["gold"]["margin"] = {**made["tiers"]["gold"]["margin"], "low": "22", "raw": "22-25%"}
    announce(make_draft(made), dora, acting, at)
    told = " ".join(Announcement.objects.get().sentences)
    assert "Your margin becomes 22% instead of 20%" in told
    assert "nvestment" not in told


def test_nobody_is_told_of_what_changes_nothing_for_it(gold, albion, version, dora, acting, at):
    announce(make_draft(), dora, acting, at)
    assert not Announcement.objects.exists()


def test_a_call_off_tells_those_who_were_told(gold, harder, dora, acting, priya, at):
    version = announce(harder, dora, acting, at)
    actions.call_off_version(by=acting(dora), version=version, at=at + DAY, reason="Not yet")
    assert Announcement.objects.get().called_off_at == at + DAY
    letter = Mail.objects.get(letter="tier_announcement.called_off")
    assert "does not come" in render(letter)[1]
    assert render(Mail.objects.get(letter="tier_announcement.made")) is None
    announce_again = actions.schedule_version(
        by=acting(dora), version=version, effective_from=at.date() + 90 * DAY, at=at + 2 * DAY
    )
    assert announce_again.announcements.filter(called_off_at=None).count() == 1


def test_a_partner_reads_and_acknowledges_its_change(
    gold, harder, dora, ada, acting, priya, sam, browser_of, at
):
    version = announce(harder, dora, acting, at)
    told = Announcement.objects.get()
    url = f"/portal/tier/announcements/{told.pk}/acknowledge/"
    mine = browser_of(priya).get("/portal/tier/").content.decode()
    assert "What changes for you on 23 Jan 2027" in mine
    assert url in mine
    assert url not in browser_of(sam).get("/portal/tier/").content.decode()
    assert browser_of(sam).post(url, {"version": told.version}).status_code == 403
    assert browser_of(priya).post(url, {"version": told.version})["Location"] == "/portal/tier/"
    told.refresh_from_db()
    assert (told.acknowledged_at, told.acknowledged_by) == (at, priya)
    seen = browser_of(ada).get(page(version, "announcements/")).content.decode()
    assert "1 of 1 partners have read what changes" in seen
    assert "Priya Raman" in seen


def test_another_partners_announcement_does_not_exist(
    gold, harder, dora, acting, rhys, browser_of, api_of, albion, at
):
    announce(harder, dora, acting, at)
    told = Announcement.objects.get()
    assert browser_of(rhys).get(f"/portal/tier/announcements/{told.pk}/acknowledge/").status_code == 404
    assert api_of(rhys, albion).get("/api/v1/tier-announcements/").json()["results"] == []
    assert send(api_of(rhys, albion), f"/api/v1/tier-announcements/{told.pk}/acknowledge/").status_code == 404


def test_acknowledged_by_api(gold, harder, dora, acting, priya, api_of, at):
    announce(harder, dora, acting, at)
    told = Announcement.objects.get()
    client = api_of(priya, gold)
    assert client.get("/api/v1/tier-announcements/?is_open=true").json()["results"][0]["id"] == str(told.pk)
    answer = send(client, f"/api/v1/tier-announcements/{told.pk}/acknowledge/")
    assert answer.json()["acknowledged_at"] is not None


def test_nothing_falls_on_the_day_of_a_harder_version(gold, harder, dora, acting, at):
    version = announce(harder, dora, acting, at)
    nightly(version.effective_from, at + 60 * DAY)
    assert Standing.objects.open().get().tier.code == "gold"


# Programs and versions as pages


def test_programs_are_listed_with_their_versions(ada, browser_of, version, harder):
    browser = browser_of(ada)
    listed = browser.get("/manage/tiers/programs/").content.decode()
    assert "version 1" in listed
    record = browser.get(f"/manage/tiers/programs/{version.program_id}/").content.decode()
    assert "Version 2" in record and "Draft" in record


def test_a_version_in_force_says_why_it_is_not_edited(ada, browser_of, version):
    shown = browser_of(ada).get(page(version)).content.decode()
    assert "Only a draft is edited" in shown
    assert "Send to review" not in shown
