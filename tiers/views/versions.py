"""Programs and their versions: the list, one version with its moves, and the way from a draft into force."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from core.clock import day
from core.list_page import ListPage
from core.pages import FormPage, Link, MovePage, RecordPage
from core.tables import Column
from core.templatetags.ui import day as say_day
from tiers import actions, codes, rules, wording
from tiers import version_forms as forms
from tiers.actions.versions import earliest_day, has_drafted
from tiers.content import content_of
from tiers.diff import Change, changes
from tiers.explained import look
from tiers.filters import VersionFilters
from tiers.forms import Nothing
from tiers.impact import in_force_beside
from tiers.models import Program, ProgramVersion
from tiers.portable import as_yaml

BOARD, PROGRAMS, VERSIONS = "/manage/tiers/", "/manage/tiers/programs/", "/manage/tiers/versions/"


def crumbs_to(record: ProgramVersion, *last: Any) -> list[dict[str, Any]]:
    """The way to a version, and to a page about it."""
    version = {
        "label": _("Version %(n)s") % {"n": record.number},
        "url": record.get_absolute_url() if last else "",
    }
    return [
        {"label": _("Tiers"), "url": BOARD},
        {"label": _("Program versions"), "url": VERSIONS},
        version,
        *({"label": label} for label in last),
    ]


# Programs -------------------------------------------------------------------------------------------------------


class ProgramList(ListPage):
    """The programs that run side by side, the primary one first."""

    name = "tier-programs"
    permission = P.TIER_VIEW
    title = gettext_lazy("Tier programs")
    subtitle = gettext_lazy("A partner's tier is its tier in the first program that is for it.")
    queryset = Program.objects.prefetch_related("categories", "markets", "versions").annotate(
        partners=Count("positions", distinct=True)
    )
    default_sort = "position"
    columns: ClassVar[list[Column]] = [
        Column(
            "name", gettext_lazy("Program"), lambda p: {"name": p.name}, cell="name", export=lambda p: p.name
        ),
        Column("version", gettext_lazy("In force"), lambda p: version_words(p)),
        Column("categories", gettext_lazy("Categories"), lambda p: listed(p.categories.all())),
        Column("markets", gettext_lazy("Markets"), lambda p: listed(p.markets.all())),
        Column("partners", gettext_lazy("Partners"), "partners", cell="number", align="right"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "stairs-up",
        "title": gettext_lazy("No tier program yet"),
        "text": gettext_lazy(
            "Load a program file with the command load_program; it appears here as a draft."
        ),
    }

    def row_url(self, row: Program) -> str:
        return f"{PROGRAMS}{row.pk}/"

    def context(self, **more: Any) -> dict[str, Any]:
        crumbs = [{"label": _("Tiers"), "url": BOARD}, {"label": _("Programs")}]
        return super().context(**{"crumbs": crumbs, **more})


def version_words(program: Program) -> str:
    """“version 7”, or that none is in force."""
    found = next((v for v in program.versions.all() if v.state == rules.ACTIVE), None)
    return _("version %(n)s") % {"n": found.number} if found else _("none")


def listed(rows: Any) -> str:
    return ", ".join(map(str, rows)) or _("all")


class ProgramRecord(RecordPage):
    """One program: for whom it is, and its versions."""

    permission = P.TIER_VIEW
    queryset = Program.objects.prefetch_related("categories", "markets", "products", "versions")
    template_name = "tiers/workspace/program.html"

    def facts(self, record: Program) -> dict[str, Any]:
        versions = sorted(record.versions.all(), key=lambda v: -v.number)
        return {
            "title": record.name,
            "crumbs": [
                {"label": _("Tiers"), "url": BOARD},
                {"label": _("Programs"), "url": PROGRAMS},
                {"label": record.name},
            ],
            "facts_line": [_("%(n)s versions") % {"n": len(versions)}, version_words(record)],
            "actions": self.moves(record, versions),
            "rows": [version_row(version) for version in versions],
            "pairs": [
                {"label": _("Categories"), "value": listed(record.categories.all())},
                {"label": _("Markets"), "value": listed(record.markets.all())},
                {"label": _("Products priced by it"), "value": listed(record.products.all())},
            ],
            "pairs_title": _("For whom"),
        }

    def moves(self, record: Program, versions: list[ProgramVersion]) -> list[dict[str, Any]]:
        if not self.actor.may(P.TIER_DRAFT):
            return []
        newest = [{"label": _("New draft"), "icon": "plus", "url": f"{versions[0].get_absolute_url()}draft/",
                   "primary": True}] if versions else []  # fmt: skip
        url = f"{PROGRAMS}{record.pk}/import/"
        return [*newest, {"label": _("Import a version"), "icon": "upload", "url": url}]


def version_row(version: ProgramVersion) -> dict[str, Any]:
    return {
        "name": _("Version %(n)s") % {"n": version.number},
        "url": version.get_absolute_url(),
        "state": "in_force" if version.state == rules.ACTIVE else version.state,
        "day": say_day(version.effective_from) if version.effective_from else "",
    }


class ImportVersion(FormPage):
    """A version as YAML becomes a new draft of a program; a dry run shows what it would change."""

    permission = P.TIER_DRAFT
    title = gettext_lazy("Import a version")
    subtitle = gettext_lazy("It becomes a new draft. Nothing that is announced or in force changes.")
    form_class = forms.ImportVersionForm
    template_name = "tiers/workspace/import.html"
    submit_label = gettext_lazy("Go on")

    def prepare(self) -> None:
        self.program = Program.objects.visible_to(self.actor).filter(pk=self.kwargs["pk"]).first()
        if self.program is None:
            raise Http404

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        self.permit()
        form = self.form(data=request.POST, files=request.FILES)
        if form.is_valid() and form.cleaned_data["then"] == forms.DRY_RUN:
            form.data = form.data.copy()
            form.data["text"] = form.cleaned_data["text"]
            return self.shown(form, found=self.dry_run(form.cleaned_data["content"]))
        return super().post(request, *args, **kwargs)

    def dry_run(self, content: dict[str, Any]) -> dict[str, Any]:
        """What the file would change against the version in force (or the newest one)."""
        assert self.program is not None
        active = self.program.versions.active().first() or self.program.versions.latest()
        return {
            "against": active,
            "changes": list(changes(content_of(active) if active else None, content)),
        }

    def perform(self, data: dict[str, Any]) -> ProgramVersion:
        assert self.program is not None
        return actions.import_version(by=self.actor, program=self.program, text=data["text"], at=self.at)

    def done_url(self, result: ProgramVersion) -> str:
        return result.get_absolute_url()

    def get_cancel_url(self) -> str:
        return f"{PROGRAMS}{self.kwargs['pk']}/"

    def context(self, **more: Any) -> dict[str, Any]:
        program = getattr(self, "program", None)
        crumbs = [
            {"label": _("Programs"), "url": PROGRAMS},
            {"label": str(program), "url": f"{PROGRAMS}{self.kwargs['pk']}/"},
            {"label": _("Import")},
        ]
        return super().context(**{"crumbs": crumbs, **more})


# Versions ---------------------------------------------------------------------------------------------------------


class VersionList(ListPage):
    """The versions of the tier program, the newest first."""

    name = "program-versions"
    permission = P.TIER_VIEW
    title = gettext_lazy("Program versions")
    subtitle = gettext_lazy(
        "What is announced or in force is never edited: a new draft follows, and is reviewed by a second person."
    )
    queryset = ProgramVersion.objects.select_related("program")
    filterset_class = VersionFilters
    default_sort = "-number"
    columns: ClassVar[list[Column]] = [
        Column("number", gettext_lazy("Version"), lambda v: {"name": str(v)}, cell="name", export=str),
        Column(
            "state",
            gettext_lazy("State"),
            lambda v: VERSION_STATES[v.state],
            cell="state",
            export=lambda v: v.state,
        ),
        Column(
            "effective_from",
            gettext_lazy("In force from"),
            lambda v: v.effective_from and say_day(v.effective_from),
            align="right",
            export=lambda v: v.effective_from,
        ),
        Column("created_at", gettext_lazy("Drafted"), cell="instant", align="right"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "stairs-up",
        "title": gettext_lazy("No tier program yet"),
        "text": gettext_lazy(
            "Load a program file with the command load_program; it appears here as a draft."
        ),
    }

    def row_url(self, row: ProgramVersion) -> str:
        return row.get_absolute_url()

    def actions(self) -> list[Link]:
        return [Link(_("Programs"), PROGRAMS, "stairs-up")]

    def context(self, **more: Any) -> dict[str, Any]:
        crumbs = [{"label": _("Tiers"), "url": BOARD}, {"label": _("Program versions")}]
        return super().context(**{"crumbs": crumbs, **more})


VERSION_STATES: dict[str, Any] = {
    rules.DRAFT: "draft",
    rules.IN_REVIEW: "in_review",
    rules.APPROVED: "approved",
    rules.SCHEDULED: "scheduled",
    rules.ACTIVE: {"state": "in_force"},
    rules.SUPERSEDED: "superseded",
}


class VersionRecord(RecordPage):
    """One version: what each tier asks for and gives, its settings, how it differs, and the moves that are open."""

    permission = P.TIER_VIEW
    queryset = ProgramVersion.objects.select_related("program", "drafted_by", "approved_by")
    template_name = "tiers/workspace/version.html"

    def facts(self, record: ProgramVersion) -> dict[str, Any]:
        beside = in_force_beside(record)
        is_open = record.state not in (rules.ACTIVE, rules.SUPERSEDED)
        return {
            "title": str(record),
            "state": "in_force" if record.state == rules.ACTIVE else record.state,
            "crumbs": crumbs_to(record),
            "facts_line": self.line(record),
            "actions": self.moves(record, beside),
            "changes": self.changes(beside, record) if beside and is_open else [],
            "diff_url": f"{VERSIONS}{beside.pk}/diff/{record.pk}/" if beside else "",
            "people": people_pairs(record),
            "timeline": timeline.about(record, actor=self.actor),
            **ladder(record),
        }

    def changes(self, beside: ProgramVersion, record: ProgramVersion) -> list[Change]:
        """What differs from the version in force; how a threshold is stated in words goes with the threshold."""
        found = changes(content_of(beside), content_of(record))
        return [change for change in found if change.about != "stated"]

    def line(self, record: ProgramVersion) -> list[str]:
        told = {
            rules.DRAFT: _("A draft: partners do not see it"),
            rules.IN_REVIEW: _("Waits for a second person's review"),
            rules.APPROVED: _("Approved: partners do not see it until it is announced"),
        }
        if record.state in told:
            return [told[record.state]]
        assert record.effective_from is not None
        words = {"day": say_day(record.effective_from)}
        if record.state == rules.SCHEDULED:
            return [_("Announced; in force from %(day)s") % words]
        return [_("In force since %(day)s") % words]

    def moves(self, record: ProgramVersion, beside: ProgramVersion | None) -> list[dict[str, Any]]:
        base = record.get_absolute_url()
        looks = [
            ("impact", _("Impact"), "chart-bar", True),
            ("parallel", _("Parallel run"), "versions", beside is not None),
            ("compare", _("Compare"), "arrows-exchange", True),
            ("announcements", _("Who was told"), "mail", record.state in rules.ANNOUNCED),
            ("export", _("Export as YAML"), "download", True),
        ]
        shown = [{"label": label, "url": f"{base}{path}/", "icon": icon, "more": path in MORE}
                 for path, label, icon, is_on in looks if is_on]  # fmt: skip
        return [*lifecycle_moves(record, self.actor), *shown]


MORE = ("compare", "export", "parallel")


def lifecycle_moves(record: ProgramVersion, actor: Any) -> list[dict[str, Any]]:
    """The version's moves for somebody: open ones as buttons; a closed one that teaches, with its reason."""
    base, found = record.get_absolute_url(), []
    for name, label, icon, permission in MOVES:
        if name in record.open_moves and actor.may(permission):
            found.append(
                {
                    "label": label,
                    "icon": icon,
                    "url": f"{base}{name.replace('_', '-')}/",
                    "closed_because": closed_because(record, name, actor),
                    "primary": not any(move["primary"] for move in found) and name in FORWARD,
                }
            )
    if record.state == rules.DRAFT and actor.may(P.TIER_DRAFT):
        found.append({"label": _("Edit"), "icon": "pencil", "url": f"{base}edit/", "primary": False})
    if actor.may(P.TIER_DRAFT):
        is_draft = record.state == rules.DRAFT
        found.append({"label": _("New draft from this"), "icon": "copy", "url": f"{base}draft/", "primary": False,
                      "more": is_draft})  # fmt: skip
        if not is_draft:
            reason = _("Only a draft is edited. Make a new draft from this version.")
            found.append({"label": _("Edit"), "icon": "pencil", "closed_because": reason, "primary": False})
    return found


