"""Long lists as files: asked for on the list, written by a worker, fetched by whoever asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from accounts.actors import partner_actor, vendor_actor
from core.actors import Actor
from core.errors import Conflict
from core.exports import BATCH, WRITERS
from core.jobs import doorbell
from core.list_page import ListPage
from core.saving import lock, save
from events.actions import record
from files import rules
from files.models import Export

Clock = Callable[[], datetime]
LEASE = timedelta(minutes=5)
MOST_OPEN = 3
log = structlog.get_logger(__name__)


class Cancelled(Exception):
    """Someone called the export off while it was written."""


@transaction.atomic
def start_export(*, by: Actor, address: str, query: str, kind: str, at: datetime) -> Export:
    """Ask for a list (its address and filters) as a file that a worker writes.

    Raises ValidationError (no such list), PermissionDenied (the list or its export), Conflict (too many at once).
    """
    if by.user_id is None or by.viewing_as:
        raise PermissionDenied(_("While you look at a portal nothing can be exported."))
    page = list_page(by, address, query)
    if Export.objects.filter(user=by.user_id, state__in=(rules.QUEUED, rules.RUNNING)).count() >= MOST_OPEN:
        words = _("%(n)s of your exports are being written. Wait for one, or cancel it.") % {"n": MOST_OPEN}
        raise Conflict(words, code="many")
    _filters, queryset = page.filtered()
    export = Export(
        user_id=by.user_id, partner_id=by.partner_id, title=str(page.title), address=address, query=query, kind=kind,
        of=queryset.order_by().count(), created_at=at,
    )  # fmt: skip
    save(export)
    record(
        "export.started", export, by=by, at=at, partner=export.partner, data={"list": address, "kind": kind}
    )
    transaction.on_commit(lambda: doorbell("files.tasks.write_exports"))
    return export


@transaction.atomic
def cancel_export(*, by: Actor, export: Export, at: datetime) -> Export:
    """Call off an export of one's own. Raises Conflict where it is finished."""
    if by.user_id != export.user_id or by.viewing_as:
        raise PermissionDenied(_("This export belongs to someone else."))
    return _move(export, "cancel", finished_at=at)


def list_page(actor: Actor, address: str, query: str) -> ListPage:
    """The list behind an address, as this actor sees it. Raises ValidationError, PermissionDenied."""
    try:
        match = resolve(address)
    except Resolver404:
        match = None
    view = getattr(match.func, "view_class", None) if match else None
    if match is None or view is None or not issubclass(view, ListPage):
        raise ValidationError({"address": _("There is no such list.")})
    page: ListPage = view(**getattr(match.func, "view_initkwargs", {}))
    page.setup(_request(actor, address, query), *match.args, **match.kwargs)
    if actor.is_vendor != (page.side != "portal"):
        raise ValidationError({"address": _("There is no such list.")})
    page.permit()
    page.permit_export()
    return page


def _request(actor: Actor, address: str, query: str) -> HttpRequest:
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", address, address
    request.GET = QueryDict(query)
    request.actor = actor  # type: ignore[attr-defined]
    return request


def write_waiting(*, now: Clock) -> int:
    """Write every export that waits, oldest first, each under a lease; returns how many were finished."""
    written = 0
    while export := _claim(now()):
        written += _write_safely(export, now)
    return written


@transaction.atomic
def _claim(at: datetime) -> Export | None:
    for waiting in Export.objects.waiting(at)[:5]:
        export = lock(waiting)
        if not Export.objects.waiting(at).filter(pk=export.pk).exists():
            continue
        if export.attempts >= rules.MOST_ATTEMPTS:
            words = _("It was begun %(n)s times and never finished.") % {"n": export.attempts}
            _move(export, "fail", finished_at=at, error=words)
            continue
        return _move(export, "start", attempts=export.attempts + 1, rows=0, lease_until=at + LEASE)
    return None


def _write_safely(export: Export, now: Clock) -> bool:
    """Write one and say how it ended; whatever happens to it, the next one is taken up."""
    try:
        error = _failed_because(export, now)
        _move(export, "fail" if error else "finish", finished_at=now(), error=error)
    except (Cancelled, Conflict):  # called off, or another worker was faster
        if Export.objects.filter(pk=export.pk, state=rules.CANCELLED).exists():
            default_storage.delete(export.path)
        return False
    return not error


def _failed_because(export: Export, now: Clock) -> str:
    """Write it; "" or, in words, why it could not be written. Raises Cancelled."""
    try:
        _write(export, now)
    except Cancelled:
        raise
    except (PermissionDenied, ValidationError):
        return _("You may no longer see this list.")
    except Exception:
        log.exception("export failed", export=str(export.pk))
        return _("It could not be written. Please try again.")
    return ""


def _write(export: Export, now: Clock) -> None:
    """The rows as whoever asked sees them now, first into a temporary file: what lies in its place is whole."""
    actor = _actor_of(export)
    page = list_page(actor, export.address, export.query)
    _filters, queryset = page.filtered()
    with TemporaryFile() as draft:
        WRITERS[export.kind](
            draft, page.name, [*page.columns], _watched(export, page.exported(queryset), now)
        )
        draft.seek(0)
        default_storage.delete(export.path)
        default_storage.save(export.path, File(draft))


def _actor_of(export: Export) -> Actor:
    user = export.user
    found = partner_actor(user, export.partner_id) if export.partner_id else vendor_actor(user)
    if found is None or not user.is_active or found.partner_id != export.partner_id:
        raise PermissionDenied
    return found


def _watched(export: Export, rows: Iterable[Any], now: Clock) -> Iterator[Any]:
    """The rows; how far it is gets noted on the way. Raises Cancelled once the export is called off."""
    position = 0
    for position, row in enumerate(rows, start=1):
        yield row
        if position % BATCH == 0:
            _note(export, BATCH, now())
    _note(export, position % BATCH, now())


def _note(export: Export, rows: int, at: datetime) -> None:
    running = Export.objects.filter(pk=export.pk, state=rules.RUNNING)
    if not running.update(rows=F("rows") + rows, lease_until=at + LEASE):
        raise Cancelled


@transaction.atomic
def _move(export: Export, move: str, **facts: Any) -> Export:
    export = lock(export)
    export.state = rules.EXPORT.after(export.state, move)
    for name, value in facts.items():
        setattr(export, name, value)
    return save(export)


def remove_old(*, at: datetime) -> int:
    """Exports and their files go after a week; returns how many."""
    old = Export.objects.filter(created_at__lt=at - timedelta(days=rules.DAYS_KEPT))
    for export in old:
        default_storage.delete(export.path)
    return int(old.delete()[0])
