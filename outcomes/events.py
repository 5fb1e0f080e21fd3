"""What can happen to customers' answers and partners' contributions."""

from events.types import INTERNAL, VISIBLE, declare

declare(
    "satisfaction.recorded",
    "A customer's answer about a partner was recorded.",
    keys={"question": VISIBLE, "percent": VISIBLE, "answered_on": VISIBLE, "source": INTERNAL},
    partner_visible=True,
)
declare(
    "satisfaction.withdrawn",
    "A customer's answer no longer counts.",
    keys={"question": VISIBLE, "reason": VISIBLE},
    partner_visible=True,
)
declare(
    "satisfaction.imported",
    "A list of customers' answers was read in.",
    keys={"added": INTERNAL, "known": INTERNAL, "refused": INTERNAL},
)
declare(
    "contribution.recorded",
    "A contribution of a partner was recorded and waits for someone to verify it.",
    keys={"kind": VISIBLE, "occurred_on": VISIBLE, "quantity": VISIBLE, "source": INTERNAL},
    partner_visible=True,
)
declare(
    "contribution.verified",
    "A contribution of a partner was verified and counts.",
    keys={"kind": VISIBLE, "quantity": VISIBLE},
    partner_visible=True,
)
declare(
    "contribution.declined",
    "A contribution of a partner is not counted.",
    keys={"kind": VISIBLE},
    partner_visible=True,
)
declare(
    "contribution.imported",
    "A list of contributions was read in.",
    keys={"added": INTERNAL, "known": INTERNAL, "refused": INTERNAL},
)
