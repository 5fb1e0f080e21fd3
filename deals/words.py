"""What a partner is told about its registration, in plain words: the same in letters, in previews and in the portal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from catalog.querysets import reason_told
from deals import amending, rules
from deals.actions.appeals import appeal_until
from deals.actions.extensions import renewable_until
from deals.models import Amendment, Appeal, Consent, Deal, EngagementRules, Extension, Transfer


@dataclass(frozen=True)
class Decision:
    """What was, or would be, decided about a registration."""

    move: str
    customer: str
    products: str = ""
    until: date | None = None
    zone: str = ""
    reason: str = ""
    comment: str = ""
    contested_until: date | None = None
    question: str = ""
    answer_until: date | None = None
    conditions: tuple[str, ...] = ()
    unconditional_until: date | None = None
    fields: tuple[str, ...] = ()
    duplicate_of: str = ""
    renewable_until: date | None = None
    appeal_until: date | None = None
    is_automatic: bool = False
    rule: str = ""


@dataclass(frozen=True)
class Words:
    """A subject and its paragraphs."""

    subject: str
    paragraphs: list[str] = field(default_factory=list)


MOVE_OF_STATE = {
    rules.APPROVED: "approve",
    rules.CONDITIONAL: "approve_with_conditions",
    rules.LAPSED: "lapse",
    rules.TRANSFERRED: "transfer",
    rules.REJECTED: "reject",
    rules.DUPLICATE: "mark_duplicate",
    rules.ACTION_REQUIRED: "ask_for_more",
    rules.REVOKED: "revoke",
    rules.EXPIRED: "expire",
}


def decision_of(deal: Deal, **changes: Any) -> Decision:
    """What the row says was decided; `changes` for what is only considered."""
    facts: dict[str, Any] = {
        "move": MOVE_OF_STATE.get(deal.state, ""),
        "customer": deal.customer_name,
        "products": ", ".join(product.name for product in deal.products.all()),
        "until": deal.protected_until,
        "zone": deal.time_zone,
        "reason": deal.reason,
        "comment": deal.comment,
        "contested_until": deal.contested_until,
        "question": deal.question,
        "answer_until": deal.answer_until,
        "conditions": tuple(condition.text for condition in deal.conditions.standing()),
        "unconditional_until": deal.unconditional_until,
        "fields": tuple(deal.asked_fields),
        "duplicate_of": deal.duplicate_of.number if deal.duplicate_of else "",
        "renewable_until": renewable_until(deal) if deal.state == rules.EXPIRED else None,
        "appeal_until": appeal_until(deal),
        "is_automatic": deal.is_automatic,
        "rule": rule_words(deal, deal.decided_rule),
    }
    return Decision(**{**facts, **changes})


def words_of(decision: Decision) -> Words:
    """The letter's subject and paragraphs."""
    return _WORDS[decision.move](decision)


def long_day(on: date | None) -> str:
    return format_date(on, "j F Y") if on else ""


def zone_words(zone: str) -> str:
    """“New York time” for America/New_York."""
    if zone in ("", "UTC"):
        return "UTC"
    return _("%(place)s time") % {"place": zone.rpartition("/")[2].replace("_", " ")}


def rule_words(deal: Deal, code: str) -> str:
    """The rule that a decision rests on, and its version: that of the day on which the registration was sent."""
    terms = deal.engagement_rules
    rule = next((r for r in terms.rules if r.code == code), None) if terms and code else None
    return named_rule(rule.title, terms) if terms and rule else ""


def named_rule(title: str, terms: EngagementRules | None) -> str:
    """A decision's rule and its version, in a sentence; what was decided before there were versions has no number."""
    if terms is None:
        return _("Decided by the rule “%(title)s”.") % {"title": title}
    said = _("Decided by the rule “%(title)s”, rules of engagement version %(number)s.")
    return said % {"title": title, "number": terms.number}


def _approved(decision: Decision) -> Words:
    said = _("%(customer)s is protected for you until %(day)s, for %(products)s.") % {
        "customer": decision.customer,
        "day": long_day(decision.until),
        "products": decision.products,
    }
    ends = _("The protection holds to the end of that day, %(zone)s.") % {"zone": zone_words(decision.zone)}
    next_step = _("Keep the stage up to date, and report the win as soon as the customer has signed.")
    at_once = _("It met the program's conditions for an answer at once, so nobody had to look at it first.")
    subject = _("Your registration of %(customer)s is approved") % {"customer": decision.customer}
    at_once = at_once if decision.is_automatic else ""
    return Words(subject, _filled(said, ends, at_once, decision.comment, next_step, decision.rule))


