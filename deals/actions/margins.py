"""A decision about the margin of one deal."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict
from deals import rules
from deals.margins import products_of
from deals.models import Deal
from tiers.actions import decide_margin
from tiers.models import MarginDecision


def decide_deal_margin(
    *, by: Actor, deal: Deal, percent: Decimal, reason: str, at: datetime, ends_on: date | None = None
) -> MarginDecision:
    """The partner of this deal gets another margin on it than on others.

    Within the band of the tier that prices its products, or outside of it by whoever decides on tiers. Raises Conflict
    (it is neither open nor won, or nobody registered it), ValidationError as `decide_margin`.
    """
    if deal.partner is None or deal.state not in rules.PRICED:
        raise Conflict(_("A margin is decided on a registration that is open or won."), code="closed_move")
    return decide_margin(
        by=by,
        partner=deal.partner,
        percent=percent,
        reason=reason,
        ends_on=ends_on,
        deal_id=deal.pk,
        products=products_of(deal),
        at=at,
    )
