"""Addresses of leads, offers, profiles and referrals."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from leads import api as endpoints
from leads.views import portal as of_portal
from leads.views import shared
from leads.views import workspace as of_workspace

router = SimpleRouter()
router.register("leads", endpoints.LeadViewSet, "leads")
router.register("lead-offers", endpoints.LeadOfferViewSet, "lead-offers")
router.register("lead-routings", endpoints.RoutingViewSet, "lead-routings")
router.register("lead-profiles", endpoints.LeadProfileViewSet, "lead-profiles")
router.register("specialties", endpoints.SpecialtyViewSet, "specialties")
router.register("routing-rules", endpoints.RoutingRuleViewSet, "routing-rules")
router.register("referrals", endpoints.ReferralViewSet, "referrals")

# Moves that the partner makes, or a colleague on its behalf, by the same page.
BOTH = {
    "leads/<uuid:pk>/accept/": (shared.AcceptLead, "accept-lead"),
    "leads/<uuid:pk>/decline/": (shared.DeclineLead, "decline-lead"),
    "leads/<uuid:pk>/note-contact/": (shared.NoteContact, "note-contact"),
    "leads/<uuid:pk>/return/": (shared.ReturnLead, "return-lead"),
    "leads/<uuid:pk>/convert/": (shared.ConvertLead, "convert-lead"),
    "leads/<uuid:pk>/lose/": (shared.LoseLead, "lose-lead"),
}


def both(side: str) -> list[Any]:
    return [path(where, page.as_view(side=side), name=name) for where, (page, name) in BOTH.items()]


workspace: list[Any] = [
    path("leads/", of_workspace.LeadList.as_view(), name="leads"),
    path("leads/new/", of_workspace.EnterLead.as_view(), name="enter-lead"),
    path("leads/import/", of_workspace.ImportLeads.as_view(), name="import-leads"),
    path("leads/partners/", of_workspace.TakerList.as_view(), name="lead-takers"),
    path("leads/<uuid:pk>/", of_workspace.LeadRecord.as_view(), name="lead"),
    path("leads/<uuid:pk>/edit/", of_workspace.ChangeLead.as_view(), name="change-lead"),
    path("leads/<uuid:pk>/route/", of_workspace.RouteLead.as_view(), name="route-lead"),
    path("leads/<uuid:pk>/offer/", of_workspace.OfferLead.as_view(), name="offer-lead"),
    path("leads/<uuid:pk>/pool/", of_workspace.PoolLead.as_view(), name="pool-lead"),
    path("leads/<uuid:pk>/withdraw-offer/", of_workspace.WithdrawOffer.as_view(), name="withdraw-lead-offer"),
    path("leads/<uuid:pk>/close/", of_workspace.CloseLead.as_view(), name="close-lead"),
    path("leads/<uuid:pk>/reopen/", of_workspace.ReopenLead.as_view(), name="reopen-lead"),
    path(
        "partners/<uuid:pk>/lead-profile/", of_workspace.ChangeProfile.as_view(), name="change-lead-profile"
    ),
    path("referrals/", of_workspace.ReferralList.as_view(), name="referrals"),
    *both("workspace"),
]
portal: list[Any] = [
    path("leads/", of_portal.LeadList.as_view(), name="leads"),
    path("leads/<uuid:pk>/", of_portal.LeadRecord.as_view(), name="lead"),
    path("referrals/", of_portal.ReferralList.as_view(), name="referrals"),
    path("referrals/new/", of_portal.ReferContact.as_view(), name="refer-contact"),
    path("referrals/<uuid:pk>/", of_portal.ReferralRecord.as_view(), name="referral"),
    *both("portal"),
]
public: list[Any] = []
api: list[Any] = router.urls
