"""What can be done with accounts: invite, join, change roles, deactivate, make keys, look at a portal."""

from __future__ import annotations

import secrets
import zlib
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ApiKey, Invitation, Membership, PortalView, User
from accounts.roles import PARTNER_ROLES, VENDOR_ROLES, Permission
from core import links, mail
from core.actors import SYSTEM, Actor
from core.clock import now
from core.errors import Conflict
from core.models import Vendor
from core.saving import lock, save
from events.actions import record

INVITATION_LIFE = timedelta(days=7)
INVITATION = "invitation"
KEY_LIFE = timedelta(days=90)
LONGEST_KEY_LIFE = timedelta(days=365)
VIEW_LIFE = timedelta(minutes=60)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@transaction.atomic
def add_user(
    *, by: Actor, email: str, name: str, at: datetime, password: str | None = None, **facts: Any
) -> User:
    """Make an account. Raises ValidationError (address taken, weak password)."""
    user = User(email=email.strip().casefold(), name=name.strip(), **facts)
    if password is None:
        user.set_unusable_password()
    else:
        validate_password(password, user)
        user.set_password(password)
    user.full_clean()
    user.save()
    record("user.added", user, by=by, at=at)
    return user


def create_administrator(*, email: str, password: str, name: str) -> User:
    """The first administrator of an installation, from the command line."""
    at = now()
    with transaction.atomic():
        user = add_user(by=SYSTEM, email=email, name=name, password=password, at=at)
        start_membership(by=SYSTEM, user=user, partner=None, role="administrator", at=at)
    return user


@transaction.atomic
def start_membership(*, by: Actor, user: User, partner: Any, role: str, at: datetime) -> Membership:
    """Give a person a role on the vendor's side (partner None) or at a partner. Raises ValidationError.

    The first partner of a person is its primary one, until it names another.
    """
    is_first = partner is not None and not Membership.objects.at_partners_of(user).exists()
    membership = save(Membership(user=user, partner=partner, role=role, is_primary=is_first, created_at=at))
    record("membership.started", membership, by=by, at=at, partner=partner, data={"role": role})
    return membership


@transaction.atomic
def change_role(*, by: Actor, membership: Membership, role: str, at: datetime) -> Membership:
    """Change a person's role on the side where it is. Raises ValidationError; the last admin stays one."""
    _must_manage(by, membership.partner)
    membership = lock(membership)
    _require_other_admin(membership)
    before, membership.role = membership.role, role
    save(membership)
    record("membership.role_changed", membership, by=by, at=at, partner=membership.partner,
           data={"from": before, "to": role})  # fmt: skip
    return membership


@transaction.atomic
def end_membership(*, by: Actor, membership: Membership, at: datetime) -> Membership:
    """Remove a person from a partner or from the vendor's side; it is out at its next request."""
    _must_manage(by, membership.partner)
    membership = lock(membership)
    if membership.ended_at:
        raise Conflict(_("This person has been removed already."), code="closed_move")
    if not by.is_system:
        _require_other_admin(membership)
    was_primary, membership.is_primary = membership.is_primary, False
    membership.ended_at = at
    save(membership)
    for key in ApiKey.objects.filter(user=membership.user, partner=membership.partner, revoked_at=None):
        _revoke(by, key, at)
    record(
        "membership.ended",
        membership,
        by=by,
        at=at,
        partner=membership.partner,
        data={"role": membership.role},
    )
    if was_primary:
        pass_on_primary(user=membership.user, leaving=membership.partner, at=at)
    return membership


@transaction.atomic
def name_primary(*, by: Actor, membership: Membership, at: datetime) -> Membership:
    """A person names the partner for which its certifications count from today; there is one at a time.

    Raises PermissionDenied for another person's membership, Conflict where it has ended or is the primary one already.
    """
    if by.user_id != membership.user_id or by.viewing_as:
        raise PermissionDenied(_("Only the person itself names its primary partner."))
    lock(membership.user)
    membership = lock(membership)
    if membership.ended_at or membership.partner is None:
        raise Conflict(_("This person has been removed already."), code="closed_move")
    if membership.is_primary:
        raise Conflict(_("This is your primary partner already."), code="closed_move")
    return _make_primary(by, membership, at)


@transaction.atomic
def pass_on_primary(*, user: User, leaving: Any, at: datetime) -> Membership | None:
    """Whoever leaves its primary partner has the one where it has been longest as the next; None without any."""
    memberships = Membership.objects.at_partners_of(user)
    if memberships.filter(is_primary=True).exclude(partner=leaving).exists():
        return None
    following = memberships.exclude(partner=leaving).exclude(partner__state="terminated").first()
    return _make_primary(SYSTEM, following, at) if following else None


