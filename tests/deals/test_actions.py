"""Registering, deciding, protecting, winning, booking and going live."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from core import links
from core.actors import SYSTEM
from core.errors import Conflict, NotVisible
from core.models import ActionLink, Mail
from core.money import Money
from core.saving import save
from deals import actions
from deals.actions.implementations import CONFIRM, CUSTOMER
from deals.models import Booking, ConflictCheck, Deal, Protection, Stage
from events.models import Event
from metrics.models import Touched
from partners.actions import suspend_partner, terminate_partner
from partners.models import Organization
from tests.deals import factories as make
from tests.factories import make_organization

DAY = timedelta(days=1)


# Registering


def test_a_seller_registers_a_deal_and_the_clock_runs(sam, northgate, acting, at):
    deal = actions.register_deal(by=acting(sam), partner=northgate, at=at, **make.facts())
    assert deal.number.startswith("D-")
    assert deal.state == "submitted"
    assert deal.submitted_by == sam
    assert deal.time_zone == northgate.time_zone
    # Tuesday 24 November; Thursday is Thanksgiving in the United States.
    assert deal.due_at == datetime(2026, 11, 27, 15, 31, tzinfo=UTC)
    assert deal.next_at == deal.due_at
    names = list(Event.objects.about(deal).order_by("created_at", "id").values_list("type", flat=True))
    assert names == ["deal.drafted", "deal.submitted"]


def test_a_draft_needs_only_the_customers_name(sam, northgate, acting, at):
    deal = actions.start_draft(by=acting(sam), partner=northgate, at=at, customer_name="Larkhill")
    assert deal.state == "draft"
    with pytest.raises(ValidationError) as refused:
        actions.submit_deal(by=acting(sam), deal=deal, at=at)
    assert set(refused.value.message_dict) == {
        "customer_country", "products", "amount", "expected_close_on", "what_it_did", "no_patient_data",
    }  # fmt: skip


def test_a_draft_can_be_changed_until_it_is_submitted(sam, northgate, acting, at):
    deal = make.draft(northgate, at)
    deal = actions.change_deal(
        by=acting(sam), deal=deal, at=at, customer_city="Boise", amount=Money(500, "EUR")
    )
    assert (deal.customer_city, deal.amount) == ("Boise", Money(500, "EUR"))
    actions.submit_deal(by=acting(sam), deal=deal, at=at)
    with pytest.raises(Conflict):
        actions.change_deal(by=acting(sam), deal=deal, at=at, customer_city="Reno")


def test_nothing_changed_is_no_event(northgate, at):
    deal = make.draft(northgate, at)
    actions.change_deal(by=SYSTEM, deal=deal, at=at, customer_city=deal.customer_city)
    assert not Event.objects.about(deal).filter(type="deal.changed").exists()


def test_a_reference_registers_once(northgate, at):
    first = actions.register_deal(by=SYSTEM, partner=northgate, at=at, **make.facts(external_ref="CRM-1"))
    again = actions.register_deal(by=SYSTEM, partner=northgate, at=at, **make.facts(external_ref="CRM-1"))
    assert again.pk == first.pk
    assert Deal.objects.count() == 1


def test_two_partners_may_use_the_same_reference(northgate, albion, at):
    make.submitted(northgate, at, external_ref="CRM-1")
    make.submitted(albion, at, external_ref="CRM-1")
    assert Deal.objects.count() == 2


def test_a_draft_that_was_thrown_away_gives_its_reference_free(northgate, at):
    draft = make.draft(northgate, at, external_ref="CRM-7")
    actions.discard_draft(by=SYSTEM, deal=draft, at=at)

    again = make.submitted(northgate, at, external_ref="CRM-7")

    assert (again.pk != draft.pk, again.state) == (True, "submitted")


def test_what_was_asked_is_over_once_the_registration_is_taken_back(northgate, at):
    deal = make.submitted(northgate, at)
    actions.ask_for_more(by=SYSTEM, deal=deal, question="Who?", fields=["contact"], at=at)

    deal = actions.withdraw_deal(by=SYSTEM, deal=deal, reason="no_opportunity", at=at)

    assert (deal.paused_at, deal.asked_fields) == (None, [])


def test_nobody_is_protected_while_the_partnership_rests(northgate, brannoc, at):
    deal = make.submitted(northgate, at, brannoc)
    suspend_partner(by=SYSTEM, partner=northgate, reason_code="compliance", at=at)

    with pytest.raises(Conflict, match="Customers are protected for active partners only"):
        actions.approve_deal(by=SYSTEM, deal=deal, at=at)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"expected_close_on": date(2026, 11, 23)}, "expected_close_on"),
        ({"expected_close_on": date(2036, 1, 1)}, "expected_close_on"),
        ({"amount": Money(0, "USD")}, "__all__"),
        ({"amount": Money(-5, "USD")}, "__all__"),
        ({"amount": Money(5, "XXX")}, "currency"),
        ({"amount": Money(10**16, "USD")}, "__all__"),
        ({"customer_name": "x" * 201}, "customer_name"),
        ({"customer_country": "ZZ"}, "customer_country"),
        ({"products": []}, "products"),
        ({"no_patient_data": False}, "no_patient_data"),
        ({"help_wanted": "money"}, "help_wanted"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_written(northgate, at, change, field):
    with pytest.raises(ValidationError) as refused:
        actions.register_deal(by=SYSTEM, partner=northgate, at=at, **make.facts(**change))
    assert field in refused.value.message_dict
    assert not Deal.objects.exists()


def test_a_partner_that_is_not_active_registers_nothing(northgate, sam, maya, acting, at):
    seller = acting(sam)
    suspend_partner(by=acting(maya), partner=northgate, reason_code="payment", at=at)
    northgate.refresh_from_db()
    with pytest.raises(Conflict):
        actions.register_deal(by=seller, partner=northgate, at=at, **make.facts())


def test_a_seller_does_not_register_for_another_partner(rhys, northgate, acting, at):
    with pytest.raises(NotVisible):
        actions.register_deal(by=acting(rhys), partner=northgate, at=at, **make.facts())


def test_a_customer_is_chosen_only_among_those_one_may_know(sam, northgate, acting, at, brannoc, larkhill):
    deal = actions.register_deal(
        by=acting(sam), partner=northgate, at=at, **make.facts(organization=larkhill, customer_name="")
    )
    assert (deal.organization, deal.customer_name, deal.is_customer_known) == (larkhill, larkhill.name, True)
    with pytest.raises(ValidationError) as refused:
        actions.register_deal(by=acting(sam), partner=northgate, at=at, **make.facts(organization=brannoc))
    assert "organization" in refused.value.message_dict


def test_a_draft_is_discarded(northgate, at):
    assert actions.discard_draft(by=SYSTEM, deal=make.draft(northgate, at), at=at).state == "discarded"


def test_a_withdrawal_ends_the_protection(northgate, sam, acting, at):
    deal = make.approved(northgate, at)
    assert Protection.objects.running().count() == 1
    actions.withdraw_deal(by=acting(sam), deal=deal, reason="no_opportunity", at=at)
    assert not Protection.objects.running().exists()


# A question and its answer


def test_a_question_opens_the_named_fields_and_stops_the_clock(northgate, maya, sam, acting, at):
    deal = make.submitted(northgate, at)
    deal = actions.ask_for_more(
        by=acting(maya), deal=deal, question="Who decides?", fields=["what_it_did"], at=at + DAY
    )
    assert (deal.state, deal.next_at) == ("action_required", None)
    with pytest.raises(ValidationError):
        actions.change_deal(by=acting(sam), deal=deal, at=at, amount=Money(1, "USD"))
    later = at + 7 * DAY  # Tuesday again
    actions.change_deal(by=acting(sam), deal=deal, at=later, what_it_did="The CMIO decides.")
    deal = actions.submit_deal(by=acting(sam), deal=deal, at=later)
    assert (deal.state, deal.question, deal.asked_fields) == ("submitted", "", [])
    # One business day was left on Wednesday: the Friday after Thanksgiving.
    assert deal.due_at == later + DAY


def test_a_question_names_real_fields(northgate, at):
    with pytest.raises(ValidationError):
        actions.ask_for_more(
            by=SYSTEM, deal=make.submitted(northgate, at), question="?", fields=["state"], at=at
        )


# Deciding


def test_an_approval_protects_for_ninety_days(northgate, maya, acting, at, brannoc):
    deal = make.submitted(northgate, at, brannoc)
    assert not Organization.objects.visible_to(acting_for(northgate)).filter(pk=brannoc.pk).exists()
    deal = actions.approve_deal(by=acting(maya), deal=deal, at=at)
    assert deal.state == "approved"
    assert deal.protected_from == date(2026, 11, 24)
    assert deal.protected_until == date(2027, 2, 22)
    protection = Protection.objects.get(deal=deal)
    assert protection.until == deal.protected_until
    assert protection.ends_at == deal.next_at
    assert Organization.objects.visible_to(acting_for(northgate)).filter(pk=brannoc.pk).exists()


def acting_for(partner):
    from core.actors import Actor

    return Actor(kind="user", label="x", reach=frozenset({partner.pk}))


@pytest.mark.parametrize("facts", [{"is_public_body": True}, {"kind": "idn"}, {"kind": "health_authority"}])
def test_public_bodies_and_networks_are_protected_for_270_days(northgate, maya, acting, at, brannoc, facts):
    for name, value in facts.items():
        setattr(brannoc, name, value)
    save(brannoc)
    make.make_lengths()
    deal = actions.approve_deal(by=acting(maya), deal=make.submitted(northgate, at, brannoc), at=at)
    assert (deal.protected_until - deal.protected_from).days == 270


def test_a_deal_is_approved_once_its_customer_is_linked(northgate, at):
    with pytest.raises(Conflict, match="which organization"):
        actions.approve_deal(by=SYSTEM, deal=make.submitted(northgate, at), at=at)


def test_a_rival_is_told_the_day_and_no_name(northgate, albion, at, brannoc):
    make.approved(northgate, at, brannoc)
    rival = make.submitted(albion, at, brannoc)
    with pytest.raises(Conflict) as refused:
        actions.approve_deal(by=SYSTEM, deal=rival, at=at)
    assert str(refused.value) == "Another partner is protected on this customer until 22 February 2027."
    rival.refresh_from_db()
    assert rival.state == "submitted"


def test_another_product_at_the_same_customer_is_free(northgate, albion, at, brannoc):
    from catalog.models import Product

    make.approved(northgate, at, brannoc)
    make.approved(albion, at, brannoc, products=[Product.objects.get(code="imaging")])
    assert Protection.objects.running().count() == 2


def test_what_has_lapsed_blocks_nobody_even_before_the_sweep(northgate, albion, at, brannoc):
    first = make.approved(northgate, at, brannoc)
    after = first.ends_at
    rival = make.submitted(albion, after, brannoc)
    with pytest.raises(Conflict):
        actions.approve_deal(by=SYSTEM, deal=rival, at=after - timedelta(seconds=1))
    actions.approve_deal(by=SYSTEM, deal=rival, at=after + 7 * DAY)
    first.refresh_from_db()
    assert first.state == "expired"


def test_a_psm_does_not_decide_another_psms_deal(albion, maya, acting, at, brannoc):
    deal = make.submitted(albion, at, brannoc)
    with pytest.raises(NotVisible):
        actions.approve_deal(by=acting(maya), deal=deal, at=at)


def test_an_auditor_and_a_partner_decide_nothing(northgate, vera, priya, acting, at, brannoc):
    deal = make.submitted(northgate, at, brannoc)
    for person in (vera, priya):
        with pytest.raises(PermissionDenied):
            actions.approve_deal(by=acting(person), deal=deal, at=at)


def test_a_refusal_says_until_when_the_customer_is_taken(northgate, albion, at, brannoc):
    make.approved(northgate, at, brannoc)
    rival = make.submitted(albion, at, brannoc)
    rival = actions.reject_deal(by=SYSTEM, deal=rival, reason="already_protected", at=at)
    assert (rival.state, rival.contested_until) == ("rejected", date(2027, 2, 22))


def test_a_duplicate_is_one_of_the_same_partner(northgate, albion, at):
    first, second, other = (make.submitted(p, at) for p in (northgate, northgate, albion))
    with pytest.raises(ValidationError):
        actions.mark_duplicate(by=SYSTEM, deal=second, duplicate_of=other, at=at)
    assert actions.mark_duplicate(by=SYSTEM, deal=second, duplicate_of=first, at=at).state == "duplicate"


def test_a_revocation_frees_the_customer(northgate, albion, at, brannoc):
    deal = make.approved(northgate, at, brannoc)
    actions.revoke_deal(by=SYSTEM, deal=deal, reason="inaccurate", at=at)
    make.approved(albion, at, brannoc)


def test_a_customer_that_nobody_knew_is_added_and_linked(northgate, maya, acting, at):
    deal = make.submitted(northgate, at, customer_website="https://www.stbrannocs.example/about")
    deal = actions.add_customer(by=acting(maya), deal=deal, at=at, kind="hospital_system")
    assert deal.organization.name == deal.customer_name
    assert list(deal.organization.domains.values_list("domain", flat=True)) == ["stbrannocs.example"]
    assert not deal.is_customer_known


# Conflicts


def test_a_check_keeps_its_arithmetic(northgate, albion, at, brannoc):
    make.approved(northgate, at - DAY, brannoc)
    rival = make.submitted(albion, at, customer_name="ST BRANNOCS  regional medical center")
    check = ConflictCheck.objects.get(deal=rival)
    assert check.verdict == "review"
    candidate = check.candidates.get()
    codes = [f.code for f in candidate.factors.all()]
    assert codes == ["account", "base", "product", "time", "service_line", "contact"]
    assert sum(f.points for f in candidate.factors.all()) == candidate.score == check.score
    assert (candidate.kind, candidate.because) == ("protection", "evidence")
    assert (candidate.prevails, candidate.precedence) == ("theirs", "earlier_complete")
    assert rival.conflict_score == check.score


def test_a_linked_organization_makes_the_conflict_hard(northgate, albion, at, brannoc):
    make.approved(northgate, at, brannoc)
    rival = make.submitted(albion, at, brannoc, customer_name="SBRMC")
    assert [c.verdict for c in ConflictCheck.objects.filter(deal=rival).order_by("created_at", "id")] == [
        "clear",
        "hard",
    ]


def test_no_other_claim_is_clear(northgate, at):
    deal = make.submitted(northgate, at)
    check = ConflictCheck.objects.get(deal=deal)
    assert (check.verdict, check.score, check.candidates.count()) == ("clear", 0, 0)


# Ending


def test_a_protection_expires_once(northgate, at):
    deal = make.approved(northgate, at)
    assert actions.release_lapsed(at=deal.ends_at - timedelta(seconds=1)) == 0
    assert actions.release_lapsed(at=deal.ends_at) == 1
    assert actions.release_lapsed(at=deal.ends_at) == 0
    deal.refresh_from_db()
    assert deal.state == "expired"
    assert Event.objects.about(deal).filter(type="deal.expired").count() == 1


def test_a_won_deal_stays_won_when_its_protection_lapses(northgate, at):
    deal = make.won(northgate, at)
    actions.release_lapsed(at=deal.ends_at)
    deal.refresh_from_db()
    assert deal.state == "won"
    assert not Protection.objects.running().exists()


def test_a_partnership_that_ends_frees_its_customers(northgate, ada, acting, at, brannoc):
    protected, pending, won = (
        make.approved(northgate, at, brannoc),
        make.submitted(northgate, at),
        make.won(northgate, at, make_organization("Harbor Valley")),
    )
    terminate_partner(by=acting(ada), partner=northgate, reason_code="mutual", at=at)
    for deal in (protected, pending, won):
        deal.refresh_from_db()
    assert (protected.state, pending.state, won.state) == ("revoked", "withdrawn", "won")
    assert not Protection.objects.running().exists()


# Stage, win, loss


def test_the_stage_is_the_partners_own(northgate, sam, acting, at):
    deal = make.approved(northgate, at)
    deal = actions.update_stage(by=acting(sam), deal=deal, stage=Stage.objects.get(code="qualified"), at=at)
    assert deal.stage.code == "qualified"
    with pytest.raises(ValidationError):
        actions.update_stage(by=acting(sam), deal=deal, stage=Stage.objects.get(code="closed_lost"), at=at)


def test_a_win_needs_evidence(northgate, sam, acting, at, pdf):
    deal = make.approved(northgate, at)
    with pytest.raises(ValidationError):
        actions.report_win(by=acting(sam), deal=deal, won_on=at.date(), at=at)
    with pytest.raises(ValidationError):
        actions.report_win(by=acting(sam), deal=deal, won_on=at.date() + DAY, reference="PO", at=at)
    deal = actions.report_win(by=acting(sam), deal=deal, won_on=at.date(), evidence=pdf, at=at)
    assert deal.state == "won"
    assert Protection.objects.running().count() == 1


def test_a_loss_frees_the_customer_and_moves_the_stage(northgate, sam, acting, at):
    deal = actions.report_loss(by=acting(sam), deal=make.approved(northgate, at), reason="price", at=at)
    assert (deal.state, deal.stage.code) == ("lost", "closed_lost")
    assert not Protection.objects.running().exists()


def test_an_undecided_deal_is_not_won(northgate, at):
    with pytest.raises(Conflict):
        actions.report_win(
            by=SYSTEM, deal=make.submitted(northgate, at), won_on=at.date(), reference="PO", at=at
        )


# Bookings


def test_a_booking_keeps_its_rate_and_touches_the_partner(northgate, finn, acting, at):
    Touched.objects.all().delete()
    deal = make.won(northgate, at)
    booking = actions.book_deal(
        by=acting(finn), deal=deal, amount=Money(1_000_000, "EUR"), booked_on=at.date(), at=at
    )
    assert (booking.program_minor, booking.program_currency, str(booking.rate)) == (
        1_080_000,
        "USD",
        "1.08000000",
    )
    assert Touched.objects.filter(partner=northgate).exists()


def test_only_a_won_deal_is_booked(northgate, finn, acting, at):
    deal = make.approved(northgate, at)
    with pytest.raises(Conflict):
        actions.book_deal(by=acting(finn), deal=deal, amount=Money(1, "USD"), booked_on=at.date(), at=at)


def test_a_psm_books_nothing(northgate, maya, acting, at):
    with pytest.raises(PermissionDenied):
        actions.book_deal(
            by=acting(maya), deal=make.won(northgate, at), amount=Money(1, "USD"), booked_on=at.date(), at=at
        )


@pytest.mark.parametrize("days", [1, -1])
def test_a_booking_lies_neither_in_the_future_nor_before_the_win(northgate, at, days):
    deal = make.won(northgate, at)
    with pytest.raises(ValidationError) as refused:
        actions.book_deal(
            by=SYSTEM, deal=deal, amount=Money(1, "USD"), booked_on=at.date() + days * DAY, at=at
        )
    assert "booked_on" in refused.value.message_dict


def test_a_currency_without_a_rate_is_not_booked(northgate, at):
    with pytest.raises(ValidationError):
        actions.book_deal(
            by=SYSTEM, deal=make.won(northgate, at), amount=Money(1, "KWD"), booked_on=at.date(), at=at
        )


def test_a_correction_is_a_dated_negative_row(northgate, finn, acting, at):
    deal = make.booked(northgate, at, at.date(), 3_333, "EUR")
    booking = Booking.objects.get()
    later = at + 3 * DAY
    part = actions.correct_booking(
        by=acting(finn),
        booking=booking,
        amount=Money(1_111, "EUR"),
        booked_on=later.date(),
        reason="wrong_amount",
        at=later,
    )
    rest = actions.correct_booking(
        by=acting(finn), booking=booking, booked_on=later.date(), reason="cancelled", at=later
    )
    assert (part.amount_minor, rest.amount_minor) == (-1_111, -2_222)
    assert sum(b.program_minor for b in deal.bookings.all()) == 0
    with pytest.raises(Conflict):
        actions.correct_booking(
            by=acting(finn), booking=booking, booked_on=later.date(), reason="cancelled", at=later
        )
    with pytest.raises(Conflict):
        actions.correct_booking(
            by=acting(finn), booking=part, booked_on=later.date(), reason="cancelled", at=later
        )


def test_a_correction_takes_back_no_more_than_was_booked(northgate, at):
    make.booked(northgate, at, at.date(), 100)
    with pytest.raises(ValidationError):
        actions.correct_booking(
            by=SYSTEM,
            booking=Booking.objects.get(),
            amount=Money(101, "USD"),
            booked_on=at.date(),
            reason="cancelled",
            at=at,
        )


def test_the_database_refuses_to_change_or_delete_a_booking(northgate, at):
    make.booked(northgate, at, at.date())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Booking.objects.update(amount_minor=1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Booking.objects.all()._raw_delete("default")
    assert Booking.objects.get().amount_minor == 10_000_000


# Going live


def test_a_go_live_counts_once_the_customers_person_confirms(northgate, at):
    implementation = make.reported(northgate, at)
    mail = Mail.objects.get(letter=CONFIRM)
    assert mail.to_address == "helen@brannoc.example"
    link = ActionLink.objects.get(subject_id=implementation.pk)
    confirmed = actions.confirm_by_customer(by=CUSTOMER, link=link, implementation=implementation, at=at)
    assert (confirmed.state, confirmed.accepted_by, confirmed.accepted_on) == (
        "accepted",
        "customer",
        at.date(),
    )
    with pytest.raises(Conflict):
        actions.decline_by_customer(by=CUSTOMER, link=link, implementation=implementation, at=at)
    event = Event.objects.about(implementation).get(type="implementation.accepted")
    assert event.actor_kind == "link"
    assert "helen" not in str(event.data)


def test_a_declined_go_live_can_be_reported_again(northgate, at):
    implementation = make.reported(northgate, at)
    link = ActionLink.objects.get(subject_id=implementation.pk)
    with pytest.raises(ValidationError):
        report_again(implementation, at)
    actions.decline_by_customer(by=CUSTOMER, link=link, implementation=implementation, at=at, note="Not yet.")
    assert report_again(implementation, at).state == "reported"


def report_again(implementation, at):
    return actions.report_implementation(
        by=SYSTEM, deal=implementation.deal, product=implementation.product, went_live_on=at.date(),
        contact_name="Helen Marsh", contact_email="helen@brannoc.example", at=at,
    )  # fmt: skip


def test_a_manager_accepts_with_the_signed_document(northgate, maya, acting, at, pdf):
    implementation = make.reported(northgate, at)
    with pytest.raises(ValidationError):
        actions.accept_implementation(by=acting(maya), implementation=implementation, document=None, at=at)
    accepted = actions.accept_implementation(
        by=acting(maya), implementation=implementation, document=pdf, at=at
    )
    assert (accepted.state, accepted.accepted_by) == ("accepted", "document")
    with pytest.raises(Conflict):
        links.find(links.token(ActionLink.objects.get(subject_id=implementation.pk)), CONFIRM, at=at)


def test_a_new_link_closes_the_old_one(northgate, sam, acting, at):
    implementation = make.reported(northgate, at)
    old = ActionLink.objects.get(subject_id=implementation.pk)
    actions.ask_customer_again(by=acting(sam), implementation=implementation, at=at + DAY)
    with pytest.raises(Conflict):
        links.find(links.token(old), CONFIRM, at=at + DAY)


def test_a_go_live_taken_back_closes_the_link(northgate, sam, acting, at):
    implementation = make.reported(northgate, at)
    actions.withdraw_implementation(by=acting(sam), implementation=implementation, at=at)
    with pytest.raises(Conflict):
        link = ActionLink.objects.get(subject_id=implementation.pk)
        actions.confirm_by_customer(by=CUSTOMER, link=link, implementation=implementation, at=at)


@pytest.mark.parametrize("days", [1, -1])
def test_a_go_live_lies_neither_in_the_future_nor_before_the_win(northgate, at, days):
    deal = make.won(northgate, at)
    with pytest.raises(ValidationError):
        actions.report_implementation(
            by=SYSTEM, deal=deal, product=deal.products.get(), went_live_on=at.date() + days * DAY,
            contact_name="H", contact_email="h@b.example", at=at,
        )  # fmt: skip
