"""Addresses of files."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from files import api as endpoints
from files.views import exports
from files.views import public as views

router = SimpleRouter()
router.register("attachments", endpoints.AttachmentViewSet, "attachments")


def of_side(side: str) -> list[Any]:
    return [
        path("exports/", exports.ExportList.as_view(side=side), name="exports"),
        path("exports/new/", exports.StartExport.as_view(side=side), name="start-export"),
        path("exports/<uuid:pk>/", exports.ExportPage.as_view(side=side), name="export"),
        path("exports/<uuid:pk>/cancel/", exports.CancelExport.as_view(side=side), name="cancel-export"),
        path("exports/<uuid:pk>/file/", exports.ExportFile.as_view(side=side), name="export-file"),
    ]


workspace: list[Any] = of_side("workspace")
portal: list[Any] = of_side("portal")
public: list[Any] = [path("files/<uuid:pk>/", views.download, name="file")]
api: list[Any] = router.urls
