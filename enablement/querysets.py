"""Reads of certifications and learning plans that have a name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from core.scoping import ScopedQuerySet
from core.text import normal
from enablement import codes, rules

if TYPE_CHECKING:
    from enablement.models import Certificate, Certification, Track
    from partners.models import Contact


def counting(on: date) -> Q:
    """The certifications that count on a day: the rule `rules.why_out` as one condition.

    Each counts for the partner of its contact (`contact__partner`), and of a person's for one at a time.
    """
    return (
        Q(counts_from__lte=on, expires_on__gt=on)
        & (Q(counts_until=None) | Q(counts_until__gt=on))
        & (Q(revoked_on=None) | Q(revoked_on__gt=on))
        & (Q(contact__left_on=None) | Q(contact__left_on__gt=on))
    )


def gone(on: date) -> Q:
    """Those whose person had left by a day, or had named another partner as its primary one."""
    return Q(contact__left_on__lte=on) | Q(counts_until__lte=on)


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
            rules.EXPIRED: Q(counts_from__lte=on) & expired & (Q(revoked_on=None) | Q(revoked_on__gt=on)),
            rules.REVOKED: Q(counts_from__lte=on) & revoked,
            rules.LEFT: Q(counts_from__lte=on, expires_on__gt=on)
            & gone(on)
            & (Q(revoked_on=None) | Q(revoked_on__gt=on)),
        }
        return self.filter(conditions[state])

    def lapsed(self, on: date) -> CertificationQuerySet:
        """Those that have expired by a day and of which nobody was told yet."""
        return self.placed().filter(expires_on__lte=on, revoked_on=None, expiry_noted_on=None)

    def placed(self) -> CertificationQuerySet:
        """Those at the partner for which they count now; without what a person left behind at an earlier one."""
        return self.filter(counts_until=None)

    def of_person(self, contact: Contact) -> CertificationQuerySet:
        """All of one person, wherever they were recorded."""
        same = Q(contact=contact)
        return self.filter(same | Q(certificate__user=contact.user_id) if contact.user_id else same)

    def renewable_by(self, contact: Contact, track: Track, passed_on: date) -> Certification | None:
        """The one in the track that the person holds on the day on which it passes again; None where there is none."""
        held = self.of_person(contact).placed().filter(track=track, revoked_on=None)
        running = held.filter(passed_on__lt=passed_on, expires_on__gt=passed_on)
        found: Certification | None = running.order_by("-expires_on").first()
        return found

    def matching(self, text: str) -> CertificationQuerySet:
        """Rows whose person or partner contains every word of the text (at most ten words count)."""
        found = self
        for word in normal(text).split()[:10]:
            found = found.filter(
                Q(contact__search_text__contains=word) | Q(contact__partner__search_text__contains=word)
            )
        return found


class CertificateQuerySet(ScopedQuerySet):
    def with_rows(self) -> CertificateQuerySet:
        """With what `latest` reads."""
        return self.prefetch_related("certifications__track", "certifications__contact__partner")

    def under(self, code: str) -> Certificate | None:
        """The one that its person shows under a code. A code that is none, unknown or not shown is the same: None."""
        found: Certificate | None = self.shown().with_rows().filter(code=codes.typed(code)).first()
        return found

    def shown(self) -> CertificateQuerySet:
        """Those that their person lets everybody see who has the code."""
        return self.filter(shown_since__isnull=False)


class LearningPlanQuerySet(ScopedQuerySet):
    def in_force(self, on: date) -> LearningPlanQuerySet:
        return self.filter(signed_on__lte=on, expires_on__gt=on)
