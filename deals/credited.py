"""How a deal's credit is shown: each role with its parts, to the vendor with names, to a partner its own alone."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from catalog.querysets import reason_label, reason_told
from core.actors import Actor, Reach
from core.templatetags.ui import day as say_day
from deals import credit
from deals.models import Deal, DealCredit
from partners.models import Partner


def is_named(partner: Partner | None, actor: Actor) -> bool:
    """Whether the actor may know who has a share: its own partners, and everyone where it sees all."""
    if partner is None or actor.reach is Reach.ALL:
        return True
    if actor.reach is Reach.ASSIGNED:
        return partner.psm_id in (None, actor.user_id)
    return partner.pk in (actor.partner_ids or ())


def card(deal: Deal, actor: Actor) -> dict[str, Any] | None:
    """The credit of a deal with everything that was said before; None while there is none."""
    rows = list(deal.credits.select_related("partner", "set_by"))
    current = [row for row in rows if row.is_current]
    if not current:
        return None
    return {
        "roles": [
            _role(family, [_part(row, actor) for row in found]) for family, found in _by_family(current)
        ],
        "side": _side(current),
        "why": _why(current[0], reason_label),
        "history": [_before(found, actor) for found in _sets([row for row in rows if not row.is_current])],
    }


def own_card(deal: Deal, actor: Actor) -> dict[str, Any] | None:
    """A partner's own parts in its deal, and that others have the rest: never who they are."""
    rows = list(deal.credits.filter(partner__in=actor.partner_ids or ()).select_related("partner"))
    current = [row for row in rows if row.is_current]
    if not current and not rows:
        return None
    roles = [_role(family, [_own(found[0], actor)]) for family, found in _by_family(current)]
    return {
        "roles": roles,
        "side": _side(current),
        "why": _why(current[0], reason_told) if current else _("Others have the credit of this deal now."),
        "history": [_before(found, actor) for found in _sets([row for row in rows if not row.is_current])],
    }


def _by_family(rows: list[DealCredit]) -> list[tuple[str, list[DealCredit]]]:
    found: dict[str, list[DealCredit]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (not r.is_primary, -r.weight, r.pk)):
        found[row.family].append(row)
    return [(family, found[family]) for family in credit.FAMILIES if family in found]


def _role(family: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": credit.FAMILY_WORDS[family], "definition": credit.DEFINITIONS[family], "parts": parts}


def name_of(row: DealCredit, actor: Actor) -> str:
    if row.partner is None:
        return _("Our own team")
    return row.partner.name if is_named(row.partner, actor) else _("Another partner")


def _part(row: DealCredit, actor: Actor) -> dict[str, Any]:
    is_linked = row.partner is not None and is_named(row.partner, actor)
    return {
        "name": name_of(row, actor),
        "url": row.partner.get_absolute_url() if is_linked else "",  # type: ignore[union-attr]
        "weight": row.weight,
        "share": row.weight / credit.WHOLE,
        "tag": _("primary") if row.is_primary else "",
        "note": row.basis,
    }


def _own(row: DealCredit, actor: Actor) -> dict[str, Any]:
    others = _("others have %(n)s%%") % {"n": row.others} if row.others else ""
    note = ", ".join(text for text in (row.basis, others) if text)
    return {**_part(row, actor), "name": _("You"), "url": "", "note": note}


def _side(rows: list[DealCredit]) -> str:
    if not rows:
        return ""
    if rows[0].locked_at:
        return _("locked when it was booked, %(day)s") % {"day": say_day(rows[0].locked_at)}
    return _("open until it is booked")


def _why(row: DealCredit, words: Any) -> str:
    if not row.reason:
        return _("As it was registered: whoever registers a deal sources and fulfils it.")
    return " ".join(text for text in (_ended(words("deal_credit", row.reason)), row.comment) if text)


def _ended(words: str) -> str:
    return f"{words.rstrip('.')}." if words else ""


def _sets(rows: list[DealCredit]) -> list[list[DealCredit]]:
    """The shares that were superseded together, the latest first."""
    found: dict[Any, list[DealCredit]] = defaultdict(list)
    for row in rows:
        found[row.superseded_at].append(row)
    return [found[at] for at in sorted(found, reverse=True)]


def _before(rows: list[DealCredit], actor: Actor) -> dict[str, str]:
    first = rows[0]
    parts = [
        _("%(role)s %(parts)s") % {
            "role": credit.FAMILY_WORDS[family].lower(),
            "parts": ", ".join(f"{name_of(row, actor)} {row.weight}%" for row in found),
        }
        for family, found in _by_family(rows)
    ]  # fmt: skip
    held = first.superseded_on is not None and first.superseded_on > first.valid_from
    when = (
        _("%(start)s until %(end)s")
        % {"start": say_day(first.valid_from), "end": say_day(first.superseded_on)}
        if held
        else _("replaced %(day)s, before it counted") % {"day": say_day(first.superseded_at)}
    )
    return {"when": when, "text": "; ".join(parts)}
