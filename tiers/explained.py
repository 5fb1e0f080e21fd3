"""Why a partner stands where it stands: one explanation for the workspace, the portal and the API.

It is made from an evaluation's stored facts and its version, never from the stored verdict, so reading it is a replay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from core.templatetags.ui import day as say_day
from partners.models import Partner
from tiers import rules, wording
from tiers.facts import rung_of
from tiers.margins import Margin, margin_for
from tiers.models import (
    Evaluation,
    Grace,
    Override,
    Position,
    Program,
    Proposal,
    Standing,
    Tier,
    TierBenefit,
    Waiver,
)
from tiers.querysets import evaluation_of, primary_program, programs_of, standing_of
from tiers.rules import Finding, RungVerdict, Verdict

Risk = tuple[str, date | None]
NO_RISK: Risk = ("", None)


@dataclass(frozen=True)
class Replay:
    """A verdict made again from stored facts and version. The stored verdict is never read."""

    engine: str
    sealed: str
    made: str
    eligible_then: str
    eligible_now: str
    engine_now: str = rules.ENGINE

    @property
    def is_same(self) -> bool:
        return self.made == self.sealed

    @property
    def is_same_engine(self) -> bool:
        return self.engine == self.engine_now


@dataclass
class Explanation:
    """A partner's tier on a day, with everything that it follows from."""

    partner: Partner
    on: date
    is_today: bool
    program: Program | None = None

    @cached_property
    def standing(self) -> Standing | None:
        return standing_of(self.partner, self.on, self.program)

    @cached_property
    def evaluation(self) -> Evaluation | None:
        """The evaluation in force on the day; None where the partner had not been evaluated by then."""
        return evaluation_of(self.partner, self.on, self.program)

    @cached_property
    def tiers(self) -> dict[str, Tier]:
        """The tiers of the evaluation's version by code, lowest first."""
        if self.evaluation is None:
            return {}
        found = self.evaluation.program_version.tiers.prefetch_related(
            "requirements__group", "groups"
        ).order_by("rank")
        return {tier.code: tier for tier in found}

    @cached_property
    def verdict(self) -> Verdict | None:
        """The verdict, made again."""
        if self.evaluation is None:
            return None
        known = self.evaluation
        return rules.evaluate(map(rung_of, self.tiers.values()), known.known_facts, known.known_waivers)

    @property
    def is_replayed(self) -> bool | None:
        """Whether the verdict made just now is the one that was sealed; None where the rule has changed since."""
        if self.evaluation is None or self.verdict is None or self.evaluation.engine != rules.ENGINE:
            return None
        return (
            rules.seal(rules.ENGINE, self.evaluation.known_fingerprint, self.verdict) == self.evaluation.seal
        )

    @cached_property
    def replay(self) -> Replay | None:
        """The verdict of the stored facts, made again now, beside the sealed one; None without an evaluation."""
        if self.evaluation is None or self.verdict is None:
            return None
        known = self.evaluation
        made = rules.seal(known.engine, known.known_fingerprint, self.verdict)
        eligible = self.verdict.eligible
        return Replay(known.engine, known.seal, made, known.eligible_code, eligible.code if eligible else "")

    @cached_property
    def waivers(self) -> dict[tuple[str, str], Waiver]:
        """The waivers that the evaluation counts, by tier and fact: the decision that held on its day."""
        if self.evaluation is None or not self.evaluation.waived:
            return {}
        version, on = self.evaluation.program_version, self.evaluation.as_of
        held = Waiver.objects.in_force(on).filter(partner=self.partner, program=version.program_id)
        return {(waiver.tier_code, waiver.key): waiver for waiver in held}

    @cached_property
    def override(self) -> Override | None:
        """The decision by which the partner holds its tier on the day; None where it holds it by itself."""
        if self.standing is None:
            return None
        held = Override.objects.filter(partner=self.partner, program=self.standing.program_id)
        held = held.filter(starts_on__lte=self.on, expires_on__gt=self.on).exclude(ended_on__lte=self.on)
        return held.select_related("tier").first()

    @cached_property
    def grace(self) -> Grace | None:
        """The grace period that runs on the day."""
        running = Grace.objects.filter(partner=self.partner, starts_on__lte=self.on, ends_on__gt=self.on)
        running = running.filter(program=self.program) if self.program else running
        return running.exclude(closed_on__lte=self.on).select_related("standing__tier").first()

    @cached_property
    def position(self) -> Position | None:
        if not self.is_today or self.evaluation is None:
            return None
        program = self.evaluation.program_version.program_id
        return Position.objects.filter(partner=self.partner, program=program).first()

    @property
    def at_risk_on(self) -> date | None:
        """The day on which the held tier would be lost; None where a decision holds it, or grace runs."""
        is_settled = self.grace or self.override
        return self.position.at_risk_on if self.position and not is_settled else None

    @property
    def first_loss(self) -> Risk:
        """The metric that falls short first if nothing new happens, and the day of it."""
        return (
            (self.position.at_risk_metric, self.at_risk_on) if self.position and self.at_risk_on else NO_RISK
        )

    @property
    def held_rank(self) -> int:
        return self.standing.tier.rank if self.standing else 0

    @cached_property
    def above(self) -> RungVerdict | None:
        """The next tier; None at the top, and before the first evaluation."""
        return self.verdict.next_above(self.held_rank) if self.verdict else None

    @cached_property
    def held(self) -> RungVerdict | None:
        """What the held tier asks for."""
        return self.verdict.of(self.standing.tier.code) if self.verdict and self.standing else None

    @property
    def missing(self) -> tuple[Finding, ...]:
        return self.above.open_findings if self.above else ()

    @cached_property
    def margin(self) -> Margin | None:
        return margin_for(self.partner, self.on, self.standing)

    @cached_property
    def benefits(self) -> list[TierBenefit]:
        if self.standing is None:
            return []
        return list(TierBenefit.objects.filter(tier=self.standing.tier_id).select_related("benefit"))

    @cached_property
    def benefits_above(self) -> list[TierBenefit]:
        """What the next tier would add."""
        if self.above is None:
            return []
        given = TierBenefit.objects.filter(tier=self.tiers[self.above.rung.code]).select_related("benefit")
        known = {held.benefit.code for held in self.benefits}
        return [added for added in given if added.benefit.code not in known]

    @cached_property
    def history(self) -> list[Standing]:
        found = Standing.objects.filter(partner=self.partner, program=self.program).visible_history()
        return list(found.select_related("tier__program_version__program", "decided_by"))

    @cached_property
    def decisions(self) -> list[Proposal]:
        """What people decided about the rises and falls that waited for them, the newest first."""
        found = Proposal.objects.decided().filter(partner=self.partner, program=self.program)
        return list(found.select_related("from_tier", "to_tier", "decided_by").order_by("-decided_at"))

    @cached_property
    def programs(self) -> list[Program]:
        """The programs that the partner is in, its primary one first."""
        return programs_of(self.partner)

    @cached_property
    def held_in_programs(self) -> list[Standing]:
        """What it holds on the day in any of them."""
        found = Standing.objects.in_force(self.on).filter(partner=self.partner, program__in=self.programs)
        return list(found.select_related("tier", "program"))

    @cached_property
    def overrides(self) -> list[Override]:
        """Every decision about its tier in the program, the newest first."""
        return list(Override.objects.filter(partner=self.partner, program=self.program))

    # Words

    def title(self) -> str:
        """“Gold, and two steps from Platinum”."""
        if self.grace:
            words = {"tier": self.grace.standing.tier.name, "day": say_day(self.grace.ends_on)}
            return _("%(tier)s until %(day)s, unless what is missing comes back") % words
        held = self.standing.tier.name if self.standing else _("Not yet in a tier")
        if self.verdict is None:
            return held
        if self.above is None:
            return _("%(held)s, the highest tier") % {"held": held}
        words = {"held": held, "steps": wording.steps(len(self.missing)), "next": self.name_above}
        return _("%(held)s, and %(steps)s from %(next)s") % words

    @property
    def name_above(self) -> str:
        return self.tiers[self.above.rung.code].name if self.above else ""

    def subtitle(self) -> str:
        """“$860,000 of annual revenue and 1 of certified people are missing. Gold since 1 Apr 2025.”"""
        parts = [self._missing_words(), self._since()]
        return " ".join(part for part in parts if part)

    def _missing_words(self) -> str:
        if self.verdict is None:
            return _("Not evaluated yet.")
        found = self.held.open_findings if self.grace and self.held else self.missing
        if not found:
            return ""
        listed = wording.listed([wording.missing_part(finding) for finding in found])
        words = _("Missing for %(tier)s: %(listed)s.")
        tier = self.grace.standing.tier.name if self.grace else self.name_above
        return words % {"tier": tier, "listed": listed}

    def _since(self) -> str:
        if self.standing is None:
            return ""
        words = {"tier": self.standing.tier.name, "day": say_day(self.standing.starts_on)}
        return _("%(tier)s since %(day)s.") % words

    def risk(self) -> str:
        """“If nothing new happens, annual revenue will be less than Gold asks for.”"""
        if not self.at_risk_on or not self.standing or not self.position:
            return ""
        if wording.unit_of(self.position.at_risk_metric) == "bool":
            what = wording.name_of(self.position.at_risk_metric)
            return _("If nothing new happens, “%(metric)s” will no longer hold.") % {"metric": what}
        words = {
            "metric": wording.in_line(wording.name_of(self.position.at_risk_metric)),
            "tier": self.standing.tier.name,
        }
        return _("If nothing new happens, %(metric)s will be less than %(tier)s asks for.") % words


