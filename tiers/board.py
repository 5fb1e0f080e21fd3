"""The tier board: a column per tier, highest first, and one for partners that are not yet in a tier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.templatetags.ui import day as say_day
from core.templatetags.ui import days_left
from partners.models import Partner
from tiers import rules, wording
from tiers.explained import look, share
from tiers.facts import rung_of
from tiers.models import Grace, Override, Position, Program, ProgramVersion, Proposal, Standing, Tier
from tiers.rules import Finding, Rung

SHOWN = 24  # cards in a column; the rest is behind "12 more in Gold"
LATELY = timedelta(days=30)
ALL, ROSE, AT_RISK, GRACE, BLOCKED, OUTSIDE = "all", "rose", "at_risk", "grace", "blocked", "outside"
FLAGS = (ALL, ROSE, AT_RISK, GRACE, BLOCKED, OUTSIDE)


@dataclass
class Column:
    """A tier with its cards, the nearest to the next tier first."""

    name: str
    code: str
    look: dict[str, Any] | None
    total: int
    margin: str = ""
    cards: list[dict[str, Any]] = field(default_factory=list)

    @property
    def more(self) -> int:
        return max(self.total - len(self.cards), 0)


def flagged(program: Program, partners: Any, flag: str, on: date) -> Any:
    """The partners of a view of the board."""
    conditions = {
        ROSE: Q(pk__in=_risen(program, on).values("partner")),
        AT_RISK: Q(
            pk__in=Position.objects.filter(program=program, at_risk_on__isnull=False).values("partner")
        ),
        GRACE: Q(pk__in=Grace.objects.open().filter(program=program).values("partner")),
        BLOCKED: Q(pk__in=Proposal.objects.waiting().filter(program=program).values("partner")),
        OUTSIDE: Q(board_code=""),
    }
    return partners.filter(conditions[flag]) if flag in conditions else partners


def counts(program: Program, partners: Any, on: date) -> dict[str, int]:
    """How many partners each view of the board has."""
    return {flag: flagged(program, partners, flag, on).count() for flag in FLAGS}


def standing_in(program: Program, partners: Any) -> Any:
    """The partners with the code of the tier that they hold in a program as `board_code`, "" for none."""
    held = Standing.objects.open().filter(partner=OuterRef("pk"), program=program)
    code = Coalesce(Subquery(held.values("tier__code")[:1]), Value(""))
    return partners.annotate(board_code=code)


def _risen(program: Program, on: date) -> Any:
    fresh = Standing.objects.open().filter(program=program, starts_on__gt=on - LATELY, starts_on__lte=on)
    return fresh.filter(reason__in=[rules.INITIAL, rules.EVALUATION])


def columns(version: ProgramVersion, partners: Any, on: date) -> list[Column]:
    """The board for some partners (a queryset), in a fixed number of queries per tier."""
    tiers = list(version.tiers.prefetch_related("requirements__group", "groups").order_by("-rank"))
    rungs = {tier.code: rung_of(tier) for tier in tiers}
    totals = dict(partners.order_by().values_list("board_code").annotate(n=Count("pk", distinct=True)))
    found = [
        Column(
            tier.name,
            tier.code,
            look(tier, len(tiers)),
            totals.get(tier.code, 0),
            wording.stated(tier.margin),
        )
        for tier in tiers
    ]
    found.append(Column(_("Not yet in a tier"), "", None, totals.get("", 0)))
    shown = {column.code: _shown(version.program, partners, column.code) for column in found}
    notes = _Notes(version.program, [p.pk for group in shown.values() for p in group], on)
    for column in found:
        above = _above(column.code, tiers)
        measure = rungs[above.code if above else column.code] if tiers else None
        cards = [_card(partner, measure, above is None, notes) for partner in shown[column.code]]
        column.cards = sorted(cards, key=lambda card: (-card["share"], card["name"]))
    return found


def _above(code: str, tiers: list[Tier]) -> Tier | None:
    """The next tier; `tiers` run from the highest down."""
    rank = next((tier.rank for tier in tiers if tier.code == code), 0)
    return next((tier for tier in reversed(tiers) if tier.rank > rank), None)


def _shown(program: Program, partners: Any, code: str) -> list[Partner]:
    """A column's cards: those that are nearest in time to a change come first where there are too many."""
    here = Position.objects.filter(program=program)
    risk = Subquery(here.filter(partner=OuterRef("pk")).values("at_risk_on")[:1])
    group = partners.filter(board_code=code).annotate(risk_on=risk)
    positions = Prefetch("positions", here.select_related("evaluation"), to_attr="here")
    group = group.prefetch_related(positions)
    return list(group.order_by(F("risk_on").asc(nulls_last=True), "name", "pk")[:SHOWN])


