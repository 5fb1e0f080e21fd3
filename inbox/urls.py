"""Addresses of notifications and reminders."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from inbox import api as endpoints
from inbox.views import pages

router = SimpleRouter()
router.register("notifications", endpoints.NotificationViewSet, "notifications")
router.register("reminders", endpoints.ReminderViewSet, "reminders")


def of_side(side: str) -> list[Any]:
    return [
        path("notifications/", pages.NotificationList.as_view(side=side), name="notifications"),
        path(
            "notifications/read-all/",
            pages.ReadAllNotifications.as_view(side=side),
            name="read-all-notifications",
        ),
        path(
            "notifications/<uuid:pk>/read/",
            pages.ReadNotification.as_view(side=side),
            name="read-notification",
        ),
    ]


workspace: list[Any] = of_side("workspace")
portal: list[Any] = of_side("portal")
public: list[Any] = []
api: list[Any] = router.urls
