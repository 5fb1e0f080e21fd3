"""A person's own certificates in the portal: what it shows to whom, on screen and on paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import name_primary
from accounts.models import Membership
from accounts.roles import Permission as P
from core.clock import day
from core.forms import ConfirmForm
from core.pages import FormPage, MovePage, Page, RecordPage
from enablement import actions
from enablement.models import Certificate

MINE = "/portal/certificates/"
OWN = Certificate.objects.with_rows()


class MyCertificates(Page):
    """What I have passed, where it counts, and who may see it."""

    side = "portal"
    permission = P.CERTIFICATION_VIEW
    template_name = "enablement/portal/certificates.html"
    title = gettext_lazy("My certificates")
    subtitle = gettext_lazy(
        "They are yours, wherever you work. Nobody outside sees one unless you show it, and only with its code."
    )

    def context(self, **more: Any) -> dict[str, Any]:
        own = [(certificate, certificate.latest) for certificate in OWN.visible_to(self.actor)]
        today = day(self.at)
        shown = {
            "certificates": [
                {"certificate": c, "row": row, "state": c.state(today)}
                for c, row in sorted(own, key=lambda pair: pair[1].expires_on, reverse=True)
            ],
            "primary": self.primary(),
            "crumbs": [{"label": _("People"), "url": "/portal/people/"}, {"label": _("My certificates")}],
            "empty": {
                "icon": "certificate",
                "title": _("No certificates yet"),
                "text": _("What you pass appears here, with a code by which others can check it."),
            },
        }
        return super().context(**shown, **more)

    def primary(self) -> dict[str, Any] | None:
        """Where my certifications count, said to whoever belongs to several partners."""
        own = list(Membership.objects.at_partners_of(self.actor.user_id).select_related("partner"))
        here = next((m for m in own if m.partner_id == self.actor.partner_id), None)
        if len(own) < 2 or here is None or here.partner is None or self.actor.viewing_as:
            return None
        counted = next((m.partner.name for m in own if m.is_primary and m.partner), "")
        move = {
            "label": _("Let them count for %(name)s") % {"name": here.partner.name},
            "url": f"{MINE}count-here/",
        }
        return {"is_here": here.is_primary, "name": counted, "move": move}


class PrintedCertificate(RecordPage):
    """One certificate as it is printed."""

    side = "portal"
    permission = P.CERTIFICATION_VIEW
    queryset = OWN
    template_name = "enablement/portal/certificate.html"

    def facts(self, record: Certificate) -> dict[str, Any]:
        row = record.latest
        return {
            "title": row.track.name,
            "crumbs": [{"label": _("My certificates"), "url": MINE}, {"label": row.track.name}],
            "row": row,
            "show": {"label": _("Show it"), "url": f"{record.get_absolute_url()}show/"},
            "state": record.state(day(self.at)),
            "certificate": record,
            "verify_url": f"{settings.BASE_URL}/verify/",
        }


class OfCertificate(MovePage):
    """A move of one of my certificates."""

    side = "portal"
    permission = P.CERTIFICATE_SHOW
    queryset = Certificate.objects
    form_class = ConfirmForm

    def done_url(self, result: Any) -> str:
        return MINE


class ShowCertificate(OfCertificate):
    """I agree that whoever has the code sees it."""

    title = gettext_lazy("Show this certificate")
    submit_label = gettext_lazy("Show it to whoever has the code")
    done_message = gettext_lazy("It is shown now. You can hide it again at any time.")

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("Whoever has the code or the link sees your name, the track, its level and the days."),
            _("They see whether it is valid, has ended or was revoked. Your company is not named."),
            _("Search engines are told not to list the page. You can hide it again at any time."),
        ]
        return super().context(**{"effects": effects, **more})

    def perform_on(self, record: Certificate, data: dict[str, Any]) -> Certificate:
        return actions.show_certificate(by=self.actor, certificate=record, at=self.at)


class HideCertificate(OfCertificate):
    """I take my consent back."""

    title = gettext_lazy("Hide this certificate")
    submit_label = gettext_lazy("Hide it")
    done_message = gettext_lazy("Nobody sees it any more.")

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _(
                "From now on the code leads nowhere, as if it did not exist. What you printed cannot be checked."
            ),
            _("It still counts for your company. You can show it again, under the same code."),
        ]
        return super().context(**{"effects": effects, **more})

    def perform_on(self, record: Certificate, data: dict[str, Any]) -> Certificate:
        return actions.hide_certificate(by=self.actor, certificate=record, at=self.at)


class CountHere(FormPage):
    """I name the company that I act for as my primary partner."""

    side = "portal"
    permission = P.CERTIFICATE_SHOW
    template_name = "enablement/portal/count_here.html"
    form_class = ConfirmForm
    title = gettext_lazy("Let my certifications count here")
    submit_label = gettext_lazy("Let them count here")
    cancel_url = MINE
    done_message = gettext_lazy("Your certifications count here from today.")

    def prepare(self) -> None:
        self.permit()
        own = Membership.objects.at_partners_of(self.actor.user_id).select_related("partner")
        found = own.filter(partner=self.actor.partner_id).first()
        if found is None:
            raise Http404
        self.membership = found

    def perform(self, data: dict[str, Any]) -> Membership:
        return name_primary(by=self.actor, membership=self.membership, at=self.at)

    def done_url(self, result: Membership) -> str:
        return MINE

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("From today on they count for the company that you are signed in for, and for no other."),
            _(
                "Both companies’ tiers are looked at again. What counted until today stays counted until today."
            ),
        ]
        return super().context(**{"effects": effects, **more})
