"""Organisations (companies and customers alike), partners, their people, and categories."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from catalog.models import Coded, Market
from core.countries import CountryField
from core.models import Record, as_choices
from core.scoping import INTERNAL, SHARED, VENDOR, ScopedQuerySet, Tenant
from core.text import normal
from partners import rules
from partners.querysets import (
    EveryNameQuerySet,
    OrganizationQuerySet,
    PartnerQuerySet,
    RestructuringQuerySet,
    SearchableQuerySet,
    known_organizations,
)


class Known(Tenant):
    """Organisations: the vendor sees all, a partner only those it has a reason to know."""

    def q(self, actor: Any) -> Q:
        return known_organizations(actor)


class KnownParent(Tenant):
    """Rows of an organisation (domains, identifiers, aliases): the vendor's own working knowledge."""

    def q(self, actor: Any) -> Q:
        return Q() if actor.is_vendor else Q(pk__in=())


class Organization(Record):
    """Any company or customer. Its role (partner, customer, investor) lies on the relation, not here."""

    tenant = Known()
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=24, choices=list(rules.KIND_WORDS.items()), default="other")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    country = CountryField(blank=True)
    city = models.CharField(max_length=120, blank=True)
    website = models.URLField(blank=True)
    is_public_body = models.BooleanField(default=False)
    is_healthcare_provider = models.BooleanField(default=False)
    public_directory = models.BooleanField(default=False)
    is_prospect = models.BooleanField(default=False)
    # What a merge left behind: outside every tree, kept for the undo and for old links.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    search_text = models.TextField(blank=True, editable=False)
    # The other names, normalised; the vendor's search reads them, a partner's never does.
    names_text = models.TextField(blank=True, editable=False)

    objects = OrganizationQuerySet.as_manager()
    by_every_name = EveryNameQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(fields=["name", "id"], name="organization_name"),
            models.Index(fields=["kind", "name"], name="organization_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                name="merged_organization_stands_alone",
                condition=Q(merged_into__isnull=True) | Q(parent__isnull=True, root__isnull=True),
                violation_error_message=_("An organization that was merged stands in no tree."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/manage/organizations/{self.pk}/"

    @property
    def root_id_or_self(self) -> Any:
        """The top of the tree this organisation stands in: the row that approvals lock."""
        return self.root_id or self.pk

    def clean(self) -> None:
        super().clean()
        self.search_text = normal(f"{self.name} {self.legal_name} {self.city}")


class OrganizationDomain(Record):
    """A web or mail domain of an organisation."""

    tenant = KnownParent()
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253)

    class Meta:
        indexes = [models.Index(fields=["domain"], name="organization_domain")]
        constraints = [models.UniqueConstraint(fields=["organization", "domain"], name="one_row_per_domain")]

    def __str__(self) -> str:
        return self.domain


class OrganizationIdentifier(Record):
    """An identifier in a scheme (NPI, ODS, company number …)."""

    tenant = KnownParent()
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=20, choices=as_choices(*rules.SCHEMES))
    value = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="identifier_names_one_organization",
                violation_error_message=_("Another organization has this identifier."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"


class OrganizationName(Record):
    """Another name: an alias, a former name, the name as a document stated it."""

    tenant = KnownParent()
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="other_names")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, default="alias", choices=as_choices("alias", "former", "stated"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="one_row_per_other_name")
        ]

    def __str__(self) -> str:
        return self.name


class CustomerKey(models.Model):
    """A key under which a customer is found again (`partners.matching.keys`); a customer has about ten."""

    tenant = INTERNAL
    key = models.BigIntegerField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class OrganizationKey(CustomerKey):
    """A key of an organisation. Written by `partners.lookup.note_organizations` alone."""

    pk = models.CompositePrimaryKey("key", "owner_id")
    owner = models.ForeignKey(Organization, models.CASCADE, related_name="keys")

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.key}"


class Taxonomy(Coded):
    """A set of categories, as one document states it."""


class Category(Coded):
    """A partner category or, with a parent, a sub-type; the second document's carry investment and potential."""

    taxonomy = models.ForeignKey(Taxonomy, models.PROTECT, related_name="categories")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subtypes")
    focus = models.CharField(max_length=300, blank=True)
    named_targets = models.JSONField(default=list, blank=True)
    investment_level = models.CharField(max_length=10, blank=True)
    investment = models.JSONField(null=True, blank=True)
    revenue_potential = models.JSONField(null=True, blank=True)
    participates_in_tiers = models.BooleanField(default=True)
    # What its partners get on a deal while they are in no tier; None: nothing.
    margin_percent = models.PositiveSmallIntegerField(null=True, blank=True)


class CategoryMapping(Record):
    """How a category of one taxonomy relates to one of another."""

    tenant = SHARED
    source_category = models.ForeignKey(Category, models.CASCADE, related_name="maps_to")
    target_category = models.ForeignKey(Category, models.CASCADE, related_name="mapped_from")
    relation = models.CharField(max_length=10, choices=as_choices("same", "broader", "narrower", "overlaps"))
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_category", "target_category"], name="one_mapping_per_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_category} {self.relation} {self.target_category}"


