"""Letters about certifications."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.mail import Letter, letter
from core.models import Mail
from core.templatetags.ui import day as say_day
from enablement.models import Certification

BECAUSE = "You get this because you look after your company's people in the partner program."


@letter("certification.expired")
def expired(mail: Mail) -> Letter | None:
    """One letter a day to each admin of a partner, for all that ran out and was not renewed since."""
    ended = Certification.objects.filter(
        contact__partner=mail.ids["partner"],
        contact__left_on=None,
        expiry_noted_on=date.fromisoformat(mail.ids["day"]),
        revoked_on=None,
    ).select_related("contact", "track")
    open_ones = [certification for certification in ended if not certification.is_renewed()]
    if not open_ones:
        return None
    subject = ngettext("A certification has expired", "%(n)s certifications have expired", len(open_ones))
    return Letter(
        subject=subject % {"n": len(open_ones)},
        context={"certifications": open_ones, "link": _people_page()},
        because=_(BECAUSE),
    )


@letter("reminder.certification")
def expiring(mail: Mail) -> Letter | None:
    """So many days before a certification ends, unless it is renewed, revoked, or its holder has left."""
    found = Certification.objects.select_related("contact", "track").filter(pk=mail.ids["subject"]).first()
    if found is None or found.revoked_on or found.contact.left_on or found.is_renewed():
        return None
    words = {"track": found.track, "day": say_day(found.expires_on)}
    return Letter(
        subject=_("A certification in %(track)s ends on %(day)s") % words,
        context={"certification": found, "link": _people_page()},
        because=_(BECAUSE),
    )


def _people_page() -> dict[str, str]:
    return {"url": f"{settings.BASE_URL}/portal/people/", "label": _("See your people")}
