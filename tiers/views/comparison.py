"""What tiers cost and return, and what was spent on each partner."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.clock import day
from core.forms import ConfirmForm
from core.money import Money
from core.pages import Link, MovePage, Page, RecordPage
from core.templatetags.ui import day as say_day
from core.templatetags.ui import money, money_short
from partners.models import Partner
from tiers import wording
from tiers.actions import record_investment, take_back_investment
from tiers.comparison import MOST_ROWS, NO_TIER, Comparison, Line
from tiers.explained import look
from tiers.models import Program, ProgramVersion, Tier, TierInvestment
from tiers.value_forms import InvestmentForm
from tiers.views.common import AboutPartner


class ProgramComparison(Page):
    """Cost and return of each tier over the trailing year, over the partners that you see."""

    permission = P.WORKSPACE_VIEW
    title = gettext_lazy("What tiers cost and return")
    template_name = "tiers/workspace/comparison.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        crumbs = [{"label": _("Tiers"), "url": "/manage/tiers/"}, {"label": _("Cost and return")}]
        programs = list(Program.objects.running())
        if not programs:
            return self.answer(crumbs=crumbs, empty=NOTHING)
        program = next((p for p in programs if p.code == request.GET.get("program")), programs[0])
        version = program.versions.active().get()
        return self.answer(crumbs=crumbs, programs=_tabs(programs, program), **self.figures(version))

    def figures(self, version: ProgramVersion) -> dict[str, Any]:
        partners = Partner.objects.visible_to(self.actor)
        found = Comparison(version, day(self.at), partners)
        of, shown = len(found.tiers) - 1, self.shown(found)
        words = {"version": version, "from": say_day(found.starts_on), "to": say_day(found.on)}
        return {
            "subtitle": _("%(version)s, %(from)s to %(to)s") % words,
            "lines": [_line(one, of) | {"url": rows_url(version.program, one.tier)} for one in found.lines()],
            "currency": wording.currency(),
            "definitions": definitions(version, found),
            "rows": shown,
        }

    def shown(self, found: Comparison) -> dict[str, Any] | None:
        """The partners behind the line of `?tier=`; None where none is asked for."""
        code = self.request.GET.get("tier", "")
        if not code:
            return None
        try:
            tier = found.tier(code)
        except KeyError:
            raise Http404 from None
        rows = found.rows(tier, MOST_ROWS)
        names = Partner.objects.in_bulk([pk for pk, _line_of_it in rows])
        more = len(found.groups[tier.code if tier else ""]) - len(rows)
        return {
            "title": tier.name if tier else _("No tier"),
            "lines": [_row(names[pk], line) for pk, line in rows],
            "more": _("and %(n)s more") % {"n": more} if more else "",
        }


def rows_url(program: Program, tier: Tier | None) -> str:
    return "?" + urlencode({"program": program.code, "tier": tier.code if tier else NO_TIER}) + "#rows"


def definitions(version: ProgramVersion, found: Comparison) -> list[dict[str, str]]:
    """What each column counts, over which days and by which setting."""
    settings = {"percent": found.gross}
    return [
        {"label": _("Partners"), "value": _("Active partners of the program, in the tier that they hold today.")},
        {"label": _("Revenue"), "value": _(
            "What was booked in the trailing year, counted once per partner, at the rate of its day."
        ), "url": "/manage/metrics/annual_revenue/", "link": _("The metric")},
        {"label": _("Gross margin"), "value": _(
            "Revenue × %(percent)s%%, the program's setting for the gross margin.") % settings,
         "url": f"{version.get_absolute_url()}", "link": _("The version")},
        {"label": _("Margin paid"), "value": _(
            "Revenue × each partner's margin of today: decided for the partner, else by the policy of its tier's band, "
            "else what its category gives. Margins of single deals are left out.")},
        {"label": _("Benefits"), "value": _("The money of benefits used in those days, recorded use by use.")},
        {"label": _("Invested"), "value": _(
            "Dated entries per partner of what we spent besides, at the rate of their day.")},
        {"label": _("Result"), "value": _("Gross margin − margin paid − benefits − invested.")},
        {"label": _("Return on cost"), "value": _(
            "Result ÷ (margin paid + benefits + invested). A partner in two programs is counted in both.")},
    ]  # fmt: skip


def _row(partner: Partner, found: Line) -> dict[str, Any]:
    """One partner's part of a line, each number with the way to its rows."""
    url = partner.get_absolute_url()
    return _figures(found) | {
        "name": partner.name,
        "url": url,
        "revenue_url": f"{url}why/annual_revenue/",
        "margin_url": f"{url}tier/margin/",
        "benefits_url": f"{url}tier/benefits/",
        "invested_url": f"{url}tier/investments/",
    }


