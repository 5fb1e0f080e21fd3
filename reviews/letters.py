"""Letters about reviews, to the partner's admins and its success manager."""

from typing import Any

from django.utils.translation import gettext as _

from core.mail import Letter, letter, link_to
from core.models import Mail
from inbox.models import Reminder
from reviews import rules
from reviews.models import Review


def _letter(mail: Mail, subject: str, states: tuple[str, ...], label: str, **more: Any) -> Letter | None:
    """A letter about a review that is still in one of these states; else it no longer applies."""
    key = mail.ids.get("review") or mail.ids["subject"]
    review = Review.objects.select_related("partner__psm").filter(pk=key).first()
    if review is None or review.state not in states or mail.to_user is None:
        return None
    words = {"quarter": review.quarter_name, "partner": review.partner.name}
    return Letter(
        subject=subject % words,
        context={"review": review, "link": link_to(_page(review, mail), label), **more},
        because=_("You get this because you look after the reviews of %(partner)s.") % words,
    )


def _page(review: Review, mail: Mail) -> str:
    """The review's page on the reader's side."""
    url = review.get_absolute_url()
    is_vendor = (
        mail.to_user.memberships.filter(partner=None, ended_at=None).exists() if mail.to_user else False
    )
    return url if is_vendor else url.replace("/manage/", "/portal/", 1)


@letter("review.scheduled")
def scheduled(mail: Mail) -> Letter | None:
    return _letter(mail, _("%(quarter)s review with %(partner)s"), (rules.SCHEDULED,), _("Open the review"))


@letter("review.moved")
def moved(mail: Mail) -> Letter | None:
    return _letter(mail, _("The %(quarter)s review moved"), (rules.SCHEDULED,), _("Open the review"))


@letter("review.cancelled")
def cancelled(mail: Mail) -> Letter | None:
    return _letter(mail, _("The %(quarter)s review is cancelled"), (rules.CANCELLED,), _("Open the review"))


@letter("review.held")
def held(mail: Mail) -> Letter | None:
    return _letter(mail, _("Please sign off the %(quarter)s review"), (rules.HELD,), _("Read and sign"))


@letter("reminder.review")
def reminder(mail: Mail) -> Letter | None:
    """Withdrawn where the review was held, cancelled or moved before the letter was written."""
    planned = Reminder.objects.get(pk=mail.ids["reminder"])
    subject = _("%(quarter)s review with %(partner)s: a reminder")
    found = _letter(mail, subject, (rules.SCHEDULED,), _("Open the review"), reminder=planned)
    return found if found and found.context["review"].on == planned.occasion_on else None
