"""How registrations are shown: the clock, the stages, the verdict and the facts, as the components take them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from accounts.roles import Permission
from catalog.querysets import reason_told, setting
from core.actors import Actor
from core.clock import day, start_of
from core.money import Money
from core.states import look
from core.templatetags.ui import day as say_day
from core.templatetags.ui import days_left, instant, money
from deals import amending, automatic, explanation, rules, words
from deals.actions.appeals import appeal_until, is_appealable
from deals.actions.decisions import contested_until
from deals.actions.protections import kept_until, usual_length
from deals.forms import HELP_WORDS, PROCUREMENT_WORDS
from deals.models import (
    Amendment,
    Appeal,
    Condition,
    ConflictCheck,
    Consent,
    Deal,
    Extension,
    ProtectionLength,
    Stage,
    Transfer,
)
from deals.notices import REMINDER_DAYS
from deals.sources import block_of
from events.models import Event
from files.models import Attachment
from partners.models import Partner

# Time -----------------------------------------------------------------------------------------------------------


def due_cell(deal: Deal, at: datetime) -> dict[str, Any]:
    """The list's cell: when a decision is due, or when the protection ends."""
    if deal.state == rules.ACTION_REQUIRED:
        return {"value": _("Paused"), "paused": True}
    if deal.next_at is None:
        return {"value": deal.closed_at.date() if deal.closed_at else _("Not sent yet")}
    if deal.state in rules.PROTECTED:
        return {"value": deal.protected_until, "used": used(deal, at), "late": False}
    return {"value": _due_words(deal, at), "used": used(deal, at), "late": deal.next_at <= at}


def _due_words(deal: Deal, at: datetime) -> Any:
    assert deal.next_at is not None
    return days_left(deal.next_at) if deal.next_at <= at else deal.next_at


def used(deal: Deal, at: datetime) -> float:
    """The share of the time that has passed: of the decision's, in business days, or of the protection's."""
    if deal.state in rules.AWAITING_DECISION and deal.due_at:
        left = rules.business_days(at, deal.due_at, str(deal.partner.country), deal.time_zone)
        return min(max(1 - left / setting("deal.decide_business_days"), 0.0), 1.0)
    start, end = deal.submitted_at, deal.next_at
    if deal.state in rules.PROTECTED and deal.protected_from:
        start = start_of(deal.protected_from, ZoneInfo(deal.time_zone))
    if not start or not end or end <= start:
        return 1.0
    return min(max((at - start) / (end - start), 0.0), 1.0)


def clock(deal: Deal, at: datetime, on_portal: bool) -> dict[str, Any] | None:
    """The protection's card, or None where none runs."""
    if deal.state not in (*rules.PROTECTED, rules.WON) or not deal.protected_until or not deal.protected_from:
        return None
    if not deal.ends_at or deal.ends_at <= at:
        return None
    today = day(at, ZoneInfo(deal.time_zone))
    is_open = deal.state in rules.PROTECTED  # once it is won, nobody is reminded of its end
    whole, left = (deal.protected_until - deal.protected_from).days, (deal.protected_until - today).days
    marks = _marks(whole, deal.protected_until)
    title = _("Protected for you until %(day)s") if on_portal else _("Protected until %(day)s")
    return {
        "title": title % {"day": words.long_day(deal.protected_until)},
        "side": _("to the end of the day, %(zone)s") % {"zone": words.zone_words(deal.time_zone)},
        "days_left": ngettext("%(n)s day", "%(n)s days", left) % {"n": left},
        "of": _("left of %(n)s") % {"n": whole},
        "used": 1 - left / whole if whole else 1.0,
        "start": say_day(deal.protected_from, "short"),
        "reminders": marks if is_open else marks[-1:],
        "tone": "bad" if left <= 7 else "caution" if left <= 14 else "",
        "note": _next_reminder(deal.protected_until, today) if is_open else "",
    }


def _marks(whole: int, until: date) -> list[dict[str, Any]]:
    marks = [{"at": 1 - n / whole, "label": _("%(n)s d") % {"n": n}} for n in REMINDER_DAYS if 10 < n < whole]
    return [*marks, {"at": 1, "label": say_day(until, "short")}]