def _conditional(decision: Decision) -> Words:
    """Protected like any other until the conditions' day; what must come true by then, and what follows."""
    shown = {"customer": decision.customer, "day": long_day(decision.until), "products": decision.products,
             "full": long_day(decision.unconditional_until)}  # fmt: skip
    said = _(
        "%(customer)s is protected for you, for %(products)s, until the day of these conditions, %(day)s:"
    )
    listed = "\n".join(f"{n}. {text}" for n, text in enumerate(decision.conditions, start=1))
    then = _("Once they are met, the protection runs until %(full)s. If they are not met by then, it ends.")
    how = _("Answer each condition in the portal. A win can be reported once all are met.")
    subject = _("Your registration of %(customer)s is approved with conditions")
    return Words(
        subject % shown, _filled(said % shown, listed, decision.comment, then % shown, how, decision.rule)
    )


def conditions_met(decision: Decision) -> Words:
    """What a partner is told once the last condition is met."""
    subject = _("The conditions for %(customer)s are met") % {"customer": decision.customer}
    return Words(subject, _approved(decision).paragraphs)


def still_open(deal: Deal) -> list[str]:
    """What a reminder says of the conditions that are not met yet."""
    said = _("These conditions are to be met by %(day)s:") % {"day": long_day(deal.protected_until)}
    left = "\n".join(f"{found.position}. {found.text}" for found in deal.conditions.standing().unmet())
    return _filled(said, left, _("After that day the protection ends. Answer each condition in the portal."))


def _lapsed(decision: Decision) -> Words:
    subject = _("Your registration of %(customer)s has lapsed") % {"customer": decision.customer}
    said = _("We asked something about it and had no answer by %(day)s.") % {
        "day": long_day(decision.answer_until)
    }
    return Words(
        subject, _filled(said, _("If the deal is still alive, register it again: nothing speaks against it."))
    )


def reopened(deal: Deal) -> Words:
    """What a partner is told about a deal that goes on."""
    shown = {"customer": deal.customer_name, "day": long_day(deal.protected_until)}
    because = _because("deal_reopening", deal.reason)
    said = _("The deal is open again, and %(customer)s is protected for you until %(day)s.") % shown
    booked = (
        _("What was booked for it has been taken back and no longer counts.")
        if deal.bookings.exists()
        else ""
    )
    subject = _("Your deal with %(customer)s goes on") % shown
    return Words(subject, _filled(said, because, deal.comment, booked))


def withdrawn(deal: Deal) -> Words:
    """What a partner's people are told about a registration that one of them, or the vendor for them, took back."""
    shown = {"customer": deal.customer_name}
    said = _("The registration is closed. Nothing is protected for you by it any more.")
    subject = _("Your registration of %(customer)s is withdrawn") % shown
    return Words(subject, _filled(said, _because("deal_withdrawal", deal.reason), deal.comment))


def won(deal: Deal) -> Words:
    """What a partner's people are told about a win that was reported."""
    shown = {"customer": deal.customer_name, "day": long_day(deal.won_on)}
    said = _("%(customer)s signed on %(day)s. It counts towards your tier once we have booked it.") % shown
    reference = _("Reference: %(text)s") % {"text": deal.win_reference} if deal.win_reference else ""
    return Words(_("Your deal with %(customer)s is won") % shown, _filled(said, reference))


def lost(deal: Deal) -> Words:
    """What a partner's people are told about a loss that was reported."""
    shown = {"customer": deal.customer_name}
    said = _("%(customer)s decided otherwise. The deal is closed, and the protection has ended.") % shown
    subject = _("Your deal with %(customer)s is reported as lost") % shown
    return Words(subject, _filled(said, _because("deal_loss", deal.reason), deal.comment))


def _because(domain: str, reason: str) -> str:
    because = reason_told(domain, reason)
    return _("The reason: %(reason)s.") % {"reason": because.rstrip(".")} if because else ""


