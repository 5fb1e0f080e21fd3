"""The worker's part of imports: check line by line, then register in batches. A killed worker loses nothing.

A batch is one transaction: its registrations and what their lines say of them. A line that is done is not done again,
so another worker goes on where the first one stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import partner_actor, vendor_actor
from core.actors import Actor
from core.errors import Conflict, NotVisible
from core.saving import lock
from deals import rules
from deals.actions.answers import answers_left
from deals.actions.imports import _move, _note
from deals.actions.references import fingerprint
from deals.actions.registration import draft_deal, send_deal
from deals.imports.columns import Reading, facts_of
from deals.models import Deal, DealImport, DealImportRow

Clock = Callable[[], datetime]
LEASE = timedelta(minutes=5)
BATCH = 20
FUTURE = {rules.SUBMITTED: rules.WOULD_SUBMIT, rules.DRAFT: rules.WOULD_DRAFT}
log = structlog.get_logger(__name__)


class _TakenBack(Exception):
    """A line was only tried."""


def work_on_waiting(*, now: Clock) -> int:
    """Check and register all that waits, oldest first, each under a lease; returns how many were finished."""
    finished = 0
    while found := _claim(now()):
        finished += _work_safely(found, now)
    return finished


@transaction.atomic
def _claim(at: datetime) -> DealImport | None:
    for waiting in DealImport.objects.waiting(at)[:5]:
        found = lock(waiting)
        if not DealImport.objects.waiting(at).filter(pk=found.pk).exists():
            continue
        if found.attempts >= rules.MOST_ATTEMPTS:
            words = _("It was begun %(n)s times and never finished.") % {"n": found.attempts}
            _move(found, "fail", finished_at=at, error=words, lease_until=None)
            continue
        found.attempts, found.lease_until = found.attempts + 1, at + LEASE
        if found.state == rules.CHECKING:
            found.save(update_fields=["attempts", "lease_until"])
            return found
        return _move(found, "start", attempts=found.attempts, lease_until=found.lease_until)
    return None


def _work_safely(found: DealImport, now: Clock) -> bool:
    """Work on one file; whatever happens to it, the next one is taken up."""
    try:
        _work(found, now)
    except Conflict:  # called off, or another worker was faster
        return False
    except (PermissionDenied, NotVisible):
        _move(
            found, "fail", finished_at=now(), lease_until=None, error=_("You may no longer register deals.")
        )
    except Exception:
        log.exception("import failed", deal_import=str(found.pk))
        DealImport.objects.filter(pk=found.pk).at_work().update(lease_until=now())
        return False
    return True


def _work(found: DealImport, now: Clock) -> None:
    by = _actor_of(found)
    is_check = found.state == rules.CHECKING
    while rows := list(found.rows.filter(is_done=False)[:BATCH]):
        _batch(by, found, rows, is_check, now())
    if is_check:
        _limit(by, found, now())
        DealImportRow.objects.filter(deal_import=found).exclude(outcome=rules.REFUSED_ROW).update(
            is_done=False
        )
        _move(found, "note_check", lease_until=None, attempts=0)
        return
    done = _move(found, "finish", finished_at=now(), lease_until=None)
    _note(by, done, "finish", now(), {name: tally(done).get(key, 0) for name, key in COUNTED.items()})


COUNTED = {
    "submitted": rules.SUBMITTED,
    "drafts": rules.DRAFT,
    "known": rules.KNOWN,
    "refused": rules.REFUSED_ROW,
}


def tally(found: DealImport) -> dict[str, int]:
    """How many lines have which outcome; of a list's rows they are counted already."""
    counted = found if hasattr(found, "n_waiting") else DealImport.objects.counted().get(pk=found.pk)
    numbers = {outcome: getattr(counted, f"n_{outcome}") for outcome in rules.ROW_OUTCOMES}
    return {outcome: n for outcome, n in numbers.items() if n}


