"""Reads of registrations, protections, appeals, bookings and go-lives that have a name."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Least

from accounts.models import Membership
from catalog.models import (
    ActiveQuerySet,
    Market,
)
from catalog.querysets import setting
from core.remembering import once_a_page
from core.scoping import ScopedQuerySet
from deals import (
    direct,
    engagement,
    rules,
)
from deals.conflict import Terms
from events.models import Event
from partners.models import Organization
from partners.querysets import SearchableQuerySet, tree_of

if TYPE_CHECKING:
    from core.actors import Actor
    from deals.models import ConflictRules, Deal, SegmentPolicy
    from partners.models import Partner


class DealQuerySet(SearchableQuerySet):
    def open(self) -> DealQuerySet:
        """Registrations that something may still become of."""
        return self.filter(state__in=rules.OPEN)

    def awaiting_decision(self) -> DealQuerySet:
        return self.filter(state__in=rules.AWAITING_DECISION)

    def of_reviewer(self, user_id: Any) -> DealQuerySet:
        """What is given to a person, and what is given to nobody of the partners that are its own."""
        free = Q(assigned_to=None, partner__psm=user_id)
        return self.filter(Q(assigned_to=user_id) | free) if user_id else self.none()

    def free_for(self, user_id: Any) -> DealQuerySet:
        """What is not given to somebody else."""
        return self.filter(Q(assigned_to=None) | Q(assigned_to=user_id))

    def in_markets(self, markets: list[Market]) -> DealQuerySet:
        """Those whose partner, or whose customer, is in one of the markets."""
        countries = {country for market in markets for country in market.countries}
        return self.filter(Q(partner__market__in=markets) | Q(customer_country__in=countries))

    def to_escalate(self, at: datetime) -> DealQuerySet:
        """Those whose time is so far used that a superior should know, and that none knows of yet."""
        return self.awaiting_decision().filter(escalated_at=None, escalate_at__lte=at)

    def escalated(self) -> DealQuerySet:
        """Those that went to a superior and still wait for an answer."""
        return self.awaiting_decision().filter(escalated_at__isnull=False)

    def awaiting_answer(self) -> DealQuerySet:
        """Those about which the partner was asked something."""
        return self.filter(state=rules.ACTION_REQUIRED)

    def awaiting_booking(self) -> DealQuerySet:
        """Wins that count once they are booked."""
        return self.filter(state=rules.WON, bookings=None)

    def awaiting(self, actor: Actor) -> DealQuerySet:
        """What waits for this actor: decisions and bookings at the vendor, questions and drafts at the partner."""
        seen = self.visible_to(actor)
        if not actor.is_vendor:
            return seen.filter(state__in=rules.EDITABLE) if actor.may("deal.edit") else seen.none()
        waiting = Q(pk__in=())
        if actor.may("deal.decide"):
            waiting |= Q(state__in=rules.AWAITING_DECISION)
        if actor.may("deal.book"):
            waiting |= Q(state=rules.WON, bookings=None)
        return seen.filter(waiting)

    def answered_since(self, partner: Partner, since: datetime) -> DealQuerySet:
        """What a partner's own people submitted after an instant: each was told whether somebody is protected."""
        own = Membership.objects.filter(partner=partner).values("user")
        # Who sent it, told by the event: whoever drafted it may be somebody else.
        sent = Event.objects.filter(type="deal.submitted", partner=partner, at__gt=since, actor_user__in=own)
        return self.filter(partner=partner, submitted_at__gt=since, pk__in=sent.values("subject_id"))

    def answered(self) -> DealQuerySet:
        """Those that were submitted and told what the check found."""
        return self.filter(submitted_at__isnull=False)

    def with_sender(self) -> DealQuerySet:
        """Annotates sender, a name: who sent each one, told by the event, for whoever drafted it may be another."""
        sent = Event.objects.filter(type="deal.submitted", subject_id=OuterRef("pk")).order_by("-at", "-id")
        return self.annotate(sender=Subquery(sent.values("actor_user__name")[:1]))

    def with_sent_within(self, span: timedelta) -> DealQuerySet:
        """Annotates sent_within_a_day: how many the partner had sent in the span up to and with each one."""
        before = self.model._base_manager.filter(
            partner=OuterRef("partner"),
            submitted_at__lte=OuterRef("submitted_at"),
            submitted_at__gt=ExpressionWrapper(OuterRef("submitted_at") - span, DateTimeField()),
        )
        counted = before.order_by().values("partner").annotate(n=Count("pk")).values("n")
        return self.annotate(sent_within_a_day=Subquery(counted))

    def approved(self) -> DealQuerySet:
        """Those that are protected now, with conditions or without."""
        return self.filter(state__in=rules.PROTECTED)

    def protected_at(self, at: datetime) -> DealQuerySet:
        """Those whose protection runs at an instant: what has lapsed by then is out, though nobody has swept it yet."""
        return self.approved().filter(next_at__gt=at)

    def unanswered(self, on: date) -> DealQuerySet:
        """Those whose question nobody answered, its last day being on or before a day; the zone decides the hour."""
        return self.awaiting_answer().filter(answer_until__lte=on)

    def with_answered_conditions(self) -> DealQuerySet:
        """Conditional approvals of which the partner says that a condition is met."""
        answered = Q(conditions__answered_at__isnull=False, conditions__met_at=None)
        of_decision = Q(conditions__decided_at=F("decided_at"))
        return self.filter(answered & of_decision, state=rules.CONDITIONAL).distinct()

    def expiring(self, on: date, days: int) -> DealQuerySet:
        """Protected today, and not for longer than so many days."""
        return self.approved().filter(protected_until__lte=on + timedelta(days=days))

    def slipping(self, on: date) -> DealQuerySet:
        """Approved, and the expected close has passed or was put off again and again."""
        late = Q(expected_close_on__lt=on) | Q(slips__gte=setting("deal.slip_moves"))
        return self.approved().filter(late)

    def quiet(self, at: datetime) -> DealQuerySet:
        """Approved, and nothing was heard of it for the setting's days."""
        return self.approved().with_activity(at).filter(is_quiet=True)

    def with_activity(self, at: datetime) -> DealQuerySet:
        """`is_quiet`: whether nothing that shows life happened lately; told by the events."""
        since = at - timedelta(days=setting("deal.stale_days"))
        lately = Event.objects.filter(
            subject_id=OuterRef("pk"), type__in=rules.SIGNS_OF_LIFE, at__gt=since, at__lte=at
        )
        return self.annotate(is_quiet=Case(
            When(state__in=rules.PENDING, then=Value(False)), default=~Exists(lately), output_field=BooleanField()
        ))  # fmt: skip

    def for_list(self) -> DealQuerySet:
        """With all that a list shows, in one query per relation."""
        return self.select_related("partner", "stage", "type").prefetch_related("products")