class _Notes:
    """What is flagged on the cards, read once for all of them."""

    def __init__(self, program: Program, ids: Iterable[UUID], on: date) -> None:
        ids = list(ids)
        self.on = on
        self.graces = {g.partner_id: g for g in Grace.objects.open().filter(program=program, partner__in=ids)}
        self.risen = {s.partner_id: s for s in _risen(program, on).filter(partner__in=ids)}
        by_decision = Override.objects.in_force(on).filter(program=program, partner__in=ids)
        self.overrides = {override.partner_id: override for override in by_decision}
        waiting = Proposal.objects.waiting().filter(program=program, partner__in=ids)
        self.proposals = {p.partner_id: p for p in waiting.select_related("to_tier")}

    def of(self, partner: Partner) -> dict[str, Any] | None:
        position = _position(partner)
        if proposal := self.proposals.get(partner.pk):
            return {"state": _state_of(proposal), "word": _waits(proposal)}
        if grace := self.graces.get(partner.pk):
            left = days_left((grace.ends_on - self.on).days)
            return {"state": "grace", "word": _("Grace, %(left)s left") % {"left": left}}
        if override := self.overrides.get(partner.pk):
            until = _("Held by decision until %(day)s") % {"day": say_day(override.expires_on)}
            return {"state": "held_by_decision", "word": until}
        if position and position.at_risk_on:
            return {"state": "at_risk", "word": _("At risk %(day)s") % {"day": say_day(position.at_risk_on)}}
        if risen := self.risen.get(partner.pk):
            return {
                "state": "upgrade_proposed",
                "word": _("Since %(day)s") % {"day": say_day(risen.starts_on)},
            }
        return None


def _position(partner: Partner) -> Position | None:
    return next(iter(partner.here), None)  # type: ignore[attr-defined]


def _waits(proposal: Proposal) -> str:
    to = proposal.to_tier.name if proposal.to_tier else _("No tier")
    return _("%(tier)s, to decide") % {"tier": to}


def _state_of(proposal: Proposal) -> str:
    return "upgrade_proposed" if proposal.kind == rules.RISE else "grace"


def _card(partner: Partner, measure: Rung | None, is_top: bool, notes: _Notes) -> dict[str, Any]:
    position = _position(partner)
    finding = _main_finding(measure, position)
    met = finding.is_good if finding else False
    return {
        "name": partner.name,
        "url": f"{partner.get_absolute_url()}tier/",
        "country": str(partner.country),
        "flag": notes.of(partner),
        "share": share(finding) if finding else 0.0,
        "percent": _percent(finding) if finding and finding.fact.value is not None else "",
        "actual": wording.actual(finding) if finding else _("no data"),
        "target": _target(finding, is_top) if finding and finding.fact.value is not None else "",
        "tone": "good" if met else "neutral",
        "label": wording.name_of(finding.need.key) if finding else "",
    }


def _percent(finding: Finding) -> str:
    """Whole percent, rounded down: what is not reached is never 100%."""
    return f"{int(share(finding) * 100)}%"


def _target(finding: Finding, is_top: bool) -> str:
    needed = wording.value(finding.need.key, finding.need.threshold, short=True)
    return (_("needs %(n)s") if is_top else _("of %(n)s")) % {"n": needed}


def _main_finding(measure: Rung | None, position: Position | None) -> Finding | None:
    """The measure of the next tier that a card shows: its money where it asks for any, else its first."""
    if measure is None or position is None or not measure.needs:
        return None
    verdict = rules.evaluate([measure], position.evaluation.known_facts)
    findings = verdict.rungs[0].findings
    return next((f for f in findings if wording.unit_of(f.need.key) == "money"), findings[0])
