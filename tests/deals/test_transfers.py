"""Transfers: both partners agree, one after the other; then the protection and its days pass over at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from catalog.models import Setting
from core.actors import SYSTEM
from core.errors import Conflict, NotVisible
from core.mail import render
from core.models import Mail
from core.saving import save
from deals import actions, credit, rules
from deals.models import Consent, Deal, Protection, Transfer
from events.models import Event
from inbox.models import Notification, Reminder
from metrics.registry import get
from partners.actions import suspend_partner, terminate_partner
from partners.models import Organization
from tests.deals import factories as make
from tests.factories import make_partner

DAY = timedelta(days=1)


@pytest.fixture
def deal(northgate, at, brannoc):
    return make.approved(
        northgate, at, brannoc, contact="Helen Marsh", competitor="Someone", external_ref="CRM-9"
    )


def proposed(deal, receiver, at, **more):
    facts = {"reason": "Nearer to the customer.", "comment": "You both know them.", **more}
    return actions.propose_transfer(by=SYSTEM, deal=deal, receiver=receiver, at=at, **facts)


def asked(transfer):
    return transfer.consents.get(state="requested")


def agreed(deal, receiver, at):
    transfer = proposed(deal, receiver, at)
    for _side in rules.SIDES:
        actions.give_consent(by=SYSTEM, consent=asked(transfer), at=at)
    transfer.refresh_from_db()
    return transfer


def carried_out(deal, receiver, at):
    return actions.carry_out_transfer(by=SYSTEM, transfer=agreed(deal, receiver, at), at=at)


def written(**which):
    found = render(Mail.objects.get(**which))
    assert found is not None
    return found[0] + found[1]


def test_everything_claimed_is_said_to_pass_over_or_to_stay():
    assert sorted([*rules.PASSED_ON, *rules.STAYS]) == sorted(rules.FIELDS)


def test_the_registration_its_protection_and_the_days_pass_over(northgate, albion, rhys, priya, deal, at):
    until, row = deal.protected_until, Protection.objects.running().get(deal=deal)
    later = at + 5 * DAY
    transfer = carried_out(deal, albion, later)
    deal.refresh_from_db()
    taken = transfer.taken_over_by
    assert (deal.state, deal.closed_at) == ("transferred", later)
    assert (taken.state, taken.partner, taken.protected_until) == ("approved", albion, until)
    assert (taken.organization, taken.customer_name, taken.amount) == (
        deal.organization, deal.customer_name, deal.amount,
    )  # fmt: skip
    assert list(taken.products.all()) == list(deal.products.all())
    assert (taken.contact, taken.competitor, taken.external_ref, taken.what_it_did) == ("", "", "", "")
    row.refresh_from_db()
    assert (row.deal, row.until, row.ends_at, row.released_at) == (taken, until, taken.ends_at, None)
    assert Protection.objects.count() == 1
    assert not Reminder.objects.filter(subject_id=deal.pk, state="planned").exists()
    planned = Reminder.objects.filter(subject_id=taken.pk, state="planned")
    assert set(planned.values_list("recipient", "occasion_on")) == {(rhys.pk, until)}
    assert "has passed" in written(letter="deal.transferred", to_user=priya)
    assert "yours now" in written(letter="deal.taken_over", to_user=rhys)


def test_what_was_taken_over_can_be_won_and_counts_for_its_new_holder(northgate, albion, deal, at):
    taken = carried_out(deal, albion, at).taken_over_by
    assert set(taken.credits.current().values_list("partner", flat=True)) == {albion.pk}
    taken = actions.report_win(by=SYSTEM, deal=taken, won_on=taken.day_of(at), reference="PO", at=at)
    actions.book_deal(by=SYSTEM, deal=taken, amount=taken.amount, booked_on=at.date(), at=at)
    values = {value.partner_id: value.value for value in get("annual_revenue").values(at.date())}
    assert values.get(albion.pk) == taken.amount_minor
    assert not values.get(northgate.pk)


def test_the_new_registration_ends_by_the_old_ones_clock(northgate, albion, deal, at):
    taken = carried_out(deal, albion, at).taken_over_by
    assert taken.time_zone == "America/New_York"
    actions.release_lapsed(at=taken.ends_at - timedelta(seconds=1))
    assert Deal.objects.get(pk=taken.pk).state == "approved"
    actions.release_lapsed(at=taken.ends_at)
    assert Deal.objects.get(pk=taken.pk).state == "expired"


def test_the_holder_is_asked_first_and_the_receiver_knows_nothing_until_it_agrees(
    northgate, albion, rhys, priya, acting, deal, at
):
    transfer = proposed(deal, albion, at)
    assert transfer.state == "proposed"
    assert not Consent.objects.visible_to(acting(rhys)).exists()
    assert not Event.objects.filter(partner=albion, type__startswith="consent.").exists()
    assert not Mail.objects.filter(to_user=rhys).exists()
    told = written(letter="consent.asked", to_user=priya)
    assert "Albion Health" in told
    actions.give_consent(by=acting(priya), consent=asked(transfer), at=at)
    transfer.refresh_from_db()
    assert transfer.state == "offered"
    told = written(letter="consent.asked", to_user=rhys)
    for words in ("Northgate Clinical Systems", deal.customer_name, "22 February 2027"):
        assert words in told
    for hidden in (deal.number, "420,000", "Helen Marsh", "Nearer to the customer."):
        assert hidden not in told
    assert not Transfer.objects.visible_to(acting(rhys)).exists()
    assert not Deal.objects.visible_to(acting(rhys)).exists()


def test_the_receiver_may_know_the_customer_once_it_is_carried_out(albion, rhys, acting, deal, at, brannoc):
    known = Organization.objects.visible_to(acting(rhys)).filter(pk=brannoc.pk)
    transfer = agreed(deal, albion, at)
    assert not known.exists()
    actions.carry_out_transfer(by=SYSTEM, transfer=transfer, at=at)
    assert known.exists()


def test_a_holder_asks_in_words_and_the_vendor_proposes(northgate, albion, sam, maya, acting, deal, at):
    with pytest.raises(ValidationError):
        actions.request_transfer(by=acting(sam), deal=deal, wish=" ", reason="Too far.", at=at)
    wished = actions.request_transfer(by=acting(sam), deal=deal, wish="Albion", reason="Too far.", at=at)
    assert (wished.state, wished.receiver, wished.requested_by) == ("requested", None, sam)
    assert list(Transfer.objects.awaiting(acting(maya))) == [wished]
    transfer = proposed(deal, albion, at, reason="")
    assert (transfer.pk, transfer.state, transfer.reason) == (wished.pk, "proposed", "Too far.")
    assert not Transfer.objects.awaiting(acting(maya)).exists()


def test_a_holder_takes_its_wish_back_until_somebody_is_proposed(northgate, albion, sam, acting, deal, at):
    wished = actions.request_transfer(by=acting(sam), deal=deal, wish="Albion", reason="Too far.", at=at)
    assert actions.cancel_transfer(by=acting(sam), transfer=wished, at=at).state == "cancelled"
    transfer = proposed(deal, albion, at)
    with pytest.raises(Conflict, match="decline it instead"):
        actions.cancel_transfer(by=acting(sam), transfer=transfer, at=at)


def test_only_admins_agree_and_nobody_of_the_vendor(sam, ada, rhys, priya, acting, albion, deal, at):
    consent = asked(proposed(deal, albion, at))
    for person in (sam, ada):
        with pytest.raises(PermissionDenied):
            actions.give_consent(by=acting(person), consent=consent, at=at)
    with pytest.raises(NotVisible):
        actions.give_consent(by=acting(rhys), consent=consent, at=at)
    assert actions.give_consent(by=acting(priya), consent=consent, at=at).answered_by == priya


@pytest.mark.parametrize("side", rules.SIDES)
def test_either_declines_and_the_other_who_was_asked_is_told(northgate, albion, rhys, priya, deal, at, side):
    transfer = proposed(deal, albion, at)
    if side == rules.RECEIVING:
        actions.give_consent(by=SYSTEM, consent=asked(transfer), at=at)
    actions.decline_consent(by=SYSTEM, consent=asked(transfer), comment="No capacity.", at=at)
    transfer.refresh_from_db()
    assert transfer.state == "declined"
    assert not transfer.consents.open().exists()
    assert Deal.objects.get(pk=deal.pk).state == "approved"
    assert Mail.objects.filter(letter="consent.closed", to_user=priya).exists() == (side == rules.RECEIVING)
    assert not Mail.objects.filter(letter="consent.closed", to_user=rhys).exists()
    assert proposed(deal, albion, at).state == "proposed"


def test_a_consent_can_be_taken_back_until_it_is_carried_out(northgate, albion, deal, at):
    transfer = agreed(deal, albion, at)
    assert transfer.state == "agreed"
    actions.decline_consent(by=SYSTEM, consent=transfer.consents.get(side="giving"), at=at)
    with pytest.raises(Conflict):
        actions.carry_out_transfer(by=SYSTEM, transfer=transfer, at=at)
    assert Protection.objects.running().get().deal == deal


def test_nothing_is_carried_out_before_both_agree(northgate, albion, deal, at):
    transfer = proposed(deal, albion, at)
    for _side in rules.SIDES:
        with pytest.raises(Conflict):
            actions.carry_out_transfer(by=SYSTEM, transfer=transfer, at=at)
        actions.give_consent(by=SYSTEM, consent=asked(transfer), at=at)
    assert actions.carry_out_transfer(by=SYSTEM, transfer=transfer, at=at).state == "carried_out"


def test_only_a_running_protection_is_transferred_and_one_at_a_time(northgate, albion, at, deal):
    with pytest.raises(Conflict):
        proposed(make.submitted(northgate, at, customer_name="Elsewhere"), albion, at)
    with pytest.raises(Conflict):
        proposed(deal, albion, deal.ends_at)
    proposed(deal, albion, at)
    with pytest.raises(Conflict, match="under way"):
        proposed(deal, albion, at)


def test_no_transfer_gets_out_of_the_way_of_a_conflict_case(northgate, albion, deal, at):
    words = "Our own sales know the board."
    case = actions.open_case(by=SYSTEM, deal=deal, direct=words, at=at)
    with pytest.raises(Conflict, match=case.number):
        proposed(deal, albion, at)
    with pytest.raises(Conflict, match=case.number):
        actions.request_transfer(by=SYSTEM, deal=deal, wish="Albion", reason="Far.", at=at)
    actions.close_case(by=SYSTEM, case=case, reasoning="They do not.", at=at)
    transfer = agreed(deal, albion, at)
    again = actions.open_case(by=SYSTEM, deal=deal, direct=words, at=at)
    with pytest.raises(Conflict, match=again.number):
        actions.carry_out_transfer(by=SYSTEM, transfer=transfer, at=at)
    assert Protection.objects.running().get().deal == deal
    actions.close_case(by=SYSTEM, case=again, reasoning="They do not.", at=at)
    assert actions.carry_out_transfer(by=SYSTEM, transfer=transfer, at=at).state == "carried_out"


def test_what_a_holder_asked_for_is_not_proposed_while_a_case_runs(northgate, albion, deal, at):
    actions.request_transfer(by=SYSTEM, deal=deal, wish="Albion", reason="Far.", at=at)
    case = actions.open_case(by=SYSTEM, deal=deal, direct="Our own sales know the board.", at=at)
    with pytest.raises(Conflict, match=case.number):
        proposed(deal, albion, at)


def test_a_receiver_is_another_active_partner(northgate, albion, at, deal):
    suspend_partner(by=SYSTEM, partner=albion, reason_code="payment", at=at)
    albion.refresh_from_db()
    for receiver in (northgate, albion):
        with pytest.raises(ValidationError):
            proposed(deal, receiver, at)
    assert not Transfer.objects.exists()


def test_the_receivers_tier_must_have_room(northgate, albion, at, deal, larkhill):
    save(Setting(key="deal.most_open_protections", value=[1]))
    make.approved(albion, at, larkhill, customer_name="Larkhill Community Hospital")
    transfer = agreed(deal, albion, at)
    with pytest.raises(Conflict, match="no room"):
        actions.carry_out_transfer(by=SYSTEM, transfer=transfer, at=at)
    assert Deal.objects.filter(partner=albion).count() == 1
    assert Protection.objects.running().get(deal=deal)


def test_a_transfer_gives_no_extension_back(northgate, albion, at, deal):
    for _time in range(2):
        request = actions.request_extension(
            by=SYSTEM, deal=deal, evidence="A call.", activity_on=deal.day_of(at), at=at
        )
        deal = actions.grant_extension(by=SYSTEM, extension=request, at=at).deal
    taken = carried_out(deal, albion, at).taken_over_by
    again = carried_out(taken, northgate, at).taken_over_by
    for holder in (taken, again):
        assert actions.times_extended(holder) == 2
    with pytest.raises(Conflict, match="extended 2 times"):
        actions.request_extension(
            by=SYSTEM, deal=again, evidence="A call.", activity_on=again.day_of(at), at=at
        )


def test_who_was_protected_until_lately_gets_no_second_protection_by_a_transfer(
    northgate, albion, at, brannoc
):
    first = make.approved(albion, at, brannoc, days=10)
    actions.release_lapsed(at=first.ends_at)
    after_grace = first.ends_at + 8 * DAY
    deal = make.approved(northgate, after_grace, brannoc)
    transfer = agreed(deal, albion, after_grace)
    with pytest.raises(Conflict, match="until lately"):
        actions.carry_out_transfer(by=SYSTEM, transfer=transfer, at=after_grace)
    assert Protection.objects.running().get().deal == deal
    done = actions.carry_out_transfer(by=SYSTEM, transfer=transfer, at=first.ends_at + 31 * DAY)
    assert done.state == "carried_out"


def test_what_has_ended_by_its_date_no_longer_passes_over(northgate, albion, at, deal):
    transfer = agreed(deal, albion, at)
    with pytest.raises(Conflict):
        actions.carry_out_transfer(by=SYSTEM, transfer=transfer, at=deal.ends_at)
    transfer.refresh_from_db()
    actions.release_lapsed(at=deal.ends_at)
    transfer.refresh_from_db()
    assert transfer.state == "closed"


@pytest.mark.parametrize("end", ["win", "loss", "withdrawal", "revocation", "giver", "receiver"])
def test_it_is_closed_when_its_deal_or_a_partner_goes(northgate, albion, at, deal, end):
    transfer = agreed(deal, albion, at)
    common = {"by": SYSTEM, "deal": deal, "at": at}
    over = {"by": SYSTEM, "reason_code": "mutual", "at": at}
    {
        "win": lambda: actions.report_win(**common, won_on=deal.day_of(at), reference="PO"),
        "loss": lambda: actions.report_loss(**common, reason="price"),
        "withdrawal": lambda: actions.withdraw_deal(**common, reason="no_opportunity"),
        "revocation": lambda: actions.revoke_deal(**common, reason="inaccurate"),
        "giver": lambda: terminate_partner(partner=northgate, **over),
        "receiver": lambda: terminate_partner(partner=albion, **over),
    }[end]()
    transfer.refresh_from_db()
    assert transfer.state == "closed"
    assert set(transfer.consents.values_list("state", flat=True)) == {"closed"}


def test_open_requests_about_the_old_registration_are_closed(northgate, albion, at, deal):
    asked_for = actions.request_extension(
        by=SYSTEM, deal=deal, evidence="A call.", activity_on=deal.day_of(at), at=at
    )
    change = actions.request_amendment(
        by=SYSTEM, deal=deal, reason="Later.", expected_close_on=date(2027, 5, 1), at=at
    )
    carried_out(deal, albion, at)
    asked_for.refresh_from_db()
    change.refresh_from_db()
    assert (asked_for.state, change.state) == ("closed", "closed")


def test_neither_event_names_the_other(northgate, albion, at, deal):
    taken = carried_out(deal, albion, at).taken_over_by
    for event in Event.objects.filter(type__in=["deal.transferred", "deal.taken_over"]):
        assert not {str(albion.pk), str(northgate.pk), str(taken.pk), str(deal.pk)} & set(
            map(str, event.data.values())
        )
    assert set(Event.objects.about(deal).values_list("partner", flat=True)) == {northgate.pk}
    assert set(Event.objects.about(taken).values_list("partner", flat=True)) == {albion.pk}


def test_credit_passes_over_and_helpers_keep_theirs(northgate, albion, at, deal):
    helper = make_partner("Carrow Imaging")
    shares = [*credit.default_shares(northgate.pk), credit.Share(helper.pk, credit.IMPLEMENTED, 100)]
    actions.set_credit(by=SYSTEM, deal=deal, credits=shares, reason="agreed", at=at)
    taken = carried_out(deal, albion, at).taken_over_by
    assert {(row.family, row.partner_id): row.weight for row in taken.credits.current()} == {
        (credit.SOURCED, albion.pk): 100, (credit.FULFILLED, albion.pk): 100, (credit.IMPLEMENTED, helper.pk): 100
    }  # fmt: skip
    won = actions.report_win(by=SYSTEM, deal=taken, won_on=taken.day_of(at), reference="PO", at=at)
    assert won.state == "won"


def test_where_both_had_a_part_the_receiver_begins_with_the_default(northgate, albion, at, deal):
    shares = [
        credit.Share(northgate.pk, credit.SOURCED, 60, is_primary=True),
        credit.Share(albion.pk, credit.SOURCED, 40),
        credit.Share(northgate.pk, credit.FULFILLED, 100),
    ]
    actions.set_credit(by=SYSTEM, deal=deal, credits=shares, reason="agreed", at=at)
    taken = carried_out(deal, albion, at).taken_over_by
    assert {row.partner_id for row in taken.credits.current()} == {albion.pk}


def wished(deal, by, at):
    return actions.request_transfer(by=by, deal=deal, wish="Albion", reason="Nearer to it.", at=at)


def test_whoever_asked_for_a_transfer_hears_that_the_vendor_gave_it_up(sam, maya, deal, acting, at):
    actions.cancel_transfer(by=acting(maya), transfer=wished(deal, acting(sam), at), at=at)

    told = written(letter="transfer.cancelled", to_user=sam)
    assert "will not happen" in told
    assert "Albion" not in told
    assert Notification.objects.filter(user=sam, kind="transfer.cancelled").exists()


def test_whoever_takes_its_own_wish_back_is_not_written_to(sam, deal, acting, at):
    actions.cancel_transfer(by=acting(sam), transfer=wished(deal, acting(sam), at), at=at)

    assert not Mail.objects.filter(letter="transfer.cancelled").exists()


def test_an_admin_who_asked_hears_once_that_a_proposed_transfer_is_given_up(
    priya, maya, albion, deal, acting, at
):
    wished(deal, acting(priya), at)
    transfer = proposed(deal, albion, at)
    actions.cancel_transfer(by=acting(maya), transfer=transfer, at=at)

    ends = Mail.objects.filter(to_user=priya, letter__in=["transfer.cancelled", "consent.closed"])
    assert [mail.letter for mail in ends] == ["consent.closed"]
