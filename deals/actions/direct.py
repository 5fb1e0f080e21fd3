"""What direct sales hold: recorded, changed, ended, read from lists. Each looks again at what it touches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from catalog.models import Product
from catalog.querysets import setting
from core.actors import Actor
from core.clock import day, start_of
from core.csv_lists import ADDED, KNOWN, REFUSED, Line, Outcome, Report, Shape, plain_cell, read
from core.errors import Conflict
from core.models import Vendor, next_number
from core.money import Money
from core.saving import lock, save
from deals import direct
from deals.actions.conflicts import recheck_touched
from deals.keys import typed_like
from deals.models import BlockedAccount, Deal, DirectAccount, DirectOpportunity
from events.actions import record
from inbox.actions import notify
from inbox.models import Notification
from partners.actions import add_organization
from partners.lookup import find_organizations, profiles_of, typed
from partners.models import Organization
from partners.querysets import tree_of

OLD_ACCOUNTS = "direct_accounts.old"
OPPORTUNITIES, ACCOUNTS, BLOCKS = "opportunities", "accounts", "blocked"
# The candidate's field that leads to each.
LINKS = {
    DirectOpportunity: "direct_opportunity",
    DirectAccount: "direct_account",
    BlockedAccount: "blocked_account",
}
CUSTOMER = ("customer", "country", "city", "website")
SHAPES: dict[str, Shape] = {
    OPPORTUNITIES: Shape(
        ("reference", "title", "customer", "country", "first_activity_on"),
        ("city", "website", "products", "owner", "stage", "state", "last_activity_on", "expected_close_on", "value",
         "currency"),
    ),
    ACCOUNTS: Shape(("customer", "country", "reason"), ("city", "website")),
    BLOCKS: Shape(("customer", "country", "reason"), ("city", "website")),
}  # fmt: skip


@transaction.atomic
def record_opportunity(
    *,
    by: Actor,
    at: datetime,
    organization: Organization | None = None,
    customer: Mapping[str, str] | None = None,
    is_new: bool = False,
    products: list[Product] | None = None,
    **facts: Any,
) -> DirectOpportunity:
    """Record business that direct sales follow up, with an organization or with a `customer` as somebody names it.

    `is_new` says that the named customer is none that we know. `amount` is a Money. Raises ValidationError.
    """
    by.must(Permission.DIRECT_EDIT)
    organization = organization or _customer(by, customer or {}, is_new, at)
    opportunity = DirectOpportunity(organization=organization, number=next_number("O"), created_at=at)
    opportunity.currency = Vendor.current().currency
    _set(opportunity, facts)
    save(opportunity)
    opportunity.products.set(products or [])
    record("direct_opportunity.recorded", opportunity, by=by, at=at)
    _look_again_around(organization, at)
    return opportunity


@transaction.atomic
def change_opportunity(
    *,
    by: Actor,
    opportunity: DirectOpportunity,
    at: datetime,
    products: list[Product] | None = None,
    **facts: Any,
) -> DirectOpportunity:
    """Change what is known of it, its state (open, won, lost) among it. Raises ValidationError."""
    by.must(Permission.DIRECT_EDIT, on=opportunity)
    opportunity = lock(opportunity)
    changed = _set(opportunity, facts)
    if products is not None and set(products) != set(opportunity.products.all()):
        opportunity.products.set(products)
        changed.append("products")
    if changed:
        save(opportunity)
        record("direct_opportunity.changed", opportunity, by=by, at=at, data={"changed": sorted(changed)})
        _look_again_around(opportunity.organization, at, opportunity)
    return opportunity


def _set(opportunity: DirectOpportunity, facts: dict[str, Any]) -> list[str]:
    facts = dict(facts)
    if "amount" in facts:
        amount: Money | None = facts.pop("amount")
        facts["amount_minor"] = amount.minor if amount else None
        facts["currency"] = amount.currency if amount else opportunity.currency
    changed = [name for name, value in facts.items() if getattr(opportunity, name) != value]
    for name in changed:
        setattr(opportunity, name, facts[name])
    return changed


@transaction.atomic
def approve_direct_account(
    *,
    by: Actor,
    reason: str,
    at: datetime,
    organization: Organization | None = None,
    customer: Mapping[str, str] | None = None,
    is_new: bool = False,
) -> DirectAccount:
    """Put an account on the approved list: direct sales serve it. Raises ValidationError, Conflict (it is there)."""
    by.must(Permission.DIRECT_EDIT)
    organization = organization or _customer(by, customer or {}, is_new, at)
    today = day(at)
    account = DirectAccount(
        organization=organization, reason=reason, since=today, refreshed_on=today, approved_by_id=by.user_id,
        created_at=at,
    )  # fmt: skip
    save(account)
    record("direct_account.approved", account, by=by, at=at)
    _look_again_around(organization, at)
    return account


@transaction.atomic
def refresh_direct_accounts(*, by: Actor, at: datetime) -> int:
    """Confirm the whole list as of today; returns how many accounts it holds."""
    by.must(Permission.DIRECT_EDIT)
    n = DirectAccount.objects.current().update(refreshed_on=day(at), changed_at=at)
    record("direct_accounts.refreshed", Vendor.current(), by=by, at=at, data={"n": n})
    return n


@transaction.atomic
def remind_of_old_accounts(*, at: datetime) -> int:
    """While the list has lines that nobody confirmed for too long, whoever may edit it hears of it once a quarter.

    Returns how many people heard of it now.
    """
    today = day(at)
    n = DirectAccount.objects.old(today, setting("deal.direct_list_days")).count()
    if not n:
        return 0
    since = start_of(direct.quarter_start(today))
    told = Notification.objects.filter(kind=OLD_ACCOUNTS, created_at__gte=since).values("user")
    people = list(User.objects.with_permission(Permission.DIRECT_EDIT).exclude(pk__in=told))
    for user in people:
        notify(user=user, kind=OLD_ACCOUNTS, url="/manage/direct/accounts/", args={"n": n}, at=at)
    return len(people)


@transaction.atomic
def end_direct_account(*, by: Actor, account: DirectAccount, at: datetime) -> DirectAccount:
    """Take an account off the list; what it touched is compared anew. Raises Conflict (it is off it)."""
    return _ended(by, account, "direct_account.ended", at)


@transaction.atomic
def block_account(
    *,
    by: Actor,
    reason: str,
    at: datetime,
    organization: Organization | None = None,
    customer: Mapping[str, str] | None = None,
    is_new: bool = False,
) -> BlockedAccount:
    """From today nobody may register this account. Raises ValidationError, Conflict (it is blocked)."""
    by.must(Permission.DIRECT_EDIT)
    organization = organization or _customer(by, customer or {}, is_new, at)
    block = BlockedAccount(organization=organization, reason=reason, since=day(at), created_at=at)
    save(block)
    record("account.blocked", block, by=by, at=at)
    _look_again_around(organization, at)
    return block


@transaction.atomic
def unblock_account(*, by: Actor, account: BlockedAccount, at: datetime) -> BlockedAccount:
    """The account may be registered again; what it touched is compared anew. Raises Conflict (it may already)."""
    return _ended(by, account, "account.unblocked", at)


def _ended(by: Actor, account: Any, event: str, at: datetime) -> Any:
    by.must(Permission.DIRECT_EDIT, on=account)
    account = lock(account)
    if account.ended_on:
        raise Conflict(_("This has ended already."), code="closed_move")
    account.ended_on = day(at)
    save(account)
    record(event, account, by=by, at=at)
    _look_again_around(account.organization, at, account)
    return account


def _look_again_around(organization: Organization, at: datetime, claim: Any = None) -> None:
    """The open registrations that may mean this account, linked to its tree or typed, or were compared with a claim."""
    tree = tree_of(organization)
    related = [organization.pk, *tree.above(organization.pk), *tree.below(organization.pk)]
    linked = Deal.objects.open().filter(organization__in=related).values_list("pk", flat=True)
    profile = profiles_of([organization.pk]).get(organization.pk)
    as_typed = typed_like(profile, Deal.objects.open().filter(organization=None)) if profile else {}
    recheck_touched([*linked, *as_typed, *(_compared_with(claim) if claim else ())], at)


def _compared_with(claim: Any) -> Iterable[UUID]:
    found = {f"conflict_checks__candidates__{LINKS[type(claim)]}": claim.pk}
    return Deal.objects.open().filter(**found).values_list("pk", flat=True)  # type: ignore[no-any-return]


# Lists -----------------------------------------------------------------------------------------------------------


class _TakenBack(Exception):
    """Ends the transaction of a dry run."""


def import_direct_list(*, by: Actor, kind: str, text: str, at: datetime, dry_run: bool = False) -> Report:
    """Read a CSV list of opportunities, accounts or blocked accounts. Sent twice, it changes nothing.

    A customer is the organization that it surely is, else a new one. Bad lines are reported with their reason, the
    others recorded. Raises ValidationError where the text is no such list.
    """
    by.must(Permission.DIRECT_EDIT)
    lines = list(read(text, SHAPES[kind]))
    report = Report(saved=True)
    try:
        with transaction.atomic():
            report.outcomes = [_taken(by, kind, line, at) for line in lines]
            if dry_run:
                raise _TakenBack
            data = {"list": kind, "added": report.added, "known": report.known, "refused": report.refused}
            record("direct_list.imported", Vendor.current(), by=by, at=at, data=data)
    except _TakenBack:
        report.saved = False
    return report


def _taken(by: Actor, kind: str, line: Line, at: datetime) -> Outcome:
    name = plain_cell(line.cells.get("customer", ""))
    if line.refused:
        return Outcome(line.number, name, REFUSED, line.refused)
    try:
        with transaction.atomic():
            return Outcome(line.number, name, ADDED if TAKES[kind](by, line.cells, at) else KNOWN)
    except ValidationError as error:
        return Outcome(line.number, name, REFUSED, _why(error))
    except Conflict as error:
        return Outcome(line.number, name, REFUSED, str(error))


def _why(error: ValidationError) -> str:
    """The reasons with their columns."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())


