"""What stands around every page: sections with the counts that wait for me, my partners, the bell, the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.roles import LABELS
from accounts.roles import Permission as P
from core import clock
from core.actors import Actor
from core.context import provide
from core.templatetags.ui import monogram, tone_for_id, zone_word
from home import queue
from inbox.models import Notification
from onboarding.models import OnboardingPlan
from partners.models import Partner
from tiers.benefits import areas_of

MOST_RECENT = 4


@dataclass(frozen=True)
class Section:
    """A word of the navigation. `key` is the queue's section whose count it carries; `bottom`: in a phone's bar."""

    key: str
    label: Any
    url: str
    icon: str
    permission: str
    bottom: bool = False
    also: tuple[str, ...] = ()  # other addresses that belong to it
    opens: str = ""  # how its list begins


WORKSPACE = (
    Section("partners", _("Partners"), "/manage/partners/", "building-community", P.PARTNER_VIEW),
    Section(
        "organizations",
        _("Organizations"),
        "/manage/organizations/",
        "building-hospital",
        P.PARTNER_VIEW,
        also=("/manage/restructurings/", "/manage/organization-"),
    ),
    Section(
        "direct",
        _("Direct sales"),
        "/manage/direct/opportunities/",
        "briefcase",
        P.DIRECT_VIEW,
        also=("/manage/direct/",),
    ),
    Section(
        "applications",
        _("Applications"),
        "/manage/applications/",
        "user-plus",
        P.APPLICATION_VIEW,
        opens="?is_waiting=true",
    ),
    Section(
        "onboarding",
        _("Onboarding"),
        "/manage/onboarding/",
        "checklist",
        P.PARTNER_VIEW,
        opens="?state=running",
    ),
    Section(
        "deals",
        _("Deals"),
        "/manage/deals/",
        "briefcase",
        P.DEAL_VIEW,
        opens="?status=open",
        also=(
            "/manage/appeals/",
            "/manage/conflict-cases/",
            "/manage/conflicts/",
            "/manage/transfers/",
            "/manage/amendments/",
            "/manage/extensions/",
            "/manage/bookings/",
            "/manage/implementations/",
        ),
    ),
    Section(
        "leads",
        _("Leads"),
        "/manage/leads/",
        "target",
        P.LEAD_VIEW,
        opens="?status=open",
        also=("/manage/referrals/",),
    ),
    Section(
        "tiers",
        _("Tiers"),
        "/manage/tiers/",
        "stairs-up",
        P.TIER_VIEW,
        also=(
            "/manage/tier-proposals/",
            "/manage/tier-appeals/",
            "/manage/tier-overrides/",
            "/manage/tier-waivers/",
        ),
    ),
    Section(
        "certifications", _("Certifications"), "/manage/certifications/", "certificate", P.CERTIFICATION_VIEW
    ),
    Section(
        "compliance",
        _("Compliance"),
        "/manage/gates/",
        "shield-check",
        P.GATE_VIEW,
        also=("/manage/gate-records/",),
    ),
    Section(
        "outcomes",
        _("Outcomes"),
        "/manage/satisfaction/",
        "heart-handshake",
        P.OUTCOME_VIEW,
        also=("/manage/contributions/", "/manage/metrics/"),
    ),
    Section(
        "reviews",
        _("Reviews"),
        "/manage/reviews/",
        "calendar-event",
        P.REVIEW_VIEW,
        opens="?state=scheduled",
    ),
)
# Seven words at most stand at the top; who may sign in stands in the person's own menu.
TEAM = Section("team", _("Team"), "/portal/team/", "user-circle", P.TEAM_VIEW)
PORTAL = (
    Section(
        "deals",
        _("Deals"),
        "/portal/deals/",
        "briefcase",
        P.DEAL_VIEW,
        also=("/portal/transfers/", "/portal/conditions/", "/portal/appeals/", "/portal/amendments/"),
    ),  # fmt: skip
    Section("leads", _("Leads"), "/portal/leads/", "target", P.LEAD_VIEW, also=("/portal/referrals/",)),
    Section(
        "tier",
        _("My tier"),
        "/portal/tier/",
        "stairs-up",
        P.TIER_VIEW,
        bottom=True,
        also=("/portal/satisfaction/", "/portal/contributions/", "/portal/tier-appeals/"),
    ),
    Section("onboarding", _("Onboarding"), "/portal/onboarding/", "checklist", P.PORTAL_VIEW),
    Section(
        "people",
        _("People"),
        "/portal/people/",
        "users",
        P.CERTIFICATION_VIEW,
        also=(
            "/portal/certifications/",
            "/portal/certificates/",
            "/portal/contacts/",
            "/portal/learning-plan/",
        ),
    ),
    Section(
        "compliance",
        _("Compliance"),
        "/portal/gates/",
        "shield-check",
        P.GATE_VIEW,
        also=("/portal/gate-records/",),
    ),
    Section("reviews", _("Reviews"), "/portal/reviews/", "calendar-event", P.REVIEW_VIEW),
)
FOOT = (
    Section("people", _("Colleagues"), "/manage/people/", "users", P.USER_MANAGE),
    Section("keys", _("API keys"), "/manage/keys/", "key", P.KEY_MANAGE),
    Section("settings", _("Settings"), "/manage/settings/", "settings", P.SETTINGS_EDIT),
)


class Surroundings:
    """What one request's page is told, each part asked for once."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor: Actor = request.actor  # type: ignore[attr-defined]
        self.at = clock.now()

    @cached_property
    def own_partners(self) -> list[Partner]:
        """The partners I look after, those with the latest events first."""
        mine = Partner.objects.of(self.actor.user_id).exclude(state="terminated").latest_first()
        return list(mine[:MOST_RECENT])

    @cached_property
    def scope(self) -> str:
        """Whoever looks after partners begins with what is theirs; all others with what their role does."""
        return queue.MINE if self.own_partners or "psm" in self.actor.roles else queue.ALL

    @cached_property
    def counts(self) -> dict[str, int]:
        return queue.counts(self.actor, self.at, self.scope)

    @cached_property
    def unread(self) -> int:
        return Notification.objects.visible_to(self.actor).unread().count()

    def workspace(self) -> dict[str, Any]:
        by_section = queue.by_section(self.counts)
        first = self.entry(
            Section("queue", _("Queue"), "/manage/", "inbox", P.WORKSPACE_VIEW), sum(by_section.values())
        )
        return {
            "home_url": "/manage/",
            "search_url": "/manage/search/",
            "inbox_url": "/manage/notifications/",
            "unread_count": self.unread,
            "clock_text": clock_text(),
            "nav": [first, *(self.entry(s, by_section.get(s.key, 0)) for s in self.open_to_me(WORKSPACE))],
            "nav_recent": [recent(partner) for partner in self.own_partners],
            "nav_foot": [self.entry(section) for section in self.open_to_me(FOOT)],
            "person": self.person(
                "/manage/profile/", LABELS.get(self.actor.roles[0], "") if self.actor.roles else ""
            ),
        }

    def portal(self) -> dict[str, Any]:
        found = [self.entry(Section("home", _("Home"), "/portal/", "home", P.PORTAL_VIEW))]
        # Seven words at most: compliance takes the place of onboarding once that is over.
        hidden = "compliance" if self.is_onboarding else "onboarding"
        found += [self.entry(s) for s in self.open_to_me(PORTAL) if s.key != hidden]
        found += [self.entry(section) for section in self.areas]
        may_register = self.actor.may(P.DEAL_REGISTER)
        return {
            "home_url": "/portal/",
            "search_url": "/portal/search/",
            "inbox_url": "/portal/notifications/",
            "unread_count": self.unread,
            "nav": found,
            "portal_move": {"label": _("Register a deal"), "url": "/portal/deals/new/"}
            if may_register
            else None,
            "person": self.person(
                "/portal/profile/", LABELS.get(self.actor.roles[0], "") if self.actor.roles else ""
            ),
            "view_as": self.view_as(),
        }

    def open_to_me(self, sections: tuple[Section, ...]) -> list[Section]:
        return [section for section in sections if self.actor.may(section.permission)]

    @cached_property
    def areas(self) -> list[Section]:
        """What benefits of the partner's tier add to the portal, after all that every partner has."""
        if not self.actor.may(P.TIER_VIEW):
            return []
        found = [area.benefit for area in areas_of(self.actor.partner_id, clock.day(self.at))]
        return [Section(b.code, b.name, f"/portal/tier/areas/{b.code}/", "award", P.TIER_VIEW) for b in found]

    @cached_property
    def is_onboarding(self) -> bool:
        return OnboardingPlan.objects.visible_to(self.actor).running().exists()

    def entry(self, section: Section, count: int = 0) -> dict[str, Any]:
        path = self.request.path
        is_root = section.url in ("/manage/", "/portal/")
        return {
            "key": section.key,
            "label": section.label,
            "url": section.url + section.opens,
            "icon": section.icon,
            "count": count,
            "active": path == section.url if is_root else path.startswith((section.url, *section.also)),
            "bottom": section.bottom,
        }

    def person(self, account_url: str, role_label: Any) -> dict[str, Any]:
        user = self.request.user
        return {
            "name": user.get_full_name(),  # type: ignore[union-attr]
            "initials": user.initials,  # type: ignore[union-attr]
            "email": user.email,  # type: ignore[union-attr]
            "role_label": role_label,
            "account_url": account_url,
            "links": [] if self.actor.is_vendor else [self.entry(s) for s in self.open_to_me((TEAM,))],
            "memberships": self.memberships(),
        }

    def memberships(self) -> list[dict[str, Any]]:
        """Where this person may go: each of its partners' portals."""
        if self.actor.is_vendor or self.actor.viewing_as:
            return []
        own = Membership.objects.current().filter(user=self.actor.user_id, partner__isnull=False)
        rows = own.exclude(partner__state="terminated").select_related("partner").order_by("partner__name")
        return [
            {
                "name": row.partner.name,
                "url": f"/portal/switch/{row.partner_id}/",
                "active": row.partner_id == self.actor.partner_id,
            }
            for row in rows
        ]

    def view_as(self) -> dict[str, Any] | None:
        view = getattr(self.request, "portal_view", None)
        return view and {"name": view.partner.name, "ends_at": view.ends_at, "stop_url": "/stop-viewing/"}


def recent(partner: Partner) -> dict[str, Any]:
    return {
        "id": partner.pk,
        "name": partner.name,
        "url": partner.get_absolute_url(),
        "monogram": monogram(partner.name),
        "tone": tone_for_id(partner.pk),
    }


def clock_text() -> str:
    """This instant in the reader's zone: Tue 24 Nov 2026, 10:31 ET."""
    local = timezone.localtime(clock.now())
    return f"{format_date(local, 'D j M Y, H:i')} {zone_word(local)}"


def surroundings(request: HttpRequest) -> Surroundings:
    """Those of this request; its page and its frame share them."""
    if not hasattr(request, "_surroundings"):
        request._surroundings = Surroundings(request)  # type: ignore[attr-defined]
    found: Surroundings = request._surroundings  # type: ignore[attr-defined]
    return found


@provide
def navigation(request: HttpRequest) -> dict[str, Any]:
    if not request.path.startswith(("/manage/", "/portal/")):
        return {}
    around = surroundings(request)
    return around.workspace() if around.actor.is_vendor else around.portal()
