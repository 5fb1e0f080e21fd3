"""Go-lives: reported by the partner, accepted by the customer's named person or by a signed acceptance."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.models import Product
from catalog.querysets import setting
from core import links, mail
from core.actors import Actor
from core.clock import day
from core.errors import Conflict
from core.models import ActionLink
from core.saving import lock, save
from deals import rules
from deals.models import Deal, Implementation
from events.actions import record
from files.actions import attach
from metrics.actions import touch

CONFIRM = "implementation.confirm"
# Who acts through the link of that mail; the link itself is the permission.
CUSTOMER = Actor(kind="link", label="the customer's named person")
EVENT_OF_MOVE = {
    "accept": "implementation.accepted",
    "decline": "implementation.declined",
    "withdraw": "implementation.withdrawn",
}


@transaction.atomic
def report_implementation(
    *,
    by: Actor,
    deal: Deal,
    product: Product,
    went_live_on: date,
    contact_name: str,
    contact_email: str,
    at: datetime,
) -> Implementation:
    """A product of a won deal is in use; the customer's named person is asked to confirm by a single-use link.

    Raises ValidationError (product, day, person, reported already), Conflict (the deal is not won).
    """
    by.must(Permission.IMPLEMENTATION_REPORT, on=deal)
    deal = lock(deal)
    if deal.state != rules.WON:
        raise Conflict(_("A go-live belongs to a won deal."), code="closed_move")
    if not deal.products.filter(pk=product.pk).exists():
        raise ValidationError({"product": _("Choose one of the deal's products.")})
    if went_live_on > deal.day_of(at):
        raise ValidationError({"went_live_on": _("This day lies in the future.")})
    if deal.won_on and went_live_on < deal.won_on:
        raise ValidationError({"went_live_on": _("This day lies before the win.")})
    implementation = Implementation(
        deal=deal,
        product=product,
        went_live_on=went_live_on,
        contact_name=contact_name.strip(),
        contact_email=contact_email.strip().casefold(),
        reported_by_id=by.user_id,
        due_at=at + _life(),
        created_at=at,
    )
    save(implementation)
    data = {"product": product.code, "went_live_on": went_live_on.isoformat()}
    record("implementation.reported", implementation, by=by, at=at, partner=deal.partner, data=data)
    _ask(implementation, at)
    return implementation


@transaction.atomic
def ask_customer_again(*, by: Actor, implementation: Implementation, at: datetime) -> Implementation:
    """Send a new link; the old one is closed. Raises Conflict (it is decided)."""
    by.must(Permission.IMPLEMENTATION_REPORT, on=implementation)
    implementation = lock(implementation)
    rules.IMPLEMENTATION.after(implementation.state, "accept")
    implementation.due_at = at + _life()
    save(implementation)
    record("implementation.asked_again", implementation, by=by, at=at, partner=implementation.deal.partner)
    _ask(implementation, at)
    return implementation


def _ask(implementation: Implementation, at: datetime) -> None:
    link = links.make(CONFIRM, implementation.pk, at=at, life=_life())
    ids = {"implementation": implementation.pk, "link": link.pk}
    mail.send(CONFIRM, at=at, to_address=implementation.contact_email, key=f"{CONFIRM}:{link.pk}", **ids)


def asked_by(token: str, at: datetime) -> tuple[ActionLink, Implementation]:
    """The open link of a mail and the go-live it is about. Raises Conflict where the link no longer works."""
    link = links.find(token, CONFIRM, at=at)
    implementation = Implementation.objects.select_related("deal__partner", "product").filter(
        pk=link.subject_id
    )
    if found := implementation.first():
        return link, found
    raise Conflict(_("This link has been used or has expired. Ask for a new one."), code="link_closed")


def _life() -> timedelta:
    return timedelta(days=setting("implementation.confirm_days"))


@transaction.atomic
def confirm_by_customer(
    *, by: Actor, link: ActionLink, implementation: Implementation, at: datetime
) -> Implementation:
    """The named person says that it is in use. Raises Conflict (link used, decided meanwhile)."""
    links.use(link, at=at)
    return _accept(by, implementation, "customer", at)


@transaction.atomic
def decline_by_customer(
    *, by: Actor, link: ActionLink, implementation: Implementation, at: datetime, note: str = ""
) -> Implementation:
    """The named person says that it is not right. Raises Conflict (link used, decided meanwhile)."""
    links.use(link, at=at)
    return _move(by, implementation, "decline", at, note=note.strip()[:400])


@transaction.atomic
def accept_implementation(
    *, by: Actor, implementation: Implementation, document: Any, at: datetime, note: str = ""
) -> Implementation:
    """A manager attaches the customer's signed acceptance. Raises ValidationError (the file), Conflict (decided)."""
    by.must(Permission.IMPLEMENTATION_CONFIRM, on=implementation)
    if document is None:
        raise ValidationError({"document": _("Attach the signed acceptance.")})
    partner = implementation.deal.partner
    attach(by=by, kind="implementation", subject=implementation, partner=partner, upload=document, at=at)
    links.revoke(CONFIRM, implementation.pk, at=at)
    return _accept(by, implementation, "document", at, note=note)


def _accept(
    by: Actor, implementation: Implementation, how: str, at: datetime, **facts: Any
) -> Implementation:
    facts = {"accepted_on": day(at), "accepted_by": how, **facts}
    implementation = _move(by, implementation, "accept", at, {"how": how}, **facts)
    touch(implementation.deal.partner_id, at=at)
    return implementation


@transaction.atomic
def withdraw_implementation(*, by: Actor, implementation: Implementation, at: datetime) -> Implementation:
    """Take a reported go-live back; the customer's link is closed. Raises Conflict (decided)."""
    by.must(Permission.IMPLEMENTATION_REPORT, on=implementation)
    links.revoke(CONFIRM, implementation.pk, at=at)
    return _move(by, implementation, "withdraw", at)


def _move(
    by: Actor,
    implementation: Implementation,
    move: str,
    at: datetime,
    data: dict[str, Any] | None = None,
    **facts: Any,
) -> Implementation:
    implementation = lock(implementation)
    implementation.state = rules.IMPLEMENTATION.after(implementation.state, move)
    facts = {"closed_at": at, "closed_by_id": by.user_id, **facts}
    for name, value in facts.items():
        setattr(implementation, name, value)
    save(implementation)
    data = {"product": implementation.product.code, **(data or {})}
    record(EVENT_OF_MOVE[move], implementation, by=by, at=at, partner=implementation.deal.partner, data=data)
    return implementation
