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
    "certification.arrived",
    "A certification counts for this partner: it is the primary one of its person now.",
    keys={"track": VISIBLE, "expires_on": VISIBLE},
    partner_visible=True,
)
declare(
    "certification.departed",
    "A certification no longer counts for this partner: its person named another as the primary one.",
    keys={"track": VISIBLE},
    partner_visible=True,
)
declare(
    "certificate.shown",
    "A person lets whoever has its code see a certificate.",
    keys={},
    partner_visible=False,
)
declare("certificate.hidden", "A person shows a certificate no longer.", keys={}, partner_visible=False)
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