def _next_reminder(until: date, today: date) -> str:
    ahead = [n for n in REMINDER_DAYS if (until - today).days > n]
    if not ahead:
        return ""
    left = ngettext("%(n)s day before it ends", "%(n)s days before it ends", ahead[0]) % {"n": ahead[0]}
    return _("The next reminder comes %(left)s.") % {"left": left}


def conditions(deal: Deal, actor: Actor) -> list[dict[str, Any]]:
    """The conditions of the decision that stands, each with what the partner says, its files, and whether it is met."""
    found = list(deal.conditions.standing())
    if not found:
        return []
    files = defaultdict(list)
    for attachment in Attachment.objects.visible_to(actor).filter(subject_id__in=[row.pk for row in found]):
        files[attachment.subject_id].append(attachment)
    may_answer = not actor.is_vendor and actor.may(Permission.DEAL_EDIT) and deal.state == rules.CONDITIONAL
    return [
        {
            "condition": row,
            "side": _met_words(row),
            "files": files[row.pk],
            "url": f"/portal/conditions/{row.pk}/answer/" if may_answer and not row.met_at else "",
        }
        for row in found
    ]


def _met_words(condition: Condition) -> str:
    if condition.met_at:
        return _("met on %(day)s") % {"day": say_day(condition.met_at)}
    if condition.answered_at:
        return _("answered on %(day)s") % {"day": say_day(condition.answered_at)}
    return _("not answered yet")


# Amendments and transfers ---------------------------------------------------------------------------------------


def amendments(deal: Deal) -> list[dict[str, Any]]:
    """What was asked to change and what became of it, newest first."""
    return [amendment_line(found) for found in deal.amendments.all()]


def amendment_line(amendment: Amendment) -> dict[str, Any]:
    """One request: the old beside the new, and the answer."""
    reason = reason_told("deal_amendment_refusal", amendment.refusal) if amendment.refusal else ""
    due = _("answer due by %(when)s") % {"when": instant(amendment.due_at)} if amendment.open_moves else ""
    said = ". ".join(text.rstrip(".") for text in (reason, amendment.comment) if text)
    return {"amendment": amendment, "changes": amending.lines(amendment.changes), "answer": due or said}


def transfer_note(deal: Deal, actor: Actor) -> dict[str, Any] | None:
    """That a transfer of the registration is under way, or was carried out; None where none is."""
    transfer = deal.transfers.exclude(state__in=[rules.DECLINED, rules.CANCELLED, rules.CLOSED]).first()
    if transfer is None:
        return None
    if actor.is_vendor:
        title = _("A transfer of this registration: %(state)s.") % {
            "state": str(look(transfer.state).word).lower()
        }
        link = {"label": _("See the transfer"), "url": transfer.get_absolute_url()}
        return {"tone": "info", "icon": "arrow-right", "title": title, "text": "", "link": link}
    return _note_for_holder(transfer, actor)


def _note_for_holder(transfer: Transfer, actor: Actor) -> dict[str, Any] | None:
    note = {"tone": "info", "icon": "arrow-right", "text": "", "link": None}
    consent = transfer.consents.visible_to(actor).first()
    if consent is not None and transfer.state != rules.CARRIED_OUT:
        may = actor.may(Permission.TRANSFER_ANSWER)
        link = {"label": _("See it, and answer"), "url": consent.portal_url} if may else None
        waits = consent.state == rules.REQUESTED
        title = _("A transfer waits for your consent.") if waits else _("You have agreed to a transfer.")
        return {**note, "tone": "caution" if waits else "info", "title": title, "link": link}
    if transfer.state == rules.REQUESTED:
        link = {"label": _("Take the request back"), "url": f"/portal/transfers/{transfer.pk}/take-back/"}
        return {**note, "title": _("You asked to hand this registration on."), "link": link}
    return None


def transfer_title(consent: Consent) -> str:
    """What the page of a transfer asks."""
    transfer, deal = consent.transfer, consent.transfer.deal
    if consent.is_receiver:
        return _("Will you take %(customer)s over?") % {"customer": deal.customer_name}
    shown = {"customer": deal.customer_name, "receiver": transfer.receiver.name if transfer.receiver else ""}
    return _("Shall %(receiver)s take %(customer)s over?") % shown