NOTHING = {
    "icon": "scale",
    "title": gettext_lazy("No program is in force yet"),
    "text": gettext_lazy("Tiers are compared as soon as partners are in one."),
}


def _tabs(programs: list[Program], current: Program) -> list[dict[str, Any]]:
    return [{"name": p.name, "url": f"?program={p.code}", "active": p == current} for p in programs]


def _short(minor: int) -> str:
    return money_short(Money(minor, wording.currency()))


def _line(found: Line, of: int) -> dict[str, Any]:
    return {
        "tier": look(found.tier, of),
        "name": found.tier.name if found.tier else _("No tier"),
        "partners": found.partners,
        "stated": wording.stated(found.tier.investment) if found.tier else _("none"),
        **_figures(found),
    }


def _figures(found: Line) -> dict[str, Any]:
    return {
        "revenue": _short(found.revenue),
        "gross": _short(found.gross),
        "margin": _short(found.margin_paid),
        "benefits": _short(found.benefits),
        "invested": _short(found.invested),
        "result": _short(found.result),
        "is_loss": found.result < 0,
        "roi": f"{found.roi:,}%" if found.roi is not None else _("no cost"),
    }


class PartnerInvestments(RecordPage):
    """What we spent on one partner."""

    permission = P.TIER_VIEW
    queryset = Partner.objects
    template_name = "tiers/workspace/investments.html"

    def facts(self, record: Partner) -> dict[str, Any]:
        base = f"{record.get_absolute_url()}tier/"
        may = self.actor.may(P.TIER_INVEST)
        entries = TierInvestment.objects.filter(partner=record)[:100]
        total = sum(entry.program_minor for entry in entries if entry.taken_back_at is None)
        return {
            "title": _("Investment"),
            "subtitle": _("What we spent on %(partner)s, besides margin and benefits. Partners never see it.")
            % {"partner": record.name},
            "crumbs": [
                {"label": record.name, "url": record.get_absolute_url()},
                {"label": _("Tier"), "url": base},
                {"label": _("Investment")},
            ],
            "entries": [_entry(entry, may) for entry in entries],
            "total": money(Money(total, wording.currency())),
            "actions": [Link(_("Record an investment"), f"{base}investments/record/", "plus", primary=True)]
            if may
            else [],
        }


def _entry(entry: TierInvestment, may: bool) -> dict[str, Any]:
    is_taken_back = entry.taken_back_at is not None
    return {
        "on": entry.spent_on,
        "purpose": entry.purpose,
        "amount": money(Money(entry.amount_minor, entry.currency)),
        "in_program": money(Money(entry.program_minor, wording.currency()))
        if entry.currency != wording.currency()
        else "",
        "is_taken_back": is_taken_back,
        "url": f"/manage/tier-investments/{entry.pk}/take-back/" if may and not is_taken_back else "",
    }


class RecordInvestment(AboutPartner, MovePage):
    """Record what we spent on a partner."""

    permission = P.TIER_INVEST
    queryset = Partner.objects
    form_class = InvestmentForm
    title = gettext_lazy("Record an investment")
    submit_label = gettext_lazy("Record the investment")
    done_message = gettext_lazy("The investment was recorded.")

    def initial(self) -> dict[str, Any]:
        return {"spent_on": day(self.at)}

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Any:
        return record_investment(by=self.actor, partner=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return f"{self.record.get_absolute_url()}tier/investments/"


class TakeBackInvestment(AboutPartner, MovePage):
    """An investment was recorded by mistake."""

    permission = P.TIER_INVEST
    queryset = TierInvestment.objects.select_related("partner")
    form_class = ConfirmForm
    title = gettext_lazy("Take back the investment")
    submit_label = gettext_lazy("Take it back")
    done_message = gettext_lazy("The investment no longer counts.")

    def perform_on(self, record: TierInvestment, data: dict[str, Any]) -> Any:
        return take_back_investment(by=self.actor, investment=record, at=self.at)

    def done_url(self, result: Any) -> str:
        return f"/manage/partners/{self.record.partner_id}/tier/investments/"
