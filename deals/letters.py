"""Letters about registrations, appeals, bookings and go-lives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from accounts.models import Membership
from core import links
from core.mail import Letter, letter, link_to
from core.models import ActionLink, Mail
from deals import case_words, rules, words
from deals.actions.implementations import CONFIRM
from deals.models import (
    Amendment,
    Appeal,
    CaseParty,
    Consent,
    Deal,
    EngagementRules,
    Extension,
    Implementation,
    Transfer,
)
from inbox.models import Reminder


def _deal(mail: Mail, key: str = "deal") -> Deal | None:
    found = Deal.objects.select_related("partner", "duplicate_of", "engagement_rules").prefetch_related(
        "products"
    )
    return found.filter(pk=mail.ids[key]).first()


def _about(mail: Mail, deal: Deal, subject: str, paragraphs: list[str]) -> Letter:
    name = mail.to_user.get_short_name() if mail.to_user else ""
    link = link_to(deal.portal_url, _("See the registration"))
    context = {"name": name, "paragraphs": paragraphs, "deal": deal, "link": link}
    return Letter(subject, context, _("You get this because your company registered this deal."))


def _decided(state: str) -> Callable[[Mail], Letter | None]:
    """A letter that tells a decision as long as it stands."""

    def write(mail: Mail) -> Letter | None:
        deal = _deal(mail)
        if deal is None or deal.state != state:
            return None
        said = words.words_of(words.decision_of(deal))
        return _about(mail, deal, said.subject, said.paragraphs)

    return write


for _name, _state in {
    "deal.approved": rules.APPROVED,
    "deal.approved_with_conditions": rules.CONDITIONAL,
    "deal.conditions_missed": rules.EXPIRED,
    "deal.lapsed": rules.LAPSED,
    "deal.transferred": rules.TRANSFERRED,
    "deal.rejected": rules.REJECTED,
    "deal.duplicate": rules.DUPLICATE,
    "deal.more_asked": rules.ACTION_REQUIRED,
    "deal.revoked": rules.REVOKED,
    "deal.expired": rules.EXPIRED,
}.items():
    letter(_name)(_decided(_state))


def _reported(state: str, say: Callable[[Deal], words.Words]) -> Callable[[Mail], Letter | None]:
    """A letter that tells what was reported of a deal as long as it stands."""

    def write(mail: Mail) -> Letter | None:
        deal = _deal(mail)
        if deal is None or deal.state != state:
            return None
        said = say(deal)
        return _about(mail, deal, said.subject, said.paragraphs)

    return write


letter("deal.withdrawn")(_reported(rules.WITHDRAWN, words.withdrawn))
letter("deal.won")(_reported(rules.WON, words.won))
letter("deal.lost")(_reported(rules.LOST, words.lost))


@letter("deal.conditions_met")
def conditions_met(mail: Mail) -> Letter | None:
    deal = _deal(mail)
    if deal is None or deal.state != rules.APPROVED:
        return None
    said = words.conditions_met(words.decision_of(deal))
    return _about(mail, deal, said.subject, said.paragraphs)


@letter("deal.reopened")
def reopened(mail: Mail) -> Letter | None:
    deal = _deal(mail)
    if deal is None or deal.state not in rules.PROTECTED:
        return None
    said = words.reopened(deal)
    return _about(mail, deal, said.subject, said.paragraphs)


@letter("deal.taken_over")
def taken_over(mail: Mail) -> Letter | None:
    deal = _deal(mail)
    if deal is None or deal.state not in rules.PROTECTED:
        return None
    said = words.taken_over(deal)
    return _about(mail, deal, said.subject, said.paragraphs)


def _consent(mail: Mail, *states: str) -> Consent | None:
    found = Consent.objects.select_related("transfer__deal__partner", "transfer__receiver", "partner")
    return found.filter(pk=mail.ids["consent"], state__in=states).first()


def _about_transfer(mail: Mail, consent: Consent, said: words.Words, link: dict[str, Any] | None) -> Letter:
    """The receiver does not know the deal: the letter names no number, and leads to the consent."""
    name = mail.to_user.get_short_name() if mail.to_user else ""
    context = {"name": name, "paragraphs": said.paragraphs, "deal": None, "link": link}
    return Letter(
        said.subject, context, _("You get this because you decide about your company's registrations.")
    )


@letter("consent.asked")
def asked_for_consent(mail: Mail) -> Letter | None:
    consent = _consent(mail, rules.REQUESTED)
    if consent is None:
        return None
    link = link_to(consent.portal_url, _("Look at it and answer"))
    return _about_transfer(mail, consent, words.asked_for_consent(consent), link)


@letter("consent.closed")
def transfer_is_off(mail: Mail) -> Letter | None:
    consent = _consent(mail, rules.CLOSED)
    if consent is None:
        return None
    link = link_to(consent.portal_url, _("See the transfer"))
    return _about_transfer(mail, consent, words.transfer_is_off(consent), link)


@letter("deal.amended")
@letter("deal.amendment_refused")
def amendment_answered(mail: Mail) -> Letter | None:
    found = Amendment.objects.select_related("deal__partner").filter(pk=mail.ids["amendment"]).first()
    if found is None or found.state not in (rules.ACCEPTED, rules.REFUSED):
        return None
    said = words.words_of_amendment(found)
    return _about(mail, found.deal, said.subject, said.paragraphs)


@letter("deal.submitted")
def submitted(mail: Mail) -> Letter | None:
    deal = _deal(mail)
    if deal is None or deal.state not in rules.AWAITING_DECISION or deal.due_at is None:
        return None
    subject = _("We have your registration of %(customer)s") % {"customer": deal.customer_name}
    return _about(mail, deal, subject, [_due_words(deal)])


@letter("deal.resubmitted")
def resubmitted(mail: Mail) -> Letter | None:
    deal = _deal(mail)
    if deal is None or deal.state not in rules.AWAITING_DECISION or deal.due_at is None:
        return None
    subject = _("We have your answer about %(customer)s") % {"customer": deal.customer_name}
    said = _("The clock runs again: you hear from us by %(when)s, %(zone)s. Until then it is locked again.")
    return _about(mail, deal, subject, [said % _when(deal.due_at, deal.time_zone)])


@letter("deal.review_started")
def review_started(mail: Mail) -> Letter | None:
    deal = _deal(mail)
    if deal is None or deal.state != rules.IN_REVIEW or deal.due_at is None:
        return None
    subject = _("We are looking at your registration of %(customer)s") % {"customer": deal.customer_name}
    return _about(mail, deal, subject, [_("Somebody has taken it up."), _due_words(deal)])


@letter("transfer.cancelled")
def transfer_given_up(mail: Mail) -> Letter | None:
    found = Transfer.objects.select_related("deal__partner").filter(pk=mail.ids["transfer"]).first()
    if found is None or found.state != rules.CANCELLED:
        return None
    said = words.transfer_given_up(found)
    return _about(mail, found.deal, said.subject, said.paragraphs)


@letter("deal.escalated")
def escalated(mail: Mail) -> Letter | None:
    """To the directors and the deal desk, as long as nobody has answered."""
    deal = _deal(mail)
    if deal is None or not deal.is_escalated:
        return None
    shown = {"number": deal.number, "partner": deal.partner.name, "customer": deal.customer_name}
    subject = _("%(number)s of %(partner)s waits for an answer") % shown
    due = _("The first answer is due by %(when)s, %(zone)s.") % _when(deal.due_at, deal.time_zone)
    said = _("Most of its time is used. It is not refused by itself: somebody has to decide.")
    context = {
        "name": mail.to_user.get_short_name() if mail.to_user else "",
        "paragraphs": [_("%(partner)s registered %(customer)s.") % shown, due, said],
        "deal": deal,
        "link": link_to(deal.decide_url, _("Decide it")),
    }
    return Letter(subject, context, _("You get this because you see to it that registrations are answered."))


@letter("rules.announced")
def rules_change(mail: Mail) -> Letter | None:
    """To every partner's admins, while the version is announced."""
    rules = EngagementRules.objects.announced().filter(pk=mail.ids["rules"]).first()
    if rules is None:
        return None
    subject = _("Our rules of engagement change on %(day)s") % {"day": words.long_day(rules.effective_on)}
    kept = _("What you register before that day is decided under the rules that held when you sent it.")
    why = _("Why it is not worse for you: %(because)s") % {"because": rules.because} if rules.because else ""
    name = mail.to_user.get_short_name() if mail.to_user else ""
    link = link_to(f"/portal/rules/{rules.pk}/", _("See what changes, word by word"))
    paragraphs = [text for text in (rules.changes, why, kept) if text]
    return Letter(subject, {"name": name, "paragraphs": paragraphs, "link": link, "rules": rules},
                  _("You get this because you lead your company's side of the program."))  # fmt: skip


