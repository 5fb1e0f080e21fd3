"""What can happen to people and their access."""

from events.types import INTERNAL, VISIBLE, declare

declare("user.added", "An account was made.", keys={})
declare(
    "user.deactivated", "An account was closed; it is out at its next request.", keys={"reason": INTERNAL}
)
declare("user.reactivated", "An account was opened again.", keys={})
declare("user.signed_in", "Someone signed in.", keys={"method": INTERNAL})
declare("user.sign_in_failed", "A sign-in was refused.", keys={})
declare("user.password_changed", "A password was changed; other sessions ended.", keys={})
declare("user.second_factor_changed", "A second factor was added or removed.", keys={"change": INTERNAL})
declare("invitation.sent", "Someone was invited.", keys={"role": VISIBLE}, partner_visible=True)
declare("invitation.revoked", "An invitation was taken back.", keys={"role": VISIBLE}, partner_visible=True)
declare("membership.started", "Someone joined.", keys={"role": VISIBLE}, partner_visible=True)
declare(
    "membership.role_changed",
    "A role was changed.",
    keys={"from": VISIBLE, "to": VISIBLE},
    partner_visible=True,
)
declare("membership.ended", "Someone was removed.", keys={"role": VISIBLE}, partner_visible=True)
declare("membership.made_primary", "A person's certifications count for this partner from now on.", keys={},
        partner_visible=True)  # fmt: skip
declare("membership.no_longer_primary", "A person's certifications count for this partner no longer.", keys={},
        partner_visible=True)  # fmt: skip
declare(
    "key.created", "An API key was made.", keys={"prefix": VISIBLE, "writes": VISIBLE}, partner_visible=True
)
declare("key.revoked", "An API key was revoked.", keys={"prefix": VISIBLE}, partner_visible=True)
declare("portal.view_ended", "Someone of the vendor stopped looking at the portal as this partner.", keys={},
        partner_visible=True)  # fmt: skip
declare("portal.viewed_as", "Someone of the vendor looked at the portal as this partner.", keys={"ends_at": VISIBLE},
        partner_visible=True)  # fmt: skip
declare("user.changed", "Someone changed its own profile.", keys={"changed": INTERNAL})
declare("vendor.changed", "The vendor's name, colour or time zone was changed.", keys={"changed": INTERNAL})
