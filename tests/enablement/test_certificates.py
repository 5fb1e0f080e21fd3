"""A certificate is shown by its person's consent alone, under a code that nobody guesses."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from core import clock
from core.errors import Conflict
from enablement import codes
from enablement.actions import hide_certificate, revoke_certification, show_certificate
from enablement.models import Certificate
from events.models import Event
from partners.actions import note_departure
from partners.models import Contact
from tests.enablement.factories import certify

pytestmark = pytest.mark.django_db
API = "/api/v1/certificates/"


@pytest.fixture
def sams(sam, northgate, tracks) -> Certificate:
    """Sam's certificate in sales, passed a month ago, not shown."""
    contact = Contact.objects.get(user=sam, partner=northgate)
    return certify(contact, tracks["sales"], clock.today() - timedelta(days=30)).certificate


@pytest.fixture
def shown(sams, sam, acting, at) -> Certificate:
    return show_certificate(by=acting(sam), certificate=sams, at=at)


def public(code: str, **more):
    return Client().get(f"/verify/{code}/", **more)


# The code


def test_a_code_has_128_bits_and_no_two_are_alike():
    found = {codes.new() for _n in range(500)}
    assert len(found) == 500
    assert {len(code) for code in found} == {26}
    assert all(codes.typed(code) == code for code in found)


def test_a_code_is_understood_as_people_type_it():
    code = "OIBAA" + "C" * 21
    assert codes.typed(codes.grouped(code)) == code
    assert codes.typed(f"  018aa {'c' * 21} ") == code
    for nonsense in ("", "x", "A" * 27, "ä" * 26, "A" * 500, "A" * 25 + "!"):
        assert codes.typed(nonsense) == ""


# Consent


def test_nobody_but_the_person_shows_or_hides_it(sams, sam, priya, maya, rhys, system, acting, at):
    for other in (acting(priya), acting(maya), acting(rhys), system):
        with pytest.raises(PermissionDenied):
            show_certificate(by=other, certificate=sams, at=at)
    assert show_certificate(by=acting(sam), certificate=sams, at=at).shown_since == at
    with pytest.raises(PermissionDenied):
        hide_certificate(by=acting(priya), certificate=sams, at=at)
    with pytest.raises(Conflict):
        show_certificate(by=acting(sam), certificate=sams, at=at)


def test_consent_and_its_end_are_events(shown, sam, acting, at):
    hide_certificate(by=acting(sam), certificate=shown, at=at)
    with pytest.raises(Conflict):
        hide_certificate(by=acting(sam), certificate=shown, at=at)
    found = Event.objects.filter(subject_id=shown.pk).order_by("id").values_list("type", flat=True)
    assert list(found) == ["certificate.shown", "certificate.hidden"]


def test_a_person_without_an_account_shows_nothing(dana, tracks):
    kept = certify(dana, tracks["sales"], date(2026, 1, 5)).certificate
    assert kept.user is None
    assert public(kept.code).status_code == 404


# The public page


def test_what_is_shown_says_who_passed_what_and_until_when(shown):
    answer = public(shown.code)
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in ("Sam Ortiz", "Sales", "Foundation", "certificate is valid", shown.grouped_code):
        assert words in page
    assert "Northgate" not in page
    assert "sam@northgate.example" not in page


def test_no_search_engine_and_no_cache_keeps_it(shown):
    for address in ("/verify/", f"/verify/{shown.code}/", "/verify/unknown/"):
        answer = Client().get(address)
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
        assert 'name="robots" content="noindex' in answer.content.decode()


