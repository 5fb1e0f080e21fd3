"""Reads of reviews and commitments that have a name."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from accounts.models import User
from core.scoping import ScopedQuerySet
from partners.querysets import SearchableQuerySet
from reviews import rules

if TYPE_CHECKING:
    from core.actors import Actor


class ReviewQuerySet(SearchableQuerySet):
    def planned(self) -> ReviewQuerySet:
        return self.filter(state=rules.SCHEDULED)

    def upcoming(self, at: datetime, days: int) -> ReviewQuerySet:
        """Planned, from now on, within so many days."""
        return self.planned().filter(starts_at__gte=at, starts_at__lte=at + timedelta(days=days))

    def awaiting_minutes(self, at: datetime) -> ReviewQuerySet:
        """Their time has come, and nobody has said how it went."""
        return self.planned().filter(starts_at__lt=at)

    def awaiting_signature(self, actor: Actor) -> ReviewQuerySet:
        """Held, and not yet signed off by the actor's side. Due on `sign_by`."""
        return self.filter(state=rules.HELD, **{rules.signature_field(actor.is_vendor): None})

    def awaiting(self, actor: Actor, at: datetime) -> ReviewQuerySet:
        """What waits for this actor: minutes to write (vendor) and minutes to sign."""
        waiting = Q(pk__in=())
        if actor.may("review.hold"):
            waiting |= Q(state=rules.SCHEDULED, starts_at__lt=at)
        if actor.may("review.sign"):
            waiting |= Q(state=rules.HELD, **{rules.signature_field(actor.is_vendor): None})
        return self.visible_to(actor).filter(waiting)

    def of_quarter(self, quarter: rules.Quarter) -> ReviewQuerySet:
        return self.filter(quarter=str(quarter))

    def in_month(self, first: date) -> ReviewQuerySet:
        """Those on the days of the month that begins so."""
        after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        return self.filter(on__gte=first, on__lt=after).order_by("on", "starts_at")

    def before(self, review: Any) -> ReviewQuerySet:
        """Earlier reviews of the same partner that were held, the latest first."""
        held = self.filter(partner=review.partner_id, state__in=(rules.HELD, rules.SIGNED_OFF))
        return held.filter(quarter__lt=review.quarter).order_by("-quarter")


class CommitmentQuerySet(ScopedQuerySet):
    def open(self) -> CommitmentQuerySet:
        return self.filter(state=rules.TO_DO)

    def overdue(self, on: date) -> CommitmentQuerySet:
        return self.open().filter(due_on__lt=on)

    def awaiting(self, actor: Actor) -> CommitmentQuerySet:
        """Open promises of the actor's own side."""
        side = rules.VENDOR if actor.is_vendor else rules.PARTNER
        return (
            self.visible_to(actor).open().filter(side=side) if actor.may("commitment.edit") else self.none()
        )

    def brought_into(self, review: Any, last: Any) -> CommitmentQuerySet:
        """What a review opens with: the promises of the last one, and older ones that were open when it ended."""
        earlier = self.filter(review__partner=review.partner_id, review__quarter__lt=review.quarter)
        if last is None:
            return earlier.open()
        still_open = Q(closed_at=None) | Q(closed_at__gte=last.held_at)
        return earlier.filter(Q(review=last) | still_open).exclude(state=rules.DROPPED)

    def first_things_first(self) -> CommitmentQuerySet:
        """Open ones first, by due day."""
        return self.order_by(F("closed_at").asc(nulls_first=True), "due_on", "id")


def people_of(partner: Any) -> list[User]:
    """Who a partner's review concerns: its success manager and its admins."""
    admin = Q(memberships__partner=partner, memberships__role="partner_admin", memberships__ended_at=None)
    concerned = User.objects.filter(Q(pk=partner.psm_id) | admin, is_active=True)
    return list(concerned.distinct().order_by("name", "pk"))
