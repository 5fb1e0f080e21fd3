"""What can be done with an application: submit, confirm, review, score, decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import invite
from accounts.models import Membership, User
from accounts.roles import Permission
from catalog.querysets import market_of, reason, setting
from core import links, mail
from core.actors import SYSTEM, Actor
from core.clock import zone
from core.errors import Conflict
from core.models import next_number
from core.saving import lock, save
from core.workdays import after_workdays
from events.actions import record
from onboarding import rules
from onboarding.actions.plans import begin_plan
from onboarding.models import Application, ApplicationScore, Criterion
from onboarding.querysets import is_colleague, partner_of, recognise
from onboarding.scoring import scorecard_of
from partners.actions import add_contact, add_organization, add_partner, require_psm
from partners.models import Category, Organization, Partner

CONFIRM = "application.confirm"


@transaction.atomic
def submit_application(
    *,
    by: Actor,
    categories: list[Category],
    accepts_privacy: bool,
    at: datetime,
    origin: str = "form",
    **facts: Any,
) -> Application:
    """A company applies, or is entered by the vendor. It counts once the contact's address is confirmed by mail.

    `facts` are the fields a company fills in. An application that is open already (same company, same address) is
    answered again by mail and returned, not doubled. Raises ValidationError.
    """
    if by.is_vendor:
        by.must(Permission.APPLICATION_DECIDE)
    application = _application(categories, accepts_privacy, at, origin, facts)
    if earlier := _earlier(application):
        return _answer_again(by, earlier, at)
    application.number = next_number("A")
    try:
        save(application)
    except Conflict:
        return _answer_again(by, _earlier(application) or application, at)
    application.categories.set(categories)
    data = {"origin": origin, "recognised_by": application.recognised_by}
    record("application.submitted", application, by=by, at=at, data=data)
    _ask_for_confirmation(application, at)
    return application


def _application(
    categories: list[Category], accepts_privacy: bool, at: datetime, origin: str, facts: dict[str, Any]
) -> Application:
    """The unsaved, checked application, with the organisation that we know."""
    if not accepts_privacy:
        raise ValidationError({"accepts_privacy": _("We need your agreement to handle this application.")})
    if not categories:
        raise ValidationError({"categories": _("Choose at least one.")})
    application = Application(origin=origin, privacy_accepted_at=at, created_at=at, **facts)
    application.contact_email = application.contact_email.strip().casefold()
    application.identifier = rules.identifier_value(application.identifier)
    application.company_key = rules.company_key(
        application.legal_name, application.website, application.contact_email
    )
    application.full_clean(exclude=["number"], validate_constraints=False)
    if bool(application.identifier) != bool(application.identifier_scheme):
        raise ValidationError({"identifier": _("Give the number and say what kind it is.")})
    application.organization, application.recognised_by = recognise(
        scheme=application.identifier_scheme,
        identifier=application.identifier,
        email=application.contact_email,
        website=application.website,
    )
    return application


def _earlier(application: Application) -> Application | None:
    same = Application.objects.open().of_company(application.company_key)
    return same.filter(contact_email=application.contact_email).first()


def _answer_again(by: Actor, application: Application, at: datetime) -> Application:
    record("application.repeated", application, by=by, at=at)
    if application.state == rules.UNCONFIRMED:
        _ask_for_confirmation(application, at)
    else:
        mail.send(
            "application.known", at=at, to_address=application.contact_email, application=application.id
        )
    return application


def _ask_for_confirmation(application: Application, at: datetime) -> None:
    """A single-use link to the address; to a colleague of a partner the letter says whom to ask instead."""
    links.make(CONFIRM, application.id, at=at, life=timedelta(hours=setting("application.confirm_hours")))
    letter = "application.colleague" if is_colleague(application) else "application.confirm"
    mail.send(letter, at=at, to_address=application.contact_email, application=application.id)


@transaction.atomic
def resend_confirmation(*, by: Actor, application: Application, at: datetime) -> Application:
    """Send the confirmation letter again; the earlier link stops working. Raises Conflict where it is confirmed."""
    by.must(Permission.APPLICATION_DECIDE, on=application)
    application = lock(application)
    rules.APPLICATION.after(application.state, "confirm")
    record("application.asked_again", application, by=by, at=at)
    _ask_for_confirmation(application, at)
    return application


@transaction.atomic
def confirm_application(*, token: str, at: datetime) -> Application:
    """The address is theirs: the application counts, and an answer is due within the promised working days.

    A colleague of a partner is referred to it instead: its admins are told, nothing waits for the vendor.
    Raises Conflict when the link is used, unknown or expired.
    """
    link = links.find(token, CONFIRM, at=at)
    links.use(link, at=at)
    application = lock(Application(pk=link.subject_id))
    by = Actor(kind="link", label=application.contact_email)
    if is_colleague(application):
        return _refer(by, application, at)
    due_at = decision_due(application.country.code, at)
    application = _move(by, application, "confirm", at, {"due_at": due_at}, confirmed_at=at, due_at=due_at)
    mail.send("application.received", at=at, to_address=application.contact_email, application=application.id)
    return application


def decision_due(country: str, at: datetime) -> datetime:
    """When the answer is due: so many working days of the applicant's country after the confirmation."""
    market = market_of(country)
    tz = ZoneInfo(market.time_zone) if market else zone()
    return after_workdays(at, setting("application.decide_business_days"), country, tz)


