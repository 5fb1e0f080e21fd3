"""The lines under the bell about leads."""

from django.utils.translation import gettext_lazy as _

from inbox.notices import declare

declare("lead.offered", _("%(lead)s waits for your answer."))
declare("lead.pooled", _("%(lead)s is in the pool: the first to accept has it."))
declare("lead.lapsed", _("%(lead)s was not answered in time and is passed on."))
declare("lead.offer_withdrawn", _("The offer of %(lead)s was taken back."))
declare("lead.reclaimed", _("%(lead)s was taken back."))
declare("lead.unrouted", _("No partner fits %(lead)s."))
declare("lead.left_pool", _("%(lead)s is out of the pool and needs routing."))
declare("lead.accepted", _("%(lead)s was taken by a partner."))
declare("lead.declined", _("%(lead)s was declined."))
declare("lead.returned", _("%(lead)s was given back."))
declare("lead.won", _("%(lead)s is won."))
declare("lead.lost", _("%(lead)s is lost."))
declare("referral.received", _("%(referral)s: a partner referred a contact."))
declare("referral.progress", _("There is news about %(referral)s."))
declare("reminder.lead_acceptance", _("A lead waits for your answer until %(on)s."))
declare("reminder.lead_contact", _("A lead waits for your first call until %(on)s."))
