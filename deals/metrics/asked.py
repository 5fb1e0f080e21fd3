"""What a number of deals is asked for: whose, of which day, in which window and market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalog.models import Market
from catalog.querysets import setting
from deals.models import Deal
from metrics import windows
from metrics.registry import Parameter
from metrics.scopes import MARKET, PARTNER
from partners.models import Partner

FISCAL_YEAR = Parameter(
    _lazy("First month of the fiscal year"),
    lambda: setting("metric.fiscal_year_first_month"),
    _lazy("For the window of the fiscal year."),
)


@dataclass(frozen=True)
class Asked:
    """One partner's figure: `countries` are those of its market where only they count, else None."""

    as_of: date
    window: str
    activated_on: date | None
    countries: frozenset[str] | None = None

    @classmethod
    def by(
        cls,
        partner_id: UUID,
        as_of: date,
        window: str = "",
        scope: str = PARTNER,
        usual: str = windows.TRAILING,
    ) -> Asked:
        partner = Partner.objects.select_related("market").get(pk=partner_id)
        market = partner.market.countries if partner.market else []
        countries = frozenset(market) if scope == MARKET else None
        return cls(as_of, window or usual, partner.activated_on, countries)

    @property
    def is_open(self) -> bool:
        """Whether the window is there at all: a partner that is not enrolled has no enrolment year."""
        enrolled = self.activated_on is not None and self.activated_on <= self.as_of
        return self.window != windows.ENROLMENT or enrolled

    @property
    def starts_after(self) -> date | None:
        return windows.starts_after(self.window, self.as_of, self.activated_on) if self.is_open else None

    def why_out(self, on: date | None, deal: Deal) -> str:
        """Why something of a deal and a day does not count; "" where it does."""
        if why := windows.why_out(self.window, on, self.as_of, self.activated_on):
            return why
        if self.countries is not None and str(deal.customer_country) not in self.countries:
            return _("Outside of the partner's market.")
        return ""

    def leaves_on(self, on: date) -> date | None:
        return windows.leaves_on(self.window, on, self.activated_on)


def own_market(deal: str = "", partner: str = "partner__") -> Q:
    """The deals whose customer's country lies in the partner's own market; `deal`, `partner`: the paths to them."""
    found = Q(pk__in=())
    for market in Market.objects.all():
        found |= Q(**{f"{partner}market": market.pk, f"{deal}customer_country__in": market.countries})
    return found
