"""Two standings of one partner in one program never overlap: the database refuses them, whoever writes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core.errors import Conflict
from core.saving import save
from tests.tiers.factories import content, make_program, make_version
from tiers.models import Standing

pytestmark = pytest.mark.django_db
JAN, MAR, MAY, JUL = (date(2026, month, 1) for month in (1, 3, 5, 7))


@pytest.fixture
def hold(northgate, version):
    """A standing written past all actions."""

    def held(starts_on, ends_on, version=version, partner=northgate):
        tier = version.tiers.get(code="silver")
        with transaction.atomic():
            return Standing.objects.bulk_create(
                [Standing(partner=partner, program=version.program, tier=tier, starts_on=starts_on, ends_on=ends_on,
                          reason="initial")]
            )  # fmt: skip

    return held


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(JAN, MAY), (MAR, JUL), (MAY, None), (JAN, None), (JAN, JUL), (date(2026, 3, 2), date(2026, 3, 3))],
)
def test_what_overlaps_is_refused(hold, starts_on, ends_on):
    hold(MAR, MAY) if ends_on else hold(MAR, None)
    with pytest.raises(IntegrityError):
        hold(starts_on, ends_on)
    assert Standing.objects.count() == 1


@pytest.mark.parametrize(
    ("starts_on", "ends_on"), [(JAN, MAR), (MAY, JUL), (MAR, MAR), (date(2026, 4, 1),) * 2]
)
def test_what_touches_or_holds_on_no_day_is_fine(hold, starts_on, ends_on):
    hold(MAR, MAY)
    hold(starts_on, ends_on)
    assert Standing.objects.count() == 2


def test_another_program_or_partner_is_another_matter(hold, albion, version):
    hold(MAR, None)
    hold(MAR, None, partner=albion)
    hold(MAR, None, version=make_version(content(), make_program("value", "Value", 2)))
    assert Standing.objects.count() == 3


def test_a_row_that_is_moved_over_another_is_refused(hold):
    (first,) = hold(JAN, MAR)
    hold(MAR, MAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Standing.objects.filter(pk=first.pk).update(ends_on=date(2026, 4, 1))
    first.ends_on = date(2026, 4, 1)
    with pytest.raises(Conflict):
        save(first)
