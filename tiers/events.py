"""What can happen to the program and to a partner's tier."""

from events.types import INTERNAL, VISIBLE, declare

declare(
    "program_version.drafted",
    "A draft was made or changed: by the program file, a page or the API.",
    keys={"program": INTERNAL, "number": INTERNAL, "changes": INTERNAL},
)
OF_VERSION = {"program": INTERNAL, "number": INTERNAL}
declare("program_version.submitted", "A draft waits for review.", keys=OF_VERSION)
declare("program_version.returned", "A version is a draft again.", keys={**OF_VERSION, "reason": INTERNAL})
declare("program_version.approved", "A version may be announced.", keys=OF_VERSION)
declare(
    "program_version.scheduled",
    "A version was announced: partners know what it means for them, and from which day.",
    keys={**OF_VERSION, "effective_from": INTERNAL},
)
declare(
    "program_version.called_off",
    "An announced version does not come.",
    keys={**OF_VERSION, "reason": INTERNAL},
)
declare(
    "program_version.activated",
    "A version of a tier program came into force.",
    keys={**OF_VERSION, "replaces": INTERNAL},
)
declare("program_version.superseded", "Another version came into force.", keys=OF_VERSION)
declare(
    "tier.awarded",
    "A partner reached a tier.",
    keys={"from": VISIBLE, "to": VISIBLE, "program": VISIBLE, "version": VISIBLE, "reason": VISIBLE},
    partner_visible=True,
)
declare(
    "tier.carried_over",
    "A partner's tier continues under another version of the program.",
    keys={"from": VISIBLE, "to": VISIBLE, "program": VISIBLE, "version": VISIBLE},
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
    keys={"from": VISIBLE, "to": VISIBLE, "program": VISIBLE, "version": VISIBLE, "reason": VISIBLE},
    partner_visible=True,
)
declare(
    "tier.ended",
    "A partner left the tier program, and its tier ended.",
    keys={"tier": VISIBLE, "program": VISIBLE},
    partner_visible=True,
)
declare(
    "tier.overridden",
    "A partner holds a tier until a day by decision.",
    keys={"tier": VISIBLE, "expires_on": VISIBLE, "program": VISIBLE, "because": VISIBLE},
    partner_visible=True,
)
declare(
    "tier.override_ended",
    "A decision about a partner's tier no longer holds.",
    keys={"tier": VISIBLE, "outcome": VISIBLE, "program": VISIBLE},
    partner_visible=True,
)
declare(
    "tier.requirement_waived",
    "A partner need not meet one requirement of a tier until a day.",
    keys={"tier": VISIBLE, "requirement": VISIBLE, "program": VISIBLE, "expires_on": VISIBLE},
    partner_visible=True,
)
declare(
    "tier.waiver_ended",
    "A requirement is asked for again.",
    keys={"tier": VISIBLE, "requirement": VISIBLE, "program": VISIBLE, "outcome": VISIBLE},
    partner_visible=True,
)
OF_PROPOSAL = {"kind": VISIBLE, "from": VISIBLE, "to": VISIBLE, "program": VISIBLE}
declare("tier.proposed", "A change of a partner's tier waits for a decision.", keys=OF_PROPOSAL)
declare(
    "tier.proposal_granted",
    "A person decided that a tier changes.",
    keys=OF_PROPOSAL,
    partner_visible=True,
)
declare(
    "tier.proposal_declined",
    "A person decided that a tier stays as it is.",
    keys=OF_PROPOSAL,
    partner_visible=True,
)
declare("tier.proposal_dropped", "A change that waited is no longer due.", keys=OF_PROPOSAL)
OF_APPEAL = {"against": VISIBLE, "tier": VISIBLE, "program": VISIBLE, "due_at": VISIBLE}
for _event, _meaning in (
    ("tier_appeal.submitted", "A partner appeals a decision about its tier."),
    ("tier_appeal.upheld", "An appeal about a tier was right."),
    ("tier_appeal.dismissed", "An appeal about a tier was answered: the decision stands."),
    ("tier_appeal.withdrawn", "A partner took its appeal back."),
):
    declare(_event, _meaning, keys=OF_APPEAL, partner_visible=True)
OF_ANNOUNCEMENT = {"program": VISIBLE, "version": VISIBLE, "effective_from": VISIBLE}
declare(
    "tier_announcement.made",
    "A partner was told what an announced version means for it.",
    keys=OF_ANNOUNCEMENT,
    partner_visible=True,
)
declare(
    "tier_announcement.called_off",
    "A partner was told that an announced version does not come.",
    keys=OF_ANNOUNCEMENT,
    partner_visible=True,
)
declare(
    "tier_announcement.acknowledged",
    "Somebody at the partner has read what an announced version means for it.",
    keys=OF_ANNOUNCEMENT,
    partner_visible=True,
)

# What a tier gives and costs
OF_USE = {"benefit": VISIBLE, "used_on": VISIBLE, "quantity": VISIBLE}
declare("benefit.used", "A partner used a benefit of its tier.", keys=OF_USE, partner_visible=True)
declare(
    "benefit.use_taken_back",
    "A use of a benefit was recorded by mistake and no longer counts.",
    keys=OF_USE,
    partner_visible=True,
)
OF_INVESTMENT = {"spent_on": INTERNAL, "amount_minor": INTERNAL, "currency": INTERNAL}
declare("tier_investment.recorded", "We spent money on a partner.", keys=OF_INVESTMENT)
declare("tier_investment.taken_back", "What we spent was recorded by mistake.", keys=OF_INVESTMENT)
declare(
    "margin.decided",
    "A decision says which margin a partner, or one of its deals, gets.",
    keys={"percent": VISIBLE, "is_outside": INTERNAL, "ends_on": VISIBLE, "is_of_deal": VISIBLE},
    partner_visible=True,
)
declare(
    "margin.decision_ended",
    "A decision about a margin no longer holds.",
    keys={"percent": VISIBLE, "is_of_deal": VISIBLE},
    partner_visible=True,
)
