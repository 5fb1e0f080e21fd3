"""The same request sent again gets the same answer: for forms and for the API, in the work's own transaction."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict
from core.models import IdempotencyKey
from core.saving import one_transaction


class KeyReused(Conflict):
    """The key was used for another request (422)."""

    code = "idempotency_key_reused"
    status = 422


@dataclass(frozen=True)
class Answer:
    """What was answered: status, JSON body, and where to go."""

    status: int
    body: Any = None
    location: str = ""
    replayed: bool = False


def require_key(key: str) -> None:
    """Raise ValidationError unless the key is 1 to 255 printable ASCII characters."""
    if not (0 < len(key) <= 255 and key.isascii() and key.isprintable()):
        raise ValidationError({"Idempotency-Key": _("Use 1 to 255 printable characters.")})


def once(*, actor: Actor, place: str, key: str, request: Any, work: Callable[[], Answer]) -> Answer:
    """Do the work at most once per actor, place and key, in one transaction with the stored answer.

    A repeat with the same request gets the stored answer; with another one KeyReused (422); while the first is
    still at work, Conflict (409). A failure rolls back and frees the key.
    """
    if not key:
        with one_transaction():
            return work()
    scope, fingerprint = _scope(actor, place, key), _hash(request)
    with one_transaction():
        _take(scope)
        if kept := _kept(scope, fingerprint):
            return kept
        answer = work()
        body = json.dumps(answer.body, default=str)
        IdempotencyKey.objects.create(
            scope=scope, fingerprint=fingerprint, status=answer.status, body=body, location=answer.location
        )
        return answer


def answer_of(*, actor: Actor, place: str, key: str, request: Any) -> Answer | None:
    """What was answered to this request before, for work whose parts are transactions of their own; it gives its
    answer to `once` when it is done. Raises KeyReused (422).
    """
    return _kept(_scope(actor, place, key), _hash(request)) if key else None


def _scope(actor: Actor, place: str, key: str) -> str:
    require_key(key)
    return _hash([str(actor.key_id or actor.user_id or actor.kind), str(actor.partner_id), place, key])


def _kept(scope: str, fingerprint: str) -> Answer | None:
    kept = IdempotencyKey.objects.filter(scope=scope).first()
    if kept is None:
        return None
    if kept.fingerprint != fingerprint:
        raise KeyReused(_("This Idempotency-Key was used for another request."))
    return Answer(kept.status, json.loads(kept.body or "null"), kept.location, replayed=True)


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _take(scope: str) -> None:
    """Hold the scope until the transaction ends (SQLite: the transaction is the lock)."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        number = int(scope[:15], 16)
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise Conflict(
                _("The same request is still being worked on. Try again in a second."), code="in_progress"
            )
