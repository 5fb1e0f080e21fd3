"""Filters of registrations, appeals, bookings, go-lives and protections, used by pages and API alike."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import Market, Product
from catalog.querysets import region_of
from core.actors import Actor
from core.clock import now, today
from core.states import look
from deals import conflict, credit, direct, engagement, rules
from deals.models import (
    Amendment,
    Appeal,
    BlockedAccount,
    Booking,
    Condition,
    ConflictCheck,
    Consent,
    Deal,
    DealCredit,
    DealNote,
    DealType,
    DirectAccount,
    DirectOpportunity,
    EngagementRules,
    Extension,
    Implementation,
    Protection,
    Stage,
    Transfer,
)
from partners.models import Partner

STATES = [(state, look(state).word) for state in rules.STATES]
STATUSES = [
    ("open", _("is open")),
    ("waiting", _("waits for a decision")),
    ("escalated", _("is escalated")),
    ("paused", _("waits for the partner")),
    ("to_book", _("waits to be booked")),
    ("slipping", _("is past its expected close, or put off again")),
    ("quiet", _("has gone quiet")),
]
REVIEWERS = [("mine", _("is me")), ("nobody", _("is nobody yet"))]
APPEAL_STATUSES = [
    ("waiting", _("waits for an answer")),
    ("mine", _("is mine to answer")),
    ("decided", _("is answered")),
]


def _coded(label: Any, queryset: QuerySet, path: str, **more: Any) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        path, label=label, queryset=queryset, to_field_name="code", **more
    )


class Asked:
    """Filters that depend on who asks."""

    request: Any

    @property
    def actor(self) -> Actor:
        """Who asks: by a key over the API, or signed in."""
        return getattr(self.request, "auth", None) or self.request.actor  # type: ignore[no-any-return]


class DealFilters(Asked, django_filters.FilterSet):
    status = django_filters.ChoiceFilter(label=_("Status"), choices=STATUSES, method="of_status")
    state = django_filters.MultipleChoiceFilter(distinct=False, label=_("State"), choices=STATES)
    stage = _coded(_("Stage"), Stage.objects.active(), "stage")
    product = _coded(_("Product"), Product.objects.active(), "products")
    type = _coded(_("Type"), DealType.objects.active(), "type")
    market = _coded(_("Market"), Market.objects.active(), "partner__market", null_label=_("none"))
    psm = django_filters.ModelChoiceFilter(
        "partner__psm", label=_("Manager"), queryset=User.objects.of_vendor(), null_label=_("none")
    )
    customer_market = django_filters.ModelChoiceFilter(
        label=_("Customer's market"),
        queryset=Market.objects.active(),
        to_field_name="code",
        method="of_customers",
    )
    region = django_filters.ChoiceFilter(label=_("Region"), choices=[("mine", _("mine"))], method="of_region")
    reviewer = django_filters.ChoiceFilter(label=_("Reviewer"), choices=REVIEWERS, method="of_reviewer")
    assigned_to = django_filters.UUIDFilter("assigned_to_id", label=_("Given to"))
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    verdict = django_filters.ChoiceFilter(
        "conflict_verdict", label=_("Conflict"), choices=list(conflict.VERDICT_WORDS.items())
    )
    country = django_filters.CharFilter("customer_country", label=_("Country"))
    currency = django_filters.CharFilter(label=_("Currency"))
    external_ref = django_filters.CharFilter(label=_("Your reference"))
    occupied = django_filters.BooleanFilter(label=_("Told of a protection"), method="of_told")
    submitted_after = django_filters.IsoDateTimeFilter("submitted_at", "gte", label=_("Submitted from"))
    submitted_before = django_filters.IsoDateTimeFilter("submitted_at", "lt", label=_("Submitted before"))
    ends_within = django_filters.NumberFilter(
        label=_("Protection ends within days"), method="ending", min_value=0, max_value=1000
    )
    closes_after = django_filters.DateFilter("expected_close_on", "gte", label=_("Closes from"))
    closes_before = django_filters.DateFilter("expected_close_on", "lte", label=_("Closes until"))

    class Meta:
        model = Deal
        fields: list[str] = []

    def of_status(self, queryset: Any, name: str, value: str) -> QuerySet:
        chosen: QuerySet = {
            "open": queryset.open,
            "waiting": queryset.awaiting_decision,
            "escalated": queryset.escalated,
            "paused": queryset.awaiting_answer,
            "to_book": queryset.awaiting_booking,
            "slipping": lambda: queryset.slipping(today()),
            "quiet": lambda: queryset.quiet(now()),
        }[value]()
        return chosen

    def of_customers(self, queryset: Any, name: str, value: Market) -> QuerySet:
        found: QuerySet = queryset.filter(customer_country__in=value.countries)
        return found

    def of_region(self, queryset: Any, name: str, value: str) -> QuerySet:
        found: QuerySet = queryset.in_markets(region_of(self.actor.user_id))
        return found

    def of_reviewer(self, queryset: Any, name: str, value: str) -> QuerySet:
        mine = value == "mine"
        found: QuerySet = (
            queryset.of_reviewer(self.actor.user_id) if mine else queryset.filter(assigned_to=None)
        )
        return found

    def of_told(self, queryset: Any, name: str, value: Any) -> QuerySet:
        told = Q(occupied_until__isnull=False) | Q(kept_until__isnull=False)
        found: QuerySet = queryset.filter(told if value else ~told)
        return found

    def ending(self, queryset: Any, name: str, value: Any) -> QuerySet:
        found: QuerySet = queryset.expiring(today(), int(value))
        return found


class PortalDealFilters(DealFilters):
    """What a partner may ask: nothing about conflicts, nor about who of the vendor looks at it."""

    verdict = None
    partner = None
    market = None
    customer_market = None
    region = None
    reviewer = None
    assigned_to = None
    psm = None


class PipelineFilters(DealFilters):
    """Those of the board and the forecast: they show what is open."""

    status = None


class ForecastFilters(PipelineFilters):
    by = django_filters.ChoiceFilter(
        label=_("Split by"), method="splits",
        choices=[("market", _("market")), ("partner", _("partner")), ("psm", _("manager"))],
    )  # fmt: skip

    def splits(self, queryset: Any, name: str, value: str) -> QuerySet:
        """Which deals it is about does not change."""
        return queryset  # type: ignore[no-any-return]


class PortalPipelineFilters(PortalDealFilters):
    status = None


class AppealFilters(Asked, django_filters.FilterSet):
    status = django_filters.ChoiceFilter(label=_("Status"), choices=APPEAL_STATUSES, method="of_status")
    state = django_filters.MultipleChoiceFilter(
        distinct=False, label=_("State"), choices=[(state, look(state).word) for state in rules.APPEAL_STATES]
    )
    refusal = django_filters.MultipleChoiceFilter(
        distinct=False, label=_("Against"), choices=[(state, look(state).word) for state in rules.APPEALABLE]
    )
    deal = django_filters.UUIDFilter("deal_id", label=_("Deal"))
    partner = django_filters.UUIDFilter("deal__partner_id", label=_("Partner"))
    due_before = django_filters.IsoDateTimeFilter("due_at", "lte", label=_("Due until"))

    class Meta:
        model = Appeal
        fields: list[str] = []

    def of_status(self, queryset: Any, name: str, value: str) -> QuerySet:
        chosen: QuerySet = {
            "waiting": queryset.waiting,
            "mine": lambda: queryset.awaiting(self.actor),
            "decided": queryset.decided,
        }[value]()
        return chosen


class BookingFilters(django_filters.FilterSet):
    deal = django_filters.UUIDFilter("deal_id", label=_("Deal"))
    partner = django_filters.UUIDFilter("deal__partner_id", label=_("Partner"))
    booked_after = django_filters.DateFilter("booked_on", "gte", label=_("Booked from"))
    booked_before = django_filters.DateFilter("booked_on", "lte", label=_("Booked until"))
    is_correction = django_filters.BooleanFilter("reverses", "isnull", exclude=True, label=_("Corrections"))

    class Meta:
        model = Booking
        fields: list[str] = []


class DealCreditFilters(django_filters.FilterSet):
    deal = django_filters.UUIDFilter("deal_id", label=_("Deal"))
    partner = django_filters.UUIDFilter(label=_("Partner"), method="of_partner")
    family = django_filters.ChoiceFilter(label=_("Role"), choices=list(credit.FAMILY_WORDS.items()))
    is_current = django_filters.BooleanFilter("superseded_at", "isnull", label=_("Holds now"))
    is_direct = django_filters.BooleanFilter("partner", "isnull", label=_("Of the vendor's own team"))

    class Meta:
        model = DealCredit
        fields: list[str] = []

    def of_partner(self, queryset: Any, name: str, value: Any) -> QuerySet:
        """Of a partner that the reader may see: of another one the filter would tell that it has a part."""
        actor = getattr(self.request, "auth", None) or self.request.actor
        found: QuerySet = queryset.filter(partner__in=Partner.objects.visible_to(actor).filter(pk=value))
        return found


class PortalDealCreditFilters(DealCreditFilters):
    """A partner reads its own shares alone, so it need not name itself."""

    partner = None
    is_direct = None


class ImplementationFilters(django_filters.FilterSet):
    deal = django_filters.UUIDFilter("deal_id", label=_("Deal"))
    partner = django_filters.UUIDFilter("deal__partner_id", label=_("Partner"))
    state = django_filters.MultipleChoiceFilter(
        distinct=False,
        label=_("State"),
        choices=[(state, look(state).word) for state in rules.IMPLEMENTATION_STATES],
    )

    class Meta:
        model = Implementation
        fields: list[str] = []


class ProtectionFilters(django_filters.FilterSet):
    deal = django_filters.UUIDFilter("deal_id", label=_("Deal"))
    partner = django_filters.UUIDFilter("deal__partner_id", label=_("Partner"))
    product = _coded(_("Product"), Product.objects.active(), "product")
    is_running = django_filters.BooleanFilter("released_at", "isnull", label=_("Running"))
    until_before = django_filters.DateFilter("until", "lte", label=_("Ends until"))

    class Meta:
        model = Protection
        fields: list[str] = []


class ExtensionFilters(django_filters.FilterSet):
    deal = django_filters.UUIDFilter("deal_id", label=_("Deal"))
    partner = django_filters.UUIDFilter("deal__partner_id", label=_("Partner"))
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=[(rules.EXTENSION, _("Extension")), (rules.RENEWAL, _("Renewal"))]
    )
    state = django_filters.MultipleChoiceFilter(
        distinct=False,
        label=_("State"),
        choices=[(state, look(state).word) for state in rules.EXTENSION_STATES],
    )

    class Meta:
        model = Extension
        fields: list[str] = []


def _states(states: tuple[str, ...]) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(
        distinct=False, label=_("State"), choices=[(state, look(state).word) for state in states]
    )


class TransferFilters(django_filters.FilterSet):
    deal = django_filters.UUIDFilter("deal_id", label=_("Deal"))
    partner = django_filters.UUIDFilter("deal__partner_id", label=_("Partner"))
    state = _states(rules.TRANSFER_STATES)

    class Meta:
        model = Transfer
        fields: list[str] = []


class ConsentFilters(django_filters.FilterSet):
    side = django_filters.ChoiceFilter(
        label=_("Side"), choices=[(rules.GIVING, _("Gives")), (rules.RECEIVING, _("Receives"))]
    )
    state = _states(rules.CONSENT_STATES)

    class Meta:
        model = Consent
        fields: list[str] = []


class AmendmentFilters(django_filters.FilterSet):
    deal = django_filters.UUIDFilter("deal_id", label=_("Deal"))
    partner = django_filters.UUIDFilter("deal__partner_id", label=_("Partner"))
    state = _states(rules.AMENDMENT_STATES)

    class Meta:
        model = Amendment
        fields: list[str] = []


class ConditionFilters(django_filters.FilterSet):
    deal = django_filters.UUIDFilter("deal_id", label=_("Deal"))
    partner = django_filters.UUIDFilter("deal__partner_id", label=_("Partner"))
    is_met = django_filters.BooleanFilter("met_at", "isnull", exclude=True, label=_("Met"))

    class Meta:
        model = Condition
        fields: list[str] = []


class ConflictCheckFilters(django_filters.FilterSet):
    deal = django_filters.UUIDFilter("deal_id", label=_("Deal"))

    class Meta:
        model = ConflictCheck
        fields: list[str] = []


class DealNoteFilters(django_filters.FilterSet):
    deal = django_filters.UUIDFilter("deal_id", label=_("Deal"))

    class Meta:
        model = DealNote
        fields: list[str] = []


class EngagementRulesFilters(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        distinct=False, label=_("State"), choices=[(state, look(state).word) for state in engagement.STATES]
    )

    class Meta:
        model = EngagementRules
        fields: list[str] = []


class DirectOpportunityFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[(state, look(state).word) for state in direct.STATES]
    )
    organization = django_filters.UUIDFilter("organization_id", label=_("Organization"))

    class Meta:
        model = DirectOpportunity
        fields: list[str] = []


class CurrentFilters(django_filters.FilterSet):
    is_current = django_filters.BooleanFilter(label=_("Holds today"), method="only_current")
    organization = django_filters.UUIDFilter("organization_id", label=_("Organization"))

    def only_current(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(ended_on__isnull=value)


class DirectAccountFilters(CurrentFilters):
    class Meta:
        model = DirectAccount
        fields: list[str] = []


class BlockedAccountFilters(CurrentFilters):
    class Meta:
        model = BlockedAccount
        fields: list[str] = []
