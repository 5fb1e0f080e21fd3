"""Deal registrations and all that hangs on them: checks, protections, bookings, go-lives."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from catalog.models import Channel, Coded, Product
from core.clock import day
from core.models import Record, as_choices
from core.money import LARGEST_MINOR, CurrencyField, Money
from core.scoping import ScopedQuerySet
from core.text import normal
from deals import rules
from deals.querysets import (
    AppealQuerySet,
    BookingQuerySet,
    ConflictCheckQuerySet,
    DealQuerySet,
    ExtensionQuerySet,
    ImplementationQuerySet,
    ProtectionQuerySet,
)
from partners.models import Organization, Partner
from partners.rules import domain_of

USER = settings.AUTH_USER_MODEL


class DealType(Coded):
    """A way to sell together: referral, resale, co-sell …"""

    definition = models.CharField(max_length=300)


class Stage(Coded):
    """How far the partner has come with the customer; the definition says when a stage is reached."""

    definition = models.CharField(max_length=300)


class Deal(Record):
    """A deal registration: a partner's claim to a customer and products, and what became of it."""

    tenant = "partner_id"
    number = models.CharField(max_length=16, unique=True, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="deals")
    submitted_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=8, choices=as_choices(*rules.SOURCES), default="portal")
    external_ref = models.CharField(_("your reference"), max_length=100, blank=True)

    # The customer as the partner wrote it, and the organization that it is.
    customer_name = models.CharField(_("customer"), max_length=200)
    customer_country = CountryField(_("country"), blank=True)
    customer_city = models.CharField(_("city"), max_length=120, blank=True)
    customer_website = models.CharField(_("customer's website"), max_length=200, blank=True)
    customer_key = models.CharField(max_length=220, blank=True, editable=False)
    customer_domain = models.CharField(max_length=200, blank=True, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="deals"
    )
    # Whether the partner may know which organization it is: it chose it, or the registration was approved.
    is_customer_known = models.BooleanField(default=False, editable=False)

    products = models.ManyToManyField(Product, blank=True, related_name="+")
    type = models.ForeignKey(DealType, models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="+")
    amount_minor = models.BigIntegerField(_("value"), null=True, blank=True)
    currency = CurrencyField()
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    what_it_did = models.TextField(_("what you have done so far"), max_length=2000, blank=True)
    no_patient_data = models.BooleanField(_("contains no patient data"), default=False)
    contact = models.CharField(_("contact at the customer"), max_length=200, blank=True)
    competitor = models.CharField(max_length=200, blank=True)
    help_wanted = models.CharField(max_length=8, choices=as_choices(*rules.HELP), default="none")
    procurement_route = models.CharField(max_length=16, blank=True, choices=as_choices(*rules.PROCUREMENT))
    procurement_reference = models.CharField(max_length=100, blank=True)
    tender_deadline_on = models.DateField(null=True, blank=True)

    state = models.CharField(max_length=16, choices=as_choices(*rules.STATES), default=rules.DRAFT)
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="+")
    stage_changed_at = models.DateTimeField(null=True, blank=True)

    submitted_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True, editable=False)
    question = models.TextField(max_length=1000, blank=True)
    asked_fields = models.JSONField(default=list, blank=True)

    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=40, blank=True)
    comment = models.TextField(max_length=1000, blank=True)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    protected_from = models.DateField(null=True, blank=True)
    protected_until = models.DateField(null=True, blank=True)
    # The last day of the other partner's protection that a refusal rests on.
    contested_until = models.DateField(null=True, blank=True)

    won_on = models.DateField(null=True, blank=True)
    win_reference = models.CharField(_("reference"), max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    conflict_score = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, blank=True, editable=False
    )
    conflict_verdict = models.CharField(max_length=8, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)

    objects = DealQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["partner", "state"], name="deal_partner_state"),
            models.Index(fields=["state", "next_at"], name="deal_state_next"),
            models.Index(fields=["next_at", "id"], name="deal_next"),
            models.Index(fields=["customer_key"], name="deal_customer_key"),
            models.Index(fields=["customer_domain"], name="deal_customer_domain"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "external_ref"],
                condition=~Q(external_ref=""),
                name="one_deal_per_reference",
                violation_error_message=_("There is a registration with this reference already."),
            ),
            models.CheckConstraint(
                name="deal_amount_is_sane",
                condition=Q(amount_minor__isnull=True)
                | Q(amount_minor__gt=0, amount_minor__lte=LARGEST_MINOR),
                violation_error_message=_("Enter a value above zero that a customer could pay."),
            ),
            models.CheckConstraint(
                name="submitted_deal_is_complete",
                condition=Q(state__in=rules.NEVER_SUBMITTED)
                | Q(
                    submitted_at__isnull=False,
                    due_at__isnull=False,
                    amount_minor__isnull=False,
                    expected_close_on__isnull=False,
                    no_patient_data=True,
                ),
                violation_error_message=_("A submitted registration is complete."),
            ),
            models.CheckConstraint(
                name="protected_deal_has_dates",
                condition=~Q(state__in=rules.HAD_PROTECTION)
                | Q(organization__isnull=False, protected_from__isnull=False, protected_until__isnull=False),
                violation_error_message=_("A protection has a customer and its days."),
            ),
            models.CheckConstraint(
                name="refused_deal_has_reason",
                condition=~Q(state__in=[rules.REJECTED, rules.LOST, rules.WITHDRAWN, rules.REVOKED])
                | ~Q(reason=""),
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                name="duplicate_names_the_other",
                condition=~Q(state=rules.DUPLICATE) | Q(duplicate_of__isnull=False),
                violation_error_message=_("Say which registration this is a duplicate of."),
            ),
            models.CheckConstraint(
                name="won_deal_has_day",
                condition=~Q(state=rules.WON) | Q(won_on__isnull=False),
                violation_error_message=_("A won deal has the day on which it was won."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.customer_name}"

    def clean(self) -> None:
        super().clean()
        self.customer_key = rules.customer_key(self.customer_name, str(self.customer_country))
        self.customer_domain = domain_of(self.customer_website) if self.customer_website else ""
        self.search_text = normal(
            f"{self.number} {self.customer_name} {self.customer_city} {self.external_ref}"
        )

    def get_absolute_url(self) -> str:
        return f"/manage/deals/{self.pk}/"

    @property
    def decide_url(self) -> str:
        return f"{self.get_absolute_url()}decide/"

    @property
    def portal_url(self) -> str:
        return f"/portal/deals/{self.pk}/"

    @property
    def amount(self) -> Money | None:
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency)

    @property
    def ends_at(self) -> datetime | None:
        """When the protection is over, or None where there never was one."""
        return rules.ends_at(self.protected_until, self.time_zone) if self.protected_until else None

    def day_of(self, at: datetime) -> date:
        """The day of an instant where the deal is registered."""
        return day(at, ZoneInfo(self.time_zone or self.partner.time_zone))

    @property
    def open_moves(self) -> list[str]:
        return rules.LIFECYCLE.open_moves(self.state)

    @property
    def is_editable(self) -> bool:
        return self.state in rules.EDITABLE


