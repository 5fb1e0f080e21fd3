"""The margin that a partner gets on a deal, with the sentence that says what it follows from.

A recorded decision comes first: for the deal, else for the partner. Then comes the tier's band, by the version's
policy: of the standing in the program that covers one of the deal's products, else in the partner's primary program. A
partner without a tier gets what its category states, usually nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.ranges import from_json
from partners.models import Category, Partner
from tiers import rules, wording
from tiers.models import MarginDecision, Program, Standing, Tier
from tiers.querysets import evaluation_of, programs_of

DECIDED, OF_CATEGORY = "decided", "category"
POLICIES = {
    rules.LOW_END: gettext_lazy("the low end"),
    rules.INTERPOLATE: gettext_lazy("within the band, by revenue"),
    rules.NEGOTIATED: gettext_lazy("the low end, until another is agreed"),
    DECIDED: gettext_lazy("a recorded decision"),
    OF_CATEGORY: gettext_lazy("what the category gives"),
}


@dataclass(frozen=True)
class Margin:
    """A margin in percent, the band it lies in ("" for none), and by which policy it was found; why, in a sentence."""

    percent: Decimal
    band: str
    policy: str
    tier: Tier | None
    why: str

    @property
    def words(self) -> str:
        return f"{self.percent.normalize():f}%"

    @property
    def source(self) -> str:
        """What gives it, in a word: the tier's name, else what stands in for one."""
        return self.tier.name if self.tier else _("Without a tier")

    @property
    def program(self) -> str:
        """The program and the version whose tier prices the deal; "" without a tier."""
        if self.tier is None:
            return ""
        version = self.tier.program_version
        words = {"program": version.program.name, "number": version.number}
        return _("%(program)s, version %(number)s") % words

    @property
    def policy_words(self) -> str:
        return str(POLICIES[self.policy])


class Pricing:
    """What a partner's deals are priced by; its programs, standings and decisions are read once for all of them."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self._bands: dict[UUID, tuple[rules.Band, int, int]] = {}
        self._revenues: dict[tuple[date, UUID], int] = {}

    def margin(self, on: date, products: Collection[str] = (), deal_id: UUID | None = None) -> Margin | None:
        """The margin on a deal of a day for products (by code); None where nothing gives one."""
        return self.margin_for(on, self.standing(on, products), deal_id)

    def margin_for(self, on: date, standing: Standing | None, deal_id: UUID | None = None) -> Margin | None:
        """The same for a standing that is known."""
        tier = standing.tier if standing and standing.tier.margin else None
        if decided := self._decided(on, tier, deal_id):
            return decided
        if standing is None or tier is None:
            return self._of_category if standing is None else None
        return _margin(tier, self._band(tier), self._revenue(on, tier, standing.program))

    def standing(self, on: date, products: Collection[str] = ()) -> Standing | None:
        """The standing that prices a deal; None where the partner is in no tier of the program that does."""
        program = self._covering(products) or next(iter(self._programs), None)
        held = (s for s in self._standings if program and s.program_id == program.pk)
        return next((s for s in held if s.starts_on <= on and not _is_over(s.ends_on, on)), None)

    def _covering(self, products: Collection[str]) -> Program | None:
        """The first of the programs that is for one of the products by name."""
        named = self._products if products else {}
        return next((p for p in self._programs if named.get(p.pk, set()) & set(products)), None)

    @cached_property
    def _programs(self) -> list[Program]:
        return programs_of(self.partner)

    @cached_property
    def _products(self) -> dict[UUID, set[str]]:
        """The products that the programs are for by name, by code."""
        found: dict[UUID, set[str]] = defaultdict(set)
        programs = Program.objects.filter(pk__in=[p.pk for p in self._programs])
        for program, code in programs.exclude(products=None).values_list("pk", "products__code"):
            found[program].add(code)
        return found

    @cached_property
    def _standings(self) -> list[Standing]:
        """Those of all times, the newest first."""
        found = Standing.objects.filter(partner=self.partner, program__in=[p.pk for p in self._programs])
        found = found.select_related("tier__program_version__program", "program")
        return list(found.order_by("-starts_on", "-created_at"))

    @cached_property
    def _decisions(self) -> list[MarginDecision]:
        """Those of all times, the newest first."""
        return list(MarginDecision.objects.filter(partner=self.partner))

    def _decided(self, on: date, tier: Tier | None, deal_id: UUID | None) -> Margin | None:
        """The decision that holds, one for the deal before one for the partner. One that was made within a band holds
        no longer than the margin lies in the tier's; one about a deal may come after its win."""
        of_deal = [d for d in self._decisions if d.deal_id and d.deal_id == deal_id]
        of_all = [d for d in self._decisions if d.deal_id is None and d.starts_on <= on]
        for decision in (d for d in (*of_deal, *of_all) if not _is_over(d.ends_on, on)):
            if decision.is_outside or self._is_within(tier, decision.percent):
                return _from(decision, tier)
        return None

    def _is_within(self, tier: Tier | None, percent: Decimal) -> bool:
        return tier is not None and rules.holds(self._band(tier)[0], percent)

    @cached_property
    def _of_category(self) -> Margin | None:
        assigned = self.partner.category_assignments.filter(valid_until=None).values("category")
        best = Category.objects.filter(pk__in=assigned).aggregate(most=Max("margin_percent"))["most"]
        if best is None:
            return None
        why = _("Its category gives a margin without a tier.")
        return Margin(Decimal(best), "", OF_CATEGORY, None, why)

    def _band(self, tier: Tier) -> tuple[rules.Band, int, int]:
        if tier.pk not in self._bands:
            self._bands[tier.pk] = band_of(tier)
        return self._bands[tier.pk]

    def _revenue(self, on: date, tier: Tier, program: Program) -> int:
        """The revenue by the evaluation in force on a day, where the policy asks for it; 0 where there is none."""
        if tier.program_version.settings["margin_policy"] != rules.INTERPOLATE:
            return 0
        if (on, program.pk) not in self._revenues:
            found = evaluation_of(self.partner, on, program)
            self._revenues[on, program.pk] = wording.revenue_in(found.known_facts) if found else 0
        return self._revenues[on, program.pk]


