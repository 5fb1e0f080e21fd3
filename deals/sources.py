"""What a registration is compared with: each source yields the claims that others have on the same customers.

A new kind of claim is one more function in SOURCES; the check itself does not know them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from catalog.querysets import market_of
from core.clock import day, start_of
from deals import conflict, direct, rules
from deals.keys import typed_like, typed_profile
from deals.models import BlockedAccount, Deal, DirectAccount, DirectOpportunity, SegmentPolicy
from partners.lookup import find_organizations, profiles_of
from partners.matching import Likeness, Profile
from partners.models import Organization
from partners.querysets import tree_of
from partners.rules import Scope, Tree


@dataclass(frozen=True)
class Wins:
    """Which registrations were won on customers that a claim may mean, and in its tree."""

    deals: Sequence[Deal]
    tree: Tree

    def of(self, deal: Deal) -> list[Deal]:
        """What the registration's own partner won on its customer: on the same node, or in a claimed tree."""
        if deal.organization_id is None:
            return []
        scope = Scope(deal.organization_id, deal.includes_below)
        own = [won for won in self.deals if won.partner_id == deal.partner_id and won.pk != deal.pk]
        return [won for won in own if self.tree.overlap(scope, _scope_of(won))]


def _scope_of(won: Deal) -> Scope:
    assert won.organization_id is not None
    return Scope(won.organization_id, won.includes_below)


@dataclass(frozen=True)
class Asked:
    """A registration, what it claims, and the customers that it may mean: known ones by id, with how alike they are."""

    deal: Deal
    claim: conflict.Claim
    profile: Profile
    organizations: Mapping[UUID, Likeness | None]
    tree: Mapping[UUID, frozenset[UUID]]  # of each in the customer's own tree, what lies above
    wins: Wins
    terms: conflict.Terms
    at: datetime

    def claim_on(self, organization_id: UUID | None, **facts: Any) -> conflict.Claim:
        """Another's claim, standing where it stands in the customer's tree."""
        above = self.tree.get(organization_id, frozenset()) if organization_id else frozenset()
        return conflict.Claim(organization_id=organization_id, above=above, **facts)


@dataclass(frozen=True)
class Rival:
    """Another's claim: what it is, how alike its customer is, and what a page shows of it."""

    kind: str
    record: Any
    claim: conflict.Claim
    likeness: Likeness | None
    snapshot: Mapping[str, Any]
    link: str = "deal"  # the candidate's field that leads to the record
    since: date | None = None
    until: date | None = None


Source = Callable[[Asked], Iterator[Rival]]


def asked_by(deal: Deal, terms: conflict.Terms, at: datetime) -> Asked:
    """What to look for: the customers that the registration may mean, and its own claim."""
    profile = profile_of(deal)
    found: dict[UUID, Likeness | None] = {one.id: one.likeness for one in find_organizations(profile)}
    whole = tree_of(deal.organization) if deal.organization else Tree({})
    tree = _above_each(deal.organization, whole)
    found = {**dict.fromkeys(tree), **found}
    wins = wins_among([*found, *whole.parents], whole)
    above = tree.get(deal.organization_id, frozenset()) if deal.organization_id else frozenset()
    facts = {
        "since": deal.submitted_at or at,
        "has_won": bool(wins.of(deal)),
    }  # it is being submitted just now
    return Asked(deal, replace(claim_of(deal, above), **facts), profile, found, tree, wins, terms, at)


def wins_among(organizations: Iterable[UUID], tree: Tree) -> Wins:
    """What was won on these customers, the latest first."""
    won = Deal.objects.filter(state=rules.WON, organization__in=organizations)
    return Wins(list(won.order_by("-won_on", "-pk")), tree)


def _above_each(organization: Organization | None, tree: Tree) -> dict[UUID, frozenset[UUID]]:
    """Of the customer and of all above and below it, what lies above."""
    if organization is None:
        return {}
    related = [organization.pk, *tree.above(organization.pk), *tree.below(organization.pk)]
    return {node: frozenset(tree.above(node)) for node in related}


