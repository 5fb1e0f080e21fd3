"""The partner's team: people by tracks, what the tier asks of them, and what an end would cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from catalog.querysets import setting
from core.clock import day
from core.list_page import ListPage
from core.tables import Column
from core.templatetags.ui import day as say_day
from enablement import rules
from enablement.columns import shown_state
from enablement.models import Certification, Track
from enablement.outlook import Gap, Outlook
from partners.models import Contact, Partner

ORDER = (rules.VALID, rules.EXPIRING, rules.EXPIRED, rules.REVOKED, rules.LEFT, rules.FUTURE)


def best(held: list[Certification], on: date, expiring_days: int) -> Certification | None:
    """Of a person's certifications in one track the one that says how it stands."""

    def rank(found: Certification) -> tuple[int, int]:
        return ORDER.index(found.state(on, expiring_days)), -found.expires_on.toordinal()

    return min(held, key=rank, default=None)


class TeamMatrix(ListPage):
    """Our people and the tracks: who holds what, and until when."""

    side = "portal"
    name = "portal-team-certifications"
    template_name = "enablement/portal/team.html"
    permission = P.CERTIFICATION_VIEW
    title = gettext_lazy("Team and tracks")
    queryset = (
        Contact.objects.current()
        .select_related("partner")
        .prefetch_related(
            Prefetch("certifications", Certification.objects.select_related("track", "contact"))
        )
    )
    default_sort = "name"
    empty: ClassVar[dict[str, Any]] = {
        "icon": "users",
        "title": gettext_lazy("No people yet"),
        "text": gettext_lazy("Your people appear here with the tracks that they have passed."),
    }

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]
        person = Column(
            "name",
            _("Person"),
            lambda c: {"name": c.name},
            cell="name",
            sort="name",
            export=lambda c: c.name,
        )
        return [person, *(self.column_of(track) for track in Track.objects.active())]

    def column_of(self, track: Track) -> Column:
        shown = self.cell_of(track)
        return Column(
            track.code,
            track.name,
            shown,
            cell="state",
            export=lambda c: f"{shown(c)['state']} {shown(c)['word']}",
        )

    @cached_property
    def expiring_days(self) -> int:
        return int(setting("certification.expiring_days"))

    def cell_of(self, track: Track) -> Callable[[Contact], dict[str, Any]]:
        on, soon = day(self.at), self.expiring_days

        def cell(contact: Contact) -> dict[str, Any]:
            held = [c for c in contact.certifications.all() if c.track_id == track.pk]  # type: ignore[attr-defined]
            found = best(held, on, soon)
            if found is None:
                return {"state": "not_started", "word": _("Not passed")}
            return {"word": _until(found), **shown_state(found, on, soon)}

        return cell

    def row_url(self, row: Contact) -> str:
        return f"/portal/people/?search={row.name}"

    def context(self, **more: Any) -> dict[str, Any]:
        partner = Partner.objects.visible_to(self.actor).filter(pk=self.actor.partner_id).first()
        outlook = Outlook(partner, day(self.at)) if partner and self.actor.may(P.TIER_VIEW) else None
        shown = {
            "losses": [loss.text for loss in outlook.losses()] if outlook else [],
            "gaps": [gap_words(gap) for gap in outlook.gaps()] if outlook else [],
            "crumbs": [{"label": _("People"), "url": "/portal/people/"}, {"label": _("Team and tracks")}],
        }
        return super().context(**shown, **more)


def _until(found: Certification) -> str:
    if found.revoked_on:
        return _("revoked %(day)s") % {"day": say_day(found.revoked_on)}
    return _("until %(day)s") % {"day": say_day(found.expires_on)}


def gap_words(gap: Gap) -> dict[str, Any]:
    """What the next tier asks for and is not there yet, as a requirement is shown."""
    words = _("%(tier)s asks for %(needed)s, you have %(value)s") % {
        "tier": gap.tier, "needed": gap.needed, "value": gap.value or 0,
    }  # fmt: skip
    return {"text": gap.name, "note": words}