MOVES = (
    ("submit", gettext_lazy("Send to review"), "send", P.TIER_DRAFT),
    ("approve", gettext_lazy("Approve"), "check", P.TIER_PUBLISH),
    ("schedule", gettext_lazy("Announce"), "calendar-event", P.TIER_PUBLISH),
    ("return", gettext_lazy("Return to draft"), "arrow-back-up", P.TIER_PUBLISH),
    ("call_off", gettext_lazy("Call off"), "circle-minus", P.TIER_PUBLISH),
)
FORWARD = ("submit", "approve", "schedule")


def closed_because(record: ProgramVersion, move: str, actor: Any) -> str:
    """Why an open move is not open to this person; "" where it is."""
    if move == "submit" and not record.tiers.exists():
        return _("A version without a tier cannot be reviewed.")
    if move == "approve" and has_drafted(actor, record):
        return _("You drafted or changed this version; a second person approves it.")
    return ""


def people_pairs(record: ProgramVersion) -> list[dict[str, Any]]:
    """Who drafted and approved it, and its days."""
    found = [
        (_("Drafted by"), record.drafted_by),
        (_("Approved by"), record.approved_by),
        (_("Announced"), record.announced_on and say_day(record.announced_on)),
        (_("In force from"), record.effective_from and say_day(record.effective_from)),
    ]
    return [{"label": label, "value": str(value)} for label, value in found if value]


