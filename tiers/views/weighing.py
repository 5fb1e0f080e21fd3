"""Weighing a version before it is announced: the differences in words, the impact on partners, a parallel run."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Permission as P
from core import exports, ranges
from core.clock import day
from core.forms import BaseForm, RecordField
from core.money import Money
from core.pages import FormPage, RecordPage
from core.tables import Column
from core.templatetags.ui import day as say_day
from core.templatetags.ui import money_short
from tiers import diff, impact, parallel, rules, wording
from tiers.actions.versions import earliest_day
from tiers.content import content_of
from tiers.models import Announcement, ProgramVersion
from tiers.views.versions import VERSIONS, crumbs_to, lifecycle_moves

PAGE = 50  # partners shown at once; the file holds all
MONTHS = 6


def short(minor: int) -> str:
    return money_short(Money(abs(minor), wording.currency()))


def delta(minor: int) -> str:
    """“+$214,000”, “−$34,000”, “none”."""
    if not minor:
        return _("none")
    whole = f"{Money(abs(minor), wording.currency()).decimal:,.0f}"
    sign = ranges.SIGN_OF.get(wording.currency(), f"{wording.currency()} ")
    return f"{'+' if minor > 0 else '−'}{sign}{whole}"


def short_delta(minor: int) -> str:
    """“+$2.37M”, “none”."""
    return f"{'+' if minor > 0 else '−'}{short(minor)}" if minor else _("none")


def ends(found: impact.Ends) -> str:
    """“$1.2M to $3.6M”, “$500K or more”, “none”."""
    low, high = found
    if high is None:
        return _("%(low)s or more") % {"low": short(low)}
    if not high:
        return _("none")
    return short(low) if low == high else _("%(low)s to %(high)s") % {"low": short(low), "high": short(high)}


# The differences ----------------------------------------------------------------------------------------------------


def grouped(found: list[diff.Change], *versions: ProgramVersion) -> list[dict[str, Any]]:
    """Changes by tier, the highest first, as the pages show them."""
    tiers = {t.code: t for version in versions for t in version.tiers.all()}
    order = [t.code for t in sorted(tiers.values(), key=lambda t: -t.rank)]
    of = len(tiers) or 1
    return [
        {
            "title": tiers[code].name if code in tiers else (_("Benefits") if code else _("The program")),
            "look": {"name": tiers[code].name, "rank": tiers[code].rank, "of": of,
                     "colour": tiers[code].colour or code} if code in tiers else None,
            "changes": several,
        }
        for code, several in diff.by_tier(found, order)
    ]  # fmt: skip


class VersionDiff(RecordPage):
    """How two versions differ, in words."""

    permission = P.TIER_VIEW
    queryset = ProgramVersion.objects.select_related("program")
    template_name = "tiers/workspace/diff.html"

    def facts(self, record: ProgramVersion) -> dict[str, Any]:
        other = self.other(record)
        found = list(diff.changes(content_of(record), content_of(other)))
        counts = {tone: sum(c.tone == tone for c in found) for tone in (diff.GOOD, diff.ADVERSE)}
        n = len(found)
        words = {"n": n, "old": record.number, "new": other.number}
        return {
            "title": ngettext(
                "%(n)s change from version %(old)s to %(new)s",
                "%(n)s changes from version %(old)s to %(new)s",
                n,
            )
            % words
            if n
            else _("Versions %(old)s and %(new)s say the same") % words,
            "subtitle": _("%(good)s better for partners, %(adverse)s worse.")
            % {"good": counts[diff.GOOD], "adverse": counts[diff.ADVERSE]},
            "crumbs": crumbs_to(other, _("Changes")),
            "groups": grouped(found, record, other),
            "actions": [
                {"label": _("Turn around"), "icon": "arrows-exchange",
                 "url": f"{VERSIONS}{other.pk}/diff/{record.pk}/"},
                {"label": _("Compare others"), "icon": "versions", "url": f"{other.get_absolute_url()}compare/"},
            ],
            "first": record,
            "second": other,
        }  # fmt: skip

    def other(self, record: ProgramVersion) -> ProgramVersion:
        """The version that the address names by its id, or by its number in the same program."""
        asked, found = self.kwargs["other"], self.get_queryset()
        try:
            is_number = asked.isascii() and asked.isdigit() and len(asked) < 6
            found = (
                found.filter(program=record.program_id, number=asked)
                if is_number
                else found.filter(pk=UUID(asked))
            )
        except ValueError:
            raise Http404 from None
        if (other := found.first()) is None:
            raise Http404
        return other  # type: ignore[no-any-return]


class CompareForm(BaseForm):
    first = RecordField(label=_("From"), queryset=ProgramVersion.objects.select_related("program"))
    second = RecordField(label=_("To"), queryset=ProgramVersion.objects.select_related("program"))


class CompareVersions(FormPage):
    """Choose any two versions to compare."""

    permission = P.TIER_VIEW
    title = gettext_lazy("Compare two versions")
    form_class: ClassVar[type[BaseForm]] = CompareForm
    submit_label = gettext_lazy("Show the changes")

    def prepare(self) -> None:
        found = ProgramVersion.objects.visible_to(self.actor).select_related("program")
        self.record = found.filter(pk=self.kwargs["pk"]).first()
        if self.record is None:
            raise Http404

    def initial(self) -> dict[str, Any]:
        assert self.record is not None
        beside = impact.in_force_beside(self.record)
        return {"first": beside, "second": self.record}

    def perform(self, data: dict[str, Any]) -> str:
        return f"{VERSIONS}{data['first'].pk}/diff/{data['second'].pk}/"

    def done_url(self, result: str) -> str:
        return result

    def get_cancel_url(self) -> str:
        return f"{VERSIONS}{self.kwargs['pk']}/"


# The impact ---------------------------------------------------------------------------------------------------------


class VersionImpact(RecordPage):
    """What a version would change: who moves, why, and what it costs. Nothing is written."""

    permission = P.TIER_VIEW
    queryset = ProgramVersion.objects.select_related("program")
    template_name = "tiers/workspace/impact.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = self.fetch()
        self.permit()
        found = impact_for(record, self.actor, day(self.at))
        if request.GET.get("export"):
            return self.export(record, found)
        return self.answer(record=record, **self.shown(record, found))

    def export(self, record: ProgramVersion, found: impact.Impact) -> Any:
        self.actor.must(P.EXPORT)
        kind = self.request.GET["export"]
        if kind not in exports.WRITERS:
            raise ValidationError(_("Choose CSV or Excel."))
        name = f"impact-{record.program.code}-{record.number}"
        return exports.answer(kind, name, export_columns(found), found.moves)

    def shown(self, record: ProgramVersion, found: impact.Impact) -> dict[str, Any]:
        beside = impact.in_force_beside(record)
        every = diff.changes(content_of(beside), content_of(record)) if beside else ()
        moved = [change for change in every if change.about != "stated"]
        chosen = self.request.GET.get("change", "")
        listed = [move for move in found.affected if not chosen or move.change == chosen]
        page = self.page()
        rows = listed[page * PAGE : (page + 1) * PAGE]
        return {
            "title": impact_title(record, found),
            "state": "in_force" if record.state == rules.ACTIVE else record.state,
            "crumbs": crumbs_to(record, _("Impact")),
            "subtitle": self.line(record, beside),
            "actions": self.moves(record),
            "key_facts": key_facts(found),
            "matrix": matrix(found),
            "groups": grouped(moved, record, *([beside] if beside else [])),
            "n_changes": len(moved),
            "diff_url": f"{VERSIONS}{beside.pk}/diff/{record.pk}/" if beside else "",
            "segments": self.views(found, chosen),
            "rows": [impact_row(move, found) for move in rows],
            "n_listed": len(listed),
            "older_url": f"?change={chosen}&page={page + 2}" if len(listed) > (page + 1) * PAGE else "",
            "newer_url": f"?change={chosen}&page={page}" if page else "",
            "fund": fund_words(found),
            "costs": [cost_row(cost) for cost in found.costs],
            "currency": wording.currency(),
            "more_cost": any(cost.exceeds for cost in found.costs),
        }

    def page(self) -> int:
        text = self.request.GET.get("page", "1")
        return max(int(text) - 1, 0) if text.isascii() and text.isdigit() and len(text) < 6 else 0

    def line(self, record: ProgramVersion, beside: ProgramVersion | None) -> str:
        against = (
            _("Against version %(n)s") % {"n": beside.number} if beside else _("Against no version in force")
        )
        facts = _("on facts of %(day)s") % {"day": say_day(day(self.at))}
        starts_on = first_day(record, day(self.at))
        if record.effective_from:
            effect = _("In force from %(day)s.") % {"day": say_day(starts_on)}
        else:
            effect = _("In force from %(day)s at the earliest, if announced today.") % {
                "day": say_day(starts_on)
            }
        return f"{against}, {facts}. {effect}"

    def moves(self, record: ProgramVersion) -> list[dict[str, Any]]:
        base = record.get_absolute_url()
        wanted = {f"{base}{path}/" for path in ("submit", "approve", "schedule", "return")}
        onward = [m for m in lifecycle_moves(record, self.actor) if m.get("url") in wanted]
        parallel_run = [{"label": _("Parallel run"), "icon": "versions", "url": f"{base}parallel/"}]
        export = (
            [{"label": _("Export"), "icon": "download", "url": "?export=csv"}]
            if self.actor.may(P.EXPORT)
            else []
        )
        return [*onward, *export, *parallel_run]

    def views(self, found: impact.Impact, chosen: str) -> list[dict[str, Any]]:
        words = {"": _("All"), rules.UP: _("Up"), rules.DOWN: _("Down"), rules.INTO_GRACE: _("Grace"),
                 rules.SAME: _("Terms only")}  # fmt: skip
        affected = found.affected
        counts = {change: sum(m.change == change for m in affected) for change in rules.CHANGES}
        counts[""] = len(affected)
        return [
            {"name": word, "count": counts[change], "url": f"?change={change}", "active": change == chosen}
            for change, word in words.items()
            if counts[change] or change == chosen or not change
        ]


def impact_for(record: ProgramVersion, actor: Any, on: Any) -> impact.Impact:
    """The impact of a version by today's facts, from its first day (or the earliest one)."""
    return impact.impact_of(record, by=actor, on=on, starts_on=first_day(record, on))


