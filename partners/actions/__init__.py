"""What can be done with organisations, partners and their people: one module per noun."""

from partners.actions.organizations import (
    add_domain,
    add_identifier,
    add_name,
    add_organization,
    change_organization,
    note_knowledge,
    remove_domain,
    remove_identifier,
    remove_name,
    require_standing,
)
from partners.actions.partners import (
    activate_partner,
    add_partner,
    assign_psm,
    change_partner,
    limit_sellers,
    note_standing,
    require_psm,
    resume_partner,
    suspend_partner,
    terminate_partner,
)
from partners.actions.people import add_contact, change_contact, note_departure
from partners.actions.restructuring import (
    MustWait,
    abandon_restructuring,
    complete_restructuring,
    merge_organizations,
    move_organization,
    undo_restructuring,
)
from partners.actions.trees import lock_trees

__all__ = [
    "MustWait",
    "abandon_restructuring",
    "activate_partner",
    "add_contact",
    "add_domain",
    "add_identifier",
    "add_name",
    "add_organization",
    "add_partner",
    "assign_psm",
    "limit_sellers",
    "change_contact",
    "change_organization",
    "change_partner",
    "complete_restructuring",
    "lock_trees",
    "merge_organizations",
    "move_organization",
    "note_departure",
    "note_knowledge",
    "note_standing",
    "remove_domain",
    "remove_identifier",
    "remove_name",
    "require_psm",
    "require_standing",
    "resume_partner",
    "suspend_partner",
    "terminate_partner",
    "undo_restructuring",
]
