"""How a check for conflicts is shown: the verdict on its bar, and the candidates side by side as it stored them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.roles import Permission
from catalog.querysets import setting
from core.actors import Actor
from core.clock import day
from core.text import normal
from deals import conflict, direct
from deals.models import ConflictCandidate, ConflictCheck, ConflictRules, Deal

PLACE_WORDS = {"city": _lazy("City"), "country": _lazy("Country"), "website": _lazy("Web domain")}
BAND_TONES = {"clear": "neutral", "related": "neutral", "review": "caution", "hard": "bad"}


def verdict(check: ConflictCheck) -> dict[str, Any]:
    """The score on its bar, in the bands of the rules under which it was made."""
    floors = [(conflict.CLEAR, 0), *sorted(_terms(check).bands.items(), key=lambda band: band[1])]
    ceilings = [*(floor for _name, floor in floors[1:]), 100]
    bands = [
        {
            "label": conflict.VERDICT_WORDS[name],
            "note": str(floor) if floor else "",
            "from": floor / 100,
            "to": ceiling / 100,
            "tone": BAND_TONES[name],
            "active": name == check.verdict,
        }
        for (name, floor), ceiling in zip(floors, ceilings, strict=True)
    ]
    return {
        "score": f"{check.score:.0f}",
        "of": _("of 100"),
        "word": conflict.VERDICT_WORDS[check.verdict],
        "share": float(check.score) / 100,
        "bands": bands,
        "rules": {
            "label": _("Rule version %(version)s") % {"version": check.rule_version},
            "url": f"/manage/rules/conflicts/?number={check.rule_version}",
        },
    }


def _terms(check: ConflictCheck) -> conflict.Terms:
    return ConflictRules.objects.terms(check.rule_version)


def candidates(check: ConflictCheck, actor: Actor) -> list[dict[str, Any]]:
    """Each candidate as it was stored: its lines of arithmetic, the formula filled in, and who comes first.

    It links only to what the reader may open.
    """
    may_open = actor.may(Permission.DIRECT_VIEW)
    others = [found.deal_id for found in check.candidates.all() if found.deal_id]
    seen = set(Deal.objects.visible_to(actor).filter(pk__in=others).values_list("pk", flat=True))
    return [
        {
            "candidate": found,
            "title": found.snapshot.get("title", ""),
            "holder": found.snapshot.get("holder", ""),
            "name": found.snapshot.get("name", ""),
            "url": found.other.get_absolute_url()
            if (found.deal_id in seen if found.deal_id else may_open)
            else "",
            "kind": found.kind_words,
            "score": f"{found.score:.0f}",
            "share": float(found.score) / 100,
            "tone": BAND_TONES[found.verdict],
            "lines": [*(_line(factor) for factor in found.factors.all()), *_places(check.deal, found)],
            "formula": _formula(found),
            "confirmed": _confirmed(found),
            "prevails": conflict.PREVAILS_WORDS.get((found.prevails, found.precedence), ""),
        }
        for found in check.candidates.all()
    ]


def _confirmed(found: ConflictCandidate) -> dict[str, Any] | None:
    """When the approved list last confirmed the account, and whether that was too long ago at the check."""
    if not (said := found.snapshot.get("confirmed_on")):
        return None
    on = date.fromisoformat(said)
    return {"on": on, "is_old": direct.is_old(on, day(found.created_at), setting("deal.direct_list_days"))}


def own_wins(check: ConflictCheck) -> list[dict[str, Any]]:
    """What the partner itself had won on the customer, as the check stored it; it is told and never scored."""
    return [
        {"number": won["number"], "url": f"/manage/deals/{won['id']}/",
         "day": date.fromisoformat(won["won_on"]) if won["won_on"] else None}
        for won in check.own_wins
    ]  # fmt: skip


def _line(factor: Any) -> dict[str, Any]:
    is_account = factor.code == "account"
    return {
        "name": conflict.FACTOR_WORDS[factor.code],
        "mine": factor.mine
        or ("" if factor.code != "base" else _("Base share when the account matches at all")),
        "theirs": factor.theirs,
        "spans": factor.code == "base",
        "matches": factor.alike >= Decimal("0.5") and factor.code != "base",
        "differs": factor.alike < Decimal("0.5") and bool(factor.mine and factor.theirs),
        "alike": "" if factor.code == "base" else f"{factor.alike:.2f}",
        "weight": _("multiplies the rest") if is_account else f"{factor.weight:.2f}",
        "points": "" if is_account else f"{factor.points:.1f}",
    }


def _places(deal: Deal, found: ConflictCandidate) -> list[dict[str, Any]]:
    """What the accounts say of themselves, side by side: part of the account's likeness, without points of its own."""
    mine = {
        "city": deal.customer_city,
        "country": deal.customer_country.code or "",
        "website": deal.customer_domain,
    }
    return [
        {"name": PLACE_WORDS[name], "mine": said, "theirs": other, "alike": "", "weight": "", "points": "",
         "matches": bool(said) and normal(said) == normal(other),
         "differs": bool(said and other) and normal(said) != normal(other)}
        for name, said in mine.items()
        if (other := found.snapshot.get(name, "")) or said
    ]  # fmt: skip


def _formula(found: ConflictCandidate) -> str:
    by_code = {factor.code: factor for factor in found.factors.all()}
    shares = " + ".join(
        f"{factor.weight * factor.alike:.3f}".rstrip("0").rstrip(".")
        for code, factor in by_code.items()
        if code != "account" and factor.alike
    )
    return f"{by_code['account'].alike:.2f} × ({shares}) × 100"
