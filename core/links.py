"""Single-use action links. The token is an HMAC of the row's id: nothing secret is stored."""

import base64
import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict
from core.models import ActionLink
from core.saving import lock, save

LIFE = timedelta(hours=72)


def make(purpose: str, subject_id: UUID, *, at: datetime, life: timedelta = LIFE) -> ActionLink:
    """A new link; links of the same purpose and subject that were not used are revoked."""
    revoke(purpose, subject_id, at=at)
    return save(ActionLink(purpose=purpose, subject_id=subject_id, created_at=at, expires_at=at + life))


def revoke(purpose: str, subject_id: UUID, *, at: datetime) -> None:
    open_links = ActionLink.objects.filter(
        purpose=purpose, subject_id=subject_id, used_at=None, revoked_at=None
    )
    open_links.update(revoked_at=at)


def token(link: ActionLink) -> str:
    """The secret part of the link's address."""
    return _encode(link.id.bytes) + "." + _encode(_mac(link))


def find(value: str, purpose: str, *, at: datetime) -> ActionLink:
    """The open link of a token. Raises Conflict when it is unknown, used, revoked or expired (one answer)."""
    head, _dot, tail = value.partition(".")
    try:
        link = ActionLink.objects.get(pk=UUID(bytes=base64.urlsafe_b64decode(head + "==")), purpose=purpose)
    except (ActionLink.DoesNotExist, ValueError):
        raise _closed() from None
    genuine = hmac.compare_digest(_encode(_mac(link)), tail)
    if not genuine or link.used_at or link.revoked_at or link.expires_at <= at:
        raise _closed()
    return link


def use(link: ActionLink, *, at: datetime) -> ActionLink:
    """Mark as used, once. Raises Conflict for the second of two at the same time."""
    link = lock(link)
    if link.used_at or link.revoked_at:
        raise _closed()
    link.used_at = at
    return save(link)


def _closed() -> Conflict:
    return Conflict(_("This link has been used or has expired. Ask for a new one."), code="link_closed")


def _mac(link: ActionLink) -> bytes:
    text = f"{link.purpose}:{link.id}:{link.subject_id}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), sha256).digest()[:24]


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
