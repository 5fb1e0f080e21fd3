"""Letters about certifications."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Membership
from catalog.querysets import reason_told
from core.mail import Letter, letter, link_to
from core.models import Mail
from core.templatetags.ui import day as say_day
from enablement.models import Certification

ADMIN = gettext_lazy("You get this because you look after your company's people in the partner program.")
PERSON = gettext_lazy("You get this because this certification is yours.")
MANAGER = gettext_lazy("You get this because you look after this partner.")


@letter("certification.expired")
def expired(mail: Mail) -> Letter | None:
    """One letter a day to each admin of a partner, for all that ran out and was not renewed since."""
    ended = Certification.objects.filter(
        contact__partner=mail.ids["partner"],
        contact__left_on=None,
        counts_until=None,
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
        because=str(ADMIN),
    )


@letter("certification.revoked")
def revoked(mail: Mail) -> Letter | None:
    """To the person and its partner's admins: what no longer counts, from when, and the reason that they may know."""
    found = _certification(mail.ids["certification"])
    if found is None or found.revoked_on is None:
        return None
    return Letter(
        subject=_("A certification in %(track)s was revoked") % {"track": found.track},
        context={
            "certification": found,
            "reason": reason_told("certification_revocation", found.revocation_reason),
            **_reader(mail, found),
        },
        because=str(_because(mail, found)),
    )


@letter("reminder.certification")
def expiring(mail: Mail) -> Letter | None:
    """So many days before a certification ends, unless it is renewed, revoked, or its holder has left."""
    found = _certification(mail.ids["subject"])
    if found is None or found.revoked_on or found.counts_until or found.contact.left_on or found.is_renewed():
        return None
    words = {"track": found.track, "day": say_day(found.expires_on)}
    return Letter(
        subject=_("A certification in %(track)s ends on %(day)s") % words,
        context={"certification": found, **_reader(mail, found)},
        because=str(_because(mail, found)),
    )


def _certification(key: str) -> Certification | None:
    return Certification.objects.select_related("contact__partner", "track").filter(pk=key).first()


def _reader(mail: Mail, certification: Certification) -> dict[str, Any]:
    """How the letter speaks: to the person itself, to the vendor's manager, or to the person's company."""
    if _is_own(mail, certification):
        own = link_to("/portal/certificates/", _("See your certificates"))
        return {"is_own": True, "link": own}
    if _is_of_vendor(mail):
        return {
            "is_vendor": True,
            "link": link_to(certification.get_absolute_url(), _("See the certification")),
        }
    return {"link": _people_page()}


def _because(mail: Mail, certification: Certification) -> Any:
    if _is_own(mail, certification):
        return PERSON
    return MANAGER if _is_of_vendor(mail) else ADMIN


def _is_own(mail: Mail, certification: Certification) -> bool:
    return mail.to_user_id is not None and mail.to_user_id == certification.contact.user_id


def _is_of_vendor(mail: Mail) -> bool:
    return Membership.objects.current().filter(user=mail.to_user_id, partner=None).exists()


def _people_page() -> dict[str, Any]:
    return link_to("/portal/people/", _("See your people"))
