"""The words under the bell about reviews."""

from django.utils.translation import gettext_lazy as _

from inbox.notices import declare

declare("reminder.review", _("%(partner)s: the review is on %(on)s."))
declare("review.scheduled", _("%(partner)s: the %(quarter)s review is on %(on)s."))
declare("review.moved", _("%(partner)s: the %(quarter)s review moved to %(on)s."))
declare("review.cancelled", _("%(partner)s: the %(quarter)s review was cancelled."))
declare("review.held", _("%(partner)s: the minutes of the %(quarter)s review wait for your signature."))
declare("review.missed", _("%(partner)s: the %(quarter)s review was missed."))
