"""Letters about announced versions: what changes for one partner and when, or that it does not come."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.mail import Letter, letter, link_to
from core.models import Mail
from core.templatetags.ui import day as say_day
from tiers.models import Announcement

BECAUSE = gettext_noop("You get this because you look after your company's side of the partner program.")


@letter("tier_announcement.made")
def made(mail: Mail) -> Letter | None:
    """What changes; nothing is said any more once it was called off."""
    announcement = _announcement(mail)
    if announcement is None or announcement.called_off_at:
        return None
    return _letter(announcement, _("What changes for you in the partner program on %(day)s"))


@letter("tier_announcement.called_off")
def called_off(mail: Mail) -> Letter | None:
    announcement = _announcement(mail)
    return announcement and _letter(announcement, _("The change of %(day)s does not come"))


def _announcement(mail: Mail) -> Announcement | None:
    found = Announcement.objects.select_related("program_version__program", "partner")
    return found.filter(pk=mail.ids["announcement"]).first()


def _letter(announcement: Announcement, subject: Any) -> Letter:
    return Letter(
        subject=subject % {"day": say_day(announcement.effective_from)},
        context={
            "announcement": announcement,
            "program": announcement.program_version.program,
            "link": link_to("/portal/tier/", _("See your tier")),
        },
        because=_(BECAUSE),
    )
