"""The attachment: a file's description; its bytes lie under a random name outside the web root."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from core.actors import Actor
from core.models import Record, as_choices
from core.scoping import ScopedQuerySet, own_user
from files import rules


class AttachmentQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> AttachmentQuerySet:
        """As for every model; a partner never sees the vendor's own files about it."""
        seen: AttachmentQuerySet = super().visible_to(actor)
        return seen if actor.is_vendor else seen.filter(is_internal=False)

    def of(self, subject: Any) -> AttachmentQuerySet:
        """The files of a record, newest first."""
        return self.filter(subject_id=subject.pk).order_by("-created_at", "-id")


class Attachment(Record):
    """One file that belongs to one record. Whoever may not see that record may not fetch the file."""

    tenant = "partner_id"
    about = ("subject_model", "subject_id")
    kind = models.SlugField(max_length=40)
    subject_model = models.CharField(max_length=80, editable=False)
    subject_id = models.UUIDField()
    partner = models.ForeignKey("partners.Partner", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=80, unique=True, editable=False)
    is_internal = models.BooleanField(default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["subject_id", "-created_at"], name="attachment_subject"),
            models.Index(fields=["partner", "-created_at"], name="attachment_partner"),
        ]
        constraints = [models.CheckConstraint(name="attachment_is_not_empty", condition=models.Q(size__gt=0))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/files/{self.pk}/"

    def subject_is_visible_to(self, actor: Actor) -> bool:
        """Whether the record that the file belongs to exists for this actor."""
        manager: Any = apps.get_model(self.subject_model)._default_manager
        return bool(manager.visible_to(actor).filter(pk=self.subject_id).exists())


class ExportQuerySet(ScopedQuerySet):
    def waiting(self, at: datetime) -> ExportQuerySet:
        """What a worker can take up: queued, or begun by a worker that is gone."""
        left_behind = models.Q(state=rules.RUNNING, lease_until__lt=at)
        return self.filter(models.Q(state=rules.QUEUED) | left_behind).order_by("created_at", "id")


class Export(Record):
    """A long list that a worker writes into a file: whose, what of it, how far, where it lies."""

    tenant = own_user("user_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    partner = models.ForeignKey("partners.Partner", models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=120)
    address = models.CharField(max_length=200)
    query = models.TextField(max_length=4000, blank=True)
    kind = models.CharField(max_length=4, choices=as_choices(*rules.EXPORT_KINDS))
    state = models.CharField(max_length=10, choices=as_choices(*rules.EXPORT_STATES), default=rules.QUEUED)
    rows = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "created_at"], name="export_queue")]

    def __str__(self) -> str:
        return f"{self.title}, {self.kind}"

    @property
    def path(self) -> str:
        """Where the file lies in the storage."""
        return f"exports/{self.pk}.{self.kind}"

    @property
    def share(self) -> float:
        """How much is written, 0 to 1."""
        if self.state == rules.DONE:
            return 1.0
        return min(self.rows / self.of, 0.99) if self.of else 0.0

    def get_absolute_url(self) -> str:
        return f"/{'portal' if self.partner_id else 'manage'}/exports/{self.pk}/"
