"""Leads, the offers of them to partners, why they went where they went, and referrals."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Coded, Market, Product
from core.actors import Reach
from core.countries import CountryField
from core.models import Record, as_choices
from core.money import LARGEST_MINOR, CurrencyField, Money
from core.scoping import VENDOR, ByPartner, ScopedQuerySet
from core.text import normal
from deals.models import Deal
from leads import routing, rules
from leads.querysets import LeadOfferQuerySet, LeadQuerySet, ReferralQuerySet, in_pool_of
from partners.models import Organization, Partner

USER = settings.AUTH_USER_MODEL


class HeldOrPooled(ByPartner):
    """The partner that is asked or has it; while a lead is in the pool, those who may take it.

    A partner manager sees what its partners have, and what nobody has, unless another's partner referred it.
    """

    def q(self, actor: Any) -> Q:
        mine = super().q(actor)
        if actor.reach is Reach.ASSIGNED:
            of_mine = Q(referrer__psm=actor.user_id) | Q(referrer__psm__isnull=True)
            return Q(partner__psm=actor.user_id) | (mine & of_mine)
        return mine if actor.is_vendor or not actor.partner_ids else mine | in_pool_of(actor.partner_ids)


class Specialty(Coded):
    """A clinical specialty, as leads and partners name it."""

    class Meta(Coded.Meta):
        verbose_name_plural = "specialties"


class RoutingRule(Coded):
    """One rule of the program: which leads it is for, what a partner must fulfil, and how one is chosen."""

    version_number = models.PositiveIntegerField(default=1)
    method = models.CharField(max_length=12, choices=as_choices(*routing.METHODS))
    markets = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    specialties = models.JSONField(default=list, blank=True)
    products = models.JSONField(default=list, blank=True)
    partner_must = models.JSONField(default=list, blank=True)
    categories = models.JSONField(default=list, blank=True)
    minimum_tier = models.CharField(max_length=40, blank=True)
    gates = models.JSONField(default=list, blank=True)


class LeadProfile(Record):
    """Which leads a partner takes, and how many at once. A partner without one takes leads by the program's values."""

    tenant = "partner_id"
    partner = models.OneToOneField(Partner, models.CASCADE, related_name="lead_profile")
    takes_leads = models.BooleanField(_("takes leads"), default=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    specialties = models.ManyToManyField(Specialty, blank=True, related_name="+")
    products = models.ManyToManyField(Product, blank=True, related_name="+")
    capacity = models.PositiveSmallIntegerField(
        _("open leads at most"), null=True, blank=True, validators=[MaxValueValidator(1000)]
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.partner}: leads"

    def get_absolute_url(self) -> str:
        return f"/manage/lead-profiles/{self.pk}/"


class Lead(Record):
    """Someone who may buy: who, what for, under which consent; who has it, and what became of it."""

    tenant = HeldOrPooled("partner_id")
    takes_part = ("accepted_by",)
    number = models.CharField(max_length=16, unique=True, editable=False)
    state = models.CharField(max_length=12, choices=as_choices(*rules.STATES), default=rules.NEW)
    owner = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    # Who: a partner reads this once it has accepted.
    customer_name = models.CharField(_("customer"), max_length=200)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="leads"
    )
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_role = models.CharField(_("role"), max_length=120, blank=True)
    contact_email = models.EmailField(_("mail address"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    details = models.TextField(_("details for the partner that accepts"), max_length=2000, blank=True)

    # What for: a partner reads this before.
    country = CountryField(_("country"))
    market = models.ForeignKey(Market, models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(_("language"), max_length=10, blank=True)
    specialty = models.ForeignKey(Specialty, models.PROTECT, null=True, blank=True, related_name="+")
    products = models.ManyToManyField(Product, blank=True, related_name="+")
    need = models.TextField(_("need"), max_length=1000, blank=True)
    amount_minor = models.BigIntegerField(_("estimated value"), null=True, blank=True)
    currency = CurrencyField()

    source = models.CharField(_("source"), max_length=12, choices=as_choices(*rules.SOURCES), default="other")
    source_detail = models.CharField(_("which one"), max_length=120, blank=True)
    external_ref = models.CharField(_("your reference"), max_length=100, blank=True)
    referrer = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")
    consent_basis = models.CharField(
        _("why we may pass it on"), max_length=20, blank=True, choices=as_choices(*rules.CONSENTS)
    )
    consent_on = models.DateField(_("consent given on"), null=True, blank=True)
    consent_text = models.CharField(_("words of the consent"), max_length=500, blank=True)
    score = models.PositiveSmallIntegerField(default=0, editable=False)

    # Who has it, and until when what is due.
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="leads")
    pool = models.ForeignKey("Routing", models.PROTECT, null=True, blank=True, related_name="pooled")
    due_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    contacted_at = models.DateTimeField(null=True, blank=True)
    contacted_by = models.CharField(max_length=8, blank=True, choices=as_choices(*rules.WAYS))
    contact_note = models.CharField(max_length=400, blank=True)
    deal = models.OneToOneField(Deal, models.PROTECT, null=True, blank=True, related_name="lead")
    reason = models.CharField(max_length=40, blank=True)
    comment = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    teaser_text = models.TextField(blank=True, editable=False)

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["partner", "state"], name="lead_partner_state"),
            models.Index(fields=["state", "due_at"], name="lead_state_due"),
            models.Index(fields=["due_at", "id"], name="lead_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_ref"],
                condition=~Q(external_ref=""),
                name="one_lead_per_reference",
                violation_error_message=_("There is a lead with this reference already."),
            ),
            models.CheckConstraint(
                name="lead_amount_is_sane",
                condition=Q(amount_minor__isnull=True)
                | Q(amount_minor__gt=0, amount_minor__lte=LARGEST_MINOR),
                violation_error_message=_("Enter a value above zero that a customer could pay."),
            ),
            models.CheckConstraint(
                name="lead_has_partner_while_held",
                condition=Q(state__in=rules.WITH_PARTNER, partner__isnull=False)
                | (~Q(state__in=rules.WITH_PARTNER) & Q(partner__isnull=True)),
                violation_error_message=_(
                    "A lead has a partner while one is asked or has it, and only then."
                ),
            ),
            models.CheckConstraint(
                name="pooled_lead_has_pool",
                condition=~Q(state=rules.POOLED) | Q(pool__isnull=False),
                violation_error_message=_("A lead in the pool says who may take it."),
            ),
            models.CheckConstraint(
                name="waiting_lead_is_due",
                condition=~Q(state__in=[rules.OFFERED, rules.POOLED, rules.ACCEPTED])
                | Q(due_at__isnull=False),
                violation_error_message=_("What a partner is waited for has its time."),
            ),
            models.CheckConstraint(
                name="converted_lead_has_deal",
                condition=~Q(state=rules.CONVERTED) | Q(deal__isnull=False),
                violation_error_message=_("A converted lead has its registration."),
            ),
            models.CheckConstraint(
                name="ended_lead_has_reason",
                condition=~Q(state__in=[rules.LOST, rules.RETURNED, rules.CLOSED]) | ~Q(reason=""),
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                name="person_has_consent",
                condition=Q(contact_name="", contact_email="", contact_phone="") | ~Q(consent_basis=""),
                violation_error_message=_("Say why this person may be passed on to a partner."),
            ),
        ]

    def __str__(self) -> str:
        """The number alone: whoever may read it need not know the customer yet."""
        return self.number

    def clean(self) -> None:
        super().clean()
        if telling := rules.telling_words(self.need, self.names):
            words = _("Partners read this before they accept; take out %(words)s.")
            raise ValidationError({"need": words % {"words": ", ".join(f"“{word}”" for word in telling[:3])}})
        place = str(self.country.name) if self.country else ""
        self.teaser_text = normal(f"{self.number} {place} {self.need}")
        person = f"{self.contact_name} {self.contact_email}"
        self.search_text = normal(
            f"{self.number} {self.customer_name} {self.city} {person} {self.external_ref}"
        )

    @property
    def names(self) -> list[str]:
        """What would tell who it is."""
        return [
            self.customer_name,
            self.contact_name,
            self.city,
            self.street,
            self.website,
            self.contact_email,
        ]

    @property
    def is_disclosed(self) -> bool:
        """Whether its partner may read whom it is about."""
        return self.state in rules.DISCLOSED

    @property
    def amount(self) -> Money | None:
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency)

    @property
    def open_moves(self) -> list[str]:
        return rules.LIFECYCLE.open_moves(self.state)

    @property
    def waits_since(self) -> Any:
        """When the time began that ends at `due_at`."""
        return self.accepted_at if self.state == rules.ACCEPTED else self.changed_at

    def get_absolute_url(self) -> str:
        return f"/manage/leads/{self.pk}/"

    @property
    def portal_url(self) -> str:
        return f"/portal/leads/{self.pk}/"