def _take_opportunity(by: Actor, cells: dict[str, str], at: datetime) -> bool:
    """Whether it is new; a known reference is brought up to date."""
    facts = _opportunity_facts(cells)
    if known := DirectOpportunity.objects.filter(external_ref=cells["reference"]).first():
        before = known.version
        return change_opportunity(by=by, opportunity=known, at=at, **facts).version != before
    organization = customer_named(by, cells, at)
    record_opportunity(
        by=by, organization=organization, at=at, external_ref=_filled(cells, "reference"), **facts
    )
    return True


def _opportunity_facts(cells: dict[str, str]) -> dict[str, Any]:
    days = ("first_activity_on", "last_activity_on", "expected_close_on")
    facts: dict[str, Any] = {name: _day(cells, name) for name in days if name in cells}
    facts |= {name: cells[name] for name in ("owner", "stage") if name in cells}
    facts["title"] = _filled(cells, "title")
    if facts["first_activity_on"] is None:
        raise ValidationError({"first_activity_on": _("This is needed.")})
    if state := cells.get("state"):
        facts["state"] = state
    if cells.get("value"):
        facts["amount"] = Money.parse(cells["value"], cells.get("currency") or Vendor.current().currency)
    if "products" in cells:
        facts["products"] = _products(cells["products"])
    return facts