def first_day(record: ProgramVersion, on: Any) -> Any:
    return record.effective_from or earliest_day(record, on)


def impact_title(record: ProgramVersion, found: impact.Impact) -> str:
    """“Version 8 moves 9 of 84 partners and costs about $424,000 a year”."""
    cost = found.margin + found.co_marketing
    words = {
        "n": record.number,
        "moving": f"{len(found.moving):,}" if found.moving else _("none"),
        "all": f"{len(found.moves):,}",
        "cost": short(cost),
    }
    if not cost:
        return _("Version %(n)s moves %(moving)s of %(all)s partners and costs nothing more") % words
    if cost < 0:
        return _("Version %(n)s moves %(moving)s of %(all)s partners and saves about %(cost)s a year") % words
    return _("Version %(n)s moves %(moving)s of %(all)s partners and costs about %(cost)s a year") % words


def key_facts(found: impact.Impact) -> list[dict[str, Any]]:
    ups = [move.then_code for move in found.moves if move.change == rules.UP]
    graces = [move for move in found.moves if move.change == rules.INTO_GRACE]
    narrow = sum(move.is_narrow for move in found.moves)
    fund = found.fund
    facts = [
        {"label": _("Move up"), "value": found.count(rules.UP), "note": counted(ups, found.new)},
        {
            "label": _("Into grace"),
            "value": found.count(rules.INTO_GRACE),
            "note": _("nothing falls before %(day)s") % {"day": say_day(graces[0].takes_effect_on)}
            if graces
            else "",
        },
        {
            "label": _("Stay"),
            "value": found.count(rules.SAME),
            "note": _("of which %(n)s only just") % {"n": narrow} if narrow else "",
        },
        {"label": _("Margin, a year"), "value": short_delta(found.margin), "note": _("at trailing revenue")},
        {
            "label": _("Co-marketing, a year"),
            "value": short_delta(found.co_marketing),
            "note": (_("to %(ends)s") if found.co_marketing else _("stays %(ends)s"))
            % {"ends": ends(fund.promised)},
        },
    ]
    if found.count(rules.DOWN):
        down = {"label": _("Move down"), "value": found.count(rules.DOWN), "note": _("their tier is gone")}
        facts.insert(2, down)
    return facts


