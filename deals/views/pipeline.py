"""The pipeline as a board by stage and as a forecast by month: the list's filters, another look at the same deals."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Permission as P
from catalog.querysets import rates_of, setting
from core import charts, exports
from core.clock import day
from core.errors import Conflict
from core.list_page import ListPage
from core.money import exponent
from core.pages import Fetching, act
from core.saving import lock, require_version
from core.tables import Column
from core.templatetags.ui import day as say_day
from core.templatetags.ui import days_left, money_short
from deals import actions, filters, pipeline, rules
from deals.models import Deal, Stage
from deals.pipeline import Forecast, Group, Pile, Span, Sums

EVERY = Deal.objects.select_related("partner", "stage")
VENDOR_WAYS = (
    ("list", gettext_lazy("List"), "/manage/deals/", "layout-list"),
    ("board", gettext_lazy("Board"), "/manage/deals/board/", "layout-kanban"),
    ("forecast", gettext_lazy("Forecast"), "/manage/deals/forecast/", "chart-bar"),
    ("figures", gettext_lazy("Figures"), "/manage/deals/figures/", "percentage"),
)
PARTNER_WAYS = (
    ("list", gettext_lazy("List"), "/portal/deals/", "layout-list"),
    ("board", gettext_lazy("Board"), "/portal/deals/board/", "layout-kanban"),
    ("forecast", gettext_lazy("Forecast"), "/portal/deals/forecast/", "chart-bar"),
    ("figures", gettext_lazy("Figures"), "/portal/deals/figures/", "percentage"),
)
NOT_SHARED = {"cursor", "sort", "columns", "export", "view", "by", "status"}


def ways(page: Any, current: str) -> list[dict[str, Any]]:
    """The other looks at the same deals, with the same filters."""
    shared = page.kept(NOT_SHARED)
    found = []
    for key, label, url, icon in PARTNER_WAYS if page.side == "portal" else VENDOR_WAYS:
        query = "&".join(part for part in ("status=open" if key == "list" else "", shared) if part)
        found.append(
            {
                "label": label,
                "url": f"{url}?{query}" if query else url,
                "icon": icon,
                "active": key == current,
            }
        )
    return found


class Pipeline(ListPage):
    """What the board and the forecast share: the open deals that I may see, filtered as the list is."""

    permission = P.DEAL_VIEW
    queryset = EVERY
    way: ClassVar[str]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "layout-kanban",
        "title": gettext_lazy("No open deals"),
        "text": gettext_lazy(
            "Registrations appear here from the moment they are sent until they are won or lost."
        ),
    }

    @property
    def filterset_class(self) -> Any:  # type: ignore[override]
        return filters.PortalPipelineFilters if self.side == "portal" else filters.PipelineFilters

    def frame(self, filterset: Any) -> dict[str, Any]:
        """The toolbar around it."""
        return {
            "ways": ways(self, self.way),
            "chips": self.chips(filterset),
            "filter_form": filterset.form,
            "search_value": self.request.GET.get("search", ""),
            "is_searchable": True,
            "clear_url": self.request.path,
            "is_filtered": bool(self.chips(filterset) or self.request.GET.get("search")),
            "empty": self.empty,
        }


# The board ------------------------------------------------------------------------------------------------------


class Board(Pipeline):
    """Open deals by the partner's stage; a card is dragged, or moved by its menu."""

    name = "deal-board"
    template_name = "deals/board.html"
    title = gettext_lazy("Deals")
    way = "board"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        return self.shown()

    def shown(self, status: int = 200, said: str = "", moved: UUID | None = None) -> HttpResponse:
        filterset, deals = self.filtered()
        piles = pipeline.board(deals, rates_of(day(self.at)), self.at)
        is_part = self.request.headers.get("HX-Request")
        may_move = self.actor.may(P.STAGE_MOVE)
        return self.answer(
            status,
            "deals/_board.html" if is_part else "",
            piles=[self.pile(pile, may_move) for pile in piles],
            n=sum(pile.sums.n for pile in piles),
            may_move=may_move,
            on_behalf=may_move and self.actor.is_vendor,
            said=said,
            moved=moved,
            stages=[pile.stage for pile in piles],
            query=self.kept({"cursor"}),
            **self.frame(filterset),
        )

    def pile(self, pile: Pile, may_move: bool) -> dict[str, Any]:
        return {
            "stage": pile.stage,
            "n": pile.sums.n,
            "worth": worth(pile.sums),
            "cards": [self.card(deal) for deal in pile.deals],
            "more": pile.more,
            "more_url": f"{self.list_url()}?{self._query(stage=pile.stage.code)}",
        }

    def list_url(self) -> str:
        return "/portal/deals/" if self.side == "portal" else "/manage/deals/"

    def _query(self, **more: str) -> str:
        params = self.request.GET.copy()
        for name in NOT_SHARED:
            params.pop(name, None)
        params["status"] = "open"
        for name, value in more.items():
            params[name] = value
        return str(params.urlencode())

    def card(self, deal: Deal) -> dict[str, Any]:
        is_past = bool(deal.expected_close_on and deal.expected_close_on < day(self.at))
        base = deal.portal_url if self.side == "portal" else deal.get_absolute_url()
        return {
            "deal": deal,
            "url": base,
            "move_url": f"{base}move-stage/",
            "links": self.links(deal, base),
            "is_past": is_past,
            "notes": notes(deal, self.at),
        }

    def links(self, deal: Deal, base: str) -> list[dict[str, str]]:
        """How a deal leaves the board."""
        if not self.actor.may(P.DEAL_EDIT):
            return []
        known = {"report_win": (_("Report win"), "trophy"), "report_loss": (_("Report loss"), "circle-minus")}
        return [
            {"label": label, "url": f"{base}{move.replace('_', '-')}/", "icon": icon}
            for move, (label, icon) in known.items()
            if move in deal.open_moves
        ]