def consent_pairs(consent: Consent) -> list[dict[str, Any]]:
    """What either side may read of a transfer: the other's name, the customer, the products, the last day."""
    transfer, deal = consent.transfer, consent.transfer.deal
    other = deal.partner.name if consent.is_receiver else transfer.receiver.name if transfer.receiver else ""
    return [
        {"label": _("From") if consent.is_receiver else _("To"), "value": other},
        {"label": _("Customer"), "value": deal.customer_name, "note": place(deal)},
        {"label": _("Products"), "value": product_names(deal)},
        {"label": _("Protected until"), "value": say_day(deal.protected_until, "long")},
    ]


def transfer_pairs(transfer: Transfer) -> list[dict[str, Any]]:
    """What the vendor reads of a transfer."""
    deal, taken = transfer.deal, transfer.taken_over_by
    found = [
        (_("From"), deal.partner.name, deal.number),
        (_("To"), transfer.receiver.name if transfer.receiver else "", taken.number if taken else ""),
        (_("Wished"), transfer.wish, ""),
        (_("Why"), transfer.reason, ""),
        (_("Said to both"), transfer.comment, ""),
        (_("Customer"), deal.customer_name, place(deal)),
        (_("Products"), product_names(deal), ""),
        (_("Protected until"), say_day(deal.protected_until, "long"), ""),
    ]
    return [{"label": label, "value": value, "note": note} for label, value, note in found if value]


def outcome(deal: Deal) -> list[str]:
    """How a registration ended, where no letter of ours says it."""
    if deal.state == rules.WON:
        won = _("Won on %(day)s.") % {"day": words.long_day(deal.won_on)}
        return [won, _("Reference: %(text)s") % {"text": deal.win_reference}] if deal.win_reference else [won]
    if deal.state in (rules.LOST, rules.WITHDRAWN):
        reason = reason_told(explanation.DOMAIN_OF_STATE[deal.state], deal.reason)
        return [text for text in (reason, deal.comment) if text]
    return []


def decision(deal: Deal) -> dict[str, Any] | None:
    """What was decided or how it ended, in the partner's words; None while nothing is."""
    if deal.state not in rules.DECIDED:
        return None
    move = words.MOVE_OF_STATE.get(deal.state)
    said = words.words_of(words.decision_of(deal, appeal_until=None)).paragraphs if move else outcome(deal)
    by = deal.decided_by.name if deal.decided_by else _("automatic") if deal.is_automatic else ""
    return {"paragraphs": said, "side": decision_time(deal), "by": by}


def decision_time(deal: Deal) -> str:
    """“29 Sep 2026, in 1.2 business days”."""
    if not deal.decided_at or not deal.submitted_at:
        return ""
    took = rules.business_days(deal.submitted_at, deal.decided_at, str(deal.partner.country), deal.time_zone)
    if took < 0.1:
        return _("%(day)s, at once") % {"day": say_day(deal.decided_at)}
    return _("%(day)s, in %(n)s business days") % {"day": say_day(deal.decided_at), "n": f"{took:.1f}"}


def requests(deal: Deal) -> list[dict[str, Any]]:
    """The requests for more time, newest first, each with what became of it."""
    return [{"extension": found, "answer": _answer_words(found)} for found in deal.extensions.all()]


def _answer_words(extension: Extension) -> str:
    if extension.state == rules.GRANTED:
        return _("protected until %(day)s") % {"day": say_day(extension.until)}
    if extension.state == rules.REFUSED:
        reason = reason_told("deal_extension_refusal", extension.reason)
        return ". ".join(text.rstrip(".") for text in (reason, extension.comment) if text)
    return _("answer due by %(when)s") % {"when": instant(extension.due_at)} if extension.open_moves else ""


def lengths(partner: Partner, at: datetime) -> dict[str, str]:
    """How long the program would protect: for any customer, and for kinds of them that are protected longer."""
    usual = usual_length(Deal(partner=partner), at).days
    rows = ProtectionLength.objects.by_customer(partner.tier_code)
    longer = [
        _("%(who)s: %(n)s days") % {"who": row.name, "n": row.days} for row in rows if row.days != usual
    ]
    return {
        "title": _("Protected for %(n)s days") % {"n": usual},
        "text": ". ".join([_("if approved"), *longer]),
    }


