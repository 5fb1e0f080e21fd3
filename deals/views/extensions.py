"""More time: the partner asks for it, the vendor answers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from catalog.querysets import setting
from core.pages import MovePage
from deals import actions, forms, presentation, rules
from deals.actions.extensions import renewable_until
from deals.models import Deal, Extension
from deals.views import shared


class RequestExtension(shared.OfDeal):
    """Ask for a longer protection."""

    permission = P.DEAL_EDIT
    form_class = forms.MoreTimeForm
    title = gettext_lazy("Ask for more time")
    submit_label = gettext_lazy("Ask for more time")
    done_message = gettext_lazy("Asked. The answer comes within the time of a first decision.")

    def effects(self) -> list[str]:
        days, most = setting("deal.extension_days"), setting("deal.most_extensions")
        return [
            _("If it is granted, the protection runs %(n)s days longer.") % {"n": days},
            _("Say what happened within the last %(n)s days.") % {"n": setting("deal.activity_days")},
            _("A protection is extended at most %(n)s times.") % {"n": most},
        ]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Extension:
        return actions.request_extension(by=self.actor, deal=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return super().done_url(self.record)


class RequestRenewal(RequestExtension):
    """Ask for a protection that has ended to begin again."""

    title = gettext_lazy("Ask for a renewal")
    submit_label = gettext_lazy("Ask for a renewal")

    def effects(self) -> list[str]:
        days = setting("deal.renewal_days")
        said = [
            _("If it is granted, the customer is protected again, for %(n)s days.") % {"n": days},
            _("Say what happened within the last %(n)s days.") % {"n": setting("deal.activity_days")},
        ]
        if self.record.state == rules.EXPIRED:
            last = presentation.say_day(renewable_until(self.record))
            said.append(_("It can be asked for until %(day)s.") % {"day": last})
        return said

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Extension:
        return actions.request_renewal(by=self.actor, deal=record, at=self.at, **data)


class RenewDeal(shared.OfDeal):
    """Grant the renewal that was asked for."""

    permission = P.DEAL_DECIDE
    form_class = forms.RenewForm
    title = gettext_lazy("Renew this protection")
    submit_label = gettext_lazy("Renew")
    done_message = gettext_lazy("Renewed. The partner is told.")

    def effects(self) -> list[str]:
        return [_("The customer is protected again from today on."), _("The partner is told until when.")]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.renew_deal(by=self.actor, deal=record, at=self.at, **data)


class DecideExtension(MovePage):
    """Answer a request for more time, with what the partner says and what we see."""

    permission = P.DEAL_DECIDE
    queryset = Extension.objects.select_related("deal__partner", "deal__stage", "deal__organization")
    form_class = forms.MoreTimeAnswerForm
    title = gettext_lazy("More time?")
    submit_label = gettext_lazy("Send the answer")
    done_message = gettext_lazy("Answered. The partner is told.")

    def locked(self, record: Extension) -> Extension:
        return actions.lock_extension(record)

    def context(self, **more: Any) -> dict[str, Any]:
        extension, deal = self.record, self.record.deal
        crumbs = [
            {"label": _("Deals"), "url": "/manage/deals/"},
            {"label": deal.number, "url": deal.get_absolute_url()},
        ]
        about = {"title": _("What the partner says"), "pairs": self.pairs(extension)}
        facts = {"subtitle": str(deal), "crumbs": crumbs, "about": about, "effects": self.effects(extension)}
        return super().context(**{**facts, **more})

    def effects(self, extension: Extension) -> list[str]:
        if extension.kind == rules.RENEWAL:
            granted = _("Granted: protected again from today on, for %(n)s days.") % {"n": extension.days}
            return [granted, _("Refused: the customer is free once the grace is over.")]
        until = presentation.say_day(rules.protected_until(extension.deal.protected_until, extension.days))
        granted = _("Granted: protected until %(day)s, and the reminders move with it.") % {"day": until}
        return [granted, _("Refused: the protection runs on to its present day.")]

    def pairs(self, extension: Extension) -> list[dict[str, Any]]:
        deal, day = extension.deal, presentation.say_day
        stage = deal.stage.name if deal.stage else ""
        before = deal.extensions.granted().count()
        return [
            {"label": _("What happened"), "value": extension.evidence, "note": day(extension.activity_on)},
            {"label": _("Partner"), "value": deal.partner.name},
            {"label": _("Protected until"), "value": day(deal.protected_until)},
            {"label": _("Stage"), "value": stage, "note": day(deal.stage_changed_at)},
            {"label": _("Extended before"), "value": before, "note": _("times")},
        ]

    def perform_on(self, record: Extension, data: dict[str, Any]) -> Extension:
        facts = {"by": self.actor, "extension": record, "at": self.at, "comment": data["comment"]}
        if data["answer"] == forms.MoreTimeAnswerForm.REFUSE:
            return actions.refuse_extension(**facts, reason=data["reason"])
        return actions.grant_extension(**facts)
