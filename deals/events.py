"""What can happen to registrations, their appeals, bookings and go-lives. No names of customers, no free text."""

from events.types import INTERNAL, VISIBLE, declare


def _told(name: str, promise: str, **keys: str) -> None:
    """A type that the partner sees in its timeline."""
    declare(name, promise, keys=keys, partner_visible=True)


_told("deal.drafted", "A registration was begun.", source=VISIBLE)
_told("deal.changed", "A registration's facts were changed.", changed=VISIBLE)
_told("deal.discarded", "A draft was thrown away.")
# What a submission is told of another stands on the registration; here for whoever looks out for guessing.
_told("deal.submitted", "A registration was sent; the first answer is due.",
      source=VISIBLE, due_at=VISIBLE, occupied_until=INTERNAL, kept_until=INTERNAL)  # fmt: skip
_told("deal.people_named", "Colleagues were named on the registration.", people=VISIBLE)
_told("deal_import.started", "A file of registrations came in and is checked.", rows=VISIBLE, submits=VISIBLE)
_told("deal_import.confirmed", "The lines of a checked file are being registered.")
_told("deal_import.finished", "The lines of a file were registered.",
      submitted=VISIBLE, drafts=VISIBLE, known=VISIBLE, refused=VISIBLE)  # fmt: skip
_told("deal_import.cancelled", "An import was called off; what was registered stays.")
_told("deal.review_started", "Someone of the vendor is looking at the registration.")
_told(
    "deal.escalated",
    "Most of the time for an answer is used: a superior of the vendor has it now.",
    due_at=VISIBLE,
)
_told(
    "deal.more_asked",
    "The vendor asked for more; the clock stands still.",
    fields=VISIBLE,
    answer_until=VISIBLE,
)
_told("deal.lapsed", "Nobody answered the vendor's question in time.", answer_until=VISIBLE)
_told("deal.resubmitted", "The partner answered; the clock runs again.",
      due_at=VISIBLE, occupied_until=INTERNAL, kept_until=INTERNAL)  # fmt: skip
_told("deal.approved", "The registration was approved and the customer is protected.",
      until=VISIBLE, days=VISIBLE, automatic=VISIBLE, verdict=INTERNAL, score=INTERNAL,
      rule_version=VISIBLE, rule=VISIBLE, rules_version=VISIBLE)  # fmt: skip
_told("deal.approved_with_conditions", "The registration is approved and protected until its conditions' day.",
      until=VISIBLE, days=VISIBLE, automatic=VISIBLE, verdict=INTERNAL, score=INTERNAL,
      rule_version=VISIBLE, rule=VISIBLE, rules_version=VISIBLE)  # fmt: skip
_told(
    "deal.condition_answered", "The partner said how a condition is met.", condition=VISIBLE, position=VISIBLE
)
_told("deal.conditions_ticked", "Some of the conditions are met.", met=VISIBLE, left=VISIBLE)
_told("deal.conditions_met", "All conditions are met; the protection runs for its own days.", until=VISIBLE)
_told(
    "deal.conditions_missed",
    "The conditions were not met; the protection has ended.",
    until=VISIBLE,
    reason=VISIBLE,
)
_told("deal.rejected", "The registration was not approved.",
      reason=VISIBLE, contested_until=VISIBLE, verdict=INTERNAL, score=INTERNAL, rule_version=VISIBLE,
      rule=VISIBLE, rules_version=VISIBLE)  # fmt: skip
_told("deal.duplicate", "The registration repeats an earlier one of the same partner.", duplicate_of=VISIBLE,
      rule=VISIBLE, rules_version=VISIBLE)  # fmt: skip
_told("deal.withdrawn", "The registration was taken back.", reason=VISIBLE)
_told("deal.expired", "The protection ended by its own date.", until=VISIBLE)
_told("deal.revoked", "The vendor ended the protection early.", reason=VISIBLE, rule=VISIBLE,
      rules_version=VISIBLE)  # fmt: skip
_told("deal.extension_requested", "The partner asked for more time and said what happened lately.",
      kind=VISIBLE, days=VISIBLE, extension=VISIBLE, due_at=VISIBLE)  # fmt: skip
_told("deal.extended", "The protection was extended.", until=VISIBLE, days=VISIBLE, extension=VISIBLE)
_told("deal.extension_refused", "The protection was not extended, or not renewed.",
      kind=VISIBLE, reason=VISIBLE, extension=VISIBLE)  # fmt: skip