def _refer(by: Actor, application: Application, at: datetime) -> Application:
    application = _move(by, application, "refer", at, {}, confirmed_at=at)
    partner = partner_of(application.organization)
    for admin in (
        Membership.objects.current().filter(partner=partner, role="partner_admin").select_related("user")
    ):
        mail.send("application.referred", at=at, to_user=admin.user, application=application.id)
    return application


@transaction.atomic
def assign_application(*, by: Actor, application: Application, reviewer: User, at: datetime) -> Application:
    """Give an application to its reviewer (oneself or a colleague). Raises ValidationError, Conflict."""
    by.must(Permission.APPLICATION_DECIDE, on=application)
    require_psm(reviewer, field="reviewer")
    data = {"reviewer": str(reviewer.id)}
    return _move(by, application, "assign", at, data, reviewer=reviewer)


@transaction.atomic
def link_organization(
    *, by: Actor, application: Application, organization: Organization | None, at: datetime
) -> Application:
    """Say which organisation the applicant is, or that it is a new one (None). Raises Conflict once decided."""
    by.must(Permission.APPLICATION_DECIDE, on=application)
    application = _locked_open(application)
    application.organization = organization
    application.recognised_by = rules.BY_HAND
    save(application)
    data = {"organization": str(organization.id) if organization else None}
    record("application.linked", application, by=by, at=at, data=data)
    return application


@transaction.atomic
def score_application(
    *, by: Actor, application: Application, marks: dict[str, tuple[int, str]], at: datetime
) -> Application:
    """Give one's marks: by the code of the criterion, points and a note. One's earlier marks on these are replaced.

    Raises ValidationError naming the criterion, Conflict once the application is decided.
    """
    by.must(Permission.APPLICATION_SCORE, on=application)
    application = _locked_open(application)
    criteria = {c.code: c for c in Criterion.objects.active()}
    if not marks or (unknown := set(marks) - set(criteria)):
        raise ValidationError(
            {"marks": _("There is no criterion “%s”.") % min(unknown) if marks else _("Give a mark.")}
        )
    for code, (points, note) in marks.items():
        _mark(by, application, criteria[code], points, note, at)
    record("application.scored", application, by=by, at=at, data={"criteria": sorted(marks)})
    return application


def _mark(
    by: Actor, application: Application, criterion: Criterion, points: int, note: str, at: datetime
) -> None:
    own = application.scores.filter(criterion=criterion, scorer=by.user_id).first()
    score = own or ApplicationScore(
        application=application, criterion=criterion, scorer_id=by.user_id, created_at=at
    )
    score.points, score.note = points, note
    try:
        save(score)
    except ValidationError as error:
        raise ValidationError({criterion.code: error.messages}) from error


@transaction.atomic
def approve_application(
    *,
    by: Actor,
    application: Application,
    psm: User,
    categories: list[Category],
    at: datetime,
    message: str = "",
    comment: str = "",
) -> Application:
    """The company becomes a partner: PSM assigned, first person invited as partner admin, onboarding plan started.

    The first category is the primary one. Raises ValidationError (no category, not a PSM), Conflict (decided
    already, or the company is a partner).
    """
    by.must(Permission.APPLICATION_DECIDE, on=application)
    require_psm(psm)
    if not categories:
        raise ValidationError({"categories": _("Choose at least one.")})
    application = _lock_company(application)
    rules.APPLICATION.after(application.state, "approve")
    partner = _make_partner(by, application, psm, categories, at)
    data = {"partner": str(partner.id), "psm": str(psm.id), "total": scorecard_of(application).total}
    facts = {
        "partner": partner,
        "organization": partner.organization,
        "reviewer": application.reviewer or psm,
    }
    application = _decide(by, application, "approve", at, data, message=message, comment=comment, **facts)
    mail.send("application.approved", at=at, to_address=application.contact_email, application=application.id)
    _welcome(by, application, partner, at)
    return application