@letter("deal.extended")
@letter("deal.renewed")
@letter("deal.extension_refused")
def more_time_answered(mail: Mail) -> Letter | None:
    """The answer to a request for more time."""
    found = Extension.objects.select_related("deal__partner").filter(pk=mail.ids["extension"]).first()
    if found is None or found.state not in (rules.GRANTED, rules.REFUSED):
        return None
    said = words.answer_of(found)
    return _about(mail, found.deal, said.subject, said.paragraphs)


def _due_words(deal: Deal) -> str:
    said = _("You get a first answer by %(when)s, %(zone)s. Until then the registration is locked.")
    return said % _when(deal.due_at, deal.time_zone)


def _when(due: datetime | None, zone: str) -> dict[str, str]:
    assert due is not None
    local = due.astimezone(ZoneInfo(zone))
    return {"when": format_date(local, "l j F Y, H:i"), "zone": words.zone_words(zone)}


def _appeal(mail: Mail, *states: str) -> Appeal | None:
    found = Appeal.objects.select_related("deal__partner").filter(pk=mail.ids["appeal"])
    return found.filter(state__in=states).first()


@letter("appeal.submitted")
def appealed(mail: Mail) -> Letter | None:
    appeal = _appeal(mail, rules.SUBMITTED)
    if appeal is None:
        return None
    subject = _("We have your appeal about %(customer)s") % {"customer": appeal.deal.customer_name}
    said = _("Someone who did not decide it looks at it again. You get an answer by %(when)s, %(zone)s.")
    return _about(mail, appeal.deal, subject, [said % _when(appeal.due_at, appeal.deal.time_zone)])


