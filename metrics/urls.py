"""Addresses of this app, by side."""

from typing import Any

from django.urls import path

from metrics import api as endpoints
from metrics import views

workspace: list[Any] = [
    path("metrics/", views.MetricLibrary.as_view(), name="metrics"),
    path("metrics/<slug:key>/", views.MetricPage.as_view(), name="metric"),
]
portal: list[Any] = []
public: list[Any] = []
api: list[Any] = [
    path("metrics/", endpoints.MetricViewSet.as_view({"get": "list"}), name="metrics"),
    path("metrics/<slug:key>/", endpoints.MetricViewSet.as_view({"get": "retrieve"}), name="metric"),
]
