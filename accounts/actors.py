"""From a person or a key to an Actor."""

from datetime import datetime
from uuid import UUID

from accounts.models import ApiKey, Membership, PortalView, User
from accounts.roles import REACH, ROLES, SEE_OWN_IF_SO_SET, VIEWING, Permission
from core.actors import ANONYMOUS, Actor, Reach

READING = frozenset(p for p in Permission if p.endswith((".view", ".read")) or p is Permission.EXPORT)


def vendor_actor(user: User) -> Actor | None:
    """The person on the vendor's side, with all of their roles; None where they have none."""
    roles = tuple(Membership.objects.current().filter(user=user, partner=None).values_list("role", flat=True))
    if not roles:
        return None
    wide = any(REACH[role] is Reach.ALL for role in roles)
    return Actor(
        kind="user",
        label=user.email,
        user_id=user.id,
        permissions=frozenset().union(*(ROLES[role] for role in roles)),
        reach=Reach.ALL if wide else Reach.ASSIGNED,
        roles=roles,
    )


def partner_actor(user: User, partner_id: UUID | None = None) -> Actor | None:
    """The person at one partner (the given one, else the first); None where they belong to none."""
    own = (
        Membership.objects.current()
        .filter(user=user, partner__isnull=False)
        .exclude(partner__state="terminated")
    )
    chosen = own.filter(partner_id=partner_id).first() if partner_id else None
    chosen = chosen or own.select_related("partner").order_by("partner__name", "pk").first()
    return _at_partner(user, chosen) if chosen else None


def _at_partner(user: User, membership: Membership) -> Actor:
    assert membership.partner is not None
    actor = Actor(
        kind="user",
        label=user.email,
        user_id=user.id,
        permissions=ROLES[membership.role],
        reach=frozenset({membership.partner_id}),
        roles=(membership.role,),
        own_only=membership.role in SEE_OWN_IF_SO_SET and membership.partner.sellers_see_own_only,
    )
    return actor.read_only(VIEWING) if membership.partner.state == "suspended" else actor


def viewing_actor(user: User, view: PortalView) -> Actor:
    """A vendor's person looking at a partner's portal: everything to see, nothing to do."""
    return Actor(
        kind="user",
        label=user.email,
        user_id=user.id,
        permissions=VIEWING,
        reach=frozenset({view.partner_id}),
        viewing_as=view.partner_id,
    )


def key_actor(key: ApiKey, at: datetime) -> Actor | None:
    """The integration behind a key; None where the key, its person or its partner is out."""
    if key.revoked_at or key.expires_at <= at or not key.user.is_active:
        return None
    if key.partner_id is None:
        base = vendor_actor(key.user)
    elif key.partner and key.partner.state in ("suspended", "terminated"):
        base = None
    else:
        own = (
            Membership.objects.current()
            .filter(user=key.user, partner_id=key.partner_id)
            .select_related("partner")
        )
        base = _at_partner(key.user, own[0]) if own else None
    if base is None:
        return None
    permissions = base.permissions if key.may_write else base.permissions & READING
    return Actor(
        kind="key",
        label=f"key {key.prefix}",
        user_id=key.user_id,
        key_id=key.id,
        permissions=permissions,
        reach=base.reach,
        roles=base.roles,
        own_only=base.own_only,
    )


def nobody() -> Actor:
    return ANONYMOUS
