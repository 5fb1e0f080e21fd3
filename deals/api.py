"""Registrations and all that hangs on them over the API: the same actions as the pages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core import clock
from core.api import BaseViewSet, changes, creates, verb
from core.public_api import PublicEndpoint
from deals import actions, filters, serializers
from deals.actions.implementations import CUSTOMER, asked_by
from deals.explanation import WITH_FACTORS
from deals.models import (
    Appeal,
    Booking,
    ConflictCheck,
    Deal,
    DealType,
    Extension,
    Implementation,
    Protection,
    Stage,
)
from partners.models import Partner


class DealViewSet(BaseViewSet):
    """Deal registrations."""

    queryset = Deal.objects.select_related(
        "partner", "stage", "type", "channel", "organization", "duplicate_of"
    ).prefetch_related("products")
    serializer_class = serializers.DealSerializer
    portal_serializer_class = serializers.PortalDealSerializer
    view_permission = P.DEAL_VIEW
    orderings = {
        "created_at": "created_at", "number": "number", "due": "next_at", "expected_close_on": "expected_close_on",
        "protected_until": "protected_until", "submitted_at": "submitted_at",
    }  # fmt: skip

    @property
    def filterset_class(self) -> Any:
        """A partner cannot ask for conflicts: a filter would tell what the answer hides."""
        for_vendor = getattr(self, "swagger_fake_view", False) or self.actor.is_vendor
        return filters.DealFilters if for_vendor else filters.PortalDealFilters

    @creates(serializers.RegisterDealSerializer, permission=P.DEAL_REGISTER)
    def create(self, data: dict[str, Any]) -> Deal:
        """Register a deal, or keep a draft of one. With an external_ref a repeat gets the first registration."""
        partner = self.partner_of(data.pop("partner", None))
        work = actions.start_draft if data.pop("is_draft") else actions.register_deal
        source = "manager" if self.actor.is_vendor and not self.actor.key_id else "api"
        return work(by=self.actor, partner=partner, source=source, at=self.at, **_named(data))

    def partner_of(self, given: Partner | None) -> Partner:
        """Whose registration it is: one's own, or the one that the vendor's side names."""
        if given:
            return given
        own = Partner.objects.visible_to(self.actor).filter(pk=self.actor.partner_id).first()
        if own is None:
            raise ValidationError({"partner": _("Name the partner.")})
        return own

    @changes(serializers.DealFactsSerializer, permission=P.DEAL_EDIT)
    def partial_update(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Change a draft, or the fields that a question has opened."""
        return actions.change_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(permission=P.DEAL_REGISTER)
    def submit(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Send a draft, or the answer to a question."""
        return actions.submit_deal(by=self.actor, deal=deal, at=self.at)

    @verb(permission=P.DEAL_EDIT)
    def discard(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Throw a draft away."""
        return actions.discard_draft(by=self.actor, deal=deal, at=self.at)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_EDIT)
    def withdraw(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Take a registration back; a protection ends."""
        return actions.withdraw_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(permission=P.DEAL_DECIDE)
    def start_review(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Take a submitted registration up."""
        return actions.start_review(by=self.actor, deal=deal, at=self.at)

    @verb(serializers.AskSerializer, permission=P.DEAL_DECIDE)
    def ask_for_more(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Ask the partner; the named fields open and the clock stands still."""
        return actions.ask_for_more(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.ApproveSerializer, permission=P.DEAL_DECIDE, match=True)
    def approve(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Approve and protect the customer."""
        return actions.approve_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_DECIDE, match=True)
    def reject(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Refuse with a reason."""
        return actions.reject_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.DuplicateSerializer, permission=P.DEAL_DECIDE, match=True)
    def mark_duplicate(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Close it as a repeat of an earlier registration of the same partner."""
        return actions.mark_duplicate(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_DECIDE, match=True)
    def revoke(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """End a protection early."""
        return actions.revoke_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.MoreTimeSerializer, permission=P.DEAL_EDIT)
    def request_extension(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Ask for a longer protection; say what happened within the last 30 days."""
        return actions.request_extension(by=self.actor, deal=deal, at=self.at, **data).deal

    @verb(serializers.MoreTimeSerializer, permission=P.DEAL_EDIT)
    def request_renewal(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Ask for a protection that ended by its date to begin again, within the grace."""
        return actions.request_renewal(by=self.actor, deal=deal, at=self.at, **data).deal

    @verb(serializers.CommentSerializer, permission=P.DEAL_DECIDE, match=True)
    def renew(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Grant the renewal that the partner has asked for."""
        return actions.renew_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.LinkCustomerSerializer, permission=P.DEAL_DECIDE)
    def link_customer(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Say which organization the customer is; the partner is not told."""
        return actions.link_customer(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.AddCustomerSerializer, permission=P.ORGANIZATION_EDIT)
    def add_customer(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Record the customer as a new organization and link it; what was typed is the default."""
        return actions.add_customer(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.StageSerializer, permission=P.DEAL_EDIT)
    def update_stage(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Say how far the deal is."""
        return actions.update_stage(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.WinSerializer, permission=P.DEAL_EDIT, takes_file=True)
    def report_win(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Report the win with the order, or its reference; it counts once it is booked."""
        return actions.report_win(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_EDIT)
    def report_loss(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Report the loss with its reason; the protection ends."""
        return actions.report_loss(by=self.actor, deal=deal, at=self.at, **data)


def _named(data: dict[str, Any]) -> dict[str, Any]:
    """A registration has a customer: named, or chosen."""
    if not data.get("customer_name") and not data.get("organization"):
        raise ValidationError({"customer_name": _("Name the customer.")})
    return data


class AppealViewSet(BaseViewSet):
    """Appeals against refusals. Whoever decided the registration does not decide its appeal."""

    queryset = Appeal.objects.select_related("deal__partner")
    serializer_class = serializers.AppealSerializer
    portal_serializer_class = serializers.PortalAppealSerializer
    filterset_class = filters.AppealFilters
    view_permission = P.DEAL_VIEW
    orderings = {"created_at": "created_at", "due": "due_at"}

    @creates(serializers.FileAppealSerializer, permission=P.APPEAL_FILE)
    def create(self, data: dict[str, Any]) -> Appeal:
        """Appeal a refusal, once per decision and in time."""
        return actions.file_appeal(by=self.actor, at=self.at, **data)

    @verb(serializers.UpholdAppealSerializer, permission=P.DEAL_DECIDE, match=True)
    def uphold(self, appeal: Appeal, data: dict[str, Any]) -> Appeal:
        """The partner is right: the registration is in review again, or approved at once."""
        return actions.uphold_appeal(by=self.actor, appeal=appeal, at=self.at, **data)

    @verb(serializers.DismissAppealSerializer, permission=P.DEAL_DECIDE, match=True)
    def dismiss(self, appeal: Appeal, data: dict[str, Any]) -> Appeal:
        """The decision stands; the partner is told why."""
        return actions.dismiss_appeal(by=self.actor, appeal=appeal, at=self.at, **data)

    @verb(permission=P.APPEAL_FILE)
    def withdraw(self, appeal: Appeal, data: dict[str, Any]) -> Appeal:
        """The partner takes its appeal back."""
        return actions.withdraw_appeal(by=self.actor, appeal=appeal, at=self.at)


class ProtectionViewSet(BaseViewSet):
    """Protections, running and past. They come by approvals and go by date, by the deal's end or a revocation."""

    queryset = Protection.objects.select_related("deal", "organization", "product")
    serializer_class = serializers.ProtectionSerializer
    filterset_class = filters.ProtectionFilters
    view_permission = P.DEAL_VIEW
    orderings = {"until": "until", "created_at": "created_at"}


class ExtensionViewSet(BaseViewSet):
    """Requests for more time, and their answers. They are made at the deal: request-extension, request-renewal."""

    queryset = Extension.objects.select_related("deal")
    serializer_class = serializers.ExtensionSerializer
    portal_serializer_class = serializers.PortalExtensionSerializer
    filterset_class = filters.ExtensionFilters
    view_permission = P.DEAL_VIEW
    orderings = {"due": "due_at", "created_at": "created_at"}

    @verb(serializers.CommentSerializer, permission=P.DEAL_DECIDE, match=True)
    def grant(self, extension: Extension, data: dict[str, Any]) -> Extension:
        """Say yes: the protection runs longer, or begins again."""
        return actions.grant_extension(by=self.actor, extension=extension, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_DECIDE, match=True)
    def refuse(self, extension: Extension, data: dict[str, Any]) -> Extension:
        """Say no with a reason."""
        return actions.refuse_extension(by=self.actor, extension=extension, at=self.at, **data)


class ConflictCheckViewSet(BaseViewSet):
    """What was compared, and how the score came about. A partner reads it once its registration is decided."""

    queryset = ConflictCheck.objects.select_related("deal").prefetch_related(WITH_FACTORS)
    serializer_class = serializers.ConflictCheckSerializer
    portal_serializer_class = serializers.PortalConflictCheckSerializer
    filterset_class = filters.ConflictCheckFilters
    view_permission = P.DEAL_VIEW
    orderings = {"created_at": "created_at"}


class BookingViewSet(BaseViewSet):
    """Bookings. They are never changed: a correction is another one."""

    queryset = Booking.objects.select_related("deal")
    serializer_class = serializers.BookingSerializer
    filterset_class = filters.BookingFilters
    view_permission = P.DEAL_VIEW
    orderings = {"booked_on": "booked_on", "created_at": "created_at"}
    default_ordering = "-booked_on"

    @creates(serializers.BookSerializer, permission=P.DEAL_BOOK)
    def create(self, data: dict[str, Any]) -> Booking:
        """Book an amount of a won deal."""
        return actions.book_deal(by=self.actor, at=self.at, **data)

    @verb(serializers.CorrectBookingSerializer, permission=P.DEAL_BOOK)
    def correct(self, booking: Booking, data: dict[str, Any]) -> Booking:
        """Take a booking back, wholly or in part: the answer is the negative booking."""
        return actions.correct_booking(by=self.actor, booking=booking, at=self.at, **data)


class ImplementationViewSet(BaseViewSet):
    """Go-lives: reported, then accepted by the customer or by a signed document."""

    queryset = Implementation.objects.select_related("deal", "product")
    serializer_class = serializers.ImplementationSerializer
    filterset_class = filters.ImplementationFilters
    view_permission = P.DEAL_VIEW
    orderings = {"went_live_on": "went_live_on", "created_at": "created_at", "due": "due_at"}

    @creates(serializers.ReportImplementationSerializer, permission=P.IMPLEMENTATION_REPORT)
    def create(self, data: dict[str, Any]) -> Implementation:
        """Report a go-live; the customer's named person gets a link to confirm it."""
        return actions.report_implementation(by=self.actor, at=self.at, **data)

    @verb(serializers.AcceptSerializer, permission=P.IMPLEMENTATION_CONFIRM, takes_file=True)
    def accept(self, implementation: Implementation, data: dict[str, Any]) -> Implementation:
        """Accept with the customer's signed document."""
        return actions.accept_implementation(by=self.actor, implementation=implementation, at=self.at, **data)

    @verb(permission=P.IMPLEMENTATION_REPORT)
    def ask_again(self, implementation: Implementation, data: dict[str, Any]) -> Implementation:
        """Send the customer's person a new link."""
        return actions.ask_customer_again(by=self.actor, implementation=implementation, at=self.at)

    @verb(permission=P.IMPLEMENTATION_REPORT)
    def withdraw(self, implementation: Implementation, data: dict[str, Any]) -> Implementation:
        """Take a reported go-live back."""
        return actions.withdraw_implementation(by=self.actor, implementation=implementation, at=self.at)


class DealTypeViewSet(BaseViewSet):
    """The ways to sell together."""

    queryset = DealType.objects.active()
    serializer_class = serializers.DealTypeSerializer
    view_permission = P.DEAL_VIEW
    orderings = {"position": "position"}
    default_ordering = "position"


class StageViewSet(BaseViewSet):
    """The stages that partners own, each with what must be true to reach it."""

    queryset = Stage.objects.active()
    serializer_class = serializers.StageRowSerializer
    view_permission = P.DEAL_VIEW
    orderings = {"position": "position"}
    default_ordering = "position"


class PublicAnswers(PublicEndpoint):
    """Where the customer's named person answers."""

    @extend_schema(
        operation_id="public_implementations_answer",
        request=serializers.CustomerAnswerSerializer,
        responses={200: serializers.ThanksSerializer},
    )
    def post(self, request: Request) -> Response:
        """Say whether a product is in use, with the token of the mail's link; it works once."""
        data = self.clean(serializers.CustomerAnswerSerializer)
        return self.write(lambda: self.answered(**data))

    def answered(self, token: str, answer: str, note: str) -> Response:
        at = clock.now()
        link, implementation = asked_by(token, at)
        facts: dict[str, Any] = {"by": CUSTOMER, "link": link, "implementation": implementation, "at": at}
        if answer == "decline":
            actions.decline_by_customer(**facts, note=note)
        else:
            actions.confirm_by_customer(**facts)
        return Response({"detail": _("Thank you.")})
