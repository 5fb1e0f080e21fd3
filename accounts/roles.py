"""The one table of permissions: what each role may do. Nothing else in the project decides a permission."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from core.actors import Reach


class Permission(StrEnum):
    """What can be done, noun and verb."""

    # Everyone who is signed in to a side
    WORKSPACE_VIEW = "workspace.view"
    PORTAL_VIEW = "portal.view"
    # The vendor's side
    PARTNER_VIEW = "partner.view"
    PARTNER_EDIT = "partner.edit"
    PARTNER_ASSIGN = "partner.assign"
    PARTNER_SUSPEND = "partner.suspend"
    PARTNER_TERMINATE = "partner.terminate"
    PARTNER_IMPERSONATE = "partner.impersonate"
    ORGANIZATION_EDIT = "organization.edit"
    ORGANIZATION_ARRANGE = "organization.arrange"
    APPLICATION_VIEW = "application.view"
    APPLICATION_SCORE = "application.score"
    APPLICATION_DECIDE = "application.decide"
    ONBOARDING_EDIT = "onboarding.edit"
    ONBOARDING_DO = "onboarding.do"
    DEAL_VIEW = "deal.view"
    DEAL_REGISTER = "deal.register"
    DEAL_EDIT = "deal.edit"
    STAGE_MOVE = "stage.move"
    DEAL_DECIDE = "deal.decide"
    DEAL_BOOK = "deal.book"
    DEAL_REOPEN = "deal.reopen"
    DIRECT_VIEW = "direct.view"
    DIRECT_EDIT = "direct.edit"
    TRANSFER_ANSWER = "transfer.answer"
    RULES_EDIT = "rules.edit"
    CREDIT_SET = "credit.set"
    CREDIT_CORRECT = "credit.correct"
    DEAL_SHARE = "deal.share"
    SCOPE_APPROVE = "scope.approve"
    CASE_DECIDE = "case.decide"
    CASE_ANSWER = "case.answer"
    APPEAL_FILE = "appeal.file"
    IMPLEMENTATION_REPORT = "implementation.report"
    IMPLEMENTATION_CONFIRM = "implementation.confirm"
    LEAD_VIEW = "lead.view"
    LEAD_EDIT = "lead.edit"
    LEAD_ROUTE = "lead.route"
    LEAD_WORK = "lead.work"
    LEAD_REFER = "lead.refer"
    PERSON_EDIT = "person.edit"
    CERTIFICATION_VIEW = "certification.view"
    CERTIFICATION_RECORD = "certification.record"
    CERTIFICATE_SHOW = "certificate.show"
    LEARNING_PLAN_SIGN = "learning_plan.sign"
    OUTCOME_VIEW = "outcome.view"
    ANSWER_RECORD = "answer.record"
    CONTRIBUTION_RECORD = "contribution.record"
    CONTRIBUTION_VERIFY = "contribution.verify"
    GATE_VIEW = "gate.view"
    GATE_RECORD = "gate.record"
    TIER_VIEW = "tier.view"
    TIER_RECALCULATE = "tier.recalculate"
    TIER_DRAFT = "tier.draft"
    TIER_PUBLISH = "tier.publish"
    TIER_DECIDE = "tier.decide"
    TIER_APPEAL = "tier.appeal"
    TIER_ACKNOWLEDGE = "tier.acknowledge"
    TIER_INVEST = "tier.invest"
    REVIEW_VIEW = "review.view"
    REVIEW_SCHEDULE = "review.schedule"
    REVIEW_HOLD = "review.hold"
    REVIEW_SIGN = "review.sign"
    COMMITMENT_EDIT = "commitment.edit"
    NOTIFICATION_CLEAR = "notification.clear"
    TEAM_VIEW = "team.view"
    TEAM_INVITE = "team.invite"
    TEAM_LIMIT = "team.limit"
    KEY_MANAGE = "key.manage"
    USER_MANAGE = "user.manage"
    MAIL_READ = "mail.read"
    MAIL_RETRY = "mail.retry"
    AUDIT_READ = "audit.read"
    SETTINGS_EDIT = "settings.edit"
    EXPORT = "export"
    RATE_LOAD = "rate.load"


P = Permission

_READ_WORKSPACE = {
    P.WORKSPACE_VIEW, P.PARTNER_VIEW, P.APPLICATION_VIEW, P.DEAL_VIEW, P.DIRECT_VIEW, P.CERTIFICATION_VIEW, P.GATE_VIEW,
    P.TIER_VIEW, P.REVIEW_VIEW, P.LEAD_VIEW, P.TEAM_VIEW, P.EXPORT, P.NOTIFICATION_CLEAR, P.OUTCOME_VIEW,
}  # fmt: skip
_READ_PORTAL = {
    P.PORTAL_VIEW, P.PARTNER_VIEW, P.DEAL_VIEW, P.CERTIFICATION_VIEW, P.GATE_VIEW, P.TIER_VIEW, P.REVIEW_VIEW,
    P.LEAD_VIEW, P.TEAM_VIEW, P.NOTIFICATION_CLEAR, P.OUTCOME_VIEW, P.CERTIFICATE_SHOW,
}  # fmt: skip
_MANAGE_PARTNERS = {
    P.PARTNER_EDIT, P.PARTNER_SUSPEND, P.PARTNER_IMPERSONATE, P.ORGANIZATION_EDIT, P.APPLICATION_SCORE,
    P.APPLICATION_DECIDE, P.ONBOARDING_EDIT, P.ONBOARDING_DO, P.DEAL_REGISTER, P.DEAL_EDIT, P.DEAL_DECIDE,
    P.STAGE_MOVE, P.CREDIT_SET,
    P.IMPLEMENTATION_REPORT, P.IMPLEMENTATION_CONFIRM, P.PERSON_EDIT, P.CERTIFICATION_RECORD, P.GATE_RECORD,
    P.REVIEW_SCHEDULE, P.REVIEW_HOLD, P.REVIEW_SIGN, P.COMMITMENT_EDIT, P.TEAM_INVITE, P.TIER_RECALCULATE,
    P.LEARNING_PLAN_SIGN, P.TIER_INVEST, P.CASE_ANSWER, P.LEAD_EDIT, P.LEAD_ROUTE, P.LEAD_WORK, P.LEAD_REFER,
    P.DEAL_SHARE, P.TEAM_LIMIT, P.ANSWER_RECORD, P.CONTRIBUTION_RECORD, P.CONTRIBUTION_VERIFY,
}  # fmt: skip

VENDOR_ROLES: dict[str, frozenset[Permission]] = {
    # An appeal is the partner's alone: nobody of the vendor files it, or takes it back. Nor agrees to a transfer, nor
    # shows a person's certificates, nor notes for a partner what it has read.
    "administrator": frozenset(P)
    - {
        P.PORTAL_VIEW,
        P.APPEAL_FILE,
        P.TIER_APPEAL,
        P.TIER_ACKNOWLEDGE,
        P.TRANSFER_ANSWER,
        P.CERTIFICATE_SHOW,
    },
    "director": frozenset(
        _READ_WORKSPACE
        | _MANAGE_PARTNERS
        | {
            P.CREDIT_CORRECT,
            P.DIRECT_EDIT,
            P.ORGANIZATION_ARRANGE,
            P.SCOPE_APPROVE,
            P.CASE_DECIDE,
            P.PARTNER_ASSIGN,
            P.PARTNER_TERMINATE,
            P.TIER_DRAFT,
            P.TIER_PUBLISH,
            P.TIER_DECIDE,
            P.RULES_EDIT,
            P.AUDIT_READ,
        }
    ),
    "psm": frozenset(_READ_WORKSPACE | _MANAGE_PARTNERS),
    "deal_desk": frozenset(
        _READ_WORKSPACE
        | {
            P.DEAL_REGISTER,
            P.DEAL_EDIT,
            P.DEAL_DECIDE,
            P.DEAL_BOOK,
            P.DEAL_REOPEN,
            P.CREDIT_SET,
            P.CREDIT_CORRECT,
            P.DIRECT_EDIT,
            P.DEAL_SHARE,
            P.LEAD_EDIT,
            P.LEAD_ROUTE,
            P.ORGANIZATION_EDIT,
            P.ORGANIZATION_ARRANGE,
            P.SCOPE_APPROVE,
            P.CASE_DECIDE,
            P.CASE_ANSWER,
            P.IMPLEMENTATION_CONFIRM,
        }
    ),
    "compliance": frozenset(_READ_WORKSPACE | {P.GATE_RECORD, P.PARTNER_SUSPEND, P.APPLICATION_SCORE}),
    "finance": frozenset(_READ_WORKSPACE | {P.DEAL_BOOK, P.CREDIT_SET, P.CREDIT_CORRECT, P.RATE_LOAD}),
    "marketing": frozenset(_READ_WORKSPACE | {P.APPLICATION_SCORE, P.LEAD_EDIT}),
    "technical": frozenset(
        _READ_WORKSPACE
        | {P.ONBOARDING_DO, P.CERTIFICATION_RECORD, P.IMPLEMENTATION_CONFIRM, P.APPLICATION_SCORE}
    ),
    "auditor": frozenset(_READ_WORKSPACE | {P.AUDIT_READ}),
}
PARTNER_ROLES: dict[str, frozenset[Permission]] = {
    "partner_admin": frozenset(
        _READ_PORTAL
        | {
            P.ONBOARDING_DO,
            P.DEAL_REGISTER,
            P.DEAL_EDIT,
            P.STAGE_MOVE,
            P.DEAL_SHARE,
            P.LEAD_WORK,
            P.LEAD_REFER,
            P.APPEAL_FILE,
            P.TIER_ACKNOWLEDGE,
            P.TIER_APPEAL,
            P.CASE_ANSWER,
            P.TRANSFER_ANSWER,
            P.IMPLEMENTATION_REPORT,
            P.PERSON_EDIT,
            P.LEARNING_PLAN_SIGN,
            P.CONTRIBUTION_RECORD,
            P.TEAM_INVITE,
            P.TEAM_LIMIT,
            P.KEY_MANAGE,
            P.EXPORT,
            P.REVIEW_SIGN,
            P.COMMITMENT_EDIT,
        }
    ),  # fmt: skip
    "partner_seller": frozenset(
        _READ_PORTAL
        | {
            P.ONBOARDING_DO,
            P.DEAL_REGISTER,
            P.DEAL_EDIT,
            P.STAGE_MOVE,
            P.LEAD_WORK,
            P.LEAD_REFER,
            P.APPEAL_FILE,
            P.CASE_ANSWER,
            P.IMPLEMENTATION_REPORT,
            P.EXPORT,
        }
    ),
    "partner_technical": frozenset(_READ_PORTAL | {P.ONBOARDING_DO, P.IMPLEMENTATION_REPORT}),
    "partner_marketing": frozenset(_READ_PORTAL | {P.ONBOARDING_DO}),
    "partner_finance": frozenset(_READ_PORTAL | {P.EXPORT}),
    "partner_viewer": frozenset(_READ_PORTAL),
}
ROLES = {**VENDOR_ROLES, **PARTNER_ROLES}
VIEWING = frozenset(_READ_PORTAL - {P.NOTIFICATION_CLEAR, P.CERTIFICATE_SHOW})

# Who of the vendor sees every partner; the others see those whose PSM they are, and those without one.
REACH = {role: Reach.ASSIGNED if role in ("psm",) else Reach.ALL for role in VENDOR_ROLES}

# Roles to whose people partners and applications are given.
LOOKS_AFTER_PARTNERS = ("psm", "director", "administrator")

# Roles of a partner that see only the deals they take part in, where their company has set it so.
SEE_OWN_IF_SO_SET = ("partner_seller",)

# Roles that need a second factor (off in demo mode only).
SECOND_FACTOR = frozenset({*VENDOR_ROLES, "partner_admin"})

LABELS = {
    "administrator": _("Administrator"),
    "director": _("Director of partnerships"),
    "psm": _("Partner success manager"),
    "deal_desk": _("Deal desk"),
    "compliance": _("Compliance"),
    "finance": _("Finance"),
    "marketing": _("Marketing"),
    "technical": _("Technical specialist"),
    "auditor": _("Auditor"),
    "partner_admin": _("Partner admin"),
    "partner_seller": _("Seller"),
    "partner_technical": _("Technical"),
    "partner_marketing": _("Marketing"),
    "partner_finance": _("Finance"),
    "partner_viewer": _("Viewer"),
}
