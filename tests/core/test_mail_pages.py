"""Mail for administrators: everything that was written can be read, links work only where nothing leaves."""

from datetime import timedelta

import pytest
import time_machine

from accounts.actions import invite
from core import mail
from core.models import Mail


@pytest.fixture(autouse=True)
def the_clock(at):
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def invitation(northgate, maya, acting, at):
    invite(
        by=acting(maya),
        partner=northgate,
        email="new@northgate.example",
        name="Nia New",
        role="partner_seller",
        at=at,
    )
    return Mail.objects.get(letter="account.invitation")


@pytest.fixture
def failed(invitation, at):
    for n in range(mail.MOST_ATTEMPTS):
        mail.fail(mail.claim(at + n * 2 * mail.LEASE), OSError("connection refused"))
    return Mail.objects.get(pk=invitation.pk)


def text(answer) -> str:
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def test_an_administrator_reads_a_letter_and_follows_its_link(invitation, ada, browser_of, settings):
    settings.EMAIL_URL = ""
    pages = browser_of(ada)
    assert "new@northgate.example" in text(pages.get("/manage/mail/"))
    page = text(pages.get(f"/manage/mail/{invitation.id}/"))
    assert f'href="{settings.BASE_URL}/join/' in page and "Nia New" in page


def test_where_mail_leaves_its_links_are_masked(invitation, ada, browser_of, api_of, settings):
    settings.EMAIL_URL = "smtp://localhost"
    page = text(browser_of(ada).get(f"/manage/mail/{invitation.id}/"))
    written = api_of(ada).get(f"/api/v1/mails/{invitation.id}/").json()["text"]
    for words in (page, written):
        assert "/join/" not in words and "Nia New" in words


def test_only_administrators_read_mail(invitation, maya, priya, northgate, browser_of, api_of):
    assert browser_of(maya).get("/manage/mail/").status_code == 403
    assert browser_of(maya).get(f"/manage/mail/{invitation.id}/").status_code == 403
    assert browser_of(priya).get("/manage/mail/").status_code == 404
    assert api_of(maya).get("/api/v1/mails/").status_code == 403
    assert api_of(priya, northgate).get(f"/api/v1/mails/{invitation.id}/").status_code in (403, 404)


def test_a_failed_letter_is_sent_again_and_no_other(invitation, failed, ada, browser_of, api_of, settings):
    pages = browser_of(ada)
    assert "connection refused" in text(pages.get(f"/manage/mail/{failed.id}/"))
    assert pages.post(f"/manage/mail/{failed.id}/retry/").status_code == 302
    again = Mail.objects.get(pk=failed.pk)
    assert (again.state, again.attempts, again.error) == (Mail.QUEUED, 0, "")
    assert (
        api_of(ada).post(f"/api/v1/mails/{failed.id}/retry/", content_type="application/json").status_code
        == 409
    )


def test_letters_are_filtered(failed, ada, browser_of, api_of):
    pages = browser_of(ada)
    for query, is_there in (("state=failed", True), ("state=sent", False), ("to=NEW@northgate.example", True),
                            ("to=other@else.example", False), ("letter=account.invitation", True)):  # fmt: skip
        assert ("Account: invitation" in text(pages.get(f"/manage/mail/?{query}"))) == is_there
    assert len(api_of(ada).get("/api/v1/mails/?state=failed").json()["results"]) == 1


def test_a_letter_that_no_longer_applies_says_so(invitation, ada, browser_of, at):
    from accounts.actions import revoke_invitation
    from accounts.models import Invitation
    from core.actors import SYSTEM

    revoke_invitation(by=SYSTEM, invitation=Invitation.objects.get(), at=at + timedelta(hours=1))
    assert "no longer applies" in text(browser_of(ada).get(f"/manage/mail/{invitation.id}/"))
