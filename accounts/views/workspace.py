"""The vendor's pages about people: who works here, keys, settings, looking at a portal."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from accounts import actions, forms
from accounts.middleware import VIEW_IN_SESSION
from accounts.models import ApiKey, Invitation, Membership, PortalView, User, partner_model
from accounts.roles import Permission as P
from core.forms import ConfirmForm
from core.models import Vendor
from core.pages import Fetching, FormPage, MovePage, Page


class People(Page):
    """Everyone on the vendor's side, and open invitations."""

    permission = P.TEAM_VIEW
    template_name = "accounts/team.html"
    title = _("People and roles")

    def context(self, **more: Any) -> dict[str, Any]:
        rows = (
            Membership.objects.current()
            .filter(partner=None)
            .select_related("user")
            .order_by("user__name", "role")
        )
        open_ones = Invitation.objects.filter(partner=None, state=Invitation.OPEN).order_by("-created_at")
        return super().context(
            memberships=rows,
            invitations=open_ones,
            may_manage=self.actor.may(P.USER_MANAGE),
            base="/manage/people/",
            invite_url="/manage/people/invite/",
            **more,
        )


class InvitePerson(FormPage):
    """Invite someone to the vendor's side."""

    permission = P.USER_MANAGE
    form_class = forms.InviteForm
    title = _("Invite a colleague")
    submit_label = _("Send invitation")
    cancel_url = "/manage/people/"
    done_message = _("The invitation is on its way.")

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.invite(by=self.actor, partner=None, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return "/manage/people/"


class OfPeople(MovePage):
    """A move that is made on, and leads back to, the list of people."""

    permission = P.USER_MANAGE
    cancel_url = "/manage/people/"

    def done_url(self, result: Any) -> str:
        return self.cancel_url


class OfVendor(OfPeople):
    """A move about a membership of the vendor's side."""

    queryset = Membership.objects.filter(partner=None).select_related("user")


class ChangeRole(OfVendor):
    """Another role."""

    form_class = forms.RoleForm
    title = _("Change the role")
    submit_label = _("Change role")

    def initial(self) -> dict[str, Any]:
        return {"role": self.record.role}

    def perform_on(self, record: Any, data: dict[str, Any]) -> Any:
        return actions.change_role(by=self.actor, membership=record, at=self.at, **data)


class RemovePerson(OfVendor):
    """Remove a role."""

    form_class = ConfirmForm
    title = _("Remove this role")
    submit_label = _("Remove")

    def perform_on(self, record: Any, data: dict[str, Any]) -> Any:
        return actions.end_membership(by=self.actor, membership=record, at=self.at)


class DeactivateUser(OfPeople):
    """Close an account."""

    queryset = User.objects
    form_class = forms.ReasonForm
    title = _("Deactivate this account")
    subtitle = _("The person is out at the next request, everywhere. Keys stop working.")
    submit_label = _("Deactivate")

    def perform_on(self, record: Any, data: dict[str, Any]) -> Any:
        return actions.deactivate_user(by=self.actor, user=record, at=self.at, **data)


class ReactivateUser(OfPeople):
    """Open a closed account again."""

    queryset = User.objects
    form_class = ConfirmForm
    title = _("Reactivate this account")
    subtitle = _("The person can sign in again, with the roles it still has. Keys stay revoked.")
    submit_label = _("Reactivate")

    def perform_on(self, record: Any, data: dict[str, Any]) -> Any:
        return actions.reactivate_user(by=self.actor, user=record, at=self.at)


class RevokeInvitation(OfPeople):
    """Take an invitation back."""

    queryset = Invitation.objects.filter(partner=None)
    form_class = ConfirmForm
    title = _("Take this invitation back")
    submit_label = _("Take back")

    def perform_on(self, record: Any, data: dict[str, Any]) -> Any:
        return actions.revoke_invitation(by=self.actor, invitation=record, at=self.at)


class Keys(Page):
    """The vendor's own API keys."""

    permission = P.KEY_MANAGE
    template_name = "accounts/keys.html"
    title = _("API keys")

    def context(self, **more: Any) -> dict[str, Any]:
        keys = ApiKey.objects.filter(partner=None).select_related("user").order_by("-created_at")
        return super().context(**{"keys": keys, "base": "/manage/keys/", **more})


class MakeKey(FormPage):
    """A new key, shown once."""

    permission = P.KEY_MANAGE
    form_class = forms.KeyForm
    title = _("New API key")
    submit_label = _("Make key")
    cancel_url = "/manage/keys/"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        form = self.form(data=request.POST)
        if not form.is_valid():
            return self.shown(form, status=400)
        key, text = self.made(form.cleaned_data)
        return self.answer(template="accounts/key_made.html", key=key, text=text, back=self.cancel_url)

    def made(self, data: dict[str, Any]) -> tuple[ApiKey, str]:
        user = User.objects.get(pk=self.actor.user_id)
        return actions.create_key(
            by=self.actor, user=user, partner=self.partner(), name=data["name"], at=self.at,
            may_write=data["may_write"], life=data["days"],
        )  # fmt: skip

    def partner(self) -> Any:
        return None


class RevokeKey(MovePage):
    """Refuse a key from now on."""

    permission = P.KEY_MANAGE
    queryset = ApiKey.objects
    form_class = ConfirmForm
    title = _("Revoke this key")
    subtitle = _("It is refused from the next request on.")
    submit_label = _("Revoke")
    cancel_url = "/manage/keys/"

    def done_url(self, result: Any) -> str:
        return self.cancel_url

    def perform_on(self, record: Any, data: dict[str, Any]) -> Any:
        return actions.revoke_key(by=self.actor, key=record, at=self.at)


class ViewPortalAs(Fetching, FormPage):
    """Look at the portal as a partner: read-only, for an hour, noted in the partner's timeline."""

    permission = P.PARTNER_IMPERSONATE
    queryset = partner_model().objects
    form_class = forms.ReasonForm
    title = _("View the portal as this partner")
    subtitle = _("Read-only, for one hour. The partner sees in its timeline that you looked.")
    submit_label = _("Open the portal")

    def prepare(self) -> None:
        self.record = self.fetch()
        self.cancel_url = self.record.get_absolute_url()  # type: ignore[misc]

    def perform(self, data: dict[str, Any]) -> Any:
        view = actions.view_portal_as(by=self.actor, partner=self.record, at=self.at, **data)
        self.request.session[VIEW_IN_SESSION] = str(view.pk)
        return view

    def done_url(self, result: Any) -> str:
        return "/portal/"


class Settings(MovePage):
    """How the vendor shows itself. There is nothing to set before a program is loaded."""

    permission = P.SETTINGS_EDIT
    form_class = forms.VendorForm
    title = _("Settings")
    subtitle = _("Name, colour and time zone of this installation.")
    template_name = "accounts/settings.html"
    done_message = _("Saved.")

    def fetch(self) -> Vendor:
        return get_object_or_404(Vendor)

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in self.form_class.base_fields}

    def perform_on(self, record: Vendor, data: dict[str, Any]) -> Any:
        return actions.change_vendor(by=self.actor, vendor=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return "/manage/settings/"


class Profile(MovePage):
    """One's own name, time zone and appearance."""

    form_class = forms.ProfileForm
    title = _("Profile")
    done_message = _("Saved.")
    template_name = "accounts/profile.html"

    def fetch(self) -> User:
        if self.actor.viewing_as:
            raise PermissionDenied(_("While you look at a portal nothing can be changed."))
        return get_object_or_404(User, pk=self.actor.user_id)

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in ("name", "time_zone", "theme")}

    def perform_on(self, record: User, data: dict[str, Any]) -> Any:
        return actions.change_profile(by=self.actor, user=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return self.request.path


def stop_viewing(request: HttpRequest) -> HttpResponse:
    """Back to the workspace. Only pressing the button ends the look, not following a link."""
    if request.method != "POST":
        return HttpResponseRedirect("/manage/")
    view = PortalView.objects.filter(pk=request.session.pop(VIEW_IN_SESSION, None)).first()
    if view:
        from core.clock import now

        actions.stop_viewing(by=request.actor, view=view, at=now())  # type: ignore[attr-defined]
        return HttpResponseRedirect(f"/manage/partners/{view.partner_id}/")
    return HttpResponseRedirect("/manage/")
