"""Many who reach for one lead at the same instant: processes on SQLite, threads on PostgreSQL.

As a script: `racers.py WHAT ID…`, as `tests/deals/racers.py`, whose ways of running they share.
"""

from __future__ import annotations

import sys
from typing import Any

from tests.deals import racers as shared
from tests.deals.racers import AT

__all__ = ["AT", "race"]


def take(key: str) -> str:
    """`key` is a lead and the person who takes it."""
    from accounts.actors import partner_actor
    from accounts.models import User
    from leads.actions import accept_lead
    from leads.models import Lead

    lead, user = key.split("/")
    actor = partner_actor(User.objects.get(pk=user))
    assert actor is not None
    return str(accept_lead(by=actor, lead=Lead(pk=lead), at=AT).partner_id)


def sweep(key: str) -> str:
    """One run of the job that passes leads on."""
    from datetime import timedelta

    from leads.actions import pass_on_overdue

    return str(pass_on_overdue(at=AT + timedelta(hours=48)))


shared.WORK |= {"take": take, "sweep": sweep}


def race(what: str, keys: list[str], folder: Any) -> list[list[str]]:
    """Run all at once against the test's database; returns their outcomes."""
    return shared.race(what, keys, folder, script=__file__)


if __name__ == "__main__":
    shared.main(sys.argv[1], sys.argv[2:])