def occupied(deal: Deal) -> dict[str, str] | None:
    """What the submission was told about another partner's protection or grace, while the decision is open."""
    told = [rules.contested(deal.occupied_until)] if deal.occupied_until else []
    told += [rules.kept_for_another(deal.kept_until)] if deal.kept_until else []
    if not told or deal.state not in rules.PENDING:
        return None
    text = _(
        "The check of your complete registration found this. We look at it all the same; you get the reason."
    )
    return {"title": " ".join(told), "text": text}


def escalation_note(deal: Deal) -> dict[str, Any] | None:
    """That a superior has it, for the vendor's people; None where it waits for none."""
    if not deal.is_escalated:
        return None
    text = _(
        "Most of the time for an answer was used. The directors and the deal desk know; it is due by %(when)s."
    )
    return {
        "tone": "caution",
        "icon": "clock-exclamation",
        "title": _("Escalated %(when)s.") % {"when": instant(deal.escalated_at, "full")},
        "text": text % {"when": instant(deal.due_at, "full")},
    }


def first_answer(deal: Deal) -> str:
    """The promise: “first decision in 2 business days”."""
    return _("first decision in %(n)s business days") % {"n": setting("deal.decide_business_days")}


# Appeals --------------------------------------------------------------------------------------------------------


def appeal_note(deal: Deal, at: datetime, may_file: bool) -> dict[str, Any] | None:
    """Whether a refusal may be appealed, and until when; None where there is nothing to say."""
    until = appeal_until(deal)
    if until is None or not is_appealable(deal, at):
        return None
    days = setting("deal.appeal_business_days")
    title = _("You can appeal until %(day)s.") % {"day": words.long_day(until)}
    text = _("Someone who did not decide it answers within %(n)s business days.") % {"n": days}
    link = {"label": _("Appeal"), "url": f"{deal.portal_url}appeal/"} if may_file else None
    return {"title": title, "text": text, "link": link}


def appeal_card(appeal: Appeal, at: datetime) -> dict[str, Any]:
    """An appeal as its partner reads it: the promise while it waits, then the answer."""
    promise = _("You get an answer by %(when)s.") % {"when": instant(appeal.due_at, "full")}
    said = words.words_of_appeal(appeal).paragraphs if appeal.decided_at else []
    return {
        "appeal": appeal,
        "side": _side(appeal),
        "promise": promise if appeal.is_waiting else "",
        "used": appeal_used(appeal, at),
        "late": appeal.due_at <= at,
        "paragraphs": said,
    }


def _side(appeal: Appeal) -> str:
    if appeal.decided_at:
        return _("answered on %(day)s") % {"day": say_day(appeal.decided_at)}
    return _("filed on %(day)s") % {"day": say_day(appeal.created_at)}


def appeal_used(appeal: Any, at: datetime) -> float:
    """The share of the answer's time that has passed."""
    return min(max((at - appeal.created_at) / (appeal.due_at - appeal.created_at), 0.0), 1.0)


def appeal_due(appeal: Appeal, at: datetime) -> dict[str, Any]:
    return request_due(appeal, appeal.is_waiting, at)


def request_due(asked: Any, is_waiting: bool, at: datetime) -> dict[str, Any]:
    """The list's cell of anything that is to be answered: when the answer is due, or when it was given."""
    if not is_waiting:
        return {"value": asked.decided_at.date() if asked.decided_at else None}
    late = asked.due_at <= at
    value = days_left(asked.due_at) if late else asked.due_at
    return {"value": value, "used": appeal_used(asked, at), "late": late}


def refusal(appeal: Appeal) -> list[dict[str, Any]]:
    """The decision that is appealed: what, when, by whom."""
    by = appeal.first_decided_by.name if appeal.first_decided_by else _("The system")
    return [
        {"label": _("Decision"), "value": look(appeal.refusal).word},
        {"label": _("Decided on"), "value": say_day(appeal.refused_at)},
        {"label": _("Decided by"), "value": by},
    ]


# Stages ---------------------------------------------------------------------------------------------------------


