"""Tiers in the vendor's workspace: the board, and why a partner stands where it stands."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.clock import day
from core.pages import MovePage, Page, RecordPage
from partners.models import Partner
from tiers import board
from tiers.actions import recalculate
from tiers.filters import BoardFilters
from tiers.forms import Nothing
from tiers.models import Program
from tiers.querysets import population
from tiers.views.common import Explained, Panel, parts, why
from tiers.views.decisions_shown import for_vendor, override_link

BOARD, VERSIONS = "/manage/tiers/", "/manage/tiers/versions/"


class TierBoard(Page):
    """All partners of the program by tier, the nearest to the next one first."""

    permission = P.TIER_VIEW
    title = gettext_lazy("Tier board")
    template_name = "tiers/workspace/board.html"
    flags: ClassVar[dict[str, tuple[Any, str]]] = {
        board.ALL: (gettext_lazy("All"), ""),
        board.ROSE: (gettext_lazy("Up lately"), "arrow-up"),
        board.AT_RISK: (gettext_lazy("At risk"), "clock-exclamation"),
        board.GRACE: (gettext_lazy("Grace"), "hourglass-high"),
        board.BLOCKED: (gettext_lazy("To decide"), "gavel"),
        board.OUTSIDE: (gettext_lazy("No tier yet"), "circle-dashed"),
    }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        programs = list(Program.objects.running())
        if not programs:
            return self.answer(columns=[], empty=self.nothing_published())
        program = next((p for p in programs if p.code == request.GET.get("program")), programs[0])
        version = program.versions.active().get()
        on = day(self.at)
        filters = BoardFilters(request.GET, population(on, program), request=request)
        partners = board.standing_in(program, filters.qs.visible_to(self.actor))
        flag = request.GET.get("flag", board.ALL)
        flag = flag if flag in board.FLAGS else board.ALL
        counts = board.counts(program, partners, on)
        shown = board.columns(version, board.flagged(program, partners, flag, on), on)
        return self.answer(
            columns=[c for c in shown if c.total] if flag != board.ALL else shown,
            tabs=self.views(flag, counts),
            filter_form=filters.form,
            flag=flag,
            version=version,
            programs=[
                {"name": p.name, "code": p.code, "url": f"?program={p.code}", "active": p == program}
                for p in programs
            ]
            if len(programs) > 1
            else [],
            subtitle=_("%(n)s partners in %(version)s.")
            % {"n": f"{counts[board.ALL]:,}", "version": version},
            actions=self.moves(counts[board.BLOCKED]),
        )

    def views(self, current: str, counts: dict[str, int]) -> list[dict[str, Any]]:
        found = []
        for flag, (label, icon) in self.flags.items():
            params = self.request.GET.copy()
            params["flag"] = flag
            found.append(
                {
                    "name": label,
                    "icon": icon,
                    "url": f"?{params.urlencode()}",
                    "active": flag == current,
                    "count": counts[flag],
                }
            )
        return found

    def moves(self, waiting: int) -> list[dict[str, Any]]:
        proposals = "/manage/tier-proposals/?status=waiting"
        decide = {"label": _("Decide on %(n)s") % {"n": waiting}, "url": proposals, "primary": True}
        is_asked = bool(waiting) and self.actor.may(P.TIER_DECIDE)
        return [
            {"label": _("Programs"), "icon": "stairs-up", "url": "/manage/tiers/programs/"},
            {"label": _("Versions"), "icon": "versions", "url": VERSIONS},
            *value_links(),
            {"label": _("Decisions"), "icon": "gavel", "url": proposals, "more": True},
            {"label": _("Appeals"), "icon": "scale", "url": "/manage/tier-appeals/?status=waiting", "more": True},
            {"label": _("Tiers by decision"), "icon": "gavel",
             "url": "/manage/tier-overrides/?status=holds", "more": True},
            {"label": _("Waived requirements"), "icon": "circle-check",
             "url": "/manage/tier-waivers/?status=holds", "more": True},
            *([decide] if is_asked else []),
        ]  # fmt: skip

    def nothing_published(self) -> dict[str, Any]:
        return {
            "icon": "stairs-up",
            "title": _("No program is in force yet"),
            "text": _("A program file makes a draft. As soon as it is published, partners appear here."),
            "action": {"label": _("See the versions"), "url": VERSIONS},
        }


def value_links() -> list[dict[str, Any]]:
    """What stands beside the board: what if, what tiers give, cost and return, and how the figures come about."""
    return [
        {"label": _("What if"), "icon": "adjustments-horizontal", "url": f"{BOARD}simulator/"},
        {"label": _("Benefits"), "icon": "award", "url": f"{BOARD}benefits/", "more": True},
        {"label": _("Cost and return"), "icon": "scale", "url": f"{BOARD}comparison/", "more": True},
        {"label": _("Recalculation runs"), "icon": "refresh", "url": f"{BOARD}runs/", "more": True},
    ]


def value_links_of(record: Partner) -> list[dict[str, Any]]:
    """What stands beside a partner's tier."""
    base = f"{record.get_absolute_url()}tier/"
    return [
        {
            "label": _("What if"),
            "icon": "adjustments-horizontal",
            "url": f"{BOARD}simulator/?partner={record.pk}",
        },
        {"label": _("Benefits and use"), "icon": "award", "url": f"{base}benefits/", "more": True},
        {"label": _("Margin"), "icon": "percentage", "url": f"{base}margin/", "more": True},
        {"label": _("Investment"), "icon": "coin", "url": f"{base}investments/", "more": True},
    ]


