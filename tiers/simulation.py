"""What if: another verdict from other facts or other rules, with what it would bring. Nothing is ever stored.

The whole question is in an address: `fact.<key>` and `need.<tier>.<key>` are numbers in the metric's unit, amounts for
money. A fact with a sign is added to the partner's own: “+300000”, “+2”, “-1”.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import bulk
from core.actors import Actor
from core.money import Money
from core.ranges import SIGN_OF, TIMES
from partners.models import Partner
from tiers import rules, wording
from tiers.facts import Facts, asks_of, facts_of, no_facts, waivers_of
from tiers.hypothetical import LARGEST, Question, Thresholds, rungs_with
from tiers.margins import Margin, margin_at
from tiers.models import ProgramVersion, Requirement, Standing, Tier, TierBenefit
from tiers.querysets import programs_of, standing_of
from tiers.rules import Fact, RungVerdict, Verdict

FACT, NEED = "fact.", "need."
SMALLEST_STEP = 100_000  # whole units of money that a + or - button adds


def choosable(actor: Actor, partner: Partner | None = None) -> list[ProgramVersion]:
    """The versions on which an actor may try facts: the vendor all but those that are over; a partner those in force
    and announced of the programs that it is in."""
    states = (rules.ACTIVE, rules.SCHEDULED)
    found = ProgramVersion.objects.visible_to(actor).exclude(state=rules.SUPERSEDED)
    if not actor.is_vendor:
        found = found.filter(state__in=states, program__in=programs_of(partner) if partner else ())
    versions = found.select_related("program").order_by("program__position", "program__code", "number")
    return sorted(
        versions, key=lambda v: (v.program.position, v.program.code, v.state != rules.ACTIVE, -v.number)
    )


def facts_today(version: ProgramVersion, partner: Partner | None, on: date) -> Facts:
    """The partner's own facts as the version asks for them; without a partner nothing is known."""
    asks = asks_of(version)
    found = facts_of(asks, on, [partner.pk]).get(partner.pk) if partner else None
    return found or no_facts(asks)


@dataclass
class Simulation:
    """A version with facts and thresholds, and what follows for a partner (or for nobody in particular)."""

    version: ProgramVersion
    on: date
    base: Facts
    facts: Facts
    thresholds: Thresholds = field(default_factory=dict)
    partner: Partner | None = None
    waived: rules.Waivers = rules.NO_WAIVERS
    errors: dict[str, str] = field(default_factory=dict)

    @cached_property
    def verdict(self) -> Verdict:
        return rules.evaluate(rungs_with(self.version, self.thresholds), self.facts, self.waived)

    @cached_property
    def tiers(self) -> dict[str, Tier]:
        found = self.version.tiers.prefetch_related("requirements__group", "groups").order_by("rank")
        return {tier.code: tier for tier in found}

    @cached_property
    def standing(self) -> Standing | None:
        return standing_of(self.partner, self.on, self.version.program) if self.partner else None

    @property
    def held(self) -> Tier | None:
        """The tier of this version that the partner stands in: by the rule that carries tiers over."""
        if self.standing is None:
            return None
        held = self.standing.tier
        found = rules.counterpart(held.code, held.rank, [found.rung for found in self.verdict.rungs])
        return self.tiers[found.code] if found else None

    @property
    def then(self) -> Tier | None:
        """The tier that the facts reach."""
        return self.tiers[self.verdict.eligible.code] if self.verdict.eligible else None

    @property
    def above(self) -> RungVerdict | None:
        return self.verdict.next_above(self.verdict.eligible_rank)

    @cached_property
    def margin(self) -> Margin | None:
        return margin_at(self.then, wording.revenue_in(self.facts)) if self.then else None

    @cached_property
    def given(self) -> list[TierBenefit]:
        """What the tier reached gives."""
        return self._benefits_of(self.then)

    @cached_property
    def gained(self) -> list[TierBenefit]:
        held = {given.benefit.code for given in self._benefits_of(self.held)}
        return [given for given in self.given if given.benefit.code not in held]

    @cached_property
    def lost(self) -> list[TierBenefit]:
        kept = {given.benefit.code for given in self.given}
        return [given for given in self._benefits_of(self.held) if given.benefit.code not in kept]

    def _benefits_of(self, tier: Tier | None) -> list[TierBenefit]:
        return list(TierBenefit.objects.filter(tier=tier).select_related("benefit")) if tier else []

    @property
    def direction(self) -> str:
        """“up”, “down” or “same”, seen from the tier held."""
        before, after = self.held.rank if self.held else 0, self.verdict.eligible_rank
        return rules.UP if after > before else rules.DOWN if after < before else rules.SAME

    @property
    def earliest(self) -> str:
        """When what was found would hold."""
        if self.direction == rules.DOWN:
            days = self.version.settings.get("downgrade_grace_days", 0)
            return _("after a grace period of %(n)s days") % {"n": days}
        if self.direction == rules.SAME:
            return _("as it is")
        return _("on approval") if self.then and self.then.upgrade == rules.BY_DECISION else _("at once")

    def title(self) -> str:
        """“Then Platinum”, “Still Gold”."""
        name = self.then.name if self.then else _("no tier")
        if self.partner is None:
            return _("These facts reach %(tier)s") % {"tier": name}
        words = {
            rules.UP: _("Then %(tier)s"),
            rules.DOWN: _("Only %(tier)s"),
            rules.SAME: _("Still %(tier)s"),
        }
        return words[self.direction] % {"tier": name}

    @property
    def question(self) -> Question:
        return Question(self.facts, self.waived, thresholds=self.thresholds)

    def parameters(self) -> dict[str, str]:
        """The whole question as an address's parameters, every fact as it is now: a link shows the same for ever."""
        found = {"program": self.version.program.code, "version": str(self.version.number)}
        if self.partner:
            found["partner"] = str(self.partner.pk)
        found |= {f"{FACT}{key}": written(key, fact.value) for key, fact in self.facts.items()}
        return found | {f"{NEED}{tier}.{key}": written(key, n) for (tier, key), n in self.thresholds.items()}


