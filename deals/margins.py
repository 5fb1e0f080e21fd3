"""The margin of a deal: what the partner's tier gives for its products, or what was decided for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from deals.models import Deal
from partners.models import Partner
from tiers.margins import Margin, margin_of


def margin_of_deal(deal: Deal, on: date) -> Margin | None:
    """The margin of a registration on a day; None where nothing gives one, or nobody registered it."""
    if deal.partner is None:
        return None
    return margin_of(deal.partner, on, products_of(deal), deal.pk)


def products_of(deal: Deal) -> tuple[str, ...]:
    """The products by code: they say which program prices the deal."""
    return tuple(deal.products.values_list("code", flat=True))


def told(margin: Margin | None) -> dict[str, Any]:
    """A margin in words: the figure, and why."""
    if margin is None:
        nothing = _(
            "You are in no tier that gives a margin, and none was agreed; ask your contact before you quote."
        )
        return {"words": _("none"), "why": nothing}
    return {"words": margin.words, "why": margin.why}


def at_registration(partner: Partner, on: date) -> dict[str, Any]:
    """What a partner is told of its margin before it registers."""
    return told(margin_of(partner, on))
