"""Reads of programs, versions, standings and evaluations that have a name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from core.actors import Actor
from core.scoping import ScopedQuerySet
from events.models import Event
from tiers import rules

if TYPE_CHECKING:
    from partners.models import Partner
    from partners.querysets import PartnerQuerySet
    from tiers.models import Evaluation, Position, Program, ProgramVersion, Standing


def in_force(on: date) -> Q:
    """Standings and grace periods that hold on a day: they begin on `starts_on` and no longer hold on `ends_on`."""
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))


class ProgramQuerySet(ScopedQuerySet):
    def running(self) -> ProgramQuerySet:
        """Programs with a version in force, the first one first."""
        return self.filter(versions__state=rules.ACTIVE).order_by("position", "code")

    def of(self, partner: Partner) -> ProgramQuerySet:
        """The running programs that are for a partner's categories (or what they are sub-types of) and market, the
        primary one first."""
        from partners.models import Category

        if not partner.participates_in_tiers:
            return self.none()
        assigned = partner.category_assignments.filter(valid_until=None).values("category")
        above = Category.objects.filter(pk__in=assigned).values("parent")
        for_it = Q(categories=None) | Q(categories__in=assigned) | Q(categories__in=above)
        there = Q(markets=None) | Q(markets=partner.market_id)
        return self.running().filter(for_it, there).distinct()


class VersionQuerySet(ScopedQuerySet):
    def active(self) -> VersionQuerySet:
        """The versions in force today, of every program one."""
        return self.filter(state=rules.ACTIVE)

    def never_run(self) -> VersionQuerySet:
        """Those that all partners of their program were never held against."""
        from tiers.models import TierRun

        whole = TierRun.objects.filter(
            kind=rules.FULL, ended_at__isnull=False, program_version=OuterRef("pk")
        )
        return self.exclude(Exists(whole))

    def latest(self) -> ProgramVersion | None:
        """The newest version, draft or not."""
        found: ProgramVersion | None = self.order_by("-number").first()
        return found

    def awaiting(self, actor: Actor) -> VersionQuerySet:
        """Those in review that this actor may approve: never one that it drafted or changed."""
        seen: VersionQuerySet = self.visible_to(actor).filter(state=rules.IN_REVIEW)
        if not actor.is_vendor or not actor.may("tier.publish"):
            return seen.none()
        own = Event.objects.filter(subject_id=OuterRef("pk"), type="program_version.drafted")
        by_it = Q(actor_user=actor.user_id) if actor.user_id else Q(actor_key_id=actor.key_id)
        first = Q(drafted_by=actor.user_id) if actor.user_id else Q(pk__in=())
        return seen.exclude(first).exclude(Exists(own.filter(by_it)))

    def due(self, on: date) -> VersionQuerySet:
        """Announced versions whose day has come."""
        return self.filter(state=rules.SCHEDULED, effective_from__lte=on)


class StandingQuerySet(ScopedQuerySet):
    def open(self) -> StandingQuerySet:
        return self.filter(ends_on=None)

    def in_force(self, on: date) -> StandingQuerySet:
        return self.filter(in_force(on))

    def visible_history(self) -> StandingQuerySet:
        """Newest first, without those that were replaced on the day they began."""
        return self.exclude(ends_on__isnull=False, ends_on__lte=F("starts_on")).order_by(
            "-starts_on", "-created_at"
        )


class GraceQuerySet(ScopedQuerySet):
    def open(self) -> GraceQuerySet:
        return self.filter(closed_on=None)


class PositionQuerySet(ScopedQuerySet):
    def primary(self) -> PositionQuerySet:
        """Each partner's position in its primary program."""
        return self.filter(is_primary=True)


class OverrideQuerySet(ScopedQuerySet):
    def open(self) -> OverrideQuerySet:
        return self.filter(ended_on=None)

    def in_force(self, on: date) -> OverrideQuerySet:
        return self.filter(ended_on=None, starts_on__lte=on, expires_on__gt=on)

    def ending(self, until: date) -> OverrideQuerySet:
        """Those that hold and end by a day."""
        return self.open().filter(expires_on__lte=until)


class WaiverQuerySet(ScopedQuerySet):
    def open(self) -> WaiverQuerySet:
        return self.filter(ended_on=None)

    def in_force(self, on: date) -> WaiverQuerySet:
        """Waivers that hold on a day, also on an earlier one."""
        return self.filter(starts_on__lte=on, expires_on__gt=on).filter(Q(ended_on=None) | Q(ended_on__gt=on))


class ProposalQuerySet(ScopedQuerySet):
    def waiting(self) -> ProposalQuerySet:
        return self.filter(state=rules.WAITING)

    def decided(self) -> ProposalQuerySet:
        return self.filter(state__in=(rules.GRANTED, rules.DECLINED))

    def awaiting(self, actor: Actor) -> ProposalQuerySet:
        """Those that this actor may decide."""
        seen: ProposalQuerySet = self.visible_to(actor)
        return seen.waiting() if actor.is_vendor and actor.may("tier.decide") else seen.none()


