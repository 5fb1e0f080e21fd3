"""Letters about accounts."""

from django.utils.translation import gettext as _

from accounts.actions import INVITATION
from accounts.models import Invitation
from core import links
from core.mail import Letter, letter
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
        context={"invitation": offer, "where": where, "path": f"/join/{links.token(link)}/"},
        because=_("You get this because someone invited this address."),
    )
