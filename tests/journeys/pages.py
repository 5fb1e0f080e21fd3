"""Every page that has a picture: its name, its address, and the demo role that looks at it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page of the demo. `follow` are selectors: the picture is of the page to which their first matches lead."""

    name: str
    path: str
    role: str | None = None
    follow: str | tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        return (self.follow,) if isinstance(self.follow, str) else self.follow


ROW = "main .prm-row-link"
NORTHGATE = "/manage/partners/?search=northgate"


PAGES = [
    Page("login", "/accounts/login/"),
    Page("front", "/"),
    Page("accessibility", "/accessibility/"),
    Page("queue", "/manage/", "psm"),
    Page("queue-of-the-deal-desk", "/manage/", "deal_desk"),
    Page("queue-empty", "/manage/", "auditor"),
    Page("search", "/manage/search/?q=north", "psm"),
    Page("partners", "/manage/partners/", "psm"),
    Page("partner", NORTHGATE, "director", ROW),
    Page("conflict-cases", "/manage/conflict-cases/", "deal_desk"),
    Page("conflict-case", "/manage/conflict-cases/?state=proposed", "deal_desk", ROW),
    Page("conflict-case-decided", "/manage/conflict-cases/?status=precedents", "psm", ROW),
    Page(
        "conflict-case-decision",
        "/manage/conflict-cases/?state=proposed",
        "deal_desk",
        (ROW, "main a[href$='/decide/']"),
    ),
    Page("organizations", "/manage/organizations/?is_top=true", "deal_desk"),
    Page("organization", "/manage/organizations/?is_top=true", "deal_desk", ROW),
    Page(
        "organization-change",
        "/manage/organizations/?is_top=true",
        "deal_desk",
        (ROW, "main a[href$='/change/']"),
    ),
    Page(
        "organization-merge",
        "/manage/organizations/?is_top=true",
        "deal_desk",
        (ROW, "main a[href$='/merge/']"),
    ),
    Page(
        "organization-move",
        "/manage/organizations/?is_top=true",
        "deal_desk",
        (ROW, "main a[href$='/move/']"),
    ),
    Page("deals", "/manage/deals/?status=open", "deal_desk"),
    Page("deal", "/manage/deals/?state=approved", "deal_desk", "main .prm-row-link"),
    Page("deal-decision", "/manage/", "deal_desk", "main a[href$='/decide/']"),
    Page("deal-review", "/manage/deals/review/", "deal_desk"),
    Page("deals-approve", "/manage/deals/review/approve/", "deal_desk"),
    Page("deal-assign", "/manage/deals/review/", "deal_desk", (ROW, "main a[href$='/assign/']")),
    Page("rules", "/manage/rules/", "director"),
    Page("rules-version", "/manage/rules/", "director", ROW),
    Page("rules-new", "/manage/rules/new/", "director"),
    Page("portal-rules", "/portal/rules/", "partner_seller"),
    Page("conflict-rules", "/manage/rules/conflicts/", "director"),
    Page("portal-segment-policies", "/portal/rules/segments/", "partner_seller"),
    Page("portal-conflict-rules", "/portal/rules/conflicts/", "partner_seller"),
    Page("regions", "/manage/regions/", "director"),
    Page("region", "/manage/regions/", "director", ROW),
    Page("deal-board", "/manage/deals/board/", "director"),
    Page("deal-forecast", "/manage/deals/forecast/?by=market", "director"),
    Page("deal-figures", "/manage/deals/figures/", "director"),
    Page("deal-figure", "/manage/deals/figures/deal_conversion/", "director"),
    Page("portal-deal-figures", "/portal/deals/figures/", "partner_admin"),
    Page("portal-deal-board", "/portal/deals/board/", "partner_seller"),
    Page("portal-deal-forecast", "/portal/deals/forecast/", "partner_admin"),
    Page("deal-credit", "/manage/deals/?status=to_book", "deal_desk", (ROW, "main a[href$='/credit/']")),
    Page("portal-credits", "/portal/credits/", "partner_admin"),
    Page("deal-new", "/manage/deals/new/", "deal_desk"),
    Page("deal-again", "/manage/deals/?state=rejected", "deal_desk", (ROW, "main a[href*='?again=']")),
    Page("exports", "/manage/exports/", "director"),
    Page(
        "export-new", "/manage/exports/new/?address=/manage/partners/&query=sort%3Dname&kind=csv", "director"
    ),
    Page("portal-exports", "/portal/exports/", "partner_admin"),
    Page("answers", "/manage/deals/answers/", "deal_desk"),
    Page("requests-for-time", "/manage/extensions/", "deal_desk"),
    Page("request-for-time", "/manage/extensions/", "deal_desk", "main a[href$='/decide/']"),
    Page("requests-for-changes", "/manage/amendments/", "deal_desk"),
    Page("transfers", "/manage/transfers/", "deal_desk"),
    Page("appeals", "/manage/appeals/", "deal_desk"),
    Page("appeal", "/manage/appeals/?status=decided", "deal_desk", ROW),
    Page("appeal-decision", "/manage/appeals/?status=mine", "deal_desk", (ROW, "main a[href$='/decide/']")),
    Page("bookings", "/manage/bookings/", "finance"),
    Page("go-lives", "/manage/implementations/", "deal_desk"),
    Page("gallery", "/manage/gallery/", "administrator"),
    Page("portal-home", "/portal/", "partner_admin"),
    Page("portal-deals", "/portal/deals/", "partner_seller"),
    Page("portal-deal", "/portal/deals/?state=approved", "partner_seller", "main .prm-row-link"),
    Page(
        "deal-conditions",
        "/manage/deals/?state=conditionally_approved",
        "deal_desk",
        (ROW, "main a[href$='/meet-conditions/']"),
    ),  # fmt: skip
    Page("portal-deal-conditions", "/portal/deals/?state=conditionally_approved", "partner_seller", ROW),
    Page(
        "portal-condition",
        "/portal/deals/?state=conditionally_approved",
        "partner_seller",
        (ROW, "main a[href^='/portal/conditions/']"),
    ),  # fmt: skip
    Page("deal-transfer", "/manage/", "deal_desk", "main a[href^='/manage/transfers/']"),
    Page("deal-amendment", "/manage/", "deal_desk", "main a[href^='/manage/amendments/']"),
    Page("deal-reopen", "/manage/deals/?state=lost", "deal_desk", (ROW, "main a[href$='/reopen/']")),
    Page(
        "deal-transfer-new",
        "/manage/deals/?state=approved",
        "deal_desk",
        (ROW, "main a[href$='/propose-transfer/']"),
    ),
    Page(
        "portal-deal-change",
        "/portal/deals/?state=approved",
        "partner_seller",
        (ROW, "main a[href$='/request-amendment/']"),
    ),  # fmt: skip
    Page(
        "portal-deal-hand-on",
        "/portal/deals/?state=approved&search=Saint+Alder",
        "partner_seller",
        (ROW, "main a[href$='/request-transfer/']"),
    ),  # fmt: skip
    Page("portal-transfer", "/portal/", "partner_admin", "main a[href^='/portal/transfers/']"),
    Page("portal-deal-refused", "/portal/deals/?state=rejected", "partner_seller", "main .prm-row-link"),
    Page("portal-register", "/portal/deals/new/", "partner_seller"),
    Page("deal-import-new", "/manage/deals/import/", "deal_desk"),
    Page("deal-imports", "/manage/deal-imports/", "deal_desk"),
    Page("portal-import-new", "/portal/deals/import/", "partner_seller"),
    Page("portal-imports", "/portal/deal-imports/", "partner_seller"),
    Page("portal-import", "/portal/deal-imports/", "partner_seller", ROW),
    Page(
        "portal-deal-people",
        "/portal/deals/?state=approved",
        "partner_admin",
        (ROW, "main a[href$='/people/']"),
    ),
    Page(
        "portal-deal-files",
        "/portal/deals/?state=approved",
        "partner_seller",
        (ROW, "main a[href$='/attach/']"),
    ),
    Page("portal-sellers", "/portal/team/sellers/", "partner_admin"),
    Page("portal-search", "/portal/search/?q=center", "partner_admin"),
    # The ways in
    Page("apply", "/apply/"),
    Page("apply-sent", "/apply/sent/"),
    Page("password-reset", "/accounts/password/reset/"),
    Page("no-such-page", "/manage/nowhere/", "psm"),
    # Applications and onboarding
    Page("applications", "/manage/applications/", "psm"),
    Page("application", "/manage/applications/?state=approved", "psm", ROW),
    Page("application-decision", "/manage/applications/?is_waiting=true", "director", ROW),
    Page(
        "application-score",
        "/manage/applications/?is_waiting=true",
        "director",
        (ROW, "main a[href$='/score/']"),
    ),
    Page("application-new", "/manage/applications/new/", "psm"),
    Page("onboarding", "/manage/onboarding/", "director"),
    Page("onboarding-plan", "/manage/onboarding/?state=running", "director", ROW),
    Page(
        "onboarding-task",
        "/manage/onboarding/?state=running",
        "director",
        (ROW, "main a[href$='/add-task/']"),
    ),
    Page("portal-onboarding", "/portal/onboarding/", "partner_admin"),
    # A partner's tabs
    *(
        Page(f"partner-{tab}", NORTHGATE, "director", (ROW, f"main a[href$='/{tab}/']"))
        for tab in (
            "deals",
            "tier",
            "people",
            "compliance",
            "reviews",
            "documents",
            "timeline",
            "change",
            "view-portal",
        )
    ),
    Page("partner-why", NORTHGATE, "director", (ROW, "main a[href*='/why/']")),
    # Tiers
    Page("tier-board", "/manage/tiers/", "director"),
    Page("tier-versions", "/manage/tiers/versions/", "director"),
    Page("tier-version", "/manage/tiers/versions/", "director", ROW),
    Page("tier-rows", NORTHGATE, "director", (ROW, "main a[href$='/tier/']", "main a[href*='/tier/rows/']")),
    Page("portal-tier", "/portal/tier/", "partner_admin"),
    # Direct sales
    Page("direct-opportunities", "/manage/direct/opportunities/", "deal_desk"),
    Page("direct-opportunity", "/manage/direct/opportunities/", "deal_desk", ROW),
    Page("direct-opportunity-new", "/manage/direct/opportunities/new/", "deal_desk"),
    Page("direct-opportunities-import", "/manage/direct/opportunities/import/", "deal_desk"),
    Page(
        "direct-opportunity-change",
        "/manage/direct/opportunities/",
        "deal_desk",
        (ROW, "main a[href$='/change/']"),
    ),
    Page("direct-accounts", "/manage/direct/accounts/", "deal_desk"),
    Page("direct-account-new", "/manage/direct/accounts/new/", "deal_desk"),
    Page("direct-accounts-import", "/manage/direct/accounts/import/", "deal_desk"),
    Page("direct-accounts-refresh", "/manage/direct/accounts/refresh/", "deal_desk"),
    Page("direct-account-end", "/manage/direct/accounts/", "deal_desk", ROW),
    Page("blocked-accounts", "/manage/direct/blocked/", "deal_desk"),
    Page("blocked-account-new", "/manage/direct/blocked/new/", "deal_desk"),
    Page("blocked-accounts-import", "/manage/direct/blocked/import/", "deal_desk"),
    Page("blocked-account-end", "/manage/direct/blocked/", "deal_desk", ROW),
    Page("segment-policies", "/manage/direct/policies/", "deal_desk"),
    Page(
        "deal-check-again",
        "/manage/",
        "deal_desk",
        ("main a[href$='/decide/']", "main a[href$='/check-again/']"),
    ),
    # People, certifications, gates
    Page("certifications", "/manage/certifications/", "psm"),
    Page("certification", "/manage/certifications/", "psm", ROW),
    Page("certification-new", "/manage/certifications/new/", "psm"),
    Page("certifications-import", "/manage/certifications/import/", "psm"),
    Page("gates", "/manage/gates/", "compliance"),
    Page("gate-new", "/manage/gate-records/new/", "compliance"),
    Page("portal-people", "/portal/people/", "partner_admin"),
    Page("portal-person-new", "/portal/people/new/", "partner_admin"),
    Page("portal-gates", "/portal/gates/", "partner_admin"),
    Page("portal-learning-plan", "/portal/learning-plan/", "partner_admin"),
    # Reviews
    Page("reviews", "/manage/reviews/", "director"),
    Page("review-month", "/manage/reviews/month/", "director"),
    Page("review", "/manage/reviews/?state=signed_off", "director", ROW),
    Page("review-ahead", "/manage/reviews/?state=scheduled", "director", ROW),
    Page("review-new", "/manage/reviews/new/", "director"),
    Page("portal-reviews", "/portal/reviews/", "partner_admin"),
    Page("portal-review", "/portal/reviews/", "partner_admin", ROW),
    # Deals: what follows a decision
    Page(
        "portal-deal-stage",
        "/portal/deals/?state=approved",
        "partner_seller",
        (ROW, "main a[href$='/update-stage/']"),
    ),
    Page(
        "portal-deal-win",
        "/portal/deals/?state=approved",
        "partner_seller",
        (ROW, "main a[href$='/report-win/']"),
    ),
    Page(
        "portal-deal-more-time",
        "/portal/deals/?state=approved",
        "partner_seller",
        (ROW, "main a[href$='/request-extension/']"),
    ),
    Page(
        "portal-appeal",
        "/portal/deals/?state=rejected",
        "partner_seller",
        (ROW, "main a[href$='/appeal/']"),
    ),
    # Leads
    Page("leads", "/manage/leads/?status=open", "director"),
    Page("lead", "/manage/leads/?status=waiting", "director", ROW),
    Page("lead-new", "/manage/leads/new/", "director"),
    Page("lead-offer", "/manage/leads/?status=routing", "director", (ROW, "main a[href$='/offer/']")),
    Page("leads-import", "/manage/leads/import/", "director"),
    Page("lead-takers", "/manage/leads/partners/", "director"),
    Page("lead-profile", "/manage/leads/partners/", "director", ROW),
    Page("referrals", "/manage/referrals/", "director"),
    Page("portal-leads", "/portal/leads/", "partner_seller"),
    Page("portal-lead-offered", "/portal/leads/?status=answer", "partner_seller", ROW),
    Page("portal-lead", "/portal/leads/?status=call", "partner_seller", ROW),
    Page(
        "portal-lead-decline",
        "/portal/leads/?status=answer",
        "partner_seller",
        (ROW, "main a[href$='/decline/']"),
    ),
    Page(
        "portal-lead-convert",
        "/portal/leads/?state=contacted",
        "partner_seller",
        (ROW, "main a[href$='/convert/']"),
    ),
    Page("portal-referrals", "/portal/referrals/", "partner_admin"),
    Page("portal-referral-new", "/portal/referrals/new/", "partner_admin"),
    # Accounts
    Page("people", "/manage/people/", "administrator"),
    Page("invite", "/manage/people/invite/", "administrator"),
    Page("keys", "/manage/keys/", "administrator"),
    Page("key-new", "/manage/keys/new/", "administrator"),
    Page("settings", "/manage/settings/", "administrator"),
    Page("profile", "/manage/profile/", "psm"),
    Page("mail", "/manage/mail/", "administrator"),
    Page("letter", "/manage/mail/", "administrator", ROW),
    Page("notifications", "/manage/notifications/", "psm"),
    Page("second-factor", "/accounts/2fa/", "psm"),
    Page("password-change", "/accounts/password/change/", "psm"),
    Page("portal-team", "/portal/team/", "partner_admin"),
    Page("portal-keys", "/portal/keys/", "partner_admin"),
    Page("portal-notifications", "/portal/notifications/", "partner_admin"),
]