class Routing(Record):
    """One look for a partner: which rules were tried, under which version, and what came of it."""

    tenant = VENDOR
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="routings")
    outcome = models.CharField(max_length=8, choices=as_choices(*routing.OUTCOMES))
    rule_version = models.PositiveIntegerField(default=1)
    rule_code = models.CharField(max_length=60, blank=True)
    rule_name = models.CharField(max_length=120, blank=True)
    method = models.CharField(max_length=12, blank=True)
    rules_tried = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["lead", "-created_at"], name="routing_lead")]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.outcome}"


class Candidate(Record):
    """One partner that was looked at for a lead: each condition with what was needed and found."""

    tenant = "partner_id"
    routing = models.ForeignKey(Routing, models.CASCADE, related_name="candidates")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    passed = models.BooleanField()
    is_chosen = models.BooleanField(default=False)
    checks = models.JSONField(default=list)
    note = models.CharField(max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-is_chosen", "-passed", "partner__name"]
        indexes = [models.Index(fields=["partner", "passed"], name="candidate_partner")]
        constraints = [
            models.UniqueConstraint(fields=["routing", "partner"], name="one_row_per_candidate"),
            models.CheckConstraint(
                name="chosen_candidate_passed", condition=Q(is_chosen=False) | Q(passed=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.routing_id}: {self.partner_id}"


class LeadOffer(Record):
    """A lead offered to one partner, or taken by it from the pool: until when, and what it said."""

    tenant = "partner_id"
    takes_part = ("answered_by",)
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="offers")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="lead_offers")
    routing = models.ForeignKey(Routing, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=as_choices(*rules.OFFER_STATES), default=rules.ASKED)
    is_pulled = models.BooleanField(default=False)  # taken from the pool rather than offered
    due_at = models.DateTimeField()
    # Why the vendor chose this partner itself, where no rule did.
    offer_reason = models.CharField(max_length=40, blank=True)
    offer_comment = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    contacted_at = models.DateTimeField(null=True, blank=True)
    converted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    comment = models.CharField(max_length=500, blank=True)

    objects = LeadOfferQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["partner", "-created_at"], name="offer_partner"),
            models.Index(fields=["state", "due_at"], name="offer_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(state="open"),
                name="one_open_offer_per_lead",
                violation_error_message=_("This lead is offered to a partner already."),
            ),
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(state="accepted"),
                name="one_partner_has_a_lead",
                violation_error_message=_("Another partner was faster: this lead is taken."),
            ),
            models.CheckConstraint(
                name="refused_offer_has_reason",
                condition=~Q(state__in=rules.REFUSED) | ~Q(reason=""),
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                name="answered_offer_has_instant",
                condition=~Q(state__in=["accepted", "declined"]) | Q(answered_at__isnull=False),
                violation_error_message=_("An answer knows when it was given."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.lead)

    def get_absolute_url(self) -> str:
        return f"/manage/leads/{self.lead_id}/"


class Referral(Record):
    """A contact that a partner hands to us, with the person's consent. What becomes of it is told in few words."""

    tenant = "partner_id"
    takes_part = ("submitted_by",)
    number = models.CharField(max_length=16, unique=True, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="referrals")
    submitted_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    lead = models.OneToOneField(Lead, models.PROTECT, related_name="referral")
    external_ref = models.CharField(_("your reference"), max_length=100, blank=True)
    # As it was submitted: what the vendor adds to the lead later is not the referrer's.
    customer_name = models.CharField(_("customer"), max_length=200)
    country = CountryField(_("country"))
    city = models.CharField(_("city"), max_length=120, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120)
    contact_role = models.CharField(_("role"), max_length=120, blank=True)
    contact_email = models.EmailField(_("mail address"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    message = models.TextField(_("what they need"), max_length=1000, blank=True)
    consented_on = models.DateField(_("consent given on"))
    search_text = models.TextField(blank=True, editable=False)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["partner", "-created_at"], name="referral_partner")]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "external_ref"],
                condition=~Q(external_ref=""),
                name="one_referral_per_reference",
                violation_error_message=_("You have referred this already."),
            ),
            models.CheckConstraint(
                name="referred_person_can_be_reached",
                condition=~Q(contact_email="") | ~Q(contact_phone=""),
                violation_error_message=_("Give a mail address or a phone number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.customer_name}"

    def clean(self) -> None:
        super().clean()
        self.search_text = normal(f"{self.number} {self.customer_name} {self.contact_name} {self.city}")

    @property
    def progress(self) -> str:
        """How far it is, as its referrer may know."""
        return rules.PROGRESS_OF_STATE[self.lead.state]

    def get_absolute_url(self) -> str:
        return f"/manage/leads/{self.lead_id}/"

    @property
    def portal_url(self) -> str:
        return f"/portal/referrals/{self.pk}/"
