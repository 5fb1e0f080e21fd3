"""What can happen to reminders. Notifications tell of events and make none themselves."""

from events.types import INTERNAL, declare

KEYS = {"kind": INTERNAL, "about": INTERNAL, "occasion_on": INTERNAL, "offset_days": INTERNAL}

declare("reminder.sent", "A reminder was queued as a letter, once.", keys={**KEYS, "late": INTERNAL})
declare("reminder.missed", "A reminder's day passed during an outage; a later one went instead.", keys=KEYS)
