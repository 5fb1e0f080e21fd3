"""The codes of tier programs in words: the parts of a version, its settings, what they may be, what followed."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    # settings
    "evaluation_window": _("evaluation window"),
    "downgrade_grace_days": _("downgrade grace days"),
    "notice_days": _("notice days"),
    "upgrade_policy": _("upgrade policy"),
    "downgrade_policy": _("downgrade policy"),
    "margin_policy": _("margin policy"),
    "gates_required": _("gates required"),
    "benefits_inherited": _("benefits inherited"),
    "gross_margin_percent": _("gross margin percent"),
    "co_marketing_budget": _("co marketing budget"),
    "immediate": _("immediate"),
    "decision": _("decision"),
    "low_end": _("low end"),
    "interpolate": _("interpolate"),
    "negotiated": _("negotiated"),
    # parts of tiers, groups, requirements and benefits
    "name": _("name"),
    "rank": _("rank"),
    "colour": _("colour"),
    "upgrade": _("upgrade"),
    "margin": _("margin"),
    "investment": _("investment"),
    "co_marketing": _("co marketing"),
    "kind": _("kind"),
    "frequency": _("frequency"),
    "feature": _("feature"),
    "quantity": _("quantity"),
    "hours": _("hours"),
    "rule": _("rule"),
    "n": _("n"),
    "threshold": _("threshold"),
    "stated": _("stated"),
    "comparator": _("comparator"),
    "window": _("window"),
    "scope": _("scope"),
    "group": _("group"),
    "evidence": _("evidence"),
    "weight": _("weight"),
    "is_waivable": _("is waivable"),
    # what they may be
    "at_least": _("at least"),
    "more_than": _("more than"),
    "at_most": _("at most"),
    "trailing_12_months": _("trailing 12 months"),
    "calendar_year": _("calendar year"),
    "fiscal_year": _("fiscal year"),
    "enrolment_period": _("enrolment period"),
    "lifetime": _("lifetime"),
    "now": _("now"),
    "partner": _("partner"),
    "tree": _("tree"),
    "market": _("market"),
    "auto": _("auto"),
    "document": _("document"),
    "attestation": _("attestation"),
    "certificates": _("certificates"),
    "all": _("all"),
    "any": _("any"),
    "n_of": _("n of"),
    "service": _("service"),
    "money": _("money"),
    "access": _("access"),
    "training": _("training"),
    "support": _("support"),
    "monthly": _("monthly"),
    "quarterly": _("quarterly"),
    "yearly": _("yearly"),
    "qbr": _("qbr"),
    "support_sla": _("support sla"),
    "portal_area": _("portal area"),
    "lead_routing": _("lead routing"),
    "platinum": _("platinum"),
    "gold": _("gold"),
    "silver": _("silver"),
    "authorized": _("authorized"),
    # what followed from a look at a partner
    "none": _("none"),
    "initial": _("initial"),
    "proposed": _("proposed"),
    "grace": _("grace"),
    "in_grace": _("in grace"),
    "recovered": _("recovered"),
    "downgrade": _("downgrade"),
    "fall_proposed": _("fall proposed"),
    "overridden": _("overridden"),
}


def in_words(code: str) -> str:
    """A code as it stands within a sentence; one that is not ours without its underscores."""
    return str(WORDS.get(code, code.replace("_", " ")))


def label(code: str) -> str:
    """A code as it stands alone: “Notice days”."""
    return capfirst(in_words(code))


def choices(*codes: str) -> list[tuple[str, str]]:
    """Codes as choices, in words."""
    return [(code, label(code)) for code in codes]
