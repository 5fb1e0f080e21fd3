"""The daily job that tells of expired certifications."""

from datetime import date, datetime

from core.jobs import job
from enablement.actions import expire_certifications


@job("enablement.expire_certifications")
def expire(day: date, at: datetime) -> dict[str, int]:
    return {"expired": expire_certifications(at=at)}
