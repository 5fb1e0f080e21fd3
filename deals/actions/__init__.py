"""What can be done with registrations, protections, appeals, bookings and go-lives."""

from deals.actions.answers import next_answer_at, too_many_words
from deals.actions.appeals import (
    appeal_until,
    dismiss_appeal,
    file_appeal,
    is_appealable,
    is_first_decider,
    uphold_appeal,
    withdraw_appeal,
    withdraw_appeals_of,
)
from deals.actions.attachments import attach_documents
from deals.actions.bookings import book_deal, correct_booking
from deals.actions.conditions import answer_condition, meet_conditions, miss_conditions
from deals.actions.conflicts import check_conflicts, recheck_conflicts, recheck_touched
from deals.actions.customers import add_customer, link_customer
from deals.actions.decisions import (
    approve_deal,
    ask_for_more,
    contested_until,
    mark_duplicate,
    reject_deal,
    revoke_deal,
    start_review,
)
from deals.actions.direct import (
    approve_direct_account,
    block_account,
    change_opportunity,
    end_direct_account,
    import_direct_list,
    record_opportunity,
    refresh_direct_accounts,
    unblock_account,
)
from deals.actions.escalations import escalate_due
from deals.actions.extensions import (
    close_requests,
    grant_extension,
    refuse_extension,
    renew_deal,
    renewable_until,
    request_extension,
    request_renewal,
    why_not_extended,
    why_not_renewed,
)
from deals.actions.implementations import (
    accept_implementation,
    ask_customer_again,
    confirm_by_customer,
    decline_by_customer,
    report_implementation,
    withdraw_implementation,
)
from deals.actions.lapsing import lapse_unanswered
from deals.actions.origin import note_origin
from deals.actions.people import may_name, name_people
from deals.actions.pipeline import report_loss, report_win, update_stage
from deals.actions.protections import release_all_of, release_lapsed, usual_length
from deals.actions.registration import (
    change_deal,
    complete_deal,
    discard_draft,
    draft_deal,
    keep_draft,
    register_deal,
    send_deal,
    start_draft,
    submit_deal,
    withdraw_deal,
)

__all__ = [
    "approve_direct_account",
    "block_account",
    "change_opportunity",
    "end_direct_account",
    "import_direct_list",
    "record_opportunity",
    "refresh_direct_accounts",
    "unblock_account",
    "accept_implementation",
    "add_customer",
    "answer_condition",
    "appeal_until",
    "approve_deal",
    "ask_customer_again",
    "attach_documents",
    "ask_for_more",
    "book_deal",
    "change_deal",
    "check_conflicts",
    "recheck_conflicts",
    "recheck_touched",
    "close_requests",
    "complete_deal",
    "confirm_by_customer",
    "contested_until",
    "correct_booking",
    "decline_by_customer",
    "discard_draft",
    "draft_deal",
    "escalate_due",
    "grant_extension",
    "dismiss_appeal",
    "file_appeal",
    "is_appealable",
    "is_first_decider",
    "keep_draft",
    "lapse_unanswered",
    "link_customer",
    "mark_duplicate",
    "may_name",
    "name_people",
    "next_answer_at",
    "meet_conditions",
    "miss_conditions",
    "note_origin",
    "refuse_extension",
    "register_deal",
    "reject_deal",
    "release_all_of",
    "release_lapsed",
    "renew_deal",
    "renewable_until",
    "report_implementation",
    "report_loss",
    "report_win",
    "request_extension",
    "request_renewal",
    "revoke_deal",
    "send_deal",
    "start_draft",
    "start_review",
    "submit_deal",
    "too_many_words",
    "update_stage",
    "usual_length",
    "why_not_extended",
    "why_not_renewed",
    "uphold_appeal",
    "withdraw_appeal",
    "withdraw_appeals_of",
    "withdraw_deal",
    "withdraw_implementation",
]