def counted(codes: list[str], side: impact.Side) -> str:
    """“1 to Platinum, 2 to Gold”."""
    several = {code: codes.count(code) for code in reversed(side.terms)}
    return ", ".join(
        _("%(n)s to %(tier)s") % {"n": n, "tier": side.name(code)} for code, n in several.items() if n
    )


def matrix(found: impact.Impact) -> dict[str, Any]:
    """Who moves where: a row for each held tier, a column for each tier of the new version."""
    old = found.old or found.new
    columns = [*reversed(found.new.terms.values())]
    counts = found.matrix
    rows = [*reversed(old.terms.values())]
    return {
        "columns": [*(tier_look(t, found.new) for t in columns), None],
        "rows": [
            {
                "look": tier_look(held, old) if held else None,
                "cells": [matrix_cell(counts, held, then) for then in [*columns, None]],
            }
            for held in [*rows, None]
        ],
    }


def matrix_cell(counts: Any, held: Any, then: Any) -> dict[str, Any]:
    key = (held.code if held else "", then.code if then else "")
    found = [(change, counts[(*key, change)]) for change in rules.CHANGES if counts[(*key, change)]]
    icons = {
        rules.UP: "arrow-up",
        rules.DOWN: "arrow-down",
        rules.INTO_GRACE: "hourglass-high",
        rules.SAME: "",
    }
    return {
        "n": sum(n for _change, n in found),
        "change": found[0][0] if found else "",
        "icon": icons[found[0][0]] if found else "",
    }


