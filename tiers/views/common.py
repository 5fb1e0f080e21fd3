"""What the tier pages of both sides share: the explanation's parts as templates read them, and the rows panel."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actors import Actor
from core.clock import day
from core.templatetags.ui import day as say_day
from core.templatetags.ui import instant
from metrics import registry, scopes, windows
from partners.models import Partner
from tiers import rules, wording
from tiers.api.reading import asked_day, asked_program
from tiers.explained import NO_RISK, Explanation, Risk, explain, look, requirement_rows
from tiers.facts import ask_of, metric_of
from tiers.models import Program, Tier
from tiers.projection import projection_of
from tiers.rules import RungVerdict
from tiers.views.history import history


class Explained:
    """A page about one partner's tier on the day of `?as_of=`."""

    def on(self) -> date:
        try:
            return asked_day(self.request.GET.get("as_of", ""), day(self.at))  # type: ignore[attr-defined]
        except ValidationError as error:
            raise ValidationError(" ".join(error.messages)) from None

    def explanation(self, partner: Partner) -> Explanation:
        today = day(self.at)  # type: ignore[attr-defined]
        return explain(partner, self.on(), today, self.program(partner))

    def program(self, partner: Partner) -> Program | None:
        """The program of `?program=`, among those that the partner is or was in; None where none is asked for."""
        try:
            return asked_program(self.request.GET.get("program", ""), partner)  # type: ignore[attr-defined]
        except ValidationError:
            raise Http404 from None

    def rows_url(self, base: str, found: Explanation) -> Any:
        asked = {} if found.is_today else {"as_of": found.on.isoformat()}
        if found.program and len(found.programs) > 1:
            asked["program"] = found.program.code
        query = f"?{urlencode(asked)}" if asked else ""
        return lambda metric: f"{base}rows/{metric}/{query}"


def parts(found: Explanation, rows_url: Any, *, is_portal: bool) -> dict[str, Any]:
    """What templates are told of an explanation."""
    of = len(found.tiers) or 1
    above = found.above and _asked(found, found.above, rows_url, NO_RISK)
    held = found.held and _asked(found, found.held, rows_url, found.first_loss)
    return {
        "title": found.title(),
        "subtitle": found.subtitle(),
        "tier": look(found.standing.tier, of) if found.standing else None,
        "above": above,
        "held": held,
        "asked": _groups(above, held),
        "projection": projection_of(found),
        "grace": found.grace and {"ends_on": found.grace.ends_on, "tier": found.grace.standing.tier.name},
        "risk": found.risk(),
        "at_risk_on": found.at_risk_on,
        "margin": found.margin
        and {"percent": f"{found.margin.percent.normalize():f}%", "band": found.margin.band},
        "benefits": [benefit_line(given) for given in found.benefits if not given.is_inherited],
        "inherited": [benefit_line(given) for given in found.benefits if given.is_inherited],
        "benefits_above": [benefit_line(given) for given in found.benefits_above],
        "margin_above": _band(found.tiers[found.above.rung.code]) if found.above else "",
        "history": history(found, is_portal=is_portal),
        "programs": _programs(found),
        "program_code": found.program.code if found.program and len(found.programs) > 1 else "",
        "override": found.override and override_words(found),
        "replay": replay_words(found),
        "made": _made(found),
        "as_of": found.on,
        "is_today": found.is_today,
        "is_evaluated": found.evaluation is not None,
        "never": NEVER,
    }


NEVER = {
    "icon": "stairs-up",
    "title": gettext_lazy("Not evaluated by then"),
    "text": gettext_lazy(
        "A partner is evaluated from the day on which it becomes active, every night and when a fact changes."
    ),
}


def _band(tier: Tier) -> str:
    return wording.stated(tier.margin) if tier.margin else ""


