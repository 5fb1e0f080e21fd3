"""More time: extensions with evidence, grace after the end (P18), renewals, and no second protection by the back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from catalog.models import Product, Setting
from core.actors import SYSTEM
from core.errors import Conflict, NotVisible
from core.models import Mail
from core.saving import save
from deals import actions
from deals.models import Deal, Extension, Protection
from events.models import Event
from home.kinds import KINDS
from inbox.models import Reminder
from partners.actions import suspend_partner, terminate_partner
from partners.models import Partner
from tests.deals import factories as make

DAY = timedelta(days=1)


def ask(deal, at, days_ago=1, **changes):
    facts = {"evidence": "A demonstration.", "activity_on": deal.day_of(at) - days_ago * DAY, **changes}
    return actions.request_extension(by=SYSTEM, deal=deal, at=at, **facts)


def extended(deal, at):
    return actions.grant_extension(by=SYSTEM, extension=ask(deal, at), at=at)


def expired(partner, at, organization, **changes):
    deal = make.approved(partner, at, organization, **changes)
    actions.release_lapsed(at=deal.ends_at)
    deal.refresh_from_db()
    return deal


def ask_again(deal, at, **changes):
    facts = {"evidence": "A call.", "activity_on": deal.day_of(at), **changes}
    return actions.request_renewal(by=SYSTEM, deal=deal, at=at, **facts)


# Extensions


def test_a_seller_asks_and_the_deal_desk_grants(northgate, sam, dirk, acting, at, brannoc):
    deal = make.approved(northgate, at, brannoc)
    asked = actions.request_extension(
        by=acting(sam), deal=deal, evidence="A demonstration.", activity_on=deal.day_of(at), at=at
    )
    assert (asked.state, asked.kind, asked.days, asked.requested_by) == ("requested", "extension", 60, sam)
    assert asked.due_at == deal.due_at  # asked at the same moment, the answer is due with the first decision
    granted = actions.grant_extension(by=acting(dirk), extension=asked, at=at, comment="Good luck.")
    deal.refresh_from_db()
    assert (granted.state, granted.until, granted.decided_by) == ("granted", date(2027, 4, 23), dirk)
    assert deal.protected_until == date(2027, 4, 23)
    assert deal.next_at == deal.ends_at
    protection = Protection.objects.get(deal=deal)
    assert (protection.until, protection.ends_at) == (deal.protected_until, deal.ends_at)
    told = Event.objects.about(deal).filter(type__in=["deal.extension_requested", "deal.extended"])
    assert told.count() == 2


def test_the_reminders_move_with_the_end(northgate, priya, at, brannoc):
    deal = make.approved(northgate, at, brannoc)
    extended(deal, at)
    planned = Reminder.objects.filter(subject_id=deal.pk, state="planned")
    assert set(planned.values_list("occasion_on", flat=True)) == {date(2027, 4, 23)}
    assert sorted(planned.values_list("offset_days", flat=True)) == [1, 7, 14, 30]


def test_a_protection_is_extended_twice_at_most(northgate, at, brannoc):
    deal = make.approved(northgate, at, brannoc)
    for _time in range(2):
        extended(deal, at)
    with pytest.raises(Conflict, match="2 times"):
        ask(deal, at)


def test_one_request_waits_at_a_time(northgate, at, brannoc):
    deal = make.approved(northgate, at, brannoc)
    ask(deal, at)
    with pytest.raises(Conflict, match="waiting"):
        ask(deal, at)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"days_ago": 31}, "activity_on"), ({"days_ago": -1}, "activity_on"), ({"evidence": "  "}, "evidence")],
)  # fmt: skip
def test_evidence_is_a_sentence_about_the_last_thirty_days(northgate, at, brannoc, changes, field):
    deal = make.approved(northgate, at, brannoc)
    with pytest.raises(ValidationError) as refused:
        ask(deal, at, **changes)
    assert field in refused.value.message_dict
    assert ask(deal, at, days_ago=30).state == "requested"


def test_only_a_running_protection_is_extended(northgate, at, brannoc):
    with pytest.raises(Conflict):
        ask(make.submitted(northgate, at, brannoc), at)
    deal = make.approved(northgate, at, brannoc)
    with pytest.raises(Conflict):
        ask(deal, deal.ends_at)


def test_a_refusal_says_why_and_leaves_the_day(northgate, priya, dirk, acting, at, brannoc):
    deal = make.approved(northgate, at, brannoc)
    asked = ask(deal, at)
    with pytest.raises(ValidationError):
        actions.refuse_extension(by=acting(dirk), extension=asked, reason="unheard_of", at=at)
    refused = actions.refuse_extension(by=acting(dirk), extension=asked, reason="no_activity", at=at)
    deal.refresh_from_db()
    assert (refused.state, deal.protected_until) == ("refused", date(2027, 2, 22))
    assert Mail.objects.filter(letter="deal.extension_refused", to_user=priya).count() == 1
    with pytest.raises(Conflict):
        actions.grant_extension(by=acting(dirk), extension=asked, at=at)
    assert ask(deal, at).state == "requested"


def test_who_may_ask_and_who_may_answer(northgate, sam, rhys, vera, priya, acting, at, brannoc):
    deal = make.approved(northgate, at, brannoc)
    facts = {"deal": deal, "evidence": "A call.", "activity_on": deal.day_of(at), "at": at}
    with pytest.raises(NotVisible):
        actions.request_extension(by=acting(rhys), **facts)
    asked = actions.request_extension(by=acting(sam), **facts)
    for person in (vera, priya):
        with pytest.raises(PermissionDenied):
            actions.grant_extension(by=acting(person), extension=asked, at=at)
        with pytest.raises(PermissionDenied):
            actions.refuse_extension(by=acting(person), extension=asked, reason="no_activity", at=at)


@pytest.mark.parametrize("end", ["win", "loss", "withdrawal", "revocation", "termination"])
def test_a_request_is_closed_when_its_deal_ends_otherwise(northgate, at, brannoc, end):
    deal = make.approved(northgate, at, brannoc)
    asked = ask(deal, at)
    common = {"by": SYSTEM, "deal": deal, "at": at}
    {
        "win": lambda: actions.report_win(**common, won_on=deal.day_of(at), reference="PO"),
        "loss": lambda: actions.report_loss(**common, reason="price"),
        "withdrawal": lambda: actions.withdraw_deal(**common, reason="no_opportunity"),
        "revocation": lambda: actions.revoke_deal(**common, reason="inaccurate"),
        "termination": lambda: terminate_partner(by=SYSTEM, partner=northgate, reason_code="mutual", at=at),
    }[end]()
    asked.refresh_from_db()
    assert asked.state == "closed"
    with pytest.raises(Conflict):
        actions.grant_extension(by=SYSTEM, extension=asked, at=at)


def test_a_request_waits_in_the_queue_of_those_who_answer(northgate, maya, finn, acting, at, brannoc):
    asked = ask(make.approved(northgate, at, brannoc), at)
    kind = next(kind for kind in KINDS if kind.key == "extension")
    assert list(kind.waiting(acting(maya), at)) == [asked]
    assert list(kind.waiting(acting(finn), at)) == []
    actions.grant_extension(by=SYSTEM, extension=asked, at=at)
    assert list(kind.waiting(acting(maya), at)) == []


# Grace


def test_in_the_grace_nobody_else_is_approved_and_nobody_is_named(northgate, albion, at, brannoc):
    first = expired(northgate, at, brannoc)
    rival = make.submitted(albion, first.ends_at, brannoc)
    last_moment = first.ends_at + 7 * DAY - timedelta(seconds=1)
    with pytest.raises(Conflict) as refused:
        actions.approve_deal(by=SYSTEM, deal=rival, at=last_moment)
    assert str(refused.value) == (
        "This customer can still be renewed by whoever was protected, until 1 March 2027."
    )
    assert northgate.name not in str(refused.value)
    assert actions.approve_deal(by=SYSTEM, deal=rival, at=last_moment + DAY).state == "approved"


def test_another_product_is_free_in_the_grace(northgate, albion, at, brannoc):
    first = expired(northgate, at, brannoc)
    imaging = [Product.objects.get(code="imaging")]
    assert make.approved(albion, first.ends_at, brannoc, products=imaging).state == "approved"


def test_what_was_given_up_has_no_grace(northgate, albion, at, brannoc):
    deal = make.approved(northgate, at, brannoc)
    actions.withdraw_deal(by=SYSTEM, deal=deal, reason="no_opportunity", at=at)
    assert make.approved(albion, at, brannoc).state == "approved"


def test_a_partnership_that_ended_has_no_grace(northgate, albion, at, brannoc):
    first = expired(northgate, at, brannoc)
    terminate_partner(by=SYSTEM, partner=northgate, reason_code="mutual", at=first.ends_at)
    assert make.approved(albion, first.ends_at, brannoc).state == "approved"


# Renewals


def test_a_renewal_protects_again(northgate, priya, dirk, acting, at, brannoc):
    deal = expired(northgate, at, brannoc)
    after = deal.ends_at + 2 * DAY
    asked = ask_again(deal, after)
    assert (asked.kind, asked.days) == ("renewal", 90)
    deal = actions.renew_deal(by=acting(dirk), deal=deal, at=after)
    assert (deal.state, deal.protected_from, deal.closed_at) == ("approved", deal.day_of(after), None)
    assert deal.protected_until == deal.day_of(after) + 90 * DAY
    assert Protection.objects.running().get(deal=deal).until == deal.protected_until
    asked.refresh_from_db()
    assert (asked.state, asked.until) == ("granted", deal.protected_until)
    planned = Reminder.objects.filter(subject_id=deal.pk, state="planned")
    assert set(planned.values_list("occasion_on", flat=True)) == {deal.protected_until}
    assert Mail.objects.filter(letter="deal.renewed", to_user=priya).count() == 1


def test_a_renewal_is_asked_for_within_the_grace(northgate, at, brannoc):
    deal = expired(northgate, at, brannoc)
    over = deal.ends_at + 7 * DAY
    with pytest.raises(Conflict, match="1 March 2027"):
        ask_again(deal, over)
    assert ask_again(deal, over - timedelta(seconds=1)).state == "requested"


def test_nothing_is_renewed_that_nobody_asked_for(northgate, at, brannoc):
    deal = expired(northgate, at, brannoc)
    with pytest.raises(Conflict, match="not asked"):
        actions.renew_deal(by=SYSTEM, deal=deal, at=deal.ends_at)


def test_who_asked_in_time_for_more_gets_a_renewal_even_before_the_sweep(northgate, at, brannoc):
    deal = make.approved(northgate, at, brannoc)
    late = deal.ends_at - timedelta(hours=1)
    asked = ask(deal, late)
    granted = actions.grant_extension(by=SYSTEM, extension=asked, at=late + DAY)
    deal.refresh_from_db()
    assert (granted.kind, granted.state, deal.state) == ("renewal", "granted", "approved")
    assert deal.protected_until == deal.day_of(late + DAY) + 60 * DAY


def test_a_renewal_never_pushes_another_partner_out(northgate, albion, at, brannoc):
    deal = expired(northgate, at, brannoc)
    asked = ask_again(deal, deal.ends_at)
    later = deal.ends_at + 8 * DAY
    make.approved(albion, later, brannoc)
    with pytest.raises(Conflict, match="Another partner is protected"):
        actions.grant_extension(by=SYSTEM, extension=asked, at=later)
    assert Protection.objects.running().count() == 1
    asked.refresh_from_db()
    assert asked.state == "requested"


def test_a_suspended_partner_gets_no_renewal(northgate, at, brannoc):
    deal = expired(northgate, at, brannoc)
    asked = ask_again(deal, deal.ends_at)
    suspend_partner(by=SYSTEM, partner=northgate, reason_code="payment", at=deal.ends_at)
    with pytest.raises(Conflict, match="active"):
        actions.grant_extension(by=SYSTEM, extension=asked, at=deal.ends_at)


# Squatting


def test_a_customer_is_not_kept_by_registering_it_anew(northgate, at, brannoc):
    first = expired(northgate, at, brannoc)
    again = make.submitted(northgate, first.ends_at, brannoc, expected_close_on=date(2027, 8, 1))
    with pytest.raises(Conflict, match="only a renewal"):
        actions.approve_deal(by=SYSTEM, deal=again, at=first.ends_at + 29 * DAY)
    assert actions.approve_deal(by=SYSTEM, deal=again, at=first.ends_at + 31 * DAY).state == "approved"


def test_nor_by_giving_it_up_and_taking_it_back(northgate, at, brannoc):
    deal = make.approved(northgate, at, brannoc)
    actions.withdraw_deal(by=SYSTEM, deal=deal, reason="no_opportunity", at=at)
    again = make.submitted(northgate, at, brannoc)
    with pytest.raises(Conflict, match="24 December 2026"):
        actions.approve_deal(by=SYSTEM, deal=again, at=at)


def test_who_has_won_a_customer_may_go_on_with_it(northgate, at, brannoc):
    won = make.won(northgate, at, brannoc)
    actions.release_lapsed(at=won.ends_at)
    again = make.approved(northgate, won.ends_at, brannoc, expected_close_on=date(2027, 8, 1))
    assert again.state == "approved"
    assert Deal.objects.get(pk=won.pk).state == "won"


def test_the_lengths_are_the_programs(northgate, at, brannoc):
    for key, value in {"deal.extension_days": 10, "deal.most_extensions": 1}.items():
        save(Setting(key=key, value=value))
    deal = make.approved(northgate, at, brannoc)
    assert extended(deal, at).until == date(2027, 3, 4)
    with pytest.raises(Conflict):
        ask(deal, at)
    assert Extension.objects.count() == 1


def test_a_tier_may_have_a_cap_of_open_protections(northgate, albion, at, brannoc, larkhill):
    save(Setting(key="deal.most_open_protections", value=[0, 0, 1]))
    Partner.objects.filter(pk=northgate.pk).update(tier_rank=2)
    first = make.approved(northgate, at, brannoc)
    second = make.submitted(northgate, at, larkhill)
    with pytest.raises(Conflict, match="no room"):
        actions.approve_deal(by=SYSTEM, deal=second, at=at)
    for customer in ("Harbor Valley", "Cedar Ridge"):  # another tier has no cap
        assert make.approved(albion, at, customer_name=customer).state == "approved"
    actions.report_win(by=SYSTEM, deal=first, won_on=first.day_of(at), reference="PO", at=at)
    assert actions.approve_deal(by=SYSTEM, deal=second, at=at).state == "approved"


def test_what_has_lapsed_takes_no_room_though_nobody_has_swept_it(northgate, at, brannoc, larkhill):
    save(Setting(key="deal.most_open_protections", value=[0, 0, 1]))
    Partner.objects.filter(pk=northgate.pk).update(tier_rank=2)
    first = make.approved(northgate, at, brannoc, days=10)
    second = make.submitted(northgate, at, larkhill)
    with pytest.raises(Conflict, match="no room"):
        actions.approve_deal(by=SYSTEM, deal=second, at=first.ends_at - timedelta(seconds=1))
    assert actions.approve_deal(by=SYSTEM, deal=second, at=first.ends_at).state == "approved"
    assert Deal.objects.get(pk=first.pk).state == "approved"  # the sweep comes later