def worth(sums: Sums) -> str:
    """“about $1.2M”, or the sums side by side where a rate is missing."""
    if not sums.n:
        return _("nothing")
    if sums.without_rate:
        return " + ".join(money_short(amount) for amount in sums.amounts)
    short = money_short(sums.money)
    return short if set(sums.by_currency) <= {sums.base} else _("about %(amount)s") % {"amount": short}


def notes(deal: Deal, at: Any) -> list[dict[str, str]]:
    """What is worth a look, kindly."""
    found = []
    if deal.state in rules.PENDING:
        found.append({"icon": "hourglass-high", "text": _("waits for a decision"), "tone": ""})
    if deal.expected_close_on and deal.expected_close_on < day(at):
        text = _("close %(when)s") % {"when": days_left(deal.expected_close_on)}
        found.append({"icon": "calendar-due", "text": text, "tone": "caution"})
    elif deal.slips >= setting("deal.slip_moves"):
        text = ngettext("put off %(n)s time", "put off %(n)s times", deal.slips) % {"n": deal.slips}
        found.append({"icon": "calendar-due", "text": text, "tone": "caution"})
    if getattr(deal, "is_quiet", False):
        found.append({"icon": "bell-off", "text": _("no news for a while"), "tone": "caution"})
    return found


class MoveStage(Fetching, Board):
    """A card was put into another column. Answers with the board, or goes back to it."""

    permission = P.STAGE_MOVE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=405, headers={"Allow": "POST"})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        deal = self.fetch()
        self.permit()
        stage = self.stage()
        try:
            self.move(deal, stage)
        except Conflict as error:
            if not request.headers.get("HX-Request"):
                raise
            return self.shown(error.status, said=str(error))
        if not request.headers.get("HX-Request"):
            return HttpResponseRedirect(f"{self.board_url()}?{self.kept({'cursor'})}")
        said = _("%(deal)s is in %(stage)s now.") % {"deal": deal.customer_name, "stage": stage.name}
        return self.shown(said=said, moved=deal.pk)

    def stage(self) -> Stage:
        """The column. Raises ValidationError where there is none of this name."""
        code = self.request.POST.get("stage", "").replace("\x00", "")[:60]
        found = next((stage for stage in pipeline.stages() if stage.code == code), None)
        if found is None:
            raise ValidationError(_("Choose one of the stages."))
        return found

    @act
    def move(self, deal: Deal, stage: Stage) -> None:
        fresh = lock(deal)
        require_version(fresh, self.request.POST.get("version") or None)
        actions.update_stage(by=self.actor, deal=fresh, stage=stage, at=self.at)

    def board_url(self) -> str:
        return "/portal/deals/board/" if self.side == "portal" else "/manage/deals/board/"


# The forecast ---------------------------------------------------------------------------------------------------

WORDS = {
    pipeline.NOTHING: gettext_lazy("In all"),
    pipeline.MARKET: gettext_lazy("By market"),
    pipeline.PARTNER: gettext_lazy("By partner"),
    pipeline.PSM: gettext_lazy("By manager"),
}
MOST_LINES = 40