class VersionMove(MovePage):
    """A move of a version."""

    queryset = ProgramVersion.objects.select_related("program")

    def context(self, **more: Any) -> dict[str, Any]:
        record = getattr(self, "record", None)
        crumbs = crumbs_to(record, str(self.title)) if record else []
        return super().context(**{"crumbs": crumbs, **more})


class DraftVersion(VersionMove):
    permission = P.TIER_DRAFT
    form_class = Nothing
    title = gettext_lazy("A new draft")
    submit_label = gettext_lazy("Make the draft")
    done_message = gettext_lazy("The draft is made.")

    def perform_on(self, record: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        return actions.draft_version(by=self.actor, version=record, at=self.at)

    def done_url(self, result: ProgramVersion) -> str:
        return result.get_absolute_url()

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("A draft with the next number says what this version says."),
            _("You change it part by part; this version stays as it is."),
        ]
        return super().context(**{"effects": effects, **more})


class SubmitVersion(VersionMove):
    permission = P.TIER_DRAFT
    form_class = Nothing
    title = gettext_lazy("Send to review")
    submit_label = gettext_lazy("Send to review")
    done_message = gettext_lazy("The version waits for review.")

    def perform_on(self, record: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        return actions.submit_version(by=self.actor, version=record, at=self.at)

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("It can no longer be edited, until it is returned."),
            _("A second person approves or returns it."),
        ]
        return super().context(**{"effects": effects, **more})


