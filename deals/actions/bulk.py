"""Approving many at once: first what would happen, row by row, then each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.errors import Conflict
from core.saving import one_transaction, require_version
from deals import conflict
from deals.actions.decisions import approve_deal
from deals.actions.protections import lock_claim, lock_claims_of
from deals.models import Deal

MOST_AT_ONCE = 100
Choice = tuple[Deal, int | str]


@dataclass(frozen=True)
class Outcome:
    """What became, or would become, of one row: protected until a day, or left as it is for a reason."""

    deal: Deal
    until: date | None = None
    refused: str = ""
    code: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def is_approved(self) -> bool:
        return not self.refused


def approve_deals(*, by: Actor, choices: Iterable[Choice], at: datetime) -> list[Outcome]:
    """Approve registrations as they were seen: (row, version) each. One that is refused, or that somebody changed
    meanwhile, is left as it is and says why; the others go on. Sent again, what was approved is left as it is.
    """
    by.must(Permission.DEAL_DECIDE)
    return [_approve(by, deal, version, at) for deal, version in choices]


@transaction.atomic
def preview_approvals(*, by: Actor, choices: Iterable[Choice], at: datetime) -> list[Outcome]:
    """What `approve_deals` would do, two rivals among the choices included: it is done, and taken back.

    All in one transaction: so the partners and trees of all are locked before the first is looked at.
    """
    choices = list(choices)
    lock_claims_of([deal for deal, _version in choices])
    outcomes = approve_deals(by=by, choices=choices, at=at)
    transaction.set_rollback(True)
    return outcomes


def _approve(by: Actor, deal: Deal, version: int | str, at: datetime) -> Outcome:
    warnings = tuple(warnings_about(deal, by, at))
    try:
        with one_transaction():
            fresh = lock_claim(deal)
            require_version(fresh, version)
            approved = approve_deal(by=by, deal=fresh, at=at)
    except Conflict as refused:
        return Outcome(deal, refused=str(refused), code=refused.code, warnings=warnings)
    except PermissionDenied as denied:
        return Outcome(deal, refused=str(denied), code="permission_denied", warnings=warnings)
    except ValidationError as wrong:
        return Outcome(deal, refused=" ".join(wrong.messages), code="invalid", warnings=warnings)
    return Outcome(deal, until=approved.protected_until, warnings=warnings)


def warnings_about(deal: Deal, by: Actor, at: datetime) -> Iterable[str]:
    """What somebody who approves many at once should look at first."""
    if deal.conflict_verdict in ("hard", "review"):
        words = _("Conflict score %(score)s: %(verdict)s")
        yield words % {
            "score": f"{deal.conflict_score:.0f}",
            "verdict": conflict.VERDICT_WORDS[deal.conflict_verdict],
        }
    if deal.includes_below:
        yield _("It claims everything that belongs to the customer")
    if deal.assigned_to_id and deal.assigned_to_id != by.user_id:
        yield _("%(name)s has it") % {"name": deal.assigned_to}
    if deal.expected_close_on and deal.expected_close_on < deal.day_of(at):
        yield _("Its expected close has passed")