class ProtectionLengthQuerySet(ActiveQuerySet):
    def by_customer(self, tier: str) -> list[Any]:
        """Those for some customers only, whatever the type, that a partner of this tier may get."""
        rows = self.active().filter(Q(public_bodies=True) | ~Q(kinds=[])).order_by("position")
        return [row for row in rows if not row.types and (not row.tiers or tier in row.tiers)]

    def as_rules(self) -> list[rules.LengthRule]:
        """The program's lengths in the order in which they are tried."""
        return [
            rules.LengthRule(
                because=row.definition,
                days=row.days,
                types=frozenset(row.types),
                tiers=frozenset(row.tiers),
                kinds=frozenset(row.kinds),
                public_bodies=row.public_bodies,
                after_tender=row.after_tender_days,
            )
            for row in self.active().order_by("position")
        ]


class DealImportQuerySet(ScopedQuerySet):
    def at_work(self) -> DealImportQuerySet:
        """Those that a worker checks or registers, or will."""
        return self.filter(state__in=rules.IMPORT_AT_WORK)

    def counted(self) -> DealImportQuerySet:
        """With the number of lines of each outcome, as `n_<outcome>`."""
        return self.annotate(
            **{f"n_{outcome}": Count("rows", Q(rows__outcome=outcome)) for outcome in rules.ROW_OUTCOMES}
        )

    def waiting(self, at: datetime) -> DealImportQuerySet:
        """What a worker can take up: nobody holds it."""
        free = Q(lease_until=None) | Q(lease_until__lt=at)
        return self.at_work().filter(free).order_by("created_at", "id")


