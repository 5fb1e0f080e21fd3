"""Standings of a partner in a program never overlap: the database itself refuses, on both engines."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import Conflict
from core.saving import save
from tests.tiers.factories import make_program
from tiers.models import Standing, Tier

pytestmark = pytest.mark.django_db
SPRING, SUMMER, AUTUMN, WINTER = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1), date(2026, 12, 1)


@pytest.fixture
def standing(northgate, version):
    """A standing past every check but the database's."""
    tier = Tier.objects.get(program_version=version, code="gold")

    def made(starts_on, ends_on, **facts):
        known = {"partner": northgate, "program": version.program, "tier": tier, "reason": "evaluation"}
        return Standing(**{**known, **facts}, starts_on=starts_on, ends_on=ends_on)

    return made


def insert(*rows):
    with transaction.atomic():
        return Standing.objects.bulk_create(rows)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(SPRING, AUTUMN), (SUMMER, WINTER), (SUMMER, AUTUMN), (SPRING, WINTER), (date(2026, 8, 31), None)],
)
def test_days_that_overlap_are_refused(standing, starts_on, ends_on):
    insert(standing(SUMMER, AUTUMN))
    with pytest.raises(IntegrityError, match="never_overlaps"):
        insert(standing(starts_on, ends_on))
    assert Standing.objects.count() == 1


def test_days_that_touch_are_fine(standing):
    insert(standing(SPRING, SUMMER), standing(SUMMER, AUTUMN), standing(AUTUMN, None))
    assert Standing.objects.in_force(SUMMER).count() == 1


def test_a_standing_that_was_replaced_on_its_day_is_fine_within_another(standing):
    insert(standing(SPRING, AUTUMN), standing(SUMMER, SUMMER))
    insert(standing(SUMMER, SUMMER))
    assert Standing.objects.in_force(SUMMER).count() == 1


def test_a_change_that_overlaps_is_refused(standing):
    first, _second = insert(standing(SPRING, SUMMER), standing(SUMMER, AUTUMN))
    with pytest.raises(IntegrityError, match="never_overlaps"), transaction.atomic():
        Standing.objects.filter(pk=first.pk).update(ends_on=WINTER)
    Standing.objects.filter(pk=first.pk).update(ends_on=date(2026, 5, 1))


def test_other_partners_and_other_programs_are_no_overlap(standing, albion):
    insert(standing(SPRING, None), standing(SPRING, None, partner=albion))
    insert(standing(SPRING, None, program=make_program("care", "Care", position=2)))


def test_who_saves_an_overlap_reads_it_in_words(standing):
    insert(standing(SUMMER, AUTUMN))
    with pytest.raises(Conflict, match="Another one holds on these days already."):
        save(standing(SPRING, WINTER))


def test_the_constraint_is_the_engine_s_own(version):
    """An exclusion constraint on PostgreSQL, a trigger on SQLite."""
    sql = {
        "postgresql": "SELECT conname FROM pg_constraint WHERE contype = 'x'",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = {row[0] for row in cursor.fetchall()}
    assert any(name.startswith("tiers_standing_never_overlaps") for name in names)
