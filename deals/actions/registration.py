"""Registering: draft, change, submit, answer, discard, withdraw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.models import Product
from catalog.querysets import setting
from core.actors import Actor
from core.errors import Conflict, NotVisible, TooMany
from core.models import next_number
from core.money import Money
from core.saving import lock, save
from deals import automatic, rules
from deals.actions.answers import grace_until, occupied_until, require_answer_left
from deals.actions.attachments import attach_documents
from deals.actions.automatic import approve_automatically, automatic_conditions
from deals.actions.conflicts import check_conflicts
from deals.actions.credits import give_default_credit
from deals.actions.extensions import renewable_until
from deals.actions.moves import _move, reason_code
from deals.actions.protections import lock_claim, release
from deals.actions.references import fingerprint, require_same, with_reference
from deals.keys import note_keys_of
from deals.models import ConflictRules, Deal, DealType, EngagementRules, Stage
from deals.sources import asked_by
from events.actions import record
from partners.models import Organization, Partner


@transaction.atomic
def start_draft(
    *,
    by: Actor,
    partner: Partner,
    at: datetime,
    source: str = "portal",
    key: UUID | None = None,
    **facts: Any,
) -> Deal:
    """Begin a registration; only the customer's name is needed yet.

    `facts` are those of `rules.FIELDS`: `amount` is a Money, `products` a list, `organization` one that the actor
    may know. Raises ValidationError (the input), Conflict (the partner is not active).
    """
    by.must(Permission.DEAL_REGISTER, on=partner)
    _require_active(partner)
    deal = Deal(
        partner=partner, source=source, currency=partner.currency, submitted_by_id=by.user_id, created_at=at
    )
    deal.id = key or deal.id
    deal.number = next_number("D")
    deal.type = DealType.objects.active().first()
    deal.stage = Stage.objects.active().first()
    deal.stage_changed_at = at
    _set(by, deal, facts)
    record("deal.drafted", deal, by=by, at=at, partner=partner, data={"source": source})
    return deal


@transaction.atomic
def change_deal(*, by: Actor, deal: Deal, at: datetime, **facts: Any) -> Deal:
    """Change a draft, or the fields that a question has opened. Raises ValidationError, Conflict (it is locked)."""
    deal, changed = _changed(by, deal, facts)
    if changed:
        record("deal.changed", deal, by=by, at=at, partner=deal.partner, data={"changed": changed})
    return deal


def _changed(by: Actor, deal: Deal, facts: dict[str, Any]) -> tuple[Deal, list[str]]:
    by.must(Permission.DEAL_EDIT, on=deal)
    deal = lock(deal)
    _require_changeable(deal, facts)
    return deal, _set(by, deal, facts)


@transaction.atomic
def keep_draft(
    *, by: Actor, partner: Partner, key: UUID, at: datetime, source: str = "portal", **facts: Any
) -> Deal:
    """Keep what a form holds so far: the draft of this key is begun, or changed. The form was given the key.

    A form keeps itself every few seconds: that is one draft begun, not a hundred changes in the log.
    Raises NotVisible (the key is another's), ValidationError, Conflict (it is locked, the partner is not active).
    """
    by.must(Permission.DEAL_REGISTER, on=partner)
    draft = Deal.objects.filter(pk=key).first()
    if draft is None:
        return start_draft(by=by, partner=partner, at=at, source=source, key=key, **facts)
    if draft.partner_id != partner.pk:
        raise NotVisible(str(key))
    return _changed(by, draft, facts)[0]


@transaction.atomic
def complete_deal(*, by: Actor, deal: Deal, at: datetime, **facts: Any) -> Deal:
    """Fill in what is open and send it: a draft, or the answer to a question. Raises as its two halves."""
    by.must(Permission.DEAL_EDIT, on=deal)
    deal, changed = _changed(by, lock_claim(deal), facts)
    if changed and deal.state != rules.DRAFT:
        record("deal.changed", deal, by=by, at=at, partner=deal.partner, data={"changed": changed})
    return submit_deal(by=by, deal=deal, at=at)


@transaction.atomic
def submit_deal(*, by: Actor, deal: Deal, at: datetime) -> Deal:
    """Send a draft, or the answer to a question; it is locked and the vendor's clock runs.

    The first answer is due after the setting's business days of the partner's country; a pause in between does not
    count. Conflicts are looked for, and what a protection found means is told; where the program's conditions hold it
    is approved at once. Raises ValidationError (incomplete), Conflict (closed, partner not active), TooMany (the
    partner has sent the day's most; the draft stays).
    """
    by.must(Permission.DEAL_REGISTER, on=deal)
    deal = lock_claim(deal)
    partner = deal.partner
    _require_active(partner)
    zone = deal.time_zone or partner.time_zone
    require_complete(deal, at)
    if deal.state == rules.ACTION_REQUIRED:
        due = rules.resumed_due(deal.due_at, deal.paused_at, at, str(partner.country), zone)  # type: ignore[arg-type]
        facts = {"due_at": due, "paused_at": None, "question": "", "asked_fields": [], "answer_until": None}
        return _sent(by, deal, "resubmit", at, {"due_at": due.isoformat()}, **facts)
    terms = EngagementRules.objects.in_force()
    due = rules.decision_due(at, setting("deal.decide_business_days"), str(partner.country), zone)
    data = {"due_at": due.isoformat(), "source": deal.source}
    facts = {"submitted_at": at, "due_at": due, "time_zone": zone, "engagement_rules": terms}
    deal = _sent(by, deal, "submit", at, data, **facts)
    give_default_credit(by=by, deal=deal, at=at)
    return deal


def _sent(by: Actor, deal: Deal, move: str, at: datetime, data: dict[str, Any], **facts: Any) -> Deal:
    rules.LIFECYCLE.after(deal.state, move)
    if move == "submit":
        require_answer_left(by, deal.partner, at)
    asked = asked_by(deal, ConflictRules.objects.terms(), at)
    check = check_conflicts(by=by, deal=deal, at=at, asked=asked)
    found = automatic_conditions(deal, check, at)
    told = {"occupied_until": occupied_until(check), "kept_until": grace_until(deal, asked, at)}
    data |= {name: until.isoformat() if until else None for name, until in told.items()}
    facts |= {"conflict_score": check.score, "conflict_verdict": check.verdict, **told}
    deal = _move(by, deal, move, at, data, **facts, automatic_conditions=[asdict(one) for one in found])
    return approve_automatically(deal, at) if automatic.allows(found) else deal


@transaction.atomic
def register_deal(
    *,
    by: Actor,
    partner: Partner,
    at: datetime,
    source: str = "portal",
    key: UUID | None = None,
    **facts: Any,
) -> Deal:
    """Draft and submit in one step; with the key of a draft that was kept, that one is completed.

    With an `external_ref` it happens once: a repeat gets the first one, a draft that carries it is completed.
    Raises ValidationError, Conflict (the partner is not active; the reference stands for other facts), TooMany.
    """
    by.must(Permission.DEAL_REGISTER, on=partner)
    lock(partner)
    if (earlier := with_reference(by, partner, facts)) and earlier.pk != key:
        return _registered_before(by, earlier, at, facts)
    if key and Deal.objects.filter(pk=key, partner=partner).exists():
        return complete_deal(by=by, deal=Deal(pk=key, partner=partner), at=at, **facts)
    try:
        with transaction.atomic():
            deal = start_draft(by=by, partner=partner, at=at, source=source, key=key, **facts)
            return submit_deal(by=by, deal=deal, at=at)
    except TooMany:
        raise
    except (Conflict, ValidationError):
        # The same reference may have come in twice at the same moment: the other one is the registration.
        if raced := with_reference(by, partner, facts):
            return _registered_before(by, raced, at, facts)
        raise


def _registered_before(by: Actor, deal: Deal, at: datetime, facts: dict[str, Any]) -> Deal:
    if deal.state == rules.DRAFT:
        return complete_deal(by=by, deal=deal, at=at, **facts)
    return require_same(deal, facts)


@transaction.atomic
def send_deal(
    *,
    by: Actor,
    partner: Partner,
    at: datetime,
    key: UUID,
    source: str = "portal",
    documents: Iterable[Any] = (),
    **facts: Any,
) -> Deal:
    """As `register_deal`, with files; where the partner has sent the day's most, it is kept as a draft: see its state.

    Raises ValidationError (it would not be complete; a file that is not taken), Conflict.
    """
    by.must(Permission.DEAL_REGISTER, on=partner)
    try:
        with transaction.atomic():
            deal = register_deal(by=by, partner=partner, at=at, source=source, key=key, **facts)
    except TooMany:
        deal = _kept(by, partner, key, source, at, facts)
    return attach_documents(by=by, deal=deal, documents=documents, at=at) if documents else deal


def _kept(by: Actor, partner: Partner, key: UUID, source: str, at: datetime, facts: dict[str, Any]) -> Deal:
    """What cannot be sent today as a draft: the one that carries its reference, else the one of its key."""
    earlier = with_reference(by, partner, facts)
    if earlier and earlier.pk != key:
        return change_deal(by=by, deal=earlier, at=at, **facts)
    return keep_draft(by=by, partner=partner, key=key, source=source, at=at, **facts)


@transaction.atomic
def draft_deal(*, by: Actor, partner: Partner, at: datetime, source: str = "portal", **facts: Any) -> Deal:
    """Begin a draft; with an `external_ref` once: a draft that carries it is changed, a registration must say the same.

    Raises as `start_draft` and `change_deal` do, and Conflict where the reference stands for other facts.
    """
    by.must(Permission.DEAL_REGISTER, on=partner)
    earlier = with_reference(by, partner, facts)
    if earlier is None:
        return start_draft(by=by, partner=partner, at=at, source=source, **facts)
    if earlier.state != rules.DRAFT:
        return require_same(earlier, facts)
    deal = change_deal(by=by, deal=earlier, at=at, **facts)
    deal.is_repeat = True
    return deal


@transaction.atomic
def discard_draft(*, by: Actor, deal: Deal, at: datetime) -> Deal:
    """Throw a draft away; its reference is free for a registration. Raises Conflict once it was submitted."""
    by.must(Permission.DEAL_EDIT, on=deal)
    return _move(by, deal, "discard", at, closed_at=at, external_ref="")


@transaction.atomic
def withdraw_deal(*, by: Actor, deal: Deal, reason: str, at: datetime, comment: str = "") -> Deal:
    """Take a registration back; a protection ends. `reason` is a code of deal_withdrawal.

    Raises ValidationError (reason), Conflict (closed).
    """
    by.must(Permission.DEAL_EDIT, on=deal)
    code = reason_code("deal_withdrawal", reason, comment)
    deal = _move(by, deal, "withdraw", at, {"reason": code}, reason=code, comment=comment, closed_at=at)
    release(deal, at)
    return deal


def is_over_for_good(deal: Deal, at: datetime) -> bool:
    """Whether a registration came to nothing, so that the same can be registered anew instead of renewed."""
    if deal.state == rules.EXPIRED:
        return rules.ends_at(renewable_until(deal), deal.time_zone) <= at
    return deal.state in rules.COME_TO_NOTHING


def require_complete(deal: Deal, at: datetime) -> None:
    """Raise ValidationError naming each field that a registration needs and this one lacks."""
    missing = {
        field: _("This is needed to register the deal.")
        for field, value in {
            "customer_country": str(deal.customer_country),
            "products": deal.products.exists(),
            "amount": deal.amount_minor,
            "expected_close_on": deal.expected_close_on,
            "what_it_did": deal.what_it_did.strip(),
        }.items()
        if not value
    }
    if deal.type and deal.type.names_earlier and deal.renews is None:
        missing["renews"] = _("Name the earlier registration that this one continues.")
    if deal.includes_below and not deal.scope_reason.strip():
        missing["scope_reason"] = _("Say why you need everything that belongs to the customer.")
    if not deal.no_patient_data:
        missing["no_patient_data"] = _("Confirm that the registration contains no patient data.")
    today = deal.day_of(at)
    if deal.expected_close_on and deal.expected_close_on < today:
        missing["expected_close_on"] = _("The expected close lies in the past.")
    elif deal.expected_close_on and deal.expected_close_on > today + rules.FURTHEST_CLOSE:
        missing["expected_close_on"] = _("The expected close is more than five years away.")
    if missing:
        raise ValidationError(missing)


def _require_active(partner: Partner) -> None:
    if not partner.is_active:
        raise Conflict(_("Deals can be registered once the partner is active."), code="partner_not_active")


def _require_changeable(deal: Deal, facts: dict[str, Any]) -> None:
    if not deal.is_editable:
        raise Conflict(_("A registration is locked once it is submitted."), code="locked")
    if deal.state == rules.ACTION_REQUIRED:
        closed = set(facts) - set(deal.asked_fields)
        if closed:
            raise ValidationError(
                {field: _("Only the fields that were asked about are open.") for field in closed}
            )


def _set(by: Actor, deal: Deal, facts: dict[str, Any]) -> list[str]:
    """Write the facts that differ; returns their names. Raises ValidationError, TypeError for an unknown fact."""
    if unknown := set(facts) - set(rules.FIELDS):
        raise TypeError(f"A registration has no {sorted(unknown)}.")
    if deal.state == rules.DRAFT and "external_ref" in facts:
        deal.reference_facts = fingerprint(facts)
    facts = dict(facts)
    products: list[Product] | None = facts.pop("products", None)
    _require_own_earlier(by, deal, facts.get("renews"))
    if "organization" in facts:
        _choose_customer(by, deal, facts.pop("organization"), facts)
    elif _names_another(deal, facts):
        deal.organization, deal.is_customer_known = None, False
    changed = [name for name, value in facts.items() if _write(deal, name, value)]
    if products is not None and _ids(products) != (
        set() if deal._state.adding else _ids(deal.products.all())
    ):
        changed.append("products")
    if changed or deal._state.adding:
        save(deal)
        note_keys_of(deal)
    if "products" in changed:
        deal.products.set(products or [])
    return changed


def _names_another(deal: Deal, facts: dict[str, Any]) -> bool:
    """Whether what is typed now says another customer than before: to whom it was linked is open again."""
    typed = [name for name in ("customer_name", "customer_country", "customer_city") if name in facts]
    return any(str(facts[name] or "") != str(getattr(deal, name) or "") for name in typed)


def _require_own_earlier(by: Actor, deal: Deal, earlier: Deal | None) -> None:
    """What is renewed is an earlier registration of the same partner that the actor sees."""
    if earlier is None:
        return
    own = Deal.objects.visible_to(by).filter(
        pk=earlier.pk, partner=deal.partner_id, state__in=rules.RENEWABLE
    )
    if earlier.pk == deal.pk or not own.exists():
        raise ValidationError(
            {"renews": _("Choose a registration of this partner that was won or protected.")}
        )


def _ids(products: Any) -> set[UUID]:
    return {product.pk for product in products}


def _write(deal: Deal, name: str, value: Any) -> bool:
    """Set one fact; returns whether it differs from before."""
    if name == "amount":
        return _write_amount(deal, value)
    before = getattr(deal, name)
    setattr(deal, name, "" if value is None and isinstance(before, str) else value)
    return bool(before != getattr(deal, name))


def _write_amount(deal: Deal, amount: Money | None) -> bool:
    before = deal.amount
    deal.amount_minor = amount.minor if amount else None
    deal.currency = amount.currency if amount else deal.currency
    return before != amount


def _choose_customer(by: Actor, deal: Deal, organization: Organization | None, facts: dict[str, Any]) -> None:
    """The customer is one that the actor may know; its name and place are taken over where nothing was typed."""
    facts["organization"] = organization
    if organization and not Organization.objects.visible_to(by).filter(pk=organization.pk).exists():
        raise ValidationError({"organization": _("Choose a customer from the list, or type its name.")})
    deal.is_customer_known = organization is not None and not by.is_vendor
    if organization:
        own = {"customer_name": organization.name, "customer_country": str(organization.country),
               "customer_city": organization.city}  # fmt: skip
        facts.update({name: facts.get(name) or value for name, value in own.items()})
