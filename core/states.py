"""How a state looks: one table of tone, icon and word, used by every list, header and card."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Look(NamedTuple):
    """A state's tone (a CSS colour role), Tabler icon and default word."""

    tone: str
    icon: str
    word: object


LOOKS: dict[str, Look] = {
    # neutral: nothing is asked of anybody
    "draft": Look("neutral", "pencil", _("Draft")),
    "unconfirmed": Look("neutral", "mail", _("Unconfirmed")),
    "referred": Look("neutral", "send", _("Referred to its partner")),
    "transferred": Look("neutral", "arrow-right", _("Transferred")),
    "withdrawn": Look("neutral", "arrow-back-up", _("Withdrawn")),
    "cancelled": Look("neutral", "circle-minus", _("Cancelled")),
    "skipped": Look("neutral", "circle-minus", _("Skipped")),
    "waived": Look("neutral", "circle-minus", _("Waived")),
    "not_applicable": Look("neutral", "circle-minus", _("Not applicable")),
    "exempt": Look("neutral", "circle-minus", _("Exempt")),
    "duplicate": Look("neutral", "copy", _("Duplicate")),
    "superseded": Look("neutral", "archive", _("Superseded")),
    "undone": Look("neutral", "arrow-back-up", _("Undone")),
    "abandoned": Look("neutral", "circle-minus", _("Given up")),
    "waiting": Look("contested", "scale", _("Waits for a decision")),
    "archived": Look("neutral", "archive", _("Archived")),
    "discarded": Look("neutral", "trash", _("Thrown away")),
    "obsolete": Look("neutral", "archive", _("No longer due")),
    "replaced": Look("neutral", "archive", _("Replaced by another decision")),
    "earned": Look("good", "arrow-up", _("A higher tier was earned")),
    "left": Look("neutral", "logout", _("Left the program")),
    "retired": Look("neutral", "archive", _("Retired")),
    "closed": Look("neutral", "archive", _("Closed")),
    "open": Look("neutral", "circle-dashed", pgettext_lazy("state", "Open")),
    "not_met": Look("neutral", "circle-dashed", _("Not yet met")),
    "not_started": Look("neutral", "circle-dashed", _("Not started")),
    "todo": Look("neutral", "circle", _("To do")),
    "pending": Look("neutral", "circle-dashed", _("Waiting")),
    "paused": Look("neutral", "player-pause", _("Paused")),
    "inactive": Look("neutral", "circle-minus", _("Inactive")),
    "no_data": Look("neutral", "question-mark", _("No data")),
    "lost": Look("neutral", "circle-minus", _("Lost")),
    "dropped": Look("neutral", "circle-minus", _("Dropped")),
    "prospect": Look("neutral", "circle-dashed", _("Prospect")),
    # info: in progress with somebody
    "proposed": Look("info", "send", _("Proposed")),
    "answered": Look("info", "send", _("Answered")),
    "received": Look("info", "inbox", _("Received")),
    "requested": Look("info", "hourglass-high", _("Requested")),
    "submitted": Look("info", "send", _("Submitted")),
    "sent": Look("info", "send", _("Sent")),
    "invited": Look("info", "mail", _("Invited")),
    "in_review": Look("info", "hourglass-high", _("In review")),
    "under_review": Look("info", "hourglass-high", _("In review")),
    "in_progress": Look("info", "progress", _("In progress")),
    "running": Look("info", "progress", _("Running")),
    "onboarding": Look("info", "progress", _("Onboarding")),
    "scheduled": Look("info", "calendar-time", _("Scheduled")),
    "announced": Look("info", "calendar-time", _("Announced")),
    "planned": Look("info", "calendar-time", _("Planned")),
    "frozen": Look("info", "snowflake", _("Frozen")),
    "checking": Look("info", "progress", _("Being checked")),
    "checked": Look("info", "list-check", _("Checked")),
    "queued": Look("info", "clock", _("Queued")),
    "new": Look("info", "inbox", _("New")),
    "offered": Look("info", "send", _("Offered")),
    "pooled": Look("info", "users", _("In the pool")),
    "passed_on": Look("info", "phone", _("With someone who calls")),
    "in_talks": Look("info", "message-circle", _("In talks")),
    # good: it holds
    "approved": Look("good", "shield-check", _("Approved")),
    "agreed": Look("good", "checks", _("Agreed by both")),
    "given": Look("good", "check", _("Agreed")),
    "carried_out": Look("good", "circle-check", _("Carried out")),
    "granted": Look("good", "circle-check", _("Granted")),
    "protected": Look("good", "shield-check", _("Protected")),
    "conditionally_approved": Look("good", "shield-half", _("Approved with conditions")),
    "with_conditions": Look("good", "shield-half", _("With conditions")),
    "approved_with_conditions": Look("good", "shield-half", _("With conditions")),
    "active": Look("good", "circle-check", _("Active")),
    "in_force": Look("good", "circle-check", _("In force")),
    "met": Look("good", "circle-check", _("Met")),
    "satisfied": Look("good", "circle-check", _("Satisfied")),
    "certified": Look("good", "circle-check", _("Certified")),
    "accepted": Look("good", "circle-check", _("Accepted")),
    "confirmed": Look("good", "circle-check", _("Confirmed")),
    "signed": Look("good", "circle-check", _("Signed")),
    "valid": Look("good", "circle-check", _("Valid")),
    "passed": Look("good", "circle-check", _("Passed")),
    "done": Look("good", "circle-check", _("Done")),
    "completed": Look("good", "circle-check", _("Completed")),
    "held": Look("good", "circle-check", pgettext_lazy("meeting", "Held")),
    "delivered": Look("good", "circle-check", _("Delivered")),
    "healthy": Look("good", "circle-check", _("Healthy")),
    "upheld": Look("good", "circle-check", _("Upheld")),
    "contacted": Look("good", "phone", _("Contacted")),
    "converted": Look("good", "briefcase", _("Registered")),
    "won": Look("good", "trophy", _("Won")),
    "signed_off": Look("good", "circle-check", _("Signed off")),
    "kept": Look("good", "mail-opened", pgettext_lazy("letter", "Kept here")),
    "upgrade_proposed": Look("good", "arrow-up", _("Upgrade proposed")),
    # caution: soon, or somebody must act
    "action_required": Look("caution", "alert-triangle", _("Action required")),
    "needs_information": Look("caution", "alert-triangle", _("More information asked")),
    "at_risk": Look("caution", "clock-exclamation", _("At risk")),
    "escalated": Look("caution", "clock-exclamation", _("Escalated")),
    "expiring": Look("caution", "clock-exclamation", _("Expiring")),
    "grace": Look("caution", "hourglass-high", _("Grace period")),
    "overloaded": Look("caution", "alert-triangle", _("Overloaded")),
    "watch": Look("caution", "alert-triangle", _("To watch")),
    "returned": Look("caution", "arrow-back-up", _("Given back")),
    "reclaimed": Look("caution", "clock-x", _("Taken back")),
    "suspended": Look("caution", "player-pause", _("Suspended")),
    "failing": Look("caution", "alert-triangle", _("Failing")),
    # bad: late or lost
    "rejected": Look("bad", "circle-x", _("Not approved")),
    "not_approved": Look("bad", "circle-x", _("Not approved")),
    "refused": Look("bad", "circle-x", _("Refused")),
    "declined": Look("bad", "circle-x", _("Declined")),
    "dismissed": Look("bad", "circle-x", _("Dismissed")),
    "failed": Look("bad", "circle-x", _("Failed")),
    "expired": Look("bad", "clock-x", _("Expired")),
    "lapsed": Look("bad", "clock-x", _("Lapsed")),
    "blocked": Look("bad", "lock", _("Blocked")),
    "late": Look("bad", "alert-circle", _("Late")),
    "overdue": Look("bad", "alert-circle", _("Overdue")),
    "missing": Look("bad", "alert-circle", _("Missing")),
    "missed": Look("bad", "alert-circle", _("Missed")),
    "revoked": Look("bad", "ban", _("Revoked")),
    "terminated": Look("bad", "ban", _("Terminated")),
    "keeps": Look("good", "shield-check", _("Keeps the customer")),
    "shares": Look("good", "shield-half", _("Shares the credit")),
    "loses": Look("bad", "circle-x", _("Loses the customer")),
    # contested: two sides, one answer to come
    "appealed": Look("contested", "gavel", _("Appealed")),
    "gathering": Look("contested", "message-question", _("Gathering evidence")),
    "decided": Look("good", "gavel", _("Decided")),
    "conflict": Look("contested", "scale", _("Conflict case")),
    "disputed": Look("contested", "scale", _("Disputed")),
}


def look(key: str) -> Look:
    """The look of a state; one nobody has drawn yet is neutral and says its own name."""
    known = LOOKS.get(str(key).lower().replace("-", "_").replace(" ", "_"))
    return known or Look("neutral", "circle", str(key).replace("_", " ").capitalize())
