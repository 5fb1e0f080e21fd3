"""Reminders (a row before it is a letter) and notifications."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices
from core.scoping import own_user
from inbox import notices, rules
from inbox.querysets import NotificationQuerySet, ReminderQuerySet


class Reminder(Record):
    """One letter to one person, so many days before one occasion. It exists once and is sent at most once."""

    tenant = "partner_id"
    takes_part = ("recipient",)
    kind = models.SlugField(max_length=40)
    subject_id = models.UUIDField()
    partner = models.ForeignKey(
        "partners.Partner", models.PROTECT, null=True, blank=True, related_name="reminders"
    )
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    occasion_on = models.DateField()
    offset_days = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    url = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=as_choices(*rules.STATES), default=rules.PLANNED)
    sent_at = models.DateTimeField(null=True, blank=True)
    is_late = models.BooleanField(default=False)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["state", "due_on"], name="reminder_due"),
            models.Index(fields=["subject_id", "due_on"], name="reminder_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "occasion_on", "offset_days", "recipient"],
                name="one_reminder_per_occasion",
                violation_error_message=_("This person has this reminder already."),
            ),
            models.CheckConstraint(
                name="sent_reminder_has_instant",
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                violation_error_message=_("A reminder that was sent knows when, and only such a one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.offset_days} days before {self.occasion_on}"


class Notification(Record):
    """A line under a person's bell; its words come from its kind and arguments when it is shown."""

    tenant = own_user("user_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notifications")
    partner = models.ForeignKey("partners.Partner", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=60)
    args = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=300)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "read_at", "-created_at", "-id"], name="notification_bell")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> Any:
        return notices.text(self.kind, self.args)

    def get_absolute_url(self) -> str:
        return self.url
