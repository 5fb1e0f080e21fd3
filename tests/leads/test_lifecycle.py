"""Whatever is tried in whatever order: only the table's moves happen, each with its event, and offers agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.actors import SYSTEM
from core.errors import Conflict
from deals import actions as deals
from events.models import Event
from leads import actions, rules
from leads.models import Lead, LeadOffer
from tests.leads import factories as make
from tests.leads.racers import AT

HOUR = timedelta(hours=1)


def perform(move: str, lead: Lead, partner, at) -> None:
    """One move by its action; those that nobody chooses by what brings them."""
    common = {"by": SYSTEM, "lead": lead, "at": at}
    {
        "offer": lambda: actions.offer_lead(**common, partner=partner, reason="customer_wish"),
        "pool": lambda: actions.pool_lead(**common),
        "accept": lambda: actions.accept_lead(**common),
        "decline": lambda: actions.decline_lead(**common, reason="too_far"),
        "lapse": lambda: actions.pass_on_overdue(at=at + 49 * HOUR),
        "withdraw_offer": lambda: actions.withdraw_offer(**common, reason="wrong_partner"),
        "note_contact": lambda: actions.note_contact(**common, way="phone"),
        "hand_back": lambda: actions.return_lead(**common, reason="unreachable"),
        "convert": lambda: actions.convert_lead(**common, **make.registration(at)),
        "undo_conversion": lambda: deals.withdraw_deal(
            by=SYSTEM, deal=lead.deal, reason="no_opportunity", at=at
        ),
        "lose": lambda: actions.lose_lead(**common, reason="no_need"),
        "close": lambda: actions.close_lead(**common, reason="no_partner"),
        "reopen": lambda: actions.reopen_lead(**common),
    }[move]()


TRIED = [
    m for m in rules.LIFECYCLE.moves if m not in ("leave_pool", "reclaim", "win", "go_on", "lose_with_deal")
]
moves = st.lists(st.sampled_from(TRIED), min_size=1, max_size=12)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=moves)
@example(moves=["offer", "accept", "note_contact", "convert", "undo_conversion", "convert"])
@example(moves=["offer", "lapse", "close", "reopen", "offer", "accept", "hand_back"])
@example(moves=["offer", "accept", "lose", "reopen", "close"])
@example(moves=["offer", "accept", "lapse", "lapse", "lapse"])
def test_only_the_moves_of_the_table_happen(program, northgate, albion, moves):
    make.make_routing()
    partners = [northgate, *[make.ready(f"P{n} Health") for n in range(2)]]
    with transaction.atomic():
        lead = make.entered(AT)
        at = AT
        for number, move in enumerate(moves):
            step(lead, move, partners[number % 3], at)
            at += 50 * HOUR if move == "lapse" else timedelta(minutes=1)
        transaction.set_rollback(True)


def step(lead: Lead, move: str, partner, at) -> None:
    lead.refresh_from_db()
    before, events = lead.state, told(lead)
    name = named(move, lead, at)
    is_open = before in rules.LIFECYCLE.moves[name].sources
    if move == "undo_conversion" and not is_open:
        return  # there is no registration to withdraw
    refused = False
    try:
        with transaction.atomic():
            perform(move, lead, partner, at)
    except (Conflict, ValidationError):
        refused = True
    lead.refresh_from_db()
    new = told(lead)[len(events) :]
    if refused or (move == "lapse" and not is_open):
        assert (lead.state, new) == (before, [])
        assert (
            refused is False or not is_open or move in ("offer", "pool", "accept")
        )  # who, and whether anybody fits
    else:
        assert before in rules.LIFECYCLE.moves[name].sources
        assert new[0] == rules.EVENT_OF_MOVE[name]
    agree(lead)


def named(move: str, lead: Lead, at) -> str:
    """The table's name of what is tried: time takes an accepted lead away that nobody has called."""
    if move == "lapse" and lead.state == rules.ACCEPTED and lead.due_at <= at + 49 * HOUR:
        return "reclaim"
    return "leave_pool" if move == "withdraw_offer" and lead.state == rules.POOLED else move


def agree(lead: Lead) -> None:
    """What the offers say is what the lead says."""
    offers = LeadOffer.objects.filter(lead=lead)
    asked, standing = offers.asked().first(), offers.standing().first()
    assert (asked is not None) == (lead.state == rules.OFFERED)
    if lead.state in rules.HELD:
        assert standing is not None
        assert standing.partner == lead.partner
    if asked:
        assert (asked.partner, asked.due_at) == (lead.partner, lead.due_at)
    assert (lead.deal is not None) == (lead.state in (rules.CONVERTED, rules.WON))


def told(lead: Lead) -> list[str]:
    of_moves = Event.objects.about(lead).filter(type__in=rules.EVENT_OF_MOVE.values())
    return list(of_moves.order_by("created_at", "id").values_list("type", flat=True))
