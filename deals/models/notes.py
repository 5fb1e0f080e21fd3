"""What colleagues note on a registration."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Record
from core.scoping import ForVendor, ScopedQuerySet
from deals.models.registrations import USER, Deal


class DealNote(Record):
    """A note for colleagues: no partner reads it, nobody changes it or takes it back."""

    tenant = ForVendor("deal__partner_id")
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="notes")
    author = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("note"), max_length=2000)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["deal", "-created_at"], name="note_deal")]

    def __str__(self) -> str:
        return f"{self.deal_id}, {self.created_at:%Y-%m-%d}"
