"""From an application to an active partner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actions import accept_invitation
from accounts.models import Invitation
from core import links
from core.actors import ANONYMOUS, SYSTEM
from core.errors import Conflict
from core.mail import render
from core.models import ActionLink, Mail
from core.saving import save
from enablement.actions import record_certification
from enablement.models import Track
from events.models import Event
from inbox.models import Notification
from onboarding import actions
from onboarding.actions.plans import begin_plan
from onboarding.models import Application, OnboardingPlan
from onboarding.scoring import scorecard_of
from onboarding.tasks import expire_applications
from partners.actions import terminate_partner
from partners.models import Organization, OrganizationIdentifier, Partner
from tests import factories
from tests.onboarding.conftest import said, token_of
from tests.onboarding.racing import outcomes

pytestmark = pytest.mark.django_db


def letters(**which) -> list[str]:
    return list(Mail.objects.filter(**which).order_by("created_at", "id").values_list("letter", flat=True))


def approve(application, by, psm, channel, at, **more):
    return actions.approve_application(
        by=by, application=application, psm=psm, categories=[channel], at=at, **more
    )


# Apply


def test_an_application_counts_only_once_its_address_is_confirmed(apply, at):
    application = apply()
    assert application.state == "unconfirmed"
    assert letters(to_address="nora@brightwell.example") == ["application.confirm"]
    assert not Application.objects.awaiting_decision().exists()

    actions.confirm_application(token=token_of(application), at=at)

    assert list(Application.objects.awaiting_decision()) == [application]


def test_the_link_confirms_once(apply, at):
    token = token_of(apply())
    actions.confirm_application(token=token, at=at)

    with pytest.raises(Conflict):
        actions.confirm_application(token=token, at=at)


def test_a_link_of_73_hours_is_closed(apply, at):
    token = token_of(apply())
    with pytest.raises(Conflict):
        actions.confirm_application(token=token, at=at + timedelta(hours=73))


def test_the_answer_is_due_five_working_days_of_the_applicants_country_later(apply, at):
    # Tuesday 24 November 2026; Thanksgiving is a holiday in the US only.
    british = actions.confirm_application(token=token_of(apply()), at=at)
    american = apply(
        country="US", website="https://usa.example", contact_email="a@usa.example", legal_name="USA Inc"
    )
    american = actions.confirm_application(token=token_of(american), at=at)

    assert british.due_at == at + timedelta(days=7)
    assert american.due_at == at + timedelta(days=8)


def test_sending_it_twice_makes_one_application_and_a_fresh_link(apply):
    first = apply()
    old = token_of(first)
    again = apply(contact_email="NORA@Brightwell.example ")

    assert again == first
    assert Application.objects.count() == 1
    assert token_of(first) != old
    assert letters() == ["application.confirm", "application.confirm"]


def test_an_application_that_counts_already_is_only_remembered(received, apply, at):
    apply()
    assert Application.objects.count() == 1
    assert letters()[-1] == "application.known"


def test_privacy_must_be_accepted(channel, at):
    with pytest.raises(ValidationError) as refused:
        actions.submit_application(by=ANONYMOUS, categories=[channel], accepts_privacy=False, at=at, **said())
    assert "accepts_privacy" in refused.value.message_dict


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("legal_name", "x" * 201),
        ("website", "javascript:alert(1)"),
        ("contact_email", "nobody"),
        ("country", "XX"),
        ("intent", ""),
        ("identifier", "12345"),
        ("identifier_scheme", "passport"),
    ],
)
def test_wrong_facts_are_refused_at_their_field(apply, field, value):
    with pytest.raises(ValidationError) as refused:
        apply(**{field: value})
    assert field in refused.value.message_dict
    assert not Application.objects.exists()


def test_a_company_known_by_its_identifier_is_linked_not_doubled(apply, at):
    known = factories.make_organization("Bright Well", "GB")
    OrganizationIdentifier.objects.create(organization=known, scheme="company_number", value="0123456")

    application = apply(identifier_scheme="company_number", identifier="01 234-56")

    assert (application.organization, application.recognised_by) == (known, "identifier")


def test_a_company_known_by_its_domain_is_linked_not_doubled(
    apply, received, maya, acting, channel, template, at
):
    known = factories.make_organization("Quill Care", "GB", website="https://quill.example")
    application = apply(legal_name="Quill", website="https://quill.example", contact_email="q@quill.example")
    application = actions.confirm_application(token=token_of(application), at=at)
    before = Organization.objects.count()

    done = approve(application, acting(maya), maya, channel, at)

    assert application.recognised_by == "mail"
    assert done.partner.organization == known
    assert Organization.objects.count() == before


def test_shared_mail_recognises_nobody(apply):
    factories.make_organization("Someone Else", "GB", domains=("gmail.com",))
    application = apply(website="https://new.example", contact_email="nora@gmail.com")
    assert application.organization is None


def test_a_colleague_of_a_partner_is_led_to_its_admin(apply, northgate, priya, at):
    application = apply(
        legal_name="Northgate", website="https://northgate.example", contact_email="lee@northgate.example"
    )
    assert letters(to_address="lee@northgate.example") == ["application.colleague"]

    referred = actions.confirm_application(token=token_of(application), at=at)

    assert referred.state == "referred"
    assert letters(to_user=priya) == ["application.referred"]
    assert not Application.objects.awaiting_decision().exists()


def test_naming_a_partners_website_from_another_address_tells_nothing(apply, northgate, priya, at):
    application = apply(website="https://northgate.example", contact_email="stranger@elsewhere.example")
    confirmed = actions.confirm_application(token=token_of(application), at=at)

    assert letters(to_address="stranger@elsewhere.example") == ["application.confirm", "application.received"]
    assert letters(to_user=priya) == []
    assert confirmed.state == "received"
    assert confirmed.organization == northgate.organization


def test_a_letter_to_a_colleague_names_neither_person_nor_partner(apply, northgate, priya, at):
    apply(website="https://northgate.example", contact_email="lee@northgate.example", legal_name="NG")
    subject, text, html = render(Mail.objects.get(letter="application.colleague"))
    for words in (subject, text, html):
        assert "Priya" not in words
        assert "Northgate Clinical" not in words
    assert "/apply/confirm/" in text


def test_what_nobody_confirms_expires(apply, at):
    late, fresh = apply(when=at - timedelta(hours=80)), apply(contact_email="sam@brightwell.example")

    counts = expire_applications(at.date(), at)

    assert counts == {"expired": 1}
    late.refresh_from_db()
    fresh.refresh_from_db()
    assert (late.state, fresh.state) == ("expired", "unconfirmed")
    assert expire_applications(at.date(), at) == {"expired": 0}


# Decide


def test_taking_an_application_puts_it_into_review(received, maya, acting, at):
    taken = actions.assign_application(by=acting(maya), application=received, reviewer=maya, at=at)
    assert (taken.state, taken.reviewer) == ("in_review", maya)
    assert list(Application.objects.awaiting(acting(maya))) == [taken]


def test_what_a_colleague_took_does_not_wait_for_me(in_review, maya, tomas, vera, acting):
    assert list(Application.objects.awaiting(acting(maya))) == [in_review]
    assert not Application.objects.awaiting(acting(tomas)).exists()
    assert not Application.objects.awaiting(acting(vera)).exists()


def test_who_is_given_an_application_is_told_and_who_takes_one_is_not(received, maya, tomas, acting, at):
    actions.assign_application(by=acting(maya), application=received, reviewer=maya, at=at)
    assert not Notification.objects.exists()
    actions.assign_application(by=acting(maya), application=received, reviewer=tomas, at=at)
    assert Notification.objects.get().user == tomas


def test_a_reviewer_is_someone_who_looks_after_partners(received, maya, dirk, acting, at):
    with pytest.raises(ValidationError) as refused:
        actions.assign_application(by=acting(maya), application=received, reviewer=dirk, at=at)
    assert "reviewer" in refused.value.message_dict


def test_several_people_score_and_each_replaces_only_their_own(in_review, criteria, maya, tomas, acting, at):
    for user, points in ((maya, 5), (tomas, 2), (maya, 4)):
        actions.score_application(
            by=acting(user), application=in_review, marks={"reach": (points, ""), "care": (points, "")}, at=at
        )

    card = scorecard_of(in_review)
    assert card.total == 60
    assert in_review.scores.count() == 4
    assert sorted(total for _pk, _name, total in card.scorers) == [40, 80]


@pytest.mark.parametrize("marks", [{"reach": (6, "")}, {"reach": (0, "")}, {"charm": (3, "")}, {}])
def test_a_mark_outside_the_scale_is_refused(in_review, criteria, maya, acting, at, marks):
    with pytest.raises(ValidationError):
        actions.score_application(by=acting(maya), application=in_review, marks=marks, at=at)
    assert not in_review.scores.exists()


def test_deal_desk_neither_scores_nor_decides(in_review, criteria, dirk, maya, acting, channel, at):
    with pytest.raises(PermissionDenied):
        actions.score_application(by=acting(dirk), application=in_review, marks={"reach": (3, "")}, at=at)
    with pytest.raises(PermissionDenied):
        approve(in_review, acting(dirk), maya, channel, at)


def test_approval_makes_a_partner_with_psm_admin_and_plan(
    in_review, maya, acting, channel, template, criteria, at
):
    done = approve(in_review, acting(maya), maya, channel, at, message="See you on Monday.")

    partner = done.partner
    assert (done.state, partner.state, partner.psm) == ("approved", "onboarding", maya)
    assert partner.organization.name == "Brightwell Health Systems Ltd"
    assert Invitation.objects.get(partner=partner).role == "partner_admin"
    assert partner.contacts.get().is_main
    assert partner.onboarding_plans.get().tasks.count() == 5
    assert letters(to_address="nora@brightwell.example")[-2:] == [
        "application.approved",
        "account.invitation",
    ]
    assert "See you on Monday." in render(Mail.objects.get(letter="application.approved"))[1]


def test_a_psm_may_approve_for_a_colleague(in_review, maya, tomas, acting, channel, template, at):
    assert approve(in_review, acting(maya), tomas, channel, at).partner.psm == tomas


def test_an_approved_application_is_not_approved_again(in_review, maya, acting, channel, template, at):
    approve(in_review, acting(maya), maya, channel, at)
    with pytest.raises(Conflict):
        approve(in_review, acting(maya), maya, channel, at)
    assert Partner.objects.count() == 1


def test_a_second_application_of_the_same_company_is_refused_after_the_first(
    in_review, apply, maya, acting, channel, template, at
):
    second = apply(contact_email="boss@brightwell.example")
    second = actions.confirm_application(token=token_of(second), at=at)
    approve(in_review, acting(maya), maya, channel, at)

    with pytest.raises(Conflict, match="partner already"):
        approve(second, acting(maya), maya, channel, at)
    assert Partner.objects.count() == 1


def test_without_a_template_nothing_is_half_done(in_review, maya, acting, channel, at):
    with pytest.raises(ValidationError):
        approve(in_review, acting(maya), maya, channel, at)
    in_review.refresh_from_db()
    assert in_review.state == "in_review"
    assert not Partner.objects.exists()


def test_a_rejection_needs_a_known_reason_and_tells_it(in_review, maya, acting, at):
    with pytest.raises(ValidationError):
        actions.reject_application(by=acting(maya), application=in_review, reason_code="bad_mood", at=at)

    done = actions.reject_application(by=acting(maya), application=in_review, reason_code="no_fit", at=at)

    assert (done.state, done.reason) == ("rejected", "no_fit")
    assert "No fit" in render(Mail.objects.get(letter="application.rejected"))[1]


def test_the_note_for_colleagues_never_reaches_the_applicant(in_review, maya, acting, at):
    actions.reject_application(
        by=acting(maya),
        application=in_review,
        reason_code="no_fit",
        comment="Odd people",
        message="All the best",
        at=at,
    )
    text = render(Mail.objects.get(letter="application.rejected"))[1]
    assert "All the best" in text
    assert "Odd people" not in text


def test_a_manager_who_says_that_it_is_another_company_is_believed(
    apply, maya, acting, channel, template, at
):
    known = factories.make_organization("Shared Campus", "GB", website="https://campus.example")
    application = apply(
        legal_name="Spin Off", website="https://campus.example", contact_email="a@campus.example"
    )
    application = actions.confirm_application(token=token_of(application), at=at)
    actions.link_organization(by=acting(maya), application=application, organization=None, at=at)

    done = approve(application, acting(maya), maya, channel, at)

    assert done.partner.organization != known


def test_events_hold_no_words_about_people(in_review, maya, acting, criteria, channel, template, at):
    actions.score_application(
        by=acting(maya), application=in_review, marks={"reach": (3, "Nora is nice")}, at=at
    )
    approve(in_review, acting(maya), maya, channel, at, comment="Nora insisted", message="Hello Nora")

    told = str(list(Event.objects.values_list("data", flat=True)))
    assert Event.objects.filter(type="application.approved").exists()
    assert "Nora" not in told
    assert "brightwell" not in told.lower()


# Onboard


@pytest.fixture
def plan(template, maya, at) -> OnboardingPlan:
    partner = factories.make_partner("Fernside Digital", country="GB", psm=maya, at=at, active=False)
    return begin_plan(by=SYSTEM, partner=partner, at=at)


@pytest.fixture
def fern(plan, at):
    """Fern, admin of the partner in onboarding."""
    return factories.make_partner_user("fern@fernside.example", "Fern Ojo", plan.partner, "partner_admin", at)


def task(plan, code):
    return plan.tasks.get(code=code)


def test_a_plan_copies_its_template_with_days_and_order(plan, at):
    assert plan.due_on == at.date() + timedelta(days=30)
    assert task(plan, "welcome_call").due_on == at.date() + timedelta(days=3)
    assert [t.code for t in task(plan, "countersign").depends_on.all()] == ["sign_agreement"]


def test_one_plan_runs_at_a_time(plan, maya, acting, at):
    with pytest.raises(Conflict):
        actions.start_plan(by=acting(maya), partner=plan.partner, at=at)


def test_the_admin_hears_of_the_plan_once_on_joining(plan, fern):
    assert letters(to_user=fern) == ["onboarding.started"]
    assert "Sign the partner agreement" in render(Mail.objects.get(letter="onboarding.started"))[1]


def test_a_task_waits_for_the_earlier_one(plan, maya, fern, acting, at):
    with pytest.raises(Conflict, match="Sign the partner agreement"):
        actions.complete_task(by=acting(maya), task=task(plan, "countersign"), at=at)

    actions.complete_task(by=acting(fern), task=task(plan, "sign_agreement"), at=at)
    done = actions.complete_task(by=acting(maya), task=task(plan, "countersign"), at=at)

    assert (done.state, done.closed_by) == ("done", maya)


def test_a_partner_does_not_tick_the_vendors_task(plan, fern, acting, at):
    with pytest.raises(PermissionDenied):
        actions.complete_task(by=acting(fern), task=task(plan, "welcome_call"), at=at)


def test_the_vendor_ticks_a_partners_task_with_a_note_only(plan, maya, acting, at):
    signed = task(plan, "sign_agreement")
    with pytest.raises(ValidationError):
        actions.complete_task(by=acting(maya), task=signed, at=at)
    done = actions.complete_task(by=acting(maya), task=signed, note="Came by post.", at=at)
    assert done.note == "Came by post."


def test_a_tick_is_taken_back_unless_something_was_built_on_it(plan, maya, fern, acting, at):
    actions.complete_task(by=acting(fern), task=task(plan, "sign_agreement"), at=at)
    actions.complete_task(by=acting(maya), task=task(plan, "countersign"), at=at)

    with pytest.raises(Conflict, match="Countersign"):
        actions.reopen_task(by=acting(fern), task=task(plan, "sign_agreement"), at=at)

    actions.reopen_task(by=acting(maya), task=task(plan, "countersign"), at=at)
    again = actions.reopen_task(by=acting(fern), task=task(plan, "sign_agreement"), at=at)
    assert (again.state, again.closed_at) == ("todo", None)


def test_skipping_needs_a_reason_and_the_vendor(plan, maya, fern, acting, at):
    with pytest.raises(ValidationError):
        actions.skip_task(by=acting(maya), task=task(plan, "welcome_call"), reason=" ", at=at)
    with pytest.raises(PermissionDenied):
        actions.skip_task(by=acting(fern), task=task(plan, "sign_agreement"), reason="No", at=at)

    skipped = actions.skip_task(
        by=acting(maya), task=task(plan, "sign_agreement"), reason="Covered by the frame.", at=at
    )

    assert skipped.state == "skipped"
    assert task(plan, "countersign") in plan.tasks.todo().waiting(False)


def test_a_task_can_be_added(plan, maya, acting, at):
    added = actions.add_task(
        by=acting(maya), plan=plan, title="Visit the lab", stage="launch", side="vendor",
        due_on=at.date() + timedelta(days=40), depends_on=[task(plan, "welcome_call")], at=at,
    )  # fmt: skip
    assert added in plan.tasks.waiting()
    with pytest.raises(ValidationError):
        actions.add_task(
            by=acting(maya), plan=plan, title="Too early", stage="launch", side="vendor",
            due_on=at.date() - timedelta(days=1), at=at,
        )  # fmt: skip


def test_a_task_of_another_plan_is_no_earlier_task(plan, template, maya, acting, at):
    other = begin_plan(
        by=SYSTEM, partner=factories.make_partner("Other", psm=maya, at=at, active=False), at=at
    )
    with pytest.raises(ValidationError):
        actions.add_task(
            by=acting(maya), plan=plan, title="Visit", stage="launch", side="vendor", due_on=at.date(),
            depends_on=[task(other, "welcome_call")], at=at,
        )  # fmt: skip


def test_a_task_gets_another_day(plan, maya, acting, at):
    later = at.date() + timedelta(days=9)
    moved = actions.move_task(by=acting(maya), task=task(plan, "welcome_call"), due_on=later, at=at)
    assert moved.due_on == later
    assert moved.due_at.date() == later + timedelta(days=1)


def test_a_second_person_ticks_the_invitation_of_the_team(plan, fern, at):
    assert task(plan, "invite_team").state == "todo"
    factories.make_partner_user("ivo@fernside.example", "Ivo Lund", plan.partner, "partner_seller", at)
    assert task(plan, "invite_team").state == "done"
    assert task(plan, "invite_team").closed_itself


def test_a_fact_ticks_its_task_whatever_else_is_open(plan, at):
    [done] = actions.complete_by_fact(
        partner_id=plan.partner_id, fact="certification_awarded.fundamentals", at=at
    )
    assert done.code == "fundamentals"
    assert (
        actions.complete_by_fact(partner_id=plan.partner_id, fact="certification_awarded.sales", at=at) == []
    )


def test_a_certification_ticks_its_task(plan, fern, at):
    track = save(Track(code="fundamentals", name="Fundamentals", audience="general", validity_months=12))
    person = plan.partner.contacts.get()

    record_certification(by=SYSTEM, contact=person, track=track, passed_on=at.date(), at=at)

    assert task(plan, "fundamentals").state == "done"


def test_what_a_fact_ticked_only_the_vendor_takes_back(plan, fern, maya, acting, at):
    actions.complete_by_fact(partner_id=plan.partner_id, fact="person_joined", at=at)
    with pytest.raises(PermissionDenied):
        actions.reopen_task(by=acting(fern), task=task(plan, "invite_team"), at=at)
    assert actions.reopen_task(by=acting(maya), task=task(plan, "invite_team"), at=at).state == "todo"


def finish(plan, by, at):
    for one in plan.tasks.todo():
        actions.skip_task(by=by, task=one, reason="Not needed.", at=at)


def test_the_last_required_task_activates_the_partner(plan, fern, maya, acting, at):
    actions.add_task(
        by=acting(maya), plan=plan, title="Nice to have", stage="launch", side="vendor",
        due_on=at.date(), is_required=False, at=at,
    )  # fmt: skip
    for code in ("welcome_call", "invite_team", "fundamentals", "countersign"):
        actions.skip_task(by=acting(maya), task=task(plan, code), reason="Not needed.", at=at)
    plan.partner.refresh_from_db()
    assert plan.partner.state == "onboarding"

    actions.complete_task(by=acting(fern), task=task(plan, "sign_agreement"), at=at)

    plan.refresh_from_db()
    plan.partner.refresh_from_db()
    assert (plan.state, plan.partner.state) == ("completed", "active")
    assert letters(to_user=fern)[-1] == "partner.activated"
    assert Notification.objects.filter(user=maya, kind="onboarding.completed").exists()


def test_a_partner_is_active_before_its_first_deal_which_completes_the_plan(plan, maya, acting, at):
    first_deal = actions.add_task(
        by=acting(maya), plan=plan, title="Register your first deal", stage="first_value", side="partner",
        due_on=at.date(), at=at,
    )  # fmt: skip
    for one in plan.tasks.todo().exclude(pk=first_deal.pk):
        actions.skip_task(by=acting(maya), task=one, reason="Not needed.", at=at)
    plan.refresh_from_db()
    plan.partner.refresh_from_db()
    assert (plan.state, plan.partner.state) == ("running", "active")

    actions.skip_task(by=acting(maya), task=first_deal, reason="Came by phone.", at=at)
    plan.refresh_from_db()
    assert plan.state == "completed"


def test_a_completed_plan_is_closed(plan, maya, acting, at):
    finish(plan, acting(maya), at)
    with pytest.raises(Conflict):
        actions.reopen_task(by=acting(maya), task=task(plan, "welcome_call"), at=at)


def test_the_end_of_a_partnership_ends_its_plan(plan, fern, at):
    terminate_partner(by=SYSTEM, partner=plan.partner, reason_code="mutual", at=at)
    plan.refresh_from_db()
    assert plan.state == "cancelled"
    assert letters(to_user=fern)[-1] == "partner.terminated"


def test_a_plan_without_movement_is_stalled(plan, maya, acting, at):
    later = at + timedelta(days=15)
    assert list(OnboardingPlan.objects.stalled(later, 14)) == [plan]
    actions.complete_task(by=acting(maya), task=task(plan, "welcome_call"), at=at + timedelta(days=5))
    assert not OnboardingPlan.objects.stalled(later, 14).exists()


def test_progress_counts_required_tasks(plan, maya, acting, at):
    actions.complete_task(by=acting(maya), task=task(plan, "welcome_call"), at=at)
    [row] = OnboardingPlan.objects.with_progress(at.date() + timedelta(days=12))
    assert (row.n_required, row.n_closed, row.n_overdue) == (5, 1, 1)


def test_another_partner_sees_nothing_of_a_plan(plan, fern, rhys, acting):
    assert list(OnboardingPlan.objects.visible_to(acting(fern))) == [plan]
    assert not OnboardingPlan.objects.visible_to(acting(rhys)).exists()
    assert not plan.tasks.visible_to(acting(rhys)).exists()


def test_the_invited_person_joins_by_the_link_of_the_letter(in_review, maya, acting, channel, template, at):
    done = approve(in_review, acting(maya), maya, channel, at)
    invitation = Invitation.objects.get(partner=done.partner)
    link = ActionLink.objects.get(purpose="invitation", subject_id=invitation.id)

    accept_invitation(token=links.token(link), name="Nora Quist", password=factories.PASSWORD, at=at)

    assert done.partner.contacts.get().user.email == "nora@brightwell.example"


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_wins(in_review, maya, acting, channel, template, at):
    found = outcomes(*[lambda: approve(in_review, acting(maya), maya, channel, at)] * 8)

    assert sorted(found) == ["Conflict"] * 7 + ["done"]
    assert Partner.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_applications_of_one_company_approved_at_once_one_wins(
    in_review, apply, maya, acting, channel, template, at
):
    second = actions.confirm_application(
        token=token_of(apply(contact_email="boss@brightwell.example")), at=at
    )

    found = outcomes(
        lambda: approve(in_review, acting(maya), maya, channel, at),
        lambda: approve(second, acting(maya), maya, channel, at),
    )

    assert sorted(found) == ["Conflict", "done"]
    assert Partner.objects.count() == 1


def test_a_letter_that_no_longer_applies_is_not_written(apply, at):
    application = apply()
    asking = Mail.objects.get(letter="application.confirm")
    assert "/apply/confirm/" in render(asking)[1]

    actions.confirm_application(token=token_of(application), at=at)

    assert render(asking) is None
    assert "A-1001" in render(Mail.objects.get(letter="application.received"))[2]