def taken_over(deal: Deal) -> Words:
    """What the receiver of a transfer is told once it is carried out."""
    shown = {"customer": deal.customer_name, "day": long_day(deal.protected_until),
             "products": ", ".join(product.name for product in deal.products.all())}  # fmt: skip
    said = _(
        "%(customer)s is protected for you until %(day)s, for %(products)s: the days that were left passed over."
    )
    then = _("Keep the stage up to date, and report the win as soon as the customer has signed.")
    return Words(_("%(customer)s is yours now") % shown, _filled(said % shown, then))


def asked_for_consent(consent: Consent) -> Words:
    """What each side of a transfer is told when it is asked: the other's name, the registration, and nothing more."""
    transfer, deal = consent.transfer, consent.transfer.deal
    shown = {"customer": deal.customer_name, "giver": deal.partner.name, "day": long_day(deal.protected_until),
             "receiver": transfer.receiver.name if transfer.receiver else "",
             "products": ", ".join(product.name for product in deal.products.all())}  # fmt: skip
    if consent.is_receiver:
        subject = _("Will you take %(customer)s over?") % shown
        said = _(
            "%(giver)s would hand its registration of %(customer)s over to you: %(products)s, until %(day)s."
        )
        then = _("If you agree, the customer is protected for you for the days that are left.")
    else:
        subject = _("Shall %(receiver)s take %(customer)s over?") % shown
        said = _(
            "We propose that %(receiver)s takes your registration of %(customer)s over, with its protection."
        )
        then = _("Nothing happens without your consent. Only once you agree is the other partner asked.")
    return Words(subject, _filled(said % shown, transfer.comment, then))


def transfer_is_off(consent: Consent) -> Words:
    """What a side that was asked is told when nothing comes of it."""
    deal = consent.transfer.deal
    shown = {"customer": deal.customer_name}
    stays = _("Your registration stays as it is.")
    said = _("The registration of %(customer)s does not pass over.") % shown
    subject = _("The transfer of %(customer)s will not happen") % shown
    return Words(subject, _filled(said, "" if consent.is_receiver else stays))


def transfer_given_up(transfer: Transfer) -> Words:
    """What whoever asked for a transfer is told when the vendor gives it up."""
    shown = {"customer": transfer.deal.customer_name}
    said = _(
        "You asked that another partner takes the registration of %(customer)s over. It does not pass over."
    )
    subject = _("The transfer of %(customer)s will not happen") % shown
    return Words(subject, _filled(said % shown, _("Your registration stays as it is.")))


def words_of_amendment(amendment: Amendment) -> Words:
    """What a partner is told about the change that it asked for."""
    deal = amendment.deal
    shown = {"customer": deal.customer_name, "what": amending.listed(amendment.changes)}
    if amendment.state == rules.REFUSED:
        because = _because("deal_amendment_refusal", amendment.refusal)
        subject = _("Your registration of %(customer)s stays as it was approved") % shown
        return Words(subject, _filled(because, amendment.comment))
    subject = _("Your registration of %(customer)s is changed") % shown
    said = _("Changed as you asked: %(what)s.") % shown
    is_moved = "tender_deadline_on" in amendment.changes
    ends = _("The protection holds until %(day)s.") if is_moved else _(
        "The protection holds until %(day)s, as before."
    )  # fmt: skip
    ends %= {"day": long_day(deal.protected_until)}
    return Words(subject, _filled(said, amendment.comment, ends))


def _transferred(decision: Decision) -> Words:
    shown = {"customer": decision.customer}
    said = _(
        "Your registration of %(customer)s has passed to the partner that you agreed on, with its protection."
    )
    subject = _("%(customer)s has passed over") % shown
    return Words(subject, _filled(said % shown, _("Thank you for handing it on.")))


def _rejected(decision: Decision) -> Words:
    subject = _("Your registration of %(customer)s is not approved") % {"customer": decision.customer}
    because = _because("deal_rejection", decision.reason)
    contested = rules.contested(decision.contested_until) if decision.contested_until else ""
    return Words(
        subject,
        _filled(contested or because, decision.comment, decision.rule, appeal_words(decision.appeal_until)),
    )


def _duplicate(decision: Decision) -> Words:
    subject = _("You have registered %(customer)s already") % {"customer": decision.customer}
    said = _("This registration repeats %(number)s. That one goes on; this one is closed.")
    said %= {"number": decision.duplicate_of}
    return Words(subject, _filled(said, decision.comment, decision.rule, appeal_words(decision.appeal_until)))


