"""Go-lives that customers accepted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalog.querysets import setting
from deals import rules
from deals.metrics.asked import FISCAL_YEAR, Asked, own_market
from deals.models import Implementation
from metrics.registry import Grouped, Metric, Parameter, Row, register, values_by
from metrics.scopes import MARKET, SCOPES
from metrics.windows import LIFETIME, OF_A_DAY, crosses, within


def select(as_of: date, window: str = "", scope: str = "partner") -> Grouped:
    """Accepted go-lives per partner in the window; a partner that never reported one has no row."""
    reported = Implementation.objects.filter(went_live_on__lte=as_of)
    if scope == MARKET:
        reported = reported.filter(own_market("deal__", "deal__partner__"))
    in_window = within(window or LIFETIME, as_of, "accepted_on", "deal__partner__activated_on")
    accepted = Count("pk", filter=Q(state=rules.ACCEPTED) & in_window)
    return Grouped(reported, "deal__partner_id", value=accepted, n_rows=accepted)


def implementation_rows(partner_id: UUID, as_of: date, window: str = "", scope: str = "partner") -> list[Row]:
    """Every go-live a partner reported, newest first, with why it does not count."""
    asked = Asked.by(partner_id, as_of, window, scope, usual=LIFETIME)
    reported = Implementation.objects.filter(deal__partner=partner_id).select_related("deal", "product")
    return [
        Row(
            label=f"{found.deal.customer_name}, {found.product.name}",
            on=found.accepted_on or found.went_live_on,
            value=1,
            url=found.get_absolute_url(),
            excluded=_why_not_accepted(found, asked),
            subject_id=found.pk,
        )
        for found in reported
    ]


def _why_not_accepted(found: Implementation, asked: Asked) -> str:
    if found.went_live_on > asked.as_of:
        return _("Went live later than the day asked about.")
    if found.state == rules.ACCEPTED:
        late = found.accepted_on is not None and found.accepted_on > asked.as_of
        return (
            _("Accepted later than the day asked about.")
            if late
            else asked.why_out(found.accepted_on, found.deal)
        )
    return {
        rules.REPORTED: _("Not accepted by the customer yet."),
        rules.DECLINED: _("The customer says that it is not right."),
        rules.WITHDRAWN: _("Taken back."),
    }[found.state]


def edges(after: date, until: date, window: str = "") -> Iterable[QuerySet]:
    """Whose accepted go-lives came into the window or left it; and who has a value at all since then."""
    found = Implementation.objects.order_by()
    moved = crosses(window or LIFETIME, after, until, "accepted_on", "deal__partner__activated_on")
    yield found.filter(moved).values("deal__partner")
    yield found.filter(went_live_on__gt=after, went_live_on__lte=until).values("deal__partner")


def next_change(partner_id: UUID, as_of: date, window: str = "") -> date | None:
    """The next day on which an accepted go-live leaves the window; None for "ever"."""
    asked = Asked.by(partner_id, as_of, window, usual=LIFETIME)
    accepted = Implementation.objects.accepted_by(as_of).filter(deal__partner=partner_id)
    if asked.starts_after is None:
        return None
    days = accepted.filter(accepted_on__gt=asked.starts_after).values_list("accepted_on", flat=True)
    oldest = days.order_by("accepted_on").first()
    return asked.leaves_on(oldest) if oldest else None


register(
    Metric(
        key="implementations",
        name=_lazy("Implementations"),
        unit="count",
        direction="higher",
        question=_lazy("How many customers went live with this partner?"),
        population=_lazy(
            "Go-lives that the customer or a signed acceptance confirmed, one per deal and product."
        ),
        window=_lazy("Ever, by the day of the acceptance."),
        values=values_by(select),
        select=select,
        edges=edges,
        rows=implementation_rows,
        next_change=next_change,
        windows=(LIFETIME, *(window for window in OF_A_DAY if window != LIFETIME)),
        is_additive=True,
        scopes=SCOPES,
        exclusions=_lazy(
            "Go-lives that nobody confirmed yet, that the customer declined, or that were taken back."
        ),
        parameters=(
            Parameter(
                _lazy("What counts as accepted"),
                _lazy("The customer’s named person, or a signed acceptance that one of us filed"),
                _lazy("A go-live is the customer’s word, not the partner’s."),
            ),
            Parameter(
                _lazy("Days to answer"),
                lambda: setting("implementation.confirm_days"),
                _lazy("After them a colleague follows up; nothing is accepted by itself."),
            ),
            FISCAL_YEAR,
        ),
    )
)
