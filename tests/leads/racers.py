"""Many who reach for one lead at the same instant, as `tests/deals/racers.py` lets them run."""

from __future__ import annotations

from pathlib import Path

from tests.deals.racers import AT, Ask, racers

__all__ = ["AT", "race"]
KINDS = {200: "done", 409: "conflict", 500: "broken"}


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


def race(what: str, keys: list[str], folder: Path) -> list[list[str]]:
    """Run all at once against the test's database; returns their outcomes."""
    running = racers(len(keys), folder)
    try:
        answers = running.race([Ask(f"{__name__}.{what}", body={"key": key}) for key in keys], AT, [])
    finally:
        running.close()
    return [[KINDS[answer.status], answer.words] for answer in answers]
