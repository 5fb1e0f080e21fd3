"""The log: append-only, sealed, and shown to a partner only in the part that is meant for it."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.actors import partner_actor, vendor_actor
from core.actors import SYSTEM
from core.appendonly import lifted
from events.actions import first_broken_seal, record, seal_events
from events.models import Event, EventSeal
from partners.actions import change_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(northgate, at):
    change_partner(by=SYSTEM, partner=northgate, at=at, is_strategic=True)
    return Event.objects.get(type="partner.changed")


def test_an_event_is_never_changed(change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=change.pk).update(type="partner.added")


def test_an_event_is_never_deleted(change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=change.pk).delete()


def test_an_undeclared_type_or_key_is_a_programming_error(northgate, at):
    with pytest.raises(KeyError):
        record("partner.danced", northgate, by=SYSTEM, at=at)
    with pytest.raises(ValueError, match="colour"):
        record("partner.resumed", northgate, by=SYSTEM, at=at, data={"colour": "red"})


def test_the_seal_covers_every_event_once(change, at):
    sealed = seal_events(at=at)
    assert sealed == Event.objects.count() == EventSeal.objects.count() > 0
    assert seal_events(at=at) == 0
    assert first_broken_seal() is None


@pytest.mark.parametrize("tamper", ["data", "type", "actor", "missing", "swapped"])
@pytest.mark.django_db(transaction=True)
def test_tampering_breaks_the_seal(northgate, at, tamper):
    change_partner(by=SYSTEM, partner=northgate, at=at, is_strategic=True)
    seal_events(at=at)
    assert first_broken_seal() is None
    table = Event._meta.db_table
    target = Event.objects.get(type="partner.changed")
    other = Event.objects.exclude(pk=target.pk).first()
    statements = {
        "data": f"UPDATE {table} SET data = '{{}}' WHERE type = 'partner.changed'",
        "type": f"UPDATE {table} SET type = 'partner.added' WHERE type = 'partner.changed'",
        "actor": f"UPDATE {table} SET actor_kind = 'user' WHERE type = 'partner.changed'",
        "missing": f"DELETE FROM {table} WHERE type = 'partner.changed'",
        "swapped": "UPDATE events_eventseal SET sequence = sequence + 1000 WHERE sequence = 2",
    }
    assert other is not None
    with lifted(), connection.cursor() as cursor:
        cursor.execute(statements[tamper])
        assert cursor.rowcount == 1
    assert first_broken_seal() is not None


def test_a_partner_sees_its_own_part_alone(northgate, albion, priya, maya, at):
    change_partner(by=SYSTEM, partner=northgate, at=at, is_strategic=True)
    change_partner(by=SYSTEM, partner=albion, at=at, is_strategic=True)
    own = Event.objects.visible_to(partner_actor(priya))
    assert own.filter(type="partner.changed").count() == 1
    assert set(own.values_list("partner", flat=True)) == {northgate.pk}
    internal = Event.objects.filter(type="user.added")
    assert internal.exists()
    assert not own.filter(type="user.added").exists()
    assert Event.objects.visible_to(vendor_actor(maya)).filter(type="partner.changed").count() == 1
