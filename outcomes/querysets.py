"""Reads of answers and contributions that have a name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from core.scoping import ScopedQuerySet
from core.text import normal
from outcomes import rules
from partners.models import Organization

if TYPE_CHECKING:
    from core.actors import Actor


class OfCustomersQuerySet(ScopedQuerySet):
    """Rows about a partner's work for a customer."""

    def with_known_customer(self, actor: Actor) -> OfCustomersQuerySet:
        """Annotates is_customer_known: whether the reader may know who the customer is."""
        seen = Organization.objects.visible_to(actor).filter(pk=OuterRef("customer"))
        return self.annotate(is_customer_known=Exists(seen.order_by()))


def standing(on: date) -> Q:
    """The answers that hold on a day: withdrawn ones hold until the day before."""
    return Q(withdrawn_on=None) | Q(withdrawn_on__gt=on)


class AnswerQuerySet(OfCustomersQuerySet):
    def standing(self, on: date) -> AnswerQuerySet:
        return self.filter(standing(on))

    def matching(self, text: str) -> AnswerQuerySet:
        """Answers whose partner's name contains every word of the text (at most ten words count)."""
        found = self
        for word in normal(text).split()[:10]:
            found = found.filter(partner__search_text__contains=word)
        return found


def verified(on: date) -> Q:
    """The contributions that somebody had verified by a day and that were not declined by then."""
    return Q(verified_on__lte=on) & (Q(declined_on=None) | Q(declined_on__gt=on))


class ContributionQuerySet(OfCustomersQuerySet):
    def verified(self, on: date) -> ContributionQuerySet:
        return self.filter(verified(on))

    def awaiting(self, actor: Actor) -> ContributionQuerySet:
        """Those that wait for this actor's word: never what it recorded itself."""
        seen: ContributionQuerySet = self.visible_to(actor)
        if not actor.may("contribution.verify"):
            return seen.none()
        own = Q(recorded_by=actor.user_id) if actor.user_id else Q(pk__in=())
        return seen.filter(state=rules.RECORDED).exclude(own)

    def matching(self, text: str) -> ContributionQuerySet:
        """Contributions whose title or partner contains every word of the text (at most ten words count)."""
        found = self
        for word in normal(text).split()[:10]:
            found = found.filter(Q(search_text__contains=word) | Q(partner__search_text__contains=word))
        return found
