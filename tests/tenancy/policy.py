"""Who may do what at which address: one reviewed row for every route of the product.

`may` is the permission that the row needs (None: being of the right side is enough), `of` the kind of object that the
address names by `pk`, `writes` what an unsafe call does. The key is the route's name, for the API with the action.
What a role holds is read from accounts.roles; what an actor sees from the world, not from the product.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.roles import Permission as P

Need = P | None | Callable[[str], P]


@dataclass(frozen=True)
class Row:
    """What is asked of whoever comes to an address."""

    may: Need = None
    of: str = ""
    writes: str = ""
    params: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    reads: bool = True  # whether GET answers with a page
    is_key: bool = (
        False  # `pk` is a key that the caller made: a missing one is begun, so the permission comes first
    )

    def permission(self, owner: str) -> P | None:
        """The permission for a row of this owner."""
        return self.may(owner) if callable(self.may) and not isinstance(self.may, P) else self.may  # type: ignore[return-value]


def see(may: Need = None, of: str = "", **more: Any) -> Row:
    return Row(may, of, **more)


def add(may: Need = None, of: str = "", **more: Any) -> Row:
    return Row(may, of, "add", **more)


def change(may: Need = None, of: str = "", **more: Any) -> Row:
    return Row(may, of, "change", **more)


def move(may: Need = None, of: str = "", **more: Any) -> Row:
    return Row(may, of, "move", **more)


def of_side(at_partner: P, at_vendor: P) -> Callable[[str], P]:
    """A permission that depends on whose people the row is about."""
    return lambda owner: at_vendor if owner == "vendor" else at_partner


TEAM = of_side(P.TEAM_INVITE, P.USER_MANAGE)
SLUG = {"key": "certified_people"}
METRIC = {"metric": "certified_people"}

WORKSPACE: dict[str, Row] = {
    # people and access
    "people": see(P.TEAM_VIEW),
    "invite-person": add(P.USER_MANAGE),
    "change-role": change(P.USER_MANAGE, "vendor_membership"),
    "remove-person": move(P.USER_MANAGE, "vendor_membership"),
    "deactivate-user": move(P.USER_MANAGE, "user"),
    "reactivate-user": move(P.USER_MANAGE, "user"),
    "revoke-invitation": move(P.USER_MANAGE, "vendor_invitation"),
    "keys": see(P.KEY_MANAGE),
    "make-key": add(P.KEY_MANAGE),
    "revoke-key": move(P.KEY_MANAGE, "api_key"),
    "view-portal": add(P.PARTNER_IMPERSONATE, "partner"),
    "settings": change(P.SETTINGS_EDIT),
    "profile": change(),
    "exports": see(),
    "start-export": add(),
    "export": see(None, "export"),
    "cancel-export": move(None, "export"),
    "export-file": see(None, "export"),
    "save-view": add(),
    "remove-view": move(None, "saved_view"),
    "mail": see(P.MAIL_READ),
    "mail-record": see(P.MAIL_READ, "mail"),
    "retry-mail": move(P.MAIL_RETRY, "mail"),
    # home
    "home": see(P.WORKSPACE_VIEW),
    "search": see(P.WORKSPACE_VIEW),
    "gallery": see(P.SETTINGS_EDIT),
    "why-booked": see(P.DEAL_VIEW),
    "snooze-item": add(P.WORKSPACE_VIEW, "", params={"kind": "application"}, reads=False),
    "wake-item": move(P.WORKSPACE_VIEW, "snooze", reads=False),
    "notifications": see(),
    "read-notification": move(P.NOTIFICATION_CLEAR, "notification"),
    "read-all-notifications": move(P.NOTIFICATION_CLEAR),
    # partners
    "partners": see(P.PARTNER_VIEW),
    "partner": see(P.PARTNER_VIEW, "partner"),
    "partner-compliance": see(P.PARTNER_VIEW, "partner"),
    "partner-deals": see(P.PARTNER_VIEW, "partner"),
    "partner-documents": see(P.PARTNER_VIEW, "partner"),
    "partner-onboarding": see(P.PARTNER_VIEW, "partner"),
    "partner-people": see(P.PARTNER_VIEW, "partner"),
    "partner-reviews": see(P.PARTNER_VIEW, "partner"),
    "partner-timeline": see(P.PARTNER_VIEW, "partner"),
    "partner-tier": see(P.TIER_VIEW, "partner"),
    "why-metric": see(P.PARTNER_VIEW, "partner", params=SLUG),
    "change-partner": change(P.PARTNER_EDIT, "partner"),
    "assign-partner": move(P.PARTNER_ASSIGN, "partner"),
    "activate-partner": move(P.PARTNER_EDIT, "partner"),
    "suspend-partner": move(P.PARTNER_SUSPEND, "partner"),
    "resume-partner": move(P.PARTNER_SUSPEND, "partner"),
    "terminate-partner": move(P.PARTNER_TERMINATE, "partner"),
    "add-person": add(P.PERSON_EDIT, "partner"),
    "change-person": change(P.PERSON_EDIT, "contact"),
    "person-left": move(P.PERSON_EDIT, "contact"),
    "limit-sellers": change(P.TEAM_LIMIT, "partner"),
    # organizations
    "organizations": see(P.PARTNER_VIEW),
    "organization": see(P.PARTNER_VIEW, "organization"),
    "add-organization": add(P.ORGANIZATION_EDIT),
    "add-organization-below": add(P.ORGANIZATION_EDIT, "organization"),
    "change-organization": change(P.ORGANIZATION_EDIT, "organization"),
    "add-organization-name": add(P.ORGANIZATION_EDIT, "organization"),
    "add-organization-domain": add(P.ORGANIZATION_EDIT, "organization"),
    "add-organization-identifier": add(P.ORGANIZATION_EDIT, "organization"),
    "remove-organization-name": move(P.ORGANIZATION_EDIT, "organization_name"),
    "remove-organization-domain": move(P.ORGANIZATION_EDIT, "organization_domain"),
    "remove-organization-identifier": move(P.ORGANIZATION_EDIT, "organization_identifier"),
    "move-organization": move(P.ORGANIZATION_ARRANGE, "organization"),
    "merge-organization": move(P.ORGANIZATION_ARRANGE, "organization"),
    "undo-restructuring": move(P.ORGANIZATION_ARRANGE, "restructuring"),
    "abandon-restructuring": move(P.ORGANIZATION_ARRANGE, "restructuring"),
    # applications and onboarding
    "applications": see(P.APPLICATION_VIEW),
    "application": see(P.APPLICATION_VIEW, "application"),
    "application-letter": see(P.APPLICATION_DECIDE, "application"),
    "enter-application": add(P.APPLICATION_DECIDE),
    "approve-application": move(P.APPLICATION_DECIDE, "application"),
    "reject-application": move(P.APPLICATION_DECIDE, "application"),
    "withdraw-application": move(P.APPLICATION_DECIDE, "application"),
    "assign-application": move(P.APPLICATION_DECIDE, "application"),
    "claim-application": move(P.APPLICATION_DECIDE, "application"),
    "link-application": change(P.APPLICATION_DECIDE, "application"),
    "resend-confirmation": move(P.APPLICATION_DECIDE, "application"),
    "score-application": add(P.APPLICATION_SCORE, "application"),
    "onboarding": see(P.PARTNER_VIEW),
    "onboarding-plan": see(P.PARTNER_VIEW, "onboarding_plan"),
    "start-onboarding": add(P.ONBOARDING_EDIT, "partner"),
    "cancel-onboarding": move(P.ONBOARDING_EDIT, "onboarding_plan"),
    "add-onboarding-task": add(P.ONBOARDING_EDIT, "onboarding_plan"),
    "complete-task": move(P.ONBOARDING_DO, "onboarding_task"),
    "reopen-task": move(P.ONBOARDING_DO, "onboarding_task"),
    "skip-task": move(P.ONBOARDING_EDIT, "onboarding_task"),
    "move-task": change(P.ONBOARDING_EDIT, "onboarding_task"),
    # deals
    "deals": see(P.DEAL_VIEW),
    "deal": see(P.DEAL_VIEW, "deal"),
    "register-deal": add(P.DEAL_REGISTER),
    "decide-deal": move(P.DEAL_DECIDE, "deal"),
    "decision-letter": see(P.DEAL_DECIDE, "deal"),
    "check-again": move(P.DEAL_DECIDE, "deal"),
    "start-review": move(P.DEAL_DECIDE, "deal"),
    "link-customer": change(P.DEAL_DECIDE, "deal"),
    "add-customer": add(P.ORGANIZATION_EDIT, "deal"),
    "meet-conditions": move(P.DEAL_DECIDE, "deal"),
    "miss-conditions": move(P.DEAL_DECIDE, "deal"),
    "revoke-deal": move(P.DEAL_DECIDE, "deal"),
    "discard-deal": move(P.DEAL_EDIT, "deal"),
    "withdraw-deal": move(P.DEAL_EDIT, "deal"),
    "update-stage": change(P.DEAL_EDIT, "deal"),
    "report-win": move(P.DEAL_EDIT, "deal"),
    "report-loss": move(P.DEAL_EDIT, "deal"),
    "request-extension": add(P.DEAL_EDIT, "deal"),
    "request-renewal": add(P.DEAL_EDIT, "deal"),
    "renew-deal": move(P.DEAL_DECIDE, "deal"),
    "decide-extension": move(P.DEAL_DECIDE, "extension"),
    "attach-to-deal": add(P.DEAL_EDIT, "deal"),
    "name-people": change(P.DEAL_EDIT, "own_deal"),
    "answers": see(P.DEAL_DECIDE),
    "report-go-live": add(P.IMPLEMENTATION_REPORT, "deal"),
    "book-deal": add(P.DEAL_BOOK, "deal"),
    "appeals": see(P.DEAL_VIEW),
    "appeal": see(P.DEAL_VIEW, "appeal"),
    "decide-appeal": move(P.DEAL_DECIDE, "appeal"),
    "bookings": see(P.DEAL_VIEW),
    "correct-booking": add(P.DEAL_BOOK, "booking"),
    "implementations": see(P.DEAL_VIEW),
    "accept-go-live": move(P.IMPLEMENTATION_CONFIRM, "implementation"),
    "ask-customer-again": move(P.IMPLEMENTATION_REPORT, "implementation"),
    "withdraw-go-live": move(P.IMPLEMENTATION_REPORT, "implementation"),
    # certifications and gates
    "certifications": see(P.CERTIFICATION_VIEW),
    "certification": see(P.CERTIFICATION_VIEW, "certification"),
    "record-certification": add(P.CERTIFICATION_RECORD),
    "import-certifications": add(P.CERTIFICATION_RECORD),
    "revoke-certification": move(P.CERTIFICATION_RECORD, "certification"),
    "sign-learning-plan": add(P.LEARNING_PLAN_SIGN, "partner"),
    "gates": see(P.GATE_VIEW),
    "gate-record": see(P.GATE_VIEW, "gate_record"),
    "record-gate": add(P.GATE_RECORD),
    "revoke-gate": move(P.GATE_RECORD, "gate_record"),
    # tiers
    "tiers": see(P.TIER_VIEW),
    "program-versions": see(P.TIER_VIEW),
    "program-version": see(P.TIER_VIEW, "program_version"),
    "publish-version": move(P.TIER_PUBLISH, "program_version"),
    "recalculate-tier": move(P.TIER_RECALCULATE, "partner"),
    "tier-rows": see(P.TIER_VIEW, "partner", params=METRIC),
    # reviews
    "reviews": see(P.REVIEW_VIEW),
    "review-month": see(P.REVIEW_VIEW),
    "review": see(P.REVIEW_VIEW, "review"),
    "review-calendar-file": see(P.REVIEW_VIEW, "review"),
    "schedule-review": add(P.REVIEW_SCHEDULE),
    "move-review": change(P.REVIEW_SCHEDULE, "review"),
    "reopen-review": move(P.REVIEW_SCHEDULE, "review"),
    "cancel-review": move(P.REVIEW_SCHEDULE, "review"),
    "change-agenda": change(P.REVIEW_SCHEDULE, "review"),
    "choose-attendees": change(P.REVIEW_SCHEDULE, "review"),
    "hold-review": move(P.REVIEW_HOLD, "review"),
    "change-minutes": change(P.REVIEW_HOLD, "review"),
    "sign-review": move(P.REVIEW_SIGN, "review"),
    "add-review-document": add(P.COMMITMENT_EDIT, "review"),
    "add-commitment": add(P.COMMITMENT_EDIT, "review"),
    "complete-commitment": move(P.COMMITMENT_EDIT, "commitment"),
    "drop-commitment": move(P.COMMITMENT_EDIT, "commitment"),
    "reopen-commitment": move(P.COMMITMENT_EDIT, "commitment"),
}

PORTAL: dict[str, Row] = {
    "home": see(P.PORTAL_VIEW),
    "search": see(P.PORTAL_VIEW),
    "why-earned": see(P.DEAL_VIEW),
    "why-metric": see(P.TIER_VIEW, params=SLUG),
    "notifications": see(),
    "read-notification": move(P.NOTIFICATION_CLEAR, "notification"),
    "read-all-notifications": move(P.NOTIFICATION_CLEAR),
    "profile": change(),
    "exports": see(),
    "start-export": add(),
    "export": see(None, "export"),
    "cancel-export": move(None, "export"),
    "export-file": see(None, "export"),
    "save-view": add(),
    "remove-view": move(None, "saved_view"),
    "team": see(P.TEAM_VIEW),
    "limit-sellers": change(P.TEAM_LIMIT),
    "invite-person": add(P.TEAM_INVITE),
    "change-role": change(P.TEAM_INVITE, "membership"),
    "remove-person": move(P.TEAM_INVITE, "membership"),
    "revoke-invitation": move(P.TEAM_INVITE, "invitation"),
    "keys": see(P.KEY_MANAGE),
    "make-key": add(P.KEY_MANAGE),
    "revoke-key": move(P.KEY_MANAGE, "api_key"),
    "people": see(P.CERTIFICATION_VIEW),
    "add-person": add(P.PERSON_EDIT),
    "change-person": change(P.PERSON_EDIT, "contact"),
    "person-left": move(P.PERSON_EDIT, "contact"),
    "certification": see(P.CERTIFICATION_VIEW, "certification"),
    "learning-plan": add(P.LEARNING_PLAN_SIGN),
    "gates": see(P.GATE_VIEW),
    "gate-record": see(P.GATE_VIEW, "gate_record"),
    "onboarding": see(P.PORTAL_VIEW),
    "complete-task": move(P.ONBOARDING_DO, "onboarding_task"),
    "reopen-task": move(P.ONBOARDING_DO, "onboarding_task"),
    "deals": see(P.DEAL_VIEW),
    "deal": see(P.DEAL_VIEW, "deal"),
    "register-deal": add(P.DEAL_REGISTER),
    "customer-suggestions": see(P.DEAL_REGISTER),
    "keep-draft": change(
        P.DEAL_REGISTER, "deal", reads=False, is_key=True, body={"customer_name": "Somewhere General"}
    ),
    "edit-deal": change(P.DEAL_EDIT, "deal"),
    "file-appeal": add(P.APPEAL_FILE, "deal"),
    "withdraw-appeal": move(P.APPEAL_FILE, "appeal"),
    "answer-condition": change(P.DEAL_EDIT, "condition"),
    "discard-deal": move(P.DEAL_EDIT, "deal"),
    "withdraw-deal": move(P.DEAL_EDIT, "deal"),
    "update-stage": change(P.DEAL_EDIT, "deal"),
    "report-win": move(P.DEAL_EDIT, "deal"),
    "report-loss": move(P.DEAL_EDIT, "deal"),
    "request-extension": add(P.DEAL_EDIT, "deal"),
    "request-renewal": add(P.DEAL_EDIT, "deal"),
    "attach-to-deal": add(P.DEAL_EDIT, "deal"),
    "name-people": change(P.DEAL_EDIT, "own_deal"),
    "report-go-live": add(P.IMPLEMENTATION_REPORT, "deal"),
    "ask-customer-again": move(P.IMPLEMENTATION_REPORT, "implementation"),
    "withdraw-go-live": move(P.IMPLEMENTATION_REPORT, "implementation"),
    "tier": see(P.TIER_VIEW),
    "tier-rows": see(P.TIER_VIEW, params=METRIC),
    "reviews": see(P.REVIEW_VIEW),
    "review": see(P.REVIEW_VIEW, "review"),
    "review-calendar-file": see(P.REVIEW_VIEW, "review"),
    "sign-review": move(P.REVIEW_SIGN, "review"),
    "add-review-document": add(P.COMMITMENT_EDIT, "review"),
    "add-commitment": add(P.COMMITMENT_EDIT, "review"),
    "complete-commitment": move(P.COMMITMENT_EDIT, "partner_commitment"),
    "drop-commitment": move(P.COMMITMENT_EDIT, "partner_commitment"),
    "reopen-commitment": move(P.COMMITMENT_EDIT, "partner_commitment"),
}


def reading(noun: str, kind: str, may: Need = None) -> dict[str, Row]:
    """List and detail of a noun."""
    return {f"{noun}-list.list": see(may), f"{noun}-detail.retrieve": see(may, kind)}


NEW_MEMBER = {"name": "Nia New", "email": "nia@elsewhere.example", "role": "partner_viewer"}
API: dict[str, Row] = {
    # people and access
    **reading("vendor", "vendor", P.SETTINGS_EDIT),
    "vendor-detail.partial_update": change(P.SETTINGS_EDIT, "vendor"),
    **reading("users", "user", P.USER_MANAGE),
    "users-detail.partial_update": change(None, "user"),
    "users-deactivate.deactivate": move(P.USER_MANAGE, "user", body={"reason": "Left"}),
    "users-reactivate.reactivate": move(P.USER_MANAGE, "user"),
    **reading("memberships", "membership", P.TEAM_VIEW),
    "memberships-change-role.change_role": change(TEAM, "membership", body={"role": "partner_viewer"}),
    "memberships-end.end": move(TEAM, "membership"),
    **reading("invitations", "invitation", P.TEAM_VIEW),
    "invitations-list.create": add(TEAM, body=NEW_MEMBER),
    "invitations-revoke.revoke": move(TEAM, "invitation"),
    **reading("api-keys", "api_key", P.KEY_MANAGE),
    "api-keys-list.create": add(P.KEY_MANAGE),
    "api-keys-revoke.revoke": move(P.KEY_MANAGE, "api_key"),
    **reading("mails", "mail", P.MAIL_READ),
    "mails-retry.retry": move(P.MAIL_RETRY, "mail"),
    # reference data
    **reading("markets", "market"),
    **reading("products", "product"),
    **reading("channels", "channel"),
    **reading("reason-codes", "reason_code"),
    **reading("exchange-rates", "rate"),
    "exchange-rates-list.create": add(P.RATE_LOAD),
    **reading("tracks", "track", P.CERTIFICATION_VIEW),
    **reading("gates", "gate", P.GATE_VIEW),
    **reading("deal-types", "deal_type", P.DEAL_VIEW),
    **reading("stages", "stage", P.DEAL_VIEW),
    **reading("protection-lengths", "protection_length", P.DEAL_VIEW),
    **reading("tiers", "tier", P.TIER_VIEW),
    **reading("program-versions", "program_version", P.TIER_VIEW),
    "program-versions-publish.publish": move(P.TIER_PUBLISH, "program_version"),
    **reading("application-criteria", "criterion", P.APPLICATION_VIEW),
    **reading("onboarding-templates", "template", P.APPLICATION_VIEW),
    # home and inbox
    "work-queue.list": see(of_side(P.PORTAL_VIEW, P.WORKSPACE_VIEW), params={"?scope": "all"}),
    "search.list": see(params={"?q": "northgate"}),
    **reading("snoozes", "snooze", P.WORKSPACE_VIEW),
    "snoozes-list.create": add(P.WORKSPACE_VIEW),
    "snoozes-wake.wake": move(P.WORKSPACE_VIEW, "snooze"),
    **reading("events", "event", P.PARTNER_VIEW),
    **reading("notifications", "notification"),
    "notifications-read.read": move(P.NOTIFICATION_CLEAR, "notification"),
    "notifications-read-all.read_all": move(P.NOTIFICATION_CLEAR),
    **reading("reminders", "reminder", P.REVIEW_VIEW),
    **reading("attachments", "attachment"),
    "attachments-list.create": add(),
    "attachments-content.content": see(None, "attachment"),
    # partners
    **reading("partners", "partner", P.PARTNER_VIEW),
    "partners-detail.partial_update": change(P.PARTNER_EDIT, "partner"),
    "partners-limit-sellers.limit_sellers": change(P.TEAM_LIMIT, "partner", body={"own_only": False}),
    "partners-assign.assign": move(P.PARTNER_ASSIGN, "partner"),
    "partners-activate.activate": move(P.PARTNER_EDIT, "partner"),
    "partners-suspend.suspend": move(P.PARTNER_SUSPEND, "partner"),
    "partners-resume.resume": move(P.PARTNER_SUSPEND, "partner"),
    "partners-terminate.terminate": move(P.PARTNER_TERMINATE, "partner"),
    "partner-tier.retrieve": see(P.TIER_VIEW, "partner"),
    "tier-recalculations.create": add(P.TIER_RECALCULATE),
    **reading("contacts", "contact", P.PARTNER_VIEW),
    "contacts-list.create": add(P.PERSON_EDIT),
    "contacts-detail.partial_update": change(P.PERSON_EDIT, "contact"),
    "contacts-note-departure.note_departure": move(P.PERSON_EDIT, "contact"),
    **reading("organizations", "organization", P.PARTNER_VIEW),
    "organizations-list.create": add(P.ORGANIZATION_EDIT),
    "organizations-detail.partial_update": change(P.ORGANIZATION_EDIT, "organization"),
    "organizations-add-name.add_name": change(P.ORGANIZATION_EDIT, "organization"),
    "organizations-remove-name.remove_name": change(P.ORGANIZATION_EDIT, "organization"),
    "organizations-add-domain.add_domain": change(P.ORGANIZATION_EDIT, "organization"),
    "organizations-remove-domain.remove_domain": change(P.ORGANIZATION_EDIT, "organization"),
    "organizations-add-identifier.add_identifier": change(P.ORGANIZATION_EDIT, "organization"),
    "organizations-remove-identifier.remove_identifier": change(P.ORGANIZATION_EDIT, "organization"),
    **reading("restructurings", "restructuring", P.ORGANIZATION_ARRANGE),
    "restructurings-list.create": add(P.ORGANIZATION_ARRANGE),
    "restructurings-undo.undo": move(P.ORGANIZATION_ARRANGE, "restructuring"),
    "restructurings-abandon.abandon": move(P.ORGANIZATION_ARRANGE, "restructuring"),
    # applications and onboarding
    **reading("applications", "application", P.APPLICATION_VIEW),
    "applications-list.create": add(P.APPLICATION_DECIDE),
    "applications-resend-confirmation.resend_confirmation": move(P.APPLICATION_DECIDE, "application"),
    "applications-claim.claim": move(P.APPLICATION_DECIDE, "application"),
    "applications-assign.assign": move(P.APPLICATION_DECIDE, "application"),
    "applications-link-organization.link_organization": change(P.APPLICATION_DECIDE, "application"),
    "applications-score.score": add(P.APPLICATION_SCORE, "application"),
    "applications-approve.approve": move(P.APPLICATION_DECIDE, "application"),
    "applications-reject.reject": move(P.APPLICATION_DECIDE, "application"),
    "applications-withdraw.withdraw": move(P.APPLICATION_DECIDE, "application"),
    **reading("onboarding-plans", "onboarding_plan", P.PARTNER_VIEW),
    "onboarding-plans-list.create": add(P.ONBOARDING_EDIT),
    "onboarding-plans-cancel.cancel": move(P.ONBOARDING_EDIT, "onboarding_plan"),
    **reading("onboarding-tasks", "onboarding_task", P.PARTNER_VIEW),
    "onboarding-tasks-list.create": add(P.ONBOARDING_EDIT),
    "onboarding-tasks-complete.complete": move(P.ONBOARDING_DO, "onboarding_task"),
    "onboarding-tasks-reopen.reopen": move(P.ONBOARDING_DO, "onboarding_task"),
    "onboarding-tasks-skip.skip": move(P.ONBOARDING_EDIT, "onboarding_task"),
    "onboarding-tasks-move.move": change(P.ONBOARDING_EDIT, "onboarding_task"),
    # deals
    **reading("deals", "deal", P.DEAL_VIEW),
    "deals-list.create": add(P.DEAL_REGISTER),
    "deals-detail.partial_update": change(P.DEAL_EDIT, "deal"),
    "deals-precheck.precheck": see(P.DEAL_REGISTER),
    "deals-name-people.name_people": change(P.DEAL_EDIT, "own_deal", body={"people": []}),
    "deals-submit.submit": move(P.DEAL_REGISTER, "deal"),
    "deals-discard.discard": move(P.DEAL_EDIT, "deal"),
    "deals-withdraw.withdraw": move(P.DEAL_EDIT, "deal"),
    "deals-check-again.check_again": move(P.DEAL_DECIDE, "deal"),
    "deals-start-review.start_review": move(P.DEAL_DECIDE, "deal"),
    "deals-ask-for-more.ask_for_more": move(P.DEAL_DECIDE, "deal"),
    "deals-approve.approve": move(P.DEAL_DECIDE, "deal"),
    "deals-approve-with-conditions.approve_with_conditions": move(P.DEAL_DECIDE, "deal"),
    "deals-meet-conditions.meet_conditions": move(P.DEAL_DECIDE, "deal"),
    "deals-miss-conditions.miss_conditions": move(P.DEAL_DECIDE, "deal"),
    "deals-reject.reject": move(P.DEAL_DECIDE, "deal"),
    "deals-mark-duplicate.mark_duplicate": move(P.DEAL_DECIDE, "deal"),
    "deals-revoke.revoke": move(P.DEAL_DECIDE, "deal"),
    "deals-link-customer.link_customer": change(P.DEAL_DECIDE, "deal"),
    "deals-add-customer.add_customer": add(P.ORGANIZATION_EDIT, "deal"),
    "deals-update-stage.update_stage": change(P.DEAL_EDIT, "deal"),
    "deals-report-win.report_win": move(P.DEAL_EDIT, "deal"),
    "deals-report-loss.report_loss": move(P.DEAL_EDIT, "deal"),
    "deals-request-extension.request_extension": add(P.DEAL_EDIT, "deal"),
    "deals-request-renewal.request_renewal": add(P.DEAL_EDIT, "deal"),
    "deals-renew.renew": move(P.DEAL_DECIDE, "deal"),
    **reading("appeals", "appeal", P.DEAL_VIEW),
    "appeals-list.create": add(P.APPEAL_FILE),
    "appeals-uphold.uphold": move(P.DEAL_DECIDE, "appeal"),
    "appeals-dismiss.dismiss": move(P.DEAL_DECIDE, "appeal"),
    "appeals-withdraw.withdraw": move(P.APPEAL_FILE, "appeal"),
    **reading("conditions", "condition", P.DEAL_VIEW),
    "conditions-answer.answer": change(P.DEAL_EDIT, "condition"),
    **reading("protections", "protection", P.DEAL_VIEW),
    **reading("extensions", "extension", P.DEAL_VIEW),
    "extensions-grant.grant": move(P.DEAL_DECIDE, "extension"),
    "extensions-refuse.refuse": move(P.DEAL_DECIDE, "extension"),
    **reading("conflict-checks", "conflict_check", P.DEAL_VIEW),
    **reading("bookings", "booking", P.DEAL_VIEW),
    "bookings-list.create": add(P.DEAL_BOOK),
    "bookings-correct.correct": add(P.DEAL_BOOK, "booking"),
    **reading("implementations", "implementation", P.DEAL_VIEW),
    "implementations-list.create": add(P.IMPLEMENTATION_REPORT),
    "implementations-accept.accept": move(P.IMPLEMENTATION_CONFIRM, "implementation"),
    "implementations-ask-again.ask_again": move(P.IMPLEMENTATION_REPORT, "implementation"),
    "implementations-withdraw.withdraw": move(P.IMPLEMENTATION_REPORT, "implementation"),
    # certifications and gates
    **reading("certifications", "certification", P.CERTIFICATION_VIEW),
    "certifications-list.create": add(P.CERTIFICATION_RECORD),
    "certifications-read-in.read_in": add(P.CERTIFICATION_RECORD),
    "certifications-revoke.revoke": move(P.CERTIFICATION_RECORD, "certification"),
    **reading("learning-plans", "learning_plan", P.CERTIFICATION_VIEW),
    "learning-plans-list.create": add(P.LEARNING_PLAN_SIGN),
    **reading("gate-records", "gate_record", P.GATE_VIEW),
    "gate-records-list.create": add(P.GATE_RECORD),
    "gate-records-revoke.revoke": move(P.GATE_RECORD, "gate_record"),
    # tiers
    **reading("standings", "standing", P.TIER_VIEW),
    **reading("grace-periods", "grace", P.TIER_VIEW),
    **reading("evaluations", "evaluation", P.TIER_VIEW),
    # reviews
    **reading("reviews", "review", P.REVIEW_VIEW),
    "reviews-calendar.calendar": see(P.REVIEW_VIEW, "review"),
    "reviews-list.create": add(P.REVIEW_SCHEDULE),
    "reviews-move.move": change(P.REVIEW_SCHEDULE, "review"),
    "reviews-reopen.reopen": move(P.REVIEW_SCHEDULE, "review"),
    "reviews-cancel.cancel": move(P.REVIEW_SCHEDULE, "review"),
    "reviews-change-agenda.change_agenda": change(P.REVIEW_SCHEDULE, "review"),
    "reviews-choose-attendees.choose_attendees": change(P.REVIEW_SCHEDULE, "review"),
    "reviews-hold.hold": move(P.REVIEW_HOLD, "review"),
    "reviews-change-minutes.change_minutes": change(P.REVIEW_HOLD, "review"),
    "reviews-sign-off.sign_off": move(P.REVIEW_SIGN, "review"),
    **reading("commitments", "commitment", P.REVIEW_VIEW),
    "commitments-list.create": add(P.COMMITMENT_EDIT),
    "commitments-complete.complete": move(P.COMMITMENT_EDIT, "commitment"),
    "commitments-drop.drop": move(P.COMMITMENT_EDIT, "commitment"),
    "commitments-reopen.reopen": move(P.COMMITMENT_EDIT, "commitment"),
}

# Open to everyone, or judged by more than a side and a permission; each has a test of its own in test_open_doors.py.
OPEN: dict[str, str] = {
    "livez": "health",
    "readyz": "health",
    "theme": "the vendor's colour",
    "schema": "the description of the API, without data",
    "docs": "the same for people",
    "public:problems": "the words of the API's errors",
    "public:landing": "the front page",
    "public:accessibility": "a statement",
    "public:apply": "the application's form",
    "public:apply-sent": "its one answer",
    "public:apply-confirm": "a single-use link",
    "public:join": "a single-use link",
    "public:confirm-go-live": "a single-use link",
    "public:go-live-answered": "its answer",
    "public:file": "a file: its own rule, both sides at one address",
    "public:stop-viewing": "ends a look at a portal",
    "portal:switch-partner": "acts on the session alone",
    "api:public-accept-invitation": "a single-use link",
    "api:public-applications": "the application's form",
    "api:public-confirmations": "a single-use link",
    "api:public-answers": "a single-use link",
}

POLICY: dict[str, Row] = {
    **{f"workspace:{name}": row for name, row in WORKSPACE.items()},
    **{f"portal:{name}": row for name, row in PORTAL.items()},
    **{f"api:{name}": row for name, row in API.items()},
}
