"""How leads are shown: the clock, the facts that their reader may read, and why a lead went where it went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries.fields import Country

from catalog.querysets import reason_label, reason_told
from core.actors import Actor
from core.templatetags.ui import day as say_day
from core.templatetags.ui import days_left, instant, money
from leads import routing, rules
from leads.models import Candidate, Lead, LeadOffer, Referral, Routing

MOST_SHOWN = 12
DOMAIN_OF_STATE = {
    rules.LOST: ("lead_loss", "deal_loss"), rules.RETURNED: ("lead_return",), rules.CLOSED: ("lead_closing",),
    rules.DECLINED: ("lead_decline",), rules.HANDED_BACK: ("lead_return", "lead_loss"),
    rules.WITHDRAWN: ("lead_withdrawal",), rules.RECLAIMED: (),
}  # fmt: skip


def reads_all(lead: Lead, actor: Actor) -> bool:
    """Whether this reader may know whom the lead is about: the vendor, and the partner once it has accepted."""
    return actor.is_vendor or (lead.is_disclosed and lead.partner_id in (actor.partner_ids or ()))


# Lists ----------------------------------------------------------------------------------------------------------


def due_cell(lead: Lead, at: datetime) -> dict[str, Any]:
    """When the answer, the call or the routing is due; what is over has its day."""
    if lead.due_at is None:
        return {"value": lead.closed_at.date() if lead.closed_at else _("no clock runs")}
    is_late = lead.due_at <= at
    return {
        "value": days_left(lead.due_at) if is_late else lead.due_at,
        "used": used(lead, at),
        "late": is_late,
    }


def used(lead: Lead, at: datetime) -> float:
    """The share of the time that has passed."""
    start, end = lead.accepted_at or lead.changed_at, lead.due_at
    if end is None or end <= start:
        return 1.0
    return min(max((at - start) / (end - start), 0.0), 1.0)


def what_for(lead: Lead) -> str:
    """What a lead is for, in few words: the products and the specialty."""
    products = ", ".join(product.name for product in lead.products.all())
    return ", ".join(part for part in (products, lead.specialty.name if lead.specialty else "") if part)


def anonymous_name(lead: Lead) -> str:
    """What a lead is called while nobody may know whom it is about."""
    if lead.specialty:
        return _("%(specialty)s, %(country)s") % {
            "specialty": lead.specialty.name,
            "country": lead.country.name,
        }
    return _("A lead, %(country)s") % {"country": lead.country.name}


# One lead -------------------------------------------------------------------------------------------------------


def facts_line(lead: Lead) -> list[Any]:
    parts = [lead.number, str(lead.country.name)]
    if lead.specialty:
        parts.append(lead.specialty.name)
    if lead.amount:
        parts.append(_("about %(amount)s") % {"amount": money(lead.amount)})
    return parts


def teaser_pairs(lead: Lead) -> list[dict[str, Any]]:
    """What everybody who sees the lead may read."""
    return [
        {"label": _("Country"), "value": str(lead.country.name)},
        {"label": _("Language"), "value": language(lead.language)},
        {"label": _("Specialty"), "value": lead.specialty.name if lead.specialty else ""},
        {"label": _("Products"), "value": ", ".join(product.name for product in lead.products.all())},
        {"label": _("Estimated value"), "value": money(lead.amount) if lead.amount else ""},
    ]


def language(code: str) -> str:
    return str(rules.LANGUAGES.get(code.partition("-")[0], code)) if code else ""


def customer_pairs(lead: Lead) -> list[dict[str, Any]]:
    """Who it is and where."""
    place = ", ".join(p for p in (f"{lead.postcode} {lead.city}".strip(), str(lead.country.name)) if p)
    pairs = [
        {"label": _("Customer"), "value": lead.customer_name},
        {"label": _("Street"), "value": lead.street},
        {"label": _("Place"), "value": place},
        {"label": _("Website"), "value": lead.website, "url": _web(lead.website)},
    ]
    return [pair for pair in pairs if pair["value"]]


def _web(address: str) -> str:
    """The address as a link, only where it is one of the web."""
    if address.startswith(("https://", "http://")):
        return address
    return f"https://{address}" if address and ":" not in address else ""


def consent_words(lead: Lead) -> str:
    """Why this person may be called, as whoever calls may say it."""
    if not lead.consent_basis:
        return ""
    basis = str(rules.CONSENT_WORDS[lead.consent_basis])
    if lead.consent_on:
        basis = _("%(basis)s, on %(day)s") % {"basis": basis, "day": say_day(lead.consent_on)}
    return f"{basis}. “{lead.consent_text}”" if lead.consent_text else f"{basis}."


def clock(lead: Lead, at: datetime, *, on_portal: bool) -> dict[str, Any] | None:
    """The note above everything: what is waited for, and until when."""
    if lead.due_at is None:
        return None
    words = {"when": instant(lead.due_at, "full"), "left": days_left(lead.due_at)}
    said = {
        rules.OFFERED: (_("Accept it by %(when)s."), _("After that it is offered to another partner.")),
        rules.POOLED: (_("In the pool until %(when)s."), _("Whoever accepts first has it.")),
        rules.ACCEPTED: (
            _("Make the first contact by %(when)s."),
            _("After that it goes to another partner."),
        ),
        rules.NEW: (_("Needs a partner by %(when)s."), _("Nobody is asked about it now.")),
        rules.RETURNED: (_("Needs a partner by %(when)s."), _("It was given back.")),
    }
    if lead.state not in said:
        return None
    title, text = said[lead.state]
    tone = "bad" if lead.due_at <= at else "caution" if used(lead, at) >= 0.8 else "info"
    return {"tone": tone, "icon": "clock", "title": title % words, "text": text}


def why_ended(lead: Lead, *, told: bool) -> str:
    """The reason and the words of how it ended, "" while it has not. `told`: as a partner may read it."""
    if not lead.reason:
        return ""
    reason = reason_words(lead.state, lead.reason, told=told)
    return ". ".join(part.rstrip(".") for part in (reason, lead.comment) if part)


def reason_words(state: str, code: str, *, told: bool) -> str:
    if code in rules.OWN_REASONS:
        return str(rules.OWN_REASONS[code])
    say = reason_told if told else reason_label
    return next((words for domain in DOMAIN_OF_STATE.get(state, ()) if (words := say(domain, code))), "")


def score_card(lines: list[rules.ScoreLine]) -> list[dict[str, Any]]:
    """The score line by line."""
    return [
        {
            "title": line.words,
            "state": "done" if line.holds else "todo",
            "side": _("%(n)s points") % {"n": line.points if line.holds else 0},
        }
        for line in lines
    ]


# Why ------------------------------------------------------------------------------------------------------------


def explanation(lead: Lead, actor: Actor) -> dict[str, Any] | None:
    """Why the lead went where it went, as the latest look for a partner stored it; None where there was none."""
    found = Routing.objects.filter(lead=lead).order_by("-created_at", "-id").first()
    return told(found, actor) if found else None


def told(found: Routing, actor: Actor) -> dict[str, Any]:
    rows = list(Candidate.objects.visible_to(actor).filter(routing=found).select_related("partner"))
    hidden = found.candidates.count() - len(rows)
    lines = [_candidate(row) for row in rows]
    return {
        "at": found.created_at,
        "sentence": _sentence(found, rows),
        "version": found.rule_version,
        "rules": [_rule(tried, found) for tried in found.rules_tried],
        "lines": lines[:MOST_SHOWN],
        "more": lines[MOST_SHOWN:],
        "hidden": ngettext("%(n)s partner of a colleague", "%(n)s partners of colleagues", hidden) % {"n": hidden}
        if hidden else "",
    }  # fmt: skip


def _sentence(found: Routing, rows: list[Candidate]) -> str:
    facts = {"rule": found.rule_name, "n": sum(row.passed for row in rows)}
    if found.outcome == routing.NOBODY:
        return (
            _("No partner fits. The nearest rule: %(rule)s.") % facts
            if found.rule_name
            else _("No rule is for it.")
        )
    chosen = next((row.partner.name for row in rows if row.is_chosen), "")
    if chosen:
        return _("%(partner)s, by the rule “%(rule)s”.") % {**facts, "partner": chosen}
    return _("The pool of %(n)s partners, by the rule “%(rule)s”.") % facts


def _rule(tried: dict[str, Any], found: Routing) -> dict[str, Any]:
    is_used = tried["code"] == found.rule_code and found.outcome != routing.NOBODY
    if not tried["concerns"]:
        side, state = tried["because"].replace("_", " "), "not_applicable"
    else:
        n = tried["fitting"]
        side = ngettext("%(n)s partner fits", "%(n)s partners fit", n) % {"n": n}
        state = "done" if is_used else "todo"
    note = routing.METHOD_WORDS.get(found.method, "") if is_used else ""
    return {"title": tried["name"], "state": state, "side": side, "note": note}


def _candidate(row: Candidate) -> dict[str, Any]:
    failed = [check for check in row.checks if not check["passed"]]
    return {
        "partner": row.partner,
        "state": "met" if row.passed else "not_met",
        "word": _("Chosen") if row.is_chosen else _("Fits") if row.passed else _("Does not fit"),
        "note": row.note,
        "checks": [_check(check) for check in row.checks],
        "failed": [_check(check) for check in failed],
        "is_chosen": row.is_chosen,
    }


def _check(check: dict[str, Any]) -> dict[str, Any]:
    words = {"label": routing.CONDITION_WORDS.get(check["code"], check["code"]), "passed": check["passed"]}
    if check["code"] in routing.YES_OR_NO:
        return {**words, "code": check["code"], "needed": "", "found": ""}
    said = {name: check[name].replace("_", " ") for name in ("needed", "found")}
    return {**words, "code": check["code"], **said}


def offer_lines(lead: Lead, actor: Actor) -> list[dict[str, Any]]:
    """Every partner that was asked, as far as the reader may know of it."""
    offers = LeadOffer.objects.visible_to(actor).filter(lead=lead).select_related("partner")
    return [
        {
            "offer": offer,
            "state": "scheduled" if offer.state == rules.ASKED else offer.state,
            "word": OFFER_WORDS[offer.state],
            "why": reason_words(offer.state, offer.reason, told=not actor.is_vendor),
            "comment": offer.comment,
            "chosen": reason_label("lead_choice", offer.offer_reason) if offer.offer_reason else "",
        }
        for offer in offers
    ]


OFFER_WORDS = {
    rules.ASKED: gettext_lazy("Asked"),
    rules.ACCEPTED: gettext_lazy("Accepted"),
    rules.DECLINED: gettext_lazy("Declined"),
    rules.LAPSED: gettext_lazy("Did not answer"),
    rules.WITHDRAWN: gettext_lazy("Taken back"),
    rules.HANDED_BACK: gettext_lazy("Given back"),
    rules.RECLAIMED: gettext_lazy("Did not call"),
}


# Referrals ------------------------------------------------------------------------------------------------------


def referral_pairs(referral: Referral) -> list[dict[str, Any]]:
    """What its partner said."""
    place = ", ".join(p for p in (referral.city, str(Country(referral.country).name)) if p)
    return [
        {"label": _("Where they work"), "value": referral.customer_name, "note": place},
        {"label": _("Who it is"), "value": referral.contact_name, "note": referral.contact_role},
        {"label": _("Mail address"), "value": referral.contact_email},
        {"label": _("Phone"), "value": referral.contact_phone},
        {"label": _("They agreed on"), "value": say_day(referral.consented_on)},
        {"label": _("Your reference"), "value": referral.external_ref},
    ]


def referral_steps(referral: Referral) -> list[dict[str, Any]]:
    """How far it is."""
    order = [rules.RECEIVED, rules.PASSED_ON, rules.IN_TALKS]
    here = referral.progress
    ended = here in (rules.WON, rules.LOST, rules.CLOSED)
    reached = len(order) if ended and here != rules.CLOSED else order.index(here) if here in order else 0
    steps = [
        {"title": rules.PROGRESS_WORDS[code], "text": "", "done": n <= reached}
        for n, code in enumerate(order)
    ]
    last = {"title": rules.PROGRESS_WORDS[here] if ended else _("How it ended"), "text": "", "done": ended}
    return [*steps, last]
