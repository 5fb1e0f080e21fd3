"""Letters about applications and onboarding."""

from typing import Any

from django.utils.translation import gettext as _

from catalog.querysets import reason_told
from core import links
from core.mail import Letter, letter, link_to
from core.models import ActionLink, Mail
from onboarding import rules
from onboarding.actions.applications import CONFIRM
from onboarding.models import Application, OnboardingPlan


def _application(mail: Mail) -> Application | None:
    return Application.objects.select_related("partner").filter(pk=mail.ids["application"]).first()


def _because_applied() -> str:
    return _("You get this because this address was given in an application to our partner program.")


def _confirm_path(application: Application) -> str | None:
    link = (
        ActionLink.objects.filter(purpose=CONFIRM, subject_id=application.pk)
        .order_by("created_at", "id")
        .last()
    )
    return f"/apply/confirm/{links.token(link)}/" if link else None


def _to_confirm(mail: Mail, subject: str, label: str) -> Letter | None:
    application = _application(mail)
    path = _confirm_path(application) if application and application.state == rules.UNCONFIRMED else None
    if path is None:
        return None
    return Letter(subject, {"application": application, "link": link_to(path, label)}, _because_applied())


@letter("application.confirm")
def confirm(mail: Mail) -> Letter | None:
    return _to_confirm(mail, _("Confirm your application"), _("Confirm this address"))


@letter("application.colleague")
def colleague(mail: Mail) -> Letter | None:
    """To an address of a company that is a partner: it is told whom to ask, and nothing else."""
    return _to_confirm(mail, _("Your company works with us already"), _("Tell our administrator"))


@letter("application.known")
def known(mail: Mail) -> Letter | None:
    application = _application(mail)
    if application is None or not application.is_awaiting:
        return None
    return Letter(_("We have your application already"), {"application": application}, _because_applied())


@letter("application.received")
def received(mail: Mail) -> Letter | None:
    application = _application(mail)
    if application is None or not application.is_awaiting:
        return None
    return Letter(_("We have received your application"), {"application": application}, _because_applied())


@letter("application.referred")
def referred(mail: Mail) -> Letter | None:
    """To the admins of the partner at which the applicant works."""
    application = _application(mail)
    if application is None or application.state != rules.REFERRED:
        return None
    return Letter(
        subject=_("A colleague would like to join your partner portal"),
        context={
            "application": application,
            "link": link_to("/portal/team/invite/", _("Invite a colleague")),
        },
        because=_("You get this because you manage your company's access to the partner portal."),
    )


@letter("application.approved")
def approved(mail: Mail) -> Letter | None:
    application = _application(mail)
    return approval_letter(application, application.message) if application else None


@letter("application.rejected")
def rejected(mail: Mail) -> Letter | None:
    application = _application(mail)
    return rejection_letter(application, application.reason, application.message) if application else None


def approval_letter(application: Application, message: str) -> Letter:
    """What an applicant reads after a yes; also shown while the decision is being made."""
    context = {"application": application, "message": message}
    return Letter(_("Welcome to our partner program"), context, _because_applied())


def rejection_letter(application: Application, reason_code: str, message: str) -> Letter:
    """What an applicant reads after a no: the reason where it is one for outside."""
    context: dict[str, Any] = {
        "application": application,
        "reason": reason_told(rules.REJECTION, reason_code),
        "message": message,
    }
    return Letter(_("Your application to our partner program"), context, _because_applied())


@letter("onboarding.started")
def started(mail: Mail) -> Letter | None:
    plan = OnboardingPlan.objects.running().select_related("partner__psm").filter(pk=mail.ids["plan"]).first()
    if plan is None:
        return None
    first = plan.tasks.todo().of_side(rules.PARTNER_SIDE).waiting(False)[:3]
    return Letter(
        subject=_("Your onboarding has started"),
        context={
            "plan": plan,
            "first": list(first),
            "link": link_to("/portal/onboarding/", _("Open the checklist")),
        },
        because=_("You get this because you manage your company's access to the partner portal."),
    )
