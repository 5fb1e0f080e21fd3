"""What direct sales hold: opportunities, the approved list of accounts, accounts closed to all, who serves whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Coded, Product
from core.models import Record, as_choices
from core.money import LARGEST_MINOR, CurrencyField, Money
from core.scoping import VENDOR
from core.text import normal
from deals import direct
from deals.querysets import DirectAccountQuerySet, DirectOpportunityQuerySet, SegmentPolicyQuerySet
from partners.models import Organization

USER = settings.AUTH_USER_MODEL


class DirectOpportunity(Record):
    """Business that direct sales follow up themselves: a customer, products, and since when they are there."""

    tenant = VENDOR
    number = models.CharField(max_length=16, unique=True, editable=False)
    external_ref = models.CharField(_("reference"), max_length=100, blank=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="direct_opportunities")
    title = models.CharField(_("what it is about"), max_length=200)
    products = models.ManyToManyField(Product, blank=True, related_name="+")
    owner = models.CharField(_("owner"), max_length=120, blank=True)
    stage = models.CharField(_("stage"), max_length=60, blank=True)
    state = models.CharField(max_length=8, choices=as_choices(*direct.STATES), default=direct.OPEN)
    first_activity_on = models.DateField(_("first activity"))
    last_activity_on = models.DateField(_("last activity"), null=True, blank=True)
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    amount_minor = models.BigIntegerField(_("value"), null=True, blank=True)
    currency = CurrencyField()
    search_text = models.TextField(blank=True, editable=False)

    objects = DirectOpportunityQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "organization"], name="direct_opportunity_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["external_ref"],
                condition=~Q(external_ref=""),
                name="one_opportunity_per_reference",
                violation_error_message=_("There is an opportunity with this reference already."),
            ),
            models.CheckConstraint(
                name="opportunity_amount_is_sane",
                condition=Q(amount_minor__isnull=True)
                | Q(amount_minor__gt=0, amount_minor__lte=LARGEST_MINOR),
                violation_error_message=_("Enter a value above zero that a customer could pay."),
            ),
            models.CheckConstraint(
                name="last_activity_follows_the_first",
                condition=Q(last_activity_on__isnull=True) | Q(last_activity_on__gte=F("first_activity_on")),
                violation_error_message=_("The last activity is not before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def clean(self) -> None:
        super().clean()
        self.search_text = normal(f"{self.number} {self.title} {self.external_ref} {self.organization.name}")

    def get_absolute_url(self) -> str:
        return f"/manage/direct/opportunities/{self.pk}/"

    @property
    def amount(self) -> Money | None:
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency)


class Standing(Record):
    """An account with which something holds from a day until it is ended."""

    tenant = VENDOR
    reason = models.CharField(_("why"), max_length=300)
    since = models.DateField(_("since"))
    ended_on = models.DateField(null=True, blank=True)

    objects = DirectAccountQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.organization)  # type: ignore[attr-defined]


class DirectAccount(Standing):
    """An account on the approved list: direct sales serve it. `refreshed_on`: when the list last confirmed it."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="direct_accounts")
    refreshed_on = models.DateField(_("confirmed on"))
    is_old = False  # a list says so of its rows
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(ended_on=None),
                name="one_entry_per_direct_account",
                violation_error_message=_("This account is on the list already."),
            )
        ]

    def get_absolute_url(self) -> str:
        return "/manage/direct/accounts/"


class BlockedAccount(Standing):
    """An account that nobody may register: excluded by law, by contract or by decision."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="blocks")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(ended_on=None),
                name="one_block_per_account",
                violation_error_message=_("This account is blocked already."),
            )
        ]

    def get_absolute_url(self) -> str:
        return "/manage/direct/blocked/"


class SegmentPolicy(Coded):
    """Who serves a kind of customer in some markets: direct sales alone, partners first, or both. Program data."""

    definition = models.CharField(max_length=300)
    kinds = models.JSONField(default=list, blank=True)
    markets = models.JSONField(default=list, blank=True)
    mode = models.CharField(max_length=12, choices=as_choices(*direct.MODES))

    objects = SegmentPolicyQuerySet.as_manager()

    class Meta(Coded.Meta):
        pass

    def get_absolute_url(self) -> str:
        return "/manage/direct/policies/"