_told("deal.renewed", "A protection that had ended begins again.",
      until=VISIBLE, days=VISIBLE, extension=VISIBLE)  # fmt: skip
_told("deal.reopened", "A win or a loss was taken back; the deal goes on and is protected.",
      **{"from": VISIBLE, "reason": VISIBLE, "until": VISIBLE})  # fmt: skip
_told("deal.transferred", "The registration passed to another partner.", until=VISIBLE)
_told("deal.taken_over", "A protected registration was taken over from another partner.", until=VISIBLE)
_told("transfer.requested", "The holder asked that another partner takes a registration over.")
_told("transfer.proposed", "The vendor proposed a transfer; the holder is asked.")
_told("transfer.offered", "The holder agreed to a transfer; the receiver is asked.")
_told("transfer.agreed", "Both partners agree to a transfer; the vendor carries it out.")
_told("transfer.carried_out", "A transfer was carried out.")
_told("transfer.declined", "One of the partners did not agree to a transfer.")
_told("transfer.cancelled", "A transfer was given up.")
_told("transfer.closed", "A transfer was closed: its registration ended otherwise.")
_told("consent.asked", "A partner was asked for its consent to a transfer.", side=VISIBLE)
_told("consent.given", "A partner agreed to a transfer.", side=VISIBLE)
_told("consent.declined", "A partner did not agree to a transfer, or took its consent back.", side=VISIBLE)
_told("consent.closed", "A partner's consent to a transfer is no longer needed.", side=VISIBLE)
_told("deal.amendment_requested", "The partner asked to change what was approved.",
      amendment=VISIBLE, changed=VISIBLE, due_at=VISIBLE)  # fmt: skip
_told("deal.amended", "What was approved was changed.",
      amendment=VISIBLE, changed=VISIBLE, until=VISIBLE, verdict=INTERNAL, score=INTERNAL)  # fmt: skip
_told("deal.amendment_refused", "A change was not accepted.", amendment=VISIBLE, reason=VISIBLE)
_told("deal.amendment_withdrawn", "The partner took its request for a change back.", amendment=VISIBLE)
_told(
    "deal.amendment_closed", "A request for a change was closed: its registration ended.", amendment=VISIBLE
)
_told("deal.review_reopened", "An appeal was upheld: the registration is in review again.", due_at=VISIBLE)
_told(
    "appeal.submitted",
    "The partner appealed a refusal; someone else answers.",
    refusal=VISIBLE,
    due_at=VISIBLE,
)
_told(
    "appeal.upheld", "The appeal was upheld; `outcome` is what became of the registration.", outcome=VISIBLE
)
_told("appeal.dismissed", "The appeal was dismissed; the decision stands.")
_told("case.party_asked", "The vendor asked one side of a conflict for its evidence.", due_at=VISIBLE)
_told("case.evidence_given", "Evidence was given for one side of a conflict.")
_told(
    "case.party_told",
    "One side of a conflict was told what was decided for it.",
    fate=VISIBLE,
    share=VISIBLE,
    rule=VISIBLE,
    rules_version=VISIBLE,
)
_told("appeal.withdrawn", "The appeal was taken back; the decision stands.")
_told("deal.stage_changed", "The deal was moved to another stage, by the partner or on its behalf.",
      **{"from": VISIBLE, "to": VISIBLE, "on_behalf": VISIBLE})  # fmt: skip
_told("deal.close_moved", "The deal is expected to close on another day.",
      **{"from": VISIBLE, "to": VISIBLE, "on_behalf": VISIBLE})  # fmt: skip
_told("deal.credited", "The vendor said who has a part in the deal; the weights are the partner's own, in percent.",
      reason=VISIBLE, sourced=VISIBLE, influenced=VISIBLE, implemented=VISIBLE, fulfilled=VISIBLE)  # fmt: skip
_told("credit.changed", "A partner's part in another one's deal was given, changed or taken.",
      deal=VISIBLE, sourced=VISIBLE, influenced=VISIBLE, implemented=VISIBLE, fulfilled=VISIBLE)  # fmt: skip