def simulate(
    version: ProgramVersion,
    on: date,
    given: Mapping[str, str],
    partner: Partner | None = None,
    may_change_rules: bool = True,
) -> Simulation:
    """The simulation that an address asks for. A value that cannot be read stays as it is and is named in `errors`."""
    base = facts_today(version, partner, on)
    waived = waivers_of(version.program, on, bulk.Ids([partner.pk])).get(partner.pk) if partner else None
    found = Simulation(version, on, base, dict(base), {}, partner, waived or rules.NO_WAIVERS)
    for ask in asks_of(version):
        if (text := given.get(f"{FACT}{ask.key}")) is not None:
            _try(found, f"{FACT}{ask.key}", lambda k=ask.key, t=text: _set_fact(found, k, t))  # type: ignore[misc]
    thresholds: dict[tuple[str, str], int] = {}
    for need in Requirement.objects.filter(tier__program_version=version).select_related("tier"):
        name = f"{NEED}{need.tier.code}.{need.key}"
        if may_change_rules and (text := given.get(name, "").strip()):
            _try(found, name, lambda n=need, t=text: _set_threshold(thresholds, n, t))  # type: ignore[misc]
    found.thresholds = thresholds
    _step(found, given.get("step", ""))
    return found


def _try(found: Simulation, name: str, read: Any) -> None:
    try:
        read()
    except ValidationError as error:
        found.errors[name] = " ".join(error.messages)


def _set_fact(found: Simulation, key: str, text: str) -> None:
    text = text.strip()
    if not text:
        found.facts[key] = Fact(None)
        return
    n = number(key, text.lstrip("+-"))
    if text[0] in "+-":
        now = found.base[key].value or 0
        n = now + n if text[0] == "+" else max(now - n, 0)
    found.facts[key] = Fact(n, found.base[key].rows)


def _set_threshold(thresholds: dict[tuple[str, str], int], need: Requirement, text: str) -> None:
    n = number(need.key, text)
    if n != need.threshold:
        thresholds[(need.tier.code, need.key)] = n


def _step(found: Simulation, text: str) -> None:
    """A + or - button: “certified_people:1”, one step more than what the form says."""
    key, _colon, sign = text.partition(":")
    if key in found.facts and sign in ("1", "-1"):
        n = max((found.facts[key].value or 0) + int(sign) * step_of(key), 0)
        found.facts[key] = Fact(n, found.base[key].rows)


def step_of(key: str) -> int:
    """By how much a button changes a fact, in its unit."""
    if wording.unit_of(key) != "money":
        return 1
    return Money.parse(str(SMALLEST_STEP), wording.currency()).minor


def number(key: str, text: str) -> int:
    """A value as a person writes it: whole in the metric's unit, an amount for money. Raises ValidationError."""
    text = text.strip().replace(" ", "")
    if wording.unit_of(key) == "money":
        found = Money.parse(in_full(text), wording.currency()).minor
    else:
        plain = text.replace(",", "")
        if not (plain.isascii() and plain.isdigit()):
            raise ValidationError(_("Enter a whole number."))
        found = int(plain[:20])
    if not 0 <= found <= LARGEST:
        raise ValidationError(_("This number is too large."))
    return found


def in_full(text: str) -> str:
    """An amount without its sign and with all its digits: “$7M” and “300k” as people say them."""
    text = text.removeprefix(SIGN_OF.get(wording.currency(), wording.currency()))
    times = TIMES.get(text[-1:].upper() or None)
    try:
        return f"{Decimal(text[:-1].replace(',', '')) * times:f}" if times and text[-1:].isalpha() else text
    except InvalidOperation:
        return text


def in_input(key: str, value: int | None) -> str:
    """A value as it stands in an input: “3,773,000”."""
    text = written(key, value)
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}" if wording.unit_of(key) == "money" and whole.isdigit() else text


def written(key: str, value: int | None) -> str:
    """A value as it stands in an address and in an input; "" for no data."""
    if value is None:
        return ""
    return plain_amount(value) if wording.unit_of(key) == "money" else str(value)


def plain_amount(minor: int) -> str:
    amount: Decimal = Money(minor, wording.currency()).decimal
    return f"{amount:f}".removesuffix(".00")
