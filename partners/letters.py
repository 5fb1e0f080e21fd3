"""Letters to a partner's admins about its state."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.querysets import reason_told
from core.mail import Letter, letter, link_to
from core.models import Mail
from partners import rules
from partners.models import Partner

SUBJECTS = {
    "partner.activated": gettext_lazy("You are an active partner now"),
    "partner.suspended": gettext_lazy("Your partnership is suspended"),
    "partner.resumed": gettext_lazy("Your partnership is active again"),
    "partner.terminated": gettext_lazy("Your partnership has ended"),
}
REASON_DOMAINS = {
    "partner.suspended": rules.NEEDS_REASON["suspend"],
    "partner.terminated": rules.NEEDS_REASON["terminate"],
}
HOLDS_IN = {
    "partner.activated": rules.ACTIVE,
    "partner.suspended": rules.SUSPENDED,
    "partner.resumed": rules.ACTIVE,
    "partner.terminated": rules.TERMINATED,
}


def about(partner: Partner, name: str, reason_code: str) -> Letter:
    """What the admins read; also shown while the move is being decided."""
    context = {"partner": partner, "reason": _reason_told(name, reason_code)}
    if name != "partner.terminated":
        context["link"] = link_to("/portal/", _("Open the partner portal"))
    because = _("You get this because you manage your company's access to the partner portal.")
    return Letter(str(SUBJECTS[name]), context, because)


def _reason_told(name: str, code: str) -> str:
    domain = REASON_DOMAINS.get(name)
    return reason_told(domain, code) if domain else ""


@letter("partner.activated")
@letter("partner.suspended")
@letter("partner.resumed")
@letter("partner.terminated")
def written(mail: Mail) -> Letter | None:
    """None once the partner has moved on."""
    partner = Partner.objects.select_related("psm").filter(pk=mail.ids["partner"]).first()
    if partner is None or partner.state != HOLDS_IN[mail.letter]:
        return None
    return about(partner, mail.letter, partner.state_reason)
