"""Reference data, loaded from the program file."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Record
from core.money import CurrencyField
from core.scoping import SHARED, VENDOR, ScopedQuerySet


class ActiveQuerySet(ScopedQuerySet):
    def active(self) -> "ActiveQuerySet":
        return self.filter(is_active=True)


class Coded(Record):
    """A named row with a stable code, and where its figures come from."""

    tenant = SHARED
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    source = models.JSONField(default=dict, blank=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Market(Coded):
    """A market: its countries (ISO 3166 alpha-2), currency, time zone."""

    countries = models.JSONField(default=list)
    currency = CurrencyField()
    time_zone = models.CharField(max_length=64)
    languages = models.JSONField(default=list, blank=True)


class Region(Record):
    """The markets that a person of the vendor looks after. It grants nothing: it says what is shown first."""

    tenant = VENDOR
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="region")
    markets = models.ManyToManyField(Market, related_name="regions")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user}'s region"


class Product(Coded):
    """Something partners sell."""

    summary = models.CharField(max_length=300, blank=True)


class Channel(Coded):
    """A way to the customer: direct, indirect, digital, OEM."""

    target_markets = models.CharField(max_length=300, blank=True)
    sales_model = models.CharField(max_length=300, blank=True)
    parts = models.JSONField(default=list, blank=True)
    investment = models.JSONField(null=True, blank=True)
    launch = models.CharField(max_length=40, blank=True)


class ReasonCode(Record):
    """Why something was decided, by domain ("deal_rejection", "partner_suspension", …)."""

    tenant = SHARED
    domain = models.SlugField(max_length=40)
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=160)
    letter_text = models.CharField(max_length=400, blank=True)
    partner_visible = models.BooleanField(default=True)
    requires_comment = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        ordering = ["domain", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["domain", "code"], name="one_reason_per_code")]

    def __str__(self) -> str:
        return self.label


class FxRate(Record):
    """Units of the program's currency for one unit of another, as published on a day."""

    tenant = SHARED
    currency = CurrencyField()
    base = CurrencyField()
    on = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    origin = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "base", "on"],
                name="one_rate_per_day",
                violation_error_message=_("This day has a rate already."),
            ),
            models.CheckConstraint(name="rate_is_positive", condition=models.Q(rate__gt=0)),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate} {self.base} on {self.on}"


class Setting(Record):
    """One rule value with its rationale, read by code through `catalog.querysets.setting`."""

    tenant = VENDOR
    key = models.CharField(max_length=80, unique=True)
    value = models.JSONField()
    unit = models.CharField(max_length=40, blank=True)
    rationale = models.CharField(max_length=400, blank=True)
    source = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
