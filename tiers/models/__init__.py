"""What is remembered: the program's versions, what was found about each partner, and where it stands."""

from tiers.models.decisions import (
    MarginDecision,
    Override,
    Proposal,
    TierAppeal,
    Waiver,
)
from tiers.models.evaluations import (
    Evaluation,
    Position,
    TierRun,
)
from tiers.models.programs import (
    Announcement,
    Program,
    ProgramVersion,
)
from tiers.models.standings import (
    Grace,
    Standing,
)
from tiers.models.tiers import (
    Benefit,
    Requirement,
    RequirementGroup,
    Tier,
    TierBenefit,
)
from tiers.models.value import (
    BenefitUse,
    TierInvestment,
)

__all__ = [
    "Announcement",
    "Benefit",
    "BenefitUse",
    "Evaluation",
    "Grace",
    "MarginDecision",
    "Override",
    "Position",
    "Program",
    "ProgramVersion",
    "Proposal",
    "Requirement",
    "RequirementGroup",
    "Standing",
    "Tier",
    "TierAppeal",
    "TierBenefit",
    "TierInvestment",
    "TierRun",
    "Waiver",
]
