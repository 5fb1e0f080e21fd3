"""Arithmetic that every database does alike: whole numbers, rounded as the rules say."""

from typing import Any

from django.db.models import BigIntegerField, Case, Count, Max, Q, Value, When
from django.db.models.functions import Cast, Coalesce


def whole(number: Any) -> Any:
    """As a whole number: PostgreSQL's sums of large numbers are decimals."""
    return Cast(number, BigIntegerField())


def floor_of(number: Any, by: int) -> Any:
    """A whole number divided downwards, below zero too (databases cut towards zero)."""
    number = whole(number)
    rest = (number % by + by) % by
    return whole((number - rest) / by)


def rounded(part: Any, by: Any) -> Any:
    """part / by, rounded half up, of whole numbers that are not below zero; NULL where `by` is."""
    return whole((part * 2 + by) / (by * 2))


def or_zero(number: Any) -> Any:
    return Coalesce(number, Value(0), output_field=BigIntegerField())


def counted(what: str, only: Q, *, distinct: bool = False) -> Any:
    return Count(what, filter=only, distinct=distinct)


def any_of(condition: Q) -> Any:
    """1 where a row fulfils it, else 0."""
    return Max(Case(When(condition, then=Value(1)), default=Value(0)))
