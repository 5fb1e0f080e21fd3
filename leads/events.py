"""What can happen to leads, offers and referrals. No names of customers or people, no free text."""

from django.utils.translation import gettext_lazy as _

from events.sentences import say
from events.types import INTERNAL, VISIBLE, declare

RULE = {"rule": INTERNAL, "rule_version": INTERNAL, "method": INTERNAL}


def _ours(name: str, promise: str, done: object, happened: object, icon: str, **keys: str) -> None:
    """A type that the vendor alone reads."""
    declare(name, promise, keys=keys)
    say(name, done, happened, icon=icon)


def _told(name: str, promise: str, done: object, happened: object, icon: str, **keys: str) -> None:
    """A type that the partner concerned reads too."""
    declare(name, promise, keys=keys, partner_visible=True)
    say(name, done, happened, icon=icon)


_ours("lead.entered", "A lead came in.", _("entered %(subject)s"), _("%(subject)s came in"), "inbox",
      source=INTERNAL, score=INTERNAL, referral=INTERNAL)  # fmt: skip
_ours("leads.imported", "A list of leads was read in.", _("read a list of leads in"), "", "upload",
      added=INTERNAL, known=INTERNAL, refused=INTERNAL)  # fmt: skip
_told("lead.changed", "Facts of a lead were changed.", _("changed %(subject)s: %(changed)s"), "", "pencil",
      changed=VISIBLE)  # fmt: skip
_ours("lead.unrouted", "No partner fits a lead.", _("found no partner for %(subject)s"),
      _("No partner fits %(subject)s"), "question-mark", **RULE)  # fmt: skip
_told("lead.offered", "A lead was offered to a partner.", _("offered %(subject)s, to be answered by %(due_at)s"),
      _("%(subject)s was offered, to be answered by %(due_at)s"), "send", due_at=VISIBLE, reason=INTERNAL,
      **RULE)  # fmt: skip
_ours("lead.pooled", "A lead was put into the pool.", _("put %(subject)s into the pool of %(partners)s partners"),
      _("%(subject)s went into the pool of %(partners)s partners"), "users", partners=INTERNAL, **RULE)  # fmt: skip
_ours("lead.left_pool", "Nobody took a lead from the pool, or it was taken out.", _("took %(subject)s out of the pool"),
      _("Nobody took %(subject)s from the pool"), "arrow-back-up", reason=INTERNAL)  # fmt: skip
_told("lead.accepted", "A partner took a lead.", _("took %(subject)s; first contact by %(due_at)s"),
      _("%(subject)s was taken"), "circle-check", due_at=VISIBLE, pulled=VISIBLE)  # fmt: skip
_told("lead.declined", "A partner declined a lead.", _("declined %(subject)s: %(reason)s"), "", "circle-x",
      reason=VISIBLE)  # fmt: skip
_told("lead.lapsed", "An offered lead was not answered in time.", _("let %(subject)s lapse"),
      _("%(subject)s was not answered in time and was passed on"), "clock-x")  # fmt: skip
_told("lead.offer_withdrawn", "An offer of a lead was taken back.", _("took the offer of %(subject)s back"), "",
      "arrow-back-up", reason=VISIBLE)  # fmt: skip
_told("lead.contacted", "The partner made the first contact.", _("made the first contact with %(subject)s"), "",
      "phone", way=VISIBLE)  # fmt: skip
_told("lead.returned", "The partner gave a lead back.", _("gave %(subject)s back: %(reason)s"), "", "arrow-back-up",
      reason=VISIBLE)  # fmt: skip
_told("lead.reclaimed", "A lead was taken back from its partner.", _("took %(subject)s back: %(reason)s"),
      _("%(subject)s was taken back: %(reason)s"), "clock-x", reason=VISIBLE)  # fmt: skip
_told("lead.converted", "A lead became a registration.", _("registered the deal of %(subject)s"), "", "briefcase",
      deal=VISIBLE)  # fmt: skip
_told("lead.conversion_undone", "The registration of a lead came to nothing; the partner still has the lead.",
      _("undid the registration of %(subject)s"), _("The registration of %(subject)s came to nothing"), "arrow-back-up",
      deal=VISIBLE)  # fmt: skip
_told("lead.won", "The deal of a lead was won.", _("won %(subject)s"), _("%(subject)s was won"), "trophy",
      deal=VISIBLE)  # fmt: skip
_told("lead.lost", "A lead came to nothing.", _("lost %(subject)s: %(reason)s"), _("%(subject)s was lost: %(reason)s"),
      "circle-minus", reason=VISIBLE)  # fmt: skip
_ours("lead.closed", "Nobody follows a lead up.", _("closed %(subject)s: %(reason)s"), "", "archive",
      reason=INTERNAL)  # fmt: skip
_told("lead.reopened", "A closed or lost lead is looked for a partner again.", _("opened %(subject)s again"), "",
      "rotate-clockwise")  # fmt: skip
_told("lead_profile.changed", "Which leads a partner takes was changed.", _("changed which leads it takes"), "",
      "settings")  # fmt: skip
_told("referral.received", "A partner referred a contact.", _("referred %(subject)s"), _("%(subject)s came in"),
      "user-plus")  # fmt: skip
