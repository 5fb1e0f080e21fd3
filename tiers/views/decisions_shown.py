"""What the tier's pages of both sides say of what people decided, or are about to decide."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Permission as P
from catalog.querysets import setting
from core.actors import Actor
from core.clock import day
from core.templatetags.ui import day as say_day
from core.templatetags.ui import instant
from files.models import Attachment
from tiers import decided, rules
from tiers.actions.appeals import appealable
from tiers.explained import Explanation
from tiers.models import Proposal, TierAppeal
from tiers.views.appealing import TIER, against
from tiers.views.deciding import change_of, used

SHOWN_DAYS = 90  # how long an answered appeal stays on the partner's page


# The vendor's side ----------------------------------------------------------------------------------------------


def for_vendor(found: Explanation, shown: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """What the vendor's page adds: what waits, and the ways to decide, for who may."""
    if not found.is_today:
        return {}
    may = actor.may(P.TIER_DECIDE)
    if may:
        _offer_waivers(found, shown)
    override = shown["override"] and {**shown["override"], "link": _end_link(shown["override"], may)}
    return {"override": override, "decision_note": _waiting_note(found, actor, may)}


def override_link(found: Explanation, actor: Actor) -> list[dict[str, Any]]:
    """The move that gives a tier by decision; nothing where a decision holds already, or nobody may."""
    if not found.is_today or not actor.may(P.TIER_DECIDE) or found.program is None or found.override:
        return []
    query = f"?program={found.program.code}" if len(found.programs) > 1 else ""
    url = f"{found.partner.get_absolute_url()}tier/override/{query}"
    return [{"label": _("Give a tier by decision"), "icon": "gavel", "url": url, "more": True}]


def _end_link(override: dict[str, Any], may: bool) -> dict[str, Any] | None:
    return {"url": override["end_url"], "label": _("End it")} if may and override["end_url"] else None


def _waiting_note(found: Explanation, actor: Actor, may: bool) -> dict[str, Any] | None:
    waiting = (
        Proposal.objects.visible_to(actor).waiting().filter(partner=found.partner, program=found.program)
    )
    proposal = waiting.select_related("from_tier", "to_tier").first()
    if proposal is None:
        return None
    url = proposal.decide_url if may else proposal.get_absolute_url()
    text = _("%(change)s waits for a decision.") % {"change": change_of(proposal)}
    return {"text": text, "link": {"url": url, "label": _("Decide") if may else _("See it")}}


def _offer_waivers(found: Explanation, shown: dict[str, Any]) -> None:
    """Each open row of a requirement that can be waived gets its link, each waived one the way back."""
    base = f"{found.partner.get_absolute_url()}tier/waive/"
    for group, rung in ((shown["above"], found.above), (shown["held"], found.held)):
        if not group or rung is None:
            continue
        tier = found.tiers[rung.rung.code]
        is_active = tier.program_version.state == rules.ACTIVE
        needs = {need.key: need for need in tier.requirements.all()}
        for row in group["rows"]:
            waiver = found.waivers.get((tier.code, row["metric"]))
            if row["state"] == rules.WAIVED and waiver and waiver.ended_on is None:
                row["end_url"] = waiver.end_url
            elif row["is_open"] and is_active and needs[row["metric"]].is_waivable:
                row["waive_url"] = f"{base}?requirement={needs[row['metric']].pk}"


# The partner's side ---------------------------------------------------------------------------------------------


def for_partner(found: Explanation, actor: Actor, at: datetime) -> dict[str, Any]:
    """What waits for the vendor's decision, what may be appealed, and the appeals with their answers."""
    if not found.is_today:
        return {}
    may = actor.may(P.TIER_APPEAL)
    on = day(at)
    return {
        "waiting": _waiting_words(found, actor),
        "may_appeal": [_appeal_note(one, may) for one in appealable(found.partner, on)],
        "cards": [_card(appeal, actor, at) for appeal in _appeals(found, actor, at)],
        "may_withdraw": may,
    }


def _waiting_words(found: Explanation, actor: Actor) -> str:
    waiting = (
        Proposal.objects.visible_to(actor).waiting().filter(partner=found.partner, program=found.program)
    )
    proposal = waiting.select_related("from_tier", "to_tier").first()
    if proposal is None:
        return ""
    if proposal.kind == rules.RISE:
        words = _(
            "You meet what %(tier)s asks for. It also needs our decision, which we owe you since %(day)s."
        )
        return words % {"tier": proposal.to_tier, "day": say_day(proposal.proposed_on)}
    words = _("Your grace period has ended. We decide whether you keep %(tier)s; until then you do.")
    return words % {"tier": proposal.from_tier}


def _appeal_note(one: Any, may: bool) -> dict[str, Any]:
    days = setting("tier.appeal_business_days")
    return {
        "title": _("You can appeal until %(day)s.") % {"day": say_day(one.until())},
        "text": _("%(what)s. Someone who did not decide it answers within %(n)s business days.")
        % {"what": against(one), "n": days},
        "link": {"label": _("Appeal"), "url": f"{TIER}appeal/{one.subject_id}/"} if may else None,
    }


def _appeals(found: Explanation, actor: Actor, at: datetime) -> list[TierAppeal]:
    seen = TierAppeal.objects.visible_to(actor).filter(partner=found.partner, program=found.program)
    seen = seen.exclude(state=rules.WITHDRAWN).select_related(
        "tier", "evaluation__program_version", "partner"
    )
    return [one for one in seen[:10] if one.is_waiting or (at - (one.decided_at or at)).days < SHOWN_DAYS]


def _card(appeal: TierAppeal, actor: Actor, at: datetime) -> dict[str, Any]:
    """An appeal as its partner reads it: the promise while it waits, then the answer and how long it took."""
    is_upheld = appeal.state == rules.UPHELD
    said = decided.of_appeal(appeal, is_upheld, appeal.answer, appeal.upheld_until)
    promise = _("You get an answer by %(when)s.") % {"when": instant(appeal.due_at, "full")}
    return {
        "appeal": appeal,
        "title": _("Your appeal about %(tier)s") % {"tier": appeal.tier},
        "side": _side(appeal),
        "promise": promise if appeal.is_waiting else "",
        "used": used(appeal, at),
        "late": appeal.due_at <= at,
        "paragraphs": [] if appeal.is_waiting else said.all_paragraphs,
        "files": Attachment.objects.visible_to(actor).of(appeal),
    }


def _side(appeal: TierAppeal) -> str:
    """When it was filed; answered, how long we took of the time that we promised."""
    if appeal.decided_at is None:
        return _("filed on %(day)s") % {"day": say_day(appeal.created_at)}
    days = max((day(appeal.decided_at) - day(appeal.created_at)).days, 0)
    took = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    late = appeal.decided_at > appeal.due_at
    words = (
        _("answered after %(took)s, later than promised") if late else _("answered after %(took)s, in time")
    )
    return words % {"took": took}
