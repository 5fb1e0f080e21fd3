"""What is remembered of gates."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Coded
from compliance import rules
from compliance.querysets import GateRecordQuerySet
from core.models import Record
from partners.models import Partner


class Gate(Coded):
    """Something a certified partner has passed, what proves it, and for how long it holds."""

    validity_months = models.PositiveSmallIntegerField(_("months of validity"))
    evidence = models.CharField(_("evidence"), max_length=300)


class GateRecord(Record):
    """A partner passed a gate on a day, with its evidence. A renewal is another record."""

    tenant = "partner_id"
    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="gate_records", verbose_name=_("partner")
    )
    gate = models.ForeignKey(Gate, models.PROTECT, related_name="records", verbose_name=_("gate"))
    passed_on = models.DateField(_("passed on"))
    valid_until = models.DateField(_("valid until"))
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_on = models.DateField(null=True, blank=True)
    revocation_reason = models.CharField(max_length=40, blank=True)
    revocation_comment = models.CharField(max_length=500, blank=True)
    expiry_noted_on = models.DateField(null=True, blank=True, editable=False)

    objects = GateRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-passed_on", "-id"]
        indexes = [
            models.Index(fields=["partner", "gate", "valid_until"], name="gate_record_partner"),
            models.Index(fields=["valid_until", "id"], name="gate_record_expiry"),
            models.Index(fields=["passed_on", "id"], name="gate_record_passed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "gate", "passed_on"],
                condition=Q(revoked_on=None),
                name="one_gate_record_per_day",
                violation_error_message=_("This gate is recorded for this day already."),
            ),
            models.CheckConstraint(
                name="gate_record_days_in_order",
                condition=Q(valid_until__gte=F("passed_on")),
                violation_error_message=_("The last valid day is not before the day on which it was passed."),
            ),
            models.CheckConstraint(
                name="revoked_gate_record_has_reason",
                condition=Q(revoked_on=None) | ~Q(revocation_reason=""),
                violation_error_message=_("A revocation needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}, {self.gate}"

    @property
    def dates(self) -> rules.Dates:
        return rules.Dates(self.passed_on, self.valid_until, self.revoked_on)

    def state(self, on: date, expiring_days: int) -> str:
        return rules.state(self.dates, on, expiring_days)

    def is_renewed(self) -> bool:
        """Whether a later record of the same gate stands."""
        later = GateRecord.objects.filter(partner=self.partner_id, gate=self.gate_id, revoked_on=None)
        return later.filter(valid_until__gt=self.valid_until).exists()

    def get_absolute_url(self) -> str:
        return f"/manage/gate-records/{self.pk}/"
