"""What the pages of home say about a partner's tier: how it looks, the way up, and what it gives."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import ranges
from core.models import Vendor
from core.templatetags.ui import day as say_day
from core.templatetags.ui import money, money_short, number
from metrics.words import words_in
from partners.models import Partner
from tiers.facts import as_stored
from tiers.margins import margin_of
from tiers.models import Position, Standing, Tier, TierBenefit
from tiers.querysets import position_of, primary_program, programs_of, standing_of
from tiers.rules import GOOD, WAIVED
from tiers.wording import exactly_lacking, lacking, name_of, unit_of


class TierLooks:
    """The looks of the tiers of all versions in force, read once for a page; ranks count within a program."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Any]] | None = None

    @property
    def known(self) -> dict[str, dict[str, Any]]:
        if self._known is None:
            # Where two programs have a tier of one code, the first program's is meant.
            tiers = list(
                Tier.objects.filter(program_version__state="active").order_by(
                    "-program_version__program__position", "rank"
                )
            )
            of = Counter(tier.program_version_id for tier in tiers)
            self._known = {
                t.code: {
                    "name": t.name,
                    "rank": t.rank,
                    "of": of[t.program_version_id],
                    "colour": t.colour or t.code,
                }
                for t in tiers
            }
        return self._known

    def of(self, partner: Partner | None) -> dict[str, Any] | None:
        """{name, rank, of, colour} of a partner's tier; None where it is not yet in one."""
        if partner is None or not partner.tier_code:
            return None
        held = {
            "name": partner.tier_name,
            "rank": partner.tier_rank or 1,
            "of": 4,
            "colour": partner.tier_code,
        }
        return held | self.known.get(partner.tier_code, {})


def way_up(partner: Partner, looks: TierLooks) -> dict[str, Any] | None:
    """What the next tier asks for and what of it is there, from the evaluation in force; None before the first one."""
    position = position_of(partner)
    if position is None:
        return None
    tiers = as_stored(position.evaluation).as_json()["tiers"]
    above = next((tier for tier in tiers if tier["rank"] > (partner.tier_rank or 0)), None)
    shown = above or (tiers[-1] if tiers else None)
    if shown is None:
        return None
    currency = Vendor.current().currency
    rows = [requirement(row, currency) for row in shown["requirements"]]
    look = looks.known.get(shown["code"], {"name": shown["code"].capitalize()})
    return {
        "is_top": above is None,
        "tier": look,
        "title": _("On the way to %(tier)s") % {"tier": look["name"]}
        if above
        else _("What %(tier)s asks for") % {"tier": look["name"]},
        "portal_title": _("Your way to %(tier)s") % {"tier": look["name"]}
        if above
        else _("What %(tier)s asks for") % {"tier": look["name"]},
        "note": _("%(met)s of %(all)s met")
        % {"met": sum(r["state"] in GOOD for r in rows), "all": len(rows)},
        "rows": rows,
        "as_of": position.as_of,
        "foot": risk(partner, position),
    }


def requirement(row: dict[str, Any], currency: str) -> dict[str, Any]:
    """A row of components/progress_requirement.html from an evaluation's requirement."""
    unit = unit_of(row["metric"])
    value, threshold = row["value"], row["threshold"]
    is_met = row["verdict"] in GOOD
    return {
        "label": name_of(row["metric"]),
        "state": row["verdict"],
        "actual": _("no data") if value is None else in_unit(value, unit, currency, short=True),
        "threshold": in_unit(threshold, unit, currency, short=True),
        "share": 1 if is_met else min((value or 0) / threshold, 1) if threshold else 0,
        "missing": _("Waived")
        if row["verdict"] == WAIVED
        else _("Met")
        if is_met
        else to_go(row["metric"], row["missing"]),
        "exact": "" if is_met else exactly_lacking(row["metric"], row["missing"]),
        "metric": row["metric"],
    }


def in_unit(value: int, unit: str, currency: str, short: bool = False) -> str:
    """A metric's value in words: money in the program's currency, yes or no, a share, a time or a number."""
    if unit == "money":
        return money_short((value, currency)) if short else money((value, currency))
    if unit == "bool":
        return _("yes") if value else _("no")
    return words_in(unit, value) or number(value)


def to_go(metric: str, missing: int) -> str:
    unit = unit_of(metric)
    if unit == "people":
        return ngettext("%(n)s person to go", "%(n)s people to go", missing) % {"n": number(missing)}
    return _("%(n)s to go") % {"n": lacking(metric, missing)} if unit != "bool" else _("Still to do")


def risk(partner: Partner, position: Position) -> dict[str, Any] | None:
    """The line that says when the held tier is at risk if nothing new happens."""
    if not position.at_risk_on or not partner.tier_code:
        return None
    when = {"tier": partner.tier_name, "day": say_day(position.at_risk_on)}
    return {
        "icon": "alert-triangle",
        "tone": "caution",
        "title": _("%(tier)s is at risk on %(day)s.") % when,
        "text": _("%(metric)s falls short that day.") % {"metric": name_of(position.at_risk_metric)},
    }


def programs(partner: Partner, on: date, tier_url: str) -> list[dict[str, Any]]:
    """A line for each program that a partner is in, its primary one first: the tier held, with the way to its page.
    Nothing where it is in one only, whose tier stands in the page's head."""
    found = programs_of(partner)
    if len(found) < 2:
        return []
    held = Standing.objects.in_force(on).filter(partner=partner).select_related("tier")
    tiers = {standing.program_id: standing.tier.name for standing in held}
    return [
        {
            "text": program.name,
            "value": tiers.get(program.pk, _("no tier")),
            "url": f"{tier_url}?program={program.code}",
        }
        for program in found
    ]


def benefits(partner: Partner, on: date) -> list[dict[str, Any]]:
    """What the partner's tier gives, its own before what lower tiers give: name, and the amount where one is stated."""
    standing = standing_of(partner, on, primary_program(partner))
    if standing is None:
        return []
    rows = TierBenefit.objects.filter(tier=standing.tier_id).select_related("benefit")
    return [
        {"text": row.benefit.name, "value": str(ranges.from_json(row.amount)) if row.amount else ""}
        for row in rows
    ]


def margin_words(partner: Partner, on: date) -> tuple[str, str]:
    """The margin on a deal of this day and what it follows from; ("none", …) without a tier."""
    margin = margin_of(partner, on)
    if margin is None:
        return _("none"), partner.tier_name or _("Not yet in a tier")
    return margin.words, margin.why
