"""Which markets each person of the vendor looks after."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Permission as P
from catalog import actions
from catalog.models import Market, Region
from core.forms import BaseForm, RecordsField
from core.list_page import ListPage
from core.pages import MovePage
from core.tables import Column

COLLEAGUES = (
    User.objects.of_vendor()
    .filter(is_active=True)
    .select_related("region")
    .prefetch_related("region__markets")
)


def markets_of(user: User) -> str:
    return ", ".join(market.name for market in user.region.markets.all()) if hasattr(user, "region") else ""


class RegionList(ListPage):
    """The vendor's people with their markets."""

    name = "regions"
    permission = P.WORKSPACE_VIEW
    title = gettext_lazy("Regions")
    subtitle = gettext_lazy(
        "Which markets everybody looks after. It decides what is shown first, not what may be seen."
    )
    queryset = COLLEAGUES
    default_sort = "name"
    columns: ClassVar[list[Column]] = [
        Column("name", gettext_lazy("Person"), lambda u: {"name": u.name}, cell="name", sort="name",
               export=lambda u: u.name),
        Column("markets", gettext_lazy("Markets"), lambda u: markets_of(u) or _("none yet"), export=markets_of),
    ]  # fmt: skip
    empty: ClassVar[dict[str, Any]] = {
        "icon": "world",
        "title": gettext_lazy("No people yet"),
        "text": gettext_lazy("Invite colleagues first."),
    }

    def row_url(self, row: User) -> str:
        return f"/manage/regions/{row.pk}/" if self.actor.may(P.PARTNER_ASSIGN) else ""


class RegionForm(BaseForm):
    """The markets of one person."""

    markets = RecordsField(
        label=gettext_lazy("Markets"), queryset=Market.objects.active(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class AssignRegion(MovePage):
    """Say which markets one person looks after."""

    permission = P.PARTNER_ASSIGN
    queryset = COLLEAGUES
    form_class = RegionForm
    title = gettext_lazy("Which markets?")
    submit_label = gettext_lazy("Save the region")
    done_message = gettext_lazy("The region is saved.")

    def initial(self) -> dict[str, Any]:
        region = Region.objects.filter(user=self.record).first()
        return {"markets": list(region.markets.values_list("pk", flat=True)) if region else []}

    def context(self, **more: Any) -> dict[str, Any]:
        crumbs = [{"label": _("Regions"), "url": "/manage/regions/"}, {"label": self.record.name}]
        return super().context(**{"subtitle": self.record.name, "crumbs": crumbs, **more})

    def perform_on(self, record: User, data: dict[str, Any]) -> Region:
        return actions.assign_region(by=self.actor, user=record, markets=list(data["markets"]), at=self.at)

    def done_url(self, result: Any) -> str:
        return "/manage/regions/"
