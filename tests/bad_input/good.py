"""For every write of the API: who, on which row, and a body that is right. Probes change one thing of it at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from core import clock, links
from core.actors import SYSTEM
from core.models import ActionLink
from deals.actions import link_customer
from onboarding.doors import offered_categories
from onboarding.models import Criterion
from tests.tenancy.world import World
from tiers.content import content_of
from tiers.models import Requirement, Tier
from tiers.portable import as_yaml, plain

VENDOR, PARTNER, NOBODY = "key vendor", "key A_write", "anonymous"


@dataclass(frozen=True)
class Good:
    """A write that works: by whom, on which row, with which body."""

    body: dict[str, Any] = field(default_factory=dict)
    on: Any = None
    by: str = VENDOR
    lists: tuple[str, ...] = ()
    works: bool = True  # False: the row is not in a state in which it works; its input is judged first
    writes: bool = True  # False: it asks and changes nothing, so it may be answered twice


def good_writes(world: World) -> dict[str, Good]:
    """By the operation's id in the API's description."""
    today = clock.day(world.at)
    day, ahead, past = (
        today.isoformat(),
        (today + timedelta(days=20)).isoformat(),
        (today - timedelta(days=2)).isoformat(),
    )
    soon = (world.at + timedelta(days=2)).isoformat()
    row, a = world.rows, str(world.partners["A"].pk)
    direct = {"title": "Imaging", "owner": "Dora Hale", "stage": "Offer", "first_activity_on": past,
              "last_activity_on": day, "expected_close_on": ahead}  # fmt: skip
    category = offered_categories().first().code
    application = {
        "legal_name": "Sendwell Ltd", "website": "https://www.sendwell.example", "country": "GB",
        "categories": [category], "intent": "We resell.", "contact_name": "Nora Quist",
        "contact_email": "nora@sendwell.example", "contact_title": "Head", "identifier_scheme": "lei",
        "identifier": "5493001KJTIIGC8Y1R12", "accepts_privacy": True, "wants_news": False,
    }  # fmt: skip
    deal = {
        "customer_name": "Sendwell Hospital", "customer_country": "US", "customer_city": "Sendtown",
        "customer_website": "https://sendwell.example", "organization": None, "includes_below": True,
        "scope_reason": "One budget", "products": ["triage"],
        "type": "referral", "channel": None, "amount": {"amount": "1200.00", "currency": "USD"},
        "expected_close_on": ahead, "what_it_did": "Calls.", "no_patient_data": True, "external_ref": "S-1",
        "contact": "Helen", "competitor": "Someone", "help_wanted": "none", "procurement_route": "tender",
        "procurement_reference": "T-1", "tender_deadline_on": ahead, "renews": None, "contact_agreed": True,
        "champion": "Dr Field", "need": "Shorter waits", "use_case": "Triage at the door",
        "clinical_specialty": "Cardiology", "facilities": "North site", "service_lines": "Emergency",
        "incumbent": "Paper",
    }  # fmt: skip
    rules = {
        "name": "Rules", "sections": [{"code": "first", "title": "First", "text": "Wins.", "decides": ["approve"]}],
        "changes": "Less.", "is_adverse": False, "because": "It is shorter.",
    }  # fmt: skip
    lead = {
        "customer_name": "Sendwell Hospital", "organization": None, "street": "1 Road", "postcode": "1",
        "city": "Sendtown", "country": "US", "website": "https://sendwell.example", "contact_name": "Bo Lind",
        "contact_role": "CMO", "contact_email": "bo@sendwell.example", "contact_phone": "1", "language": "en",
        "specialty": "radiology", "products": ["triage"], "need": "Faster triage.", "details": "Ask Bo.",
        "amount": {"amount": "1200.00", "currency": "USD"}, "source": "event", "source_detail": "Fair",
        "consent_basis": "consent", "consent_on": past, "consent_text": "Yes", "external_ref": "LEAD-1",
    }  # fmt: skip
    profile = {
        "takes_leads": True, "languages": ["en"], "specialties": ["radiology"], "products": ["triage"],
        "capacity": 5, "weight": 2,
    }  # fmt: skip
    reviewed, psm = row["reviewed"], str(world.people["maya"].pk)
    mark = {Criterion.objects.active().first().code: {"points": 4, "note": "Good"}}
    contact = str(row["contact_A"].pk)
    linkable = link_customer(by=SYSTEM, deal=row["submitted_A"], organization=row["hidden"], at=clock.now())
    deals, reviews = ("/api/v1/deals/", "/manage/deals/"), ("/api/v1/reviews/",)
    appeals = ("/api/v1/appeals/", "/manage/appeals/")
    organization = {
        "name": "Sendwell", "legal_name": "Sendwell Inc", "kind": "hospital_system", "country": "US",
        "city": "Sendtown", "website": "https://sendwell.example", "is_public_body": False,
        "is_healthcare_provider": True, "public_directory": False,
    }  # fmt: skip
    return {
        "api_keys_create": Good({"partner": None, "name": "Sync", "may_write": True, "days": 30}),
        "api_keys_revoke_create": Good(on=world.of("vendor_key", "vendor")[1]),
        "appeals_create": Good(
            {"deal": str(row["contested_A"].pk), "grounds": "We met them first."}, by=PARTNER, lists=appeals
        ),
        "appeals_uphold_create": Good(
            {"approve": False, "days": 90, "answer": "You are right.", "note": "x"}, on=row["appeal_A"].pk,
            lists=appeals,
        ),
        "appeals_dismiss_create": Good(
            {"answer": "It stands.", "note": "x"}, on=row["appeal_A"].pk, lists=appeals
        ),
        "appeals_withdraw_create": Good(on=row["appeal_A"].pk, by=PARTNER),
        "applications_create": Good(application, lists=("/api/v1/applications/", "/manage/applications/")),
        "public_applications_create": Good(application, by=NOBODY),
        "public_applications_confirm": Good({"token": token(world, "application")}, by=NOBODY),
        "public_implementations_answer": Good(
            {"token": token(world, "implementation"), "answer": "confirm", "note": "Fine"}, by=NOBODY
        ),
        "public_invitations_accept": Good(
            {"token": token(world, "invitation"), "name": "Nia New", "password": "correct-horse-battery"}, by=NOBODY
        ),
        "applications_approve_create": Good(
            {"message": "Welcome", "comment": "Fine", "psm": psm, "categories": [category]}, on=reviewed.pk,
            lists=("/api/v1/partners/", "/api/v1/applications/"),
        ),
        "applications_assign_create": Good({"reviewer": psm}, on=reviewed.pk),
        "applications_claim_create": Good(on=world.of("application", "vendor")[1]),
        "applications_link_organization_create": Good({"organization": str(row["hidden"].pk)}, on=reviewed.pk),
        "applications_reject_create": Good({"message": "Sorry", "comment": "x", "reason": "capacity"}, on=reviewed.pk),
        "applications_resend_confirmation_create": Good(on=world.of("application", "vendor")[0]),
        "applications_score_create": Good({"marks": mark}, on=reviewed.pk),
        "applications_withdraw_create": Good({"comment": "By phone"}, on=reviewed.pk),
        "attachments_create": Good({"kind": "deal", "subject": str(row["submitted_A"].pk), "file": "x"}, works=False),
        "bookings_create": Good(
            {"deal": str(row["won_A"].pk), "amount": {"amount": "10.00", "currency": "USD"}, "booked_on": past,
             "reference": "INV", "comment": "Part"}, lists=("/api/v1/bookings/", "/manage/bookings/"),
        ),
        "bookings_correct_create": Good(
            {"booked_on": day, "amount": {"amount": "10.00", "currency": "GBP"}, "reason": "cancelled", "comment": "x"},
            on=row["booking_A"].pk, lists=("/api/v1/bookings/",),
        ),
        "certifications_create": Good(
            {"contact": contact, "track": "fundamentals", "passed_on": past, "expires_on": ahead, "score": 80,
             "evidence": "No. 7"}, lists=("/api/v1/certifications/", "/manage/certifications/"),
        ),
        "certifications_revoke_create": Good(
            {"reason": "left_company", "comment": "x"}, on=world.of("certification", "A")[0]
        ),
        "satisfaction_answers_create": Good(
            {"partner": a, "customer": str(row["public"].pk), "answered_on": past, "question": "csat", "score": "4.50",
             "scale_low": "1.00", "scale_high": "5.00", "respondent_role": "CIO", "external_ref": "S-9"},
            lists=("/api/v1/satisfaction-answers/", "/manage/satisfaction/"),
        ),
        "satisfaction_answers_withdraw_create": Good(
            {"reason": "entered_in_error", "comment": "x"}, on=world.of("answer", "A")[0]
        ),
        "satisfaction_answers_import_create": Good(
            {"rows": "partner,customer,answered_on,score,scale_low,scale_high\n"
             f"{world.partners['A'].name},{row['public'].name},{past},9,0,10\n", "dry_run": False},
            lists=("/api/v1/satisfaction-answers/",),
        ),
        "contributions_create": Good(
            {"partner": a, "kind": "reference", "title": "A reference", "occurred_on": past,
             "customer": str(row["public"].pk), "quantity": 2, "evidence": "A call",
             "evidence_url": "https://proof.example/x", "external_ref": "V-9"},
            lists=("/api/v1/contributions/", "/manage/contributions/"),
        ),
        "contributions_verify_create": Good(on=world.of("contribution", "A")[0]),
        "contributions_decline_create": Good({"why": "Not ours"}, on=world.of("contribution", "A")[1]),
        "contributions_import_create": Good(
            {"rows": "partner,kind,title,occurred_on,evidence\n"
             f"{world.partners['A'].name},reference,A reference,{past},A call\n", "dry_run": False},
            lists=("/api/v1/contributions/",),
        ),
        "direct_opportunities_create": Good(
            {**direct, "organization": str(row["public"].pk), "external_ref": "CRM-7", "products": ["triage"],
             "amount": {"amount": "1200.00", "currency": "USD"}},
            lists=("/api/v1/direct-opportunities/", "/manage/direct/opportunities/"),
        ),
        "direct_opportunities_partial_update": Good(
            {**direct, "state": "won"}, on=row["opportunity"].pk, lists=("/api/v1/direct-opportunities/",)
        ),
        "direct_opportunities_import_create": Good(
            {"rows": f"reference,title,customer,country,first_activity_on\nC1,Imaging,Elmwell Clinic,US,{past}\n",
             "dry_run": False}, lists=("/api/v1/direct-opportunities/",),
        ),
        "direct_accounts_create": Good(
            {"customer": "Elmwell Clinic", "country": "US", "city": "Boise", "website": "elmwell.example",
             "reason": "Key account"}, lists=("/api/v1/direct-accounts/", "/manage/direct/accounts/"),
        ),
        "direct_accounts_refresh_create": Good(),
        "direct_accounts_end_create": Good(on=row["direct"].pk),
        "direct_accounts_import_create": Good(
            {"rows": "customer,country,reason\nElmwell Clinic,US,Key account\n", "dry_run": False},
            lists=("/api/v1/direct-accounts/",),
        ),
        "blocked_accounts_create": Good(
            {"customer": "Elmwell Clinic", "country": "US", "city": "", "website": "", "reason": "Sanctions"},
            lists=("/api/v1/blocked-accounts/", "/manage/direct/blocked/"),
        ),
        "blocked_accounts_end_create": Good(on=row["blocked"].pk),
        "blocked_accounts_import_create": Good(
            {"rows": "customer,country,reason\nElmwell Clinic,US,Sanctions\n", "dry_run": False},
            lists=("/api/v1/blocked-accounts/",),
        ),
        "certifications_import_create": Good(
            {"rows": f"email,track,passed_on\ndanaa@contact.example,sales,{past}\n", "dry_run": False,
             "all_or_nothing": False}, lists=("/api/v1/certifications/",),
        ),
        "commitments_create": Good(
            {"review": str(row["held_A"].pk), "side": "vendor", "text": "A deck", "measure": "One", "due_on": ahead},
            lists=("/api/v1/commitments/",),
        ),
        "commitments_complete_create": Good({"outcome": "Done"}, on=row["commitment_A_vendor"].pk),
        "commitments_drop_create": Good({"outcome": "No need"}, on=row["commitment_A_vendor"].pk),
        "commitments_reopen_create": Good(on=row["commitment_A_vendor"].pk, works=False),
        "contacts_create": Good(
            {"name": "Luis", "email": "luis@contact.example", "title": "Seller", "phone": "1", "partner": a},
            lists=("/api/v1/contacts/",),
        ),
        "contacts_partial_update": Good(
            {"name": "Luis", "email": "luis@contact.example", "title": "Seller", "phone": "1"},
            on=row["contact_A"].pk, by=PARTNER, lists=("/api/v1/contacts/",),
        ),
        "contacts_note_departure_create": Good(on=row["contact_A"].pk),
        "deals_create": Good({**deal, "partner": a, "is_draft": False}, lists=deals),
        "deals_partial_update": Good(deal, on=row["draft_A"].pk, by=PARTNER, lists=("/api/v1/deals/",)),
        "deals_add_customer_create": Good(
            {"name": "Sendwell", "country": "US", "city": "Sendtown", "website": "https://sendwell.example",
             "kind": "hospital_system", "is_public_body": False}, on=row["submitted_A"].pk, lists=deals,
        ),
        "deals_approve_create": Good({"days": 90, "comment": "Fine"}, on=linkable.pk, lists=deals),
        "deals_approve_with_conditions_create": Good(
            {"days": 90, "comment": "Fine", "conditions": ["A letter"], "conditions_until": ahead}, on=linkable.pk,
            lists=deals,
        ),
        "deals_meet_conditions_create": Good(
            {"conditions": [str(row["condition_A"].pk)], "comment": "Fine"}, on=row["conditional_A"].pk, lists=deals
        ),
        "deals_miss_conditions_create": Good(
            {"reason": "cannot_be_met", "comment": "x"}, on=row["conditional_A"].pk, lists=deals
        ),
        "deals_reopen_create": Good(
            {"reason": "customer_came_back", "comment": "x", "days": 90}, on=row["won_A"].pk, lists=deals
        ),
        "deals_request_transfer_create": Good(
            {"wish": "Carrow", "reason": "Too far"}, on=row["extended_A"].pk, by=PARTNER, lists=deals
        ),
        "deals_propose_transfer_create": Good(
            {"receiver": str(world.partners["B"].pk), "reason": "Nearer", "comment": "x"}, on=row["extended_A"].pk,
            lists=deals,
        ),
        "transfers_carry_out_create": Good(on=row["transfer_A"].pk, works=False),
        "transfers_cancel_create": Good(on=row["transfer_A"].pk),
        "transfer_consents_give_create": Good({"comment": "Fine"}, on=row["consent_A"].pk, by=PARTNER),
        "transfer_consents_decline_create": Good({"comment": "No"}, on=row["consent_A"].pk, by=PARTNER),
        "deals_request_amendment_create": Good(
            {"products": ["insight"], "amount": {"amount": "1200.00", "currency": "USD"}, "expected_close_on": ahead,
             "contact": "Luis", "competitor": "Nobody", "help_wanted": "none", "procurement_route": "tender",
             "procurement_reference": "T-1", "tender_deadline_on": ahead, "reason": "The board"},
            on=row["approved_A"].pk, by=PARTNER, lists=deals,
        ),
        "amendments_accept_create": Good({"comment": "Fine"}, on=row["amendment_A"].pk),
        "amendments_refuse_create": Good({"reason": "not_agreed", "comment": "x"}, on=row["amendment_A"].pk),
        "amendments_withdraw_create": Good(on=row["amendment_A"].pk, by=PARTNER),
        "conditions_answer_create": Good(
            {"answer": "Signed", "evidence": "x"}, on=row["condition_A"].pk, by=PARTNER, works=False
        ),
        "deals_ask_for_more_create": Good({"question": "Who?", "fields": ["contact"]}, on=linkable.pk, lists=deals),
        "engagement_rules_create": Good(rules, lists=("/api/v1/engagement-rules/", "/manage/rules/")),
        "engagement_rules_partial_update": Good(
            rules, on=row["rules_draft"].pk, lists=("/api/v1/engagement-rules/", "/manage/rules/")
        ),
        "engagement_rules_announce_create": Good(
            {"effective_on": (today + timedelta(days=90)).isoformat()}, on=row["rules_draft"].pk
        ),
        "engagement_rules_discard_create": Good(on=row["rules_draft"].pk),
        "deals_assign_create": Good({"to": psm}, on=linkable.pk),
        "deals_bulk_approve_create": Good(
            {"dry_run": True, "deals": [{"id": str(linkable.pk), "version": 1}]}, lists=deals
        ),
        "deal_notes_create": Good({"deal": str(linkable.pk), "text": "Ask."}, lists=("/api/v1/deal-notes/",)),
        "regions_create": Good({"user": psm, "markets": ["us"]}, lists=("/api/v1/regions/", "/manage/regions/")),
        "deals_discard_create": Good(on=row["draft_A"].pk),
        "deal_imports_create": Good(
            {"partner": a, "rows": "Customer,City\nSendwell,Boise\n", "name": "s.csv", "submits": False},
            lists=("/api/v1/deal-imports/",),
        ),
        "deal_imports_confirm_create": Good(on=world.of("deal_import", "A")[0], by=PARTNER, works=False),
        "deal_imports_cancel_create": Good(on=world.of("deal_import", "A")[0], by=PARTNER),
        "deals_name_people_create": Good(
            {"people": [str(world.people["A_viewer"].pk)]}, on=row["submitted_A"].pk, by=PARTNER
        ),
        "deals_link_customer_create": Good({"organization": str(row["hidden"].pk)}, on=linkable.pk, lists=deals),
        "deals_mark_duplicate_create": Good(
            {"duplicate_of": str(row["approved_A"].pk), "comment": "x"}, on=linkable.pk, lists=deals
        ),
        "deals_reject_create": Good({"reason": "out_of_scope", "comment": "x"}, on=linkable.pk, lists=deals),
        "deals_report_loss_create": Good({"reason": "price", "comment": "x"}, on=row["approved_A"].pk, lists=deals),
        "deals_report_win_create": Good({"won_on": day, "reference": "PO"}, on=row["approved_A"].pk, lists=deals),
        "deals_request_extension_create": Good(
            {"evidence": "A call", "activity_on": past}, on=row["approved_A"].pk, by=PARTNER, lists=deals
        ),
        "deals_request_renewal_create": Good(
            {"evidence": "A call", "activity_on": past}, on=row["approved_A"].pk, by=PARTNER, works=False
        ),
        "deals_set_credit_create": Good(
            {"credits": [
                {"partner": a, "family": "sourced", "weight": 100, "basis": "Met them", "is_primary": True},
                {"partner": None, "family": "fulfilled", "weight": 100, "basis": "", "is_primary": False},
             ], "reason": "agreed", "comment": "x"}, on=row["approved_A"].pk, lists=("/api/v1/credits/", *deals),
        ),
        "deals_renew_create": Good({"comment": "Fine"}, on=row["approved_A"].pk, works=False),
        "extensions_grant_create": Good({"comment": "Fine"}, on=row["extension_A"].pk),
        "extensions_refuse_create": Good({"reason": "no_activity", "comment": "x"}, on=row["extension_A"].pk),
        "deals_revoke_create": Good({"reason": "no_activity", "comment": "x"}, on=row["approved_A"].pk, lists=deals),
        "deals_preview_letter_create": Good(
            {"move": "approve_with_conditions", "days": 90, "conditions": ["A letter of intent"],
             "conditions_until": ahead, "reason": "out_of_scope", "comment": "x", "question": "Who?",
             "fields": ["contact"], "duplicate_of": str(row["approved_A"].pk)}, on=linkable.pk, lists=deals,
        ),
        "deals_check_again_create": Good(on=linkable.pk),
        "deals_start_review_create": Good(on=linkable.pk),
        "deals_submit_create": Good(on=row["draft_A"].pk),
        "deals_update_stage_create": Good(
            {"stage": "qualified", "expected_close_on": ahead}, on=row["approved_A"].pk, lists=deals
        ),
        "deals_withdraw_create": Good(
            {"reason": "no_opportunity", "comment": "x"}, on=row["approved_A"].pk, lists=deals
        ),
        "exchange_rates_create": Good(
            {"currency": "CAD", "on": past, "rate": "0.73", "origin": "bank"}, lists=("/api/v1/exchange-rates/",)
        ),
        "gate_records_create": Good(
            {"partner": a, "gate": "security_assessment", "passed_on": past, "valid_until": ahead, "evidence": "No. 1"},
            lists=("/api/v1/gate-records/", "/manage/gates/"),
        ),
        "gate_records_revoke_create": Good(
            {"reason": "entered_in_error", "comment": "x"}, on=world.of("gate_record", "A")[0]
        ),
        "implementations_create": Good(
            {"deal": str(row["won_A"].pk), "product": "triage", "went_live_on": day, "contact_name": "Helen",
             "contact_email": "helen@sendwell.example"}, works=False,
        ),
        "implementations_accept_create": Good(
            {"document": "x", "note": "x"}, on=row["implementation_A"].pk, works=False
        ),
        "implementations_ask_again_create": Good(on=row["implementation_A"].pk),
        "implementations_withdraw_create": Good(on=row["implementation_A"].pk),
        "invitations_create": Good(
            {"partner": a, "name": "Nia", "email": "nia@sendwell.example", "role": "partner_viewer"},
            lists=("/api/v1/invitations/",),
        ),
        "invitations_revoke_create": Good(on=world.of("invitation", "A")[0]),
        "leads_create": Good({**lead, "route_now": False}, lists=("/api/v1/leads/", "/manage/leads/")),
        "leads_partial_update": Good(lead, on=row["lead_new"].pk, lists=("/api/v1/leads/", "/manage/leads/")),
        "leads_import_create": Good(
            {"rows": "customer_name,country\nSendwell,US\n", "dry_run": False, "all_or_nothing": False,
             "route_now": False}, lists=("/api/v1/leads/",),
        ),
        "leads_route_create": Good(on=row["lead_new"].pk),
        "leads_offer_create": Good(
            {"partner": a, "reason": "customer_wish", "comment": "x"}, on=row["lead_new"].pk, lists=("/api/v1/leads/",)
        ),
        "leads_pool_create": Good(on=row["lead_new"].pk, works=False),
        "leads_withdraw_offer_create": Good({"reason": "wrong_partner", "comment": "x"}, on=row["lead_asked_A"].pk),
        "leads_close_create": Good({"reason": "no_partner", "comment": "x"}, on=row["lead_new"].pk),
        "leads_reopen_create": Good(on=row["lead_lost_A"].pk),
        "leads_accept_create": Good(on=row["lead_asked_A"].pk, by=PARTNER),
        "leads_decline_create": Good({"reason": "too_far", "comment": "x"}, on=row["lead_asked_A"].pk, by=PARTNER),
        "leads_note_contact_create": Good(
            {"way": "phone", "note": "They want it."}, on=row["lead_taken_A"].pk, by=PARTNER, lists=("/api/v1/leads/",)
        ),
        "leads_return_create": Good({"reason": "unreachable", "comment": "x"}, on=row["lead_taken_A"].pk, by=PARTNER),
        "leads_lose_create": Good({"reason": "no_need", "comment": "x"}, on=row["lead_taken_A"].pk, by=PARTNER),
        "leads_convert_create": Good(
            {"is_draft": False, "customer_name": "Sendwell", "customer_country": "US", "customer_city": "Sendtown",
             "products": ["triage"], "amount": {"amount": "1200.00", "currency": "USD"}, "expected_close_on": ahead,
             "what_it_did": "Calls.", "no_patient_data": True, "external_ref": "L-1"},
            on=row["lead_called_A"].pk, by=PARTNER, lists=("/api/v1/leads/", "/api/v1/deals/"),
        ),
        "lead_profiles_create": Good(
            {**profile, "partner": str(world.partners["U"].pk)}, lists=("/api/v1/lead-profiles/",)
        ),
        "lead_profiles_partial_update": Good(
            profile, on=row["lead_profile_A"].pk, lists=("/api/v1/lead-profiles/", "/manage/leads/partners/")
        ),
        "referrals_create": Good(
            {"partner": a, "customer_name": "Sendwell", "country": "US", "city": "Sendtown", "contact_name": "Bo Lind",
             "contact_role": "CMO", "contact_email": "bo@sendwell.example", "contact_phone": "1", "message": "Triage",
             "consented_on": past, "has_consent": True, "external_ref": "R-1"},
            lists=("/api/v1/referrals/", "/manage/referrals/"),
        ),
        "certificates_count_here_create": Good(by=PARTNER, works=False),
        "certificates_show_create": Good(on=world.of("certificate", "user:A_admin")[0], by=PARTNER),
        "certificates_hide_create": Good(
            on=world.of("certificate", "user:A_admin")[0], by=PARTNER, works=False
        ),
        "public_certificates_verify": Good({"code": "A" * 26}, by=NOBODY, works=False),
        "learning_plans_create": Good(
            {"partner": a, "signed_by": contact, "signed_on": day, "evidence": "Paper"},
            lists=("/api/v1/learning-plans/",),
        ),
        "mails_retry_create": Good(on=world.of("mail", "vendor")[0], works=False),
        "memberships_change_role_create": Good({"role": "partner_viewer"}, on=world.of("membership", "A")[1]),
        "memberships_end_create": Good(on=world.of("membership", "A")[1]),
        "notifications_read_create": Good(on=world.of("notification", "user:A_admin")[0], by=PARTNER),
        "notifications_read_all_create": Good(by=PARTNER),
        "onboarding_plans_create": Good({"partner": str(world.partners["U"].pk), "template": None}),
        "onboarding_plans_cancel_create": Good(on=world.of("onboarding_plan", "A")[0]),
        "onboarding_tasks_create": Good(
            {"plan": str(world.of("onboarding_plan", "A")[0]), "title": "Call", "stage": "launch", "side": "vendor",
             "due_on": ahead, "is_required": True, "depends_on": []}, lists=("/api/v1/onboarding-tasks/",),
        ),
        "onboarding_tasks_complete_create": Good({"note": "Done"}, on=row["task_A_vendor"].pk),
        "onboarding_tasks_move_create": Good({"due_on": ahead}, on=row["task_A_vendor"].pk),
        "onboarding_tasks_reopen_create": Good(on=world.of("partner_task", "A")[1]),
        "onboarding_tasks_skip_create": Good({"reason": "No need"}, on=row["task_A_vendor"].pk),
        "organizations_create": Good(
            {**organization, "parent": None, "domains": ["sendwell.example"]}, lists=("/api/v1/organizations/",)
        ),
        "organizations_partial_update": Good(
            organization, on=row["hidden"].pk, lists=("/api/v1/organizations/",)
        ),
        "conflict_cases_create": Good(
            {"deal": str(row["submitted_A"].pk), "other": None, "direct": "O-1, Lena", "summary": "Both"},
            lists=("/api/v1/conflict-cases/", "/manage/conflict-cases/"),
        ),
        "conflict_cases_assign_create": Good(
            {"mediator": str(world.people["dirk"].pk)}, on=row["case_open_A"].pk, lists=("/manage/conflict-cases/",)
        ),
        "conflict_cases_gather_create": Good(on=row["case_open_A"].pk),
        "conflict_cases_propose_create": Good(
            {"outcome": "split", "first_share": 60, "second_share": 40, "proposal": "Both"}, on=row["case_open_A"].pk,
            lists=("/api/v1/conflict-cases/",),
        ),
        "conflict_cases_decide_create": Good(
            {"outcome": "first", "first_share": None, "second_share": None, "rule": "agreement", "reasoning": "Both",
             "precedent": "agreed", "first_words": "Fine", "second_words": "Fine"},
            on=row["case_proposed_A"].pk, lists=("/api/v1/conflict-cases/", "/manage/conflict-cases/"),
        ),
        "conflict_cases_close_create": Good({"reasoning": "None"}, on=row["case_open_A"].pk),
        "case_parties_give_evidence_create": Good(
            {"text": "Since May"}, on=row["party_A"].pk, by=PARTNER, lists=("/api/v1/case-parties/",)
        ),
        "organizations_add_name_create": Good({"name": "Sendwell Clinics", "kind": "former"}, on=row["hidden"].pk),
        "organizations_remove_name_create": Good({"name": row["organization_name"].name}, on=row["hidden"].pk),
        "organizations_add_domain_create": Good({"domain": "sendwell.example"}, on=row["hidden"].pk),
        "organizations_remove_domain_create": Good({"domain": "quarrybank.example"}, on=row["hidden"].pk),
        "organizations_add_identifier_create": Good(
            {"scheme": "npi", "value": "1234567893"}, on=row["hidden"].pk, lists=("/api/v1/organizations/",)
        ),
        "organizations_remove_identifier_create": Good({"scheme": "ods", "value": "QB1"}, on=row["hidden"].pk),
        "restructurings_create": Good(
            {"kind": "move", "organization": str(row["hidden"].pk), "target": str(row["public"].pk), "reason": "Sold"},
            lists=("/api/v1/restructurings/", "/manage/organizations/"),
        ),
        "restructurings_undo_create": Good({"reason": "Wrong"}, on=row["merge"].pk),
        "restructurings_abandon_create": Good(on=row["merge"].pk, works=False),
        "vendor_partial_update": Good(
            {"name": "Corvane", "tagline": "Partners", "accent": "#2F55D4", "time_zone": "UTC",
             "support_address": "help@vendor.example"},
            on=world.of("vendor", "shared")[0], lists=("/api/v1/vendor/", "/manage/"),
        ),
        "users_partial_update": Good(
            {"name": "Ada Okafor", "time_zone": "UTC", "theme": "dark"}, on=world.people["ada"].pk,
            lists=("/api/v1/users/", "/manage/"),
        ),
        "users_deactivate_create": Good({"reason": "Left"}, on=world.people["tomas"].pk),
        "users_reactivate_create": Good(on=world.people["tomas"].pk, works=False),
        "partners_partial_update": Good(
            {"name": "Northgate", "time_zone": "UTC", "currency": "USD", "channel": None, "is_strategic": True},
            on=world.partners["A"].pk, lists=("/api/v1/partners/", "/manage/partners/"),
        ),
        "partners_activate_create": Good(on=world.partners["A"].pk, works=False),
        "partners_limit_sellers_create": Good({"own_only": False}, on=world.partners["A"].pk),
        "partners_assign_create": Good({"psm": psm}, on=world.partners["A"].pk),
        "partners_resume_create": Good(on=world.partners["C"].pk),
        "partners_suspend_create": Good({"reason": "payment"}, on=world.partners["A"].pk),
        "partners_terminate_create": Good(
            {"reason": "mutual"}, on=world.partners["A"].pk, lists=("/manage/partners/",)
        ),
        "program_versions_draft_create": Good(on=world.of("program_version", "shared")[0]),
        "program_versions_submit_create": Good(on=row["version_draft"].pk),
        "program_versions_return_create": Good({"reason": "Say why."}, on=row["version_draft"].pk, works=False),
        "program_versions_approve_create": Good(on=row["version_draft"].pk, works=False),
        "program_versions_schedule_create": Good({"effective_from": ahead}, on=row["version_draft"].pk, works=False),
        "program_versions_call_off_create": Good({"reason": "Not yet."}, on=row["version_draft"].pk, works=False),
        "program_versions_content_update": Good(plain(content_of(row["version_draft"])), on=row["version_draft"].pk),
        "program_versions_content_partial_update": Good(
            plain(content_of(row["version_draft"])), on=row["version_draft"].pk
        ),
        "tier_programs_import_create": Good(
            {"text": as_yaml(content_of(row["version_draft"])), "dry_run": False},
            on=world.of("tier_program", "shared")[0],
        ),
        "tier_announcements_acknowledge_create": Good(on=row["announcement_A"].pk, by=PARTNER),
        "reviews_create": Good(
            {"starts_at": soon, "time_zone": "UTC", "length_minutes": 60, "partner": str(world.partners["U"].pk),
             "quarter": quarter_of(world), "agenda": ["Figures"]}, lists=("/api/v1/reviews/", "/manage/reviews/"),
        ),
        "reviews_cancel_create": Good({"reason": "no_date"}, on=row["ahead_A"].pk),
        "reviews_change_agenda_create": Good({"agenda": ["Figures"]}, on=row["ahead_A"].pk, lists=reviews),
        "reviews_change_minutes_create": Good({"minutes": "It went."}, on=row["held_A"].pk, lists=reviews),
        "reviews_choose_attendees_create": Good({"users": [psm], "contacts": [contact]}, on=row["ahead_A"].pk),
        "reviews_hold_create": Good({"minutes": "It went.", "held_on": day}, on=row["ahead_A"].pk),
        "reviews_move_create": Good(
            {"starts_at": soon, "time_zone": "UTC", "length_minutes": 60}, on=row["ahead_A"].pk,
            lists=("/api/v1/reviews/", "/manage/reviews/"),
        ),
        "reviews_reopen_create": Good({"starts_at": soon}, on=row["ahead_A"].pk, works=False),
        "reviews_sign_off_create": Good(on=row["held_A"].pk),
        "snoozes_create": Good(
            {"kind": "deal_decision", "subject_id": str(row["submitted_B"].pk), "until": soon},
            lists=("/api/v1/snoozes/",),
        ),
        "snoozes_wake_create": Good(on=world.of("snooze", "user:maya")[0], by="key psm"),
        "tier_recalculations_create": Good({"partner": a}),
        **tier_decisions(world, ahead),
        **tier_value(world, day, ahead),
    }  # fmt: skip


def tier_value(world: World, day: str, ahead: str) -> dict[str, Good]:
    """What a tier gives and costs."""
    row, a = world.rows, str(world.partners["A"].pk)
    return {
        "tier_simulations_create": Good(
            {"partner": a, "program": "partner_levels", "program_version": 1, "facts": {"annual_revenue": "500000"},
             "thresholds": {"silver": {"annual_revenue": "400000"}}}, writes=False,
        ),
        "benefit_uses_create": Good(
            {"partner": a, "benefit": "marketing_materials", "used_on": day, "quantity": 1, "note": "A use"},
            lists=("/api/v1/benefit-uses/",),
        ),
        "benefit_uses_take_back_create": Good(on=world.of("benefit_use", "A")[0]),
        "tier_investments_create": Good(
            {"partner": a, "spent_on": day, "amount": {"amount": "1200.00", "currency": "USD"}, "purpose": "Engineer"},
            lists=("/api/v1/tier-investments/",),
        ),
        "tier_investments_take_back_create": Good(on=world.of("tier_investment", "vendor:A")[0]),
        "margin_decisions_create": Good(
            {"partner": a, "percent": "12.50", "reason": "Agreed", "ends_on": ahead},
            lists=("/api/v1/margin-decisions/",),
        ),
        "deals_margin_create": Good(
            {"percent": "12.50", "reason": "Agreed", "ends_on": ahead}, on=row["submitted_A"].pk
        ),
        "margin_decisions_end_create": Good(on=world.of("margin_decision", "A")[0]),
    }  # fmt: skip


def tier_decisions(world: World, ahead: str) -> dict[str, Good]:
    """What people decide about tiers."""
    row, a = world.rows, str(world.partners["A"].pk)
    tiers = Tier.objects.filter(program_version__state="active").order_by("rank")
    need = Requirement.objects.filter(tier=tiers[0], is_waivable=True).first()
    return {
        "tier_proposals_grant_create": Good(
            {"answer": "Fine", "note": "x"}, on=row["tier_proposal_A"].pk, lists=("/api/v1/tier-proposals/",)
        ),
        "tier_proposals_decline_create": Good(
            {"answer": "Stay", "note": "x", "until": ahead}, on=row["tier_proposal_A"].pk, works=False
        ),
        "tier_overrides_create": Good(
            {"partner": a, "tier": str(tiers[0].pk), "reason": "New", "expires_on": ahead}, works=False
        ),
        "tier_overrides_end_create": Good(on=row["tier_override_A"].pk),
        "tier_waivers_create": Good(
            {"partner": a, "requirement": str(need.pk), "reason": "New", "expires_on": ahead},
            lists=("/api/v1/tier-waivers/", "/manage/tier-waivers/"),
        ),
        "tier_waivers_end_create": Good(on=row["tier_waiver_A"].pk),
        "tier_appeals_create": Good(
            {"decision": str(world.of("grace", "A")[0]), "grounds": "We were away."}, by=PARTNER,
            lists=("/api/v1/tier-appeals/", "/manage/tier-appeals/"),
        ),
        "tier_appeals_uphold_create": Good(
            {"until": ahead, "answer": "Right", "note": "x"}, on=row["tier_appeal_A"].pk
        ),
        "tier_appeals_dismiss_create": Good({"answer": "It stands", "note": "x"}, on=row["tier_appeal_A"].pk),
        "tier_appeals_withdraw_create": Good(on=row["tier_appeal_A"].pk, by=PARTNER),
    }  # fmt: skip


def quarter_of(world: World) -> str:
    from reviews.rules import Quarter

    return str(Quarter.of(clock.day(world.at + timedelta(days=2))))


def token(world: World, what: str) -> str:
    """The text of an open link of this kind."""
    purposes = {
        "application": "application.confirm",
        "implementation": "implementation.confirm",
        "invitation": "invitation",
    }
    link = ActionLink.objects.filter(purpose=purposes[what], used_at=None, revoked_at=None).first()
    return links.token(link) if link else "none"