class ConflictCheck(Record):
    """One look for conflicts: what was found at that moment, under which rules, and the verdict."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="conflict_checks")
    rule_version = models.CharField(max_length=16)
    score = models.DecimalField(max_digits=4, decimal_places=1)
    verdict = models.CharField(max_length=8, choices=as_choices(*rules.VERDICTS))

    objects = ConflictCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["deal", "-created_at"], name="check_deal")]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.verdict} ({self.score})"


class ConflictFactor(Record):
    """One line of a check's arithmetic about one other registration, as it was at that moment."""

    tenant = "conflict_check__deal__partner_id"
    conflict_check = models.ForeignKey(ConflictCheck, models.CASCADE, related_name="factors")
    position = models.PositiveSmallIntegerField()
    other = models.ForeignKey(Deal, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=as_choices(*rules.KINDS))
    complete_since = models.DateField()
    protected_until = models.DateField(null=True, blank=True)
    code = models.CharField(max_length=12, choices=as_choices(*rules.FACTOR_WORDS))
    mine = models.CharField(max_length=400, blank=True)
    theirs = models.CharField(max_length=400, blank=True)
    alike = models.DecimalField(max_digits=4, decimal_places=2)
    weight = models.DecimalField(max_digits=4, decimal_places=2)
    points = models.DecimalField(max_digits=4, decimal_places=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["conflict_check", "position"], name="one_factor_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.points}"


class Protection(Record):
    """A partner's protection on one customer and product. Released ones are history; a running one is the only one."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="protections")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="protections")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    until = models.DateField()
    ends_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    objects = ProtectionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(released_at=None), name="protection_lapse"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "product"],
                condition=Q(released_at=None),
                name="one_running_protection",
                violation_error_message=_("Another partner is protected on this customer."),
            ),
            models.CheckConstraint(
                name="protection_ends_after_start",
                condition=Q(until__gte=F("starts_on")),
                violation_error_message=_("A protection ends on or after its first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} until {self.until}"


class Extension(Record):
    """A partner's request to be protected longer, or again, with what happened lately; and the vendor's answer."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="extensions")
    kind = models.CharField(max_length=10, choices=as_choices(*rules.EXTENSION_KINDS))
    days = models.PositiveSmallIntegerField()
    evidence = models.TextField(_("what happened lately"), max_length=1000)
    activity_on = models.DateField(_("the day of it"))
    state = models.CharField(
        max_length=10, choices=as_choices(*rules.EXTENSION_STATES), default=rules.REQUESTED
    )
    requested_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=40, blank=True)
    comment = models.TextField(max_length=1000, blank=True)
    # The last day of the protection that a grant gave.
    until = models.DateField(null=True, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "due_at"], name="extension_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(state=rules.REQUESTED),
                name="one_waiting_extension",
                violation_error_message=_("A request is waiting for an answer already."),
            ),
            models.CheckConstraint(
                name="granted_extension_has_day",
                condition=~Q(state=rules.GRANTED) | Q(until__isnull=False),
                violation_error_message=_("A grant has its last day."),
            ),
            models.CheckConstraint(
                name="refused_extension_has_reason",
                condition=~Q(state=rules.REFUSED) | ~Q(reason=""),
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal.number}, {self.get_kind_display()}"

    @property
    def open_moves(self) -> list[str]:
        return rules.EXTENSION_LIFECYCLE.open_moves(self.state)

    @property
    def decide_url(self) -> str:
        return f"/manage/extensions/{self.pk}/decide/"

    def get_absolute_url(self) -> str:
        return f"/manage/deals/{self.deal_id}/"