class Partner(Record):
    """An organisation in our program."""

    tenant = "pk"
    organization = models.OneToOneField(Organization, models.PROTECT, related_name="partner")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=as_choices(*rules.STATES), default=rules.ONBOARDING)
    state_reason = models.CharField(max_length=40, blank=True)
    state_comment = models.CharField(max_length=500, blank=True)  # for the vendor's people
    psm = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assigned_partners"
    )
    market = models.ForeignKey(Market, models.PROTECT, null=True, blank=True, related_name="partners")
    country = CountryField()
    time_zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    channel = models.ForeignKey("catalog.Channel", models.PROTECT, null=True, blank=True, related_name="+")
    categories = models.ManyToManyField(Category, through="CategoryAssignment", related_name="partners")
    participates_in_tiers = models.BooleanField(default=True)
    is_strategic = models.BooleanField(default=False)
    # Whether its sellers see only the deals that they registered or are named on; all others see all.
    sellers_see_own_only = models.BooleanField(default=False)
    joined_on = models.DateField()
    activated_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    # Written only by actions.note_standing, in the transaction of the award.
    tier_code = models.CharField(max_length=40, blank=True, editable=False)
    tier_name = models.CharField(max_length=60, blank=True, editable=False)
    tier_rank = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    last_activity_on = models.DateField(null=True, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(fields=["name", "id"], name="partner_name"),
            models.Index(fields=["psm", "state"], name="partner_psm"),
        ]
        constraints = [
            models.CheckConstraint(
                name="active_partner_was_activated",
                condition=~Q(state__in=["active", "suspended"]) | Q(activated_on__isnull=False),
                violation_error_message=_("An active partner has a day on which it became active."),
            ),
            models.CheckConstraint(
                name="terminated_partner_has_end",
                condition=Q(state="terminated", ended_on__isnull=False)
                | (~Q(state="terminated") & Q(ended_on__isnull=True)),
                violation_error_message=_("A partner that ended has a last day, and only such a partner."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.state == rules.ACTIVE

    def clean(self) -> None:
        super().clean()
        self.search_text = normal(f"{self.name} {self.organization.legal_name} {self.organization.city}")

    def get_absolute_url(self) -> str:
        return f"/manage/partners/{self.pk}/"


class CategoryAssignment(Record):
    """A partner's category, from a day to a day; exactly one open assignment is the primary one."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="category_assignments")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    is_primary = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "category"], condition=Q(valid_until=None), name="one_open_assignment"
            ),
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(valid_until=None, is_primary=True),
                name="one_primary_category",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.category}"


class ContactQuerySet(SearchableQuerySet):
    def current(self) -> ContactQuerySet:
        return self.filter(left_on=None)

    def primary_of(self, user: Any) -> Contact | None:
        """A person where its certifications count: at the partner that its membership names as primary."""
        memberships = Membership.objects.at_partners_of(user).filter(is_primary=True)
        return self.current().filter(user=user, partner__in=memberships.values("partner")).first()


class Contact(Record):
    """A person at a partner, with or without an account: who certifications are held by."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="contacts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    title = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_main = models.BooleanField(default=False)
    left_on = models.DateField(null=True, blank=True)
    search_text = models.TextField(blank=True, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(fields=["left_on"], condition=Q(left_on__isnull=False), name="contact_left"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "email"],
                condition=~Q(email="") & Q(left_on=None),
                name="one_contact_per_address",
                violation_error_message=_("This partner has a person with this address already."),
            ),
            models.UniqueConstraint(
                fields=["partner"], condition=Q(is_main=True, left_on=None), name="one_main_contact"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().casefold()
        self.search_text = normal(f"{self.name} {self.email} {self.title}")


class OrganizationKnowledge(Record):
    """Why a partner may know of an organisation."""

    tenant = "partner_id"
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="known_by")
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="known_organizations")
    because = models.CharField(max_length=12, choices=as_choices("own", "registered", "lead"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "partner"], name="one_reason_to_know")]

    def __str__(self) -> str:
        return f"{self.partner} knows {self.organization}"


class Restructuring(Record):
    """A merge, a move in the tree, or the undoing of one: carried out, or waiting for a conflict to be decided."""

    tenant = VENDOR
    kind = models.CharField(max_length=8, choices=as_choices(*rules.RESTRUCTURINGS))
    state = models.CharField(max_length=12, choices=as_choices(*rules.RESTRUCTURING_STATES))
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="restructurings")
    # The organization that stays (merge) or the new parent (move; None: a root).
    target = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="received")
    undoes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="undoings")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = RestructuringQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(state="waiting"),
                name="one_waiting_restructuring",
                violation_error_message=_("This organization waits for the decision of a conflict already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.organization}"


class MovedRow(Record):
    """One row that a merge pointed elsewhere, made, or had to leave: what the undo reads."""

    tenant = VENDOR
    restructuring = models.ForeignKey(Restructuring, models.CASCADE, related_name="rows")
    model = models.CharField(max_length=60)
    row_id = models.UUIDField()
    field = models.CharField(max_length=40, blank=True)
    was = models.UUIDField(null=True, blank=True)
    became = models.UUIDField(null=True, blank=True)
    how = models.CharField(max_length=8, choices=as_choices(*rules.ROW_FATES))

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.model} {self.how}"
