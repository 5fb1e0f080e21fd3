"""Who has a part in the won deals: mostly whoever registered it, now and then others too, once corrected later."""

from datetime import datetime

from deals.actions.credits import set_credit
from deals.credit import FULFILLED, IMPLEMENTED, INFLUENCED, SOURCED, Share
from deals.models import Deal
from partners.models import Partner
from prm.demo import plot
from prm.demo.stage import Stage

# Who helps others is of the highest tier: its own is not touched by what it is given.
HELPERS = sorted(plot.PLATINUM - {plot.SHOWN})
INTRODUCED = "Introduced the chief information officer in the first meeting"
WORKED = "Wrote the interface to the hospital's records"
SPOKE = "Joined the customer's reference visit"


def share(stage: Stage, at: datetime, deal: Deal) -> None:
    """Before the booking: every fifth deal has others in it."""
    turn = int(deal.number.partition("-")[2])
    helper = _helper(deal, turn)
    if turn % 5 or helper is None or deal.partner.name in plot.EDGES:
        return
    own, kind = deal.partner_id, turn // 5 % 4
    shares = {
        0: [Share(own, SOURCED, 100), Share(own, FULFILLED, 100), Share(helper.pk, IMPLEMENTED, 100, WORKED)],
        1: [Share(own, SOURCED, 100), Share(own, FULFILLED, 100), Share(None, INFLUENCED, 100, SPOKE)],
        2: [Share(own, SOURCED, 60, is_primary=True), Share(helper.pk, SOURCED, 40, INTRODUCED),
            Share(own, FULFILLED, 100)],
        3: [Share(None, SOURCED, 100, "Came from our own booth at the congress"), Share(own, FULFILLED, 100),
            Share(own, IMPLEMENTED, 50), Share(helper.pk, IMPLEMENTED, 50, WORKED)],
    }[kind]  # fmt: skip
    by = stage.colleague("Dirk Boone")
    set_credit(by=by, deal=deal, credits=shares, reason="agreed", at=at)


def correct(stage: Stage, at: datetime, deal: Deal) -> None:
    """After the booking, with its day: another partner has shown that it introduced the customer."""
    helper = _helper(deal, 0)
    if helper is None:
        return
    shares = [Share(deal.partner_id, SOURCED, 75, is_primary=True), Share(helper.pk, SOURCED, 25, INTRODUCED),
              Share(deal.partner_id, FULFILLED, 100)]  # fmt: skip
    comment = "The mail of the first introduction was found after the booking."
    set_credit(
        by=stage.colleague("Dirk Boone"), deal=deal, credits=shares, reason="evidence", comment=comment, at=at
    )


def _helper(deal: Deal, turn: int) -> Partner | None:
    """Another active partner that helps; None while there is none yet."""
    found = (
        Partner.objects.filter(name__in=HELPERS, state="active").exclude(pk=deal.partner_id).order_by("name")
    )
    known = list(found)
    return known[turn % len(known)] if known else None
