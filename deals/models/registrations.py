"""Deal registrations, their types and stages."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Channel, Coded, Product
from core.clock import day
from core.countries import CountryField
from core.keyset import LastDay, LastInstant
from core.models import Record, as_choices
from core.money import LARGEST_MINOR, CurrencyField, Money
from core.text import normal
from deals import rules
from deals.models.engagement import EngagementRules
from deals.querysets import (
    DealQuerySet,
)
from partners.models import Organization, Partner
from partners.rules import domain_of

USER = settings.AUTH_USER_MODEL


class DealType(Coded):
    """A way to sell together: referral, resale, co-sell …; some continue an earlier deal and name it."""

    definition = models.CharField(max_length=300)
    names_earlier = models.BooleanField(default=False)


class Stage(Coded):
    """How far the partner has come with the customer; the definition says when a stage is reached.

    `probability` (percent) is how many of the deals at this stage are won in the end: the forecast's weight.
    """

    definition = models.CharField(max_length=300)
    probability = models.PositiveSmallIntegerField(default=0)


class Deal(Record):
    """A deal registration: a partner's claim to a customer and products, and what became of it."""

    tenant = "partner_id"
    takes_part = ("submitted_by", "people")
    number = models.CharField(max_length=16, unique=True, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="deals")
    submitted_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    # Colleagues who work on it too: they are written to, and see it where sellers see only their own.
    people = models.ManyToManyField(USER, blank=True, related_name="+")
    source = models.CharField(max_length=8, choices=as_choices(*rules.SOURCES), default="portal")
    external_ref = models.CharField(_("your reference"), max_length=100, blank=True)
    # What was said when it was begun under its reference, as one hash: a repeat says the same.
    reference_facts = models.CharField(max_length=64, blank=True, editable=False)
    # Set on the way out where a request is answered with a registration that was there already.
    is_repeat = False
    # Told by leads, above, where the registration came out of one of them.
    origin_id = models.UUIDField(null=True, blank=True, editable=False)
    origin_number = models.CharField(max_length=16, blank=True, editable=False)

    # The customer as the partner wrote it, and the organization that it is.
    customer_name = models.CharField(_("customer"), max_length=200)
    customer_country = CountryField(_("country"), blank=True)
    customer_city = models.CharField(_("city"), max_length=120, blank=True)
    customer_website = models.CharField(_("customer's website"), max_length=200, blank=True)
    customer_domain = models.CharField(max_length=200, blank=True, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="deals"
    )
    # Whether the partner may know which organization it is: it chose it, or the registration was approved.
    is_customer_known = models.BooleanField(default=False, editable=False)

    # The scope: the customer alone, or everything that belongs to it too.
    includes_below = models.BooleanField(_("with all that belongs to it"), default=False)
    scope_reason = models.TextField(_("why all of it"), max_length=500, blank=True)

    products = models.ManyToManyField(Product, blank=True, related_name="+")
    type = models.ForeignKey(DealType, models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="+")
    amount_minor = models.BigIntegerField(_("value"), null=True, blank=True)
    currency = CurrencyField()
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    what_it_did = models.TextField(_("what you have done so far"), max_length=2000, blank=True)
    no_patient_data = models.BooleanField(_("contains no patient data"), default=False)
    renews = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="renewed_by")
    contact = models.CharField(_("contact at the customer"), max_length=200, blank=True)
    contact_agreed = models.BooleanField(_("the contact agreed to hear from us"), default=False)
    # What makes it a case: who wants it there and what for, where exactly, instead of what.
    champion = models.CharField(_("who wants it there"), max_length=200, blank=True)
    need = models.TextField(_("what they need"), max_length=1000, blank=True)
    use_case = models.TextField(_("use case"), max_length=1000, blank=True)
    clinical_specialty = models.CharField(_("clinical specialty"), max_length=120, blank=True)
    facilities = models.CharField(_("facilities"), max_length=400, blank=True)
    service_lines = models.CharField(_("service lines"), max_length=400, blank=True)
    incumbent = models.CharField(_("what they use today"), max_length=200, blank=True)
    competitor = models.CharField(max_length=200, blank=True)
    help_wanted = models.CharField(max_length=8, choices=as_choices(*rules.HELP), default="none")
    procurement_route = models.CharField(max_length=16, blank=True, choices=as_choices(*rules.PROCUREMENT))
    procurement_reference = models.CharField(max_length=100, blank=True)
    tender_deadline_on = models.DateField(null=True, blank=True)

    state = models.CharField(max_length=24, choices=as_choices(*rules.STATES), default=rules.DRAFT)
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="+")
    stage_changed_at = models.DateTimeField(null=True, blank=True)
    # How often the expected close was moved to a later day since the registration was submitted.
    slips = models.PositiveSmallIntegerField(default=0, editable=False)

    submitted_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What the submission was told: the last day of another partner's protection, if one was found.
    occupied_until = models.DateField(null=True, blank=True, editable=False)
    # And the last day on which another partner, whose protection has ended, may still renew it.
    kept_until = models.DateField(null=True, blank=True, editable=False)
    # When it goes to a superior unless it is answered, and when it went.
    escalate_at = models.DateTimeField(null=True, blank=True, editable=False)
    escalated_at = models.DateTimeField(null=True, blank=True, editable=False)
    assigned_to = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    question = models.TextField(max_length=1000, blank=True)
    asked_fields = models.JSONField(default=list, blank=True)
    # The last day on which the question is answered.
    answer_until = models.DateField(null=True, blank=True)

    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    # Under which rules it was sent and is decided, whatever holds today; and the rule that the decision rests on.
    engagement_rules = models.ForeignKey(
        EngagementRules, models.PROTECT, null=True, blank=True, related_name="deals", editable=False
    )
    decided_rule = models.CharField(max_length=40, blank=True, editable=False)
    is_automatic = models.BooleanField(default=False, editable=False)
    # What was asked of it when it was sent, before a person looked: deals.automatic.Condition, one by one.
    automatic_conditions = models.JSONField(default=list, blank=True, editable=False)
    reason = models.CharField(max_length=40, blank=True)
    comment = models.TextField(max_length=1000, blank=True)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    protected_from = models.DateField(null=True, blank=True)
    protected_until = models.DateField(null=True, blank=True)
    # Until when it is protected once its conditions are met; `protected_until` is their day until then.
    unconditional_until = models.DateField(null=True, blank=True)
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
            # One index per way in which a list goes on: its filter, its field, the id.
            models.Index(fields=["created_at", "id"], name="deal_created"),
            models.Index(fields=["state", "created_at", "id"], name="deal_state_created"),
            models.Index(fields=["partner", "created_at", "id"], name="deal_partner_created"),
            models.Index(LastInstant("next_at"), "id", name="deal_next"),
            models.Index("partner", LastInstant("next_at"), "id", name="deal_partner_next"),
            models.Index(LastDay("expected_close_on"), "id", name="deal_close"),
            models.Index(
                fields=["escalate_at"],
                condition=Q(escalated_at=None, state__in=rules.AWAITING_DECISION),
                name="deal_escalate",
            ),
            models.Index(fields=["partner", "-submitted_at"], name="deal_partner_submitted"),
            models.Index(fields=["-submitted_at", "-id"], name="deal_submitted"),
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
                name="conditional_deal_has_both_days",
                condition=~Q(state=rules.CONDITIONAL)
                | Q(unconditional_until__isnull=False, unconditional_until__gte=F("protected_until")),
                violation_error_message=_("Conditions are met before the protection ends."),
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
    def is_plain(self) -> bool:
        """Whether all conditions of an approval without a person held when it was sent."""
        return bool(self.automatic_conditions) and all(one["holds"] for one in self.automatic_conditions)

    @property
    def is_escalated(self) -> bool:
        """Whether a superior has it and it still waits for an answer."""
        return self.escalated_at is not None and self.state in rules.AWAITING_DECISION

    @property
    def is_editable(self) -> bool:
        return self.state in rules.EDITABLE
