"""The lines under the bell about tiers."""

from django.utils.translation import gettext_lazy as _

from inbox.notices import declare

declare("tier.awarded", _("You are %(tier)s now."))
declare("tier.lowered", _("Your tier fell from %(tier)s."))
declare("tier.grace_started", _("A grace period of %(tier)s runs until %(until)s."))
declare("tier.overridden", _("You hold %(tier)s until %(until)s by decision."))
declare("tier.override_ended", _("The decision about %(tier)s no longer holds."))
declare("tier.requirement_waived", _("A requirement of %(tier)s is waived until %(until)s."))
declare("tier.waiver_ended", _("A waived requirement of %(tier)s is asked for again."))
declare("tier.proposed", _("A change of a tier waits for a decision: %(tier)s."))
declare("tier.proposal_granted", _("A change of your tier was decided."))
declare("tier.proposal_declined", _("It was decided that your tier stays as it is."))
declare("tier.proposal_granted_by_colleague", _("The change of a tier was granted by a colleague."))
declare("tier.proposal_declined_by_colleague", _("The change of a tier was declined by a colleague."))
declare("tier_appeal.submitted", _("A decision about %(tier)s is appealed."))
declare("tier_appeal.upheld", _("Your appeal about %(tier)s is upheld."))
declare("tier_appeal.dismissed", _("Your appeal about %(tier)s is answered: the decision stands."))
declare("tier_appeal.upheld_by_colleague", _("The appeal about %(tier)s was upheld by a colleague."))
declare("tier_appeal.dismissed_by_colleague", _("The appeal about %(tier)s was dismissed by a colleague."))
declare("reminder.tier-grace", _("%(partner)s: what a tier asks for must come back by %(on)s."))
declare("reminder.tier-override", _("%(partner)s: a decision about its tier ends on %(on)s."))
