"""Whatever is tried in whatever order: only the table's moves happen, each with one event, and protections agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.actors import SYSTEM
from core.errors import Conflict
from deals import actions, rules
from deals.models import Appeal, Deal, Protection
from events.models import Event
from partners.models import Partner
from tests.deals import factories as make
from tests.deals.racers import AT

DAY = timedelta(days=1)
RECEIVER = "Albion Health"


def perform(move: str, deal: Deal, earlier: Deal, at) -> None:
    """One move by its action."""
    common = {"by": SYSTEM, "deal": deal, "at": at}
    {
        "submit": lambda: actions.submit_deal(**common),
        "discard": lambda: actions.discard_draft(**common),
        "start_review": lambda: actions.start_review(**common),
        "ask_for_more": lambda: actions.ask_for_more(**common, question="Who?", fields=["contact"]),
        "resubmit": lambda: actions.submit_deal(**common),
        "lapse": lambda: actions.lapse_unanswered(at=at + 15 * DAY),
        "approve": lambda: actions.approve_deal(**common),
        "approve_with_conditions": lambda: actions.approve_deal(
            **common, conditions=["A letter of intent."], conditions_until=deal.day_of(at) + 30 * DAY
        ),
        "meet_conditions": lambda: actions.meet_conditions(**common),
        "miss_conditions": lambda: actions.miss_conditions(**common, reason="cannot_be_met"),
        "reject": lambda: actions.reject_deal(**common, reason="not_eligible"),
        "mark_duplicate": lambda: actions.mark_duplicate(**common, duplicate_of=earlier),
        "withdraw": lambda: actions.withdraw_deal(**common, reason="no_opportunity"),
        "report_win": lambda: actions.report_win(**common, won_on=deal.day_of(at), reference="PO"),
        "report_loss": lambda: actions.report_loss(**common, reason="price"),
        "expire": lambda: actions.release_lapsed(at=at + 91 * DAY),
        "renew": lambda: renew(**common),
        "reopen": lambda: actions.reopen_deal(**common, reason="customer_came_back"),
        "transfer": lambda: transfer(**common),
        "revoke": lambda: actions.revoke_deal(**common, reason="inaccurate"),
        "uphold": lambda: actions.uphold_appeal(by=SYSTEM, appeal=appealed(deal, at), at=at),
    }[move]()


def renew(*, by, deal: Deal, at) -> None:
    """Asked for, and granted."""
    if deal.state == rules.EXPIRED:
        actions.request_renewal(by=by, deal=deal, evidence="A call.", activity_on=deal.day_of(at), at=at)
    actions.renew_deal(by=by, deal=deal, at=at)


def transfer(*, by, deal: Deal, at) -> None:
    """Proposed, agreed to by both, and carried out."""
    receiver = Partner.objects.get(name=RECEIVER)
    proposed = actions.propose_transfer(by=by, deal=deal, receiver=receiver, reason="Nearer.", at=at)
    for _side in rules.SIDES:
        actions.give_consent(by=by, consent=proposed.consents.get(state=rules.REQUESTED), at=at)
    actions.carry_out_transfer(by=by, transfer=proposed, at=at)


def appealed(deal: Deal, at) -> Appeal:
    """The appeal against the decision that stands. Raises Conflict where nothing was refused."""
    return actions.file_appeal(by=SYSTEM, deal=deal, grounds="We met them first.", at=at)


# "submit" and "resubmit" are one verb: which of the two it is depends on the state.
SAME_VERB = {"submit": ("submit", "resubmit"), "resubmit": ("submit", "resubmit")}
# Nobody begins with a registration taken over: it comes of a transfer, whose own tests look at it.
TRIED = [move for move in rules.LIFECYCLE.moves if move != "take_over"]
moves = st.lists(st.sampled_from(TRIED), min_size=1, max_size=12)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=moves)
@example(moves=["submit", "approve", "expire"])
@example(moves=["submit", "approve_with_conditions", "expire"])
@example(moves=["submit", "approve_with_conditions", "meet_conditions", "report_win"])
@example(moves=["submit", "ask_for_more", "lapse"])
@example(moves=["submit", "approve", "report_win", "reopen", "report_loss", "reopen"])
@example(moves=["submit", "approve", "transfer"])
def test_only_the_moves_of_the_table_happen(northgate, albion, brannoc, moves):
    with transaction.atomic():
        earlier = make.submitted(northgate, AT, customer_name="Earlier")
        deal = make.draft(northgate, AT)
        Deal.objects.filter(pk=deal.pk).update(organization=brannoc)
        for number, move in enumerate(moves):
            step(Deal.objects.get(pk=deal.pk), move, earlier, AT + number * timedelta(minutes=1))
        transaction.set_rollback(True)


def step(deal: Deal, move: str, earlier: Deal, at) -> None:
    before, events = deal.state, told(deal)
    # The end of a conditional approval's day is another move than the end of an approved one's.
    move = "miss_conditions" if (move, before) == ("expire", rules.CONDITIONAL) else move
    table = rules.LIFECYCLE.moves
    open_moves = [name for name in SAME_VERB.get(move, (move,)) if before in table[name].sources]
    try:
        with transaction.atomic():
            perform(move, deal, earlier, at)
    except Conflict:
        assert not open_moves
    deal.refresh_from_db()
    if not open_moves:
        assert (deal.state, told(deal)) == (before, events)
        return
    name = open_moves[0]
    assert deal.state == rules.LIFECYCLE.moves[name].to
    assert told(deal) == [*events, rules.EVENT_OF_MOVE[name]]
    running = Protection.objects.filter(deal=deal).running().count()
    assert running == (deal.products.count() if deal.state in (*rules.PROTECTED, rules.WON) else 0)
    assert (deal.next_at is not None) == (deal.state in (*rules.AWAITING_DECISION, *rules.PROTECTED))


def told(deal: Deal) -> list[str]:
    of_moves = Event.objects.about(deal).filter(type__in=rules.EVENT_OF_MOVE.values())
    return list(of_moves.order_by("created_at", "id").values_list("type", flat=True))
