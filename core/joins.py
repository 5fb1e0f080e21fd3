"""Rows that stand beside each other under one parent, joined without asking the parent's table for anything."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.fields.related import ForeignObject


class Beside(ForeignObject):
    """On a model: the rows of another model that have the same parent, e.g. the bookings of a share's deal.

    For queries alone (`bookings__amount` in place of `deal__bookings__amount`, which joins the deals in between): no
    column, no constraint, and nothing but None on an instance.
    """

    requires_unique_target = False  # several rows may have the same parent

    def __init__(self, to: str, by: str) -> None:
        super().__init__(
            to, models.DO_NOTHING, from_fields=[by], to_fields=[by], related_name="+", null=True, blank=True,
            editable=False, serialize=False,
        )  # fmt: skip

    def contribute_to_class(self, cls: type[models.Model], name: str, **options: Any) -> None:
        super().contribute_to_class(cls, name, **{**options, "private_only": True})
        setattr(cls, name, None)
