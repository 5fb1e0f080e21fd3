"""The people at partners."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions import pass_on_primary
from accounts.models import User
from accounts.roles import Permission
from core.actors import Actor
from core.clock import day
from core.saving import lock, save
from events.actions import record
from partners.actions.changes import with_facts
from partners.models import Contact, Partner


@transaction.atomic
def add_contact(
    *, by: Actor, partner: Partner, name: str, at: datetime, user: User | None = None, **facts: Any
) -> Contact:
    """Record a person at a partner. Raises ValidationError (an address is taken)."""
    by.must(Permission.PERSON_EDIT, on=partner)
    if user and (known := Contact.objects.current().filter(partner=partner, email=user.email).first()):
        return _join_account(known, user)
    facts.setdefault("is_main", not partner.contacts.current().filter(is_main=True).exists())
    contact = save(Contact(partner=partner, name=name, user=user, created_at=at, **facts))
    record("contact.added", contact, by=by, at=at, partner=partner)
    return contact


def _join_account(contact: Contact, user: User) -> Contact:
    contact.user = user
    return save(contact)


@transaction.atomic
def change_contact(*, by: Actor, contact: Contact, at: datetime, **facts: Any) -> Contact:
    """Change a person's facts. Raises ValidationError."""
    by.must(Permission.PERSON_EDIT, on=contact)
    contact, changed = with_facts(lock(contact), facts)
    save(contact)
    record("contact.changed", contact, by=by, at=at, partner=contact.partner, data={"changed": changed})
    return contact


@transaction.atomic
def note_departure(*, by: Actor, contact: Contact, at: datetime) -> Contact:
    """The person left the partner: certifications held there stop counting."""
    by.must(Permission.PERSON_EDIT, on=contact)
    contact = lock(contact)
    contact.left_on, contact.is_main = day(at), False
    save(contact)
    record("contact.left", contact, by=by, at=at, partner=contact.partner)
    if contact.user:
        pass_on_primary(user=contact.user, leaving=contact.partner, at=at)
    return contact
