"""Reads of versions, standings and evaluations that have a name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F, Q

from core.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from uuid import UUID

    from partners.models import Partner
    from partners.querysets import PartnerQuerySet
    from tiers.models import Evaluation, ProgramVersion, Standing


def in_force(on: date) -> Q:
    """Standings and grace periods that hold on a day: they begin on `starts_on` and no longer hold on `ends_on`."""
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))


class VersionQuerySet(ScopedQuerySet):
    def published(self) -> ProgramVersion | None:
        """The version in force."""
        found: ProgramVersion | None = self.filter(state="published").first()
        return found

    def latest(self) -> ProgramVersion | None:
        """The newest version, draft or not."""
        found: ProgramVersion | None = self.order_by("-number").first()
        return found


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


class EvaluationQuerySet(ScopedQuerySet):
    def on(self, on: date) -> EvaluationQuerySet:
        """Those made for a day or an earlier one, the one in force first."""
        return self.filter(as_of__lte=on).order_by("-as_of", "-created_at", "-id")


def standing_of(partner: Partner, on: date) -> Standing | None:
    """The partner's standing on a day; None where it is in no tier."""
    from tiers.models import Standing

    found = Standing.objects.in_force(on).filter(partner=partner).select_related("tier__program", "partner")
    return found.order_by("-starts_on", "-created_at").first()


def evaluation_of(partner: Partner, on: date) -> Evaluation | None:
    """The evaluation in force on a day; None where the partner had not been evaluated by then."""
    from tiers.models import Evaluation

    return Evaluation.objects.filter(partner=partner).on(on).select_related("program").first()


def benefit_codes(partner: Partner, on: date) -> set[str]:
    """The codes of the benefits that the partner's tier gives it on a day, stated and inherited."""
    from tiers.models import TierBenefit

    standing = standing_of(partner, on)
    if standing is None:
        return set()
    return set(TierBenefit.objects.filter(tier=standing.tier_id).values_list("benefit__code", flat=True))


def partners_with_benefit(code: str, on: date) -> PartnerQuerySet:
    """The partners whose tier gives them a benefit on a day."""
    from partners.models import Partner
    from tiers.models import Standing

    standings = Standing.objects.in_force(on).filter(tier__benefits__benefit__code=code)
    return Partner.objects.filter(pk__in=standings.values("partner"))


def partners_to_look_at(version_id: UUID, on: date) -> PartnerQuerySet:
    """Partners in the program whose last evaluation is of another version, or missing."""
    from tiers.models import Position

    known = Position.objects.filter(evaluation__program=version_id).values("partner")
    return population(on).exclude(pk__in=known)


def population(on: date) -> PartnerQuerySet:
    """Whose tier is evaluated: those in the program that were activated by the day."""
    from partners.models import Partner

    return Partner.objects.in_program().filter(activated_on__lte=on)