def tier_look(terms: impact.Terms, side: impact.Side) -> dict[str, Any]:
    return {"name": terms.name, "rank": terms.rank, "of": len(side.terms), "colour": terms.colour}


def impact_row(move: impact.Move, found: impact.Impact) -> dict[str, Any]:
    """One partner: its move, the reason, money and date."""
    old = found.old or found.new
    held, then = old.terms.get(move.held_code), found.new.terms.get(move.then_code)
    return {
        "id": move.partner_id,
        "name": move.name,
        "country": move.country,
        "url": f"/manage/partners/{move.partner_id}/tier/",
        "held": tier_look(held, old) if held else None,
        "then": tier_look(then, found.new) if then else None,
        "change": move.change,
        "reason": reason_words(move),
        "margin": delta(move.margin),
        "co_marketing": delta(move.co_marketing),
        "gained": ", ".join(move.gained),
        "lost": ", ".join(move.lost),
        "on": move.takes_effect_on,
    }


def reason_words(move: impact.Move) -> str:
    """“Annual revenue $1.87M, asked ≥ $1.8M”."""
    if move.reason_kind == impact.REACHED:
        return _("Reached by the version in force as well")
    said = [
        _("%(name)s %(actual)s, asked %(threshold)s")
        % {
            "name": wording.name_of(finding.need.key),
            "actual": wording.actual(finding),
            "threshold": wording.threshold(finding),
        }
        for finding in move.reasons
    ]
    if move.reason_kind == impact.BY_DECISION:
        said.append(_("waits for a decision"))
    if not said and move.percent_before != move.percent_after:
        words = {"before": move.percent_before or 0, "after": move.percent_after or 0}
        said.append(_("Margin %(before)s%% becomes %(after)s%%") % words)
    if move.change == rules.DOWN:
        said.append(_("Its tier is no longer in the program"))
    return "; ".join(said)


