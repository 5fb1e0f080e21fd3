"""Addresses of this app, by side."""

from typing import Any

from rest_framework.routers import SimpleRouter

from catalog import api as endpoints

router = SimpleRouter()
router.register("markets", endpoints.MarketViewSet, "markets")
router.register("products", endpoints.ProductViewSet, "products")
router.register("channels", endpoints.ChannelViewSet, "channels")
router.register("reason-codes", endpoints.ReasonViewSet, "reason-codes")
router.register("exchange-rates", endpoints.RateViewSet, "exchange-rates")

workspace: list[Any] = []
portal: list[Any] = []
public: list[Any] = []
api: list[Any] = router.urls
