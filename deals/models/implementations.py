"""Go-lives at customers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from core.models import Record, as_choices
from deals import rules
from deals.models.registrations import USER, Deal
from deals.querysets import (
    ImplementationQuerySet,
)


class Implementation(Record):
    """A go-live at a customer. It counts once the customer's named person, or a signed acceptance, says so."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="implementations")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    went_live_on = models.DateField()
    contact_name = models.CharField(_("name"), max_length=120)
    contact_email = models.EmailField(_("mail address"))
    state = models.CharField(
        max_length=10, choices=as_choices(*rules.IMPLEMENTATION_STATES), default=rules.REPORTED
    )
    reported_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_on = models.DateField(null=True, blank=True)
    accepted_by = models.CharField(max_length=10, blank=True, choices=as_choices(*rules.ACCEPTED_BY))
    note = models.CharField(max_length=400, blank=True)

    objects = ImplementationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="implementation_due"),
            models.Index(fields=["went_live_on"], name="implementation_live"),
            models.Index(fields=["accepted_on"], name="implementation_accepted"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "product"],
                condition=Q(state__in=[rules.REPORTED, rules.ACCEPTED]),
                name="one_go_live_per_product",
                violation_error_message=_("The go-live of this product has been reported already."),
            ),
            models.CheckConstraint(
                name="acceptance_has_its_facts",
                condition=~Q(state=rules.ACCEPTED) | (Q(accepted_on__isnull=False) & ~Q(accepted_by="")),
                violation_error_message=_("An acceptance has its day and says who gave it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} at {self.deal.customer_name}"

    @property
    def open_moves(self) -> list[str]:
        return rules.IMPLEMENTATION.open_moves(self.state)

    def get_absolute_url(self) -> str:
        return f"/manage/deals/{self.deal_id}/"