def _make_primary(by: Actor, membership: Membership, at: datetime) -> Membership:
    """Two events, neither naming the other partner."""
    for earlier in Membership.objects.at_partners_of(membership.user).filter(is_primary=True):
        earlier.is_primary = False
        save(earlier)
        record("membership.no_longer_primary", earlier, by=by, at=at, partner=earlier.partner)
    membership.is_primary = True
    save(membership)
    record("membership.made_primary", membership, by=by, at=at, partner=membership.partner)
    return membership


def _require_other_admin(membership: Membership) -> None:
    """A side keeps at least one who can manage it. Raises Conflict."""
    if membership.role not in ("partner_admin", "administrator"):
        return
    same = Membership.objects.current().filter(partner=membership.partner, role=membership.role)
    if not same.exclude(pk=membership.pk).exists():
        raise Conflict(_("This is the last admin. Make someone else an admin first."), code="last_admin")


def _must_manage(by: Actor, partner: Any) -> None:
    if partner is None:
        by.must(Permission.USER_MANAGE)
    else:
        by.must(Permission.TEAM_INVITE, on=partner)


@transaction.atomic
def invite(*, by: Actor, partner: Any, email: str, name: str, role: str, at: datetime) -> Invitation:
    """Offer a membership by mail. An open invitation of the same address is replaced. Raises ValidationError."""
    _must_manage(by, partner)
    email = email.strip().casefold()
    if role not in (PARTNER_ROLES if partner else VENDOR_ROLES):
        raise ValidationError({"role": _("This role belongs to the other side.")})
    if Membership.objects.current().filter(user__email=email, partner=partner).exists():
        raise ValidationError({"email": _("This person belongs to your team already.")})
    for earlier in Invitation.objects.filter(partner=partner, email=email, state=Invitation.OPEN):
        _close(by, earlier, Invitation.REVOKED, at)
    invitation = save(
        Invitation(
            partner=partner,
            email=email,
            name=name,
            role=role,
            expires_at=at + INVITATION_LIFE,
            invited_by_id=by.user_id,
            created_at=at,
        )
    )
    links.make(INVITATION, invitation.id, at=at, life=INVITATION_LIFE)
    mail.send("account.invitation", at=at, to_address=email, invitation=invitation.id)
    record("invitation.sent", invitation, by=by, at=at, partner=partner, data={"role": role})
    return invitation


@transaction.atomic
def revoke_invitation(*, by: Actor, invitation: Invitation, at: datetime) -> Invitation:
    """Take an open invitation back; its link stops working."""
    _must_manage(by, invitation.partner)
    return _close(by, lock(invitation), Invitation.REVOKED, at)


def _close(
    by: Actor, invitation: Invitation, state: str, at: datetime, accepted_by: User | None = None
) -> Invitation:
    if invitation.state != Invitation.OPEN:
        raise Conflict(_("This invitation is closed already."), code="closed_move")
    invitation.state = state
    invitation.accepted_by = accepted_by
    save(invitation)
    if state == Invitation.REVOKED:
        links.revoke(INVITATION, invitation.id, at=at)
        record(
            "invitation.revoked",
            invitation,
            by=by,
            at=at,
            partner=invitation.partner,
            data={"role": invitation.role},
        )
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str, at: datetime) -> Membership:
    """Join by a single-use link. A new address gets an account with the password; a known one keeps its own.

    Raises Conflict when the link is closed, ValidationError for a weak password. The invitation's role counts.
    """
    link = links.find(token, INVITATION, at=at)
    links.use(link, at=at)
    invitation = lock(Invitation(pk=link.subject_id))
    user = User.objects.filter(email=invitation.email).first()
    if user is None:
        user = add_user(by=SYSTEM, email=invitation.email, name=name, password=password, at=at)
    elif not user.is_active or not user.check_password(password):
        raise ValidationError({"password": _("This address has an account. Enter its password to join.")})
    _close(SYSTEM, invitation, Invitation.ACCEPTED, at, accepted_by=user)
    actor = Actor(kind="user", label=user.email, user_id=user.id)
    return start_membership(by=actor, user=user, partner=invitation.partner, role=invitation.role, at=at)


@transaction.atomic
def deactivate_user(*, by: Actor, user: User, at: datetime, reason: str = "") -> User:
    """Close an account: out at the next request everywhere, keys revoked, sessions gone."""
    by.must(Permission.USER_MANAGE)
    if user.id == by.user_id:
        raise Conflict(_("You cannot close your own account."), code="own_account")
    user = lock(user)
    if not user.is_active:
        raise Conflict(_("This account is closed already."), code="is_closed")
    user.is_active = False
    user.version += 1
    user.save()
    end_sessions(user)
    for key in ApiKey.objects.filter(user=user, revoked_at=None):
        _revoke(by, key, at)
    record("user.deactivated", user, by=by, at=at, data={"reason": reason})
    return user


