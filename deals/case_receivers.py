"""What conflict cases hear: trees that wait, comparisons that turned hard; and whom their own events tell."""

from __future__ import annotations

from uuid import UUID

from accounts.models import User
from accounts.roles import Permission
from core import mail
from core.actors import SYSTEM
from deals import case_rules, conflict
from deals.actions.cases import CONTESTED, open_case
from deals.actions.scopes import compare_anew, require_apart
from deals.letters import recipients
from deals.models import CaseParty, ConflictCandidate, ConflictCase, Deal
from events.models import Event
from events.registry import on
from inbox.actions import notify
from partners.models import Organization, Restructuring

TREE_CHANGED = ("organization.merged", "organization.moved", "organization.unmerged")


@on(*TREE_CHANGED)
def protections_stay_apart(event: Event, organization: Organization) -> None:
    """A tree in which two protections would reach one node is not made: it waits for a decision."""
    for changed in _trees_of(event, organization):
        require_apart(changed, event.at)


@on(*TREE_CHANGED)
def open_registrations_are_compared_anew(event: Event, organization: Organization) -> None:
    for changed in _trees_of(event, organization):
        compare_anew(changed, event.at)


@on("deal.conflict_found")
def a_new_hard_conflict_is_a_case(event: Event, deal: Deal) -> None:
    """It never silently changes a decision. What was known before has had its case, and what the partner itself
    registered twice is none.
    """
    new = ConflictCandidate.objects.filter(pk__in=event.data["candidates"]).exclude(kind=conflict.OWN)
    for candidate in new:
        if candidate.deal is None:
            words = f"{candidate.kind_words}: {candidate.snapshot['title']}"
            open_case(by=SYSTEM, deal=deal, direct=words, record_id=candidate.other_id, because=case_rules.BY_CHECK,
                      at=event.at)  # fmt: skip
        elif candidate.deal.state in CONTESTED:
            open_case(by=SYSTEM, deal=deal, other=candidate.deal, because=case_rules.BY_CHECK, at=event.at)


def _trees_of(event: Event, organization: Organization) -> list[Organization]:
    """One organization of each tree that became another one: an undone merge leaves two."""
    if event.type != "organization.unmerged":
        return [organization]
    return [organization, *Organization.objects.filter(pk=event.data["from"])]


@on("restructuring.waits")
def whoever_would_overlap_gets_a_case(event: Event, restructuring: Restructuring) -> None:
    for one, other in event.data["contested"]:
        deals = Deal.objects.in_bulk([UUID(one), UUID(other)])
        open_case(
            by=SYSTEM, deal=deals[UUID(one)], other=deals[UUID(other)], because=case_rules.BY_TREE,
            restructuring=restructuring, at=event.at,
        )  # fmt: skip


@on("case.opened")
def those_who_decide_cases_hear_of_it(event: Event, case: ConflictCase) -> None:
    for user in User.objects.with_permission(Permission.CASE_DECIDE).filter(memberships__role="deal_desk"):
        if user.pk != event.actor_user_id:
            _ring_vendor(user, event, case)


@on("case.evidence_given")
def the_mediator_hears_of_evidence(event: Event, party: CaseParty) -> None:
    mediator = party.case.mediator
    if mediator and mediator.pk != event.actor_user_id:
        _ring_vendor(mediator, event, party.case)


def _ring_vendor(user: User, event: Event, case: ConflictCase) -> None:
    args = {"case": case.number}
    notify(user=user, kind=event.type, url=case.get_absolute_url(), partner=None, args=args, at=event.at)


@on("case.party_asked", "case.party_told")
def each_side_is_told_by_itself(event: Event, party: CaseParty) -> None:
    assert party.deal is not None
    for user in recipients(party.deal):
        mail.send(event.type, at=event.at, to_user=user, key=f"{event.pk}:{user.pk}", party=party.pk)
        args = {"deal": party.deal.number}
        notify(
            user=user,
            kind=event.type,
            url=party.get_absolute_url(),
            partner=party.partner,
            args=args,
            at=event.at,
        )
