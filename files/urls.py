"""Addresses of files."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from files import api as endpoints
from files.views import public as views

router = SimpleRouter()
router.register("attachments", endpoints.AttachmentViewSet, "attachments")

workspace: list[Any] = []
portal: list[Any] = []
public: list[Any] = [path("files/<uuid:pk>/", views.download, name="file")]
api: list[Any] = router.urls