def profile_of(deal: Deal) -> Profile:
    """The customer as it is looked for: the linked organization, else what was typed."""
    if deal.organization_id and (known := profiles_of([deal.organization_id])):
        return known[deal.organization_id]
    return typed_profile(deal)


def claim_of(deal: Deal, above: frozenset[UUID] = frozenset()) -> conflict.Claim:
    """What a registration claims."""
    return conflict.Claim(
        name=deal.customer_name,
        organization_id=deal.organization_id,
        above=above,
        is_with_below=deal.includes_below,
        service_lines=conflict.lines(deal.service_lines),
        products=frozenset(product.name for product in deal.products.all()),
        close_on=deal.protected_until if deal.state in rules.PROTECTED else deal.expected_close_on,
        contact=deal.contact,
        since=deal.submitted_at,
        evidence=sum(map(bool, (deal.what_it_did.strip(), deal.contact, deal.procurement_reference))),
        tier_rank=deal.partner.tier_rank,
    )


def registrations(asked: Asked) -> Iterator[Rival]:
    """Open registrations of anybody, protections among them, and what other partners have won."""
    typed = Deal.objects.open().filter(organization=None).exclude(pk=asked.deal.pk)
    likenesses = typed_like(asked.profile, typed)
    on_customer = Q(organization__in=asked.organizations) | Q(pk__in=likenesses)
    won_by_others = Q(state=rules.WON) & ~Q(partner=asked.deal.partner_id)
    others = Deal.objects.filter(on_customer).filter(Q(state__in=rules.OPEN) | won_by_others)
    for other in others.exclude(pk=asked.deal.pk).select_related("partner").prefetch_related("products"):
        known = asked.organizations.get(other.organization_id) if other.organization_id else None
        yield _rival(asked, other, likenesses.get(other.pk) or known)


def _rival(asked: Asked, other: Deal, likeness: Likeness | None) -> Rival:
    above = asked.tree.get(other.organization_id, frozenset()) if other.organization_id else frozenset()
    claim = replace(claim_of(other, above), has_won=other.state == rules.WON or bool(asked.wins.of(other)))
    assert other.submitted_at is not None
    return Rival(
        kind=kind_of(other, asked.deal),
        record=other,
        claim=claim,
        likeness=likeness,
        snapshot={
            "title": other.number,
            "holder": other.partner.name,
            "name": other.customer_name,
            "city": other.customer_city,
            "country": other.customer_country.code or "",
            "website": other.customer_domain,
        },
        since=other.day_of(other.submitted_at),
        until=other.protected_until if other.state in rules.PROTECTED else None,
    )


def kind_of(other: Deal, deal: Deal) -> str:
    """What another registration is to this one."""
    if other.partner_id == deal.partner_id:
        return conflict.OWN
    if other.state in rules.PROTECTED:
        return conflict.PROTECTION
    return conflict.WON_CUSTOMER if other.state == rules.WON else conflict.REGISTRATION


def direct_opportunities(asked: Asked) -> Iterator[Rival]:
    """Open business of direct sales in which something happened lately: within the program's look-back."""
    since = day(asked.claim.since or asked.at) - timedelta(days=asked.terms.look_back_days)
    yield from _of_opportunities(
        asked, conflict.DIRECT_OPPORTUNITY, DirectOpportunity.objects.open().engaged_since(since)
    )


def direct_wins(asked: Asked) -> Iterator[Rival]:
    """What direct sales won, however long ago: the customer is theirs as it would be a partner's."""
    yield from _of_opportunities(asked, conflict.WON_CUSTOMER, DirectOpportunity.objects.won())


def _of_opportunities(asked: Asked, kind: str, found: QuerySet[DirectOpportunity]) -> Iterator[Rival]:
    on_customer = found.filter(organization__in=asked.organizations)
    for one in on_customer.select_related("organization").prefetch_related("products"):
        claim = asked.claim_on(
            one.organization_id,
            name=one.organization.name,
            products=frozenset(product.name for product in one.products.all()) or None,
            close_on=one.expected_close_on,
            since=start_of(one.first_activity_on),
            evidence=1,
            has_won=kind == conflict.WON_CUSTOMER,
        )
        snapshot = _account(one.organization, title=one.number, holder=one.owner)
        yield _of_direct(asked, kind, "direct_opportunity", one, claim, snapshot,
                         since=one.first_activity_on)  # fmt: skip