class TierAppealQuerySet(ScopedQuerySet):
    def waiting(self) -> TierAppealQuerySet:
        return self.filter(state=rules.WAITING)

    def decided(self) -> TierAppealQuerySet:
        return self.filter(state__in=(rules.UPHELD, rules.DISMISSED))

    def awaiting(self, actor: Actor) -> TierAppealQuerySet:
        """Those that this actor may decide: never the appeals against its own decisions."""
        seen: TierAppealQuerySet = self.visible_to(actor)
        if not actor.is_vendor or not actor.may("tier.decide"):
            return seen.none()
        own = Q(first_decided_by=actor.user_id) if actor.user_id else Q(pk__in=())
        return seen.waiting().exclude(own)


class MarginDecisionQuerySet(ScopedQuerySet):
    def in_force(self, on: date) -> MarginDecisionQuerySet:
        """Decisions that hold on a day, the newest first."""
        return self.filter(in_force(on))


class TakenBackQuerySet(ScopedQuerySet):
    def counting(self) -> TakenBackQuerySet:
        """Entries that were not taken back."""
        return self.filter(taken_back_at=None)


class EvaluationQuerySet(ScopedQuerySet):
    def on(self, on: date) -> EvaluationQuerySet:
        """Those made for a day or an earlier one, the one in force first."""
        return self.filter(as_of__lte=on).order_by("-as_of", "-created_at", "-id")


def programs_of(partner: Partner) -> list[Program]:
    """The running programs that a partner is in, its primary one first."""
    from tiers.models import Program

    return list(Program.objects.of(partner))


def primary_program(partner: Partner) -> Program | None:
    """The program whose tier is the partner's tier: the first by position that is for it; None where none is."""
    from tiers.models import Program

    found: Program | None = Program.objects.of(partner).first()
    return found


def standing_of(partner: Partner, on: date, program: Program | None = None) -> Standing | None:
    """The partner's standing in a program (its primary one) on a day; None where it is in no tier."""
    from tiers.models import Standing

    found = Standing.objects.in_force(on).filter(partner=partner)
    found = found.filter(program=program) if program else found
    found = found.select_related("tier__program_version__program", "partner")
    return found.order_by("program__position", "program__code", "-starts_on", "-created_at").first()


def evaluation_of(partner: Partner, on: date, program: Program | None = None) -> Evaluation | None:
    """The evaluation in force on a day in a program (the primary one); None where there was none by then."""
    from tiers.models import Evaluation

    found = Evaluation.objects.filter(partner=partner)
    program = program or primary_program(partner)
    if program:
        found = found.filter(program_version__program=program)
    return found.on(on).select_related("program_version__program").first()


def position_of(partner: Partner) -> Position | None:
    """Where a partner is today in its primary program; None before the first evaluation."""
    from tiers.models import Position

    found = Position.objects.primary().filter(partner=partner)
    return found.select_related("evaluation__program_version__program").first()


def benefit_codes(partner: Partner, on: date) -> set[str]:
    """The codes of the benefits that the partner's tiers give it on a day, stated and inherited."""
    from tiers.models import Standing, TierBenefit

    tiers = Standing.objects.in_force(on).filter(partner=partner).values("tier")
    return set(TierBenefit.objects.filter(tier__in=tiers).values_list("benefit__code", flat=True))


def partners_with_benefit(code: str, on: date) -> PartnerQuerySet:
    """The partners whose tier gives them a benefit on a day."""
    from partners.models import Partner
    from tiers.models import Standing

    standings = Standing.objects.in_force(on).filter(tier__benefits__benefit__code=code)
    return Partner.objects.filter(pk__in=standings.values("partner"))


def partners_with_feature(feature: str, on: date) -> PartnerQuerySet:
    """The partners whose tier switches a feature of the product on, on a day."""
    from partners.models import Partner
    from tiers.models import Standing

    standings = Standing.objects.in_force(on).filter(tier__benefits__benefit__feature=feature)
    return Partner.objects.filter(pk__in=standings.values("partner"))


def population(on: date, program: Program | None = None) -> PartnerQuerySet:
    """Whose tier is evaluated in a program (in any): those that it is for and that were activated by the day."""
    from partners.models import Category, CategoryAssignment, Partner

    found = Partner.objects.in_program().filter(activated_on__lte=on)
    if program is None:
        return found
    own = program.categories.order_by().values("pk")
    # Read by themselves: in the one query their join would be made for each partner.
    categories = list(Category.objects.filter(Q(pk__in=own) | Q(parent__in=own)).values_list("pk", flat=True))
    markets = [market.pk for market in program.markets.all()]
    if categories:
        assigned = CategoryAssignment.objects.filter(category__in=categories, valid_until=None)
        found = found.filter(pk__in=assigned.values("partner"))
    return found.filter(market__in=markets) if markets else found