def _lock_company(application: Application) -> Application:
    """The row, fresh, with all rows of its company locked in one order: two approvals come one after the other."""
    rivals = Application.objects.of_company(application.company_key).order_by("pk").select_for_update()
    return next(row for row in rivals if row.pk == application.pk)


def _make_partner(
    by: Actor, application: Application, psm: User, categories: list[Category], at: datetime
) -> Partner:
    organization = application.organization or _known_since(application)
    if organization and Partner.objects.filter(organization=lock(organization)).exists():
        raise Conflict(_("This company is or was a partner already."), code="already_partner")
    organization = organization or _new_organization(by, application, at)
    return add_partner(
        by=by,
        organization=organization,
        categories=categories,
        psm=psm,
        at=at,
        name=organization.name,
        country=application.country.code,
        application_id=application.id,
    )


def _known_since(application: Application) -> Organization | None:
    """An organisation recorded after the application came, unless a manager said that it is a new one."""
    if application.recognised_by == rules.BY_HAND:
        return None
    return recognise(
        scheme=application.identifier_scheme,
        identifier=application.identifier,
        email=application.contact_email,
        website=application.website,
    )[0]


def _new_organization(by: Actor, application: Application, at: datetime) -> Organization:
    number = (application.identifier_scheme, application.identifier)
    return add_organization(
        by=by,
        at=at,
        origin="application",
        name=application.legal_name,
        legal_name=application.legal_name,
        country=application.country.code,
        website=application.website,
        domains=(application.contact_email,),
        identifiers=(number,) if application.identifier else (),
    )


def _welcome(by: Actor, application: Application, partner: Partner, at: datetime) -> None:
    """First person and plan. SYSTEM invites: a PSM may approve for a colleague, whose partner is out of her reach."""
    person = {"name": application.contact_name, "email": application.contact_email}
    add_contact(by=SYSTEM, partner=partner, title=application.contact_title, at=at, **person)
    invite(by=SYSTEM, partner=partner, role="partner_admin", at=at, **person)
    begin_plan(by=by, partner=partner, at=at)


@transaction.atomic
def reject_application(
    *,
    by: Actor,
    application: Application,
    reason_code: str,
    at: datetime,
    message: str = "",
    comment: str = "",
) -> Application:
    """Say no, with a reason code. Raises ValidationError (unknown reason, a comment is needed), Conflict."""
    by.must(Permission.APPLICATION_DECIDE, on=application)
    code = reason(rules.REJECTION, reason_code)
    if code.requires_comment and not comment.strip():
        raise ValidationError({"comment": _("This reason needs a note for colleagues.")})
    application = lock(application)
    data = {"reason": code.code, "total": scorecard_of(application).total}
    application = _decide(
        by, application, "reject", at, data, reason=code.code, message=message, comment=comment
    )
    mail.send("application.rejected", at=at, to_address=application.contact_email, application=application.id)
    return application


@transaction.atomic
def withdraw_application(
    *, by: Actor, application: Application, at: datetime, comment: str = ""
) -> Application:
    """The applicant took it back, as a manager notes. Raises Conflict once decided."""
    by.must(Permission.APPLICATION_DECIDE, on=application)
    links.revoke(CONFIRM, application.id, at=at)
    return _decide(by, application, "withdraw", at, {}, comment=comment)


def expire_application(*, by: Actor, application: Application, at: datetime) -> Application:
    """Nobody confirmed the address in time. Called by the daily job."""
    by.must(Permission.APPLICATION_DECIDE)
    return _move(by, application, "expire", at, {})


def _locked_open(application: Application) -> Application:
    application = lock(application)
    if application.state not in rules.OPEN:
        raise Conflict(_("This application is decided."), code="closed_move")
    return application


EVENT_OF_MOVE = {
    "confirm": "application.confirmed",
    "refer": "application.referred",
    "assign": "application.assigned",
    "approve": "application.approved",
    "reject": "application.rejected",
    "withdraw": "application.withdrawn",
    "expire": "application.expired",
}


def _decide(
    by: Actor, application: Application, move: str, at: datetime, data: dict[str, Any], **facts: Any
) -> Application:
    return _move(by, application, move, at, data, decided_at=at, decided_by_id=by.user_id, **facts)


@transaction.atomic
def _move(
    by: Actor, application: Application, move: str, at: datetime, data: dict[str, Any], **facts: Any
) -> Application:
    application = lock(application)
    application.state = rules.APPLICATION.after(application.state, move)
    for name, value in facts.items():
        setattr(application, name, value)
    save(application)
    record(EVENT_OF_MOVE[move], application, by=by, at=at, data=data)
    return application
