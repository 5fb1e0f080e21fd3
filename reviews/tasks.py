"""The daily job that keeps each quarter's reviews on the calendar."""

from datetime import date, datetime

from core.jobs import job
from reviews.actions import schedule_quarter


@job("reviews.schedule_quarter")
def schedule_quarter_daily(day: date, at: datetime) -> dict[str, int]:
    return schedule_quarter(at=at)