@transaction.atomic
def _batch(by: Actor, found: DealImport, rows: list[DealImportRow], is_check: bool, at: datetime) -> None:
    """Raises Conflict where the file was called off meanwhile."""
    if not DealImport.objects.filter(pk=found.pk, state=found.state).update(lease_until=at + LEASE):
        raise Conflict("called off")
    cells = Reading.of(by, found.partner)
    for row in rows:
        row.deal, row.outcome, row.problems = (_tried if is_check else _registered)(found, row, cells, at)
        row.is_done = True
        row.save(update_fields=["deal", "outcome", "problems", "is_done"])


Outcome = tuple[Deal | None, str, list[dict[str, str]]]


def _tried(found: DealImport, row: DealImportRow, cells: Reading, at: datetime) -> Outcome:
    """What would become of a line: it is registered, and taken back."""
    outcome: Outcome = (None, rules.REFUSED_ROW, [])
    try:
        with transaction.atomic():
            outcome = _registered(found, row, cells, at)
            raise _TakenBack
    except _TakenBack:
        deal, word, problems = outcome
        return (deal if word == rules.KNOWN else None), FUTURE.get(word, word), problems


def _registered(found: DealImport, row: DealImportRow, cells: Reading, at: datetime) -> Outcome:
    """Register a line by the one action; a line that is not complete becomes a draft and says what is missing."""
    try:
        facts = facts_of(row.values, cells)
    except ValidationError as error:
        return None, rules.REFUSED_ROW, _problems(error)
    if known := _same_before(cells, facts):
        return known, rules.KNOWN, []
    given: dict[str, Any] = {"by": cells.actor, "partner": found.partner, "at": at, "source": "csv", **facts}
    problems: list[dict[str, str]] = []
    try:
        if found.submits:
            try:
                with transaction.atomic():
                    return _told(send_deal(key=row.pk, **given), [])
            except ValidationError as error:
                problems = _problems(error)
        with transaction.atomic():
            return _told(draft_deal(**given), problems)
    except ValidationError as error:
        return None, rules.REFUSED_ROW, problems or _problems(error)
    except Conflict as error:
        return (
            None,
            rules.REFUSED_ROW,
            [{"column": "external_ref" if "reference" in error.code else "", "reason": str(error)}],
        )


def _told(deal: Deal, problems: list[dict[str, str]]) -> Outcome:
    if deal.is_repeat:
        return deal, rules.KNOWN, problems
    return deal, rules.DRAFT if deal.state == rules.DRAFT else rules.SUBMITTED, problems


def _same_before(cells: Reading, facts: dict[str, Any]) -> Deal | None:
    """The registration that said exactly the same: the same file twice does nothing twice, without references too."""
    if facts["external_ref"]:
        return None
    own = Deal.objects.visible_to(cells.actor).filter(partner=cells.partner)
    return own.filter(reference_facts=fingerprint(facts)).exclude(state=rules.DISCARDED).first()


def _limit(by: Actor, found: DealImport, at: datetime) -> None:
    """Of those that would be sent, what goes beyond the day's most would be kept as drafts."""
    left = answers_left(by, found.partner, at)
    if left is None:
        return
    beyond = [row.pk for row in found.rows.filter(outcome=rules.WOULD_SUBMIT)[left:]]
    reason = _("More complete registrations than can be sent a day: it would be kept as a draft.")
    rows = DealImportRow.objects.filter(pk__in=beyond)
    rows.update(outcome=rules.WOULD_DRAFT, problems=[{"column": "", "reason": reason}])


def _problems(error: ValidationError) -> list[dict[str, str]]:
    if not hasattr(error, "error_dict"):
        return [{"column": "", "reason": " ".join(error.messages)}]
    return [
        {"column": "" if name == NON_FIELD_ERRORS else name, "reason": " ".join(found.messages)}
        for name, errors in error.error_dict.items()
        for found in errors
    ]


def _actor_of(found: DealImport) -> Actor:
    """Whoever sent the file, as they may act now. Raises PermissionDenied."""
    user = found.user
    actor = vendor_actor(user) if found.is_of_vendor else partner_actor(user, found.partner_id)
    if (
        actor is None
        or not user.is_active
        or (not found.is_of_vendor and actor.partner_id != found.partner_id)
    ):
        raise PermissionDenied
    return actor
