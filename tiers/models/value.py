"""What tiers give and cost: benefits used, money spent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Record
from core.scoping import ForVendor
from partners.models import Partner
from tiers.models.programs import Program
from tiers.querysets import (
    TakenBackQuerySet,
)

USER = settings.AUTH_USER_MODEL


class BenefitUse(Record):
    """That a partner used a benefit on a day: how often, or for how much money of the program's currency."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="benefit_uses")
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    code = models.SlugField(_("benefit"), max_length=60)
    used_on = models.DateField(_("used on"))
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    amount_minor = models.BigIntegerField(_("amount"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = TakenBackQuerySet.as_manager()

    class Meta:
        ordering = ["-used_on", "-created_at"]
        indexes = [models.Index(fields=["partner", "code", "used_on"], name="benefit_use_partner")]

    def __str__(self) -> str:
        return f"{self.partner}: {self.code}"


class TierInvestment(Record):
    """What we spent on a partner on a day: the cost side of a tier, besides margin and benefits."""

    tenant = ForVendor("partner_id")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="tier_investments")
    spent_on = models.DateField(_("spent on"))
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    program_minor = models.BigIntegerField()
    purpose = models.CharField(_("purpose"), max_length=200)
    recorded_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = TakenBackQuerySet.as_manager()

    class Meta:
        ordering = ["-spent_on", "-created_at"]
        indexes = [models.Index(fields=["partner", "spent_on"], name="tier_investment_partner")]

    def __str__(self) -> str:
        return f"{self.partner}: {self.purpose}"
