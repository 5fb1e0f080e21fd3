"""Reads of conflict cases that have a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from core.actors import Reach
from core.scoping import ScopedQuerySet
from deals import case_rules as rules
from partners.querysets import SearchableQuerySet

if TYPE_CHECKING:
    from core.actors import Actor
    from deals.models import Deal


class ConflictCaseQuerySet(SearchableQuerySet):
    def running(self) -> ConflictCaseQuerySet:
        return self.filter(state__in=rules.RUNNING)

    def about(self, deal: Deal) -> ConflictCaseQuerySet:
        """Those in which a registration is a party."""
        return self.filter(parties__deal=deal)

    def precedents(self, tag: str = "") -> ConflictCaseQuerySet:
        """Decided ones that were given a name to be found by."""
        found = self.filter(state=rules.DECIDED).exclude(precedent="")
        return found.filter(precedent=tag) if tag else found

    def awaiting(self, actor: Actor) -> ConflictCaseQuerySet:
        """Those that wait for this actor: never where it decided one of the registrations, unless it only mediates."""
        seen: ConflictCaseQuerySet = self.visible_to(actor)
        if not actor.may("case.decide"):
            return seen.none()
        own = Q(parties__deal__decided_by=actor.user_id) if actor.user_id else Q(pk__in=())
        return seen.running().exclude(Q(state=rules.PROPOSED) & Q(pk__in=seen.filter(own).values("pk")))


class CasePartyQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> CasePartyQuerySet:
        """As for every model; our own sales are the desk's side, and a partner learns of a case once it was asked."""
        seen: CasePartyQuerySet = super().visible_to(actor)
        if actor.reach is Reach.ASSIGNED:
            return seen.exclude(partner=None)
        told = Q(asked_at__isnull=False) | Q(told_at__isnull=False)
        return seen if actor.is_vendor else seen.filter(told)

    def awaiting(self, actor: Actor) -> CasePartyQuerySet:
        """Those of a partner that was asked for evidence and has not given any."""
        seen = self.visible_to(actor).filter(case__state=rules.GATHERING, answered_at=None)
        return seen if not actor.is_vendor and actor.may("case.answer") else seen.none()

    def of(self, deal: Any) -> CasePartyQuerySet:
        return self.filter(deal=deal)
