"""What each action does: the way of a lead, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.actors import SYSTEM
from core.errors import Conflict, NotVisible
from core.money import Money
from deals import actions as deals
from events.models import Event
from inbox.models import Notification, Reminder
from leads import actions, rules
from leads.models import Candidate, Lead, LeadOffer, Routing, Specialty
from partners.actions import suspend_partner, terminate_partner
from partners.models import OrganizationKnowledge
from tests.factories import make_organization, make_partner
from tests.leads import factories as make

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def told(lead: Lead) -> list[str]:
    return list(Event.objects.about(lead).order_by("created_at", "id").values_list("type", flat=True))


# Entering -------------------------------------------------------------------------------------------------------


def test_a_lead_comes_in_with_a_number_a_market_and_a_score(maya, acting, at):
    lead = make.entered(at, acting(maya))
    assert (lead.number, lead.state, lead.market.code, lead.score) == ("L-1001", "new", "us", 90)
    assert (lead.owner, lead.due_at) == (maya, at + 24 * HOUR)
    assert [p.code for p in lead.products.all()] == ["triage"]
    assert told(lead) == ["lead.entered"]


def test_whoever_may_not_enter_leads_does_not(sam, acting, at):
    with pytest.raises(PermissionDenied):
        make.entered(at, acting(sam))


def test_a_person_is_not_kept_without_a_reason_to_pass_it_on(program, at):
    with pytest.raises(ValidationError) as refused:
        make.entered(at, consent_basis="")
    assert set(refused.value.error_dict) == {"consent_basis"}
    assert (
        make.entered(at, consent_basis="", contact_name="", contact_email="", contact_phone="").consent_basis
        == ""
    )


def test_consent_does_not_lie_ahead(program, at):
    with pytest.raises(ValidationError) as refused:
        make.entered(at, consent_on=at.date() + DAY)
    assert set(refused.value.error_dict) == {"consent_on"}


@pytest.mark.parametrize(
    "need", ["Zyxquill wants it.", "Ask jabberina@zyxquill.example.", "Ask Jabberina Wockleton."]
)
def test_the_need_does_not_tell_who_it_is(program, at, need):
    with pytest.raises(ValidationError) as refused:
        make.entered(at, need=need)
    assert set(refused.value.error_dict) == {"need"}


def test_a_reference_is_one_lead(program, at):
    first = make.entered(at, external_ref="CRM-7")
    assert make.entered(at, external_ref="CRM-7") == first
    assert Lead.objects.count() == 1


def test_an_organization_that_is_chosen_gives_its_name(program, at):
    hospital = make_organization("Larkhill Community Hospital")
    lead = actions.enter_lead(by=SYSTEM, at=at, organization=hospital, country="US", customer_name="")
    assert lead.customer_name == "Larkhill Community Hospital"


def test_what_is_changed_is_told_and_nothing_else(maya, acting, at):
    lead = make.entered(at)
    actions.change_lead(
        by=acting(maya), lead=lead, at=at, contact_role="CIO", amount=Money(100, "EUR"), language="en"
    )
    assert Event.objects.get(type="lead.changed").data == {"changed": ["contact_role", "amount"]}
    actions.change_lead(by=acting(maya), lead=lead, at=at, contact_role="CIO")
    assert Event.objects.filter(type="lead.changed").count() == 1


def test_a_closed_lead_is_not_changed_and_can_be_opened_again(maya, acting, at):
    lead = actions.close_lead(by=acting(maya), lead=make.entered(at), reason="no_partner", at=at)
    with pytest.raises(Conflict):
        actions.change_lead(by=acting(maya), lead=lead, at=at, contact_role="CIO")
    lead = actions.reopen_lead(by=acting(maya), lead=lead, at=at)
    assert (lead.state, lead.reason, lead.closed_at) == ("new", "", None)


# Routing --------------------------------------------------------------------------------------------------------


def test_the_rules_offer_a_lead_and_store_why(program, maya, acting, at):
    near, far = make.ready("Near Health"), make.ready("Far Health", country="GB")
    lead = actions.route_lead(by=acting(maya), lead=make.entered(at), at=at)
    assert (lead.state, lead.partner, lead.due_at) == ("offered", near, at + 48 * HOUR)
    offer = LeadOffer.objects.get()
    assert (offer.lead, offer.partner, offer.due_at, offer.routing.outcome) == (
        lead,
        near,
        lead.due_at,
        "offered",
    )
    assert [(c.partner, c.is_chosen) for c in offer.routing.candidates.all()] == [(near, True)]
    assert not Candidate.objects.filter(partner=far).exists()


def test_partners_of_every_market_are_looked_at_where_a_rule_asks_for_none(program, at):
    make.make_routing({"code": "anyone", "partner_must": []})
    for name, country in (("Near Health", "US"), ("Far Health", "GB")):
        make.ready(name, country=country)
    actions.route_lead(by=SYSTEM, lead=make.entered(at), at=at)
    assert Candidate.objects.count() == 2


def test_tier_and_gates_of_the_program_are_asked(program, at):
    make.make_routing({"code": "secure", "gates": ["security"]})
    plain, secure = make.ready("Plain Health"), make.ready("Secure Health", gates=("security",), at=at)
    lead = actions.route_lead(by=SYSTEM, lead=make.entered(at), at=at)
    assert lead.partner == secure
    refused = Candidate.objects.get(partner=plain)
    assert [check for check in refused.checks if not check["passed"]] == [
        {"code": "gates", "needed": "security", "found": "none", "passed": False}
    ]


def test_a_partner_s_profile_says_which_leads_it_takes(program, maya, acting, at):
    make.make_routing({"code": "knows_it", "partner_must": ["specialty"]})
    a, b = make.ready("Aspen Health"), make.ready("Birch Health")
    oncology = Specialty.objects.get(code="oncology")
    for partner in (a, b):
        actions.change_profile(by=SYSTEM, partner=partner, at=at, specialties=[oncology])
    lead = actions.route_lead(by=SYSTEM, lead=make.entered(at), at=at)
    assert (lead.state, Routing.objects.get().outcome) == ("new", "nobody")
    actions.change_profile(by=SYSTEM, partner=b, at=at, specialties=[])
    assert actions.route_lead(by=SYSTEM, lead=lead, at=at).partner == b


def test_a_partner_at_its_capacity_gets_no_more(program, at):
    make.make_routing({"code": "anyone", "partner_must": ["market"]})
    partner = make.ready("Full Health")
    actions.change_profile(by=SYSTEM, partner=partner, at=at, capacity=1)
    first = actions.route_lead(by=SYSTEM, lead=make.entered(at), at=at)
    second = actions.route_lead(by=SYSTEM, lead=make.entered(at, customer_name="Other"), at=at)
    assert (first.partner, second.partner, second.state) == (partner, None, "new")


def test_leads_go_round(program, at):
    partners = [make.ready(f"{name} Health") for name in ("Aspen", "Birch", "Cedar")]
    got = [
        actions.route_lead(by=SYSTEM, lead=make.entered(at, customer_name=f"C{n}"), at=at + n * HOUR).partner
        for n in range(6)
    ]
    assert got == [*partners, *partners]


def test_nobody_fits_and_its_owner_hears_of_it(program, maya, acting, at):
    lead = make.entered(at, acting(maya))
    lead = actions.route_lead(by=SYSTEM, lead=lead, at=at)
    assert (lead.state, told(lead)) == ("new", ["lead.entered", "lead.unrouted"])
    assert Notification.objects.get(user=maya).kind == "lead.unrouted"


def test_what_a_partner_needs_to_know_is_asked_first(program, at):
    lead = make.entered(
        at, need="", website="", contact_name="", contact_email="", contact_phone="", consent_basis=""
    )
    with pytest.raises(ValidationError) as refused:
        actions.route_lead(by=SYSTEM, lead=lead, at=at)
    assert set(refused.value.error_dict) == {"need", "consent_basis", "contact_email"}


def test_a_lead_can_be_routed_as_it_comes_in(program, maya, acting, at):
    partner = make.ready("Near Health")
    lead = actions.enter_lead(by=acting(maya), at=at, route_now=True, **make.facts())
    assert (lead.state, lead.partner) == ("offered", partner)


def test_a_chosen_partner_needs_a_reason(program, northgate, maya, acting, at):
    lead = make.entered(at)
    with pytest.raises(ValidationError):
        actions.offer_lead(by=acting(maya), lead=lead, partner=northgate, reason="whim", at=at)
    lead = actions.offer_lead(by=acting(maya), lead=lead, partner=northgate, reason="customer_wish", at=at)
    assert (lead.partner, LeadOffer.objects.get().offer_reason) == (northgate, "customer_wish")


def test_a_lead_is_offered_to_one_at_a_time(program, northgate, albion, at):
    lead = make.offered(northgate, at)
    with pytest.raises(Conflict):
        actions.offer_lead(by=SYSTEM, lead=lead, partner=albion, reason="customer_wish", at=at)


def test_an_offer_can_be_taken_back(program, northgate, maya, acting, at):
    lead = make.offered(northgate, at)
    lead = actions.withdraw_offer(by=acting(maya), lead=lead, reason="wrong_partner", at=at)
    assert (lead.state, lead.partner, LeadOffer.objects.get().state) == ("new", None, "withdrawn")
    assert (
        actions.offer_lead(by=SYSTEM, lead=lead, partner=northgate, reason="customer_wish", at=at).state
        == "offered"
    )


# Answering ------------------------------------------------------------------------------------------------------


def test_accepting_starts_the_time_for_the_first_contact(northgate, sam, acting, at):
    hospital = make_organization("Zyxquill Infirmary")
    lead = make.offered(northgate, at, organization=hospital)
    lead = actions.accept_lead(by=acting(sam), lead=lead, at=at + HOUR)
    assert (lead.state, lead.accepted_by, lead.due_at) == ("accepted", sam, at + HOUR + 5 * DAY)
    assert LeadOffer.objects.get().answered_at == at + HOUR
    assert OrganizationKnowledge.objects.filter(
        organization=hospital, partner=northgate, because="lead"
    ).exists()


def test_a_partner_does_not_take_what_another_is_offered(northgate, albion, rhys, acting, at):
    lead = make.offered(northgate, at)
    with pytest.raises(NotVisible):
        actions.accept_lead(by=acting(rhys), lead=lead, at=at)


def test_a_viewer_of_the_partner_does_not_take_it(northgate, acting, at):
    from tests.factories import make_partner_user

    val = make_partner_user("val@northgate.example", "Val Osei", northgate, "partner_viewer", at)
    with pytest.raises(PermissionDenied):
        actions.accept_lead(by=acting(val), lead=make.offered(northgate, at), at=at)


def test_nothing_is_accepted_once_the_time_is_over(northgate, sam, acting, at):
    lead = make.offered(northgate, at)
    with pytest.raises(Conflict):
        actions.accept_lead(by=acting(sam), lead=lead, at=at + 48 * HOUR)


def test_a_declined_lead_goes_to_the_next_and_never_back(program, at):
    a, b = make.ready("Aspen Health"), make.ready("Birch Health")
    lead = actions.route_lead(by=SYSTEM, lead=make.entered(at), at=at)
    assert lead.partner == a
    lead = actions.decline_lead(by=SYSTEM, lead=lead, reason="too_far", at=at + HOUR)
    assert (lead.state, lead.partner, lead.due_at) == ("offered", b, at + 49 * HOUR)
    lead = actions.decline_lead(by=SYSTEM, lead=lead, reason="no_capacity", at=at + 2 * HOUR)
    assert (lead.state, lead.partner) == ("new", None)
    assert told(lead)[1:] == [
        "lead.offered", "lead.declined", "lead.offered", "lead.declined", "lead.unrouted",
    ]  # fmt: skip
    failed = {
        c.partner: [x["code"] for x in c.checks if not x["passed"]]
        for c in Routing.objects.first().candidates.all()
    }
    assert failed == {a: ["let_go"], b: ["let_go"]}
    with pytest.raises(Conflict):
        actions.offer_lead(by=SYSTEM, lead=lead, partner=a, reason="customer_wish", at=at)


def test_the_first_contact_ends_the_clock(northgate, sam, acting, at):
    lead = make.accepted(northgate, at)
    lead = actions.note_contact(
        by=acting(sam), lead=lead, way="phone", note="Call again in May.", at=at + DAY
    )
    assert (lead.state, lead.contacted_at, lead.due_at) == ("contacted", at + DAY, None)
    assert LeadOffer.objects.get().contacted_at == at + DAY


def test_a_lead_that_is_given_back_goes_to_the_next(program, at):
    a, b = make.ready("Aspen Health"), make.ready("Birch Health")
    lead = actions.route_lead(by=SYSTEM, lead=make.entered(at), at=at)
    lead = actions.accept_lead(by=SYSTEM, lead=lead, at=at)
    lead = actions.return_lead(by=SYSTEM, lead=lead, reason="unreachable", at=at + DAY)
    assert (lead.state, lead.partner, lead.accepted_at) == ("offered", b, None)
    assert LeadOffer.objects.get(partner=a).state == "returned"


def test_a_lead_can_come_to_nothing(northgate, sam, acting, at):
    lead = actions.lose_lead(by=acting(sam), lead=make.contacted(northgate, at), reason="no_need", at=at)
    assert (lead.state, lead.reason, lead.partner) == ("lost", "no_need", northgate)


# The pool -------------------------------------------------------------------------------------------------------


def test_the_first_to_accept_has_it_and_the_others_are_told(program, northgate, sam, acting, at):
    other = make_partner("Other Health")
    lead = make.pooled(at)
    assert (lead.state, lead.partner, lead.due_at) == ("pooled", None, at + 7 * DAY)
    assert Lead.objects.visible_to(acting(sam)).get() == lead
    lead = actions.accept_lead(by=acting(sam), lead=lead, at=at)
    assert (lead.state, lead.partner, LeadOffer.objects.get().is_pulled) == ("accepted", northgate, True)
    from tests.factories import make_partner_user

    late = make_partner_user("late@other.example", "Lara Late", other, "partner_seller", at)
    with pytest.raises(Conflict, match="Another partner was faster"):
        actions.accept_lead(by=acting(late), lead=lead, at=at)


def test_whoever_does_not_fit_does_not_see_the_pool(program, northgate, albion, rhys, acting, at):
    lead = make.pooled(at)
    assert not Lead.objects.visible_to(acting(rhys)).exists()
    with pytest.raises(NotVisible):
        actions.accept_lead(by=acting(rhys), lead=lead, at=at)


def test_a_full_partner_takes_nothing_from_the_pool(program, northgate, sam, acting, at):
    lead = make.pooled(at)
    actions.change_profile(by=SYSTEM, partner=northgate, at=at, capacity=0)
    with pytest.raises(Conflict, match="open leads"):
        actions.accept_lead(by=acting(sam), lead=lead, at=at)


def test_a_lead_without_anybody_who_fits_is_not_pooled(program, at):
    with pytest.raises(Conflict):
        make.pooled(at)


# Time -----------------------------------------------------------------------------------------------------------


def test_an_offer_that_nobody_answers_goes_to_the_next(program, at):
    a, b = make.ready("Aspen Health"), make.ready("Birch Health")
    lead = actions.route_lead(by=SYSTEM, lead=make.entered(at), at=at)
    assert actions.pass_on_overdue(at=at + 47 * HOUR) == 0
    assert actions.pass_on_overdue(at=at + 48 * HOUR) == 1
    assert actions.pass_on_overdue(at=at + 48 * HOUR) == 0
    lead.refresh_from_db()
    assert (lead.state, lead.partner) == ("offered", b)
    assert list(LeadOffer.objects.order_by("created_at").values_list("partner", "state")) == [
        (a.pk, "lapsed"), (b.pk, "open"),
    ]  # fmt: skip


def test_a_first_contact_that_is_missed_takes_the_lead_away(program, at):
    a, b = make.ready("Aspen Health"), make.ready("Birch Health")
    lead = actions.accept_lead(
        by=SYSTEM, lead=actions.route_lead(by=SYSTEM, lead=make.entered(at), at=at), at=at
    )
    assert actions.pass_on_overdue(at=at + 5 * DAY) == 1
    lead.refresh_from_db()
    assert (lead.state, lead.partner, LeadOffer.objects.get(partner=a).state) == ("offered", b, "reclaimed")


def test_what_nobody_takes_leaves_the_pool(program, northgate, at):
    lead = make.pooled(at)
    assert actions.pass_on_overdue(at=at + 7 * DAY) == 1
    lead.refresh_from_db()
    assert (lead.state, lead.pool is not None) == ("new", True)
    assert told(lead)[-1] == "lead.left_pool"


def test_reminders_go_before_both_and_stop_with_the_answer(program, northgate, sam, acting, at):
    lead = make.offered(northgate, at)
    planned = Reminder.objects.filter(state="planned")
    assert list(planned.values_list("kind", "due_on")) == [("lead_acceptance", date(2026, 11, 25))]
    actions.accept_lead(by=acting(sam), lead=lead, at=at)
    assert sorted(planned.values_list("kind", "due_on")) == [
        ("lead_contact", date(2026, 11, 27)), ("lead_contact", date(2026, 11, 28)),
    ]  # fmt: skip
    actions.note_contact(by=acting(sam), lead=lead, way="email", at=at)
    assert not planned.exists()


def test_a_suspended_partner_is_no_longer_asked_and_an_ended_one_has_nothing(program, at):
    a, b = make.ready("Aspen Health"), make.ready("Birch Health")
    held = make.accepted(a, at)
    asked = make.offered(a, at, customer_name="Asked")
    suspend_partner(by=SYSTEM, partner=a, reason_code="payment", at=at)
    asked.refresh_from_db()
    held.refresh_from_db()
    assert (asked.partner, held.partner) == (b, a)
    terminate_partner(by=SYSTEM, partner=a, reason_code="mutual", at=at)
    held.refresh_from_db()
    assert (held.state, held.partner) == ("offered", b)


# Converting -----------------------------------------------------------------------------------------------------


def test_nothing_is_typed_twice(northgate, sam, acting, at):
    lead = make.contacted(northgate, at)
    lead = actions.convert_lead(by=acting(sam), lead=lead, at=at + DAY, **make.registration(at))
    deal = lead.deal
    assert (lead.state, deal.state, deal.partner) == ("converted", "submitted", northgate)
    assert (deal.customer_name, deal.customer_city, deal.amount) == (
        lead.customer_name,
        lead.city,
        lead.amount,
    )
    assert deal.contact == (
        "Jabberina Wockleton, Frumious director, jabberina@zyxquill.example, +44 20 7946 0991"
    )
    assert (deal.what_it_did, deal.need) == ("They want a demo.", lead.need)
    assert (deal.clinical_specialty, deal.contact_agreed) == ("Radiology", True)
    assert (deal.origin_id, deal.origin_number) == (lead.pk, lead.number)
    assert LeadOffer.objects.get().converted_at == at + DAY


def test_what_a_registration_needs_is_asked_and_nothing_is_changed(northgate, sam, acting, at):
    lead = make.contacted(northgate, at)
    with pytest.raises(ValidationError) as refused:
        actions.convert_lead(by=acting(sam), lead=lead, at=at)
    assert set(refused.value.error_dict) == {"expected_close_on", "no_patient_data"}
    lead.refresh_from_db()
    assert (lead.state, lead.deal) == ("contacted", None)


def test_a_draft_needs_nothing_more(northgate, sam, acting, at):
    lead = actions.convert_lead(by=acting(sam), lead=make.accepted(northgate, at), at=at, is_draft=True)
    assert (lead.state, lead.deal.state) == ("converted", "draft")


def test_winning_the_deal_wins_the_lead(northgate, sam, acting, at):
    hospital = make_organization("Zyxquill Infirmary")
    lead = make.converted(northgate, at, organization=hospital)
    deal = deals.approve_deal(by=SYSTEM, deal=lead.deal, at=at)
    deals.report_win(by=acting(sam), deal=deal, won_on=at.date(), reference="PO", at=at + HOUR)
    lead.refresh_from_db()
    assert (lead.state, lead.closed_at) == ("won", at + HOUR)


def test_losing_the_deal_loses_the_lead_for_its_reason(northgate, sam, acting, at):
    lead = make.converted(northgate, at, organization=make_organization("Zyxquill Infirmary"))
    deal = deals.approve_deal(by=SYSTEM, deal=lead.deal, at=at)
    deals.report_loss(by=acting(sam), deal=deal, reason="price", at=at)
    lead.refresh_from_db()
    assert (lead.state, lead.reason) == ("lost", "price")


def test_a_refused_registration_leaves_the_lead_with_its_partner(northgate, at):
    lead = make.converted(northgate, at)
    deals.reject_deal(by=SYSTEM, deal=lead.deal, reason="not_eligible", at=at)
    lead.refresh_from_db()
    assert (lead.state, lead.partner, lead.deal) == ("contacted", northgate, None)


def test_a_registration_that_is_looked_at_again_has_its_lead(northgate, dirk, sam, acting, at):
    lead = make.converted(northgate, at)
    deal = deals.reject_deal(by=SYSTEM, deal=lead.deal, reason="not_eligible", at=at)
    appeal = deals.file_appeal(by=acting(sam), deal=deal, grounds="We have the letter of intent.", at=at)
    deals.uphold_appeal(by=acting(dirk), appeal=appeal, answer="The letter proves it.", at=at)
    lead.refresh_from_db()
    assert (lead.state, lead.deal) == ("converted", deal)


def test_a_registered_lead_is_lost_by_its_registration_alone(northgate, at):
    with pytest.raises(Conflict, match="registration"):
        actions.lose_lead(by=SYSTEM, lead=make.converted(northgate, at), reason="no_need", at=at)


# Referring ------------------------------------------------------------------------------------------------------


def referral_facts(**changes):
    return {
        "customer_name": "Dales Hospice", "country": "US", "contact_name": "Ines Prado",
        "contact_email": "ines@dales.example", "message": "Ines of Dales asked about triage.",
        "consented_on": date(2026, 11, 23), "has_consent": True, **changes,
    }  # fmt: skip


def test_a_referred_contact_becomes_our_lead(northgate, priya, acting, at):
    referral = actions.refer_lead(by=acting(priya), partner=northgate, at=at, **referral_facts())
    lead = referral.lead
    assert (lead.referrer, lead.source, lead.partner, lead.state) == (northgate, "referral", None, "new")
    assert (lead.need, lead.details, lead.consent_basis) == (
        "",
        "Ines of Dales asked about triage.",
        "consent",
    )
    assert (referral.progress, referral.number) == ("received", "R-1001")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"has_consent": False}, "has_consent"),
        ({"consented_on": date(2026, 12, 1)}, "consented_on"),
        ({"contact_email": ""}, "contact_email"),
        ({"contact_name": ""}, "contact_name"),
    ],
)
def test_nobody_is_referred_without_consent_or_a_way_to_reach_them(
    northgate, priya, acting, at, changes, field
):
    with pytest.raises(ValidationError) as refused:
        actions.refer_lead(by=acting(priya), partner=northgate, at=at, **referral_facts(**changes))
    assert set(refused.value.error_dict) == {field}
    assert not Lead.objects.exists()


def test_the_one_who_referred_it_hears_how_it_goes_and_never_gets_it_back(
    program, northgate, priya, acting, at
):
    other = make.ready("Other Health")
    referral = actions.refer_lead(by=acting(priya), partner=northgate, at=at, **referral_facts())
    lead = actions.change_lead(
        by=SYSTEM, lead=referral.lead, at=at, need="Triage for a small house.", language="en"
    )
    lead = actions.route_lead(by=SYSTEM, lead=lead, at=at)
    assert lead.partner == other
    actions.accept_lead(by=SYSTEM, lead=lead, at=at)
    referral.refresh_from_db()
    assert referral.progress == rules.PASSED_ON
    assert Notification.objects.filter(user=priya).last().kind == "referral.progress"
    assert not Lead.objects.visible_to(acting(priya)).exists()


# Importing ------------------------------------------------------------------------------------------------------

COLUMNS = (
    "customer_name,country,contact_name,contact_email,contact_phone,need,products,amount,currency,consent_basis,"
    "external_ref\n"
)
LIST = (
    COLUMNS
    + """\
