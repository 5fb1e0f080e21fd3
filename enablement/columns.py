"""The columns of certification lists, on both sides."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.querysets import setting
from core.tables import Column
from enablement import rules
from enablement.models import Certification


def shown_state(certification: Certification, on: date, expiring_days: int) -> dict[str, Any]:
    """The state of a certification as lists and pages show it."""
    state = certification.state(on, expiring_days)
    if state != rules.LEFT:
        return {"state": state}
    moved = certification.contact.left_on is None or certification.contact.left_on > on
    return {"state": "inactive", "word": _("No longer counts here") if moved else _("Person left")}


def columns(on: date, *, with_partner: bool) -> list[Column]:
    """Person, partner (for the vendor), track, state and days; the setting is read once for the list."""
    days = setting("certification.expiring_days")
    partner = [Column("partner", _("Partner"), "contact.partner.name")] if with_partner else []
    return [
        Column(
            "person",
            _("Person"),
            lambda c: {"name": c.contact.name},
            cell="name",
            export=lambda c: c.contact.name,
        ),
        *partner,
        Column("track", _("Track"), "track.name"),
        Column("level", _("Level"), lambda c: c.track.get_level_display(), optional=True),
        Column(
            "state",
            _("State"),
            lambda c: shown_state(c, on, days),
            cell="state",
            export=lambda c: c.state(on, days),
        ),
        Column("passed_on", _("Passed on"), cell="date", align="right", sort="passed_on"),
        Column("expires_on", _("Expires on"), cell="date", align="right", sort="expires_on"),
        Column("score", _("Score"), cell="number", align="right", optional=True),
        Column("evidence", _("Evidence"), optional=True),
    ]
