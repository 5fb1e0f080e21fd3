"""The vendor's home: the work queue, putting things off, the figures' Why?, search, and the gallery."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Permission as P
from core import charts, gallery
from core.pages import Fetching, Page
from core.templatetags.ui import day as say_day
from core.templatetags.ui import days_left
from home import actions, figures, queue
from home.models import Snooze
from home.navigation import WORKSPACE, surroundings
from home.search import found_for
from home.tiers import TierLooks

FOLDED_AFTER = 10
MORNING = time(8)


class WorkQueue(Page):
    """Everything that waits for me, by due time, each with its action one click away."""

    permission = P.WORKSPACE_VIEW
    template_name = "home/workspace/queue.html"
    title = gettext_lazy("Queue")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        self.around = surroundings(request)
        self.zone = ZoneInfo(request.user.time_zone)  # type: ignore[union-attr]
        self.looks = TierLooks()
        scope, section = self.scope(), self.section()
        counted = (
            self.around.counts if scope == self.around.scope else queue.counts(self.actor, self.at, scope)
        )
        items = queue.items(self.actor, self.at, scope, section=section, counted=counted)
        total = sum(counted.values())
        return self.answer(
            crumbs=[{"label": _("Queue")}],
            title=queue_title(total),
            subtitle=self.summary(items),
            total=total,
            first=items[0] if items else None,
            filters=self.filters(counted, scope, section),
            scopes=self.scopes(scope),
            groups=[self.group(group) for group in queue.grouped(items, self.zone)],
            put_off=self.put_off(),
            undo=request.GET.get("undo", ""),
            empty=self.empty(total),
            quarter=figures.this_quarter(self.actor, scope, self.at),
            scope_is_mine=scope == queue.MINE,
            **self.health(scope),
            load=figures.load(self.actor),
        )

    def health(self, scope: str) -> dict[str, Any]:
        found = figures.health(self.actor, scope, self.at)
        parts = [
            charts.Part(_("healthy"), found["healthy"], tone="good"),
            charts.Part(_("to watch"), found["watch"], tone="caution"),
            charts.Part(_("at risk"), found["risk"], tone="bad"),
        ]
        return {"health": found, "health_bar": charts.stacked_bar([p for p in parts if p.value])}

    def scope(self) -> str:
        given = self.request.GET.get("scope", "")
        return given if given in (queue.MINE, queue.ALL) else self.around.scope

    def section(self) -> str:
        given = self.request.GET.get("section", "")
        return given if any(s.key == given for s in WORKSPACE) else ""

    def summary(self, items: list[queue.Item]) -> str:
        """ "2 are late and 5 are due today." """
        groups = {group.key: len(group.items) for group in queue.grouped(items, self.zone)}
        late, today = groups.get(queue.OVERDUE, 0), groups.get(queue.TODAY, 0)
        parts = []
        if late:
            parts.append(ngettext("%(n)s is late", "%(n)s are late", late) % {"n": late})
        if today:
            parts.append(ngettext("%(n)s is due today", "%(n)s are due today", today) % {"n": today})
        if not parts:
            return _("Nothing is late or due today.") if items else ""
        return _("%(parts)s.") % {"parts": _(" and ").join(parts)}

    def filters(self, counted: dict[str, int], scope: str, section: str) -> list[dict[str, Any]]:
        by_section = queue.by_section(counted)
        start = f"/manage/?scope={scope}"
        found = [{"label": _("All"), "count": sum(counted.values()), "url": start, "active": not section}]
        for s in WORKSPACE:
            if n := by_section.get(s.key):
                url = f"{start}&section={s.key}"
                found.append({"label": s.label, "count": n, "url": url, "active": s.key == section})
        return found

    def scopes(self, scope: str) -> list[dict[str, Any]]:
        """The choice between mine and all; none for those to whom their role gives everything."""
        if self.around.scope == queue.ALL:
            return []
        words = {queue.MINE: _("Mine"), queue.ALL: _("All I may see")}
        return [{"label": words[s], "url": f"/manage/?scope={s}", "active": s == scope} for s in words]

    def group(self, group: queue.Group) -> dict[str, Any]:
        rows = [self.row(item) for item in group.items]
        return {
            "name": group.name,
            "count": len(rows),
            "tone": "bad" if group.key == queue.OVERDUE else "",
            "rows": rows[:FOLDED_AFTER],
            "folded": rows[FOLDED_AFTER:],
        }

    def row(self, item: queue.Item) -> dict[str, Any]:
        return {
            "key": f"{item.kind.key}-{item.id}",
            "icon": item.kind.icon,
            "title": item.title,
            "reason": item.reason,
            "url": item.url,
            "partner": {"name": item.partner.name if item.partner else item.who[0]},
            "tier": self.looks.of(item.partner),
            "who_note": self.who_note(item),
            "used": item.used,
            "late": item.is_late,
            "due_text": days_left(item.due),
            "due_note": self.due_note(item),
            "action": {"label": item.kind.act, "url": item.url},
            "snooze_url": f"/manage/queue/{item.kind.key}/{item.id}/snooze/",
            "snoozes": self.snoozes(),
        }

    def who_note(self, item: queue.Item) -> str:
        if item.partner is None:
            return item.who[1]
        return "" if item.partner.tier_code else _("Not yet in a tier")

    def due_note(self, item: queue.Item) -> str:
        if not item.has_hour:
            return say_day(item.due, "weekday_short")
        local = item.due.astimezone(self.zone)  # type: ignore[union-attr]
        is_near = local.date() == self.at.astimezone(self.zone).date()
        return (
            _("by %(time)s") % {"time": format_date(local, "H:i")} if is_near else format_date(local, "D j M")
        )

    def snoozes(self) -> list[dict[str, Any]]:
        return [{"label": label, "value": value} for value, (label, _days) in SNOOZES.items()]

    def put_off(self) -> list[dict[str, Any]]:
        """What I put off, with the way back."""
        by_key = {kind.key: kind for kind in queue.kinds(self.actor)}
        running = Snooze.objects.visible_to(self.actor).running(self.at).filter(kind__in=by_key)
        rows = [
            (s, by_key[s.kind].waiting(self.actor, self.at).filter(pk=s.subject_id).first()) for s in running
        ]
        return [{"id": s.pk, "until": s.until, "title": by_key[s.kind].title(row)} for s, row in rows if row]

    def empty(self, total: int) -> dict[str, Any]:
        if total:
            return {
                "icon": "inbox", "title": _("Nothing of this kind waits for you"),
                "text": _("Other things do."), "action": {"label": _("Show everything"), "url": "/manage/"},
            }  # fmt: skip
        return {
            "icon": "circle-check",
            "title": _("Nothing waits for you"),
            "text": _(
                "What needs you appears here with its due time: decisions, tasks, things that run out."
            ),
            "other": {"label": _("Look at your partners"), "url": "/manage/partners/"},
        }


def queue_title(total: int) -> str:
    if not total:
        return _("Nothing waits for you")
    return ngettext("%(n)s thing waits for you", "%(n)s things wait for you", total) % {"n": total}


SNOOZES = {
    "tomorrow": (gettext_lazy("Until tomorrow"), 1),
    "three-days": (gettext_lazy("For three days"), 3),
    "week": (gettext_lazy("For a week"), 7),
    "month": (gettext_lazy("For 30 days"), 30),
}


class SnoozeItem(Page):
    """Put one thing off, for oneself."""

    permission = P.WORKSPACE_VIEW

    def post(self, request: HttpRequest, kind: str, pk: Any) -> HttpResponse:
        self.permit()
        row = actions.snooze(by=self.actor, kind=kind, subject_id=pk, until=self.until(), at=self.at)
        return HttpResponseRedirect(f"/manage/?undo={row.pk}")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect("/manage/")

    def until(self) -> datetime:
        """The morning of the chosen day in the reader's zone. Raises ValidationError for another choice."""
        chosen = SNOOZES.get(self.request.POST.get("until", ""))
        if chosen is None:
            raise ValidationError({"until": _("Choose how long.")})
        zone = ZoneInfo(self.request.user.time_zone)  # type: ignore[union-attr]
        on = self.at.astimezone(zone).date() + timedelta(days=chosen[1])
        return datetime.combine(on, MORNING, tzinfo=zone)