@letter("appeal.upheld")
@letter("appeal.dismissed")
def appeal_decided(mail: Mail) -> Letter | None:
    appeal = _appeal(mail, rules.UPHELD, rules.DISMISSED)
    if appeal is None:
        return None
    said = words.words_of_appeal(appeal)
    return _about(mail, appeal.deal, said.subject, said.paragraphs)


@letter("booking.recorded")
def booked(mail: Mail) -> Letter | None:
    deal = _deal(mail)
    if deal is None:
        return None
    subject = _("Your win at %(customer)s is booked") % {"customer": deal.customer_name}
    return _about(mail, deal, subject, [_("It counts towards your tier from now on.")])


@letter(CONFIRM)
def confirm(mail: Mail) -> Letter | None:
    """To the customer's named person; the link's secret is made now and stored nowhere."""
    found = Implementation.objects.select_related("deal__partner", "product")
    implementation = found.filter(pk=mail.ids["implementation"], state=rules.REPORTED).first()
    link = ActionLink.objects.filter(pk=mail.ids["link"], used_at=None, revoked_at=None).first()
    if implementation is None or link is None:
        return None
    deal, partner = implementation.deal, implementation.deal.partner.name
    facts = {"product": implementation.product.name, "customer": deal.customer_name}
    because = _("You get this because %(partner)s named you as the person who can confirm this.") % {
        "partner": partner
    }
    context = {
        "implementation": implementation,
        "partner": partner,
        "expires_at": link.expires_at,
        "link": link_to(f"/confirm/{links.token(link)}/", _("Look at it and answer")),
    }
    return Letter(_("Is %(product)s in use at %(customer)s?") % facts, context, because)


