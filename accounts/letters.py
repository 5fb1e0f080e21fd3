"""Letters about accounts."""

from allauth.account.forms import default_token_generator as reset_tokens
from allauth.account.utils import user_pk_to_url_str
from django.utils.translation import gettext as _

from accounts.actions import INVITATION
from accounts.models import Invitation
from core import links
from core.mail import Letter, letter, link_to
from core.models import ActionLink, Mail


@letter("account.invitation")
def invitation(mail: Mail) -> Letter | None:
    offer = (
        Invitation.objects.select_related("partner", "invited_by").filter(pk=mail.ids["invitation"]).first()
    )
    link = ActionLink.objects.filter(purpose=INVITATION, subject_id=mail.ids["invitation"]).last()
    if offer is None or offer.state != Invitation.OPEN or link is None:
        return None
    where = offer.partner.name if offer.partner else _("the partner workspace")
    return Letter(
        subject=_("Join %(where)s") % {"where": where},
        context={
            "invitation": offer,
            "where": where,
            "link": link_to(f"/join/{links.token(link)}/", _("Join %(where)s") % {"where": where}),
        },
        because=_("You get this because someone invited this address."),
    )


@letter("account.password_reset")
def password_reset(mail: Mail) -> Letter | None:
    """The token is made now, from the password's hash: it is stored nowhere and dies with the next change."""
    user = mail.to_user
    if user is None or not user.is_active:
        return None
    path = f"/accounts/password/reset/key/{user_pk_to_url_str(user)}-{reset_tokens.make_token(user)}/"
    return Letter(
        subject=_("Choose a new password"),
        context={"link": link_to(path, _("Choose a new password"))},
        because=_("You get this because someone asked for a new password for this address."),
    )


@letter("account.unknown")
def unknown(mail: Mail) -> Letter | None:
    return Letter(
        subject=_("There is no account for this address"),
        because=_("You get this because someone asked for a new password for this address."),
    )


@letter("account.password_changed")
def password_changed(mail: Mail) -> Letter | None:
    return _security_notice(mail, _("Your password was changed"))


@letter("account.second_factor_changed")
def second_factor_changed(mail: Mail) -> Letter | None:
    return _security_notice(mail, _("Your second factor was changed"))


def _security_notice(mail: Mail, subject: str) -> Letter | None:
    if mail.to_user is None:
        return None
    return Letter(
        subject=subject,
        context={
            "changed_at": mail.created_at,
            "link": link_to("/accounts/password/reset/", _("It was not me")),
        },
        because=_("You get this because of a change to how you sign in. It cannot be switched off."),
    )