def fund_words(found: impact.Impact) -> dict[str, Any]:
    """Whether the year's co-marketing budget holds what the tiers promise."""
    fund = found.fund
    words = {"promised": ends(fund.promised), "before": ends(fund.promised_before),
             "budget": ends(fund.budget) if fund.budget else ""}  # fmt: skip
    text = {
        "unknown": _("The tiers promise %(promised)s a year; the version states no budget."),
        "fits": _("The tiers promise %(promised)s a year, and the fund of %(budget)s holds it."),
        "may_not_fit": _(
            "The tiers promise %(promised)s a year; the fund of %(budget)s does not hold the high end."
        ),
        "does_not_fit": _(
            "The tiers promise %(promised)s a year; the fund of %(budget)s does not hold even the low end."
        ),
    }[fund.state] % words
    tones = {"unknown": "neutral", "fits": "good", "may_not_fit": "caution", "does_not_fit": "bad"}
    return {"text": text, "tone": tones[fund.state], "state": fund.state, "before": words["before"]}


def cost_row(cost: impact.Cost) -> dict[str, Any]:
    """One tier's cost and return in a year."""
    result = cost.result
    return {
        "name": cost.name,
        "partners": cost.partners,
        "revenue": short(cost.revenue),
        "margin": short(cost.margin),
        "co_marketing": ends(cost.co_marketing),
        "investment": ends(cost.investment),
        "result": signed(result[0]) if result else _("not known"),
        "worst": signed(result[1]) if result and result[1] is not None else "",
        "most": most_words(cost.most),
        "exceeds": cost.exceeds,
    }


def signed(minor: int) -> str:
    return f"{'−' if minor < 0 else ''}{short(minor)}"


def most_words(most: tuple[int, int] | None) -> str:
    if most is None:
        return ""
    low, high = most
    return f"{low}" if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def export_columns(found: impact.Impact) -> list[Column]:
    """Every partner, moved or not; money as decimals of the program's currency a year."""
    currency = wording.currency()
    old = found.old or found.new

    def amount(minor: int) -> Any:
        return Money(minor, currency).decimal

    return [
        Column("partner", _("Partner"), "name"),
        Column("partner_id", _("Partner id"), lambda m: str(m.partner_id)),
        Column("country", _("Country"), "country"),
        Column("held", _("Tier held"), lambda m: old.name(m.held_code)),
        Column("then", _("Tier then"), lambda m: found.new.name(m.then_code)),
        Column("change", _("Change"), "change"),
        Column("reason", _("Reason"), reason_words),
        Column("revenue", _("Trailing revenue"), lambda m: "" if m.revenue is None else amount(m.revenue)),
        Column("percent_before", _("Margin before, percent"), "percent_before"),
        Column("percent_after", _("Margin then, percent"), "percent_after"),
        Column("margin", _("Margin a year"), lambda m: amount(m.margin)),
        Column("co_marketing", _("Co-marketing a year"), lambda m: amount(m.co_marketing)),
        Column("currency", _("Currency"), lambda m: currency),
        Column("gained", _("Benefits gained"), lambda m: ", ".join(m.gained)),
        Column("lost", _("Benefits lost"), lambda m: ", ".join(m.lost)),
        Column("in_effect", _("In effect"), lambda m: m.takes_effect_on),
    ]


# The parallel run ---------------------------------------------------------------------------------------------------


