"""Transfers: a protection passes from its holder to another partner, with both consents and the vendor's last word.

The holder is asked first; only when it agrees is the receiver told of the registration and by whom. Of the receiver the
holder learns the name, when the vendor proposes it, and nothing else; of the holder's registration the receiver reads
the customer, the products and the last day, and takes over what `rules.PASSED_ON` names.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import setting
from core.actors import SYSTEM, Actor
from core.errors import Conflict
from core.models import next_number
from core.saving import lock, save
from deals import rules
from deals.actions.credits import hand_credit_over
from deals.actions.decisions import case_in_the_way, require_no_case
from deals.actions.moves import _move
from deals.actions.protections import lapse, lock_claim, require_pause, require_room
from deals.models import Consent, Deal, Protection, Stage, Transfer
from deals.querysets import TransferQuerySet
from events.actions import record
from partners.actions import note_knowledge
from partners.models import Partner


@transaction.atomic
def request_transfer(*, by: Actor, deal: Deal, wish: str, reason: str, at: datetime) -> Transfer:
    """The holder asks that another partner takes its registration over; `wish` says in words to whom.

    The vendor's proposal is due as a first decision is. Raises ValidationError (wish, reason), Conflict (nothing to
    transfer, one is under way).
    """
    by.must(Permission.DEAL_EDIT, on=deal)
    if not wish.strip():
        raise ValidationError({"wish": _("Say who should take it over.")})
    transfer = _begin(by, deal, reason, at, wish=wish.strip())
    record("transfer.requested", transfer, by=by, at=at, partner=transfer.deal.partner)
    return transfer


@transaction.atomic
def propose_transfer(
    *, by: Actor, deal: Deal, receiver: Partner, at: datetime, reason: str = "", comment: str = ""
) -> Transfer:
    """The vendor names the receiver, of its own accord (with a reason) or because the holder has asked.

    The holder is asked for its consent; `comment` goes to both. Raises ValidationError (receiver, reason), Conflict
    (nothing to transfer, one is under way, a conflict case runs).
    """
    by.must(Permission.DEAL_DECIDE, on=deal)
    by.must(Permission.PARTNER_VIEW, on=receiver)
    require_no_case(deal)
    if receiver.pk == deal.partner_id or not receiver.is_active:
        raise ValidationError({"receiver": _("Choose another partner that is active.")})
    transfer = deal.transfers.filter(state=rules.REQUESTED).first() or _begin(by, deal, reason, at)
    facts = {"receiver": receiver, "comment": comment.strip()}
    transfer = _move_transfer(by, lock(transfer), "propose", at, **facts)
    _ask(by, transfer, rules.GIVING, transfer.deal.partner, at)
    return transfer


def _begin(by: Actor, deal: Deal, reason: str, at: datetime, wish: str = "") -> Transfer:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    deal = lock(deal)
    if why := why_not_transferred(deal, at):
        raise Conflict(why, code="closed_move")
    return save(
        Transfer(
            deal=deal,
            wish=wish,
            reason=reason.strip(),
            requested_by_id=by.user_id,
            due_at=_due(deal, at),
            created_at=at,
        )
    )


def why_not_transferred(deal: Deal, at: datetime) -> str:
    """Why no transfer can be begun now; "" where one can."""
    if deal.state != rules.APPROVED or deal.ends_at is None or deal.ends_at <= at:
        return _("Only an approved registration whose protection runs can be transferred.")
    if deal.transfers.open().exists():
        return _("A transfer of this registration is under way already.")
    return case_in_the_way(deal)


def _due(deal: Deal, at: datetime) -> datetime:
    days = setting("deal.decide_business_days")
    return rules.decision_due(at, days, str(deal.partner.country), deal.time_zone)


def _ask(by: Actor, transfer: Transfer, side: str, partner: Partner, at: datetime) -> None:
    consent = save(Consent(transfer=transfer, side=side, partner=partner, created_at=at))
    record("consent.asked", consent, by=by, at=at, partner=partner, data={"side": side})


@transaction.atomic
def give_consent(*, by: Actor, consent: Consent, at: datetime, comment: str = "") -> Consent:
    """A partner agrees. After the holder the receiver is asked; after both it is for the vendor to carry it out.

    What follows is recorded as nobody's deed: neither partner reads who at the other has answered.
    Raises Conflict (answered already, cancelled).
    """
    by.must(Permission.TRANSFER_ANSWER, on=consent)
    consent = _move_consent(by, lock_consent(consent), "give", at, comment)
    transfer = consent.transfer
    if consent.side == rules.GIVING:
        transfer = _move_transfer(SYSTEM, transfer, "offer", at)
        assert transfer.receiver is not None
        _ask(SYSTEM, transfer, rules.RECEIVING, transfer.receiver, at)
    else:
        _move_transfer(SYSTEM, transfer, "agree", at, due_at=_due(transfer.deal, at))
    return consent


@transaction.atomic
def decline_consent(*, by: Actor, consent: Consent, at: datetime, comment: str = "") -> Consent:
    """A partner does not agree, or takes its consent back before it is carried out. Raises Conflict (it is over)."""
    by.must(Permission.TRANSFER_ANSWER, on=consent)
    consent = _move_consent(by, lock_consent(consent), "decline", at, comment)
    _end(SYSTEM, consent.transfer, "decline", at)
    return consent


@transaction.atomic
def cancel_transfer(*, by: Actor, transfer: Transfer, at: datetime) -> Transfer:
    """The vendor gives it up, or the holder takes back what it asked for before the vendor has proposed anyone.

    Raises Conflict (it is over; the holder: decline the proposal instead).
    """
    by.must(Permission.DEAL_DECIDE if by.is_vendor else Permission.DEAL_EDIT, on=transfer)
    transfer = lock_transfer(transfer)
    if not by.is_vendor and transfer.state != rules.REQUESTED:
        raise Conflict(_("You were asked for your consent: decline it instead."), code="closed_move")
    return _end(by, transfer, "cancel", at)


@transaction.atomic
def carry_out_transfer(*, by: Actor, transfer: Transfer, at: datetime) -> Transfer:
    """Both agree: the registration, its protections and the days that are left pass over in this one transaction.

    Locks both partners and the customer's tree first, as approvals do; the protections never end in between, so that
    nobody gets in.
    What the holder has used up stays used: extensions are counted on. Nobody whose own protection on the claim has
    just ended gets a second one this way: a transfer keeps to the pause between two, as an approval does.
    Raises Conflict (not agreed, the protection has ended, a conflict case runs, the receiver is not active, has no room
    or was protected there until lately).
    """
    by.must(Permission.DEAL_DECIDE, on=transfer)
    lapse(lock_transfer(transfer).deal, at)
    transfer = lock_transfer(transfer)
    deal = transfer.deal
    rules.TRANSFER.after(transfer.state, "carry_out")
    rules.LIFECYCLE.after(deal.state, "transfer")
    require_no_case(deal)
    receiver = transfer.receiver
    assert receiver is not None and deal.organization is not None
    if not receiver.is_active:
        raise Conflict(_("The receiving partner is not active."), code="partner_not_active")
    taken = _taken_over(by, deal, receiver, at)
    facts = {"taken_over_by": taken, "decided_at": at, "decided_by_id": by.user_id}
    transfer = _move_transfer(by, transfer, "carry_out", at, **facts)
    data = {"until": taken.protected_until.isoformat() if taken.protected_until else ""}
    transfer.deal = _move(by, deal, "transfer", at, data, closed_at=at)
    note_knowledge(organization=deal.organization, partner=receiver, because="registered", at=at)
    return transfer


def lock_transfer(transfer: Transfer) -> Transfer:
    """The transfer, fresh, locked after both partners, in the order of their keys, and its registration.

    Raises Conflict where a receiver was named at the same moment.
    """
    parties = [transfer.deal.partner_id, *filter(None, [transfer.receiver_id])]
    for pk in sorted(parties):
        lock(Partner(pk=pk))
    deal, fresh = lock_claim(transfer.deal), lock(transfer)
    if fresh.receiver_id != transfer.receiver_id:
        words = _("Someone else changed this at the same moment. Please look again.")
        raise Conflict(words, code="lost_race")
    fresh.deal = deal
    return fresh


def lock_consent(consent: Consent) -> Consent:
    """The consent, fresh, locked after its transfer and all that comes before that."""
    transfer = lock_transfer(consent.transfer)
    consent = lock(consent)
    consent.transfer = transfer
    return consent


def _taken_over(by: Actor, deal: Deal, receiver: Partner, at: datetime) -> Deal:
    """The receiver's registration, approved, with the protections of the old one."""
    taken = _registration_for(receiver, deal, at)
    require_pause(taken, Protection.objects.on_claim(taken), at)
    require_room(taken, at)
    running = Protection.objects.filter(deal=deal).running()
    running.update(deal=taken, changed_at=at, version=F("version") + 1)
    data = {"until": deal.protected_until.isoformat() if deal.protected_until else ""}
    facts = {"submitted_at": at, "due_at": at, "decided_at": at, "decided_by_id": by.user_id}
    taken = _move(
        by, taken, "take_over", at, data, **facts, protected_from=deal.protected_from,
        protected_until=deal.protected_until, is_customer_known=True, engagement_rules=deal.engagement_rules,
    )  # fmt: skip
    hand_credit_over(by=by, deal=deal, taken=taken, at=at)
    return taken