class ProtectionQuerySet(ScopedQuerySet):
    def running(self) -> ProtectionQuerySet:
        """Those that hold: not released."""
        return self.filter(released_at=None)

    def lapsed(self, at: datetime) -> ProtectionQuerySet:
        """Those that their own date has ended and that nobody has released yet."""
        return self.running().filter(ends_at__lte=at)

    def on_claim(self, deal: Deal) -> ProtectionQuerySet:
        """Those whose scope reaches what the registration claims, for any of the same products."""
        return self.reaching(deal.organization, deal.includes_below).filter(product__in=deal.products.all())

    def reaching(self, organization: Organization | None, includes_below: bool) -> ProtectionQuerySet:
        """Those on an organization, on one above it with all below, and if asked on all that lies below it."""
        if organization is None:
            return self.none()
        tree = tree_of(organization)
        here = [organization.pk, *(tree.below(organization.pk) if includes_below else ())]
        above = Q(organization__in=tree.above(organization.pk), includes_below=True)
        return self.filter(Q(organization__in=here) | above)

    def lately_expired(self, since: datetime) -> ProtectionQuerySet:
        """Those that ran until their deal expired, after an instant; a product that was given up before is free."""
        over = self.filter(
            released_at__gte=F("deal__closed_at"), ends_at__gt=since, deal__state=rules.EXPIRED
        )
        return over.exclude(deal__partner__state="terminated")

    def ended_after(self, instant: datetime) -> ProtectionQuerySet:
        """Those that ended later, by date or by hand; `ended_at` says when. What was won is no empty claim."""
        over = self.filter(released_at__isnull=False).exclude(deal__state=rules.WON)
        return over.annotate(ended_at=Least(F("ends_at"), F("released_at"))).filter(ended_at__gt=instant)


class TransferQuerySet(ScopedQuerySet):
    def open(self) -> TransferQuerySet:
        """Those that something may still become of."""
        return self.filter(state__in=rules.OPEN_TRANSFERS)

    def awaiting(self, actor: Actor) -> TransferQuerySet:
        """Those that wait for the vendor: asked for by a holder, or agreed by both."""
        seen: TransferQuerySet = self.visible_to(actor)
        if not actor.is_vendor or not actor.may("deal.decide"):
            return seen.none()
        return seen.filter(state__in=[rules.REQUESTED, rules.AGREED])


class ConsentQuerySet(ScopedQuerySet):
    def open(self) -> ConsentQuerySet:
        return self.filter(state__in=[rules.REQUESTED, rules.GIVEN])

    def awaiting(self, actor: Actor) -> ConsentQuerySet:
        """Those that wait for this partner's word."""
        seen: ConsentQuerySet = self.visible_to(actor)
        if actor.is_vendor or not actor.may("transfer.answer"):
            return seen.none()
        return seen.filter(state=rules.REQUESTED)


class AmendmentQuerySet(ScopedQuerySet):
    def waiting(self) -> AmendmentQuerySet:
        return self.filter(state=rules.REQUESTED)

    def awaiting(self, actor: Actor) -> AmendmentQuerySet:
        """Requests that wait for this actor's answer."""
        seen: AmendmentQuerySet = self.visible_to(actor)
        if not actor.is_vendor or not actor.may("deal.decide"):
            return seen.none()
        return seen.waiting()


class ConditionQuerySet(ScopedQuerySet):
    def standing(self) -> ConditionQuerySet:
        """Those of the decision that stands."""
        return self.filter(decided_at=F("deal__decided_at"))

    def unmet(self) -> ConditionQuerySet:
        return self.filter(met_at=None)


class ExtensionQuerySet(ScopedQuerySet):
    def waiting(self) -> ExtensionQuerySet:
        return self.filter(state=rules.REQUESTED)

    def granted(self) -> ExtensionQuerySet:
        """Extensions that were granted; renewals begin anew and are not counted among them."""
        return self.filter(state=rules.GRANTED, kind=rules.EXTENSION)

    def awaiting(self, actor: Actor) -> ExtensionQuerySet:
        """Requests that wait for this actor's answer."""
        seen: ExtensionQuerySet = self.visible_to(actor)
        return seen.waiting() if actor.may("deal.decide") else seen.none()


class ConflictRulesQuerySet(ScopedQuerySet):
    def terms(self, version: str | None = None) -> Terms:
        """What the program says about conflicts now, or said under a version; the defaults until it says something."""
        return once_a_page((self.model, version), lambda: self._terms(version))  # type: ignore[no-any-return]

    def _terms(self, version: str | None) -> Terms:
        said = self.filter(number=version) if version else self
        newest: ConflictRules | None = said.order_by("-number").first()
        return newest.terms if newest else Terms()


class ConflictCheckQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> ConflictCheckQuerySet:
        """As for every model; a partner reads the check only where it is the reason for a refusal."""
        seen: ConflictCheckQuerySet = super().visible_to(actor)
        told = {"deal__state__in": rules.REFUSED_FOR_A_CLAIM, "deal__reason__in": rules.CONFLICT_REASONS}
        return seen if actor.is_vendor else seen.filter(**told)

    def newest_first(self) -> ConflictCheckQuerySet:
        return self.order_by("-created_at", "-id")


