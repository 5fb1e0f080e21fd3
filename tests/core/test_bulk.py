"""Many rows at once are what Django's own way of writing them makes of them."""

import gc
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from core import bulk
from core.ids import uuid7
from core.models import Mail
from partners.models import Contact, Partner

AT = datetime(2026, 12, 1, 9, 30, 15, 123456, tzinfo=UTC)


def letters(*keys: str, **facts) -> list[Mail]:
    said = {"letter": "x", "to_address": "a@b.example", "created_at": AT, **facts}
    return [Mail(key=key, **said) for key in keys]


def stored(row: Mail) -> dict:
    found = Mail.objects.get(pk=row.pk)
    return {
        f.attname: getattr(found, f.attname) for f in Mail._meta.concrete_fields if f.name != "changed_at"
    }


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {
            "ids": {"a": ['"', "\\", "'", "é", "\n", None, 1.5, {"b": True}]},
            "error": "a, \"b\"\t'c'\r\n \\N %s {} é",
        },
        {"lease_until": AT, "sent_at": AT, "attempts": 3, "state": Mail.SENT},
    ],
)
def test_a_row_is_the_one_that_save_makes(db, facts):
    (row,) = letters("one", **facts)
    bulk.write([row])
    written = stored(row)
    Mail.objects.all().delete()
    row.save(force_insert=True)
    assert stored(row) == written
    assert Mail.objects.get().changed_at is not None


def test_rows_written_together_changed_at_one_moment(db):
    rows = letters("one", "two", "three")
    bulk.write(rows)
    moments = set(Mail.objects.values_list("changed_at", flat=True))
    assert moments == {row.changed_at for row in rows}
    assert len(moments) == 1


def test_a_row_made_of_all_its_columns_is_what_the_model_makes(db):
    (usual,) = letters("one")
    values = {field.attname: getattr(usual, field.attname) for field in Mail._meta.concrete_fields}
    quick = bulk.made(Mail, **values)
    assert {name: getattr(quick, name) for name in values} == values
    assert quick._state.adding
    bulk.write([quick])
    assert Mail.objects.get() == usual
    del values["key"]
    with pytest.raises(KeyError):
        bulk.made(Mail, **values)


def test_the_collector_rests_and_wakes_again():
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), bulk.uncollected():
        assert not gc.isenabled()
        with bulk.uncollected():
            pass
        assert not gc.isenabled()
        1 / 0  # noqa: B018
    assert gc.isenabled()


def test_nothing_is_nothing(db):
    bulk.write([])
    assert not Mail.objects.exists()


def test_what_is_there_is_refused(db):
    bulk.write(letters("one", "two"))
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.write(letters("three", "one"))
    assert set(Mail.objects.values_list("key", flat=True)) == {"one", "two"}


def test_a_broken_reference_is_refused(db, northgate):
    lost = Contact(partner_id=uuid7(), name="A. Nurse", email="a@b.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.write([lost])
        transaction.get_connection().check_constraints()
    bulk.write([Contact(partner=northgate, name="A. Nurse", email="a@b.example")])
    assert Contact.objects.filter(partner=northgate, email="a@b.example").exists()


@pytest.mark.parametrize("n", [0, 1, 3_000])
def test_many_ids_are_one_parameter(northgate, albion, n):
    others = [uuid7() for _ in range(n)]
    assert set(Partner.objects.filter(pk__in=bulk.among([northgate.pk, *others]))) == {northgate}
    assert not Partner.objects.filter(pk__in=bulk.among(others)).exists()
    asked = bulk.Ids([northgate.pk, *others])
    assert list(asked.by_text.values()) == list(asked.ids)
    assert set(Partner.objects.filter(pk__in=asked.rows)) == {northgate}