class PartnerTier(Explained, RecordPage):
    """Why a partner stands where it stands, today or on an earlier day."""

    permission = P.TIER_VIEW
    queryset = Partner.objects.select_related("psm")
    template_name = "tiers/workspace/why.html"

    def facts(self, record: Partner) -> dict[str, Any]:
        found = self.explanation(record)
        base = f"{record.get_absolute_url()}tier/"
        shown = parts(found, self.rows_url(base, found), is_portal=False)
        return {
            **shown,
            **for_vendor(found, shown, self.actor),
            "crumbs": [
                {"label": _("Partners"), "url": "/manage/partners/"},
                {"label": record.name, "url": record.get_absolute_url()},
                {"label": _("Tier")},
            ],
            "base_url": base,
            "max_day": day(self.at).isoformat(),
            "actions": [
                *value_links_of(record),
                *self.moves(record, found.is_today),
                *override_link(found, self.actor),
            ],
        }

    def moves(self, record: Partner, is_today: bool) -> list[dict[str, Any]]:
        if not (is_today and self.actor.may(P.TIER_RECALCULATE)):
            return []
        url = f"{record.get_absolute_url()}tier/recalculate/"
        return [{"label": _("Recalculate now"), "icon": "refresh", "url": url}]


class TierRows(Panel, Explained, RecordPage):
    """The rows behind one of the numbers of a partner's tier."""

    permission = P.TIER_VIEW
    queryset = Partner.objects
    template_name = "tiers/rows.html"

    def facts(self, record: Partner) -> dict[str, Any]:
        found = why(self.explanation(record), self.kwargs["metric"], actor=self.actor, is_portal=False)
        crumbs = [
            {"label": record.name, "url": record.get_absolute_url()},
            {"label": _("Tier"), "url": f"{record.get_absolute_url()}tier/"},
            {"label": found["title"]},
        ]
        return {"why": found, "title": found["title"], "crumbs": crumbs}


class RecalculateTier(MovePage):
    """Hold a partner's facts of today against the program, now."""

    permission = P.TIER_RECALCULATE
    title = gettext_lazy("Recalculate the tier")
    queryset = Partner.objects
    form_class = Nothing
    submit_label = gettext_lazy("Recalculate now")
    done_message = gettext_lazy("The tier was looked at again.")

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Any:
        return recalculate(by=self.actor, as_of=day(self.at), at=self.at, partner_ids=[record.pk])

    def done_url(self, result: Any) -> str:
        return f"{self.record.get_absolute_url()}tier/"

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("All facts of %(partner)s are counted again.") % {"partner": self.record.name},
            _("If they reach a higher tier, it is awarded at once and the partner’s admins are told."),
            _("If they no longer reach the tier, a grace period starts; nothing is lost today."),
        ]
        return super().context(**{"effects": effects, **more})
