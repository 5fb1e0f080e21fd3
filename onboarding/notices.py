"""What onboarding puts under the bell."""

from django.utils.translation import gettext_lazy as _

from inbox.notices import declare

declare("application.assigned", _("Application %(number)s was given to you."))
declare("onboarding.completed", _("%(partner)s has finished onboarding."))