def _take_account(by: Actor, cells: dict[str, str], at: datetime) -> bool:
    """Whether it is new; one that is on the list is confirmed."""
    organization, reason = customer_named(by, cells, at), _filled(cells, "reason")
    if known := DirectAccount.objects.current().filter(organization=organization).first():
        known.refreshed_on = day(at)
        save(known)
        return False
    approve_direct_account(by=by, organization=organization, reason=reason, at=at)
    return True


def _take_block(by: Actor, cells: dict[str, str], at: datetime) -> bool:
    organization, reason = customer_named(by, cells, at), _filled(cells, "reason")
    if BlockedAccount.objects.current().filter(organization=organization).exists():
        return False
    block_account(by=by, organization=organization, reason=reason, at=at)
    return True


TAKES: dict[str, Callable[[Actor, dict[str, str], datetime], bool]] = {
    OPPORTUNITIES: _take_opportunity,
    ACCOUNTS: _take_account,
    BLOCKS: _take_block,
}


def customer_named(by: Actor, cells: Mapping[str, str], at: datetime) -> Organization:
    """The organization that a named customer surely is; a new one where none is. Raises ValidationError."""
    name, country = _filled(cells, "customer"), _filled(cells, "country").upper()
    city, website = cells.get("city", ""), cells.get("website", "")
    found = find_organizations(typed(name, city=city, country=country, websites=[website]), most=1)
    if found and (found[0].likeness.identifier or found[0].likeness.evidence.is_same):
        return Organization.objects.get(pk=found[0].id)
    return _new_customer(by, cells, at)


def _customer(by: Actor, cells: Mapping[str, str], is_new: bool, at: datetime) -> Organization:
    return _new_customer(by, cells, at) if is_new else customer_named(by, cells, at)


def _new_customer(by: Actor, cells: Mapping[str, str], at: datetime) -> Organization:
    """Raises ValidationError."""
    name, country = _filled(cells, "customer"), _filled(cells, "country").upper()
    city, website = cells.get("city", ""), cells.get("website", "")
    return add_organization(
        by=by, at=at, origin="direct", name=name, country=country, city=city, is_healthcare_provider=True,
        domains=(website,) if website else (),
    )  # fmt: skip


def _filled(cells: Mapping[str, str], name: str) -> str:
    if not cells.get(name):
        raise ValidationError({name: _("This is needed.")})
    return cells[name]


def _day(cells: dict[str, str], name: str) -> date | None:
    text = cells.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValidationError(_("“%(text)s” is not a day such as 2026-03-31.") % {"text": text}) from error


def _products(text: str) -> list[Product]:
    codes = [code.strip() for code in text.replace(";", "|").split("|") if code.strip()]
    found = {product.code: product for product in Product.objects.filter(code__in=codes)}
    if missing := [code for code in codes if code not in found]:
        raise ValidationError(_("There is no product “%(code)s”.") % {"code": missing[0]})
    return [found[code] for code in codes]