def _asked(decision: Decision) -> Words:
    subject = _("We need a little more about %(customer)s") % {"customer": decision.customer}
    names = ", ".join(str(rules.FIELD_LABELS.get(name, name)) for name in decision.fields)
    opened = _("You can change these fields now: %(fields)s.") % {"fields": names} if names else ""
    goes_on = _("The time for our answer goes on once you have sent yours.")
    by_when = _("Please answer by %(day)s; after that day the registration lapses.")
    by_when = by_when % {"day": long_day(decision.answer_until)} if decision.answer_until else ""
    return Words(subject, _filled(decision.question, opened, by_when, goes_on))


def _revoked(decision: Decision) -> Words:
    subject = _("The protection of %(customer)s has ended early") % {"customer": decision.customer}
    because = _because("deal_revocation", decision.reason)
    return Words(
        subject, _filled(because, decision.comment, decision.rule, appeal_words(decision.appeal_until))
    )


def _expired(decision: Decision) -> Words:
    subject = _("The protection of %(customer)s has ended") % {"customer": decision.customer}
    said = _("Its last day was %(day)s.") % {"day": long_day(decision.until)}
    because = _because("deal_condition_miss", decision.reason)
    renewal = _(
        "If the deal is still alive, ask for a renewal by %(day)s. Until then nobody else gets the customer."
    )
    renewal = renewal % {"day": long_day(decision.renewable_until)} if decision.renewable_until else ""
    return Words(subject, _filled(said, because, decision.comment if because else "", renewal))


def answer_of(extension: Extension) -> Words:
    """What a partner is told about its request for more time."""
    deal, customer = extension.deal, extension.deal.customer_name
    if extension.state == rules.REFUSED:
        return _refused_time(extension)
    said = _("%(customer)s is protected for you until %(day)s.")
    said = said % {"customer": customer, "day": long_day(extension.until)}
    ends = _("The protection holds to the end of that day, %(zone)s.") % {"zone": zone_words(deal.time_zone)}
    is_renewal = extension.kind == rules.RENEWAL
    subject = _("The protection of %(customer)s is renewed") if is_renewal else _(
        "The protection of %(customer)s runs longer"
    )  # fmt: skip
    return Words(subject % {"customer": customer}, _filled(said, ends, extension.comment))


def _refused_time(extension: Extension) -> Words:
    deal, is_renewal = extension.deal, extension.kind == rules.RENEWAL
    because = _because("deal_extension_refusal", extension.reason)
    subject = _("The protection of %(customer)s is not renewed") if is_renewal else _(
        "The protection of %(customer)s is not extended"
    )  # fmt: skip
    runs = "" if is_renewal else _("It still runs until %(day)s.") % {"day": long_day(deal.protected_until)}
    return Words(subject % {"customer": deal.customer_name}, _filled(because, extension.comment, runs))


def appeal_words(until: date | None) -> str:
    """That a refusal may be appealed, and until when."""
    if until is None:
        return ""
    said = _(
        "If you see it differently, appeal until %(day)s: someone who did not decide it looks at it again."
    )
    return said % {"day": long_day(until)}


def words_of_appeal(appeal: Appeal) -> Words:
    """What a decided appeal's partner is told."""
    shown = {"customer": appeal.deal.customer_name}
    if appeal.state == rules.DISMISSED:
        subject = _("Your appeal about %(customer)s: the decision stands") % shown
        said = _("Someone who did not decide your registration has looked at it again. The decision stands.")
        return Words(subject, _filled(said, appeal.answer))
    subject = _("Your appeal about %(customer)s is upheld") % shown
    return Words(subject, _filled(_upheld(appeal), appeal.answer))


def _upheld(appeal: Appeal) -> str:
    deal = appeal.deal
    if deal.state == rules.APPROVED:
        said = _("The registration is approved: %(customer)s is protected for you until %(day)s.")
        return said % {"customer": deal.customer_name, "day": long_day(deal.protected_until)}
    return _("The refusal is taken back; the registration is in review again, and you hear from us anew.")


def _filled(*paragraphs: str) -> list[str]:
    return [paragraph.strip() for paragraph in paragraphs if paragraph and paragraph.strip()]


_WORDS = {
    "approve": _approved,
    "approve_with_conditions": _conditional,
    "lapse": _lapsed,
    "transfer": _transferred,
    "reject": _rejected,
    "mark_duplicate": _duplicate,
    "ask_for_more": _asked,
    "revoke": _revoked,
    "expire": _expired,
}
