"""Letters about a partner's tier, in plain words with the facts."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import clock
from core.clock import day
from core.mail import Letter, letter
from core.models import Mail
from core.templatetags.ui import day as say_day
from events.models import Event
from tiers import decided, wording
from tiers.models import Grace, Standing, Tier
from tiers.querysets import evaluation_of

BECAUSE = gettext_noop("You get this because you look after your company's side of the partner program.")


@letter("tier.awarded")
def awarded(mail: Mail) -> Letter | None:
    """The partner reached a tier; nothing is said any more once another change has followed."""
    standing = _standing(mail.ids["standing"])
    if standing is None or standing.ends_on:
        return None
    subject = _("You are now %(tier)s") % {"tier": standing.tier.name}
    return _letter(subject, standing=standing, tier=standing.tier, benefits=_new_benefits(standing, mail))


@letter("tier.lowered")
def lowered(mail: Mail) -> Letter | None:
    event = Event.objects.filter(pk=mail.ids["event"]).first()
    standing = _standing(mail.ids["standing"])
    if event is None or standing is None:
        return None
    before, after = _tier_name(standing, event.data["from"]), _tier_name(standing, event.data["to"])
    subject = _("You are no longer %(before)s") % {"before": before}
    return _letter(subject, standing=standing, before=before, after=after)


@letter("tier.grace_started")
def grace_started(mail: Mail) -> Letter | None:
    grace = _open_grace(mail.ids["grace"])
    return grace and _grace_letter(grace, _("%(tier)s is at risk: you have until %(day)s"))


@letter("reminder.tier-grace")
def grace_reminder(mail: Mail) -> Letter | None:
    grace = _open_grace(mail.ids["subject"])
    return grace and _grace_letter(grace, _("%(tier)s ends on %(day)s unless what is missing comes back"))


def _standing(standing_id: str) -> Standing | None:
    return Standing.objects.select_related("tier__program_version", "partner").filter(pk=standing_id).first()


def _open_grace(grace_id: str) -> Grace | None:
    return (
        Grace.objects.open()
        .select_related("standing__tier", "partner", "program")
        .filter(pk=grace_id)
        .first()
    )


def _grace_letter(grace: Grace, subject: str) -> Letter:
    words = {"tier": grace.standing.tier.name, "day": say_day(grace.ends_on)}
    found = evaluation_of(grace.partner, day(clock.now()), grace.program)
    missing = decided.facts(found, grace.standing.tier, only_open=True)
    missing = missing or [wording.name_of(metric) for metric in grace.missing]
    return _letter(subject % words, grace=grace, tier=grace.standing.tier, missing=missing)


def _new_benefits(standing: Standing, mail: Mail) -> list[str]:
    return [
        given.benefit.name
        for given in standing.tier.benefits.filter(is_inherited=False).select_related("benefit")
    ]


def _tier_name(standing: Standing, code: str | None) -> str:
    found = Tier.objects.filter(program_version=standing.tier.program_version, code=code or "").first()
    return found.name if found else (code or "").replace("_", " ").capitalize()


def _letter(subject: str, **context: Any) -> Letter:
    link = {"url": f"{settings.BASE_URL}/portal/tier/", "label": _("See your tier")}
    return Letter(subject=subject, context={**context, "link": link}, because=_(BECAUSE))
