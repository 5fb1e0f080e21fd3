"""Versions of the rules of engagement."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices
from core.scoping import Tenant
from deals import engagement
from deals.querysets import EngagementRulesQuerySet


class Told(Tenant):
    """The vendor's people see every version, partners those that were announced."""

    def q(self, actor: Any) -> Q:
        if actor.is_vendor:
            return Q()
        return Q(state__in=engagement.TOLD) if actor.partner_ids else Q(pk__in=())


class EngagementRules(Record):
    """One version of the rules by which registrations are decided. Once announced it is never changed."""

    tenant = Told()
    number = models.PositiveSmallIntegerField(unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    sections = models.JSONField(default=list)
    changes = models.TextField(_("what changes"), max_length=1000, blank=True)
    # An adverse change needs notice; one that is none says why.
    is_adverse = models.BooleanField(_("may be worse for partners"), default=True)
    because = models.CharField(_("why it is not worse for partners"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=as_choices(*engagement.STATES), default=engagement.DRAFT)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    announced_at = models.DateTimeField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = EngagementRulesQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=engagement.ACTIVE),
                name="one_version_in_force",
                violation_error_message=_("Another version is in force."),
            ),
            models.CheckConstraint(
                name="announced_rules_have_day",
                condition=~Q(state__in=engagement.TOLD)
                | Q(effective_on__isnull=False, announced_at__isnull=False),
                violation_error_message=_("Announced rules have the day from which they hold."),
            ),
            models.CheckConstraint(
                name="rules_that_need_no_notice_say_why",
                condition=Q(is_adverse=True) | ~Q(because=""),
                violation_error_message=_("Say why the change is not worse for partners."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    @property
    def rules(self) -> list[engagement.Section]:
        return engagement.sections_of(self.sections)

    @property
    def open_moves(self) -> list[str]:
        return engagement.LIFECYCLE.open_moves(self.state)

    def get_absolute_url(self) -> str:
        return f"/manage/rules/{self.pk}/"