class WakeItem(Fetching, Page):
    """Show a thing again that one put off."""

    permission = P.WORKSPACE_VIEW
    queryset = Snooze.objects

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        snooze = self.fetch()
        self.permit()
        actions.wake(by=self.actor, snooze=snooze, at=self.at)
        messages.success(request, _("It is back in your queue."))
        return HttpResponseRedirect("/manage/")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect("/manage/")


class Panel:
    """A page that is shown alone in the side panel when it is asked for by a link with data-panel."""

    def answer(self, status: int = 200, template: str = "", **more: Any) -> HttpResponse:
        panel = "components/why_panel.html" if self.request.headers.get("HX-Request") else ""  # type: ignore[attr-defined]
        return super().answer(status, template or panel, **more)  # type: ignore[misc,no-any-return]


class WhyBooked(Panel, Page):
    """The bookings behind this quarter's figure."""

    permission = P.DEAL_VIEW
    template_name = "home/why.html"
    title = gettext_lazy("Partner revenue booked")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        scope = queue.MINE if request.GET.get("scope") == queue.MINE else queue.ALL
        return self.answer(why=figures.why_booked(self.actor, scope, self.at))


class Search(Page):
    """Partners, deals, customers and people that match, as far as I may see them."""

    permission = P.WORKSPACE_VIEW
    template_name = "home/search.html"
    title = gettext_lazy("Find anything")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
        groups = found_for(self.actor, text) if text else []
        return self.answer(
            search_value=text,
            groups=groups,
            total=sum(len(group.rows) for group in groups),
            crumbs=[{"label": _("Search")}],
            search_url=request.path,
        )


class Gallery(Page):
    """Every component in every state, for administrators."""

    permission = P.SETTINGS_EDIT
    template_name = "gallery/gallery.html"
    title = gettext_lazy("Gallery")

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{**gallery.sample(), **more})
