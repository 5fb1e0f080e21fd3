"""Search over partners, deals, customers and people: one line per kind, each row as far as the actor may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.actors import Actor
from core.states import look
from core.text import normal
from deals.models import Deal
from leads.models import Lead
from onboarding.models import Application
from partners.models import Contact, Organization, Partner

MOST_PER_KIND = 8


@dataclass(frozen=True)
class Found:
    """One row that matches. `url` is "" where the reader has no page for it."""

    kind: str
    id: UUID
    title: str
    note: str
    url: str


@dataclass(frozen=True)
class FoundGroup:
    key: str
    label: Any
    icon: str
    rows: list[Found]


@dataclass(frozen=True)
class Source:
    """One kind that is searched."""

    key: str
    label: Any
    icon: str
    permission: str
    queryset: Callable[[], Any]
    note: Callable[[Any], str]
    vendor_url: Callable[[Any], str]
    portal_url: Callable[[Any], str] | None = None  # None: not searched by partners

    def rows(self, actor: Actor, text: str) -> list[Found]:
        found = self.queryset().visible_to(actor).matching(text)[:MOST_PER_KIND]
        url = self.vendor_url if actor.is_vendor else self.portal_url
        assert url is not None
        return [Found(self.key, row.pk, str(row), self.note(row), url(row)) for row in found]


def _partner_note(partner: Partner) -> str:
    tier = partner.tier_name or _("Not yet in a tier")
    return f"{tier}, {look(partner.state).word}, {partner.country.name}"


def _deal_note(deal: Deal) -> str:
    return f"{deal.partner.name}, {look(deal.state).word}"


def _lead_note(lead: Lead) -> str:
    return f"{lead.customer_name}, {look(lead.state).word}"


def _place(organization: Organization) -> str:
    return ", ".join(
        filter(None, [organization.city, organization.country.name if organization.country else ""])
    )


def _person_note(contact: Contact) -> str:
    words = [contact.title, contact.partner.name, _("left") if contact.left_on else ""]
    return ", ".join(filter(None, words))


SOURCES = (
    Source(
        "partner", gettext_lazy("Partners"), "building-community", P.PARTNER_VIEW,
        lambda: Partner.objects.order_by("name"), _partner_note, lambda p: p.get_absolute_url(),
    ),
    Source(
        "deal", gettext_lazy("Deals"), "briefcase", P.DEAL_VIEW,
        lambda: Deal.objects.select_related("partner").order_by("-created_at"), _deal_note,
        lambda d: d.get_absolute_url(), lambda d: d.portal_url,
    ),
    Source(
        "lead", gettext_lazy("Leads"), "target", P.LEAD_VIEW,
        lambda: Lead.objects.order_by("-created_at"), _lead_note, lambda lead: lead.get_absolute_url(),
    ),
    Source(
        "customer", gettext_lazy("Customers"), "building-hospital", P.DEAL_VIEW,
        lambda: Organization.objects.standing().filter(partner__isnull=True).order_by("name"), _place,
        lambda o: o.get_absolute_url(),
        lambda o: f"/portal/deals/?{urlencode({'search': o.name})}",
    ),
    Source(
        "person", gettext_lazy("People"), "users", P.PARTNER_VIEW,
        lambda: Contact.objects.select_related("partner").order_by("name"), _person_note,
        lambda c: f"/manage/partners/{c.partner_id}/people/", lambda c: "/portal/people/",
    ),
    Source(
        "application", gettext_lazy("Applications"), "user-plus", P.APPLICATION_VIEW,
        lambda: Application.objects.order_by("-created_at"), lambda a: str(look(a.state).word),
        lambda a: a.get_absolute_url(),
    ),
)  # fmt: skip


def found_for(actor: Actor, text: str) -> list[FoundGroup]:
    """What matches, by kind; kinds without a match are left out. The same text finds the same on both engines."""
    if not normal(text):
        return []
    groups = [
        FoundGroup(source.key, source.label, source.icon, source.rows(actor, text))
        for source in SOURCES
        if actor.may(source.permission) and (actor.is_vendor or source.portal_url)
    ]
    return [group for group in groups if group.rows]
