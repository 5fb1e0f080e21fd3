"""Programs, their versions, and what partners were told of a version."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices
from core.scoping import SHARED, Tenant
from partners.models import Partner
from tiers import rules
from tiers.querysets import (
    ProgramQuerySet,
    VersionQuerySet,
)

USER = settings.AUTH_USER_MODEL


class AnnouncedOnly(Tenant):
    """A version and its parts: the vendor sees all, a partner what was announced, is or was in force."""

    def __init__(self, path: str = "") -> None:
        self.path = path

    def q(self, actor: Any) -> Q:
        if actor.is_vendor:
            return Q()
        state = f"{self.path}__state" if self.path else "state"
        return Q(**{f"{state}__in": rules.ANNOUNCED}) if actor.partner_ids else Q(pk__in=())


class Program(Record):
    """A tier program. A partner is in every program that is for its category and market; the first of them by
    position is its primary one. Empty `categories` and `markets`: for all; `products`: those that its margins price.
    """

    tenant = SHARED
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=1)
    categories = models.ManyToManyField("partners.Category", blank=True, related_name="+")
    markets = models.ManyToManyField("catalog.Market", blank=True, related_name="+")
    products = models.ManyToManyField("catalog.Product", blank=True, related_name="+")

    objects = ProgramQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class ProgramVersion(Record):
    """One version of a tier program. Only a draft is changed; whatever is announced or in force never is."""

    tenant = AnnouncedOnly()
    program = models.ForeignKey(Program, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=as_choices(*rules.STATES), default=rules.DRAFT)
    settings = models.JSONField(default=dict, blank=True)
    drafted_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    announced_on = models.DateField(null=True, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["program", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "number"],
                name="one_version_per_number",
                violation_error_message=_("This program has a version of this number."),
            ),
            models.UniqueConstraint(
                fields=["program"],
                condition=Q(state=rules.ACTIVE),
                name="one_active_version",
                violation_error_message=_("Another version is in force."),
            ),
            models.UniqueConstraint(
                fields=["program", "state"],
                condition=Q(state=rules.SCHEDULED),
                name="one_scheduled_version",
                violation_error_message=_("Another version is announced already."),
            ),
            models.CheckConstraint(
                name="version_has_its_days",
                condition=Q(
                    state__in=rules.ANNOUNCED, announced_on__isnull=False, effective_from__isnull=False
                )
                | (~Q(state__in=rules.ANNOUNCED) & Q(announced_on=None, effective_from=None)),
                violation_error_message=_("An announced version has its first day, and a draft has none."),
            ),
            models.CheckConstraint(
                name="version_is_approved_by_another",
                condition=Q(drafted_by=None) | Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
                violation_error_message=_("Whoever drafted the version does not approve it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    @property
    def label(self) -> str:
        """What evaluations are sealed with: the program's code and the version's number."""
        return f"{self.program.code}/{self.number}"

    @property
    def open_moves(self) -> list[str]:
        return rules.LIFECYCLE.open_moves(self.state)

    def get_absolute_url(self) -> str:
        return f"/manage/tiers/versions/{self.pk}/"


class Announcement(Record):
    """What an announced version means for one partner, as it was told, and that somebody there has read it."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="tier_announcements")
    program_version = models.ForeignKey(ProgramVersion, models.CASCADE, related_name="announcements")
    effective_from = models.DateField()
    change = models.CharField(max_length=10, choices=as_choices(*rules.CHANGES))
    held_code = models.CharField(max_length=40, blank=True)
    then_code = models.CharField(max_length=40, blank=True)
    sentences = models.JSONField(default=list, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-effective_from", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "program_version"],
                condition=Q(called_off_at=None),
                name="one_announcement_per_partner",
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.program_version}"

    def get_absolute_url(self) -> str:
        return "/portal/tier/"
