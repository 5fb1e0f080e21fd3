"""Addresses of this app, by side."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from accounts import api as endpoints
from accounts.views import portal as of_portal
from accounts.views import public as of_public
from accounts.views import workspace as of_workspace

router = SimpleRouter()
router.register("vendor", endpoints.VendorViewSet, "vendor")
router.register("users", endpoints.UserViewSet, "users")
router.register("memberships", endpoints.MembershipViewSet, "memberships")
router.register("invitations", endpoints.InvitationViewSet, "invitations")
router.register("api-keys", endpoints.KeyViewSet, "api-keys")

workspace: list[Any] = [
    path("people/", of_workspace.People.as_view(), name="people"),
    path("people/invite/", of_workspace.InvitePerson.as_view(), name="invite-person"),
    path("people/<uuid:pk>/role/", of_workspace.ChangeRole.as_view(), name="change-role"),
    path("people/<uuid:pk>/remove/", of_workspace.RemovePerson.as_view(), name="remove-person"),
    path("people/<uuid:pk>/deactivate/", of_workspace.DeactivateUser.as_view(), name="deactivate-user"),
    path("people/<uuid:pk>/reactivate/", of_workspace.ReactivateUser.as_view(), name="reactivate-user"),
    path(
        "people/invitations/<uuid:pk>/revoke/",
        of_workspace.RevokeInvitation.as_view(),
        name="revoke-invitation",
    ),
    path("keys/", of_workspace.Keys.as_view(), name="keys"),
    path("keys/new/", of_workspace.MakeKey.as_view(), name="make-key"),
    path("keys/<uuid:pk>/revoke/", of_workspace.RevokeKey.as_view(), name="revoke-key"),
    path("partners/<uuid:pk>/view-portal/", of_workspace.ViewPortalAs.as_view(), name="view-portal"),
    path("settings/", of_workspace.Settings.as_view(), name="settings"),
    path("profile/", of_workspace.Profile.as_view(), name="profile"),
]
portal: list[Any] = [
    path("team/", of_portal.Team.as_view(), name="team"),
    path("team/invite/", of_portal.InvitePerson.as_view(), name="invite-person"),
    path("team/<uuid:pk>/role/", of_portal.ChangeRole.as_view(), name="change-role"),
    path("team/<uuid:pk>/remove/", of_portal.RemovePerson.as_view(), name="remove-person"),
    path(
        "team/invitations/<uuid:pk>/revoke/", of_portal.RevokeInvitation.as_view(), name="revoke-invitation"
    ),
    path("keys/", of_portal.Keys.as_view(), name="keys"),
    path("keys/new/", of_portal.MakeKey.as_view(), name="make-key"),
    path("keys/<uuid:pk>/revoke/", of_portal.RevokeKey.as_view(), name="revoke-key"),
    path("profile/", of_portal.Profile.as_view(), name="profile"),
    path("switch/<uuid:pk>/", of_portal.switch_partner, name="switch-partner"),
]
public: list[Any] = [
    path("join/<str:token>/", of_public.Join.as_view(), name="join"),
    path("stop-viewing/", of_workspace.stop_viewing, name="stop-viewing"),
]
api: list[Any] = [
    path("public/invitations/accept/", endpoints.AcceptInvitation.as_view(), name="public-accept-invitation"),
    *router.urls,
]
