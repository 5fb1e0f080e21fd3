"""People and keys over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions, filters, serializers
from accounts.models import ApiKey, Invitation, Membership, User
from accounts.roles import Permission as P
from accounts.views.public import slow_guessing
from core import clock
from core.api import BaseViewSet, changes, creates, verb
from core.models import Vendor
from core.public_api import PublicEndpoint


class VendorViewSet(BaseViewSet):
    """How the vendor shows itself: one row."""

    queryset = Vendor.objects.all()
    serializer_class = serializers.VendorSerializer
    view_permission = P.SETTINGS_EDIT

    @changes(serializers.ChangeVendorSerializer, permission=P.SETTINGS_EDIT)
    def partial_update(self, vendor: Vendor, data: dict[str, Any]) -> Vendor:
        """Change the name, the line below it, the accent, the time zone or the address for questions."""
        return actions.change_vendor(by=self.actor, vendor=vendor, at=self.at, **data)


class UserViewSet(BaseViewSet):
    """Accounts: people who can sign in, on either side."""

    queryset = User.objects.all()
    serializer_class = serializers.UserSerializer
    filterset_class = filters.UserFilters
    view_permission = P.USER_MANAGE

    @changes(serializers.ChangeProfileSerializer)
    def partial_update(self, user: User, data: dict[str, Any]) -> User:
        """Change your own name, time zone or appearance."""
        return actions.change_profile(by=self.actor, user=user, at=self.at, **data)

    @verb(serializers.DeactivateSerializer, permission=P.USER_MANAGE)
    def deactivate(self, user: User, data: dict[str, Any]) -> User:
        """Close an account: out at the next request everywhere, its keys revoked."""
        return actions.deactivate_user(by=self.actor, user=user, at=self.at, **data)

    @verb(permission=P.USER_MANAGE)
    def reactivate(self, user: User, data: dict[str, Any]) -> User:
        """Open a closed account again; its keys stay revoked."""
        return actions.reactivate_user(by=self.actor, user=user, at=self.at)


class MembershipViewSet(BaseViewSet):
    """Who belongs to the vendor's side and to partners, and as what."""

    queryset = Membership.objects.select_related("user")
    serializer_class = serializers.MembershipSerializer
    view_permission = P.TEAM_VIEW

    @verb(serializers.RoleSerializer, path="change-role")
    def change_role(self, membership: Membership, data: dict[str, Any]) -> Membership:
        """Change a person's role."""
        return actions.change_role(by=self.actor, membership=membership, at=self.at, **data)

    @verb()
    def end(self, membership: Membership, data: dict[str, Any]) -> Membership:
        """Remove a person; it is out at its next request."""
        return actions.end_membership(by=self.actor, membership=membership, at=self.at)


class InvitationViewSet(BaseViewSet):
    """Offers of a membership."""

    queryset = Invitation.objects.all()
    serializer_class = serializers.InvitationSerializer
    view_permission = P.TEAM_VIEW

    @creates(serializers.InviteSerializer)
    def create(self, data: dict[str, Any]) -> Invitation:
        """Invite someone by mail."""
        return actions.invite(by=self.actor, at=self.at, **data)

    @verb()
    def revoke(self, invitation: Invitation, data: dict[str, Any]) -> Invitation:
        """Take an open invitation back."""
        return actions.revoke_invitation(by=self.actor, invitation=invitation, at=self.at)


class KeyViewSet(BaseViewSet):
    """API keys: the text is in the answer to the POST, and nowhere else."""

    queryset = ApiKey.objects.all()
    serializer_class = serializers.KeySerializer
    view_permission = P.KEY_MANAGE

    @creates(serializers.MakeKeySerializer, permission=P.KEY_MANAGE)
    def create(self, data: dict[str, Any]) -> ApiKey:
        """Make a key for yourself."""
        user = User.objects.get(pk=self.actor.user_id)
        partner: Any = data["partner"]
        key, text = actions.create_key(
            by=self.actor, user=user, partner=partner, name=data["name"], at=self.at,
            may_write=data["may_write"], life=data["days"],
        )  # fmt: skip
        key.text = text  # type: ignore[attr-defined]
        return key

    def get_serializer_class(self) -> Any:
        return serializers.MadeKeySerializer if self.action == "create" else super().get_serializer_class()

    @verb()
    def revoke(self, key: ApiKey, data: dict[str, Any]) -> ApiKey:
        """Refuse the key from now on."""
        return actions.revoke_key(by=self.actor, key=key, at=self.at)


class AcceptInvitation(PublicEndpoint):
    """Where an invited person joins."""

    @extend_schema(
        operation_id="public_invitations_accept",
        request=serializers.AcceptInvitationSerializer,
        responses={201: serializers.MembershipSerializer},
    )
    def post(self, request: Request) -> Response:
        """Join with the token of the invitation's link; it works once."""
        data, at = self.clean(serializers.AcceptInvitationSerializer), clock.now()
        slow_guessing(request, data["token"], at)
        return self.write(lambda: self.joined(actions.accept_invitation(at=at, **data)))

    def joined(self, membership: Membership) -> Response:
        return Response(serializers.MembershipSerializer(membership).data, status=201)