def test_a_code_that_is_hidden_unknown_or_none_gets_one_answer(sams):
    answers = [public(code) for code in (sams.code, codes.new(), "nonsense", "A" * 26)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({len(answer.content) for answer in answers}) == 1
    assert "Sam" not in answers[0].content.decode()


def test_a_hidden_and_an_unknown_code_ask_the_database_alike(sams):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(code: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            Certificate.objects.under(code)
        return len(queries)

    assert asked(sams.code) == asked(codes.new()) == asked("nonsense") == 1


def test_it_is_gone_as_soon_as_it_is_hidden_and_back_under_the_same_code(shown, sam, acting, at):
    hide_certificate(by=acting(sam), certificate=shown, at=at)
    assert public(shown.code).status_code == 404
    show_certificate(by=acting(sam), certificate=shown, at=at)
    assert public(shown.code).status_code == 200


def test_what_has_ended_or_was_revoked_says_so(sam, northgate, tracks, acting, system, at):
    contact = Contact.objects.get(user=sam, partner=northgate)
    ended = certify(contact, tracks["sales"], date(2020, 1, 5)).certificate
    revoked = certify(contact, tracks["platform"], clock.today() - timedelta(days=9))
    revoke_certification(by=system, certification=revoked, reason_code="left_company", at=clock.now())
    for certificate in (ended, revoked.certificate):
        show_certificate(by=acting(sam), certificate=certificate, at=at)
    assert "expired on" in public(ended.code).content.decode()
    page = public(revoked.certificate.code).content.decode()
    assert "was revoked on" in page
    assert "left_company" not in page


def test_it_stays_the_persons_when_it_leaves_the_company(shown, sam, northgate, system, at):
    note_departure(by=system, contact=Contact.objects.get(user=sam, partner=northgate), at=at)
    assert "certificate is valid" in public(shown.code).content.decode()


def test_who_asks_too_often_is_told_when_to_come_back(shown):
    client = Client()
    codes_asked = [client.get("/verify/nonsense/").status_code for _n in range(31)]
    assert codes_asked == [404] * 30 + [429]
    answer = client.get(f"/verify/{shown.code}/")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "600"
    assert "try again" in answer.content.decode()
    elsewhere = client.get(f"/verify/{shown.code}/", REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 200


def test_a_typed_code_leads_to_its_page(shown):
    typed = shown.grouped_code.lower()
    answer = Client().get("/verify/", {"code": typed}, follow=True)
    assert "Sam Ortiz" in answer.content.decode()
    assert Client().get("/verify/", {"code": "<script>"}, follow=True).status_code == 404


# The portal


def test_a_person_sees_its_own_certificates_and_switches_them(sams, sam, priya, browser_of):
    mine = browser_of(sam)
    page = mine.get("/portal/certificates/").content.decode()
    assert sams.grouped_code in page
    assert sams.grouped_code not in browser_of(priya).get("/portal/certificates/").content.decode()
    assert mine.get(f"/portal/certificates/{sams.pk}/show/").status_code == 200
    assert mine.post(f"/portal/certificates/{sams.pk}/show/").status_code == 302
    assert "See the public page" in mine.get("/portal/certificates/").content.decode()
    assert public(sams.code).status_code == 200
    assert mine.post(f"/portal/certificates/{sams.pk}/hide/").status_code == 302
    assert public(sams.code).status_code == 404
    assert "Sam Ortiz" in mine.get(f"/portal/certificates/{sams.pk}/").content.decode()


def test_another_persons_certificate_is_not_there(sams, priya, maya, rhys, browser_of):
    for other in (priya, rhys):
        for move in ("", "show/", "hide/"):
            assert browser_of(other).get(f"/portal/certificates/{sams.pk}/{move}").status_code == 404
        assert browser_of(other).post(f"/portal/certificates/{sams.pk}/show/").status_code == 404
    sams.refresh_from_db()
    assert sams.shown_since is None


def test_a_person_of_two_partners_lets_them_count_at_the_other(sam, sams, albion, system, browser_of, at):
    from accounts.actions import start_membership

    there = start_membership(by=system, user=sam, partner=albion, role="partner_seller", at=at)
    browser = browser_of(sam)
    assert "count for Northgate" in browser.get("/portal/certificates/").content.decode()
    browser.post(f"/portal/switch/{albion.pk}/")
    assert "Let them count for Albion" in browser.get("/portal/certificates/").content.decode()
    assert browser.get("/portal/certificates/count-here/").status_code == 200
    assert browser.post("/portal/certificates/count-here/").status_code == 302
    there.refresh_from_db()
    assert there.is_primary
    assert browser.post("/portal/certificates/count-here/").status_code == 409


# The API


def test_the_same_by_api(sams, sam, priya, northgate, api_of):
    mine = api_of(sam, northgate)
    found = mine.get(API).json()["results"]
    assert [(row["id"], row["is_shown"], row["state"]) for row in found] == [(str(sams.pk), False, "valid")]
    assert api_of(priya, northgate).get(API).json()["results"] == []
    assert (
        api_of(priya, northgate).post(f"{API}{sams.pk}/show/", content_type="application/json").status_code
        == 404
    )
    shown = mine.post(f"{API}{sams.pk}/show/", content_type="application/json").json()
    assert shown["is_shown"] is True
    asked = Client().post(
        "/api/v1/public/certificates/verify/", {"code": shown["code"]}, content_type="application/json"
    )
    assert asked.json()["name"] == "Sam Ortiz"
    assert mine.post(f"{API}{sams.pk}/hide/", content_type="application/json").json()["is_shown"] is False
    again = Client().post(
        "/api/v1/public/certificates/verify/", {"code": shown["code"]}, content_type="application/json"
    )
    assert again.status_code == 404


def test_the_partner_reads_the_public_address_of_what_its_person_shows(
    sams, sam, priya, northgate, api_of, acting, at
):
    row = sams.certifications.get()
    url = f"/api/v1/certifications/{row.pk}/"
    assert api_of(priya, northgate).get(url).json()["verify_url"] is None
    show_certificate(by=acting(sam), certificate=sams, at=at)
    assert api_of(priya, northgate).get(url).json()["verify_url"].endswith(f"/verify/{sams.code}/")


def test_my_certifications_count_here_by_api(sam, sams, albion, northgate, system, api_of, at):
    from accounts.actions import start_membership

    there = start_membership(by=system, user=sam, partner=albion, role="partner_seller", at=at)
    done = api_of(sam, albion).post(f"{API}count-here/", content_type="application/json")
    assert done.status_code == 200, done.content
    there.refresh_from_db()
    assert there.is_primary
    assert api_of(sam, albion).post(f"{API}count-here/", content_type="application/json").status_code == 409
