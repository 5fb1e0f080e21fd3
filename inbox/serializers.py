"""Notifications and reminders as the API reads them."""

from rest_framework import serializers

from core.api import StrictSerializer
from inbox.models import Notification, Reminder


class NotificationSerializer(serializers.ModelSerializer):
    text = serializers.CharField(read_only=True)

    class Meta:
        model = Notification
        fields = ["id", "kind", "text", "url", "partner", "read_at", "created_at", "changed_at"]


class ReminderSerializer(serializers.ModelSerializer):
    subject = serializers.UUIDField(source="subject_id")

    class Meta:
        model = Reminder
        fields = [
            "id", "kind", "subject", "partner", "recipient", "occasion_on", "offset_days", "due_on", "state", "sent_at",
            "is_late", "created_at", "changed_at",
        ]  # fmt: skip


class ReadSerializer(StrictSerializer):
    """How many notifications were new."""

    read = serializers.IntegerField(read_only=True)
