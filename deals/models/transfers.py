"""Transfers of a protection from one partner to another."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices
from deals import rules
from deals.models.registrations import USER, Deal
from deals.querysets import ConsentQuerySet, TransferQuerySet
from partners.models import Partner


class Transfer(Record):
    """A registration that is to pass from its holder to another partner. The holder and the vendor see this row;
    the receiver sees its own consent alone."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="transfers")
    # What a holder that asks says; who the partners of the program are, it is not told.
    wish = models.CharField(_("to whom"), max_length=200, blank=True)
    reason = models.TextField(_("why"), max_length=1000)
    requested_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    receiver = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(
        max_length=12, choices=as_choices(*rules.TRANSFER_STATES), default=rules.REQUESTED
    )
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.TextField(max_length=1000, blank=True)
    # The receiver's registration, once it is carried out; the vendor's alone to know.
    taken_over_by = models.OneToOneField(
        Deal, models.PROTECT, null=True, blank=True, related_name="taken_over_from"
    )

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "due_at"], name="transfer_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(state__in=rules.OPEN_TRANSFERS),
                name="one_open_transfer",
                violation_error_message=_("A transfer of this registration is under way already."),
            ),
            models.CheckConstraint(
                name="proposed_transfer_names_receiver",
                condition=Q(state__in=[rules.REQUESTED, rules.CANCELLED, rules.CLOSED])
                | Q(receiver__isnull=False),
                violation_error_message=_("Say to whom it is transferred."),
            ),
            models.CheckConstraint(
                name="carried_out_transfer_has_deal",
                condition=~Q(state=rules.CARRIED_OUT) | Q(taken_over_by__isnull=False),
                violation_error_message=_("A transfer that was carried out has its new registration."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal.number} {self.deal.customer_name}"

    @property
    def open_moves(self) -> list[str]:
        return rules.TRANSFER.open_moves(self.state)

    def get_absolute_url(self) -> str:
        return f"/manage/transfers/{self.pk}/"


class Consent(Record):
    """What one partner says to a transfer: the holder is asked first, the receiver once the holder agrees."""

    tenant = "partner_id"
    # Sellers who see only their own have no part in it: admins answer.
    takes_part = ("answered_by",)
    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="consents")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=as_choices(*rules.SIDES))
    state = models.CharField(
        max_length=10, choices=as_choices(*rules.CONSENT_STATES), default=rules.REQUESTED
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.TextField(max_length=1000, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["transfer", "side"],
                name="one_consent_per_side",
                violation_error_message=_("This partner has been asked already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.transfer)

    @property
    def is_receiver(self) -> bool:
        return self.side == rules.RECEIVING

    @property
    def open_moves(self) -> list[str]:
        """None any more once the transfer is over."""
        return rules.CONSENT.open_moves(self.state) if self.transfer.state in rules.OPEN_TRANSFERS else []

    def get_absolute_url(self) -> str:
        return f"/manage/transfers/{self.transfer_id}/"

    @property
    def portal_url(self) -> str:
        return f"/portal/transfers/{self.pk}/"
