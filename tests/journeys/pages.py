"""Every page that has a picture: its name, its address, and the demo role that looks at it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page of the demo. `follow` is a selector: the picture is of the page that its first match leads to."""

    name: str
    path: str
    role: str | None = None
    follow: str | None = None


PAGES = [
    Page("login", "/accounts/login/"),
    Page("front", "/"),
    Page("accessibility", "/accessibility/"),
    Page("queue", "/manage/", "psm"),
    Page("queue-of-the-deal-desk", "/manage/", "deal_desk"),
    Page("queue-empty", "/manage/", "auditor"),
    Page("search", "/manage/search/?q=north", "psm"),
    Page("partners", "/manage/partners/", "psm"),
    Page("partner", "/manage/partners/?search=northgate", "psm", "main .prm-row-link"),
    Page("deals", "/manage/deals/?status=open", "deal_desk"),
    Page("deal", "/manage/deals/?state=approved", "deal_desk", "main .prm-row-link"),
    Page("deal-decision", "/manage/", "deal_desk", "main a[href$='/decide/']"),
    Page("deal-new", "/manage/deals/new/", "deal_desk"),
    Page("bookings", "/manage/bookings/", "finance"),
    Page("go-lives", "/manage/implementations/", "deal_desk"),
    Page("gallery", "/manage/gallery/", "administrator"),
    Page("portal-home", "/portal/", "partner_admin"),
    Page("portal-deals", "/portal/deals/", "partner_seller"),
    Page("portal-deal", "/portal/deals/?state=approved", "partner_seller", "main .prm-row-link"),
    Page("portal-deal-refused", "/portal/deals/?state=rejected", "partner_seller", "main .prm-row-link"),
    Page("portal-register", "/portal/deals/new/", "partner_seller"),
    Page("portal-search", "/portal/search/?q=center", "partner_admin"),
]
