"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from compliance import api as endpoints
from compliance.views import portal as of_portal
from compliance.views import workspace as of_workspace

router = SimpleRouter()
router.register("gates", endpoints.GateViewSet, "gates")
router.register("gate-records", endpoints.GateRecordViewSet, "gate-records")

workspace: list[Any] = [
    path("gates/", of_workspace.GateMatrix.as_view(), name="gates"),
    path("gate-records/new/", of_workspace.RecordGate.as_view(), name="record-gate"),
    path("gate-records/<uuid:pk>/", of_workspace.GateRecordPage.as_view(), name="gate-record"),
    path("gate-records/<uuid:pk>/revoke/", of_workspace.RevokeGate.as_view(), name="revoke-gate"),
]
portal: list[Any] = [
    path("gates/", of_portal.OwnGates.as_view(), name="gates"),
    path("gate-records/<uuid:pk>/", of_portal.GateRecordPage.as_view(), name="gate-record"),
]
public: list[Any] = []
api: list[Any] = router.urls
