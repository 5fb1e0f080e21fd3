"""What an announced version changes for us, in the partner's portal; and that we have read it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.actors import Actor
from core.pages import MovePage
from core.templatetags.ui import day as say_day
from tiers import actions
from tiers.forms import Nothing
from tiers.models import Announcement


def announced_to(actor: Actor) -> list[dict[str, Any]]:
    """The announced changes that a partner sees on its tier's page, the next one first."""
    told = Announcement.objects.visible_to(actor).filter(
        called_off_at=None, program_version__state="scheduled"
    )
    return [
        {
            "program": str(found.program_version.program),
            "effective_from": found.effective_from,
            "sentences": found.sentences,
            "acknowledged_at": found.acknowledged_at,
            "url": f"/portal/tier/announcements/{found.pk}/acknowledge/"
            if actor.may(P.TIER_ACKNOWLEDGE) and not found.acknowledged_at
            else "",
        }
        for found in told.select_related("program_version__program").order_by("effective_from")
    ]


class AcknowledgeAnnouncement(MovePage):
    """We have read what changes."""

    side = "portal"
    permission = P.TIER_ACKNOWLEDGE
    queryset = Announcement.objects.select_related("program_version__program")
    form_class = Nothing
    title = gettext_lazy("What changes for you")
    submit_label = gettext_lazy("We have read it")
    done_message = gettext_lazy("Noted that you have read it.")

    def perform_on(self, record: Announcement, data: dict[str, Any]) -> Announcement:
        return actions.acknowledge_announcement(by=self.actor, announcement=record, at=self.at)

    def done_url(self, result: Any) -> str:
        return "/portal/tier/"

    def context(self, **more: Any) -> dict[str, Any]:
        record = getattr(self, "record", None)
        crumbs = [{"label": _("My tier"), "url": "/portal/tier/"}, {"label": _("What changes")}]
        told = {"effects": record.sentences, "effects_title": self.when(record)} if record else {}
        return super().context(**{**told, "crumbs": crumbs, **more})

    def when(self, record: Announcement) -> str:
        return _("From %(day)s") % {"day": say_day(record.effective_from)}
