"""What an action may raise besides Django's ValidationError (400) and PermissionDenied (403)."""

from datetime import datetime
from typing import Any


class Conflict(Exception):
    """The input is right, the world is not: a closed move, a lost race (409)."""

    code = "conflict"
    status = 409

    def __init__(self, message: Any, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code

    def __str__(self) -> str:
        return str(self.message)


class Stale(Conflict):
    """Someone else changed the record since it was read (412)."""

    code = "stale"
    status = 412


class TooMany(Conflict):
    """So many of these are allowed in a stretch of time (429). `retry_at` says from when on it goes again."""

    code = "too_many"
    status = 429

    def __init__(self, message: Any, retry_at: datetime, code: str | None = None) -> None:
        super().__init__(message, code)
        self.retry_at = retry_at


class NotVisible(Exception):
    """A row that this actor may not see does not exist for it (404)."""
