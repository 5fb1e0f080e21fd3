"""Sellers see all of their company's deals, or only those that they registered or are named on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actions import end_membership
from accounts.actors import partner_actor
from accounts.models import Membership
from core.actors import SYSTEM
from core.errors import Conflict, NotVisible
from core.mail import render
from core.models import Mail
from core.scoping import taking_part
from deals import actions
from deals.letters import recipients
from deals.models import Appeal, ConflictFactor, Deal, Protection
from events.models import Event
from files.models import Attachment
from inbox.actions import send_due_reminders
from inbox.models import Reminder
from metrics.registry import get, rows_for
from partners.actions import limit_sellers
from partners.models import Organization
from tests import factories
from tests.deals import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea(northgate, at):
    """Lea, another seller at Northgate."""
    return factories.make_partner_user("lea@northgate.example", "Lea Brandt", northgate, "partner_seller", at)


@pytest.fixture
def limited(northgate, priya, at):
    """Northgate, whose sellers see only their own."""
    return limit_sellers(by=partner_actor(priya), partner=northgate, own_only=True, at=at)


def register(person, partner, at, **changes) -> Deal:
    return actions.register_deal(by=partner_actor(person), partner=partner, at=at, **make.facts(**changes))


def seen_by(person) -> set:
    return set(Deal.objects.visible_to(partner_actor(person)))


def test_by_default_sellers_see_all_of_their_company(sam, lea, northgate, at):
    deal = register(sam, northgate, at)

    assert seen_by(lea) == seen_by(sam) == {deal}


def test_limited_sellers_see_what_they_registered_and_are_named_on(sam, lea, priya, limited, at):
    own, shared, other = (register(sam, limited, at, customer_name=f"Hospital {n}") for n in range(3))
    actions.name_people(by=partner_actor(sam), deal=shared, people=[lea], at=at)

    assert seen_by(lea) == {shared}
    assert seen_by(sam) == seen_by(priya) == {own, shared, other}


def test_a_limited_seller_may_do_nothing_to_a_colleague_s_deal(sam, lea, limited, at):
    deal = register(sam, limited, at)

    with pytest.raises(NotVisible):
        actions.withdraw_deal(by=partner_actor(lea), deal=deal, reason="mistake", at=at)
    with pytest.raises(NotVisible):
        actions.keep_draft(by=partner_actor(lea), partner=limited, key=deal.pk, at=at, customer_name="Mine")


def test_all_that_hangs_on_a_deal_is_hidden_with_it(sam, lea, limited, pdf, at):
    deal = register(sam, limited, at)
    actions.attach_documents(by=partner_actor(sam), deal=deal, documents=[pdf], at=at)
    deal = actions.reject_deal(by=make.SYSTEM, deal=deal, reason="not_eligible", at=at, comment="No")
    actions.file_appeal(by=partner_actor(sam), deal=deal, grounds="We met them", at=at)

    for rows in (Attachment.objects, Appeal.objects, Event.objects.about(deal)):
        assert rows.visible_to(partner_actor(sam)).exists()
        assert not rows.visible_to(partner_actor(lea)).exists()
    assert Event.objects.filter(subject_kind="partner").visible_to(partner_actor(lea)).exists()


def test_every_model_whose_partner_is_reached_over_a_deal_is_restricted():
    assert taking_part(Deal) == ("", ("submitted_by", "people"))
    assert taking_part(Protection) == ("deal", ("submitted_by", "people"))
    assert taking_part(ConflictFactor) == ("candidate__conflict_check__deal", ("submitted_by", "people"))
    assert taking_part(Organization) is None


def test_a_customer_that_a_colleague_registered_is_not_offered(sam, lea, limited, brannoc, at):
    deal = register(sam, limited, at)
    deal = actions.link_customer(by=make.SYSTEM, deal=deal, organization=brannoc, at=at)
    deal = actions.approve_deal(by=make.SYSTEM, deal=deal, at=at)

    assert brannoc in Organization.objects.visible_to(partner_actor(sam))
    assert brannoc not in Organization.objects.visible_to(partner_actor(lea))
    actions.name_people(by=partner_actor(sam), deal=deal, people=[lea], at=at)
    assert brannoc in Organization.objects.visible_to(partner_actor(lea))


def test_figures_tell_a_limited_seller_no_name_of_a_colleague_s_customer(lea, limited, at, on):
    make.booked(limited, at, on)
    revenue = get("annual_revenue")

    whole = rows_for(revenue, limited.pk, on, partner_actor(admin_of(limited, at)))
    own = rows_for(revenue, limited.pk, on, partner_actor(lea))

    assert "St. Brannoc" in whole[0].label
    assert [row.label for row in own] == ["1 of a colleague"]
    assert own[0].value == whole[0].value


def admin_of(partner, at):
    return factories.make_partner_user("boss@northgate.example", "Bo Boss", partner, "partner_admin", at)


def test_a_reference_of_a_colleague_s_deal_is_taken_and_tells_nothing(sam, lea, limited, at):
    register(sam, limited, at, external_ref="CRM-1")

    with pytest.raises(Conflict, match="Another registration of your company"):
        register(lea, limited, at, external_ref="CRM-1")


def test_named_people_are_written_to(sam, lea, northgate, at):
    deal = register(sam, northgate, at)
    actions.name_people(by=partner_actor(sam), deal=deal, people=[lea], at=at)
    Mail.objects.all().delete()

    actions.reject_deal(by=make.SYSTEM, deal=deal, reason="not_eligible", at=at, comment="No")

    assert {user.email for user in recipients(deal)} == {sam.email, lea.email}
    assert {mail.to_user.email for mail in Mail.objects.all() if render(mail)} == {sam.email, lea.email}


def test_whoever_registered_a_deal_and_admins_name_colleagues_others_do_not(sam, lea, priya, northgate, at):
    deal = register(sam, northgate, at)

    with pytest.raises(PermissionDenied):
        actions.name_people(by=partner_actor(lea), deal=deal, people=[lea], at=at)
    actions.name_people(by=partner_actor(priya), deal=deal, people=[lea], at=at)
    assert list(deal.people.all()) == [lea]


def test_only_people_of_the_partner_are_named(sam, northgate, maya, at):
    deal = register(sam, northgate, at)

    with pytest.raises(ValidationError, match="sign in for this partner"):
        actions.name_people(by=partner_actor(sam), deal=deal, people=[maya], at=at)


def test_a_seller_does_not_set_what_sellers_see(sam, northgate, at):
    with pytest.raises(PermissionDenied):
        limit_sellers(by=partner_actor(sam), partner=northgate, own_only=False, at=at)


def test_the_admin_sets_it_on_the_team_page(priya, browser_of, northgate):
    browser = browser_of(priya)
    assert "All deals of the company" in browser.get("/portal/team/").content.decode()

    answer = browser.post("/portal/team/sellers/", {"see": "own"})

    assert answer.status_code == 302 and answer["Location"] == "/portal/team/"
    assert "Only deals that they registered" in browser.get("/portal/team/").content.decode()


def test_pages_of_a_limited_seller_hold_only_its_own(sam, lea, browser_of, limited, at):
    hidden = register(sam, limited, at, customer_name="Quarrybank General")
    own = register(lea, limited, at, customer_name="Larkhill General")
    browser = browser_of(lea)

    for path in ("/portal/", "/portal/deals/", "/portal/search/?q=general", "/portal/deals/?export=csv"):
        page = b"".join(browser.get(path)).decode()
        assert hidden.number not in page and "Quarrybank" not in page, path
    assert "Larkhill" in browser.get("/portal/deals/").content.decode()
    assert browser.get(own.portal_url).status_code == 200
    assert browser.get(hidden.portal_url).status_code == 404


def test_colleagues_are_named_on_the_deal_s_page(sam, lea, browser_of, northgate, at):
    deal = register(sam, northgate, at)
    browser = browser_of(sam)
    assert "Lea Brandt" in browser.get(f"{deal.portal_url}people/").content.decode()

    assert browser.post(f"{deal.portal_url}people/", {"people": [str(lea.pk)]}).status_code == 302
    assert list(deal.people.all()) == [lea]


def reminded(deal) -> list[str]:
    planned = Reminder.objects.planned().filter(subject_id=deal.pk)
    return sorted({reminder.recipient.name for reminder in planned})


def leaves(person, at) -> None:
    end_membership(by=SYSTEM, membership=Membership.objects.current().get(user=person), at=at)


def test_reminders_pass_on_when_somebody_leaves_and_come_once_each(sam, lea, priya, northgate, brannoc, at):
    deal = register(sam, northgate, at)
    actions.link_customer(by=SYSTEM, deal=deal, organization=brannoc, at=at)
    deal = actions.approve_deal(by=SYSTEM, deal=deal, at=at)
    assert reminded(deal) == [sam.name]
    actions.name_people(by=SYSTEM, deal=deal, people=[lea], at=at)
    assert reminded(deal) == sorted([lea.name, sam.name])

    first = deal.ends_at - timedelta(days=20)
    send_due_reminders(at=first)
    leaves(lea, first)
    assert reminded(deal) == [sam.name]
    leaves(sam, first)
    assert reminded(deal) == [priya.name]
    send_due_reminders(at=deal.ends_at - timedelta(days=1))
    send_due_reminders(at=deal.ends_at - timedelta(days=1))
    sent = Reminder.objects.filter(subject_id=deal.pk, state="sent").values_list("recipient", flat=True)
    assert sorted(sent) == sorted([lea.pk, sam.pk, priya.pk])


def test_a_waiting_question_is_reminded_of_by_who_is_left(sam, priya, northgate, at):
    deal = register(sam, northgate, at)
    actions.ask_for_more(by=SYSTEM, deal=deal, question="Who?", fields=["contact"], at=at)
    other = register(sam, northgate, at, customer_name="Quarrybank General")
    assert reminded(deal) == [sam.name]
    leaves(sam, at)
    assert reminded(deal) == [priya.name]
    assert reminded(other) == []
