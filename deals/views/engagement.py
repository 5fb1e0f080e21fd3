"""The rules of engagement: versions, what they change, drafting and announcing them; and how partners read them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from catalog.querysets import setting
from core.forms import ConfirmForm
from core.list_page import ListPage
from core.pages import FormPage, Link, MovePage, Page, RecordPage
from core.tables import Column
from core.templatetags.ui import day as say_day
from deals import actions, engagement, filters, forms, rules
from deals.models import Deal, EngagementRules
from deals.words import long_day


def changes_of(version: EngagementRules) -> list[engagement.Change]:
    """How a version differs from the one it follows; the first one differs from nothing."""
    before = EngagementRules.objects.before(version.number)
    return list(engagement.differences(before.rules, version.rules)) if before else []


def told_when(version: EngagementRules) -> str:
    """“in force from 1 Mar 2027”."""
    if version.effective_on is None:
        return _("not announced")
    return _("in force from %(day)s") % {"day": say_day(version.effective_on)}


class RulesList(ListPage):
    """All versions, the newest first."""

    name = "rules"
    permission = P.DEAL_VIEW
    title = gettext_lazy("Rules of engagement")
    subtitle = gettext_lazy(
        "By which registrations are decided. What is announced is never changed; a new version follows."
    )
    queryset = EngagementRules.objects.all()
    filterset_class = filters.EngagementRulesFilters
    default_sort = "-number"
    columns: ClassVar[list[Column]] = [
        Column("number", gettext_lazy("Version"), cell="number", sort="number"),
        Column(
            "name", gettext_lazy("Name"), lambda r: {"name": r.name}, cell="name", export=lambda r: r.name
        ),
        Column("state", gettext_lazy("Status"), "state", cell="state"),
        Column("effective_on", gettext_lazy("In force from"), cell="date", align="right"),
        Column("announced_at", gettext_lazy("Announced"), cell="instant", optional=True),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "scale",
        "title": gettext_lazy("No rules yet"),
        "text": gettext_lazy("Write the rules by which you decide; partners read them beside the form."),
        "action": {"label": gettext_lazy("Write the first version"), "url": "/manage/rules/new/"},
    }

    def row_url(self, row: EngagementRules) -> str:
        return row.get_absolute_url()

    def actions(self) -> list[Link]:
        weighed = Link(_("How conflicts are weighed"), "/manage/rules/conflicts/", "scale")
        new = Link(_("New version"), "/manage/rules/new/", "plus", primary=True)
        return [weighed, new] if self.actor.may(P.RULES_EDIT) else [weighed]


class RulesRecord(RecordPage):
    """One version: its rules, what it changes, which registrations it decides."""

    permission = P.DEAL_VIEW
    queryset = EngagementRules.objects.all()
    template_name = "deals/workspace/rules.html"

    def facts(self, record: EngagementRules) -> dict[str, Any]:
        return {
            "title": str(record),
            "crumbs": [
                {"label": _("Rules of engagement"), "url": "/manage/rules/"},
                {"label": record.number},
            ],
            "state": record.state,
            "facts_line": [told_when(record)],
            "actions": self.moves(record),
            "rules": record.rules,
            "changes": changes_of(record),
            "pairs": self.pairs(record),
            "timeline": timeline.about(record, actor=self.actor),
        }

    def pairs(self, record: EngagementRules) -> list[dict[str, Any]]:
        seen = Deal.objects.visible_to(self.actor).filter(engagement_rules=record)
        pending = seen.filter(state__in=rules.PENDING).count()
        notice = _("needs %(n)s days of notice") % {"n": setting("deal.rules_notice_days")}
        found = [
            (_("Worse for partners?"), _("It may be") if record.is_adverse else _("No"),
             notice if record.is_adverse else record.because),
            (_("Announced"), say_day(record.announced_at) if record.announced_at else "", ""),
            (_("In force from"), say_day(record.effective_on) if record.effective_on else "", ""),
            (_("Registrations sent under it"), str(seen.count()), _("%(n)s pending") % {"n": pending}),
        ]  # fmt: skip
        return [{"label": label, "value": value, "note": note} for label, value, note in found if value]

    def moves(self, record: EngagementRules) -> list[dict[str, Any]]:
        if not self.actor.may(P.RULES_EDIT):
            return []
        is_draft = record.state == engagement.DRAFT
        found = [
            ("announce" in record.open_moves, _("Announce"), "announce", "calendar-event"),
            (is_draft, _("Change"), "change", "pencil"),
            (
                "discard" in record.open_moves,
                _("Discard") if is_draft else _("Take back"),
                "discard",
                "trash",
            ),
        ]
        base = record.get_absolute_url()
        shown = [
            {"label": label, "url": f"{base}{path}/", "icon": icon} for on, label, path, icon in found if on
        ]
        return [{**move, "primary": n == 0} for n, move in enumerate(shown)]


class DraftRules(FormPage):
    """A new version, begun from the one that holds."""

    permission = P.RULES_EDIT
    form_class = forms.RulesForm
    title = gettext_lazy("A new version of the rules")
    subtitle = gettext_lazy("Nobody outside reads it until you announce it.")
    submit_label = gettext_lazy("Keep the draft")
    cancel_url = "/manage/rules/"
    done_message = gettext_lazy("The draft is kept.")

    def initial(self) -> dict[str, Any]:
        latest = EngagementRules.objects.in_force()
        return {"name": latest.name, "sections": engagement.as_text(latest.rules)} if latest else {}

    def perform(self, data: dict[str, Any]) -> EngagementRules:
        return actions.draft_rules(by=self.actor, at=self.at, **data)

    def done_url(self, result: EngagementRules) -> str:
        return result.get_absolute_url()


class OfRules(MovePage):
    """A move of one version."""

    permission = P.RULES_EDIT
    queryset = EngagementRules.objects.all()
    danger: ClassVar[bool] = False

    def effects(self) -> list[str]:
        return []

    def context(self, **more: Any) -> dict[str, Any]:
        crumbs = [{"label": _("Rules of engagement"), "url": "/manage/rules/"},
                  {"label": self.record.number, "url": self.record.get_absolute_url()}]  # fmt: skip
        facts = {
            "crumbs": crumbs,
            "effects": self.effects(),
            "danger": self.danger,
            "subtitle": str(self.record),
        }
        return super().context(**{**facts, **more})


class ChangeRules(OfRules):
    """Change a draft."""

    form_class = forms.RulesForm
    title = gettext_lazy("Change the draft")
    submit_label = gettext_lazy("Keep the draft")
    done_message = gettext_lazy("The draft is kept.")

    def initial(self) -> dict[str, Any]:
        draft = self.record
        return {"name": draft.name, "sections": engagement.as_text(draft.rules), "changes": draft.changes,
                "is_adverse": draft.is_adverse, "because": draft.because}  # fmt: skip

    def perform_on(self, record: EngagementRules, data: dict[str, Any]) -> EngagementRules:
        return actions.change_rules(by=self.actor, rules=record, at=self.at, **data)


class AnnounceRules(OfRules):
    """Tell every partner."""

    form_class = forms.AnnounceForm
    title = gettext_lazy("Announce this version")
    submit_label = gettext_lazy("Announce it to every partner")
    done_message = gettext_lazy("Announced. Every partner is written to.")

    def initial(self) -> dict[str, Any]:
        return {"effective_on": actions.earliest_day(self.record, self.at)}

    def effects(self) -> list[str]:
        earliest = actions.earliest_day(self.record, self.at)
        return [
            _("The admins of every active partner get a mail with what changes."),
            _("It can hold from %(day)s.") % {"day": long_day(earliest)},
            _("What was sent before that day is decided under the rules that held then."),
        ]

    def perform_on(self, record: EngagementRules, data: dict[str, Any]) -> EngagementRules:
        return actions.announce_rules(by=self.actor, rules=record, at=self.at, **data)


class DiscardRules(OfRules):
    """Throw a draft away, or take an announcement back."""

    form_class = ConfirmForm
    danger = True
    title = gettext_lazy("Take this version back")
    submit_label = gettext_lazy("Take it back")
    done_message = gettext_lazy("It is taken back.")

    def perform_on(self, record: EngagementRules, data: dict[str, Any]) -> EngagementRules:
        return actions.discard_rules(by=self.actor, rules=record, at=self.at)


class PortalRules(Page):
    """The rules as partners read them: what holds, what is announced, what held."""

    side = "portal"
    permission = P.DEAL_VIEW
    template_name = "deals/portal/rules.html"
    title = gettext_lazy("Rules of engagement")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seen = EngagementRules.objects.visible_to(self.actor)
        shown = seen.filter(pk=kwargs["pk"]).first() if "pk" in kwargs else seen.in_force()
        if shown is None and "pk" in kwargs:
            raise Http404
        self.permit()
        return self.answer(
            shown=shown,
            subtitle=f"{shown}, {told_when(shown)}" if shown else "",
            crumbs=[{"label": _("Deals"), "url": "/portal/deals/"}, {"label": _("Rules of engagement")}],
            rules=shown.rules if shown else [],
            changes=[one for one in changes_of(shown) if one.kind != "same"] if shown else [],
            others=[one for one in seen.order_by("-number") if shown is None or one.pk != shown.pk],
        )
