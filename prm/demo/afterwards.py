"""What follows an approval in the demo: a change, a registration that passes on, a deal that is reopened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from accounts.models import Membership
from catalog.models import Product
from deals.actions.amendments import accept_amendment, request_amendment
from deals.actions.extensions import request_extension
from deals.actions.reopening import reopen_deal
from deals.actions.transfers import carry_out_transfer, give_consent, propose_transfer, request_transfer
from deals.models import Deal, Transfer
from partners.models import Partner
from prm.demo import plot
from prm.demo.stage import Stage

if TYPE_CHECKING:
    from prm.demo.deals import Script

# By outcome: after how many days what happens.
STEPS: dict[str, tuple[int, Any]] = {}


def plan(stage: Stage, at: datetime, script: Script) -> None:
    """Put on the calendar what follows this approval, if anything does."""
    if found := STEPS.get(script.outcome):
        days, what = found
        stage.at(at + timedelta(days=days, hours=2), what, script)


def _approved(script: Script) -> Deal | None:
    deal = (
        Deal.objects.select_related("partner__psm").filter(pk=script.deal.pk).first() if script.deal else None
    )
    return deal if deal and deal.state == "approved" and deal.partner.state == "active" else None


def _seller(stage: Stage, deal: Deal, script: Script) -> Any:
    return stage.actor_of(script.role.seller, deal.partner)


def _admin(stage: Stage, partner: Partner) -> Any:
    current = (
        Membership.objects.current().filter(partner=partner, role="partner_admin").select_related("user")
    )
    return stage.actor_of(current.order_by("pk")[0].user, partner)


def amend(stage: Stage, at: datetime, script: Script) -> None:
    """The customer wants one product more, and decides later; some wait for the answer."""
    deal = _approved(script)
    if deal is None or deal.expected_close_on is None:
        return
    has = list(deal.products.order_by("position"))
    more = Product.objects.exclude(pk__in=[product.pk for product in has]).order_by("position")[:1]
    change = request_amendment(
        by=_seller(stage, deal, script), deal=deal, products=[*has, *more], at=at,
        expected_close_on=deal.expected_close_on + timedelta(days=30),
        reason="The CIO wants to start with one module more; their board meets a month later.",
    )  # fmt: skip
    if script.outcome == "amended":
        comment = "Good news; the added product is protected to the same day."
        accept_amendment(
            by=stage.colleague("Dirk Boone"), amendment=change, comment=comment, at=at + timedelta(hours=5)
        )


def hand_on(stage: Stage, at: datetime, script: Script) -> None:
    """The seller asks, the deal desk proposes a partner of the same country, and both admins agree as the plot says."""
    deal = _approved(script)
    receiver = _receiver(deal) if deal else None
    if deal is None or receiver is None:
        return
    request_transfer(
        by=_seller(stage, deal, script), deal=deal, wish="Whoever looks after that region for you", at=at,
        reason="Our people there have left; we do not want to leave the customer alone.",
    )  # fmt: skip
    if script.outcome == "transfer_wished":
        return
    comment = "You know each other from the spring campaign."
    transfer = propose_transfer(
        by=stage.colleague("Dirk Boone"),
        deal=deal,
        receiver=receiver,
        comment=comment,
        at=at + timedelta(hours=4),
    )
    if script.outcome != "transfer_asked":
        stage.at(at + timedelta(days=1), agree, script, transfer)


def _receiver(deal: Deal) -> Partner | None:
    others = Partner.objects.filter(state="active", country=deal.partner.country).exclude(pk=deal.partner_id)
    return others.order_by("name").first()


def agree(stage: Stage, at: datetime, script: Script, transfer: Transfer) -> None:
    for turn in range(2):
        consent = transfer.consents.filter(state="requested").select_related("partner").first()
        if consent is None or consent.partner.state != "active":
            return
        give_consent(by=_admin(stage, consent.partner), consent=consent, at=at + timedelta(hours=turn))
    if script.outcome == "transfer_done":
        carry_out_transfer(by=stage.colleague("Dirk Boone"), transfer=transfer, at=at + timedelta(hours=3))


def reopen(stage: Stage, at: datetime, script: Script) -> None:
    """A loss that was none."""
    deal = Deal.objects.select_related("partner").filter(pk=script.deal.pk).first() if script.deal else None
    if deal and deal.state == "lost" and deal.partner.state == "active":
        comment = "Their new CFO has taken the project up again."
        by = stage.colleague("Dirk Boone")
        reopen_deal(by=by, deal=deal, reason="customer_came_back", comment=comment, at=at)


def ask_for_time(stage: Stage, at: datetime) -> None:
    """Two partners whose protections end soon ask for more time on the last morning: nobody has answered yet."""
    soon = Deal.objects.approved().filter(protected_until__gt=stage.as_of + timedelta(days=10))
    others = soon.filter(partner__state="active").exclude(partner__name=plot.SHOWN).select_related("partner")
    first: dict[Any, Deal] = {}
    for deal in others.order_by("protected_until", "pk"):
        first.setdefault(deal.partner_id, deal)
    for deal in list(first.values())[:2]:
        request_extension(
            by=_admin(stage, deal.partner), deal=deal, activity_on=deal.day_of(at) - timedelta(days=6), at=at,
            evidence="The board has seen the demonstration; their IT asks for six weeks more to test it.",
        )  # fmt: skip


STEPS |= {
    "amend_waits": (2, amend),
    "amended": (3, amend),
    "transfer_wished": (2, hand_on),
    "transfer_asked": (2, hand_on),
    "transfer_agreed": (2, hand_on),
    "transfer_done": (5, hand_on),
}
