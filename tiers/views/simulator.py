"""What if: try facts and rules and see the verdict. The whole state is the address; nothing is ever written."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.clock import day
from core.pages import Page
from partners.models import Partner
from tiers import rules, wording
from tiers.explained import NO_RISK, look, requirement_rows
from tiers.models import ProgramVersion
from tiers.rules import Finding, RungVerdict
from tiers.simulation import FACT, NEED, Simulation, choosable, in_input, simulate
from tiers.views.common import benefit_line
from tiers.views.portal import OwnPartner

SIMULATOR, MY_SIMULATOR = "/manage/tiers/simulator/", "/portal/tier/simulator/"
TONES = {rules.UP: "good", rules.DOWN: "caution", rules.SAME: "neutral"}
ICONS = {rules.UP: "trending-up", rules.DOWN: "trending-down", rules.SAME: "circle-check"}


class Simulating:
    """What both sides' simulators show; `base` is the page's address, `partner` whose facts it starts from."""

    base = ""
    request: HttpRequest

    def simulated(self, partner: Partner | None) -> dict[str, Any]:
        versions = choosable(self.actor, partner)  # type: ignore[attr-defined]
        version = self.chosen(versions)
        if version is None:
            return {"empty": NOTHING}
        given = {name: self.request.GET.get(name, "") for name in self.request.GET}
        today, is_vendor = day(self.at), self.actor.is_vendor  # type: ignore[attr-defined]
        found = simulate(version, today, given, partner, may_change_rules=is_vendor)
        return {**shown(found, self.base, self.request), "versions": self.choices(versions, version, partner)}

    def chosen(self, versions: list[ProgramVersion]) -> ProgramVersion | None:
        """The version that the address names, else the first. Raises Http404 for one that is not to be chosen."""
        code, number = self.request.GET.get("program", ""), self.request.GET.get("version", "")
        fitting = [v for v in versions if v.program.code == (code or v.program.code)]
        fitting = [v for v in fitting if str(v.number) == (number or str(v.number))]
        if (code or number) and not fitting:
            raise Http404
        return fitting[0] if fitting else None

    def choices(
        self, versions: list[ProgramVersion], current: ProgramVersion, partner: Partner | None
    ) -> list[dict[str, Any]]:
        """The versions to choose from, by program; nothing where there is one alone."""
        words = {rules.ACTIVE: _("in force"), rules.SCHEDULED: _("announced")}
        programs: dict[str, list[dict[str, Any]]] = {}
        for version in sorted(versions, key=lambda v: (v.program.position, v.number)):
            state = words.get(version.state, _("draft"))
            chosen = {
                "name": _("Version %(n)s, %(state)s") % {"n": version.number, "state": state},
                "url": f"{self.base}?{urlencode(_start(version, partner, self.base))}",
                "active": version == current,
            }
            programs.setdefault(version.program.name, []).append(chosen)
        return [
            {"name": name, "versions": several} for name, several in programs.items() if len(versions) > 1
        ]


NOTHING = {
    "icon": "stairs-up",
    "title": gettext_lazy("There is no program to try facts on"),
    "text": gettext_lazy("As soon as a tier program is in force, it can be tried out here."),
}


def _start(version: ProgramVersion, partner: Partner | None, base: str) -> dict[str, str]:
    """The parameters of a fresh start; in the portal the partner is the reader's own and is not named."""
    found = {"program": version.program.code, "version": str(version.number)}
    return found | ({"partner": str(partner.pk)} if partner and base == SIMULATOR else {})


def shown(found: Simulation, base: str, request: HttpRequest) -> dict[str, Any]:
    """A simulation as the template reads it."""
    parameters = found.parameters()
    if base != SIMULATOR:
        parameters.pop("partner", None)
    of = len(found.tiers) or 1
    start = f"{base}?{urlencode(_start(found.version, found.partner, base))}"
    return {
        "title": _("What if"),
        "subtitle": _subtitle(found),
        "sim": {
            "title": found.title(),
            "tone": TONES[found.direction] if found.partner else "neutral",
            "icon": ICONS[found.direction] if found.partner else "stairs-up",
            "tier": look(found.then, of),
            "pairs": _pairs(found),
            "gained": [benefit_line(given) for given in found.gained],
            "lost": [benefit_line(given) for given in found.lost],
            "path": [_way(finding) for finding in found.above.path] if found.above else [],
            "above": found.tiers[found.above.rung.code].name if found.above else "",
            "progress": int(found.above.progress * 100) if found.above else 100,
            "errors": len(found.errors),
        },
        "facts": [_fact(found, key) for key in found.facts],
        "rules": [_rules(found, judged) for judged in reversed(found.verdict.rungs)],
        "rules_changed": len(found.thresholds),
        "groups": [_judged(found, judged, of) for judged in _interesting(found)],
        "hidden": {
            name: parameters[name] for name in ("program", "version", "partner") if name in parameters
        },
        "link": request.build_absolute_uri(f"{base}?{urlencode(parameters)}"),
        "start": start,
        "action": base,
    }


def _subtitle(found: Simulation) -> str:
    if found.partner:
        words = {"partner": found.partner.name, "version": str(found.version)}
        return (
            _("Facts of %(partner)s as they are today, held against %(version)s. Nothing is saved.") % words
        )
    words = _(
        "Facts that you choose, held against %(version)s. Nothing is saved."
        " To start from a partner's facts, open What if on its tier page."
    )
    return words % {"version": str(found.version)}