class ParallelRun(RecordPage):
    """Both versions' results for the last month-ends, and which partners differ."""

    permission = P.TIER_VIEW
    queryset = ProgramVersion.objects.select_related("program")
    template_name = "tiers/workspace/parallel.html"

    def facts(self, record: ProgramVersion) -> dict[str, Any]:
        beside = impact.in_force_beside(record)
        if beside is None:
            raise ValidationError(_("There is no other version to run beside this one."))
        months = asked_months(self.request.GET.get("months", ""))
        days = parallel.month_ends(day(self.at), months)
        found = parallel.parallel_run(beside, record, days, by=self.actor)
        chosen = next((m for m in found if m.on.isoformat() == self.request.GET.get("on")), found[-1])
        names = tier_names(beside, record)
        return {
            "title": parallel_title(found, beside, record),
            "subtitle": _("By the facts of each month-end: the tier that they reach, without grace and decisions."),
            "crumbs": crumbs_to(record, _("Parallel run")),
            "first": beside,
            "second": record,
            "tiers": [*names.values(), _("No tier")],
            "rows": [month_row(m, names, months) for m in found],
            "chosen": chosen,
            "differing": [
                {**asdict(d), "first": names.get(d.first) or _("No tier"),
                 "second": names.get(d.second) or _("No tier"),
                 "url": f"/manage/partners/{d.partner_id}/tier/"}
                for d in chosen.differing[: PAGE * 4]
            ],
            "n_more": max(len(chosen.differing) - PAGE * 4, 0),
            "spans": [{"name": _("%(n)s months") % {"n": n}, "url": f"?months={n}", "active": n == months}
                      for n in (3, 6, 12)],
        }  # fmt: skip


def asked_months(text: str) -> int:
    """How many month-ends are asked for. Raises ValidationError."""
    if not text:
        return MONTHS
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= parallel.MOST_MONTHS):
        raise ValidationError(
            {"months": _("Enter a number of months from 1 to %(n)s.") % {"n": parallel.MOST_MONTHS}}
        )
    return int(text[:4])


def tier_names(*versions: ProgramVersion) -> dict[str, str]:
    """The tiers of several versions by code, the highest first."""
    tiers = sorted((t for version in versions for t in version.tiers.all()), key=lambda t: -t.rank)
    return {tier.code: tier.name for tier in tiers}


def parallel_title(found: list[parallel.Month], first: ProgramVersion, second: ProgramVersion) -> str:
    n = len(found[-1].differing)
    words = {"n": f"{n:,}", "all": f"{found[-1].partners:,}", "day": say_day(found[-1].on),
             "first": first.number, "second": second.number}  # fmt: skip
    if not n:
        return _("Versions %(first)s and %(second)s agreed on every partner on %(day)s") % words
    return _("Versions %(first)s and %(second)s differed for %(n)s of %(all)s partners on %(day)s") % words


def month_row(month: parallel.Month, names: dict[str, str], months: int) -> dict[str, Any]:
    return {
        "on": month.on,
        "url": f"?months={months}&on={month.on.isoformat()}",
        "partners": month.partners,
        "cells": [{"first": month.first[code], "second": month.second[code],
                   "differs": month.first[code] != month.second[code]} for code in [*names, ""]],
        "differing": len(month.differing),
    }  # fmt: skip


# Who was told -------------------------------------------------------------------------------------------------------


class AnnouncementsOf(RecordPage):
    """The partners that were told, what, and who has read it."""

    permission = P.TIER_VIEW
    queryset = ProgramVersion.objects.select_related("program")
    template_name = "tiers/workspace/announcements.html"

    def facts(self, record: ProgramVersion) -> dict[str, Any]:
        told = Announcement.objects.visible_to(self.actor).filter(program_version=record)
        told = told.select_related("partner", "acknowledged_by").order_by(
            "acknowledged_at", "partner__name", "pk"
        )
        n, read = told.filter(called_off_at=None).count(), told.exclude(acknowledged_at=None).count()
        return {
            "title": _("%(read)s of %(n)s partners have read what changes")
            % {"read": f"{read:,}", "n": f"{n:,}"},
            "subtitle": _("Each partner sees its own change alone."),
            "crumbs": crumbs_to(record, _("Who was told")),
            "rows": list(told[:500]),
            "empty": {
                "icon": "mail",
                "title": _("Nobody was told"),
                "text": _("When the version is announced, each partner that something changes for is told."),
            },
        }
