"""Reads of certifications and learning plans that have a name."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from core.scoping import ScopedQuerySet
from core.text import normal
from enablement import rules


def counting(on: date) -> Q:
    """The certifications that count on a day: the rule `rules.why_out` as one condition."""
    return (
        Q(passed_on__lte=on, expires_on__gt=on)
        & (Q(revoked_on=None) | Q(revoked_on__gt=on))
        & (Q(contact__left_on=None) | Q(contact__left_on__gt=on))
    )


class CertificationQuerySet(ScopedQuerySet):
    def counting(self, on: date) -> CertificationQuerySet:
        return self.filter(counting(on))

    def in_state(self, state: str, on: date, expiring_days: int) -> CertificationQuerySet:
        """Those in a state on a day, by the same precedence as `rules.state`."""
        soon = on + timedelta(days=expiring_days)
        revoked, expired = Q(revoked_on__lte=on), Q(expires_on__lte=on)
        conditions = {
            rules.VALID: counting(on) & Q(expires_on__gt=soon),
            rules.EXPIRING: counting(on) & Q(expires_on__lte=soon),
            rules.EXPIRED: Q(passed_on__lte=on) & expired & (Q(revoked_on=None) | Q(revoked_on__gt=on)),
            rules.REVOKED: Q(passed_on__lte=on) & revoked,
            rules.LEFT: Q(passed_on__lte=on, expires_on__gt=on, contact__left_on__lte=on)
            & (Q(revoked_on=None) | Q(revoked_on__gt=on)),
        }
        return self.filter(conditions[state])

    def lapsed(self, on: date) -> CertificationQuerySet:
        """Those that have expired by a day and of which nobody was told yet."""
        return self.filter(expires_on__lte=on, revoked_on=None, expiry_noted_on=None)

    def matching(self, text: str) -> CertificationQuerySet:
        """Rows whose person or partner contains every word of the text (at most ten words count)."""
        found = self
        for word in normal(text).split()[:10]:
            found = found.filter(
                Q(contact__search_text__contains=word) | Q(contact__partner__search_text__contains=word)
            )
        return found


class LearningPlanQuerySet(ScopedQuerySet):
    def in_force(self, on: date) -> LearningPlanQuerySet:
        return self.filter(signed_on__lte=on, expires_on__gt=on)
