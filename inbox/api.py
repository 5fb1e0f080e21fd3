"""Notifications and reminders over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core.api import BaseViewSet, Nothing, require_known, verb
from inbox import actions, filters, serializers
from inbox.models import Notification, Reminder


class NotificationViewSet(BaseViewSet):
    """What lies under your own bell."""

    queryset = Notification.objects.all()
    serializer_class = serializers.NotificationSerializer
    filterset_class = filters.NotificationFilters

    @verb(permission=P.NOTIFICATION_CLEAR)
    def read(self, notification: Notification, data: dict[str, Any]) -> Notification:
        """Note that you have seen it."""
        return actions.read_notification(by=self.actor, notification=notification, at=self.at)

    @extend_schema(request=Nothing, responses=serializers.ReadSerializer)
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        """Note that you have seen all of them."""
        require_known(request.query_params, {"format"})
        self.permit(P.NOTIFICATION_CLEAR)
        self.clean(Nothing)
        return self.write(
            lambda: Response({"read": actions.read_all_notifications(by=self.actor, at=self.at)})
        )


class ReminderViewSet(BaseViewSet):
    """Letters ahead of a date: planned, sent, or why not."""

    queryset = Reminder.objects.all()
    serializer_class = serializers.ReminderSerializer
    filterset_class = filters.ReminderFilters
    view_permission = P.REVIEW_VIEW
    orderings = {"due_on": "due_on", "created_at": "created_at"}
    default_ordering = "due_on"