class ForecastPage(Pipeline):
    """Open deals by the month in which they are expected to close, weighted by the chance of their stage."""

    name = "deal-forecast"
    template_name = "deals/forecast.html"
    title = gettext_lazy("Deals")
    way = "forecast"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        filterset, deals = self.filtered()
        on = day(self.at)
        found = pipeline.forecast(deals, self.by(), on, setting("deal.forecast_months"), rates_of(on))
        if kind := request.GET.get("export"):
            return self.written(kind, found)
        return self.answer(**self.frame(filterset), **self.facts(found), exports=self.export_links())

    def by(self) -> str:
        given = self.request.GET.get("by", "")
        return given if given in WORDS and self.side != "portal" else pipeline.NOTHING

    def facts(self, found: Forecast) -> dict[str, Any]:
        return {
            "n": found.total.n,
            "finding": self.finding(found),
            "total": found.total,
            "chart": self.chart(found),
            "months": [self.month(span, found) for span in found.spans if self.is_worth_a_line(span, found)],
            "choices": self.choices(),
            "by_word": WORDS[found.by],
            "groups": [self.line(group, found) for group in found.groups[:MOST_LINES]] if found.by in pipeline.GROUPS
            else [],
            "left_out": max(len(found.groups) - MOST_LINES, 0) if found.by in pipeline.GROUPS else 0,
            "columns": self.near(found),
            "rates": [
                {"currency": code, "rate": f"{rate.normalize():f}", "on": published}
                for code, rate, published in found.rates_used()
            ],
            "base": found.rates.base,
            "without_rate": sorted(found.total.without_rate),
            "without_rate_words": _("There is no rate for %(currencies)s.")
            % {"currencies": ", ".join(sorted(found.total.without_rate))},
            "stages": pipeline.stages(),
        }  # fmt: skip

    def is_worth_a_line(self, span: Span, found: Forecast) -> bool:
        return span.key not in (pipeline.PAST, pipeline.LATER) or bool(found.months[span.key].n)

    def finding(self, found: Forecast) -> str:
        """The page's finding as its title: what the next three months bring."""
        if not found.total.n:
            return _("No open deals")
        near = Sums(found.rates.base)
        for span in found.spans[1:4]:
            near.join(found.months[span.key])
        words = {"amount": money_short(near.weighted_money), "n": near.n}
        return ngettext(
            "%(amount)s weighted in the next three months, from %(n)s deal",
            "%(amount)s weighted in the next three months, from %(n)s deals",
            near.n,
        ) % words  # fmt: skip

    def chart(self, found: Forecast) -> Any:
        bars = [
            charts.Part(
                pipeline.span_name(span)[:3], float(found.months[span.key].weighted_money.decimal),
                money_short(found.months[span.key].weighted_money),
            )
            for span in found.spans
            if span.key not in (pipeline.PAST, pipeline.LATER)
        ]  # fmt: skip

        def unit(value: float) -> str:
            return (
                money_short((round(value * 10 ** exponent(found.rates.base)), found.rates.base))
                if value
                else "0"
            )

        return charts.column_chart(bars, title=_("Weighted pipeline by month"), unit=unit)

    def month(self, span: Span, found: Forecast) -> dict[str, Any]:
        sums = found.months[span.key]
        return {
            "name": pipeline.span_name(span),
            "is_past": span.key == pipeline.PAST,
            "sums": sums,
            "url": self.rows_url(span),
        }

    def rows_url(self, span: Span | None, group: Group | None = None, by: str = "") -> str:
        """The list of the deals behind a figure."""
        params = {name: value for name, value in self.request.GET.items() if name not in NOT_SHARED}
        params["status"] = "open"
        if span and span.starts_on:
            params["closes_after"] = span.starts_on.isoformat()
        if span and span.ends_on:
            params["closes_before"] = span.ends_on.isoformat()
        if group:
            params[by] = group.key or "null"
        start = "/portal/deals/" if self.side == "portal" else "/manage/deals/"
        return f"{start}?{urlencode(params)}"

    def choices(self) -> list[dict[str, Any]]:
        if self.side == "portal":
            return []
        current = self.by()
        return [
            {
                "label": word,
                "url": self.with_params(by=None if key == pipeline.NOTHING else key),
                "active": key == current,
            }
            for key, word in WORDS.items()
        ]

    def near(self, found: Forecast) -> list[dict[str, Any]]:
        """The columns of the table by group: what is past, six months, and all."""
        shown = [span for span in found.spans[:7] if self.is_worth_a_line(span, found)]
        return [{"span": span, "name": pipeline.span_name(span)} for span in shown]

    def line(self, group: Group, found: Forecast) -> dict[str, Any]:
        return {
            "name": group.name or _("none"),
            "url": self.rows_url(None, group, found.by),
            "cells": [
                {
                    "sums": group.cells[column["span"].key],
                    "url": self.rows_url(column["span"], group, found.by),
                    "name": column["name"],
                }
                for column in self.near(found)
            ],
            "total": group.total,
        }

    def written(self, kind: str, found: Forecast) -> HttpResponse:
        """The forecast as a file: a line per group and month."""
        self.permit_export()
        if kind not in exports.WRITERS:
            raise ValidationError(_("Choose CSV or Excel."))
        rows = [(group, span, group.cells[span.key]) for group in found.groups for span in found.spans]
        columns = [
            Column("group", WORDS[found.by], lambda r: r[0].name or _("none") if r[0].key or found.by != "nothing"
                   else _("all")),
            Column("month", _("Expected close"), lambda r: pipeline.span_name(r[1])),
            Column("deals", _("Deals"), lambda r: r[2].n),
            Column("value", _("Value"), lambda r: r[2].money.decimal),
            Column("weighted", _("Weighted"), lambda r: r[2].weighted_money.decimal),
            Column("currency", _("Currency"), lambda r: found.rates.base),
            Column("rates_of", _("Rates of"), lambda r: say_day(found.rates.on)),
        ]  # fmt: skip
        return exports.answer(kind, self.name, columns, iter(rows))