def _registration_for(receiver: Partner, deal: Deal, at: datetime) -> Deal:
    """A draft of the receiver's with what passes over; the time zone too, for the protection ends by it."""
    passed = {name: getattr(deal, name) for name in rules.PASSED_ON if name not in ("products", "amount")}
    taken = Deal(
        partner=receiver, number=next_number("D"), source="manager", amount_minor=deal.amount_minor,
        currency=deal.currency, time_zone=deal.time_zone, stage=Stage.objects.active().first(), stage_changed_at=at,
        created_at=at, **passed,
    )  # fmt: skip
    save(taken)
    taken.products.set(deal.products.all())
    return taken


@transaction.atomic
def close_transfers(transfers: TransferQuerySet, at: datetime) -> None:
    """Their deals ended otherwise, or a partner left: there is nothing left to transfer."""
    for transfer in transfers.open().order_by("pk"):
        _end(SYSTEM, lock(transfer), "close", at)


def _end(by: Actor, transfer: Transfer, move: str, at: datetime) -> Transfer:
    """Over without a transfer; whoever was asked is told."""
    transfer = _move_transfer(by, transfer, move, at, decided_at=at, decided_by_id=by.user_id)
    for consent in transfer.consents.open().order_by("side"):
        _move_consent(by, lock(consent), "close", at, consent.comment)
    return transfer


def _move_transfer(by: Actor, transfer: Transfer, move: str, at: datetime, **facts: Any) -> Transfer:
    """Ask the table about a locked transfer, set the facts, save, record. Raises Conflict where the move is closed."""
    transfer.state = rules.TRANSFER.after(transfer.state, move)
    for name, value in facts.items():
        setattr(transfer, name, value)
    save(transfer)
    record(rules.EVENT_OF_TRANSFER[move], transfer, by=by, at=at, partner=transfer.deal.partner)
    return transfer


def _move_consent(by: Actor, consent: Consent, move: str, at: datetime, comment: str) -> Consent:
    consent.state = rules.CONSENT.after(consent.state, move)
    if move != "close":
        consent.answered_at, consent.answered_by_id, consent.comment = at, by.user_id, comment.strip()
    save(consent)
    data = {"side": consent.side}
    record(rules.EVENT_OF_CONSENT[move], consent, by=by, at=at, partner=consent.partner, data=data)
    return consent
