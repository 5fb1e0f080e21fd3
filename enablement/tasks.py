"""The daily job that tells of expired certifications, and of those that end soon."""

from datetime import date, datetime

from core.jobs import job
from enablement.actions import expire_certifications
from enablement.reminding import announce_anew


@job("enablement.expire_certifications")
def expire(day: date, at: datetime) -> dict[str, int]:
    return {"expired": expire_certifications(at=at), "announced": announce_anew(at=at)}