class Appeal(Record):
    """A partner's appeal against a refusal. It keeps what was decided and by whom: someone else decides the appeal."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="appeals")
    grounds = models.TextField(_("grounds"), max_length=2000)
    submitted_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    # The decision that it is against, as it stood then: the registration may move on.
    refusal = models.CharField(max_length=16, choices=as_choices(*rules.APPEALABLE))
    refused_at = models.DateTimeField()
    first_decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    state = models.CharField(max_length=10, choices=as_choices(*rules.APPEAL_STATES), default=rules.SUBMITTED)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "due_at"], name="appeal_state_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "refused_at"],
                name="one_appeal_per_decision",
                violation_error_message=_("This decision has been appealed already."),
            ),
            models.CheckConstraint(
                name="appeal_has_second_reviewer",
                condition=Q(first_decided_by=None)
                | Q(decided_by=None)
                | ~Q(decided_by=F("first_decided_by")),
                violation_error_message=_("Whoever decided the registration does not decide its appeal."),
            ),
            models.CheckConstraint(
                name="decided_appeal_has_its_facts",
                condition=~Q(state__in=[rules.UPHELD, rules.DISMISSED]) | Q(decided_at__isnull=False),
                violation_error_message=_("A decided appeal has the instant of its decision."),
            ),
            models.CheckConstraint(
                name="dismissed_appeal_has_answer",
                condition=~Q(state=rules.DISMISSED) | ~Q(answer=""),
                violation_error_message=_("Tell the partner why."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.deal)

    def get_absolute_url(self) -> str:
        return f"/manage/appeals/{self.pk}/"

    @property
    def decide_url(self) -> str:
        return f"{self.get_absolute_url()}decide/"

    @property
    def open_moves(self) -> list[str]:
        return rules.APPEAL.open_moves(self.state)

    @property
    def is_waiting(self) -> bool:
        return self.state == rules.SUBMITTED


class Booking(Record):
    """An amount that counts, from its day on. Rows are never changed: a correction is another row, negative, dated."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="bookings")
    amount_minor = models.BigIntegerField()
    currency = CurrencyField()
    booked_on = models.DateField()
    program_minor = models.BigIntegerField()
    program_currency = CurrencyField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    reference = models.CharField(max_length=100, blank=True)
    booked_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    reverses = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    reason = models.CharField(max_length=40, blank=True)
    comment = models.CharField(max_length=400, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-booked_on", "-id"]
        indexes = [models.Index(fields=["deal", "booked_on"], name="booking_deal_day")]
        constraints = [
            models.CheckConstraint(
                name="correction_is_negative",
                condition=Q(reverses__isnull=True, amount_minor__gt=0)
                | (Q(reverses__isnull=False, amount_minor__lt=0) & ~Q(reason="")),
                violation_error_message=_("A booking is above zero; a correction is below and has a reason."),
            ),
            models.CheckConstraint(
                name="booking_amount_is_sane",
                condition=Q(amount_minor__lte=LARGEST_MINOR, amount_minor__gte=-LARGEST_MINOR),
                violation_error_message=_("This amount is too large."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.booked_on}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def correct_url(self) -> str:
        return f"/manage/bookings/{self.pk}/correct/"

    @property
    def program_amount(self) -> Money:
        return Money(self.program_minor, self.program_currency)

    def get_absolute_url(self) -> str:
        return f"/manage/deals/{self.deal_id}/"


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
        indexes = [models.Index(fields=["state", "due_at"], name="implementation_due")]
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
