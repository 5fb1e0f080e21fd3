"""The bell's page, on either side."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission as P
from core.forms import BaseForm
from core.list_page import ListPage
from core.pages import FormPage, MovePage
from core.tables import Column
from inbox import actions, filters
from inbox.models import Notification


class NotificationList(ListPage):
    """What happened that concerns me, the latest first."""

    name = "notifications"
    title = _("Notifications")
    template_name = "inbox/notifications.html"
    queryset = Notification.objects.select_related("partner")
    filterset_class = filters.NotificationFilters
    default_sort = "-created_at"
    columns = [
        Column("text", _("What"), "text", cell="name"),
        Column("partner", _("Partner"), "partner.name"),
        Column("created", _("When"), "created_at", cell="instant", sort="created_at"),
    ]
    views = [("all", _("All"), ""), ("unread", _("Unread"), "is_unread=true")]
    empty = {
        "icon": "bell",
        "title": _("Nothing has happened yet"),
        "text": _("Decisions, dates and requests that concern you appear here."),
    }

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"base": self.base(), "is_any_unread": self.unread().exists(), **more})

    def base(self) -> str:
        return "/portal/notifications/" if self.side == "portal" else "/manage/notifications/"

    def unread(self) -> Any:
        return Notification.objects.visible_to(self.actor).unread()

    def view_count(self, key: str) -> int | None:
        return self.unread()[:10_001].count() if key == "unread" else None


class ReadNotification(MovePage):
    """Seen; on to what it is about."""

    permission = P.NOTIFICATION_CLEAR
    queryset = Notification.objects
    form_class = BaseForm
    title = _("Open the notification")
    submit_label = _("Open")

    def done_url(self, result: Any) -> str:
        return str(self.record.url)

    def perform_on(self, record: Notification, data: dict[str, Any]) -> Notification:
        return actions.read_notification(by=self.actor, notification=record, at=self.at)


class ReadAllNotifications(FormPage):
    """All seen."""

    permission = P.NOTIFICATION_CLEAR
    form_class = BaseForm
    title = _("Mark all as read")
    submit_label = _("Mark all as read")

    def perform(self, data: dict[str, Any]) -> int:
        return actions.read_all_notifications(by=self.actor, at=self.at)

    def done_url(self, result: Any) -> str:
        return "/portal/notifications/" if self.side == "portal" else "/manage/notifications/"

    def get_cancel_url(self) -> str:
        return self.done_url(None)
