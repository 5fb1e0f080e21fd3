"""How often something may be done in a window of time, counted in the cache that all processes share."""

from datetime import datetime
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest

from core.errors import Conflict


class TooMany(Conflict):
    """More than a person would send (429)."""

    code = "too_many"
    status = 429


def allowed(what: str, who: str, *, most: int, seconds: int, at: datetime) -> bool:
    """Count one more; False once it is more than `most` in the current window. Nothing about `who` is readable."""
    window = int(at.timestamp()) // seconds
    key = f"limit:{what}:{sha256(who.encode()).hexdigest()[:32]}:{window}"
    count = int(cache.get(key, 0)) + 1
    cache.set(key, count, seconds)
    return count <= most


def address_of(request: HttpRequest) -> str:
    """The address a request came from, as the outermost trusted proxy says."""
    return str(request.META.get("REMOTE_ADDR", ""))