def _is_over(ends_on: date | None, on: date) -> bool:
    return ends_on is not None and ends_on <= on


def margin_of(
    partner: Partner, on: date, products: Collection[str] = (), deal_id: UUID | None = None
) -> Margin | None:
    """The margin on one deal of this day; for several deals of a partner ask one Pricing."""
    return Pricing(partner).margin(on, products, deal_id)


def margin_for(partner: Partner, on: date, standing: Standing | None) -> Margin | None:
    """The same for a standing that is known."""
    return Pricing(partner).margin_for(on, standing)


def pricing_standing(partner: Partner, on: date, products: Collection[str] = ()) -> Standing | None:
    """The standing that prices a deal; None where the partner is in no tier of the program that does."""
    return Pricing(partner).standing(on, products)


def margin_at(tier: Tier, revenue: int) -> Margin | None:
    """The margin of a tier at a revenue (minor units; read by the policy "interpolate"); None where it states none."""
    return _margin(tier, band_of(tier), revenue) if tier.margin else None


def _margin(tier: Tier, of_tier: tuple[rules.Band, int, int], revenue: int) -> Margin:
    policy, (band, starts_at, ends_at) = tier.program_version.settings["margin_policy"], of_tier
    percent = rules.margin(band, policy, revenue=revenue, starts_at=starts_at, ends_at=ends_at)
    stated = str(from_json(tier.margin))
    return Margin(percent, stated, policy, tier, _why(policy, tier.name, stated, revenue))


def _why(policy: str, tier: str, band: str, revenue: int) -> str:
    words = {"tier": tier, "band": band}
    if policy == rules.INTERPOLATE:
        amount = wording.value("annual_revenue", revenue, short=True)
        return _("%(tier)s gives %(band)s; by a revenue of %(amount)s within it.") % {
            **words,
            "amount": amount,
        }
    if policy == rules.NEGOTIATED:
        return _("%(tier)s gives %(band)s; the low end, until another is agreed within it.") % words
    return _("%(tier)s gives %(band)s; the low end is what every partner of it gets.") % words


def band_of(tier: Tier) -> tuple[rules.Band, int, int]:
    """A tier's band, and the revenues (minor units) between which "interpolate" goes: the tier's own threshold and the
    next tier's; for the top tier twice its own."""
    above = tier.program_version.tiers.filter(rank__gt=tier.rank).first()
    stated = from_json(tier.margin)
    high = stated.high if stated.high is not None else stated.low
    starts_at = _revenue_threshold(tier)
    ends_at = _revenue_threshold(above) if above else 2 * starts_at
    return rules.Band(stated.low, high, is_top=above is None), starts_at, ends_at


def is_within(tier: Tier | None, percent: Decimal) -> bool:
    """Whether a margin lies in the tier's band; nothing lies in none."""
    return tier is not None and bool(tier.margin) and rules.holds(band_of(tier)[0], percent)


def _from(decision: MarginDecision, tier: Tier | None) -> Margin:
    band = str(from_json(tier.margin)) if tier else ""
    about = _("for this deal") if decision.deal_id else _("for this partner")
    where = _("outside the band") if decision.is_outside else _("within %(band)s") % {"band": band}
    why = _("Decided %(about)s, %(where)s.") % {"about": about, "where": where}
    return Margin(decision.percent, band, DECIDED, tier, why)


def _revenue_threshold(tier: Tier) -> int:
    needs = tier.requirements.all()
    return next((need.threshold for need in needs if wording.unit_of(need.key) == "money"), 0)
