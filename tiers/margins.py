"""The margin that a partner gets on a deal, with the sentence that says what it follows from.

A recorded decision comes first: for the deal, else for the partner. Then comes the tier's band, by the version's
policy: of the standing in the program that covers one of the deal's products, else in the partner's primary program. A
partner without a tier gets what its category states, usually nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.ranges import from_json
from partners.models import Category, Partner
from tiers import rules, wording
from tiers.models import MarginDecision, Program, Standing, Tier
from tiers.querysets import evaluation_of, programs_of, standing_of

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


def margin_of(
    partner: Partner, on: date, products: Collection[str] = (), deal_id: UUID | None = None
) -> Margin | None:
    """The margin on a deal of this day for products (by code); None where nothing gives one."""
    return margin_for(partner, on, pricing_standing(partner, on, products), deal_id)


def margin_for(
    partner: Partner, on: date, standing: Standing | None, deal_id: UUID | None = None
) -> Margin | None:
    """The same for a standing that is known."""
    tier = standing.tier if standing and standing.tier.margin else None
    if decided := _decided(partner, on, tier, deal_id):
        return decided
    if standing is None or tier is None:
        return _of_category(partner) if standing is None else None
    return margin_at(tier, _revenue(partner, on, standing.program))


def margin_at(tier: Tier, revenue: int) -> Margin | None:
    """The margin of a tier at a revenue (minor units; read by the policy "interpolate"); None where it states none."""
    if not tier.margin:
        return None
    policy = tier.program_version.settings["margin_policy"]
    band, starts_at, ends_at = band_of(tier)
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


def pricing_standing(partner: Partner, on: date, products: Collection[str] = ()) -> Standing | None:
    """The standing that prices a deal; None where the partner is in no tier of the program that does."""
    programs = programs_of(partner)
    program = _covering(programs, products) or next(iter(programs), None)
    return standing_of(partner, on, program) if program else None


def _covering(programs: list[Program], products: Collection[str]) -> Program | None:
    """The first of the programs that is for one of the products by name."""
    if not products:
        return None
    covering = Program.objects.filter(pk__in=[p.pk for p in programs], products__code__in=list(products))
    return covering.order_by("position", "code").first()


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


def _decided(partner: Partner, on: date, tier: Tier | None, deal_id: UUID | None) -> Margin | None:
    """The decision that holds, one for the deal before one for the partner. One that was made within a band holds no
    longer than the margin lies in the tier's."""
    found = MarginDecision.objects.pricing(on, deal_id).filter(partner=partner)
    for decision in sorted(found, key=lambda d: d.deal_id is None):
        if decision.is_outside or is_within(tier, decision.percent):
            return _from(decision, tier)
    return None


def _from(decision: MarginDecision, tier: Tier | None) -> Margin:
    band = str(from_json(tier.margin)) if tier else ""
    about = _("for this deal") if decision.deal_id else _("for this partner")
    where = _("outside the band") if decision.is_outside else _("within %(band)s") % {"band": band}
    why = _("Decided %(about)s, %(where)s.") % {"about": about, "where": where}
    return Margin(decision.percent, band, DECIDED, tier, why)


def _of_category(partner: Partner) -> Margin | None:
    assigned = partner.category_assignments.filter(valid_until=None).values("category")
    best = Category.objects.filter(pk__in=assigned).aggregate(most=Max("margin_percent"))["most"]
    if best is None:
        return None
    why = _("Its category gives a margin without a tier.")
    return Margin(Decimal(best), "", OF_CATEGORY, None, why)


def _revenue(partner: Partner, on: date, program: Program) -> int:
    evaluation = evaluation_of(partner, on, program)
    return wording.revenue_in(evaluation.known_facts) if evaluation else 0


def _revenue_threshold(tier: Tier) -> int:
    needs = tier.requirements.all()
    return next((need.threshold for need in needs if wording.unit_of(need.key) == "money"), 0)
