"""The list of organizations, and all about one of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.list_page import ListPage
from core.pages import Link, RecordPage
from core.tables import Column
from deals.models import Deal, Protection
from home.organization_page import OrganizationPage
from partners.filters import OrganizationFilters
from partners.models import Organization


class OrganizationList(ListPage):
    """Every company and customer that is known here."""

    name = "organizations"
    permission = P.PARTNER_VIEW
    title = gettext_lazy("Organizations")
    queryset = Organization.by_every_name.select_related("parent", "root", "partner", "merged_into")
    filterset_class = OrganizationFilters
    default_sort = "name"
    columns: ClassVar[list[Column]] = [
        Column("name", gettext_lazy("Organization"), lambda o: {"name": o.name, "tag": str(o.country)}, cell="name",
               sort="name", export=lambda o: o.name),
        Column("kind", gettext_lazy("Kind"), lambda o: o.get_kind_display(), sort="kind"),
        Column("part_of", gettext_lazy("Part of"), lambda o: _part_of(o), cell="link",
               export=lambda o: o.parent.name if o.parent else ""),
        Column("city", gettext_lazy("City"), "city"),
        Column("deals", gettext_lazy("Open deals"), lambda o: getattr(o, "n_open", 0), cell="number", align="right"),
        Column("protected", gettext_lazy("Protected until"), lambda o: _until(o), cell="date", align="right",
               export=lambda o: getattr(o, "protected_until", None)),
        Column("root", gettext_lazy("Top of the tree"), "root.name", optional=True),
        Column("public", gettext_lazy("Public body"), lambda o: _("yes") if o.is_public_body else "", optional=True),
        Column("merged", gettext_lazy("Merged into"), "merged_into.name", optional=True),
        Column("legal_name", gettext_lazy("Legal name"), optional=True),
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("all", gettext_lazy("All"), ""),
        ("systems", gettext_lazy("Health systems"), "is_top=true"),
        ("customers", gettext_lazy("Customers"), "is_healthcare_provider=true"),
        ("partners", gettext_lazy("Partners"), "is_partner=true"),
        ("prospects", gettext_lazy("Prospects"), "is_prospect=true"),
        ("merged", gettext_lazy("Merged"), "is_merged=true"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "building-hospital",
        "title": gettext_lazy("No organizations yet"),
        "text": gettext_lazy(
            "Partners' companies and their customers appear here, in the trees that they form."
        ),
        "action": {"label": gettext_lazy("Add an organization"), "url": "/manage/organizations/new/"},
    }

    def complete(self, rows: list[Organization]) -> None:
        """Give the rows what is registered and protected there, as far as I may see it: one query each."""
        ids = [row.pk for row in rows]
        deals = Deal.objects.visible_to(self.actor).open().filter(organization__in=ids).order_by()
        n_open = dict(deals.values("organization").annotate(n=Count("pk")).values_list("organization", "n"))
        running = Protection.objects.visible_to(self.actor).running().filter(organization__in=ids)
        until = dict(running.order_by("until").values_list("organization", "until"))
        for row in rows:
            row.n_open = n_open.get(row.pk, 0)  # type: ignore[attr-defined]
            row.protected_until = until.get(row.pk)  # type: ignore[attr-defined]

    def row_url(self, row: Organization) -> str:
        return row.get_absolute_url()

    def actions(self) -> list[Link]:
        if not self.actor.may(P.ORGANIZATION_EDIT):
            return []
        return [Link(_("Add an organization"), "/manage/organizations/new/", "plus", primary=True)]


def _part_of(organization: Organization) -> dict[str, Any] | None:
    parent = organization.parent
    return {"value": parent.name, "url": parent.get_absolute_url()} if parent else None


def _until(organization: Organization) -> dict[str, Any]:
    return {"value": getattr(organization, "protected_until", None), "empty": _("none")}


class OrganizationRecord(RecordPage):
    """One organization: where it stands, by what it is known, what is registered there."""

    permission = P.PARTNER_VIEW
    queryset = Organization.objects.select_related("parent", "merged_into")
    template_name = "home/workspace/organization.html"

    def facts(self, record: Organization) -> dict[str, Any]:
        return OrganizationPage(record, self.actor, self.at).facts()