class AppealQuerySet(ScopedQuerySet):
    def waiting(self) -> AppealQuerySet:
        return self.filter(state=rules.SUBMITTED)

    def decided(self) -> AppealQuerySet:
        return self.filter(state__in=[rules.UPHELD, rules.DISMISSED])

    def awaiting(self, actor: Actor) -> AppealQuerySet:
        """Those that this actor may decide: never the appeals against its own decisions."""
        seen: AppealQuerySet = self.visible_to(actor)
        if not actor.is_vendor or not actor.may("deal.decide"):
            return seen.none()
        own = Q(first_decided_by=actor.user_id) if actor.user_id else Q(pk__in=())
        return seen.waiting().exclude(own)


class BookingQuerySet(ScopedQuerySet):
    def until(self, as_of: date) -> BookingQuerySet:
        return self.filter(booked_on__lte=as_of)

    def in_window(self, as_of: date) -> BookingQuerySet:
        """The trailing twelve months: later than the same day a year before, up to and with the day."""
        return self.until(as_of).filter(booked_on__gt=rules.window_start(as_of))


class DealCreditQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> DealCreditQuerySet:
        """As for every model; who sees only its own deals sees its company's parts in those and in other partners'."""
        seen: DealCreditQuerySet = super().visible_to(actor)
        if not actor.own_only:
            return seen
        deals = self.model._meta.get_field("deal").related_model._default_manager.visible_to(actor)
        return seen.exclude(Q(deal__partner__in=actor.partner_ids or ()) & ~Q(deal__in=deals.values("pk")))

    def current(self) -> DealCreditQuerySet:
        return self.filter(superseded_at=None)

    def in_force(self, on: date) -> DealCreditQuerySet:
        """The shares that hold on a day: one set per deal."""
        return self.filter(Q(superseded_on=None) | Q(superseded_on__gt=on), valid_from__lte=on)


class ImplementationQuerySet(ScopedQuerySet):
    def awaiting_acceptance(self) -> ImplementationQuerySet:
        return self.filter(state=rules.REPORTED)

    def accepted_by(self, as_of: date) -> ImplementationQuerySet:
        return self.filter(state=rules.ACCEPTED, accepted_on__lte=as_of)

    def awaiting(self, actor: Actor) -> ImplementationQuerySet:
        """Go-lives that wait for the customer's word, or for a manager with the signed acceptance."""
        seen: ImplementationQuerySet = self.visible_to(actor)
        return seen.awaiting_acceptance() if actor.may("implementation.confirm") else seen.none()


class EngagementRulesQuerySet(ScopedQuerySet):
    def in_force(self) -> Any:
        """The version that holds, or None."""
        return self.filter(state=engagement.ACTIVE).first()

    def announced(self) -> EngagementRulesQuerySet:
        return self.filter(state=engagement.ANNOUNCED)

    def before(self, number: int) -> Any:
        """The version that another one follows, or None."""
        return self.filter(number__lt=number).exclude(state=engagement.DISCARDED).order_by("-number").first()


class DirectOpportunityQuerySet(SearchableQuerySet):
    def open(self) -> DirectOpportunityQuerySet:
        return self.filter(state=direct.OPEN)

    def won(self) -> DirectOpportunityQuerySet:
        return self.filter(state=direct.WON)

    def engaged_since(self, on: date) -> DirectOpportunityQuerySet:
        """Those in which something happened on or after a day."""
        first = Q(last_activity_on=None, first_activity_on__gte=on)
        return self.filter(Q(last_activity_on__gte=on) | first)


class DirectAccountQuerySet(ScopedQuerySet):
    """Accounts with which something holds until it is ended."""

    def matching(self, text: str) -> DirectAccountQuerySet:
        return self.filter(organization__in=Organization.objects.matching(text).values("pk"))

    def current(self) -> DirectAccountQuerySet:
        return self.filter(ended_on=None)

    def old(self, on: date, days: int) -> DirectAccountQuerySet:
        """Current lines that were last confirmed longer ago than so many days."""
        return self.current().filter(refreshed_on__lt=on - timedelta(days=days))


class SegmentPolicyQuerySet(ActiveQuerySet):
    def fitting(self, kind: str, market: str) -> SegmentPolicy | None:
        """The program's first line for a customer's kind and market."""
        rows = {row.code: row for row in self.active().order_by("position")}
        lines = [
            direct.Policy(row.code, frozenset(row.kinds), frozenset(row.markets), row.mode)
            for row in rows.values()
        ]
        found = direct.policy_for(lines, kind, market)
        return rows[found.code] if found else None
