"""What can happen to organisations, partners and their people."""

from events.types import INTERNAL, VISIBLE, declare

declare("organization.added", "An organisation was recorded.", keys={"origin": INTERNAL})
declare("organization.changed", "Facts of an organisation were changed.", keys={"changed": INTERNAL})
declare("organization.merged", "Another organisation was found to be this one; all that pointed at it points here.",
        keys={"merged": INTERNAL, "restructuring": INTERNAL})  # fmt: skip
declare("organization.unmerged", "A merge was undone: the organisation stands for itself again.",
        keys={"from": INTERNAL, "restructuring": INTERNAL})  # fmt: skip
declare("organization.moved", "An organisation, with all below it, stands under another one.",
        keys={"from": INTERNAL, "to": INTERNAL, "restructuring": INTERNAL})  # fmt: skip
declare("restructuring.waits", "A merge or move would let protections overlap: conflict cases decide first.",
        keys={"contested": INTERNAL})  # fmt: skip
declare("restructuring.abandoned", "A merge or move that waited was given up.", keys={})
declare("partner.added", "A company became a partner.", keys={"application": INTERNAL}, partner_visible=True)
declare(
    "partner.changed", "Facts of a partner were changed.", keys={"changed": VISIBLE}, partner_visible=True
)
declare("partner.sellers_limited", "Whether a partner's sellers see only their own deals was set.",
        keys={"own_only": VISIBLE}, partner_visible=True)  # fmt: skip
declare("partner.assigned", "A partner got another manager.", keys={"from": INTERNAL, "to": INTERNAL},
        partner_visible=True)  # fmt: skip
declare("partner.activated", "Onboarding is complete.", keys={"because": VISIBLE}, partner_visible=True)
declare("partner.suspended", "The portal became read-only; protections keep running.", keys={"reason": VISIBLE},
        partner_visible=True)  # fmt: skip
declare("partner.resumed", "The suspension ended.", keys={"comment": INTERNAL}, partner_visible=True)
declare("partner.terminated", "The partnership ended: log-ins closed, protections released, history kept.",
        keys={"reason": VISIBLE}, partner_visible=True)  # fmt: skip
declare("partner.standing_noted", "The tier shown for a partner changed.",
        keys={"from": VISIBLE, "to": VISIBLE}, partner_visible=True)  # fmt: skip
declare("contact.added", "A person at a partner was recorded.", keys={}, partner_visible=True)
declare("contact.changed", "A person's facts were changed.", keys={"changed": VISIBLE}, partner_visible=True)
declare("contact.left", "A person left a partner.", keys={}, partner_visible=True)
