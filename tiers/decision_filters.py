"""Filters of proposals, overrides, waivers and appeals, used by pages and API alike."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from core.states import look
from tiers import rules
from tiers.models import Override, Proposal, TierAppeal, Waiver

SOON_DAYS = 30


def _states(names: Any) -> list[tuple[str, Any]]:
    return [(name, look(name).word) for name in names]


class OfPartner(django_filters.FilterSet):
    """Of one partner, in one program."""

    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    program = django_filters.CharFilter("program__code", label=_("Program"))
    request: Any

    @property
    def actor(self) -> Any:
        """Who asks: by a key over the API, or signed in."""
        return getattr(self.request, "auth", None) or self.request.actor


class ProposalFilters(OfPartner):
    status = django_filters.ChoiceFilter(
        label=_("Status"), method="of_status",
        choices=[("waiting", _("Waits for a decision")), ("decided", _("Decided"))],
    )  # fmt: skip
    state = django_filters.ChoiceFilter(label=_("State"), choices=_states(rules.PROPOSAL_STATES))
    kind = django_filters.ChoiceFilter(
        label=_("Change"), choices=[(rules.RISE, _("Rise")), (rules.FALL, _("Fall"))]
    )

    class Meta:
        model = Proposal
        fields: list[str] = []

    def of_status(self, queryset: Any, name: str, value: str) -> QuerySet:
        found: QuerySet = queryset.waiting() if value == "waiting" else queryset.decided()
        return found


class _Held(OfPartner):
    """Decisions that hold until a day."""

    status = django_filters.ChoiceFilter(
        label=_("Status"), method="of_status",
        choices=[("holds", _("Holds")), ("ending", _("Ends within 30 days")), ("ended", _("Ended"))],
    )  # fmt: skip

    def of_status(self, queryset: Any, name: str, value: str) -> QuerySet:
        if value == "ended":
            return queryset.exclude(ended_on=None)  # type: ignore[no-any-return]
        held = queryset.filter(ended_on=None)
        soon = clock.day(clock.now()) + timedelta(days=SOON_DAYS)
        return held.filter(expires_on__lte=soon) if value == "ending" else held  # type: ignore[no-any-return]


class OverrideFilters(_Held):
    tier = django_filters.CharFilter("tier__code", label=_("Tier"))

    class Meta:
        model = Override
        fields: list[str] = []


class WaiverFilters(_Held):
    tier = django_filters.CharFilter("tier_code", label=_("Tier"))

    class Meta:
        model = Waiver
        fields: list[str] = []


class TierAppealFilters(OfPartner):
    status = django_filters.ChoiceFilter(
        label=_("Status"), method="of_status",
        choices=[("waiting", _("Waiting")), ("mine", _("Mine to answer")), ("decided", _("Answered"))],
    )  # fmt: skip
    state = django_filters.ChoiceFilter(label=_("State"), choices=_states(rules.APPEAL_STATES))
    against = django_filters.ChoiceFilter(
        label=_("Against"),
        choices=[("grace", _("Grace period")), ("lowered", _("Fall")), ("declined", _("Declined rise"))],
    )

    class Meta:
        model = TierAppeal
        fields: list[str] = []

    def of_status(self, queryset: Any, name: str, value: str) -> QuerySet:
        chosen: QuerySet = {
            "waiting": queryset.waiting,
            "mine": lambda: queryset.awaiting(self.actor),
            "decided": queryset.decided,
        }[value]()
        return chosen
