"""Conflict cases as pages show them: the two sides beside each other, the proposal, the decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Permission as P
from core.actors import Actor
from core.templatetags.ui import day as say_day
from core.templatetags.ui import days_left, money
from deals import case_rules as rules
from deals import presentation
from deals.actions.cases import CONTESTED
from deals.actions.decisions import goes_to_desk
from deals.case_words import words_of_outcome
from deals.models import CaseParty, ConflictCase, Deal
from files.models import Attachment
from partners.rules import WAITING


def sides(case: ConflictCase, actor: Actor) -> list[dict[str, Any]]:
    """Both sides: links open only what the reader may otherwise see; what they claim is shown to whoever may judge."""
    parties = case.parties.select_related("deal__partner", "deal__organization", "partner").prefetch_related(
        "evidence__given_by", "deal__products"
    )
    own = set(
        Deal.objects.visible_to(actor)
        .filter(pk__in=[party.deal_id for party in parties if party.deal_id])
        .values_list("pk", flat=True)
    )
    return [_side(party, case, actor, party.deal_id in own) for party in parties]


def _side(party: CaseParty, case: ConflictCase, actor: Actor, is_open: bool) -> dict[str, Any]:
    deal = party.deal
    return {
        "party": party,
        "title": _("First") if party.position == 1 else _("Second"),
        "name": deal.partner.name if deal else _("Our own sales"),
        "partner": deal.partner if deal else None,
        "deal": deal,
        "url": deal.get_absolute_url() if deal and is_open else "",
        "pairs": _pairs(deal) if deal else [],
        "evidence": party.evidence.all(),
        "files": Attachment.objects.visible_to(actor).of(party),
        "asked": _asked(party),
        "outcome": _outcome(party, case),
        "words": words_of_outcome(party).paragraphs if party.told_at and deal else [],
    }


def _pairs(deal: Deal) -> list[dict[str, Any]]:
    plain = [
        (_("Customer"), deal.customer_name),
        (_("Organization"), deal.organization.name if deal.organization else ""),
        (_("Claims"), presentation.scope_words(deal)),
        (_("Products"), presentation.product_names(deal)),
        (_("Value"), money(deal.amount) if deal.amount else ""),
        (_("Submitted"), say_day(deal.submitted_at) if deal.submitted_at else ""),
        (_("Protected until"), say_day(deal.protected_until) if deal.protected_until else ""),
    ]
    return [{"label": label, "value": value} for label, value in plain if value]


def _asked(party: CaseParty) -> str:
    if party.deal is None:
        return ""
    if party.answered_at:
        return _("answered on %(day)s") % {"day": say_day(party.answered_at)}
    return _("asked on %(day)s") % {"day": say_day(party.asked_at)} if party.asked_at else _("not asked yet")


def _outcome(party: CaseParty, case: ConflictCase) -> dict[str, Any] | None:
    """What is proposed or decided for one side, as a state and a word."""
    shares = [side.share for side in case.parties.all()]
    if case.state == rules.DECIDED:
        return _fate(rules.fate(party.position, case.outcome, shares), party.share)
    if not case.proposed_outcome or case.state != rules.PROPOSED:
        return None
    proposed = [side.proposed_share for side in case.parties.all()]
    found = _fate(rules.fate(party.position, case.proposed_outcome, proposed), party.proposed_share)
    return {**found, "word": _("proposed: %(word)s") % {"word": found["word"]}}


def _fate(fate: str, share: int | None) -> dict[str, Any]:
    if fate == rules.SHARES:
        return {"state": "shares", "word": _("%(share)s%% of the credit") % {"share": share}}
    return {
        "state": fate,
        "word": _("keeps the customer") if fate == rules.KEEPS else _("loses the customer"),
    }


def due_cell(case: ConflictCase, at: datetime) -> dict[str, Any]:
    """When it is due, or when it was over."""
    if not case.is_running:
        return {"value": case.closed_at.date() if case.closed_at else None}
    late = case.due_at <= at
    return {"value": days_left(case.due_at) if late else case.due_at, "used": used(case, at), "late": late}


def used(case: ConflictCase, at: datetime) -> float:
    """The share of its time that has passed."""
    whole = case.due_at - case.created_at
    return min(max((at - case.created_at) / whole, 0.0), 1.0) if whole else 1.0


def note(case: ConflictCase, is_first_decider: bool) -> dict[str, Any] | None:
    """What waits for this case, or why the reader does not decide it."""
    if case.is_running and case.restructuring and case.restructuring.state == WAITING:
        changed = case.restructuring.organization
        text = _("A change of the tree at %(name)s is carried out with the decision.") % {
            "name": changed.name
        }
        link = {"label": changed.name, "url": changed.get_absolute_url()}
        return {
            "tone": "contested",
            "icon": "subtask",
            "title": _("Something waits."),
            "text": text,
            "link": link,
        }
    if case.is_running and is_first_decider:
        return {"tone": "info", "icon": "lock", "title": _("You decided one of these registrations."),
                "text": _("Someone else decides the case.")}  # fmt: skip
    return None


# On a registration's own pages ----------------------------------------------------------------------------------


def deal_note(deal: Deal, actor: Actor) -> dict[str, Any] | None:
    """That a case about a registration runs."""
    case = ConflictCase.objects.visible_to(actor).running().about(deal).first()
    if case is None:
        return None
    return {
        "tone": "contested",
        "icon": "scale",
        "title": _("A conflict case runs."),
        "text": _("Nothing is approved here until it is decided."),
        "link": {"label": case.number, "url": case.get_absolute_url()},
    }


def desk_note(deal: Deal, actor: Actor) -> dict[str, Any] | None:
    """Why the reader does not decide it: the other partner is another manager's."""
    if actor.may(P.CASE_DECIDE) or not goes_to_desk(deal):
        return None
    text = _("It conflicts with a registration of another manager's partner. You can open a conflict case.")
    return {"tone": "info", "icon": "lock", "title": _("The deal desk decides it."), "text": text}


def is_contestable(deal: Deal, actor: Actor) -> bool:
    """Whether the reader is offered to open a case about a registration."""
    is_free = not ConflictCase.objects.running().about(deal).exists()
    return deal.state in CONTESTED and actor.may(P.DEAL_DECIDE) and is_free


def portal_note(deal: Deal, actor: Actor) -> dict[str, Any] | None:
    """What a partner is asked, or told, about a registration of its own to which somebody else has a claim too."""
    party = (
        CaseParty.objects.visible_to(actor).of(deal).select_related("case").order_by("-created_at").first()
    )
    if party is None:
        return None
    link = {"label": _("Tell us your side"), "url": party.portal_url}
    if party.told_at:
        link["label"] = _("See what was decided")
        title, text = _("Two claims to this customer:"), _("it is settled.")
        return {"tone": "info", "icon": "gavel", "title": title, "text": text, "link": link}
    text = _("somebody else has a claim too. We hear both sides before we decide.")
    return {
        "tone": "contested",
        "icon": "scale",
        "title": _("Two claims to this customer:"),
        "text": text,
        "link": link,
    }
