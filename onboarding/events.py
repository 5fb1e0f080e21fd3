"""What can happen to applications and in onboarding."""

from events.types import INTERNAL, VISIBLE, declare

declare("application.submitted", "A company applied; its address is not confirmed yet.",
        keys={"origin": INTERNAL, "recognised_by": INTERNAL})  # fmt: skip
declare("application.repeated", "A company sent an application again that is open already.", keys={})
declare("application.asked_again", "The applicant was asked again to confirm the address.", keys={})
declare("application.confirmed", "The applicant confirmed the address: the application counts from now.",
        keys={"due_at": INTERNAL})  # fmt: skip
declare("application.referred", "The company is a partner already: its own admins were told.", keys={})
declare("application.linked", "An application was linked to an organisation, or the link was taken away.",
        keys={"organization": INTERNAL})  # fmt: skip
declare("application.assigned", "Someone took an application to review it.", keys={"reviewer": INTERNAL})
declare("application.scored", "Someone scored an application.", keys={"criteria": INTERNAL})
declare("application.approved", "An application was approved: the company is a partner, its first person is invited.",
        keys={"partner": INTERNAL, "psm": INTERNAL, "total": INTERNAL})  # fmt: skip
declare(
    "application.rejected", "An application was not approved.", keys={"reason": INTERNAL, "total": INTERNAL}
)
declare("application.withdrawn", "An application was withdrawn.", keys={})
declare("application.expired", "Nobody confirmed the address in time.", keys={})
declare("onboarding.started", "An onboarding plan started.", keys={"template": VISIBLE, "tasks": VISIBLE},
        partner_visible=True)  # fmt: skip
declare("onboarding.completed", "All required tasks are done.", keys={"days": VISIBLE}, partner_visible=True)
declare(
    "onboarding.cancelled", "An onboarding plan ended before it was complete.", keys={}, partner_visible=True
)
TASK = {"task": VISIBLE, "title": VISIBLE, "side": VISIBLE}
declare(
    "onboarding.task_done",
    "An onboarding task was done.",
    keys={**TASK, "fact": VISIBLE},
    partner_visible=True,
)
declare(
    "onboarding.task_reopened", "An onboarding task is to be done again.", keys=TASK, partner_visible=True
)
declare("onboarding.task_skipped", "An onboarding task is not needed.", keys=TASK, partner_visible=True)
declare("onboarding.task_added", "An onboarding task was added.", keys=TASK, partner_visible=True)
declare("onboarding.task_moved", "An onboarding task got another day.",
        keys={**TASK, "from": VISIBLE, "to": VISIBLE}, partner_visible=True)  # fmt: skip
