"""A person's saved views of lists: kept, and removed."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.forms import BaseForm
from core.models import SavedView
from core.pages import FormPage, MovePage
from core.saving import save


class ViewForm(BaseForm):
    """The name of a view; the list and its filters come along."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    page = forms.CharField(max_length=60, widget=forms.HiddenInput)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)
    back = forms.CharField(max_length=200, widget=forms.HiddenInput)

    def clean_back(self) -> str:
        back: str = self.cleaned_data["back"]
        return back if back.startswith(("/manage/", "/portal/")) else "/"


def keep_view(*, by: Actor, name: str, page: str, query: str) -> SavedView:
    """Keep a list's filters under a name. Raises ValidationError (the name is taken)."""
    if by.user_id is None or by.viewing_as:
        raise PermissionDenied(_("While you look at a portal nothing can be changed."))
    return save(SavedView(user_id=by.user_id, name=name, page=page, query=query))


def remove_view(*, by: Actor, view: SavedView) -> SavedView:
    """Forget a view of one's own."""
    if by.user_id != view.user_id or by.viewing_as:
        raise PermissionDenied(_("This view belongs to someone else."))
    view.delete()
    return view


class SaveView(FormPage):
    """Keep what the list shows now."""

    form_class = ViewForm
    title = _("Save this view")
    submit_label = _("Save view")

    def initial(self) -> dict[str, Any]:
        return {name: self.request.GET.get(name, "")[:1000] for name in ("page", "query", "back")}

    def perform(self, data: dict[str, Any]) -> str:
        view = keep_view(by=self.actor, name=data["name"], page=data["page"], query=data["query"])
        return f"{data['back']}?{view.query}"

    def done_url(self, result: str) -> str:
        return result

    def get_cancel_url(self) -> str:
        back = self.request.GET.get("back", "")
        return back if back.startswith(("/manage/", "/portal/")) else ""


class RemoveView(MovePage):
    """Forget a view."""

    queryset = SavedView.objects
    title = _("Remove this view")
    submit_label = _("Remove view")

    def done_url(self, result: Any) -> str:
        return "/portal/" if self.side == "portal" else "/manage/"

    def perform_on(self, record: SavedView, data: dict[str, Any]) -> Any:
        return remove_view(by=self.actor, view=record)
