"""The daily job that tells of gates that ran out."""

from datetime import date, datetime

from compliance.actions import expire_gates
from core.jobs import job


@job("compliance.expire_gates")
def expire(day: date, at: datetime) -> dict[str, int]:
    return {"expired": expire_gates(at=at)}