def _groups(above: dict[str, Any] | None, held: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The groups of the table, the next tier first. They share their rows with `above` and `held`."""
    words = ((above, _("%(name)s, the next tier")), (held, _("%(name)s, held")))
    return [{**group, "words": said % {"name": group["name"]}} for group, said in words if group]


def _asked(found: Explanation, rung: RungVerdict, rows_url: Any, risk: Risk) -> dict[str, Any]:
    """One tier's requirements: as rows of the table, and as progress."""
    tier = found.tiers[rung.rung.code]
    rows = [_with_waiver(row, found, tier) for row in requirement_rows(rung, tier, rows_url, risk)]
    progress = [{**row, "threshold": row["plain_threshold"] if row["is_counted_up"] else ""} for row in rows]
    return {
        "name": tier.name,
        "look": look(tier, len(found.tiers)),
        "rows": rows,
        "progress": progress,
        "note": _met_words(rung.findings),
    }


def _met_words(findings: Any) -> str:
    met = sum(finding.is_good for finding in findings)
    return _("%(n)s of %(all)s met") % {"n": met, "all": len(findings)}


def benefit_line(given: Any) -> dict[str, Any]:
    amount = wording.stated(given.amount) if given.amount else ""
    return {"text": given.benefit.name, "value": amount}


def _with_waiver(row: dict[str, Any], found: Explanation, tier: Tier) -> dict[str, Any]:
    """The row, and where it is waived until when and why."""
    waiver = found.waivers.get((tier.code, row["metric"]))
    if waiver is None or row["state"] != rules.WAIVED:
        return row
    words = {"day": say_day(waiver.expires_on), "reason": waiver.reason}
    said = _("Waived until %(day)s because: %(reason)s") % words
    return {**row, "gap": said, "missing": _("Waived until %(day)s") % words, "note": waiver.reason}


def override_words(found: Explanation) -> dict[str, Any]:
    """That the tier is held by decision: until when, and why."""
    assert found.override is not None
    words = {"tier": found.override.tier, "day": say_day(found.override.expires_on)}
    return {
        "title": _("%(tier)s by decision until %(day)s.") % words,
        "text": _("%(reason)s From that day on the requirements count; if they are not met, a grace period starts.")
        % {"reason": _sentence(found.override.reason)},
        "end_url": found.override.end_url if found.override.ended_on is None else "",
    }  # fmt: skip


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def replay_words(found: Explanation) -> dict[str, Any] | None:
    """The verdict of the stored facts, made again: the seals, and both verdicts where the rule has changed since."""
    made = found.replay
    if made is None:
        return None
    names = {code: tier.name for code, tier in found.tiers.items()}
    nothing = _("no tier")
    title = _("Made again just now: the same verdict, the same seal")
    if not made.is_same_engine:
        words = {"then": made.engine, "now": made.engine_now}
        title = _("The rule has changed since: engine %(then)s then, %(now)s now") % words
    elif not made.is_same:
        title = _("Made again just now: another verdict than the sealed one")
    return {
        "title": title,
        "is_same": made.is_same,
        "pairs": [
            {"label": _("Verdict then"), "value": names.get(made.eligible_then, made.eligible_then) or nothing},
            {"label": _("Verdict now"), "value": names.get(made.eligible_now, made.eligible_now) or nothing},
            {"label": _("Seal then"), "value": _short(made.sealed)},
            {"label": _("Seal now"), "value": _short(made.made)},
        ],
    }  # fmt: skip


def _short(seal: str) -> str:
    return f"{seal[:8]}…{seal[-4:]}"


def _programs(found: Explanation) -> list[dict[str, Any]]:
    """The partner's programs as tabs, its primary one first, each with the tier held; nothing where there is one."""
    if len(found.programs) < 2:
        return []
    held = {standing.program_id: standing.tier.name for standing in found.held_in_programs}
    query = {} if found.is_today else {"as_of": found.on.isoformat()}
    return [
        {
            "name": program.name,
            "tier": held.get(program.pk, ""),
            "url": f"?{urlencode({**query, 'program': program.code})}",
            "active": found.program == program,
        }
        for program in found.programs
    ]


def _made(found: Explanation) -> dict[str, Any] | None:
    """The foot of the page: everything that a replay needs."""
    evaluation = found.evaluation
    if evaluation is None:
        return None
    replay = {
        True: _("Replayed just now, with the same result"),
        False: _("A replay gives another result"),
        None: _("The rule has changed since; this shows what it says now"),
    }
    return {
        "at": instant(evaluation.created_at, "utc"),
        "as_of": evaluation.as_of,
        "version": str(evaluation.program_version),
        "engine": evaluation.engine,
        "facts": f"{evaluation.fingerprint[:4]}…{evaluation.fingerprint[-4:]}",
        "full_facts": evaluation.fingerprint,
        "replay": replay[found.is_replayed],
        "is_same": found.is_replayed is not False,
    }


def why(found: Explanation, key: str, *, actor: Actor, is_portal: bool) -> dict[str, Any]:
    """The rows behind one number: those counted and those left out, each with the reason."""
    if (found.evaluation and key not in found.evaluation.facts) or registry.find(metric_of(key)) is None:
        raise Http404
    ask = ask_of(key)
    metric = registry.get(ask.metric)
    rows = registry.readable(scopes.rows(metric, found.partner.pk, found.on, ask.window, ask.scope), actor)
    counted = [_counted(row, metric, is_portal) for row in rows if not row.excluded]
    stored = found.evaluation.known_facts.get(key) if found.evaluation else None
    return {
        "title": metric.name,
        "sentence": metric.question,
        "rule": metric.population,
        "window": windows.says(ask.window) if ask.window else metric.window,
        "actual": wording.value(key, stored.value if stored else None),
        "threshold": _threshold(found, key),
        "counted": counted,
        "excluded": [{"label": row.label, "reason": row.excluded} for row in rows if row.excluded],
        "as_of": say_day(found.on),
    }


def _counted(row: registry.Row, metric: registry.Metric, is_portal: bool) -> dict[str, Any]:
    is_money = metric.unit == "money" and row.value is not None
    return {
        "label": row.label,
        "url": row.url.replace("/manage/", "/portal/", 1) if is_portal else row.url,
        "note": say_day(row.on) if row.on else "",
        "value": wording.value(metric.key, row.value) if is_money else "",
    }


def _threshold(found: Explanation, key: str) -> str:
    findings = found.above.findings if found.above else found.held.findings if found.held else ()
    return next((wording.threshold(f) for f in findings if f.need.key == key), "")


class AboutPartner:
    """A form about one partner, or about something of it: it says whose it is and leads back to the tier."""

    def context(self, **more: Any) -> dict[str, Any]:
        record = getattr(self, "record", None)
        partner = record if isinstance(record, Partner) else getattr(record, "partner", None)
        way = partner and {"subtitle": partner.name, "crumbs": way_to_tier(partner, self.title)}  # type: ignore[attr-defined]
        return super().context(**{**(way or {}), **more})  # type: ignore[misc,no-any-return]


def way_to_tier(partner: Partner, last: Any) -> list[dict[str, Any]]:
    url = partner.get_absolute_url()
    return [{"label": partner.name, "url": url}, {"label": _("Tier"), "url": f"{url}tier/"}, {"label": last}]


class UnderTiers:
    """A list that is reached from the tier board."""

    def context(self, **more: Any) -> dict[str, Any]:
        way = [{"label": _("Tiers"), "url": "/manage/tiers/"}, {"label": self.title}]  # type: ignore[attr-defined]
        return super().context(**{"crumbs": way, **more})  # type: ignore[misc,no-any-return]


class Panel:
    """A page that is shown alone in the side panel when it is asked for by a link with data-panel."""

    def answer(self, status: int = 200, template: str = "", **more: Any) -> HttpResponse:
        is_panel = self.request.headers.get("HX-Request")  # type: ignore[attr-defined]
        shown = template or ("components/why_panel.html" if is_panel else "")
        return super().answer(status, shown, **more)  # type: ignore[misc,no-any-return]
