"""What can happen to certifications and learning plans. Persons are never named here: the subject is the row."""

from events.types import INTERNAL, VISIBLE, declare

declare(
    "certification.awarded",
    "A person of a partner passed a track.",
    keys={"track": VISIBLE, "expires_on": VISIBLE, "source": INTERNAL},
    partner_visible=True,
)
declare(
    "certification.revoked",
    "A certification no longer counts.",
    keys={"track": VISIBLE, "reason": VISIBLE},
    partner_visible=True,
)
declare(
    "certification.expired",
    "A certification ran out.",
    keys={"track": VISIBLE, "expires_on": VISIBLE},
    partner_visible=True,
)
declare(
    "certifications.imported",
    "A list of certifications was read in.",
    keys={"added": INTERNAL, "known": INTERNAL, "refused": INTERNAL},
)
declare(
    "learning_plan.signed",
    "A partner signed its learning plan.",
    keys={"expires_on": VISIBLE},
    partner_visible=True,
)
