"""Who has a part in a deal."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.joins import Beside
from core.models import Record, as_choices
from core.scoping import ByPartner, Tenant
from deals import credit
from deals.models.registrations import USER, Deal
from deals.querysets import DealCreditQuerySet
from partners.models import Partner


@dataclass(frozen=True)
class OfCredit(Tenant):
    """The vendor's people read the credit of the deals in their reach; a partner reads its own shares alone."""

    def q(self, actor: Actor) -> Q:
        return ByPartner("deal__partner_id" if actor.is_vendor else "partner_id").q(actor)


class DealCredit(Record):
    """One share in a deal. Rows are never changed: other shares are other rows, and these are superseded from a day on.

    It holds from `valid_from` up to, and without, `superseded_on`. What was replaced before the deal was booked has
    held for no day at all. Without a partner it is the vendor's own team's.
    """

    tenant = OfCredit()
    hangs_on = "deal"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="credits")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="credits")
    family = models.CharField(max_length=12, choices=as_choices(*credit.FAMILIES))
    bookings = Beside("deals.Booking", by="deal")
    weight = models.PositiveSmallIntegerField(_("percent"))
    is_primary = models.BooleanField(default=False)
    # Of a partner's sourced and fulfilled shares the larger one: by it its own revenue counts a booking once.
    counts_once = models.BooleanField(default=False)
    basis = models.CharField(_("what it rests on"), max_length=200, blank=True)

    valid_from = models.DateField()
    locked_at = models.DateTimeField(null=True, blank=True)
    superseded_on = models.DateField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    # Why these shares were given in place of others; "" for the default.
    reason = models.CharField(max_length=40, blank=True)
    comment = models.CharField(max_length=400, blank=True)
    set_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DealCreditQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["partner", "family", "valid_from"], name="credit_partner_family"),
            models.Index(fields=["deal", "valid_from"], name="credit_deal_day"),
            models.Index(fields=["valid_from"], name="credit_begins"),
            models.Index(
                fields=["superseded_on"], condition=Q(superseded_on__isnull=False), name="credit_ends"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "family", "partner"],
                condition=Q(superseded_at=None, partner__isnull=False),
                name="one_share_per_partner_and_role",
                violation_error_message=_("Name each one once."),
            ),
            models.UniqueConstraint(
                fields=["deal", "family"],
                condition=Q(superseded_at=None, partner=None),
                name="one_direct_share_per_role",
                violation_error_message=_("Name each one once."),
            ),
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(superseded_at=None, is_primary=True),
                name="one_primary_source",
                violation_error_message=_("A deal has exactly one primary source."),
            ),
            models.CheckConstraint(
                name="a_share_is_a_percentage",
                condition=Q(weight__gte=1, weight__lte=credit.WHOLE),
                violation_error_message=_("A share is between 1 and 100%."),
            ),
            models.CheckConstraint(
                name="primary_means_sourced",
                condition=Q(is_primary=False) | Q(family=credit.SOURCED),
                violation_error_message=_("Only a source is primary."),
            ),
            models.CheckConstraint(
                name="superseded_after_it_held",
                condition=Q(superseded_on=None, superseded_at=None)
                | Q(superseded_at__isnull=False, superseded_on__gte=F("valid_from")),
                violation_error_message=_("A share is superseded on or after its first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.deal.number

    @property
    def share(self) -> credit.Share:
        return credit.Share(self.partner_id, self.family, self.weight, self.basis, self.is_primary)

    @property
    def others(self) -> int:
        """The percentage that others have in the same role."""
        return credit.WHOLE - self.weight

    @property
    def is_current(self) -> bool:
        return self.superseded_at is None

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None
