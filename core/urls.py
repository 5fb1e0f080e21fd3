"""Addresses of core: saved views, and the words behind the API's problem types."""

from typing import Any

from django.urls import path

from core import views
from core.saved_views import RemoveView, SaveView

workspace: list[Any] = [
    path("views/save/", SaveView.as_view(), name="save-view"),
    path("views/<uuid:pk>/remove/", RemoveView.as_view(), name="remove-view"),
]
portal: list[Any] = [
    path("views/save/", SaveView.as_view(side="portal"), name="save-view"),
    path("views/<uuid:pk>/remove/", RemoveView.as_view(side="portal"), name="remove-view"),
]
public: list[Any] = [path("api/docs/problems/", views.problems, name="problems")]
api: list[Any] = []
