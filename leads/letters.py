"""Letters about leads. None says who the customer is: whoever may read that reads it on the lead's page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, User
from accounts.roles import PARTNER_ROLES, Permission
from catalog.querysets import reason_told
from core.mail import Letter, letter, link_to
from core.models import Mail
from inbox.models import Reminder
from leads import rules
from leads.models import Lead, LeadOffer, Referral
from partners.models import Partner

WORKING = [role for role, permissions in PARTNER_ROLES.items() if Permission.LEAD_WORK in permissions]


def workers(partner: Partner, first: User | None = None) -> list[User]:
    """Who at a partner is written to: the person who took the lead, else all who may take one."""
    current = Membership.objects.current().filter(partner=partner, role__in=WORKING).select_related("user")
    own = [m.user for m in current if first and m.user_id == first.pk]
    return own or [membership.user for membership in current]


def _offer(mail: Mail, *states: str) -> LeadOffer | None:
    """The offer that a letter is about, where it is still in one of these states."""
    found = LeadOffer.objects.select_related("lead__specialty", "partner").filter(
        pk=mail.ids.get("offer") or mail.ids["subject"]
    )
    return found.filter(state__in=states).first()


def _about(
    mail: Mail, lead: Lead, subject: str, paragraphs: Iterable[str], label: str, *, teaser: bool
) -> Letter:
    context = {
        "name": mail.to_user.get_short_name() if mail.to_user else "",
        "paragraphs": [p for p in paragraphs if p],
        "lines": teaser_lines(lead) if teaser else [],
        "link": link_to(lead.portal_url, label),
    }
    return Letter(subject, context, _("You get this because your company takes leads from us."))


def teaser_lines(lead: Lead) -> list[tuple[str, str]]:
    """What anybody who is asked may read."""
    products = ", ".join(product.name for product in lead.products.all())
    found = [
        (_("Country"), str(lead.country.name)),
        (_("Specialty"), lead.specialty.name if lead.specialty else ""),
        (_("Products"), products),
        (_("Need"), lead.need),
    ]
    return [(label, words) for label, words in found if words]


def when(at: Any, partner: Partner) -> str:
    """An instant on the partner's clock, with its zone."""
    zone = ZoneInfo(partner.time_zone)
    return _("%(when)s, %(zone)s") % {
        "when": format_date(at.astimezone(zone), "l j F Y, H:i"),
        "zone": partner.time_zone.rpartition("/")[2].replace("_", " "),
    }


@letter("lead.offered")
def offered(mail: Mail) -> Letter | None:
    offer = _offer(mail, rules.ASKED)
    if offer is None:
        return None
    words = _("We have a lead for you. Accept it by %(when)s; after that it goes to another partner.")
    said = [words % {"when": when(offer.due_at, offer.partner)},
            _("Once you have accepted, you read who it is and whom to call.")]  # fmt: skip
    return _about(mail, offer.lead, _("A lead for you: %(number)s") % {"number": offer.lead.number}, said,
                  _("Look at it and answer"), teaser=True)  # fmt: skip


@letter("lead.pooled")
def pooled(mail: Mail) -> Letter | None:
    """To those who may take it, while it is there to be taken."""
    lead = Lead.objects.pooled().select_related("specialty").filter(pk=mail.ids["lead"]).first()
    if lead is None:
        return None
    said = [_("A lead is open to you and to others: whoever accepts first has it.")]
    subject = _("A lead in the pool: %(number)s") % {"number": lead.number}
    return _about(mail, lead, subject, said, _("Look at it and accept"), teaser=True)


@letter("lead.accepted")
def accepted(mail: Mail) -> Letter | None:
    offer = _offer(mail, rules.ACCEPTED)
    if offer is None or offer.lead.due_at is None:
        return None
    words = _(
        "%(number)s is yours. Make the first contact by %(when)s and note it; else it goes to another partner."
    )
    said = [words % {"number": offer.lead.number, "when": when(offer.lead.due_at, offer.partner)},
            _("Who it is and whom to call stands on the lead's page.")]  # fmt: skip
    return _about(mail, offer.lead, _("%(number)s is yours") % {"number": offer.lead.number}, said,
                  _("Open the lead"), teaser=False)  # fmt: skip


def _ended(mail: Mail, state: str, subject: str, said: str) -> Letter | None:
    """A letter to whom a lead was taken from."""
    offer = _offer(mail, state)
    if offer is None:
        return None
    facts = {"number": offer.lead.number}
    why = reason_told("lead_withdrawal", offer.reason)
    context = {
        "name": mail.to_user.get_short_name() if mail.to_user else "",
        "paragraphs": [p for p in (said % facts, why) if p],
        "lines": [],
        "link": link_to("/portal/leads/", _("See your leads")),
    }
    return Letter(subject % facts, context, _("You get this because your company takes leads from us."))


