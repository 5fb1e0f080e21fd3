"""Reads of gates and their records that have a name."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from compliance import rules
from core.scoping import ScopedQuerySet
from core.text import normal


def counting(on: date) -> Q:
    """The records that count on a day: valid or expiring in `rules.state`."""
    return Q(passed_on__lte=on, valid_until__gte=on) & (Q(revoked_on=None) | Q(revoked_on__gt=on))


class GateRecordQuerySet(ScopedQuerySet):
    def counting(self, on: date) -> GateRecordQuerySet:
        return self.filter(counting(on))

    def in_state(self, state: str, on: date, expiring_days: int) -> GateRecordQuerySet:
        """Those in a state on a day, by the same precedence as `rules.state`."""
        soon = on + timedelta(days=expiring_days)
        standing = Q(revoked_on=None) | Q(revoked_on__gt=on)
        conditions = {
            rules.NONE: Q(passed_on__gt=on),
            rules.VALID: counting(on) & Q(valid_until__gte=soon),
            rules.EXPIRING: counting(on) & Q(valid_until__lt=soon),
            rules.EXPIRED: standing & Q(passed_on__lte=on, valid_until__lt=on),
            rules.REVOKED: Q(passed_on__lte=on, revoked_on__lte=on),
        }
        return self.filter(conditions[state])

    def lapsed(self, on: date) -> GateRecordQuerySet:
        """Those that have run out by a day and of which nobody was told yet."""
        return self.filter(valid_until__lt=on, revoked_on=None, expiry_noted_on=None)

    def matching(self, text: str) -> GateRecordQuerySet:
        """Rows whose partner or gate contains every word of the text (at most ten words count)."""
        found = self
        for word in normal(text).split()[:10]:
            found = found.filter(Q(partner__search_text__contains=word) | Q(gate__name__icontains=word))
        return found