@transaction.atomic
def reactivate_user(*, by: Actor, user: User, at: datetime) -> User:
    """Open a closed account again."""
    by.must(Permission.USER_MANAGE)
    user = lock(user)
    if user.is_active:
        raise Conflict(_("This account is open."), code="is_open")
    user.is_active = True
    user.version += 1
    user.save()
    record("user.reactivated", user, by=by, at=at)
    return user


def end_sessions(user: User, keep: str | None = None) -> None:
    """End a person's sessions (all but the one to keep)."""
    for session in Session.objects.all().iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk) and session.session_key != keep:
            session.delete()


@transaction.atomic
def create_key(
    *,
    by: Actor,
    user: User,
    partner: Any,
    name: str,
    at: datetime,
    may_write: bool = True,
    life: timedelta = KEY_LIFE,
) -> tuple[ApiKey, str]:
    """Make an API key; the text is returned once and stored as a hash. Raises ValidationError."""
    by.must(Permission.KEY_MANAGE, on=partner)
    if partner is None and not by.is_vendor:
        raise PermissionDenied(_("Your role does not allow this."))
    if not timedelta() < life <= LONGEST_KEY_LIFE:
        raise ValidationError({"life": _("A key lives for at most 365 days.")})
    body = "".join(secrets.choice(ALPHABET) for _i in range(32))
    text = f"prm_{body}_{checksum(body)}"
    key = save(
        ApiKey(
            user=user,
            partner=partner,
            name=name,
            prefix=text[:12],
            digest=digest(text),
            may_write=may_write,
            expires_at=at + life,
            created_at=at,
        )
    )
    record(
        "key.created", key, by=by, at=at, partner=partner, data={"prefix": key.prefix, "writes": may_write}
    )
    return key, text


@transaction.atomic
def revoke_key(*, by: Actor, key: ApiKey, at: datetime) -> ApiKey:
    """The key is refused from now on."""
    by.must(Permission.KEY_MANAGE, on=key)
    return _revoke(by, lock(key), at)


def _revoke(by: Actor, key: ApiKey, at: datetime) -> ApiKey:
    if key.revoked_at:
        raise Conflict(_("This key is revoked already."), code="closed_move")
    key.revoked_at = at
    save(key)
    record("key.revoked", key, by=by, at=at, partner=key.partner, data={"prefix": key.prefix})
    return key


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def checksum(body: str) -> str:
    """Six characters that a mistyped key fails without a query."""
    value, out = zlib.crc32(body.encode()), ""
    for _i in range(6):
        value, rest = divmod(value, 62)
        out += ALPHABET[rest]
    return out


@transaction.atomic
def view_portal_as(*, by: Actor, partner: Any, reason: str, at: datetime) -> PortalView:
    """Look at the portal as a partner sees it: read-only, for an hour, known to the partner."""
    by.must(Permission.PARTNER_IMPERSONATE, on=partner)
    view = save(
        PortalView(user_id=by.user_id, partner=partner, reason=reason, ends_at=at + VIEW_LIFE, created_at=at)
    )
    record("portal.viewed_as", partner, by=by, at=at, partner=partner, data={"ends_at": view.ends_at})
    return view


@transaction.atomic
def stop_viewing(*, by: Actor, view: PortalView, at: datetime) -> PortalView:
    """End the look at a portal. A second time changes nothing."""
    view = lock(view)
    if view.stopped_at is None:
        view.stopped_at = at
        save(view)
        record("portal.view_ended", view.partner, by=by, at=at, partner=view.partner)
    return view


@transaction.atomic
def change_profile(*, by: Actor, user: User, at: datetime, **facts: Any) -> User:
    """A person changes its own name, time zone or appearance. Raises PermissionDenied for another's."""
    if by.user_id != user.id or by.viewing_as:
        raise PermissionDenied(_("You can change your own profile only."))
    user = lock(user)
    changed = [name for name, value in facts.items() if getattr(user, name) != value]
    for name, value in facts.items():
        setattr(user, name, value)
    user.version += 1
    user.full_clean()
    user.save()
    record("user.changed", user, by=by, at=at, data={"changed": changed})
    return user


@transaction.atomic
def change_vendor(*, by: Actor, vendor: Vendor, at: datetime, **facts: Any) -> Vendor:
    """Change how the vendor shows itself. Raises ValidationError (colour, time zone)."""
    by.must(Permission.SETTINGS_EDIT)
    vendor = lock(vendor)
    changed = [name for name, value in facts.items() if getattr(vendor, name) != value]
    for name, value in facts.items():
        setattr(vendor, name, value)
    save(vendor)
    record("vendor.changed", vendor, by=by, at=at, data={"changed": changed})
    return vendor
