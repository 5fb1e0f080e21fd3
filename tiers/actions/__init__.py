"""What can be done with tier programs and tiers, one action per verb."""

from tiers.actions.announcements import (
    acknowledge_announcement,
    announce_version,
    call_off_announcements,
)
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
from tiers.actions.decisions import decline_proposal, grant_proposal
from tiers.actions.drafting import (
    change_settings,
    give_benefit,
    import_version,
    remove_benefit,
    remove_group,
    remove_requirement,
    remove_tier,
    replace_draft,
    set_benefit,
    set_group,
    set_requirement,
    set_tier,
)
from tiers.actions.grace import end_grace, start_grace
from tiers.actions.leaving import leave
from tiers.actions.margins import decide_margin, end_margin_decision
from tiers.actions.outlook import note_risks
from tiers.actions.overrides import (
    end_override,
    end_waiver,
    expire_waivers,
    override_tier,
    waive_requirement,
)
from tiers.actions.proposals import propose_again
from tiers.actions.recalculation import Recalculation, recalculate
from tiers.actions.standings import award_tier, end_standings, lower_tier, mirror_if_changed
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
    "acknowledge_announcement",
    "activate_due_versions",
    "announce_version",
    "approve_version",
    "award_tier",
    "begin_program",
    "call_off_announcements",
    "call_off_version",
    "change_settings",
    "decide_margin",
    "decline_proposal",
    "dismiss_tier_appeal",
    "draft_version",
    "end_grace",
    "end_margin_decision",
    "end_override",
    "end_standings",
    "end_waiver",
    "expire_waivers",
    "file_tier_appeal",
    "give_benefit",
    "grant_proposal",
    "import_version",
    "leave",
    "lower_tier",
    "mirror_if_changed",
    "note_risks",
    "override_tier",
    "propose_again",
    "recalculate",
    "remove_benefit",
    "remove_group",
    "remove_requirement",
    "remove_tier",
    "replace_draft",
    "record_benefit_use",
    "record_investment",
    "return_version",
    "schedule_version",
    "set_benefit",
    "set_group",
    "set_requirement",
    "set_tier",
    "start_grace",
    "submit_version",
    "take_back_benefit_use",
    "take_back_investment",
    "uphold_tier_appeal",
    "waive_requirement",
    "withdraw_tier_appeal",
]
