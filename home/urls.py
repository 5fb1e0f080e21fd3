"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from home import api as endpoints
from home.partner_page import TABS
from home.views import organizations, partners
from home.views import portal as of_portal
from home.views import public as of_public
from home.views import workspace as of_workspace

router = SimpleRouter()
router.register("snoozes", endpoints.SnoozeViewSet, "snoozes")
router.register("events", endpoints.EventViewSet, "events")

workspace: list[Any] = [
    path("", of_workspace.WorkQueue.as_view(), name="home"),
    path("queue/<slug:kind>/<uuid:pk>/snooze/", of_workspace.SnoozeItem.as_view(), name="snooze-item"),
    path("queue/<uuid:pk>/wake/", of_workspace.WakeItem.as_view(), name="wake-item"),
    path("why/booked/", of_workspace.WhyBooked.as_view(), name="why-booked"),
    path("search/", of_workspace.Search.as_view(), name="search"),
    path("gallery/", of_workspace.Gallery.as_view(), name="gallery"),
    path("organizations/", organizations.OrganizationList.as_view(), name="organizations"),
    path("organizations/<uuid:pk>/", organizations.OrganizationRecord.as_view(), name="organization"),
    path("partners/", partners.PartnerList.as_view(), name="partners"),
    path("partners/<uuid:pk>/", partners.PartnerRecord.as_view(), name="partner"),
    path("partners/<uuid:pk>/why/<slug:key>/", partners.WhyMetric.as_view(), name="why-metric"),
    *(
        path(f"partners/<uuid:pk>/{tab}/", partners.PartnerRecord.as_view(
            tab=tab, template_name=f"home/workspace/partner_{tab}.html"), name=f"partner-{tab}")
        for tab in TABS
    ),
]  # fmt: skip
portal: list[Any] = [
    path("", of_portal.Home.as_view(), name="home"),
    path("search/", of_portal.PortalSearch.as_view(), name="search"),
    path("why/earned/", of_portal.WhyEarned.as_view(), name="why-earned"),
    path("why/<slug:key>/", of_portal.WhyMetric.as_view(), name="why-metric"),
]

public: list[Any] = [
    path("", of_public.Landing.as_view(), name="landing"),
    path("accessibility/", of_public.Accessibility.as_view(), name="accessibility"),
]
api: list[Any] = [
    path("work-queue/", endpoints.WorkQueue.as_view({"get": "list"}), name="work-queue"),
    path("search/", endpoints.Search.as_view({"get": "list"}), name="search"),
    *router.urls,
]
