"""What partners and customers read: plain words, dates, and never another partner."""

from __future__ import annotations

import pytest

from core import mail
from core.actors import SYSTEM
from core.models import Mail
from deals import actions
from inbox.models import Notification
from tests.deals import factories as make


def letters_to(user, name):
    return [mail.render(found) for found in Mail.objects.filter(letter=name, to_user=user)]


def register(sam, northgate, acting, at, **changes):
    return actions.register_deal(by=acting(sam), partner=northgate, at=at, **make.facts(**changes))


def test_a_registration_is_acknowledged_with_the_day_of_the_answer(sam, northgate, acting, at):
    register(sam, northgate, acting, at)
    [(subject, text, html)] = letters_to(sam, "deal.submitted")
    assert subject == "We have your registration of St. Brannoc’s Regional Medical Center"
    assert "Friday 27 November 2026, 10:31, New York time" in text
    assert "/portal/deals/" in html


def test_an_approval_tells_the_day_and_the_products(sam, northgate, acting, at, brannoc):
    deal = actions.link_customer(
        by=SYSTEM, deal=register(sam, northgate, acting, at), organization=brannoc, at=at
    )
    actions.approve_deal(by=SYSTEM, deal=deal, at=at, comment="Well done.")
    [(subject, text, _html)] = letters_to(sam, "deal.approved")
    assert "is approved" in subject
    assert "protected for you until 22 February 2027, for Triage." in text
    assert "Well done." in text


def test_a_refusal_names_no_partner(sam, northgate, albion, acting, at, brannoc):
    make.approved(albion, at, brannoc)
    deal = actions.link_customer(
        by=SYSTEM, deal=register(sam, northgate, acting, at), organization=brannoc, at=at
    )
    actions.reject_deal(by=SYSTEM, deal=deal, reason="already_protected", at=at)
    [(_subject, text, html)] = letters_to(sam, "deal.rejected")
    assert "Another partner is protected on this customer until 22 February 2027." in text
    assert "Albion" not in text + html


def test_a_question_names_the_open_fields(sam, northgate, acting, at):
    deal = register(sam, northgate, acting, at)
    actions.ask_for_more(by=SYSTEM, deal=deal, question="Who decides?", fields=["what_it_did"], at=at)
    [(_subject, text, _html)] = letters_to(sam, "deal.more_asked")
    assert "Who decides?" in text
    assert "What you have done so far" in text


def test_a_letter_that_no_longer_holds_is_not_sent(sam, northgate, acting, at, brannoc):
    deal = actions.link_customer(
        by=SYSTEM, deal=register(sam, northgate, acting, at), organization=brannoc, at=at
    )
    deal = actions.approve_deal(by=SYSTEM, deal=deal, at=at)
    actions.revoke_deal(by=SYSTEM, deal=deal, reason="inaccurate", at=at)
    assert letters_to(sam, "deal.approved") == [None]
    assert "ended early" in letters_to(sam, "deal.revoked")[0][0]


def test_a_managers_registration_is_told_to_the_partners_admins(priya, northgate, at):
    make.submitted(northgate, at)
    assert len(letters_to(priya, "deal.submitted")) == 1


def bells_of(user):
    return set(Notification.objects.filter(user=user).values_list("kind", flat=True))


REPORTS = {
    "deal.withdrawn": (
        "is withdrawn",
        lambda by, deal, at: actions.withdraw_deal(by=by, deal=deal, reason="no_opportunity", at=at),
    ),
    "deal.won": (
        "is won",
        lambda by, deal, at: actions.report_win(
            by=by, deal=deal, won_on=deal.day_of(at), reference="PO 4711", at=at
        ),
    ),
    "deal.lost": (
        "is reported as lost",
        lambda by, deal, at: actions.report_loss(by=by, deal=deal, reason="price", at=at),
    ),
}


@pytest.mark.parametrize("name", REPORTS)
def test_what_a_colleague_reports_is_told_to_the_others_and_not_to_the_colleague(
    name, priya, sam, northgate, acting, at, brannoc
):
    deal = register(sam, northgate, acting, at)
    actions.name_people(by=acting(sam), deal=deal, people=[priya], at=at)
    actions.link_customer(by=SYSTEM, deal=deal, organization=brannoc, at=at)
    deal = actions.approve_deal(by=SYSTEM, deal=deal, at=at)
    says, report = REPORTS[name]
    report(acting(sam), deal, at)
    [(subject, text, _html)] = letters_to(priya, name)
    assert says in subject
    assert name in bells_of(priya)
    assert not letters_to(sam, name)
    assert name not in bells_of(sam)
    assert "Northgate" not in text


@pytest.mark.parametrize("name", REPORTS)
def test_what_the_vendor_reports_for_a_partner_is_told_to_it(
    name, maya, sam, northgate, albion, acting, at, brannoc
):
    deal = register(sam, northgate, acting, at)
    deal = actions.link_customer(by=SYSTEM, deal=deal, organization=brannoc, at=at)
    deal = actions.approve_deal(by=SYSTEM, deal=deal, at=at)
    says, report = REPORTS[name]
    report(acting(maya), deal, at)
    [(subject, _text, _html)] = letters_to(sam, name)
    assert says in subject
    assert name in bells_of(sam)


def test_an_answer_is_acknowledged_with_the_day_until_which_the_clock_runs_again(
    priya, sam, northgate, acting, at
):
    deal = register(sam, northgate, acting, at)
    actions.name_people(by=acting(sam), deal=deal, people=[priya], at=at)
    deal = actions.ask_for_more(by=SYSTEM, deal=deal, question="Who decides?", fields=["what_it_did"], at=at)
    actions.complete_deal(by=acting(sam), deal=deal, at=at, what_it_did="The CMIO decides.")
    for user in (sam, priya):
        [(subject, text, _html)] = letters_to(user, "deal.resubmitted")
        assert "We have your answer" in subject
        assert "The clock runs again" in text
        assert "27 November 2026, 10:31, New York time" in text
    assert "deal.resubmitted" in bells_of(priya) - bells_of(sam)


def test_a_review_that_is_begun_is_told_as_long_as_it_goes_on(sam, northgate, acting, at):
    deal = actions.start_review(by=SYSTEM, deal=register(sam, northgate, acting, at), at=at)
    [(subject, text, _html)] = letters_to(sam, "deal.review_started")
    assert "We are looking at your registration" in subject
    assert "27 November 2026" in text
    assert "deal.review_started" in bells_of(sam)
    actions.reject_deal(by=SYSTEM, deal=deal, reason="not_eligible", at=at, comment="No")
    assert letters_to(sam, "deal.review_started") == [None]


def test_every_letter_of_deals_renders(priya, northgate, at):
    implementation = make.reported(northgate, at)
    deal = make.booked(northgate, at, at.date(), customer_name="Larkhill")
    make.submitted(northgate, at, customer_name="Third")
    for found in Mail.objects.filter(to_user=priya):
        parts = mail.render(found)
        assert parts is None or all(parts)
    [(subject, text, _html)] = [mail.render(m) for m in Mail.objects.filter(letter="implementation.confirm")]
    assert subject == f"Is Triage in use at {implementation.deal.customer_name}?"
    assert "/confirm/" in text
    assert deal.number
