"""The nightly recalculation, and the sweep over partners whose facts were touched."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import structlog
from celery import shared_task
from django.db import connection, transaction

from core import clock
from core.actors import SYSTEM
from core.jobs import job
from metrics.models import Touched
from tiers import rules
from tiers.actions import activate_due_versions, note_risks, recalculate
from tiers.actions.recalculation import due
from tiers.facts import at_window_edges, with_their_trees
from tiers.models import ProgramVersion, TierRun

SWEEP = 1_000
log = structlog.get_logger(__name__)


@job("tiers.recalculate")
def nightly(day: date, at: datetime) -> dict[str, Any]:
    """Announced versions whose day has come; whom events touched or the night's window edges; then all partners, which
    tells whether anybody was missed (TierRun.missed); then the risks of those that hold a tier."""
    activate_due_versions(at=at)
    catch_up(day, at)
    result = recalculate(by=SYSTEM, as_of=day, at=at, kind=rules.FULL)
    return {**result.as_json(), "at_risk": note_risks(as_of=day, at=at)}


def catch_up(day: date, at: datetime) -> int:
    """The incremental recalculation: who was touched, whose facts the passing of days may have changed since the last
    full run, and whose grace period or override is over. Returns how many partners it looked at."""
    looked_at = serve_requests(at)
    for version in ProgramVersion.objects.active().select_related("program"):
        last = TierRun.objects.filter(
            program=version.program, kind=rules.FULL, ended_at__isnull=False
        ).first()
        edges = at_window_edges(version, last.as_of, day) if last else None
        if edges is None:  # nothing to start from: the full run that follows looks at everybody
            continue
        partners = with_their_trees(edges) | due(version.program, day)
        recalculate(by=SYSTEM, as_of=day, at=at, partner_ids=partners, kind=rules.INCREMENTAL)
        looked_at += len(partners)
    return looked_at


@shared_task(name="tiers.tasks.recalculate_requested")
def recalculate_requested() -> None:
    """Look at the partners whose facts were touched, and at all where a new version came into force."""
    sweep(clock.now())


def sweep(at: datetime) -> int:
    """Serve the requests that lie there now; returns how many partners were looked at."""
    _look_at_all_of_a_new_version(at)
    return serve_requests(at)


def serve_requests(at: datetime) -> int:
    """Look at the partners whose facts were touched; returns how many."""
    served = 0
    while ids := list(Touched.objects.order_by("touched_at", "pk").values_list("pk", flat=True)[:SWEEP]):
        try:
            taken = _serve(ids, at)
        except Exception:
            log.exception("tier requests failed", requests=len(ids))
            return served + _serve_singly(ids, at)
        if not taken:  # another worker has them
            break
        served += taken
    return served


def _look_at_all_of_a_new_version(at: datetime) -> None:
    fresh = list(ProgramVersion.objects.active().never_run())
    if not fresh:
        return
    try:
        nightly(clock.day(at), at)
    except Exception:
        log.exception("recalculation of a new version failed", versions=[str(version) for version in fresh])


@transaction.atomic
def _serve(ids: list[UUID], at: datetime) -> int:
    """Take the requests away first, in the transaction that serves them.

    Whoever touches a partner from now on waits for us and then makes a new request; what was committed before is in
    the facts that we read. If we are killed, the requests are back.
    """
    requests = Touched.objects.filter(pk__in=ids)
    if connection.features.has_select_for_update:
        requests = requests.select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked
        )
    taken = {request.pk: request.partner_id for request in requests}
    Touched.objects.filter(pk__in=list(taken)).delete()
    on, partners = clock.day(at), with_their_trees(taken.values())
    recalculate(by=SYSTEM, as_of=on, at=at, partner_ids=partners, kind=rules.INCREMENTAL)
    note_risks(as_of=on, at=at, partner_ids=partners)
    return len(taken)


def _serve_singly(ids: list[UUID], at: datetime) -> int:
    served = 0
    for request_id in ids:
        try:
            served += _serve([request_id], at)
        except Exception:
            log.exception("tier request failed", request=str(request_id))
    return served
