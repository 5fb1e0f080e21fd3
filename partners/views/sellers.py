"""Which deals a partner's sellers see: all of their company's, or only their own."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.pages import MovePage
from partners import actions, forms
from partners.models import Partner


class LimitSellers(MovePage):
    """One choice, for a partner's admins and for whoever looks after the partner."""

    permission = P.TEAM_LIMIT
    queryset = Partner.objects.all()
    form_class = forms.SellersForm
    title = gettext_lazy("Which deals sellers see")
    submit_label = gettext_lazy("Save")
    done_message = gettext_lazy("Saved. It holds from now on.")

    def initial(self) -> dict[str, Any]:
        return {"see": forms.OWN if self.record.sellers_see_own_only else forms.ALL}

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("It holds for people whose role is Seller; people with another role see all."),
            _("Their own are the deals that they registered and those on which they are named."),
            _("It holds everywhere: lists, search, files, timelines, exports and the API."),
        ]
        return super().context(**{"subtitle": self.record.name, "effects": effects, **more})

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Partner:
        own_only = data["see"] == forms.OWN
        return actions.limit_sellers(by=self.actor, partner=record, own_only=own_only, at=self.at)

    def done_url(self, result: Any) -> str:
        return "/portal/team/" if self.side == "portal" else f"/manage/partners/{self.record.pk}/people/"


class LimitOwnSellers(LimitSellers):
    """The same in the portal, for the partner that one acts for."""

    side = "portal"

    def fetch(self) -> Partner:
        return Partner.objects.visible_to(self.actor).get()