def _about_go_live(mail: Mail, state: str, subject: str, said: str) -> Letter | None:
    found = Implementation.objects.select_related("deal__partner", "product").filter(
        pk=mail.ids["implementation"]
    )
    implementation = found.filter(state=state).first()
    if implementation is None:
        return None
    facts = {"product": implementation.product.name, "customer": implementation.deal.customer_name}
    return _about(mail, implementation.deal, subject % facts, [said % facts])


@letter("implementation.accepted")
def accepted(mail: Mail) -> Letter | None:
    said = _("The go-live of %(product)s is accepted and counts towards your tier.")
    return _about_go_live(mail, rules.ACCEPTED, _("%(customer)s is live"), said)


@letter("implementation.declined")
def declined(mail: Mail) -> Letter | None:
    said = _(
        "The person you named says that the go-live of %(product)s is not right. Ask them, then report it again."
    )
    return _about_go_live(mail, rules.DECLINED, _("%(customer)s did not confirm the go-live"), said)


@letter("reminder.answer")
def question_waits(mail: Mail) -> Letter | None:
    deal = _deal(mail, "subject")
    if deal is None or deal.state != rules.ACTION_REQUIRED:
        return None
    subject = _("%(customer)s waits for your answer") % {"customer": deal.customer_name}
    said = words.words_of(words.decision_of(deal))
    return _about(mail, deal, subject, said.paragraphs)


@letter("reminder.protection")
def protection_ends(mail: Mail) -> Letter | None:
    deal = _deal(mail, "subject")
    reminder = Reminder.objects.filter(pk=mail.ids["reminder"]).first()
    if deal is None or reminder is None or deal.state not in rules.PROTECTED:
        return None
    facts = {"customer": deal.customer_name, "day": words.long_day(deal.protected_until)}
    if deal.state == rules.CONDITIONAL:
        return _about(
            mail, deal, _("Conditions for %(customer)s until %(day)s") % facts, words.still_open(deal)
        )
    subject = _("%(customer)s is protected until %(day)s") % facts
    said = _(
        "After that day others can register this customer. Report the win in time, or ask for more time in the portal."
    )
    return _about(mail, deal, subject, [said])


def recipients(deal: Deal) -> list[Any]:
    """Who at the partner is written to: who registered the deal and who is named on it, else the partner's admins."""
    current = Membership.objects.current().filter(partner=deal.partner_id).select_related("user")
    taking_part = Q(user__in=deal.people.values("pk"))
    if deal.submitted_by_id:
        taking_part |= Q(user=deal.submitted_by_id)
    return [membership.user for membership in current.filter(taking_part)] or admins_of(deal.partner_id)


def admins_of(partner_id: UUID | None) -> list[Any]:
    """The admins of a partner."""
    admins = Membership.objects.current().filter(partner=partner_id, role="partner_admin")
    return [membership.user for membership in admins.select_related("user")]


def _party(mail: Mail) -> CaseParty | None:
    found = CaseParty.objects.select_related("case__engagement_rules", "deal__partner").filter(
        pk=mail.ids["party"]
    )
    return found.filter(deal__isnull=False).first()


def _to_party(mail: Mail, party: CaseParty, said: words.Words, label: str) -> Letter:
    assert party.deal is not None
    name = mail.to_user.get_short_name() if mail.to_user else ""
    link = link_to(party.portal_url, label)
    context = {"name": name, "paragraphs": said.paragraphs, "deal": party.deal, "link": link}
    return Letter(said.subject, context, _("You get this because your company registered this deal."))


@letter("case.party_asked")
def evidence_asked(mail: Mail) -> Letter | None:
    party = _party(mail)
    if party is None or not party.case.is_running:
        return None
    return _to_party(mail, party, case_words.words_of_request(party), _("Tell us your side"))


@letter("case.party_told")
def case_decided(mail: Mail) -> Letter | None:
    party = _party(mail)
    if party is None or party.told_at is None:
        return None
    return _to_party(mail, party, case_words.words_of_outcome(party), _("See what was decided"))