class ReturnVersion(VersionMove):
    permission = P.TIER_PUBLISH
    form_class = forms.ReturnVersionForm
    title = gettext_lazy("Return to draft")
    submit_label = gettext_lazy("Return to draft")
    done_message = gettext_lazy("The version is a draft again.")

    def perform_on(self, record: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        return actions.return_version(by=self.actor, version=record, at=self.at, **data)


class ApproveVersion(VersionMove):
    permission = P.TIER_PUBLISH
    form_class = Nothing
    title = gettext_lazy("Approve the version")
    submit_label = gettext_lazy("Approve")
    done_message = gettext_lazy("The version may be announced.")

    def perform_on(self, record: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        return actions.approve_version(by=self.actor, version=record, at=self.at)

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [_("It may be announced. Partners see nothing of it before.")]
        return super().context(**{"effects": effects, **more})


class ScheduleVersion(VersionMove):
    permission = P.TIER_PUBLISH
    form_class = forms.ScheduleVersionForm
    title = gettext_lazy("Announce the version")
    submit_label = gettext_lazy("Announce to partners")
    done_message = gettext_lazy("The version is announced.")

    def perform_on(self, record: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        return actions.schedule_version(by=self.actor, version=record, at=self.at, **data)

    def initial(self) -> dict[str, Any]:
        return {"effective_from": earliest_day(self.record, day(self.at))}

    def context(self, **more: Any) -> dict[str, Any]:
        record = getattr(self, "record", None)
        earliest = say_day(earliest_day(record, day(self.at))) if record else ""
        effects = [
            _("The earliest day is %(day)s: partners are promised that notice.") % {"day": earliest},
            _(
                "Each partner that something changes for gets its own change and its date, by letter and in the portal."
            ),
            _("On the day it comes into force by itself, and the version before it is superseded."),
        ]
        return super().context(**{"effects": effects, **more})


class CallOffVersion(VersionMove):
    permission = P.TIER_PUBLISH
    form_class = forms.CallOffVersionForm
    title = gettext_lazy("Call the version off")
    submit_label = gettext_lazy("Call off")
    done_message = gettext_lazy("The version is called off.")

    def perform_on(self, record: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        return actions.call_off_version(by=self.actor, version=record, at=self.at, **data)

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [_("The partners that were told are told that it does not come."), _("It stays approved.")]
        return super().context(**{"effects": effects, **more})


class ExportVersion(RecordPage):
    """The version as a YAML file."""

    permission = P.TIER_VIEW
    queryset = ProgramVersion.objects.select_related("program")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = self.fetch()
        self.permit()
        response = HttpResponse(as_yaml(content_of(record)), content_type="application/yaml; charset=utf-8")
        name = f"{record.program.code}-{record.number}.yaml"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


# The parts of a version's page --------------------------------------------------------------------------------------


def ladder(record: ProgramVersion) -> dict[str, Any]:
    """The tiers side by side: requirements, ranges, and the matrix of benefits."""
    tiers = list(record.tiers.prefetch_related("requirements__group", "groups", "benefits").order_by("-rank"))
    keys = dict.fromkeys(need.key for tier in tiers for need in tier.requirements.all())
    needs = {tier.pk: {need.key: need for need in tier.requirements.all()} for tier in tiers}
    given = {tier.pk: {b.benefit_id: b for b in tier.benefits.all()} for tier in tiers}
    settings = record.settings.items()
    return {
        "tiers": [{"look": look(tier, len(tiers))} for tier in tiers],
        "requirements": [
            {"label": wording.name_of(key), "cells": [_need_words(needs[tier.pk].get(key)) for tier in tiers]}
            for key in keys
        ],
        "ranges": [
            {"label": label, "cells": [wording.stated(getattr(tier, name)) for tier in tiers]}
            for name, label in (
                ("margin", _("Margin")), ("co_marketing", _("Co-marketing")), ("investment", _("Investment")),
            )
        ],
        "matrix": [
            {"label": benefit.name, "cells": [_given_words(given[tier.pk].get(benefit.pk)) for tier in tiers]}
            for benefit in record.benefits.all()
        ],
        "pairs": [
            {"label": codes.label(name), "value": _plain(value)} for name, value in settings
        ],
        "pairs_title": _("Settings"),
    }  # fmt: skip


def _need_words(need: Any) -> dict[str, Any]:
    if need is None:
        return {"word": ""}
    sign = wording.SIGNS[need.comparator]
    is_bool = wording.unit_of(need.key) == "bool"
    return {
        "word": _("yes") if is_bool else f"{sign} {wording.value(need.key, need.threshold, short=True)}",
        "note": need.stated,
    }


def _given_words(given: Any) -> dict[str, Any]:
    if given is None:
        return {"word": ""}
    return {"state": "done", "word": _("inherited") if given.is_inherited else _("stated")}


def _plain(value: Any) -> str:
    if isinstance(value, dict) or value is None:
        return wording.stated(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return codes.in_words(str(value))
