"""What partners and customers read: plain words, dates, and never another partner."""

from __future__ import annotations

from core import mail
from core.actors import SYSTEM
from core.models import Mail
from deals import actions
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