_told("deal.won", "The partner won the deal; it counts once it is booked.", won_on=VISIBLE)
_told("deal.lost", "The partner lost the deal.", reason=VISIBLE)
_told("deal.protection_ended", "A protection was released.", because=VISIBLE, until=VISIBLE)
_told("booking.recorded", "The deal was booked and counts.",
      booking=VISIBLE, amount=VISIBLE, currency=VISIBLE, booked_on=VISIBLE, rate=VISIBLE)  # fmt: skip
_told("booking.corrected", "A booking was corrected by a negative one.",
      booking=VISIBLE, amount=VISIBLE, currency=VISIBLE, booked_on=VISIBLE, reason=VISIBLE)  # fmt: skip
_told("implementation.reported", "A go-live was reported; the customer is asked.",
      product=VISIBLE, went_live_on=VISIBLE)  # fmt: skip
_told("implementation.asked_again", "The customer got a new link to confirm with.")
_told("implementation.accepted", "The go-live was accepted and counts.", how=VISIBLE, product=VISIBLE)
_told("implementation.declined", "The customer says that the go-live is not right.", product=VISIBLE)
_told("implementation.withdrawn", "A reported go-live was taken back.", product=VISIBLE)

declare(
    "deal.customer_linked",
    "The vendor said which organization the customer is.",
    keys={"organization": INTERNAL},
)
declare(
    "deal.assigned",
    "A registration was given to somebody of the vendor.",
    keys={"from": INTERNAL, "to": INTERNAL},
)
declare("deal.noted", "A colleague noted something on a registration.", keys={"note": INTERNAL})
declare(
    "deal.conflict_found",
    "A new hard conflict was found on an open registration; nothing was decided by it.",
    keys={"check": INTERNAL, "kinds": INTERNAL, "candidates": INTERNAL},
)
declare(
    "deal.left_to_review",
    "The conditions of an automatic approval held, but it was refused at the last moment: a person decides.",
    keys={"because": INTERNAL},
)
declare("deal.conflict_checked", "Conflicts were looked for.",
        keys={"verdict": INTERNAL, "score": INTERNAL, "rule_version": INTERNAL})  # fmt: skip
declare("case.opened", "A conflict case was opened.", keys={"kind": INTERNAL, "because": INTERNAL})
declare("case.mediated", "Someone took a conflict case up.", keys={"mediator": INTERNAL})
declare("case.gathering", "Both sides of a conflict were asked for evidence.", keys={})
declare("case.proposed", "An outcome of a conflict was proposed.", keys={"outcome": INTERNAL})
declare("case.decided", "A conflict was decided; registrations and what waited follow in the same moment.",
        keys={"outcome": INTERNAL, "rule": INTERNAL, "rules_version": INTERNAL})  # fmt: skip
declare("case.closed", "A conflict case was closed without a decision.", keys={})

# Rules of engagement: of no partner, told to all of them.
declare("rules.drafted", "A version of the rules of engagement was drafted.", keys={"number": INTERNAL})
declare("rules.changed", "A draft of the rules was changed.", keys={"number": INTERNAL, "changed": INTERNAL})
declare(
    "rules.announced",
    "A version of the rules was announced; every active partner is written to.",
    keys={"number": VISIBLE, "effective_on": VISIBLE},
)
declare("rules.activated", "A version of the rules holds from now on.", keys={"number": VISIBLE})
declare(
    "rules.superseded", "A version of the rules no longer holds for what is sent.", keys={"number": VISIBLE}
)
declare("rules.discarded", "A draft or an announcement of rules was taken back.", keys={"number": VISIBLE})

# Direct sales: the vendor's own.
declare("direct_opportunity.recorded", "Business of direct sales was recorded.", keys={})
declare("direct_opportunity.changed", "What is known of it was changed.", keys={"changed": INTERNAL})
declare("direct_account.approved", "An account was put on the list that direct sales serve.", keys={})
declare("direct_account.ended", "An account was taken off the list of direct sales.", keys={})
declare("direct_accounts.refreshed", "The list of direct accounts was confirmed.", keys={"n": INTERNAL})
declare("account.blocked", "An account was closed to all registrations.", keys={})
declare("account.unblocked", "An account was opened to registrations again.", keys={})
declare("direct_list.imported", "A list of direct sales was read in.",
        keys={"list": INTERNAL, "added": INTERNAL, "known": INTERNAL, "refused": INTERNAL})  # fmt: skip