def explain(partner: Partner, on: date, today: date, program: Program | None = None) -> Explanation:
    """The explanation of a tier in a program (the partner's primary one) for a day, today or earlier."""
    return Explanation(partner, on, on >= today, program or primary_program(partner))


def look(tier: Tier | None, of: int) -> dict[str, Any] | None:
    """{name, rank, of, colour}: a tier as components show it."""
    if tier is None:
        return None
    return {"name": tier.name, "rank": tier.rank, "of": of, "colour": tier.colour or tier.code}


def requirement_rows(
    found: RungVerdict, tier: Tier, url_of: Any, risk: Risk = NO_RISK
) -> list[dict[str, Any]]:
    """A tier's findings as rows of the table; `url_of(metric)` leads to the rows behind the number.

    `risk` is the metric that falls short first, and the day of it.
    """
    windows = {need.key: need.window for need in tier.requirements.all()}
    return [_row(finding, windows.get(finding.need.key, ""), url_of, risk) for finding in found.findings]


def _row(finding: Finding, window: str, url_of: Any, risk: Risk) -> dict[str, Any]:
    need, fact = finding.need, finding.fact
    is_met = finding.is_good
    risky_on = risk[1] if is_met and need.key == risk[0] else None
    return {
        "metric": need.key,
        "label": wording.name_of(need.key),
        "state": "at_risk" if risky_on else finding.verdict,
        "tone": "caution" if risky_on else "",
        "threshold": wording.threshold(finding),
        "plain_threshold": wording.value(need.key, need.threshold, short=True),
        "actual": wording.actual(finding),
        "window": wording.window(window),
        "rows": fact.rows,
        "url": url_of(need.key),
        "gap": _falls_words(risky_on) if risky_on else wording.gap(finding),
        "exact": "" if is_met else wording.exactly_lacking(need.key, finding.missing),
        "is_met": is_met,
        "is_open": not is_met,
        "is_counted_up": fact.value is not None
        and need.comparator != rules.AT_MOST
        and wording.unit_of(need.key) != "bool",
        "share": 0 if finding.verdict == rules.WAIVED else share(finding),
        "missing": _falls_words(risky_on)
        if risky_on
        else wording.gap(finding)
        if finding.verdict == rules.WAIVED
        else _("Met")
        if is_met
        else wording.gap(finding),
    }


def _falls_words(on: date) -> str:
    return _("Falls short on %(day)s") % {"day": say_day(on)}


def share(finding: Finding) -> float:
    """How much of the threshold is there, from 0 to 1."""
    return finding.progress
