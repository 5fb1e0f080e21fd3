"""Reads of applications, plans and tasks that have a name."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q

from accounts.roles import Permission
from core.scoping import ScopedQuerySet
from onboarding import rules
from partners.models import Organization, Partner
from partners.querysets import SearchableQuerySet
from partners.rules import domain_of

if TYPE_CHECKING:
    from core.actors import Actor
    from onboarding.models import Application


class ApplicationQuerySet(SearchableQuerySet):
    def open(self) -> ApplicationQuerySet:
        return self.filter(state__in=rules.OPEN)

    def awaiting_decision(self) -> ApplicationQuerySet:
        return self.filter(state__in=rules.AWAITING)

    def awaiting(self, actor: Actor) -> ApplicationQuerySet:
        """Those that this actor may decide and nobody else has taken."""
        if not actor.may(Permission.APPLICATION_DECIDE):
            return self.none()
        return self.awaiting_decision().filter(Q(reviewer=actor.user_id) | Q(reviewer=None))

    def reviewed_by(self, user_id: object) -> ApplicationQuerySet:
        return self.filter(reviewer=user_id)

    def overdue(self, at: datetime) -> ApplicationQuerySet:
        return self.awaiting_decision().filter(due_at__lt=at)

    def unconfirmed_since(self, before: datetime) -> ApplicationQuerySet:
        return self.filter(state=rules.UNCONFIRMED, created_at__lt=before)

    def of_company(self, key: str) -> ApplicationQuerySet:
        return self.filter(company_key=key)

    def beside(self, application: Application) -> ApplicationQuerySet:
        """Other applications of the same company or organisation."""
        same = Q(company_key=application.company_key)
        if application.organization_id:
            same |= Q(organization=application.organization_id)
        return self.filter(same).exclude(pk=application.pk)


CLOSED = Q(tasks__state__in=(rules.DONE, rules.SKIPPED))
REQUIRED = Q(tasks__is_required=True)


class PlanQuerySet(ScopedQuerySet):
    def matching(self, text: str) -> PlanQuerySet:
        """Plans of partners that match."""
        return self.filter(partner__in=Partner.objects.matching(text).values("pk"))

    def running(self) -> PlanQuerySet:
        return self.filter(state=rules.RUNNING)

    def stalled(self, at: datetime, days: int) -> PlanQuerySet:
        """Running plans in which nothing moved for so many days."""
        return self.running().filter(moved_at__lt=at - timedelta(days=days))

    def with_progress(self, on: date) -> PlanQuerySet:
        """Annotates n_required, n_closed (of the required) and n_overdue."""
        late = Q(tasks__state=rules.TO_DO, tasks__due_on__lt=on)
        return self.annotate(
            n_required=Count("tasks", filter=REQUIRED, distinct=True),
            n_closed=Count("tasks", filter=REQUIRED & CLOSED, distinct=True),
            n_overdue=Count("tasks", filter=late, distinct=True),
        )


class TaskQuerySet(ScopedQuerySet):
    def todo(self) -> TaskQuerySet:
        return self.filter(state=rules.TO_DO)

    def in_running_plans(self) -> TaskQuerySet:
        return self.filter(plan__state=rules.RUNNING)

    def of_side(self, side: str) -> TaskQuerySet:
        return self.filter(side=side)

    def overdue(self, on: date) -> TaskQuerySet:
        return self.todo().in_running_plans().filter(due_on__lt=on)

    def waiting(self, is_waiting: bool = True) -> TaskQuerySet:
        """Tasks of which an earlier one is still to do (or not)."""
        earlier = self.model.objects.filter(unlocks=OuterRef("pk"), state=rules.TO_DO)
        return self.filter(Exists(earlier) if is_waiting else ~Exists(earlier))

    def awaiting(self, actor: Actor) -> TaskQuerySet:
        """What this actor's side can do now."""
        if not actor.may(Permission.ONBOARDING_DO):
            return self.none()
        side = rules.VENDOR_SIDE if actor.is_vendor else rules.PARTNER_SIDE
        return self.todo().in_running_plans().of_side(side).waiting(False)


def recognise(*, scheme: str, identifier: str, email: str, website: str) -> tuple[Organization | None, str]:
    """The organisation we know the applicant's company as, and by what; (None, "") for a new one.

    All three ways are always asked, so that the time of an answer tells nothing.
    """
    values = {identifier, rules.identifier_value(identifier)} - {""}
    by_identifier = Organization.objects.filter(identifiers__scheme=scheme, identifiers__value__in=values)
    found = [
        (_likeliest(by_identifier), rules.BY_IDENTIFIER),
        (_likeliest(Organization.objects.filter(domains__domain=domain_of(email) or "-")), rules.BY_MAIL),
        (
            _likeliest(Organization.objects.filter(domains__domain=domain_of(website) or "-")),
            rules.BY_WEBSITE,
        ),
    ]
    return next((pair for pair in found if pair[0]), (None, ""))


def _likeliest(organizations: Any) -> Organization | None:
    """Of several with one domain: a partner, else the top of a tree, else the oldest."""
    order = (F("partner__joined_on").asc(nulls_last=True), F("parent").asc(nulls_first=True), "created_at")
    return organizations.order_by(*order).first()


def partner_of(organization: Organization | None) -> Partner | None:
    """The running partnership of an organisation."""
    return (
        Partner.objects.filter(organization=organization).exclude(state="terminated").first()
        if organization
        else None
    )


def is_colleague(application: Application) -> bool:
    """Whether the applicant's own address is at a company that is a partner: only then its owner may learn of it."""
    domain = application.mail_domain
    known = Organization.objects.filter(pk=application.organization_id, domains__domain=domain or "-").first()
    return partner_of(known) is not None