def direct_accounts(asked: Asked) -> Iterator[Rival]:
    """Accounts on the approved list, unless the program leads partners there; and what direct sales alone serve."""
    listed = DirectAccount.objects.current().filter(organization__in=asked.organizations)
    for one in listed.select_related("organization"):
        if _mode(one.organization) != direct.PARTNER_LED:
            confirmed = {"confirmed_on": one.refreshed_on.isoformat()}
            yield _standing(
                asked,
                conflict.DIRECT_ACCOUNT,
                "direct_account",
                one,
                _("Approved direct account"),
                **confirmed,
            )
    customer = asked.deal.organization
    policy = _policy(customer) if customer else None
    if customer and policy and policy.mode == direct.DIRECT_ONLY:
        claim = asked.claim_on(customer.pk, name=customer.name, products=None, is_standing=True)
        snapshot = _account(customer, title=policy.name, holder="")
        yield _of_direct(asked, conflict.DIRECT_ACCOUNT, "segment_policy", policy, claim, snapshot)


def blocked_accounts(asked: Asked) -> Iterator[Rival]:
    """Accounts that nobody may register."""
    blocked = BlockedAccount.objects.current().filter(organization__in=asked.organizations)
    for one in blocked.select_related("organization"):
        yield _standing(asked, conflict.BLOCKED, "blocked_account", one, _("Blocked account"))


def block_of(deal: Deal) -> BlockedAccount | None:
    """What keeps everybody from the claim: a block on its customer or above it, or below where that is claimed too."""
    if deal.organization is None:
        return None
    tree = tree_of(deal.organization)
    below = tree.below(deal.organization.pk) if deal.includes_below else ()
    reaching = [deal.organization.pk, *tree.above(deal.organization.pk), *below]
    blocks = BlockedAccount.objects.current().filter(organization__in=reaching)
    return blocks.order_by("since", "pk").first()


def _standing(asked: Asked, kind: str, link: str, one: Any, title: str, **shown: str) -> Rival:
    """What holds for all products at any time, with all that lies below."""
    claim = asked.claim_on(
        one.organization_id, name=one.organization.name, products=None, is_standing=True, is_with_below=True
    )
    return _of_direct(
        asked,
        kind,
        link,
        one,
        claim,
        _account(one.organization, title=title, holder="", **shown),
        since=one.since,
    )


def _of_direct(
    asked: Asked,
    kind: str,
    link: str,
    record: Any,
    claim: conflict.Claim,
    snapshot: dict[str, str],
    **days: Any,
) -> Rival:
    assert claim.organization_id is not None
    return Rival(
        kind, record, claim, asked.organizations.get(claim.organization_id), snapshot, link=link, **days
    )


def _account(organization: Organization, **facts: str) -> dict[str, str]:
    """What a page shows of an account."""
    return {
        **facts,
        "name": organization.name,
        "city": organization.city,
        "country": organization.country.code or "",
        "website": "",
    }


def _policy(organization: Organization) -> SegmentPolicy | None:
    market = market_of(organization.country.code or "")
    return SegmentPolicy.objects.fitting(organization.kind, market.code if market else "")


def _mode(organization: Organization) -> str:
    policy = _policy(organization)
    return policy.mode if policy else direct.SHARED


SOURCES: list[Source] = [registrations, direct_opportunities, direct_wins, direct_accounts, blocked_accounts]


def customers_like(deal: Deal, most: int = 5) -> list[Organization]:
    """Organizations that the typed customer may be, for the vendor's side alone: best guesses first."""
    found = [one.id for one in find_organizations(typed_profile(deal), most=most)]
    known = Organization.objects.in_bulk(found)
    return [known[pk] for pk in found]