def stage_steps(deal: Deal) -> list[dict[str, Any]]:
    """The stages with the day on which each was reached; what lies before the present one is done."""
    reached = _reached(deal)
    here = deal.stage.position if deal.stage else 0
    steps = []
    for stage in Stage.objects.active():
        if stage.code == rules.LOST_STAGE and deal.stage_id != stage.pk:
            continue
        state = "now" if stage.pk == deal.stage_id else "done" if stage.position < here else "next"
        since = reached.get(stage.code)
        note = say_day(since, "short") if since and state != "next" else ""
        note = _("since %(day)s") % {"day": note} if note and state == "now" else note
        steps.append(
            {
                "title": stage.name,
                "state": state,
                "note": note,
                "text": stage.definition if state == "now" else "",
            }
        )
    return steps


def _reached(deal: Deal) -> dict[str, datetime]:
    """When each stage was entered last, told by the events; the first one with the draft."""
    found: dict[str, datetime] = {}
    moves = Event.objects.about(deal).filter(type="deal.stage_changed").order_by("at", "id")
    for at, data in moves.values_list("at", "data"):
        found.setdefault(data.get("from", ""), deal.created_at)
        found[data.get("to", "")] = at
    if deal.stage and not found:
        found[deal.stage.code] = deal.stage_changed_at or deal.created_at
    return found


# Facts ----------------------------------------------------------------------------------------------------------


def facts_line(deal: Deal) -> list[str]:
    """“Co-sell, Triage and Imaging, $1,240,000, closes 18 Dec 2026”, part by part."""
    parts = [deal.type.name if deal.type else "", product_names(deal)]
    parts.append(money(deal.amount) if deal.amount else "")
    closes = _("closes %(day)s") % {"day": say_day(deal.expected_close_on)} if deal.expected_close_on else ""
    return [part for part in (*parts, closes) if part]


def scope_words(deal: Deal) -> str:
    """“This customer only”, or with all that belongs to it."""
    return _("The customer and all that belongs to it") if deal.includes_below else _("This customer only")


def product_names(deal: Deal) -> str:
    return ", ".join(product.name for product in deal.products.all())


def pairs(deal: Deal) -> list[dict[str, Any]]:
    """The plain facts of a registration; what was not said is left out."""
    found = [
        (_("Value"), money(deal.amount) if deal.amount else "", _("first year")),
        (_("Expected close"), say_day(deal.expected_close_on) if deal.expected_close_on else "", ""),
        (_("Products"), product_names(deal), ""),
        (_("Deal type"), deal.type.name if deal.type else "", ""),
        (_("Sales channel"), deal.channel.name if deal.channel else "", ""),
        (_("Claims"), scope_words(deal), deal.scope_reason if deal.includes_below else _("not what lies below")),
        (_("Address"), place(deal), ""),
        (_("Website"), deal.customer_website, ""),
        (_("Contact"), deal.contact, _("agreed to hear from us") if deal.contact_agreed else ""),
        (_("Wants it there"), deal.champion, ""),
        (_("Need"), deal.need, ""),
        (_("Use case"), deal.use_case, ""),
        (_("Clinical specialty"), deal.clinical_specialty, ""),
        (_("Facilities"), deal.facilities, ""),
        (_("Service lines"), deal.service_lines, ""),
        (_("Used today"), deal.incumbent, ""),
        (_("Continues"), deal.renews.number if deal.renews else "", ""),
        (_("Procurement"), str(PROCUREMENT_WORDS[deal.procurement_route]) if deal.procurement_route else "",
         deal.procurement_reference),
        (_("Tender deadline"), say_day(deal.tender_deadline_on) if deal.tender_deadline_on else "", ""),
        (_("Competitor"), deal.competitor, ""),
        (_("Help wanted"), str(HELP_WORDS[deal.help_wanted]) if deal.help_wanted != "none" else "", ""),
        (_("Patient data"), _("None included, declared") if deal.no_patient_data else "", ""),
        (_("Reference"), deal.external_ref, ""),
        (_("Rules of engagement"), _version_words(deal), _("as it was sent")),
        (_("Colleagues"), ", ".join(person.name for person in deal.people.all()), ""),
    ]  # fmt: skip
    return [{"label": label, "value": value, "note": note} for label, value, note in found if value]


