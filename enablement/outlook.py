"""What the end of certifications would do to the tier that a partner holds, said before it happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from core.templatetags.ui import day as say_day
from enablement import rules
from enablement.models import Certification
from metrics import registry, scopes
from partners.models import Partner
from tiers import wording
from tiers.facts import Ask, asks_of, facts_of, no_facts, rungs_of
from tiers.models import ProgramVersion
from tiers.querysets import primary_program, standing_of
from tiers.rules import Fact, Finding, Verdict, evaluate

A_DAY = timedelta(days=1)
AHEAD = timedelta(days=90)  # as far as the first reminder


@dataclass(frozen=True)
class Loss:
    """A held tier that would go into its grace period on a day, and the number that would be short."""

    on: date
    tier: str
    metric: str
    before: int
    after: int
    needed: int

    @property
    def text(self) -> str:
        return _(
            "If this expires on %(day)s, “%(metric)s” falls from %(before)s to %(after)s. %(tier)s asks for %(needed)s"
            " and would go into a grace period."
        ) % {
            "day": say_day(self.on),
            "metric": wording.name_of(self.metric),
            "before": self.before,
            "after": self.after,
            "tier": self.tier,
            "needed": self.needed,
        }

    def as_json(self) -> dict[str, Any]:
        return {
            "on": self.on,
            "tier": self.tier,
            "metric": self.metric,
            "before": self.before,
            "after": self.after,
            "needed": self.needed,
            "text": self.text,
        }


@dataclass(frozen=True)
class Gap:
    """What a tier asks of a partner's people and is not there yet."""

    tier: str
    metric: str
    value: int | None
    needed: int

    @property
    def name(self) -> str:
        return wording.name_of(self.metric)


@dataclass
class Outlook:
    """One partner's tier against its people, as of one day."""

    partner: Partner
    on: date

    def if_expired(self, certification: Certification) -> Loss | None:
        """The loss on the day on which a certification ends if neither it nor an earlier one is renewed; None without.

        Said of one that counts today and ends within three months: what is further off is no warning yet. One whose
        person holds another for the same number costs nothing.
        """
        ends_soon = certification.state(self.on, AHEAD.days) == rules.EXPIRING
        if not ends_soon or certification.is_renewed():
            return None
        return self.on_day(certification.expires_on)

    def on_day(self, day: date) -> Loss | None:
        """What would be lost on a day by the people who stop counting on it."""
        before, after = self._people(day - A_DAY), self._people(day)
        fallen = {key: value for key, value in after.items() if value < before[key]}
        short = self.without(after) if fallen else []
        for finding in short:
            if (key := finding.need.key) in fallen:
                return Loss(day, self._tier_name, key, before[key], after[key], finding.need.threshold)
        return None

    def losses(self) -> list[Loss]:
        """Those of the next three months, the first first; each number once."""
        held = Certification.objects.counting(self.on).filter(
            contact__partner=self.partner, expires_on__lte=self.on + AHEAD
        )
        days = held.order_by("expires_on").values_list("expires_on", flat=True).distinct()
        found: dict[str, Loss] = {}
        for loss in (self.on_day(day) for day in days):
            if loss:
                found.setdefault(loss.metric, loss)
        return list(found.values())

    def gaps(self) -> list[Gap]:
        """What the next tier asks of the partner's people beyond what is there."""
        if self._version is None:
            return []
        above = self._verdict(self._facts).next_above(self._standing.tier.rank if self._standing else 0)
        open_ones = above.open_findings if above else ()
        name = self._names.get(above.rung.code, "") if above else ""
        return [
            Gap(name, finding.need.key, finding.fact.value, finding.need.threshold)
            for finding in open_ones
            if finding.need.key in {ask.key for ask in self._asks}
        ]

    def without(self, lowered: Mapping[str, int]) -> list[Finding]:
        """What the held tier would lack with these values; nothing where it is kept, or lost already."""
        if self._version is None or self._standing is None:
            return []
        rank = self._standing.tier.rank
        then = self._verdict({**self._facts, **{key: Fact(n, n) for key, n in lowered.items()}})
        if then.eligible_rank >= rank or self._verdict(self._facts).eligible_rank < rank:
            return []
        held = then.of(self._standing.tier.code)
        return list(held.open_findings) if held else []

    # What the tiers' rule is asked ---------------------------------------------------------------------------

    @cached_property
    def _standing(self) -> Any:
        return standing_of(self.partner, self.on)

    @cached_property
    def _version(self) -> ProgramVersion | None:
        """The version that the held tier belongs to; without a tier the one in force in the partner's program."""
        if self._standing:
            return self._standing.tier.program_version  # type: ignore[no-any-return]
        program = primary_program(self.partner)
        return program.versions.active().first() if program else None

    @cached_property
    def _names(self) -> dict[str, str]:
        assert self._version is not None
        return dict(self._version.tiers.values_list("code", "name"))

    @property
    def _tier_name(self) -> str:
        return str(self._standing.tier.name)

    @cached_property
    def _rungs(self) -> Any:
        return rungs_of(self._version) if self._version else []

    @cached_property
    def _facts(self) -> dict[str, Fact]:
        assert self._version is not None
        asks = asks_of(self._version)
        return facts_of(asks, self.on, [self.partner.pk]).get(self.partner.pk) or no_facts(asks)

    def _verdict(self, facts: Mapping[str, Fact]) -> Verdict:
        return evaluate(self._rungs, facts)

    @cached_property
    def _asks(self) -> list[Ask]:
        """The numbers of people that the version asks for."""
        asked = asks_of(self._version) if self._version else []
        return [ask for ask in asked if registry.get(ask.metric).unit == "people"]

    def _people(self, day: date) -> dict[str, int]:
        found = {}
        for ask in self._asks:
            read = scopes.values(registry.get(ask.metric), day, [self.partner.pk], ask.window, ask.scope)
            values = {v.partner_id: v.value for v in read}
            found[ask.key] = values.get(self.partner.pk) or 0
        return found
