"""What customers are asked and on which scale, which contributions are counted, and how one is verified. Pure."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle

# Satisfaction ---------------------------------------------------------------------------------------------------

CSAT, NPS, EFFORT, OVERALL = "csat", "nps", "effort", "overall"
QUESTIONS = {
    CSAT: _("Satisfaction with the work"),
    NPS: _("Would recommend the partner"),
    EFFORT: _("Ease of working together"),
    OVERALL: _("Overall"),
}
ENTERED, IMPORT, API = "entered", "import", "api"
SOURCES = (ENTERED, IMPORT, API)
SMALLEST, LARGEST = Decimal(-1000), Decimal(1000)
FIRST_YEAR = 2000


def percent_of(score: Decimal, low: Decimal, high: Decimal) -> int:
    """Where a score lies on its scale: 0 at the low end, 100 at the high end, whole percent, rounded half up.

    `low` lies below `high`, and the score between them.
    """
    share = (score - low) * 100
    return int((2 * share + (high - low)) // (2 * (high - low)))


def mean(percents: list[int]) -> int | None:
    """The mean of answers in whole percent, rounded half up; None where there is none."""
    return (2 * sum(percents) + len(percents)) // (2 * len(percents)) if percents else None


# Contributions --------------------------------------------------------------------------------------------------

REFERENCE, CASE_STUDY, VALIDATION, PUBLICATION, INTEGRATION = (
    "reference", "case_study", "clinical_validation", "publication", "integration",
)  # fmt: skip
STANDARD, CAPITAL, MARKET_ACCESS, DATA_ACCESS = "standard", "capital", "market_access", "data_access"
KINDS = {
    REFERENCE: _("Reference"),
    CASE_STUDY: _("Case study"),
    VALIDATION: _("Clinical validation"),
    PUBLICATION: _("Publication"),
    INTEGRATION: _("Integration"),
    STANDARD: _("Standard"),
    CAPITAL: _("Capital"),
    MARKET_ACCESS: _("Market access"),
    DATA_ACCESS: _("Access to data"),
}
RECORDED, VERIFIED, DECLINED = "recorded", "verified", "declined"
STATES = (RECORDED, VERIFIED, DECLINED)
LIFECYCLE = Lifecycle({"verify": ("recorded", VERIFIED), "decline": ("recorded verified", DECLINED)})
MOST_AT_ONCE = 1000