def _version_words(deal: Deal) -> str:
    terms = deal.engagement_rules
    return _("version %(number)s") % {"number": terms.number} if terms else ""


def origin(deal: Deal, side: str) -> list[dict[str, str]]:
    """A link to the lead that became this registration; nothing where none did. `side` is "manage" or "portal"."""
    if deal.origin_id is None:
        return []
    words = _("from lead %(number)s") % {"number": deal.origin_number}
    return [{"label": words, "url": f"/{side}/leads/{deal.origin_id}/"}]


def place(deal: Deal) -> str:
    return ", ".join(filter(None, [deal.customer_city, str(deal.customer_country.name or "")]))


# Checks -------------------------------------------------------------------------------------------------------


def checks(deal: Deal, check: ConflictCheck | None, at: datetime) -> list[dict[str, Any]]:
    """What stands behind a decision: passed or open, with its reason."""
    partner, contested = deal.partner, contested_until(deal)
    kept = kept_until(deal, at)
    found = [
        (partner.is_active, _("Partner is active"), ""),
        (bool(deal.organization_id), _("Customer is linked"), _("needed to approve")),
        (block_of(deal) is None, _("Open to registrations"), _("nobody may register it")),
        (deal.no_patient_data, _("No patient data, declared"), ""),
        (bool(deal.what_it_did.strip()), _("Says what it did"), ""),
        (
            check is not None and check.verdict in ("clear", "related"),
            _("No conflict to weigh"),
            _("see above"),
        ),
        (contested is None, _("Nobody else is protected"), _("until %(day)s") % {"day": say_day(contested)}),
        (kept is None, _("Nobody else may still renew"), _("until %(day)s") % {"day": say_day(kept)}),
    ]
    if deal.includes_below:
        found.append((False, _("Claims all that lies below"), _("the deal desk approves it")))
    return [
        {"title": title, "state": "done" if ok else "at_risk", "side": "" if ok else why}
        for ok, title, why in found
    ]


# Without a person -----------------------------------------------------------------------------------------------

CONDITION_WORDS = {
    automatic.SWITCH: _lazy("Switched on in the program"),
    automatic.CUSTOMER: _lazy("Customer chosen from those we know"),
    automatic.SCOPE: _lazy("Claims the customer alone"),
    automatic.OURS: _lazy("No blocked or direct account"),
    automatic.SCORE: _lazy("Conflict score below %(needed)s"),
    automatic.VALUE: _lazy("Value below %(needed)s"),
    automatic.TIER: _lazy("Partner has reached a tier"),
    automatic.PEOPLE: _lazy("Certified people, at least %(needed)s"),
    automatic.GATES: _lazy("Certification gates, at least %(needed)s"),
}


def automatic_card(deal: Deal) -> dict[str, Any] | None:
    """Why a registration was, or was not, approved without a person; None where nobody asked."""
    found = [automatic.Condition(**one) for one in deal.automatic_conditions]
    if not found:
        return None
    missed = [one for one in found if not one.holds]
    n = len(missed)
    title = _("Why was this not approved automatically?")
    side = ngettext("%(n)s condition did not hold", "%(n)s conditions did not hold", n) % {"n": n}
    if not missed:
        title = _("Approved automatically") if deal.is_automatic else title
        side = _("all conditions held") if deal.is_automatic else _("it was refused at the last moment")
    return {"title": title, "side": side, "checks": [_condition(one) for one in found]}


def _condition(one: automatic.Condition) -> dict[str, Any]:
    title = CONDITION_WORDS[one.code] % {"needed": _amount_words(one.needed)}
    found = _amount_words(one.found) if one.found else "" if one.holds else _("no")
    if one.code == automatic.VALUE and not one.found:
        found = _("no exchange rate")
    return {"title": title, "state": "done" if one.holds else "open", "side": found}


def _amount_words(text: str) -> str:
    """“50000.00 USD” as people read it; a plain number as it is."""
    amount, _space, currency = text.partition(" ")
    return str(money(Money.parse(amount, currency))) if currency else amount


def submitted_words(deal: Deal) -> str:
    if not deal.submitted_at:
        return _("A draft, not sent yet")
    return _("Submitted %(when)s") % {"when": instant(deal.submitted_at, "full")}
