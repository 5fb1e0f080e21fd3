"""Moves of a partner: assign, activate, suspend, resume, terminate, change."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core import mail
from core.forms import ConfirmForm
from core.pages import MovePage
from partners import actions, forms, letters
from partners.models import Partner


class OfPartner(MovePage):
    """A move of one partner: what it does, and the letter that its admins get."""

    queryset = Partner.objects.select_related("organization", "psm")
    letter_name = ""
    danger = False

    def effects(self) -> list[str]:
        return []

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            **{
                "crumbs": crumbs(self.record),
                "effects": self.effects(),
                "letter": self.letter(),
                "danger": self.danger,
                "subtitle": self.record.name,
                **more,
            }
        )

    def letter(self) -> dict[str, str] | None:
        """What the admins will read, with the reason chosen so far."""
        if not self.letter_name:
            return None
        reason = self.request.POST.get("reason", "")
        words = mail.preview(self.letter_name, letters.about(self.record, self.letter_name, reason))
        return {"to": _("What its admins will get"), **words}


def crumbs(partner: Partner) -> list[dict[str, str]]:
    return [
        {"label": _("Partners"), "url": "/manage/partners/"},
        {"label": partner.name, "url": partner.get_absolute_url()},
    ]


class AssignPartner(OfPartner):
    """Give a partner its manager."""

    permission = P.PARTNER_ASSIGN
    form_class = forms.AssignForm
    title = gettext_lazy("Assign a manager")
    submit_label = gettext_lazy("Assign")
    done_message = gettext_lazy("Assigned.")

    def initial(self) -> dict[str, Any]:
        return {"psm": self.record.psm_id}

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Partner:
        return actions.assign_psm(by=self.actor, partner=record, at=self.at, **data)


class ActivatePartner(OfPartner):
    """End onboarding early."""

    permission = P.PARTNER_EDIT
    form_class = ConfirmForm
    letter_name = "partner.activated"
    title = gettext_lazy("Activate this partner")
    submit_label = gettext_lazy("Activate")
    done_message = gettext_lazy("The partner is active.")

    def effects(self) -> list[str]:
        return [
            _("It can register deals and is evaluated for a tier."),
            _("Tasks of its onboarding plan that are still to do stay on the list."),
        ]

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Partner:
        return actions.activate_partner(by=self.actor, partner=record, because="manager", at=self.at)


class SuspendPartner(OfPartner):
    """Make the portal read-only."""

    permission = P.PARTNER_SUSPEND
    form_class = forms.SuspendForm
    letter_name = "partner.suspended"
    title = gettext_lazy("Suspend this partner")
    submit_label = gettext_lazy("Suspend")
    done_message = gettext_lazy("The partner is suspended.")

    def effects(self) -> list[str]:
        return [
            _("Its people can read the portal and change nothing."),
            _("Its API keys are refused."),
            _("Protections of its deals keep running."),
        ]

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Partner:
        return actions.suspend_partner(
            by=self.actor, partner=record, reason_code=data["reason"], comment=data["comment"], at=self.at
        )


class ResumePartner(OfPartner):
    """End a suspension."""

    permission = P.PARTNER_SUSPEND
    form_class = ConfirmForm
    letter_name = "partner.resumed"
    title = gettext_lazy("End the suspension")
    submit_label = gettext_lazy("End the suspension")
    done_message = gettext_lazy("The partner is active again.")

    def effects(self) -> list[str]:
        return [_("The portal and its API keys work again.")]

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Partner:
        return actions.resume_partner(by=self.actor, partner=record, at=self.at)


class TerminatePartner(OfPartner):
    """End the partnership."""

    permission = P.PARTNER_TERMINATE
    form_class = forms.TerminateForm
    letter_name = "partner.terminated"
    danger = True
    title = gettext_lazy("End this partnership")
    submit_label = gettext_lazy("End the partnership")
    done_message = gettext_lazy("The partnership has ended.")

    def effects(self) -> list[str]:
        return [
            _("The log-ins of all its people close, and its API keys are revoked."),
            _("Protections of its open deals are released."),
            _("Everything that happened stays in the record. This cannot be undone."),
        ]

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Partner:
        return actions.terminate_partner(
            by=self.actor, partner=record, reason_code=data["reason"], comment=data["comment"], at=self.at
        )


class ChangePartner(OfPartner):
    """Change plain facts."""

    permission = P.PARTNER_EDIT
    form_class = forms.PartnerForm
    title = gettext_lazy("Change facts")
    done_message = gettext_lazy("Saved.")

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in self.form_class.base_fields}

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Partner:
        return actions.change_partner(by=self.actor, partner=record, at=self.at, **data)
