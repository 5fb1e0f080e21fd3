"""What can happen to a partner's gates."""

from events.types import VISIBLE, declare

declare(
    "gate.passed",
    "A partner passed a certification gate.",
    keys={"gate": VISIBLE, "valid_until": VISIBLE},
    partner_visible=True,
)
declare(
    "gate.revoked",
    "A passed gate no longer counts.",
    keys={"gate": VISIBLE, "reason": VISIBLE},
    partner_visible=True,
)
declare(
    "gate.expired",
    "A passed gate ran out.",
    keys={"gate": VISIBLE, "valid_until": VISIBLE},
    partner_visible=True,
)
