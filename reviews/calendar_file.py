"""A review as an iCalendar file: the same UID and a rising SEQUENCE, so that a moved one replaces the old."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from reviews import rules
from reviews.models import Review


def calendar_file(review: Review, *, at: datetime, url: str) -> bytes:
    """The file's bytes. `url` is the review's page on the reader's side."""
    zone = ZoneInfo(review.time_zone)
    event = Event()
    event.add("uid", f"review-{review.id}@{settings.BASE_URL.partition('//')[2].partition(':')[0]}")
    event.add("sequence", review.version)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", review.starts_at.astimezone(zone))
    event.add("dtend", review.ends_at.astimezone(zone))
    event.add("summary", _("%(quarter)s review, %(partner)s") % {
        "quarter": review.quarter_name, "partner": review.partner.name})  # fmt: skip
    event.add("description", "\n".join(review.agenda))
    event.add("status", "CANCELLED" if review.state == rules.CANCELLED else "CONFIRMED")
    event.add("url", url)
    calendar = Calendar()
    calendar.add("prodid", "-//PRM//Reviews//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()
