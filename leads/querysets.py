"""Reads of leads, offers and referrals that have a name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, F, Q, When

from core.scoping import ScopedQuerySet, tenant_of
from core.text import normal
from leads import rules
from partners.querysets import SearchableQuerySet

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from leads.models import Lead


class LeadQuerySet(SearchableQuerySet):
    def visible_to(self, actor: Actor) -> LeadQuerySet:
        """As for every model; what a partner may not read yet it cannot search for either."""
        seen: LeadQuerySet = super().visible_to(actor)
        if actor.is_vendor:
            return seen
        told = Case(
            When(state__in=rules.DISCLOSED, then=F("search_text")),
            default=F("teaser_text"),
            output_field=CharField(),
        )
        return seen.annotate(told_text=told)

    def matching(self, text: str) -> LeadQuerySet:
        """Rows that contain every word of the text (at most ten words count), of what their reader may read."""
        column = "told_text" if "told_text" in self.query.annotations else "search_text"
        found = self
        for word in normal(text).split()[:10]:
            found = found.filter(**{f"{column}__contains": word})
        return found

    def open(self) -> LeadQuerySet:
        """Leads that something may still become of."""
        return self.filter(state__in=rules.OPEN)

    def needing_routing(self) -> LeadQuerySet:
        """Nobody has it, nobody is asked."""
        return self.filter(state__in=rules.NEEDS_ROUTING)

    def awaiting_acceptance(self) -> LeadQuerySet:
        return self.filter(state=rules.OFFERED)

    def awaiting_contact(self) -> LeadQuerySet:
        return self.filter(state=rules.ACCEPTED)

    def pooled(self) -> LeadQuerySet:
        return self.filter(state=rules.POOLED)

    def held(self) -> LeadQuerySet:
        """A partner has it and has not finished."""
        return self.filter(state__in=rules.HELD)

    def overdue(self, at: datetime) -> LeadQuerySet:
        """Offers, pools and first contacts whose time has run out."""
        waiting = (rules.OFFERED, rules.POOLED, rules.ACCEPTED)
        return self.filter(state__in=waiting, due_at__lte=at)

    def without_contact(self, at: datetime) -> LeadQuerySet:
        """Accepted, and the first contact is late."""
        return self.awaiting_contact().filter(due_at__lte=at)

    def awaiting(self, actor: Actor) -> LeadQuerySet:
        """What waits for this actor: routing at the vendor; an answer, a first contact or the pool at the partner."""
        seen = self.visible_to(actor)
        if actor.is_vendor:
            return seen.needing_routing() if actor.may("lead.route") else seen.none()
        waiting = (rules.OFFERED, rules.POOLED, rules.ACCEPTED)
        return seen.filter(state__in=waiting) if actor.may("lead.work") else seen.none()

    def takeable_by(self, actor: Actor) -> LeadQuerySet:
        """What an actor sees, and what it could once have taken: whoever came second is told so."""
        if actor.is_vendor or not actor.partner_ids:
            return self.visible_to(actor)
        mine = {"pool__candidates__partner__in": actor.partner_ids, "pool__candidates__passed": True}
        once = self.model._default_manager.filter(**mine).values("pk")
        return self.filter(tenant_of(self.model).q(actor) | Q(pk__in=once))

    def once_pooled_for(self, partner_id: UUID) -> LeadQuerySet:
        """Leads whose latest pool a partner was in, whoever has them now."""
        return self.filter(pool__candidates__partner=partner_id, pool__candidates__passed=True)

    def for_list(self) -> LeadQuerySet:
        """With all that a list shows, in one query per relation."""
        return self.select_related("partner", "market", "specialty").prefetch_related("products")


class LeadOfferQuerySet(ScopedQuerySet):
    def asked(self) -> LeadOfferQuerySet:
        """Those that wait for an answer."""
        return self.filter(state=rules.ASKED)

    def standing(self) -> LeadOfferQuerySet:
        """Those by which a partner has its lead."""
        return self.filter(state=rules.ACCEPTED)

    def let_go(self) -> LeadOfferQuerySet:
        """Those that their partner declined, missed or gave back."""
        return self.filter(state__in=rules.LET_GO)

    def made_since(self, at: datetime) -> LeadOfferQuerySet:
        return self.filter(created_at__gte=at)


class ReferralQuerySet(SearchableQuerySet):
    def in_progress(self, progress: str) -> ReferralQuerySet:
        states = [state for state, found in rules.PROGRESS_OF_STATE.items() if found == progress]
        return self.filter(lead__state__in=states)


def in_pool_of(partner_ids: Any) -> Q:
    """Leads in the pool that one of these partners may take."""
    from leads.models import Lead

    mine = {"pool__candidates__partner__in": partner_ids, "pool__candidates__passed": True}
    return Q(pk__in=Lead.objects.filter(state=rules.POOLED, **mine).values("pk"))


def known_leads(lead: Lead) -> LeadQuerySet:
    """Earlier leads of the same customer and person, so that a list sent twice changes nothing."""
    from leads.models import Lead as Leads

    same: LeadQuerySet = Leads.objects.filter(customer_name__iexact=lead.customer_name, country=lead.country)
    return same.filter(contact_email__iexact=lead.contact_email)