Larkhill,US,Ana Ruiz,ana@larkhill.example,+1 555 0100,Faster triage,triage|imaging,1200.50,USD,inquiry,X-1
Oakhill,US,,,,,nothing,,,,X-2
Elmhill,XX,,,,,,,,,X-3
Ashhill,US,Bo Lind,bo@ashhill.example,,,,,,,X-4
=cmd,US,,,,,,,,,X-5
"""
)


def test_a_list_is_checked_without_a_trace_and_then_entered(maya, acting, at):
    tried = actions.import_leads(by=acting(maya), text=LIST, at=at, dry_run=True)
    assert (tried.saved, tried.added, tried.refused, Lead.objects.count()) == (False, 1, 4, 0)
    done = actions.import_leads(by=acting(maya), text=LIST, at=at)
    assert (done.saved, done.added, done.refused) == (True, 1, 4)
    lead = Lead.objects.get()
    assert (lead.customer_name, lead.amount, lead.products.count()) == ("Larkhill", Money(120050, "USD"), 2)
    reasons = {outcome.line: outcome.reason for outcome in done.outcomes}
    assert "products" in reasons[3]
    assert "country" in reasons[4]
    assert "consent_basis" in reasons[5]
    assert "spreadsheet" in reasons[6]


def test_the_same_list_twice_changes_nothing(maya, acting, at):
    actions.import_leads(by=acting(maya), text=LIST, at=at)
    again = actions.import_leads(by=acting(maya), text=LIST, at=at)
    assert (again.added, again.known, Lead.objects.count()) == (0, 1, 1)


def test_all_or_nothing(maya, acting, at):
    report = actions.import_leads(by=acting(maya), text=LIST, at=at, all_or_nothing=True)
    assert (report.saved, Lead.objects.count()) == (False, 0)


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", "customer_name,customer_name,country\n", 'customer_name,country\n"x']
)
def test_what_is_no_list_is_refused(maya, acting, at, text):
    with pytest.raises(ValidationError):
        actions.import_leads(by=acting(maya), text=text, at=at)
