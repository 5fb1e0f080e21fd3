"""Since when a fact counts: every window's edges, leap days, fiscal years and anniversaries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from catalog.models import Setting
from core.saving import save
from enablement.models import LearningPlan
from metrics import windows
from metrics.windows import (
    CALENDAR,
    ENROLMENT,
    FISCAL,
    LIFETIME,
    NOW,
    OF_A_DAY,
    TRAILING,
    before,
    counts,
    leaves_on,
    starts_after,
    within,
)
from partners.models import Contact, Partner
from tests.factories import make_partner

DAY = timedelta(days=1)
LEAP = date(2024, 2, 29)


@pytest.fixture
def april(program):
    """A vendor whose fiscal year begins in April."""
    return save(Setting(key="metric.fiscal_year_first_month", value=4))


@pytest.mark.parametrize(
    ("window", "as_of", "first"),
    [
        (TRAILING, date(2026, 11, 24), date(2025, 11, 25)),
        (TRAILING, LEAP, date(2023, 3, 1)),
        (TRAILING, date(2025, 2, 28), LEAP),
        (TRAILING, date(2025, 3, 1), date(2024, 3, 2)),
        (CALENDAR, date(2026, 1, 1), date(2026, 1, 1)),
        (CALENDAR, date(2026, 12, 31), date(2026, 1, 1)),
    ],
)
def test_a_window_begins_the_same_for_all(window, as_of, first):
    assert starts_after(window, as_of) == first - DAY
    assert counts(window, first, as_of)
    assert not counts(window, first - DAY, as_of)
    assert counts(window, as_of, as_of)
    assert not counts(window, as_of + DAY, as_of)


@pytest.mark.parametrize("window", [LIFETIME, NOW])
def test_whatever_came_before_counts_for_ever(window):
    assert starts_after(window, LEAP) is None
    assert counts(window, date(1999, 1, 1), LEAP)
    assert not counts(window, LEAP + DAY, LEAP)
    assert leaves_on(window, LEAP) is None


@pytest.mark.parametrize(
    ("as_of", "first"),
    [
        (date(2026, 3, 31), date(2025, 4, 1)),
        (date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 12, 31), date(2026, 4, 1)),
        (date(2027, 1, 1), date(2026, 4, 1)),
    ],
)
def test_a_fiscal_year_begins_in_the_month_that_the_program_sets(april, as_of, first):
    assert starts_after(FISCAL, as_of) == first - DAY
    assert before(FISCAL, as_of) == (date(first.year - 1, 3, 31), first - DAY)


def test_without_a_setting_the_fiscal_year_is_the_calendar_year(program):
    assert starts_after(FISCAL, date(2026, 11, 24)) == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("activated_on", "as_of", "first"),
    [
        (date(2023, 6, 15), date(2026, 6, 14), date(2025, 6, 15)),
        (date(2023, 6, 15), date(2026, 6, 15), date(2026, 6, 15)),
        (date(2026, 6, 15), date(2026, 11, 24), date(2026, 6, 15)),
        (LEAP, date(2025, 2, 27), LEAP),
        (LEAP, date(2025, 2, 28), date(2025, 2, 28)),
        (LEAP, date(2028, 2, 28), date(2027, 2, 28)),
        (LEAP, date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_an_enrolment_year_begins_on_the_anniversary(activated_on, as_of, first):
    assert starts_after(ENROLMENT, as_of, activated_on) == first - DAY


def test_who_is_not_enrolled_has_no_enrolment_year():
    for activated_on in (None, LEAP + DAY):
        assert not counts(ENROLMENT, LEAP, LEAP, activated_on)
        assert windows.why_out(ENROLMENT, LEAP, LEAP, activated_on)
        with pytest.raises(ValueError, match="no first day"):
            starts_after(ENROLMENT, LEAP, activated_on)


@pytest.mark.parametrize("window", [TRAILING, CALENDAR, FISCAL, ENROLMENT])
@pytest.mark.parametrize(
    "on", [date(2024, 2, 28), LEAP, date(2024, 3, 1), date(2024, 12, 31), date(2025, 4, 1)]
)
def test_a_fact_leaves_on_the_first_day_on_which_it_is_out(april, window, on):
    activated_on = date(2020, 2, 29)
    leaves = leaves_on(window, on, activated_on)
    assert not counts(window, on, leaves, activated_on)
    assert counts(window, on, leaves - DAY, activated_on)


@pytest.mark.parametrize("window", [TRAILING, CALENDAR, FISCAL])
def test_the_window_before_ends_where_this_one_begins(april, window):
    start, until = before(window, date(2026, 11, 24))
    assert until == starts_after(window, date(2026, 11, 24))
    assert start == until.replace(year=until.year - 1)


def test_every_window_has_a_name_and_a_sentence():
    assert set(windows.NAMES) == set(windows.SENTENCES) == set(windows.WINDOWS)
    assert all(str(windows.says(window)) for window in windows.WINDOWS)


EDGES = [date(year, month, day) for year in (2023, 2024, 2025) for month, day in
         ((1, 1), (2, 27), (2, 28), (3, 1), (3, 31), (4, 1), (11, 24), (11, 25), (12, 31))] + [LEAP]  # fmt: skip


def test_the_database_finds_what_the_calendar_says(april, at):
    enrolled = [LEAP, date(2023, 2, 28), date(2022, 3, 1), date(2022, 12, 31), date(2023, 1, 1), None]
    partners = []
    for number, activated_on in enumerate(enrolled):
        partner = make_partner(f"Partner {number}", at=at)
        signer = save(Contact(partner=partner, name="Sam", email=f"sam{number}@partner.example"))
        state = "active" if activated_on else "onboarding"
        Partner.objects.filter(pk=partner.pk).update(activated_on=activated_on, state=state)
        LearningPlan.objects.bulk_create(
            LearningPlan(partner=partner, signed_by=signer, signed_on=on, expires_on=on + DAY) for on in EDGES
        )
        partners.append((partner.pk, activated_on))
    for window in OF_A_DAY:
        for as_of in EDGES:
            found = LearningPlan.objects.filter(within(window, as_of, "signed_on"))
            assert set(found.values_list("partner", "signed_on")) == {
                (partner, on)
                for partner, activated_on in partners
                for on in EDGES
                if counts(window, on, as_of, activated_on)
            }, (window, as_of)
