"""Makers of tracks, reasons and certifications for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from catalog.models import ReasonCode
from core.actors import SYSTEM
from core.saving import save
from enablement.actions import record_certification
from enablement.models import Certification, Track
from partners.models import Contact

TRACKS = {"fundamentals": ("general", True), "platform": ("technical", False), "sales": ("sales", False)}


def make_tracks() -> dict[str, Track]:
    return {
        code: save(
            Track(
                code=code,
                name=code.capitalize(),
                audience=audience,
                is_basic=basic,
                validity_months=24,
                recertification_days=90,
            )
        )
        for code, (audience, basic) in TRACKS.items()
    }


def make_reasons() -> None:
    for code, needs_comment in (("left_company", False), ("irregularity", True)):
        save(
            ReasonCode(
                domain="certification_revocation", code=code, label=code, requires_comment=needs_comment
            )
        )


def certify(contact: Contact, track: Track, passed_on: date, **facts) -> Certification:
    """A certification recorded on the day on which it was passed."""
    at = datetime.combine(passed_on, time(9), tzinfo=UTC)
    return record_certification(by=SYSTEM, contact=contact, track=track, passed_on=passed_on, at=at, **facts)
