"""Protections, and requests for more time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Coded, Product
from core.models import Record, as_choices
from deals import rules
from deals.models.registrations import USER, Deal
from deals.querysets import ExtensionQuerySet, ProtectionLengthQuerySet, ProtectionQuerySet
from partners.models import Organization


class ProtectionLength(Coded):
    """How long the program protects certain registrations. The first row that fits, in their order, applies.

    Empty lists fit all: deal types, the partner's tier, the customer's kind. `public_bodies` adds those to the kinds.
    """

    definition = models.CharField(max_length=300)
    types = models.JSONField(default=list, blank=True)
    tiers = models.JSONField(default=list, blank=True)
    kinds = models.JSONField(default=list, blank=True)
    public_bodies = models.BooleanField(default=False)
    days = models.PositiveSmallIntegerField()
    # If the tender's deadline is known, at least until so many days after it.
    after_tender_days = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = ProtectionLengthQuerySet.as_manager()


class Protection(Record):
    """A partner's protection on one customer and product. Released ones are history; a running one is the only one."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="protections")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="protections")
    includes_below = models.BooleanField(default=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    until = models.DateField()
    ends_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    objects = ProtectionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(released_at=None), name="protection_lapse"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "product"],
                condition=Q(released_at=None),
                name="one_running_protection",
                violation_error_message=_("Another partner is protected on this customer."),
            ),
            models.CheckConstraint(
                name="protection_ends_after_start",
                condition=Q(until__gte=F("starts_on")),
                violation_error_message=_("A protection ends on or after its first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} until {self.until}"


class Extension(Record):
    """A partner's request to be protected longer, or again, with what happened lately; and the vendor's answer."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="extensions")
    kind = models.CharField(max_length=10, choices=as_choices(*rules.EXTENSION_KINDS))
    days = models.PositiveSmallIntegerField()
    evidence = models.TextField(_("what happened lately"), max_length=1000)
    activity_on = models.DateField(_("the day of it"))
    state = models.CharField(
        max_length=10, choices=as_choices(*rules.EXTENSION_STATES), default=rules.REQUESTED
    )
    requested_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=40, blank=True)
    comment = models.TextField(max_length=1000, blank=True)
    # The last day of the protection that a grant gave.
    until = models.DateField(null=True, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "due_at"], name="extension_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(state=rules.REQUESTED),
                name="one_waiting_extension",
                violation_error_message=_("A request is waiting for an answer already."),
            ),
            models.CheckConstraint(
                name="granted_extension_has_day",
                condition=~Q(state=rules.GRANTED) | Q(until__isnull=False),
                violation_error_message=_("A grant has its last day."),
            ),
            models.CheckConstraint(
                name="refused_extension_has_reason",
                condition=~Q(state=rules.REFUSED) | ~Q(reason=""),
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal.number}, {self.get_kind_display()}"

    @property
    def open_moves(self) -> list[str]:
        return rules.EXTENSION_LIFECYCLE.open_moves(self.state)

    @property
    def decide_url(self) -> str:
        return f"/manage/extensions/{self.pk}/decide/"

    def get_absolute_url(self) -> str:
        return f"/manage/deals/{self.deal_id}/"
