"""Files of registrations that partners send, and what became of each of their lines."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices
from core.scoping import ScopedQuerySet
from deals import rules
from deals.models.registrations import USER, Deal
from deals.querysets import DealImportQuerySet
from partners.models import Partner


class DealImport(Record):
    """A file of registrations: checked line by line first, registered once somebody says so, by a worker."""

    tenant = "partner_id"
    takes_part = ("user",)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="deal_imports")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    is_of_vendor = models.BooleanField(default=False)  # sent by a manager, for the partner
    name = models.CharField(max_length=160)
    submits = models.BooleanField(_("send them at once"), default=False)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    unknown_columns = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=as_choices(*rules.IMPORT_STATES), default=rules.CHECKING)
    of = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    objects = DealImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "created_at"], name="deal_import_queue")]

    def __str__(self) -> str:
        return self.name

    @property
    def open_moves(self) -> list[str]:
        return rules.IMPORT.open_moves(self.state)

    @property
    def is_at_work(self) -> bool:
        return self.state in rules.IMPORT_AT_WORK

    def get_absolute_url(self) -> str:
        return f"/manage/deal-imports/{self.pk}/"


class DealImportRow(Record):
    """One line of such a file: its cells by column, what the check said of it, what became of it."""

    tenant = "deal_import__partner_id"
    deal_import = models.ForeignKey(DealImport, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    outcome = models.CharField(max_length=12, choices=as_choices(*rules.ROW_OUTCOMES), default=rules.WAITING)
    # [{"column": …, "reason": …}]
    problems = models.JSONField(default=list, blank=True)
    deal = models.ForeignKey(Deal, models.PROTECT, null=True, blank=True, related_name="+")
    is_done = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["deal_import", "line"], name="one_row_per_line")]

    def __str__(self) -> str:
        return f"{self.deal_import_id}:{self.line}"

    @property
    def customer(self) -> Any:
        return self.values.get("customer_name", "")