def _pairs(found: Simulation) -> list[dict[str, Any]]:
    pairs = []
    if found.partner:
        pairs.append({"label": _("Held now"), "value": found.held.name if found.held else _("No tier")})
        if found.direction != rules.SAME:
            pairs.append({"label": _("Earliest"), "value": found.earliest})
    margin = found.margin
    band = {"label": _("Margin"), "value": margin.words if margin else _("none")}
    pairs.append({**band, "note": _("of %(band)s") % {"band": margin.band} if margin and margin.band else ""})
    stated = wording.stated(found.then.co_marketing) if found.then else _("none")
    pairs.append({"label": _("Co-marketing"), "value": stated})
    return pairs


def _way(finding: Finding) -> dict[str, Any]:
    return {"text": wording.name_of(finding.need.key), "value": wording.gap(finding), "plain": True}


def _fact(found: Simulation, key: str) -> dict[str, Any]:
    """One input: what it is now and then, with its + and - buttons."""
    before, after = found.base[key].value, found.facts[key].value
    name, unit = f"{FACT}{key}", wording.unit_of(key)
    return {
        "name": name,
        "key": key,
        "label": wording.name_of(key),
        "value": in_input(key, after),
        "is_bool": unit == "bool",
        "currency": wording.currency() if unit == "money" else "",
        "is_known": before is not None,
        "now": wording.value(key, before, short=True),
        "then": wording.value(key, after, short=True) if after != before else "",
        "change": _change(key, before, after),
        "error": found.errors.get(name, ""),
    }


def _change(key: str, before: int | None, after: int | None) -> str:
    """“+ $900,000”, “+ 1”; "" where nothing changed or it cannot be counted."""
    if before == after or after is None or wording.unit_of(key) == "bool":
        return ""
    difference = after - (before or 0)
    return f"{'+' if difference > 0 else '−'} {wording.value(key, abs(difference), short=True)}"


def _rules(found: Simulation, judged: RungVerdict) -> dict[str, Any]:
    code = judged.rung.code
    fields = [
        {
            "name": f"{NEED}{code}.{need.key}",
            "label": wording.name_of(need.key),
            "sign": wording.SIGNS[need.comparator],
            "value": in_input(need.key, need.threshold),
            "is_changed": (code, need.key) in found.thresholds,
            "error": found.errors.get(f"{NEED}{code}.{need.key}", ""),
        }
        for need in judged.rung.needs
    ]
    return {
        "name": found.tiers[code].name,
        "look": look(found.tiers[code], len(found.tiers)),
        "fields": fields,
    }


def _interesting(found: Simulation) -> list[RungVerdict]:
    """The next tier, the one reached, and the one held where it is another."""
    above = found.above.rung.code if found.above else ""
    codes = [above, found.then.code if found.then else "", found.held.code if found.held else ""]
    wanted = (found.verdict.of(code) for code in dict.fromkeys(codes))
    return [judged for judged in wanted if judged]


def _judged(found: Simulation, judged: RungVerdict, of: int) -> dict[str, Any]:
    tier = found.tiers[judged.rung.code]
    rows = requirement_rows(judged, tier, lambda key: "", NO_RISK)
    met = sum(finding.is_good for finding in judged.findings)
    return {
        "name": tier.name,
        "look": look(tier, of),
        "words": _("%(tier)s, reached") % {"tier": tier.name}
        if judged.is_reached
        else _("%(tier)s, not reached") % {"tier": tier.name},
        "note": _("%(n)s of %(all)s met") % {"n": met, "all": len(judged.findings)},
        "rows": rows,
    }


class TierSimulator(Simulating, Page):
    """Try facts and rules, for one partner or for nobody in particular."""

    permission = P.TIER_VIEW
    template_name = "tiers/simulator.html"
    base = SIMULATOR

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        partner = self.partner()
        self.permit()
        crumbs = [{"label": _("Tiers"), "url": "/manage/tiers/"}]
        if partner:
            crumbs = [
                {"label": partner.name, "url": partner.get_absolute_url()},
                {"label": _("Tier"), "url": f"{partner.get_absolute_url()}tier/"},
            ]
        return self.answer(
            **{"title": _("What if"), **self.simulated(partner)}, crumbs=[*crumbs, {"label": _("What if")}]
        )

    def partner(self) -> Partner | None:
        """The partner of `?partner=`. Raises Http404 for one that is not seen."""
        asked = self.request.GET.get("partner", "")
        if not asked:
            return None
        try:
            found = Partner.objects.visible_to(self.actor).filter(pk=UUID(asked)).first()
        except ValueError:
            found = None
        if found is None:
            raise Http404
        return found


class MySimulator(Simulating, OwnPartner):
    """Try what more of something would bring us."""

    template_name = "tiers/simulator.html"
    base = MY_SIMULATOR

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        partner = self.partner()
        self.permit()
        crumbs = [{"label": _("My tier"), "url": "/portal/tier/"}, {"label": _("What if")}]
        return self.answer(**{"title": _("What if"), **self.simulated(partner)}, crumbs=crumbs)
