"""What can be done with tier programs and tiers, one action per verb."""

from tiers.actions.appeals import (
    dismiss_tier_appeal,
    file_tier_appeal,
    uphold_tier_appeal,
    withdraw_tier_appeal,
)
from tiers.actions.benefits import (
    record_benefit_use,
    record_investment,
    take_back_benefit_use,
    take_back_investment,
)
from tiers.actions.grace import end_grace, start_grace
from tiers.actions.margins import decide_margin, end_margin_decision
from tiers.actions.outlook import note_risks
from tiers.actions.overrides import end_override, end_waiver, override_tier, waive_requirement
from tiers.actions.proposals import decline_proposal, grant_proposal
from tiers.actions.recalculation import Recalculation, recalculate
from tiers.actions.standings import award_tier, end_standings, lower_tier
from tiers.actions.versions import (
    activate_due_versions,
    approve_version,
    begin_program,
    call_off_version,
    draft_version,
    return_version,
    schedule_version,
    submit_version,
)

__all__ = [
    "Recalculation",
    "activate_due_versions",
    "approve_version",
    "award_tier",
    "begin_program",
    "call_off_version",
    "decide_margin",
    "decline_proposal",
    "dismiss_tier_appeal",
    "draft_version",
    "end_grace",
    "end_margin_decision",
    "end_override",
    "end_standings",
    "end_waiver",
    "file_tier_appeal",
    "grant_proposal",
    "lower_tier",
    "note_risks",
    "override_tier",
    "recalculate",
    "record_benefit_use",
    "record_investment",
    "return_version",
    "schedule_version",
    "start_grace",
    "submit_version",
    "take_back_benefit_use",
    "take_back_investment",
    "uphold_tier_appeal",
    "waive_requirement",
    "withdraw_tier_appeal",
]
