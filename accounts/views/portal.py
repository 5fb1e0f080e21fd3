"""The partner's pages about its own people and keys, and switching between partners."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import actions, forms
from accounts.middleware import PARTNER_IN_SESSION
from accounts.models import ApiKey, Invitation, Membership, partner_model
from accounts.roles import Permission as P
from accounts.views import workspace
from core.forms import ConfirmForm
from core.pages import MovePage, Page


class Team(Page):
    """Everyone at this partner who can sign in, and open invitations."""

    side = "portal"
    permission = P.TEAM_VIEW
    template_name = "accounts/team.html"
    title = _("Team")
    subtitle = _("Who of your company can sign in here, and as what.")

    def context(self, **more: Any) -> dict[str, Any]:
        rows = Membership.objects.visible_to(self.actor).filter(ended_at=None).select_related("user")
        open_ones = Invitation.objects.visible_to(self.actor).filter(state=Invitation.OPEN)
        return super().context(
            memberships=rows.order_by("user__name"),
            invitations=open_ones.order_by("-created_at"),
            may_manage=self.actor.may(P.TEAM_INVITE),
            base="/portal/team/",
            partner=own_partner(self),
            may_limit=self.actor.may(P.TEAM_LIMIT),
            invite_url="/portal/team/invite/",
            **more,
        )


class InvitePerson(workspace.InvitePerson):
    """Invite a colleague to the partner."""

    side = "portal"
    permission = P.TEAM_INVITE
    cancel_url = "/portal/team/"

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.invite(by=self.actor, partner=own_partner(self), at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return "/portal/team/"


def own_partner(page: Page) -> Any:
    return partner_model().objects.visible_to(page.actor).get()


class OfTeam(MovePage):
    """A move about a colleague."""

    side = "portal"
    permission = P.TEAM_INVITE
    queryset = Membership.objects.select_related("user", "partner")
    cancel_url = "/portal/team/"

    def done_url(self, result: Any) -> str:
        return "/portal/team/"


class ChangeRole(OfTeam):
    """Another role for a colleague."""

    form_class = forms.RoleForm
    title = _("Change the role")
    submit_label = _("Change role")

    def initial(self) -> dict[str, Any]:
        return {"role": self.record.role}

    def perform_on(self, record: Any, data: dict[str, Any]) -> Any:
        return actions.change_role(by=self.actor, membership=record, at=self.at, **data)


class RemovePerson(OfTeam):
    """Remove a colleague."""

    form_class = ConfirmForm
    title = _("Remove this person")
    subtitle = _("The person can no longer sign in for your company. What it did stays in the record.")
    submit_label = _("Remove")

    def perform_on(self, record: Any, data: dict[str, Any]) -> Any:
        return actions.end_membership(by=self.actor, membership=record, at=self.at)


class RevokeInvitation(workspace.RevokeInvitation):
    """Take an invitation back."""

    side = "portal"
    permission = P.TEAM_INVITE
    queryset = Invitation.objects
    cancel_url = "/portal/team/"

    def done_url(self, result: Any) -> str:
        return "/portal/team/"


class Keys(workspace.Keys):
    """The partner's API keys."""

    side = "portal"

    def context(self, **more: Any) -> dict[str, Any]:
        keys = ApiKey.objects.visible_to(self.actor).select_related("user").order_by("-created_at")
        return super().context(**{"keys": keys, "base": "/portal/keys/", **more})


class MakeKey(workspace.MakeKey):
    """A new key for the partner's own systems."""

    side = "portal"
    cancel_url = "/portal/keys/"

    def partner(self) -> Any:
        return own_partner(self)


class RevokeKey(workspace.RevokeKey):
    """Refuse a key from now on."""

    side = "portal"
    cancel_url = "/portal/keys/"


class Profile(workspace.Profile):
    """One's own name, time zone and appearance."""

    side = "portal"


@require_POST
def switch_partner(request: HttpRequest, pk: str) -> HttpResponse:
    """Act for another of one's partners."""
    own = (
        Membership.objects.current().filter(user=request.user, partner_id=pk)
        if request.user.is_authenticated
        else None
    )
    if own and own.exists():
        request.session[PARTNER_IN_SESSION] = str(pk)
    return HttpResponseRedirect("/portal/")
