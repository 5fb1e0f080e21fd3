"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from catalog import api as endpoints
from catalog import views

router = SimpleRouter()
router.register("markets", endpoints.MarketViewSet, "markets")
router.register("regions", endpoints.RegionViewSet, "regions")
router.register("products", endpoints.ProductViewSet, "products")
router.register("channels", endpoints.ChannelViewSet, "channels")
router.register("reason-codes", endpoints.ReasonViewSet, "reason-codes")
router.register("exchange-rates", endpoints.RateViewSet, "exchange-rates")

workspace: list[Any] = [
    path("regions/", views.RegionList.as_view(), name="regions"),
    path("regions/<uuid:pk>/", views.AssignRegion.as_view(), name="assign-region"),
]
portal: list[Any] = []
public: list[Any] = []
api: list[Any] = router.urls
