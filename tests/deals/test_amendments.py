"""Amendments: what was approved changes by request, and the protections change with it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from catalog.models import Product
from core.actors import SYSTEM
from core.errors import Conflict, NotVisible
from core.mail import render
from core.models import Mail
from core.money import Money
from deals import actions, amending
from deals.models import Amendment, ConflictCheck, Protection
from events.models import Event
from tests.deals import factories as make

DAY = timedelta(days=1)


@pytest.fixture
def deal(northgate, at, brannoc):
    return make.approved(northgate, at, brannoc, contact="Helen Marsh")


def products(*codes):
    return list(Product.objects.filter(code__in=codes))


def ask(deal, at, **facts):
    return actions.request_amendment(by=SYSTEM, deal=deal, reason="The customer wants more.", at=at, **facts)


def later(deal):
    return {"expected_close_on": deal.protected_until + 60 * DAY}


def accept(amendment, at, **more):
    return actions.accept_amendment(by=SYSTEM, amendment=amendment, at=at, **more)


def protected(deal):
    return set(Protection.objects.filter(deal=deal).running().values_list("product__code", flat=True))


def test_a_request_keeps_what_differs_old_beside_new(northgate, sam, acting, deal, at):
    amendment = actions.request_amendment(
        by=acting(sam), deal=deal, reason="The board decides in May.", at=at, contact="Helen Marsh",
        amount=Money(50_000_000, "USD"), expected_close_on=date(2027, 5, 20),
    )  # fmt: skip
    assert amendment.changes == {
        "amount": {
            "old": {"amount": "420000.00", "currency": "USD"},
            "new": {"amount": "500000.00", "currency": "USD"},
        },
        "expected_close_on": {"old": "2027-03-15", "new": "2027-05-20"},
    }
    assert (amendment.state, amendment.requested_by) == ("requested", sam)
    deal.refresh_from_db()
    assert deal.amount == Money(42_000_000, "USD")
    event = Event.objects.about(deal).get(type="deal.amendment_requested")
    assert event.data["changed"] == ["amount", "expected_close_on"]


def test_a_later_close_that_is_accepted_is_a_slip(deal, at):
    amendment = ask(deal, at, expected_close_on=date(2027, 5, 20))
    assert actions.accept_amendment(by=SYSTEM, amendment=amendment, at=at).deal.slips == 1


def test_accepted_the_facts_change_and_the_partner_is_told(northgate, priya, dirk, acting, deal, at):
    amendment = ask(deal, at, amount=Money(50_000_000, "USD"), contact="Luis Ortega", tender_deadline_on=None)
    amendment = actions.accept_amendment(by=acting(dirk), amendment=amendment, comment="Good.", at=at)
    deal.refresh_from_db()
    assert (amendment.state, amendment.decided_by) == ("accepted", dirk)
    assert (deal.amount, deal.contact, deal.state) == (Money(50_000_000, "USD"), "Luis Ortega", "approved")
    event = Event.objects.about(deal).get(type="deal.amended")
    assert "Luis" not in str(event.data)
    told = render(Mail.objects.get(letter="deal.amended", to_user=priya))
    assert told is not None
    assert "Good." in told[1]


def test_an_added_product_is_protected_to_the_same_day_and_a_removed_one_is_free(
    northgate, albion, deal, at, brannoc
):
    checks = ConflictCheck.objects.filter(deal=deal).count()
    accept(ask(deal, at, products=products("imaging", "documentation")), at + DAY)
    deal.refresh_from_db()
    assert protected(deal) == {"imaging", "documentation"}
    assert set(Protection.objects.running().values_list("until", flat=True)) == {deal.protected_until}
    assert ConflictCheck.objects.filter(deal=deal).count() == checks + 1
    assert make.approved(albion, at + DAY, brannoc).state == "approved"  # triage, that was given up


def test_a_product_that_is_taken_is_not_added_and_nothing_changes(northgate, albion, deal, at, brannoc):
    make.approved(albion, at, brannoc, products=products("imaging"))
    amendment = ask(deal, at, products=products("triage", "imaging"), contact="Luis")
    with pytest.raises(Conflict, match="Another partner is protected on this customer until"):
        accept(amendment, at)
    deal.refresh_from_db()
    amendment.refresh_from_db()
    assert protected(deal) == {"triage"}
    assert (deal.contact, amendment.state) == ("Helen Marsh", "requested")


def test_the_grace_of_another_holds_for_an_added_product(northgate, albion, deal, at, brannoc):
    rival = make.approved(albion, at, brannoc, products=products("imaging"), days=10)
    amendment = ask(deal, at, products=products("triage", "imaging"))
    with pytest.raises(Conflict, match="can still be renewed"):
        accept(amendment, rival.ends_at + DAY)
    assert accept(amendment, rival.ends_at + 8 * DAY).state == "accepted"


def test_an_added_product_waits_for_the_conflict_case(deal, at):
    amendment = ask(deal, at, products=products("triage", "imaging"))
    case = actions.open_case(by=SYSTEM, deal=deal, direct="Our own sales know the board.", at=at)
    with pytest.raises(Conflict, match=case.number):
        accept(amendment, at)
    assert protected(deal) == {"triage"}
    actions.close_case(by=SYSTEM, case=case, reasoning="They do not.", at=at)
    assert accept(amendment, at).state == "accepted"


def test_a_change_that_adds_no_product_waits_for_no_case(deal, at):
    actions.open_case(by=SYSTEM, deal=deal, direct="Our own sales know the board.", at=at)
    assert accept(ask(deal, at, contact="Luis"), at).state == "accepted"


def test_a_hard_conflict_of_an_added_product_is_known_before_it_is_accepted(
    northgate, albion, deal, at, brannoc
):
    make.submitted(albion, at - DAY, brannoc, products=products("imaging"), contact="Helen Marsh")
    amendment = ask(deal, at, products=products("triage", "imaging"))
    with pytest.raises(Conflict, match="hard conflict") as refused:
        accept(amendment, at)
    assert refused.value.code == "new_conflict"
    assert protected(deal) == {"triage"}
    assert accept(amendment, at, conflicts_seen=True).state == "accepted"


def test_an_added_product_that_two_managers_partners_claim_is_the_deal_desks(
    northgate, albion, deal, at, brannoc, maya, dirk, acting
):
    make.submitted(albion, at + DAY, brannoc, products=products("imaging"))
    amendment = ask(deal, at, products=products("triage", "imaging"))
    with pytest.raises(PermissionDenied, match="deal desk"):
        actions.accept_amendment(by=acting(maya), amendment=amendment, at=at + DAY)
    assert protected(deal) == {"triage"}
    accepted = actions.accept_amendment(by=acting(dirk), amendment=amendment, at=at + DAY)
    assert accepted.state == "accepted"


def test_a_product_that_was_given_up_has_no_grace_when_the_rest_expires(northgate, albion, deal, at, brannoc):
    accept(ask(deal, at, products=products("imaging")), at + DAY)
    actions.release_lapsed(at=deal.ends_at)
    assert make.approved(albion, deal.ends_at, brannoc, **later(deal)).state == "approved"  # triage
    rival = make.submitted(albion, deal.ends_at, brannoc, products=products("imaging"), **later(deal))
    with pytest.raises(Conflict, match="can still be renewed"):
        actions.approve_deal(by=SYSTEM, deal=rival, at=deal.ends_at)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"products": []}, "products"),
        ({"amount": None}, "amount"),
        ({"expected_close_on": date(2026, 1, 1)}, "expected_close_on"),
        ({"expected_close_on": date(2040, 1, 1)}, "expected_close_on"),
        ({"contact": "Helen Marsh"}, "__all__"),
    ],
)
def test_what_no_registration_could_say_is_refused(deal, at, facts, field):
    with pytest.raises(ValidationError) as refused:
        ask(deal, at, **facts)
    assert field in (refused.value.message_dict if hasattr(refused.value, "error_dict") else ["__all__"])
    assert not Amendment.objects.exists()


def test_another_customer_is_another_registration(deal, at):
    with pytest.raises(TypeError):
        ask(deal, at, customer_name="Somewhere else")


def test_one_request_waits_and_only_while_it_is_protected(northgate, deal, at):
    ask(deal, at, contact="Luis")
    with pytest.raises(Conflict, match="waiting"):
        ask(deal, at, contact="Ana")
    with pytest.raises(Conflict):
        ask(make.submitted(northgate, at, customer_name="Elsewhere"), at, contact="Ana")


def test_a_refusal_has_a_reason_and_leaves_everything(northgate, priya, deal, at):
    amendment = ask(deal, at, contact="Luis")
    with pytest.raises(ValidationError):
        actions.refuse_amendment(by=SYSTEM, amendment=amendment, reason="unheard_of", at=at)
    amendment = actions.refuse_amendment(by=SYSTEM, amendment=amendment, reason="not_agreed", at=at)
    deal.refresh_from_db()
    assert (amendment.state, deal.contact) == ("refused", "Helen Marsh")
    told = render(Mail.objects.get(letter="deal.amendment_refused", to_user=priya))
    assert told is not None
    assert "Not agreed" in told[1]
    with pytest.raises(Conflict):
        accept(amendment, at)


def test_who_may_ask_and_who_may_answer(sam, rhys, vera, acting, deal, at):
    with pytest.raises(NotVisible):
        actions.request_amendment(by=acting(rhys), deal=deal, reason="x", contact="Luis", at=at)
    amendment = ask(deal, at, contact="Luis")
    for person in (sam, vera):
        with pytest.raises(PermissionDenied):
            actions.accept_amendment(by=acting(person), amendment=amendment, at=at)
    assert actions.withdraw_amendment(by=acting(sam), amendment=amendment, at=at).state == "withdrawn"


@pytest.mark.parametrize("end", ["win", "loss", "expiry"])
def test_it_is_closed_when_its_deal_ends(deal, at, end):
    amendment = ask(deal, at, contact="Luis")
    common = {"by": SYSTEM, "deal": deal, "at": at}
    {
        "win": lambda: actions.report_win(**common, won_on=deal.day_of(at), reference="PO"),
        "loss": lambda: actions.report_loss(**common, reason="price"),
        "expiry": lambda: actions.release_lapsed(at=deal.ends_at),
    }[end]()
    amendment.refresh_from_db()
    assert amendment.state == "closed"


def test_a_tender_deadline_that_moves_takes_the_protection_with_it_and_never_back(
    northgate, priya, dirk, browser_of, deal, at
):
    make.make_lengths()
    type(deal.organization).objects.filter(pk=deal.organization_id).update(is_public_body=True)
    deadline = deal.protected_from + 300 * DAY
    until = deadline + 60 * DAY
    amendment = ask(deal, at, tender_deadline_on=deadline)
    page = browser_of(dirk).get(amendment.decide_url).content.decode()
    assert "deadline has moved" in page

    accepted = accept(amendment, at).deal
    assert accepted.protected_until == until
    assert Protection.objects.running().get(deal=deal).until == until
    assert Event.objects.about(deal).get(type="deal.amended").data["until"] == until.isoformat()
    told = render(Mail.objects.get(letter="deal.amended", to_user=priya))
    assert told is not None
    assert f"The protection holds until {until.day} {until:%B %Y}." in told[1]

    earlier = accept(ask(accepted, at, tender_deadline_on=deal.protected_from + 250 * DAY), at).deal
    assert earlier.protected_until == until


def test_every_fact_is_written_down_and_read_back(deal):
    facts = {
        "products": products("imaging"), "amount": Money(1_00, "EUR"), "expected_close_on": date(2027, 1, 2),
        "contact": "Ana", "competitor": "", "help_wanted": "co_sell", "procurement_route": "tender",
        "procurement_reference": "T-1", "tender_deadline_on": None,
    }  # fmt: skip
    assert {
        name: amending.read(name, amending.written(name, value)) for name, value in facts.items()
    } == facts
    assert len(amending.lines({name: {"old": amending.present(deal, name), "new": amending.written(name, value)}
                               for name, value in facts.items()})) == len(facts)  # fmt: skip
