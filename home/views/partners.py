"""The list of partners, and all about one of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.clock import day
from core.list_page import ListPage
from core.models import Vendor
from core.money import Money
from core.pages import RecordPage
from core.tables import Column
from home import facts
from home.navigation import surroundings
from home.partner_page import PartnerPage
from home.tiers import TierLooks
from home.views.workspace import Panel
from partners.filters import PartnerFilters
from partners.models import Partner


class PartnerList(ListPage):
    """All partners that I may see."""

    name = "partners"
    permission = P.PARTNER_VIEW
    title = gettext_lazy("Partners")
    queryset = Partner.objects.select_related("psm", "market").with_category().with_activity()
    filterset_class = PartnerFilters
    default_sort = "name"
    columns: ClassVar[list[Column]] = [
        Column("name", gettext_lazy("Partner"), lambda p: _named(p), cell="name", sort="name",
               export=lambda p: p.name),
        Column("tier", gettext_lazy("Tier"), lambda p: p.tier_look, cell="tier", sort="tier_rank",
               export=lambda p: p.tier_name),
        Column("state", gettext_lazy("State"), "state", cell="state"),
        Column("category", gettext_lazy("Category"), "category_name"),
        Column("market", gettext_lazy("Market"), "market.name", optional=True),
        Column("psm", gettext_lazy("Manager"), lambda p: p.psm and {"name": p.psm.name, "id": p.psm_id}, cell="person",
               export=lambda p: p.psm.name if p.psm else ""),
        Column("revenue", gettext_lazy("Revenue, 12 months"), "revenue", cell="money", align="right"),
        Column("acted", gettext_lazy("Last seen"), lambda p: {"value": p.acted_at, "empty": _("never")}, cell="date",
               align="right",
               export=lambda p: p.acted_at and p.acted_at.date()),
        Column("joined_on", gettext_lazy("Partner since"), "joined_on", cell="date", align="right", sort="joined_on",
               optional=True),
        Column("country", gettext_lazy("Country"), "country.name", sort="country", optional=True),
    ]  # fmt: skip
    empty: ClassVar[dict[str, Any]] = {
        "icon": "building-community",
        "title": gettext_lazy("No partners yet"),
        "text": gettext_lazy("A company becomes a partner when its application is approved."),
        "action": {"label": gettext_lazy("See applications"), "url": "/manage/applications/"},
    }

    @property
    def views(self) -> list[tuple[str, Any, str]]:  # type: ignore[override]
        mine = (
            [("mine", _("Mine"), f"psm={self.actor.user_id}")]
            if surroundings(self.request).own_partners
            else []
        )
        return [
            ("all", _("All"), ""),
            *mine,
            ("active", _("Active"), "state=active"),
            ("onboarding", _("Onboarding"), "state=onboarding"),
            ("no_tier", _("Not yet in a tier"), "tier=none&state=active"),
            ("suspended", _("Suspended"), "state=suspended"),
        ]

    def complete(self, partners: list[Partner]) -> None:
        """Give the rows their tier's look and their revenue, in one query each."""
        looks, currency = TierLooks(), Vendor.current().currency
        revenue = facts.values_of("annual_revenue", [p.pk for p in partners], day(self.at))
        for partner in partners:
            value = revenue.get(partner.pk)
            partner.tier_look = looks.of(partner)  # type: ignore[attr-defined]
            partner.revenue = None if value is None else Money(value, currency)  # type: ignore[attr-defined]

    def row_url(self, row: Partner) -> str:
        return row.get_absolute_url()


def _named(partner: Partner) -> dict[str, Any]:
    return {"name": partner.name, "tag": str(partner.country), "monogram_id": partner.pk}


class PartnerRecord(RecordPage):
    """One partner: what it does, what is due, whether it is safe, what happened."""

    permission = P.PARTNER_VIEW
    queryset = Partner.objects.select_related("psm", "market").with_category()
    tab: str = "overview"
    template_name = "home/workspace/partner.html"

    def facts(self, record: Partner) -> dict[str, Any]:
        page = PartnerPage(record, self.actor, self.at, cursor=self.request.GET.get("cursor", ""))
        read = {
            "overview": page.overview, "deals": page.deals, "people": page.people_tab, "compliance": page.compliance,
            "onboarding": page.onboarding, "reviews": page.reviews_tab, "documents": page.documents_tab,
            "timeline": page.timeline_tab,
        }[self.tab]  # fmt: skip
        return {"tab": self.tab, "empty": EMPTY.get(self.tab), **page.header(self.tab), **read()}


EMPTY = {
    "deals": {
        "icon": "briefcase",
        "title": gettext_lazy("No deals yet"),
        "text": gettext_lazy("What this partner registers appears here with its protection."),
    },
    "people": {
        "icon": "users",
        "title": gettext_lazy("Nobody is known here yet"),
        "text": gettext_lazy("People who join the portal, and those who are recorded, appear here."),
    },
    "onboarding": {
        "icon": "checklist",
        "title": gettext_lazy("No onboarding plan"),
        "text": gettext_lazy("A plan starts when an application is approved."),
    },
    "reviews": {
        "icon": "calendar-event",
        "title": gettext_lazy("No reviews yet"),
        "text": gettext_lazy(
            "A tier with the review benefit brings one each quarter; any partner may be invited."
        ),
    },
    "documents": {
        "icon": "paperclip",
        "title": gettext_lazy("No documents yet"),
        "text": gettext_lazy("Files that are added to deals, gates and reviews appear here."),
    },
}


class WhyMetric(Panel, RecordPage):
    """The rows behind one of a partner's numbers."""

    permission = P.PARTNER_VIEW
    queryset = Partner.objects
    template_name = "home/why.html"

    def facts(self, record: Partner) -> dict[str, Any]:
        why = facts.why(self.kwargs["key"], record, day(self.at), actor=self.actor)
        crumbs = [{"label": record.name, "url": record.get_absolute_url()}, {"label": why["title"]}]
        return {"why": why, "title": why["title"], "crumbs": crumbs}
