"""What if, over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core import bulk
from core.api import BaseViewSet, require_known
from core.clock import day
from partners.models import Partner
from tiers import rules
from tiers.facts import asks_of, waivers_of
from tiers.hypothetical import facts_from, rungs_with, thresholds_from
from tiers.models import ProgramVersion
from tiers.serializers.simulation import SimulateSerializer, SimulationSerializer, plain
from tiers.simulation import Simulation, choosable, facts_today


class SimulationViewSet(BaseViewSet):
    """What verdict other facts or other rules would give. Nothing is stored."""

    queryset = Partner.objects.all()
    serializer_class = SimulateSerializer

    @extend_schema(request=SimulateSerializer, responses=SimulationSerializer)
    def create(self, request: Request) -> Response:
        """The verdict, the distance and the cheapest path to the next tier, and what it would bring."""
        require_known(request.query_params, {"format"})
        self.permit(P.TIER_VIEW)
        found = self.simulation(self.clean(SimulateSerializer))
        return Response(SimulationSerializer(plain(found)).data)

    def simulation(self, data: dict[str, Any]) -> Simulation:
        partner = data.get("partner") or self.own_partner()
        version = self.version(data, partner)
        today = day(self.at)
        base = facts_today(version, partner, today)
        facts = of_field("facts", facts_from, data)
        if unknown := sorted(set(facts) - {ask.key for ask in asks_of(version)}):
            raise ValidationError(
                {"facts": _("This version does not ask for “%(key)s”.") % {"key": unknown[0]}}
            )
        thresholds = of_field("thresholds", thresholds_from, data)
        if thresholds and not self.actor.is_vendor:
            raise ValidationError({"thresholds": _("Only facts may be changed here.")})
        waived = (
            waivers_of(version.program, today, bulk.Ids([partner.pk])).get(partner.pk) if partner else None
        )
        found = Simulation(
            version, today, base, {**base, **facts}, thresholds, partner, waived or rules.NO_WAIVERS
        )
        rungs_with(version, thresholds)  # raises for a threshold that the version does not have
        return found

    def own_partner(self) -> Partner | None:
        if self.actor.is_vendor:
            return None
        return Partner.objects.visible_to(self.actor).filter(pk=self.actor.partner_id).first()

    def version(self, data: dict[str, Any], partner: Partner | None) -> ProgramVersion:
        """The version that is asked for, else the one in force. Raises ValidationError where there is none."""
        code, number = data.get("program"), data.get("program_version")
        for version in choosable(self.actor, partner):
            if code in (None, version.program.code) and number in (None, version.number):
                return version
        raise ValidationError({"program": _("There is no such version to try facts on.")})


def of_field(name: str, read: Callable[[Any], Any], data: dict[str, Any]) -> Any:
    """A field as the simulator reads it. What it refuses is told of that field."""
    try:
        return read(data.get(name) or {})
    except ValidationError as refused:
        raise ValidationError({name: refused.messages}) from refused
