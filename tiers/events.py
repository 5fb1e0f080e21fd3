"""What can happen to the program and to a partner's tier."""

from events.types import INTERNAL, VISIBLE, declare

declare(
    "program_version.drafted",
    "A changed program file made, or changed, a draft.",
    keys={"number": INTERNAL, "changes": INTERNAL},
)
declare(
    "program_version.published",
    "A version of the tier program came into force.",
    keys={"number": INTERNAL, "replaces": INTERNAL},
)
declare(
    "tier.awarded",
    "A partner reached a tier.",
    keys={"from": VISIBLE, "to": VISIBLE, "version": VISIBLE, "reason": VISIBLE},
    partner_visible=True,
)
declare(
    "tier.carried_over",
    "A partner's tier continues under another version of the program.",
    keys={"from": VISIBLE, "to": VISIBLE, "version": VISIBLE},
    partner_visible=True,
)
declare(
    "tier.grace_started",
    "What a partner's tier asks for is no longer met; it has time to win it back.",
    keys={"tier": VISIBLE, "ends_on": VISIBLE, "missing": VISIBLE},
    partner_visible=True,
)
declare(
    "tier.grace_ended",
    "A grace period is over.",
    keys={"tier": VISIBLE, "outcome": VISIBLE},
    partner_visible=True,
)
declare(
    "tier.lowered",
    "A grace period was over and the tier fell.",
    keys={"from": VISIBLE, "to": VISIBLE, "version": VISIBLE},
    partner_visible=True,
)
declare(
    "tier.ended",
    "A partner left the tier program, and its tier ended.",
    keys={"tier": VISIBLE},
    partner_visible=True,
)
