"""The lines under the bell about registrations."""

from django.utils.translation import gettext_lazy as _

from inbox.notices import declare

# Days before the last day of a protection.
REMINDER_DAYS = (30, 14, 7, 1)

declare("deal.submitted", _("%(deal)s was submitted and waits for a decision."))
declare("deal.resubmitted", _("%(deal)s was answered and waits for a decision."))
declare("deal.conflict_found", _("A new hard conflict of %(deal)s was found."))
declare("deal.escalated", _("%(deal)s is escalated: most of the time for an answer is used."))
declare("deal.left_to_review", _("%(deal)s was submitted and waits for a decision."))
declare("deal.won", _("%(deal)s was reported as won."))
declare("deal.approved", _("%(deal)s is approved and protected."))
declare("deal.approved_with_conditions", _("%(deal)s is approved with conditions."))
declare("deal.condition_answered", _("A condition of %(deal)s was answered."))
declare("deal.conditions_met", _("The conditions of %(deal)s are met."))
declare("deal.conditions_missed", _("The conditions of %(deal)s were not met; its protection has ended."))
declare("deal.lapsed", _("%(deal)s lapsed: its question was not answered."))
declare("deal.rejected", _("%(deal)s is not approved."))
declare("deal.duplicate", _("%(deal)s repeats an earlier registration."))
declare("deal.more_asked", _("%(deal)s needs a little more from you."))
declare("deal.revoked", _("The protection of %(deal)s has ended early."))
declare("appeal.submitted", _("The decision about %(deal)s is appealed."))
declare("appeal.upheld", _("Your appeal about %(deal)s is upheld."))
declare("appeal.dismissed", _("Your appeal about %(deal)s is answered: the decision stands."))
declare("deal.expired", _("The protection of %(deal)s has ended."))
declare("deal.extension_requested", _("%(deal)s asks for more time."))
declare("deal.extended", _("The protection of %(deal)s runs longer."))
declare("deal.renewed", _("The protection of %(deal)s has begun again."))
declare("deal.extension_refused", _("The protection of %(deal)s gets no more time."))
declare("reminder.answer", _("A question waits for your answer until %(on)s, for %(days)s more days."))
declare("reminder.protection", _("A protection ends on %(on)s, in %(days)s days."))
