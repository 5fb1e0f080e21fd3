"""Letters to a partner's admins about its state."""

from django.utils.translation import gettext as _

from catalog.models import ReasonCode
from core.mail import Letter, letter, link_to
from core.models import Mail
from partners import rules
from partners.models import Partner


def _letter(mail: Mail, subject: str, *, in_state: str = "", has_link: bool = True) -> Letter | None:
    partner = Partner.objects.select_related("psm").filter(pk=mail.ids["partner"]).first()
    if partner is None or (in_state and partner.state != in_state):
        return None
    context = {"partner": partner, "reason": reason_told(partner)}
    if has_link:
        context["link"] = link_to("/portal/", _("Open the partner portal"))
    return Letter(
        subject, context, _("You get this because you manage your company's access to the partner portal.")
    )


def reason_told(partner: Partner) -> str:
    """The reason of a suspension or an end, where it is one for the partner's eyes."""
    told = ReasonCode.objects.filter(
        domain__in=rules.NEEDS_REASON.values(), code=partner.state_reason, partner_visible=True
    ).first()
    return (told.letter_text or told.label) if told else ""


@letter("partner.activated")
def activated(mail: Mail) -> Letter | None:
    return _letter(mail, _("You are an active partner now"), in_state=rules.ACTIVE)


@letter("partner.suspended")
def suspended(mail: Mail) -> Letter | None:
    return _letter(mail, _("Your partnership is suspended"), in_state=rules.SUSPENDED)


@letter("partner.resumed")
def resumed(mail: Mail) -> Letter | None:
    return _letter(mail, _("Your partnership is active again"), in_state=rules.ACTIVE)


@letter("partner.terminated")
def terminated(mail: Mail) -> Letter | None:
    return _letter(mail, _("Your partnership has ended"), has_link=False)
