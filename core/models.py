"""The base of every record, and the rows that all apps lean on: vendor, mail, links, runs, keys."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from core.money import CurrencyField
from core.remembering import once_a_page
from core.scoping import INTERNAL, SHARED, VENDOR, ScopedQuerySet, Tenant, own_user


class Record(models.Model):
    """The base of every model: opaque id, version (its ETag), when it was made and when the row last changed."""

    tenant: ClassVar[str | Tenant]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)  # noqa: TID251 (a default)
    changed_at = models.DateTimeField(auto_now=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


@cache
def zones() -> frozenset[str]:
    """The names of all time zones: hundreds of files, looked through once."""
    return frozenset(available_timezones())


def validate_zone(value: str) -> None:
    if value not in zones():
        raise ValidationError(_("“%(zone)s” is not a time zone.") % {"zone": value})


def validate_accent(value: str) -> None:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValidationError(_("Enter a colour such as #2F55D4."))


class Vendor(Record):
    """The vendor that runs this installation: one row."""

    tenant = SHARED
    only = models.BooleanField(default=True, unique=True, editable=False)
    name = models.CharField(max_length=80, default="Your company")
    tagline = models.CharField(max_length=80, default="Partner workspace")
    accent = models.CharField(max_length=7, default="#2F55D4", validators=[validate_accent])
    currency = CurrencyField(default="USD")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    support_address = models.EmailField(blank=True)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Vendor:
        """The one row, or an unsaved one with the defaults."""
        return once_a_page(cls, lambda: cls.objects.first() or cls())  # type: ignore[no-any-return]


class Sequence(models.Model):
    """The last number given out per kind (D-2041, A-318)."""

    tenant = INTERNAL
    kind = models.CharField(max_length=16, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind}-{self.last}"


@transaction.atomic
def next_number(kind: str) -> str:
    """The next number of a kind, unique under concurrency, e.g. "D-2041"."""
    counted = Sequence.objects.filter(pk=kind)
    if not counted.update(last=models.F("last") + 1):
        Sequence.objects.get_or_create(kind=kind, defaults={"last": 1000})
        counted.update(last=models.F("last") + 1)
    return f"{kind}-{counted.get().last}"


class Mail(Record):
    """One letter to one recipient; rendered, and its link's token made, only when a task sends it."""

    QUEUED, SENT, KEPT, FAILED, WITHDRAWN = "queued", "sent", "kept", "failed", "withdrawn"
    tenant = VENDOR

    letter = models.CharField(max_length=60)
    key = models.CharField(max_length=200, unique=True, default=uuid7, editable=False)
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    to_address = models.EmailField(blank=True)
    ids = models.JSONField(default=dict, blank=True)
    state = models.CharField(
        max_length=12,
        default=QUEUED,
        choices=[(s, s) for s in (QUEUED, SENT, KEPT, FAILED, WITHDRAWN)],
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="mail_queue")]
        constraints = [
            models.CheckConstraint(
                name="mail_has_recipient",
                condition=models.Q(to_user__isnull=False) | ~models.Q(to_address=""),
                violation_error_message=_("A letter needs a recipient."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter} to {self.to_user_id or self.to_address}"


class ActionLink(Record):
    """A single-use link that lets one person do one thing without signing in. Its token is never stored."""

    tenant = INTERNAL
    purpose = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["purpose", "subject_id"], name="link_subject")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject_id}"


class JobRun(Record):
    """One scheduled job on one day: created once its time has passed, finished once."""

    tenant = INTERNAL
    job = models.CharField(max_length=60)
    day = models.DateField()
    started_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "day"], name="one_run_per_job_and_day")]

    def __str__(self) -> str:
        return f"{self.job} on {self.day}"


class IdempotencyKey(Record):
    """The answer already given to a request that may be sent again; kept for 24 hours."""

    tenant = INTERNAL
    scope = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    location = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.scope


class SavedView(Record):
    """A person's named filter of one list."""

    tenant = own_user("user_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"],
                name="one_view_per_name",
                violation_error_message=_("You already have a view of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


def as_choices(*values: str) -> list[tuple[str, Any]]:
    """Choices whose label is the value in words."""
    return [(value, value.replace("_", " ").capitalize()) for value in values]
