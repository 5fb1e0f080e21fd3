"""Endpoints of registrations, their types and stages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core.api import BaseViewSet, answered_in_parts, changes, creates, require_known, verb
from core.text import require_storable
from deals import actions, filters, precheck, previews, serializers, words
from deals.models import (
    Deal,
    DealType,
    Stage,
)
from partners.models import Organization, Partner

PRECHECK = ("customer_name", "customer_country", "customer_website", "organization", "partner")
PRECHECK_PARAMETERS = [OpenApiParameter(name, str) for name in PRECHECK]


class DealViewSet(BaseViewSet):
    """Deal registrations."""

    queryset = Deal.objects.select_related(
        "partner", "stage", "type", "channel", "organization", "duplicate_of", "renews", "engagement_rules"
    ).prefetch_related("products", "people")
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
        """Register a deal, or keep a draft of one.

        With an external_ref it happens once: a repeat gets the first one (200), other facts are refused (409). A
        draft that carries it is changed, or completed and sent. A partner may send so many complete registrations a
        day (429 with Retry-After); drafts are not counted.
        """
        partner = self.partner_of(data.pop("partner", None))
        work = actions.draft_deal if data.pop("is_draft") else actions.register_deal
        source = "manager" if self.actor.is_vendor and not self.actor.key_id else "api"
        return work(by=self.actor, partner=partner, source=source, at=self.at, **_named(data))

    def locked(self, record: Deal) -> Deal:
        return actions.lock_claim(record)

    def partner_of(self, given: Partner | None) -> Partner:
        """Whose registration it is: one's own, or the one that the vendor's side names."""
        if given:
            return given
        own = self.own_partner()
        if own is None:
            raise ValidationError({"partner": _("Name the partner.")})
        return own

    def own_partner(self) -> Partner | None:
        return Partner.objects.visible_to(self.actor).filter(pk=self.actor.partner_id).first()

    @changes(serializers.DealFactsSerializer, permission=P.DEAL_EDIT)
    def partial_update(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Change a draft, or the fields that a question has opened."""
        return actions.change_deal(by=self.actor, deal=deal, at=self.at, **data)

    @extend_schema(responses=serializers.PrecheckSerializer, parameters=PRECHECK_PARAMETERS)
    @action(detail=False, pagination_class=None, filter_backends=[])
    def precheck(self, request: Request) -> Response:
        """What is told before a registration is sent: your own earlier ones of the customer, and the published rules.

        It never depends on anybody else: that another partner is protected is the outcome of a complete submission.
        """
        self.permit(P.DEAL_REGISTER)
        require_known(request.query_params, {"format", *PRECHECK})
        asked = {name: request.query_params.get(name, "")[:200] for name in PRECHECK}
        require_storable("".join(asked.values()))
        partner = self.named(Partner, "partner", asked)
        customer = self.named(Organization, "organization", asked)
        found = precheck.answer(
            self.actor, partner or self.own_partner(), customer, asked["customer_name"], asked["customer_country"],
            asked["customer_website"], self.at,
        )  # fmt: skip
        return Response(serializers.PrecheckSerializer(found).data)

    def named(self, model: Any, name: str, asked: dict[str, str]) -> Any:
        """The row that a parameter names, among those that the actor sees; None where it names none.

        Raises ValidationError.
        """
        if not asked[name]:
            return None
        try:
            found = model.objects.visible_to(self.actor).filter(pk=UUID(asked[name])).first()
        except ValueError:
            found = None
        if found is None:
            raise ValidationError({name: _("There is no such record.")})
        return found

    @verb(serializers.NamePeopleSerializer, permission=P.DEAL_EDIT)
    def name_people(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Name exactly these colleagues: they are written to, and see it where sellers see only their own."""
        return actions.name_people(by=self.actor, deal=deal, at=self.at, **data)

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

    @verb(permission=P.DEAL_DECIDE, path="check-again")
    def check_again(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Look for conflicts again; the newest check holds what was found."""
        return actions.recheck_conflicts(by=self.actor, deal=deal, at=self.at)

    @verb(serializers.AssignDealSerializer, permission=P.DEAL_DECIDE)
    def assign(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Give it to a colleague who may decide it, or to nobody."""
        return actions.assign_deal(by=self.actor, deal=deal, at=self.at, **data)

    @extend_schema(
        request=serializers.BulkApproveSerializer, responses={200: serializers.BulkAnswerSerializer}
    )
    @action(detail=False, methods=["post"], url_path="bulk-approve")
    def bulk_approve(self, request: Request) -> Response:
        """Approve many, each in its own transaction; a dry run says what would happen. The answer has a line per row.

        Every row names the version that was read: one that somebody changed since is left as it is.
        """
        require_known(request.query_params, {"format"})
        self.permit(P.DEAL_DECIDE)
        data = self.clean(serializers.BulkApproveSerializer)
        return answered_in_parts(request, self.actor, lambda: self.approved_in_bulk(**data))

    def approved_in_bulk(self, dry_run: bool, deals: list[dict[str, Any]]) -> Any:
        work = actions.preview_approvals if dry_run else actions.approve_deals
        choices = [(choice["id"], choice["version"]) for choice in deals]
        outcomes = work(by=self.actor, choices=choices, at=self.at)
        return serializers.BulkAnswerSerializer({"dry_run": dry_run, "results": outcomes}).data

    @verb(serializers.AskSerializer, permission=P.DEAL_DECIDE)
    def ask_for_more(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Ask the partner; the named fields open and the clock stands still."""
        return actions.ask_for_more(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.ApproveSerializer, permission=P.DEAL_DECIDE, match=True)
    def approve(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Approve and protect the customer."""
        return actions.approve_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.ApproveWithConditionsSerializer, permission=P.DEAL_DECIDE, match=True)
    def approve_with_conditions(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Approve and protect until the day of the conditions; once they are met, for the protection's own days."""
        return actions.approve_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.MeetConditionsSerializer, permission=P.DEAL_DECIDE, match=True)
    def meet_conditions(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Tick conditions off; with the last one the approval has none any more."""
        met, comment = data.get("conditions"), data["comment"]
        return actions.meet_conditions(by=self.actor, deal=deal, met=met, comment=comment, at=self.at)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_DECIDE, match=True)
    def miss_conditions(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """The conditions will not be met: the protection ends today."""
        return actions.miss_conditions(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_DECIDE, match=True)
    def reject(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Refuse with a reason."""
        return actions.reject_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.DuplicateSerializer, permission=P.DEAL_DECIDE, match=True)
    def mark_duplicate(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Close it as a repeat of an earlier registration of the same partner."""
        return actions.mark_duplicate(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.PreviewLetterSerializer, permission=P.DEAL_DECIDE, answers=serializers.LetterSerializer)
    def preview_letter(self, deal: Deal, data: dict[str, Any]) -> words.Words:
        """The letter that the partner would get for a decision. Nothing is decided, nothing is sent."""
        return previews.possible_letter(deal, at=self.at, **data)

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

    @verb(serializers.ReopenSerializer, permission=P.DEAL_REOPEN, match=True)
    def reopen(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Take a win or a loss back: bookings get negative rows, the customer is protected again if it is free."""
        return actions.reopen_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.RequestTransferSerializer, permission=P.DEAL_EDIT)
    def request_transfer(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Ask that another partner takes it over; say in words who."""
        return actions.request_transfer(by=self.actor, deal=deal, at=self.at, **data).deal

    @verb(serializers.ProposeTransferSerializer, permission=P.DEAL_DECIDE)
    def propose_transfer(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Name the partner that takes it over; the holder is asked for its consent."""
        return actions.propose_transfer(by=self.actor, deal=deal, at=self.at, **data).deal

    @verb(serializers.RequestAmendmentSerializer, permission=P.DEAL_EDIT)
    def request_amendment(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Ask that what was approved is changed."""
        return actions.request_amendment(by=self.actor, deal=deal, at=self.at, **data).deal

    @verb(serializers.LinkCustomerSerializer, permission=P.DEAL_DECIDE)
    def link_customer(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Say which organization the customer is; the partner is not told."""
        return actions.link_customer(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.AddCustomerSerializer, permission=P.ORGANIZATION_EDIT)
    def add_customer(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Record the customer as a new organization and link it; what was typed is the default."""
        return actions.add_customer(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.SetCreditSerializer, permission=P.CREDIT_SET, match=True)
    def set_credit(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Say who has a part in the deal; once it is booked this is a correction from today on."""
        return actions.set_credit(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.StageSerializer, permission=P.STAGE_MOVE)
    def update_stage(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Say how far the deal is and, where you wish, when it is expected to close."""
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
