"""Addresses of this app, by side. The partner's list and record are pages of `home`."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from partners import api as endpoints
from partners.views import organizations, people, sellers
from partners.views import workspace as of_workspace

router = SimpleRouter()
router.register("partners", endpoints.PartnerViewSet, "partners")
router.register("contacts", endpoints.ContactViewSet, "contacts")
router.register("organizations", endpoints.OrganizationViewSet, "organizations")
router.register("restructurings", endpoints.RestructuringViewSet, "restructurings")

workspace: list[Any] = [
    path("partners/<uuid:pk>/change/", of_workspace.ChangePartner.as_view(), name="change-partner"),
    path("partners/<uuid:pk>/assign/", of_workspace.AssignPartner.as_view(), name="assign-partner"),
    path("partners/<uuid:pk>/activate/", of_workspace.ActivatePartner.as_view(), name="activate-partner"),
    path("partners/<uuid:pk>/suspend/", of_workspace.SuspendPartner.as_view(), name="suspend-partner"),
    path("partners/<uuid:pk>/resume/", of_workspace.ResumePartner.as_view(), name="resume-partner"),
    path("partners/<uuid:pk>/terminate/", of_workspace.TerminatePartner.as_view(), name="terminate-partner"),
    path("partners/<uuid:pk>/limit-sellers/", sellers.LimitSellers.as_view(), name="limit-sellers"),
]
PERSON = [
    ("contacts/<uuid:pk>/change/", people.ChangePerson, "change-person"),
    ("contacts/<uuid:pk>/left/", people.PersonLeft, "person-left"),
]
workspace += [path("partners/<uuid:pk>/people/new/", people.AddPerson.as_view(), name="add-person")]
workspace += [path(where, page.as_view(), name=name) for where, page, name in PERSON]
ORGANIZATION = [
    ("organizations/new/", organizations.AddOrganization, "add-organization"),
    ("organizations/<uuid:pk>/below/", organizations.AddBelow, "add-organization-below"),
    ("organizations/<uuid:pk>/change/", organizations.ChangeOrganization, "change-organization"),
    ("organizations/<uuid:pk>/move/", organizations.MoveOrganization, "move-organization"),
    ("organizations/<uuid:pk>/merge/", organizations.MergeOrganization, "merge-organization"),
    ("organizations/<uuid:pk>/add-name/", organizations.AddName, "add-organization-name"),
    ("organizations/<uuid:pk>/add-domain/", organizations.AddDomain, "add-organization-domain"),
    ("organizations/<uuid:pk>/add-identifier/", organizations.AddIdentifier, "add-organization-identifier"),
    ("organization-names/<uuid:pk>/remove/", organizations.RemoveName, "remove-organization-name"),
    ("organization-domains/<uuid:pk>/remove/", organizations.RemoveDomain, "remove-organization-domain"),
    (
        "organization-identifiers/<uuid:pk>/remove/",
        organizations.RemoveIdentifier,
        "remove-organization-identifier",
    ),
    ("restructurings/<uuid:pk>/undo/", organizations.UndoRestructuring, "undo-restructuring"),
    ("restructurings/<uuid:pk>/abandon/", organizations.AbandonRestructuring, "abandon-restructuring"),
]
workspace += [path(where, page.as_view(), name=name) for where, page, name in ORGANIZATION]
portal: list[Any] = [
    path("people/new/", people.AddColleague.as_view(), name="add-person"),
    path("team/sellers/", sellers.LimitOwnSellers.as_view(), name="limit-sellers"),
    *(path(where, page.as_view(side="portal"), name=name) for where, page, name in PERSON),
]
public: list[Any] = []
api: list[Any] = router.urls
