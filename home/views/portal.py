"""The partner's home, the figures' Why?, and search."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Permission as P
from core.clock import day
from core.pages import Page
from home import facts
from home.portal_page import PortalHome
from home.views.workspace import Panel, Search
from partners.models import Partner


def own_home(page: Page) -> PortalHome:
    """The home of the partner that the actor acts for."""
    partner = Partner.objects.select_related("psm").visible_to(page.actor).get()
    user = User.objects.get(pk=page.actor.user_id)
    return PortalHome(partner, user, page.actor, page.at)


class Home(Page):
    """What do I earn, what is coming, what ends, what should I do next."""

    side = "portal"
    permission = P.PORTAL_VIEW
    template_name = "home/portal/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        home = own_home(self)
        return self.answer(**{"title": home.partner.name, "actions": self.moves(home), **home.context()})

    def moves(self, home: PortalHome) -> list[dict[str, Any]]:
        if not self.actor.may(P.DEAL_REGISTER):
            return []
        label, url = _("Register a deal"), "/portal/deals/new/"
        if home.partner.is_active:
            return [{"label": label, "url": url, "icon": "plus", "primary": True}]
        return [{"label": label, "closed_because": _("Deals are registered once onboarding is complete.")}]


class WhyEarned(Panel, Page):
    """The bookings behind what the partner earned this quarter."""

    side = "portal"
    permission = P.DEAL_VIEW
    template_name = "home/why.html"
    title = gettext_lazy("Earned")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        return self.answer(why=own_home(self).why_earned())


class WhyMetric(Panel, Page):
    """The rows behind one of the partner's own numbers."""

    side = "portal"
    permission = P.TIER_VIEW
    template_name = "home/why.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        partner = Partner.objects.visible_to(self.actor).get()
        why = facts.why(kwargs["key"], partner, day(self.at), actor=self.actor, portal=True)
        return self.answer(why=why, title=why["title"])


class PortalSearch(Search):
    """Deals, customers and people that match, among what the partner may know."""

    side = "portal"
    permission = P.PORTAL_VIEW
