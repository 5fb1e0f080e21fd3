"""What can be done with leads, offers, profiles and referrals."""

from leads.actions.answering import accept_lead, decline_lead, lose_lead, note_contact, return_lead
from leads.actions.converting import (
    contact_line,
    convert_lead,
    facts_for_registration,
    note_loss,
    note_win,
    redo_conversion,
    undo_conversion,
)
from leads.actions.entering import change_lead, change_profile, close_lead, enter_lead, reopen_lead, score_of
from leads.actions.importing import import_leads
from leads.actions.referring import refer_lead
from leads.actions.routing import offer_lead, pool_lead, route_lead, withdraw_offer
from leads.actions.time import pass_on_overdue, take_back_all, take_back_offers

__all__ = [
    "accept_lead",
    "change_lead",
    "change_profile",
    "close_lead",
    "contact_line",
    "convert_lead",
    "decline_lead",
    "enter_lead",
    "facts_for_registration",
    "import_leads",
    "lose_lead",
    "note_contact",
    "note_loss",
    "note_win",
    "offer_lead",
    "pass_on_overdue",
    "pool_lead",
    "redo_conversion",
    "refer_lead",
    "reopen_lead",
    "return_lead",
    "route_lead",
    "score_of",
    "take_back_all",
    "take_back_offers",
    "undo_conversion",
    "withdraw_offer",
]
