"""P18. Appeals: who may file one, until when, who decides it, and what becomes of the registration."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from core import mail
from core.actors import SYSTEM
from core.errors import Conflict, NotVisible
from core.models import Mail
from deals import actions, explanation
from deals.models import Appeal, Deal, Protection
from events.models import Event
from files.models import Attachment
from inbox.models import Notification
from partners.actions import terminate_partner
from tests.deals import factories as make
from tests.factories import make_vendor_user

DAY = timedelta(days=1)
GROUNDS = "We met the CMIO a month before."


def refused(partner, at, by=SYSTEM, organization=None, reason="not_eligible", **changes):
    deal = make.submitted(partner, at, organization, **changes)
    return actions.reject_deal(by=by, deal=deal, reason=reason, at=at)


def appeal(deal, at, by=SYSTEM, **more):
    return actions.file_appeal(by=by, deal=deal, grounds=GROUNDS, at=at, **more)


# Filing


def test_a_seller_appeals_a_refusal_and_is_promised_an_answer(sam, maya, northgate, acting, at, pdf):
    deal = refused(northgate, at, by=acting(maya))
    filed = appeal(deal, at + DAY, by=acting(sam), evidence=pdf)
    assert (filed.state, filed.refusal, filed.refused_at) == ("submitted", "rejected", at)
    assert (filed.submitted_by, filed.first_decided_by) == (sam, maya)
    # Wednesday 25 November; Thanksgiving and the weekend do not count.
    assert filed.due_at == at + 9 * DAY
    assert Attachment.objects.of(filed).get().name == "order.pdf"
    assert Event.objects.about(filed).filter(type="appeal.submitted").get().partner == northgate


@pytest.mark.parametrize("state", ["rejected", "revoked", "duplicate"])
def test_each_refusal_can_be_appealed(northgate, at, brannoc, state):
    first = make.approved(northgate, at, brannoc)
    deal = {
        "rejected": lambda: refused(northgate, at),
        "revoked": lambda: actions.revoke_deal(by=SYSTEM, deal=first, reason="inaccurate", at=at),
        "duplicate": lambda: actions.mark_duplicate(
            by=SYSTEM, deal=make.submitted(northgate, at), duplicate_of=first, at=at
        ),
    }[state]()
    assert appeal(deal, at).refusal == state


def test_what_was_not_refused_cannot_be_appealed(northgate, at):
    with pytest.raises(Conflict):
        appeal(make.submitted(northgate, at), at)


def test_a_decision_is_appealed_once(northgate, at):
    deal = refused(northgate, at)
    filed = appeal(deal, at)
    with pytest.raises(Conflict, match="appealed already"):
        appeal(deal, at)
    actions.withdraw_appeal(by=SYSTEM, appeal=filed, at=at)
    with pytest.raises(Conflict, match="appealed already"):
        appeal(deal, at)


def test_a_new_decision_can_be_appealed_anew(northgate, at):
    deal = refused(northgate, at)
    actions.uphold_appeal(by=SYSTEM, appeal=appeal(deal, at), at=at + DAY)
    deal = actions.reject_deal(by=SYSTEM, deal=deal, reason="not_eligible", at=at + 2 * DAY)
    appeal(deal, at + 3 * DAY)
    assert deal.appeals.count() == 2


def test_the_last_day_counts_and_the_next_does_not(northgate, at):
    in_time, late = refused(northgate, at), refused(northgate, at, customer_name="Other")
    appeal(in_time, at + 30 * DAY)
    with pytest.raises(Conflict, match="until 24 December 2026"):
        appeal(late, at + 31 * DAY)


def test_an_appeal_has_grounds(northgate, at):
    with pytest.raises(ValidationError) as wrong:
        actions.file_appeal(by=SYSTEM, deal=refused(northgate, at), grounds=" ", at=at)
    assert set(wrong.value.message_dict) == {"grounds"}


def test_nobody_of_the_vendor_and_no_stranger_appeals(northgate, at, ada, maya, rhys, acting):
    deal = refused(northgate, at)
    for colleague in (ada, maya):
        with pytest.raises(PermissionDenied):
            appeal(deal, at, by=acting(colleague))
    with pytest.raises(NotVisible):
        appeal(deal, at, by=acting(rhys))


# Deciding


def test_whoever_decided_the_registration_does_not_decide_its_appeal(northgate, at, maya, dirk, acting):
    filed = appeal(refused(northgate, at, by=acting(maya)), at)
    for decide in (actions.uphold_appeal, actions.dismiss_appeal):
        with pytest.raises(PermissionDenied, match="Someone else decides"):
            decide(by=acting(maya), appeal=filed, answer="No.", at=at)
    assert actions.dismiss_appeal(by=acting(dirk), appeal=filed, answer="No.", at=at).decided_by == dirk


def test_whoever_ended_the_protection_does_not_decide_its_appeal(northgate, at, maya, dirk, acting, brannoc):
    deal = make.submitted(northgate, at, brannoc)
    deal = actions.approve_deal(by=acting(dirk), deal=deal, at=at)
    deal = actions.revoke_deal(by=acting(maya), deal=deal, reason="inaccurate", at=at)
    filed = appeal(deal, at)
    assert filed.first_decided_by == maya
    assert set(Appeal.objects.awaiting(acting(dirk))) == {filed}
    assert not Appeal.objects.awaiting(acting(maya)).exists()


def test_the_database_too_refuses_the_first_decider(northgate, at, maya, acting):
    filed = appeal(refused(northgate, at, by=acting(maya)), at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=filed.pk).update(decided_by=maya)


def test_a_decision_of_the_system_excludes_nobody(northgate, at, maya, acting):
    filed = appeal(refused(northgate, at), at)
    assert set(Appeal.objects.awaiting(acting(maya))) == {filed}
    assert actions.dismiss_appeal(by=acting(maya), appeal=filed, answer="No.", at=at).state == "dismissed"


def test_an_upheld_appeal_puts_the_registration_in_review_again(northgate, at, dirk, acting):
    deal = refused(northgate, at)
    actions.uphold_appeal(by=acting(dirk), appeal=appeal(deal, at), answer="You are right.", at=at + DAY)
    deal.refresh_from_db()
    assert (deal.state, deal.reason, deal.closed_at, deal.decided_at) == ("in_review", "", None, None)
    # Two business days from Wednesday: Thanksgiving does not count, nor the weekend.
    assert deal.due_at == deal.next_at == at + 6 * DAY
    assert Event.objects.about(deal).filter(type="deal.review_reopened").count() == 1


def test_an_appeal_can_be_upheld_and_the_registration_approved_at_once(northgate, at, brannoc):
    deal = refused(northgate, at, organization=brannoc)
    actions.uphold_appeal(by=SYSTEM, appeal=appeal(deal, at), approve=True, days=60, at=at)
    deal.refresh_from_db()
    assert (deal.state, (deal.protected_until - at.date()).days) == ("approved", 60)
    assert Protection.objects.filter(deal=deal).running().count() == 1


def test_a_rival_protection_leaves_the_appeal_open_and_names_nobody(northgate, albion, at, brannoc):
    make.approved(albion, at, brannoc)
    deal = refused(northgate, at, organization=brannoc, reason="already_protected")
    filed = appeal(deal, at)
    with pytest.raises(Conflict, match="Another partner is protected") as told:
        actions.uphold_appeal(by=SYSTEM, appeal=filed, approve=True, at=at)
    assert "Albion" not in str(told.value)
    filed.refresh_from_db()
    deal.refresh_from_db()
    assert (filed.state, deal.state, deal.reason) == ("submitted", "rejected", "already_protected")
    assert (
        not Event.objects.about(filed, deal)
        .filter(type__in=["appeal.upheld", "deal.review_reopened"])
        .exists()
    )


def test_an_upheld_revocation_protects_anew(northgate, at, brannoc):
    deal = make.approved(northgate, at, brannoc)
    deal = actions.revoke_deal(by=SYSTEM, deal=deal, reason="inaccurate", at=at + DAY)
    actions.uphold_appeal(by=SYSTEM, appeal=appeal(deal, at + DAY), approve=True, at=at + 2 * DAY)
    deal.refresh_from_db()
    assert deal.protected_from == (at + 2 * DAY).date()
    assert Protection.objects.filter(deal=deal).running().count() == 1


def test_a_dismissal_has_an_answer_and_changes_nothing_else(northgate, at):
    deal = refused(northgate, at)
    filed = appeal(deal, at)
    with pytest.raises(ValidationError) as wrong:
        actions.dismiss_appeal(by=SYSTEM, appeal=filed, answer=" ", at=at)
    assert set(wrong.value.message_dict) == {"answer"}
    actions.dismiss_appeal(by=SYSTEM, appeal=filed, answer="The budget is not there.", at=at)
    assert Deal.objects.get(pk=deal.pk).version == deal.version


@pytest.mark.parametrize("first", ["uphold", "dismiss", "withdraw"])
@pytest.mark.parametrize("second", ["uphold", "dismiss", "withdraw"])
def test_an_appeal_is_settled_once(northgate, at, first, second):
    moves = {
        "uphold": lambda filed: actions.uphold_appeal(by=SYSTEM, appeal=filed, at=at),
        "dismiss": lambda filed: actions.dismiss_appeal(by=SYSTEM, appeal=filed, answer="No.", at=at),
        "withdraw": lambda filed: actions.withdraw_appeal(by=SYSTEM, appeal=filed, at=at),
    }
    filed = appeal(refused(northgate, at), at)
    moves[first](filed)
    with pytest.raises(Conflict):
        moves[second](filed)


def test_appeals_end_with_the_partnership(northgate, at):
    filed = appeal(refused(northgate, at), at)
    terminate_partner(by=SYSTEM, partner=northgate, reason_code="mutual", at=at)
    filed.refresh_from_db()
    assert filed.state == "withdrawn"


# Letters


def letters_to(user, name):
    return [mail.render(found) for found in Mail.objects.filter(letter=name, to_user=user)]


def by_sam(sam, northgate, acting, at, reason="not_eligible", organization=None):
    deal = actions.register_deal(by=acting(sam), partner=northgate, at=at, **make.facts())
    if organization:
        deal = actions.link_customer(by=SYSTEM, deal=deal, organization=organization, at=at)
    return actions.reject_deal(by=SYSTEM, deal=deal, reason=reason, at=at)


def test_a_refusal_tells_until_when_it_may_be_appealed(sam, northgate, acting, at):
    by_sam(sam, northgate, acting, at)
    [(_subject, text, _html)] = letters_to(sam, "deal.rejected")
    assert "appeal until 24 December 2026" in text


def test_an_appeal_is_acknowledged_with_the_day_of_the_answer(sam, northgate, acting, at):
    appeal(by_sam(sam, northgate, acting, at), at, by=acting(sam))
    [(_subject, text, _html)] = letters_to(sam, "appeal.submitted")
    assert "You get an answer by Wednesday 2 December 2026, 10:31, New York time." in text


def test_the_outcome_is_told_with_the_answer_and_without_the_note(sam, northgate, acting, at):
    filed = appeal(by_sam(sam, northgate, acting, at), at, by=acting(sam))
    actions.dismiss_appeal(by=SYSTEM, appeal=filed, answer="The budget is gone.", note="Sly.", at=at)
    [(subject, text, html)] = letters_to(sam, "appeal.dismissed")
    assert subject.endswith("the decision stands")
    assert "The budget is gone." in text
    assert "Sly." not in text + html


def test_an_upheld_appeal_is_told_and_nobody_else_is_written_to(sam, rhys, northgate, acting, at, brannoc):
    filed = appeal(by_sam(sam, northgate, acting, at, organization=brannoc), at, by=acting(sam))
    actions.uphold_appeal(by=SYSTEM, appeal=filed, approve=True, at=at)
    [(subject, text, _html)] = letters_to(sam, "appeal.upheld")
    assert subject == "Your appeal about St. Brannoc’s Regional Medical Center is upheld"
    assert "is protected for you until 22 February 2027" in text
    assert letters_to(sam, "deal.approved")
    assert not Mail.objects.exclude(to_user=sam).exists()


def test_the_partner_no_longer_reads_the_check_of_a_refusal_that_is_gone(
    northgate, albion, at, brannoc, sam, acting
):
    make.approved(albion, at, brannoc)
    deal = refused(northgate, at, organization=brannoc, reason="already_protected")
    checks = deal.conflict_checks.all()
    assert explanation.latest_check(deal, checks.visible_to(acting(sam)))
    actions.uphold_appeal(by=SYSTEM, appeal=appeal(deal, at), at=at)
    assert not explanation.latest_check(deal, checks.visible_to(acting(sam)))


@pytest.mark.parametrize("outcome", ["upheld", "dismissed"])
def test_who_decided_first_and_the_manager_hear_how_it_ended_and_the_holder_hears_nothing(
    northgate, albion, rhys, maya, dirk, brannoc, acting, at, outcome
):
    ines = make_vendor_user("ines@vendor.example", "Ines Duarte", "deal_desk", at)
    make.approved(albion, at, brannoc)
    deal = make.submitted(northgate, at, brannoc)
    actions.reject_deal(by=acting(ines), deal=deal, reason="already_protected", at=at)
    deal.refresh_from_db()
    filed = appeal(deal, at)
    before = Notification.objects.filter(user=rhys).count(), Mail.objects.filter(to_user=rhys).count()
    decide = actions.uphold_appeal if outcome == "upheld" else actions.dismiss_appeal
    decide(by=acting(dirk), appeal=filed, answer="We looked again.", at=at)
    told = Notification.objects.filter(kind=f"appeal.{outcome}_by_colleague")
    assert set(told.values_list("user", flat=True)) == {ines.pk, maya.pk}
    assert (
        Notification.objects.filter(user=rhys).count(),
        Mail.objects.filter(to_user=rhys).count(),
    ) == before
