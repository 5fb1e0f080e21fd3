"""The figures of deals: how registrations fare and the four views of revenue, each with the rows behind it."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from catalog.querysets import setting
from core import charts
from core.actors import Reach
from core.clock import day
from core.pages import Page
from core.templatetags.ui import day as say_day
from core.templatetags.ui import money_short, number
from deals import credit
from deals.metrics import registrations, revenue
from deals.models import Deal
from deals.views.pipeline import ways
from metrics import registry
from metrics.words import words_in
from partners.models import Partner

MOST_ROWS = 200
# What a partner reads: its own deals, and the vendor's speed.
OF_VENDOR = ("deal_decision_time", "deal_decisions_in_time", "deal_approval_rate")
OF_PARTNER = ("deal_conversion", "deal_registration_rate", "deal_slippage", "quiet_deals", "expiring_protections",
              "protected_days_used")  # fmt: skip


def in_words(metric: registry.Metric, value: int | None) -> str:
    if value is None:
        return _("no data")
    return words_in(metric.unit, value) or number(value)


class OfDeals(Page):
    """What the pages of figures share."""

    permission = P.DEAL_VIEW
    title = gettext_lazy("Deals")
    request: HttpRequest

    @property
    def on(self) -> date:
        return day(self.at)

    def kept(self, without: set[str]) -> str:
        """Figures are of all deals: no filters are taken along."""
        return ""

    def partners(self) -> Any:
        return Partner.objects.visible_to(self.actor)

    @cached_property
    def ids(self) -> list[UUID] | None:
        """The partners that the figures are about; None for all."""
        return None if self.actor.reach is Reach.ALL else list(self.partners().values_list("pk", flat=True))

    def figure(self, key: str) -> dict[str, Any]:
        metric = registry.get(key)
        assert metric.whole is not None
        found = metric.whole(self.on, self.ids)
        return {
            "key": key,
            "name": metric.name,
            "value": in_words(metric, found.value),
            "has_data": found.value is not None,
            "question": metric.question,
            "n": found.n_rows,
            "why_url": self.why_url(key),
            "promise": self.promise(key),
        }

    def promise(self, key: str) -> str:
        if key != "deal_decision_time":
            return ""
        return _("promised: %(n)s") % {"n": setting("deal.decide_business_days")}

    def why_url(self, key: str) -> str:
        return f"/portal/why/{key}/" if self.side == "portal" else f"/manage/deals/figures/{key}/"


class Figures(OfDeals):
    """All figures at a glance, each with its Why?."""

    template_name = "deals/figures.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        groups = (
            [
                {"title": _("How fast we answer you"), "figures": [self.figure(key) for key in OF_VENDOR]},
                {"title": _("Your pipeline"), "figures": [self.figure(key) for key in OF_PARTNER]},
            ]
            if self.side == "portal"
            else [
                {"title": _("How registrations fare"), "figures": [self.figure(k) for k in registrations.SHOWN[:6]]},
                {"title": _("What needs a look"), "figures": [self.figure(k) for k in registrations.SHOWN[6:]]},
            ]
        )  # fmt: skip
        return self.answer(ways=ways(self, "figures"), groups=groups, lenses=self.lenses(), on=self.on)

    def lenses(self) -> list[dict[str, Any]]:
        if self.side == "portal":
            return self.own_lenses()
        return [self.lens(found) for found in revenue.lenses(self.on, Deal.objects.visible_to(self.actor))]

    def lens(self, found: revenue.Lens) -> dict[str, Any]:
        parts = [
            charts.Part(_("partners"), float(found.partners.minor), money_short(found.partners), "step-1"),
            charts.Part(_("our own team"), float(found.direct.minor), money_short(found.direct), "step-3"),
            charts.Part(_("nobody"), float(found.nobody.minor), money_short(found.nobody), "step-5"),
        ]
        shown = [part for part in parts if part.value > 0]
        return {
            "name": credit.FAMILY_WORDS[found.family],
            "definition": credit.DEFINITIONS[found.family],
            "value": money_short(found.partners),
            "n": found.n_partners,
            "booked": money_short(found.booked),
            "bar": charts.stacked_bar(shown, title=str(credit.FAMILY_WORDS[found.family])) if shown else "",
            "legend": [{"label": p.label, "note": p.note, "tone": p.tone} for p in shown],
            "why_url": self.why_url(found.key),
        }

    def own_lenses(self) -> list[dict[str, Any]]:
        """A partner's own revenue in each role."""
        partner = self.partners().get(pk=self.actor.partner_id)
        found = []
        for family in credit.FAMILIES:
            metric = registry.get(f"{family}_revenue")
            value = next((v.value for v in metric.values(self.on, [partner.pk])), None)
            words = _("none") if value is None else money_short((value, revenue.Vendor.current().currency))
            found.append(
                {"name": credit.FAMILY_WORDS[family], "definition": credit.DEFINITIONS[family], "value": words,
                 "why_url": self.why_url(metric.key)}
            )  # fmt: skip
        return found


class Figure(OfDeals):
    """One figure: what it means, and its value per partner, each with its rows."""

    template_name = "deals/workspace/figure.html"
    shown: ClassVar[tuple[str, ...]] = (
        *registrations.SHOWN, "annual_revenue", *(f"{family}_revenue" for family in credit.FAMILIES),
    )  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = kwargs["key"]
        if key not in self.shown:
            raise Http404
        self.permit()
        metric = registry.get(key)
        values = {v.partner_id: v for v in metric.values(self.on, self.ids)}
        partners = self.partners().filter(pk__in=list(values)).order_by("name")
        rows = [self.row(partner, metric, values[partner.pk]) for partner in partners]
        rows.sort(key=lambda row: (row["sort"] is None, row["sort"]), reverse=metric.direction == "lower")
        return self.answer(
            title=metric.name,
            crumbs=[
                {"label": _("Deals"), "url": "/manage/deals/"},
                {"label": _("Figures"), "url": "/manage/deals/figures/"},
                {"label": metric.name},
            ],
            metric=metric,
            whole=self.figure(key) if metric.whole else None,
            rows=rows[:MOST_ROWS],
            as_of=say_day(self.on),
        )

    def row(self, partner: Partner, metric: registry.Metric, value: registry.Value) -> dict[str, Any]:
        words = in_words(metric, value.value)
        if metric.unit == "money" and value.value is not None:
            words = money_short((value.value, revenue.Vendor.current().currency))
        return {
            "name": partner.name,
            "value": words,
            "n": value.n_rows,
            "sort": value.value,
            "why_url": f"/manage/partners/{partner.pk}/why/{metric.key}/",
        }