@letter("lead.lapsed")
def lapsed(mail: Mail) -> Letter | None:
    said = _(
        "%(number)s was not answered in time, so we offer it to another partner. The next one comes to you again."
    )
    return _ended(mail, rules.LAPSED, _("%(number)s is passed on"), said)


@letter("lead.offer_withdrawn")
def withdrawn(mail: Mail) -> Letter | None:
    said = _("We took the offer of %(number)s back. You need do nothing.")
    return _ended(mail, rules.WITHDRAWN, _("The offer of %(number)s is taken back"), said)


@letter("lead.reclaimed")
def reclaimed(mail: Mail) -> Letter | None:
    said = _("There was no first contact with %(number)s in time, so another partner takes it over.")
    return _ended(mail, rules.RECLAIMED, _("%(number)s is passed on"), said)


@letter("reminder.lead_acceptance")
def answer_soon(mail: Mail) -> Letter | None:
    offer = _offer(mail, rules.ASKED)
    if offer is None or not Reminder.objects.filter(pk=mail.ids["reminder"]).exists():
        return None
    words = _("A lead still waits for your answer, until %(when)s.")
    said = [words % {"when": when(offer.due_at, offer.partner)}]
    subject = _("%(number)s waits for your answer") % {"number": offer.lead.number}
    return _about(mail, offer.lead, subject, said, _("Look at it and answer"), teaser=True)


@letter("reminder.lead_contact")
def call_soon(mail: Mail) -> Letter | None:
    offer = _offer(mail, rules.ACCEPTED)
    if offer is None or offer.lead.state != rules.ACCEPTED or offer.lead.due_at is None:
        return None
    words = _("Make the first contact with %(number)s by %(when)s and note it, so that you keep the lead.")
    said = [words % {"number": offer.lead.number, "when": when(offer.lead.due_at, offer.partner)}]
    subject = _("%(number)s waits for your call") % {"number": offer.lead.number}
    return _about(mail, offer.lead, subject, said, _("Open the lead"), teaser=False)


@letter("lead.unrouted")
def unrouted(mail: Mail) -> Letter | None:
    """To the colleague whose lead it is."""
    lead = Lead.objects.needing_routing().filter(pk=mail.ids["lead"]).first()
    if lead is None:
        return None
    said = _(
        "No partner fits %(number)s by the rules. Its page says why for each; offer it to one, or close it."
    )
    context = {
        "name": mail.to_user.get_short_name() if mail.to_user else "",
        "paragraphs": [said % {"number": lead.number}],
        "lines": [],
        "link": link_to(lead.get_absolute_url(), _("Open the lead")),
    }
    subject = _("No partner fits %(number)s") % {"number": lead.number}
    return Letter(subject, context, _("You get this because you entered this lead."))


SAID_OF_PROGRESS = {
    rules.PASSED_ON: gettext_lazy("Someone who knows the field has taken it and calls the person you named."),
    rules.WON: gettext_lazy("It became a customer. Thank you."),
    rules.LOST: gettext_lazy("It did not work out this time. Thank you all the same."),
    rules.CLOSED: gettext_lazy("We do not follow it up. Thank you all the same."),
}


@letter("referral.received")
def referral_received(mail: Mail) -> Letter | None:
    return _referral(
        mail, _("We have your referral %(number)s"), _("Thank you. We tell you here how it goes.")
    )


@letter("referral.progress")
def referral_progress(mail: Mail) -> Letter | None:
    """What is said is what is true when the letter is written."""
    referral = Referral.objects.select_related("lead").filter(pk=mail.ids["referral"]).first()
    said = SAID_OF_PROGRESS.get(referral.progress) if referral else None
    return _referral(mail, _("News of your referral %(number)s"), str(said)) if said else None


def _referral(mail: Mail, subject: str, said: str) -> Letter | None:
    referral = Referral.objects.filter(pk=mail.ids["referral"]).first()
    if referral is None:
        return None
    context = {
        "name": mail.to_user.get_short_name() if mail.to_user else "",
        "paragraphs": [said],
        "lines": [],
        "link": link_to(referral.portal_url, _("See the referral")),
    }
    facts = {"number": referral.number}
    return Letter(subject % facts, context, _("You get this because your company referred this contact."))
