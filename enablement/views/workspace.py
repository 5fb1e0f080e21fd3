"""Certifications in the vendor's workspace: the list, one, recording, revoking, reading in; signing a plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from catalog.querysets import reason_label, reason_told, setting
from core.clock import day
from core.list_page import ListPage
from core.pages import FormPage, Link, MovePage, Page, RecordPage
from core.tables import Column
from core.templatetags.ui import day as say_day
from enablement import actions
from enablement.columns import columns, shown_state
from enablement.filters import CertificationFilters
from enablement.forms import (
    ExpiryForm,
    ImportCertificationsForm,
    RecordCertificationForm,
    RevokeCertificationForm,
    SignLearningPlanForm,
)
from enablement.models import Certification
from enablement.outlook import Outlook
from files.models import Attachment
from partners.models import Partner

CERTIFICATIONS = "/manage/certifications/"
ROWS = Certification.objects.select_related("contact__partner", "track", "certificate")


class CertificationList(ListPage):
    """What people at partners have passed."""

    name = "certifications"
    permission = P.CERTIFICATION_VIEW
    title = gettext_lazy("Certifications")
    queryset = ROWS
    filterset_class = CertificationFilters
    default_sort = "-passed_on"
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("all", gettext_lazy("All"), ""),
        ("valid", gettext_lazy("Valid"), "state=valid"),
        ("expiring", gettext_lazy("Expiring"), "state=expiring"),
        ("expired", gettext_lazy("Expired"), "state=expired"),
        ("revoked", gettext_lazy("Revoked"), "state=revoked"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "certificate",
        "title": gettext_lazy("No certifications yet"),
        "text": gettext_lazy("They count for the tier of the partner that the person works for."),
        "action": {"label": gettext_lazy("Record a certification"), "url": f"{CERTIFICATIONS}new/"},
        "other": {"label": gettext_lazy("Import a list"), "url": f"{CERTIFICATIONS}import/"},
    }

    @property
    def columns(self) -> list[Column]:  # type: ignore[override]
        return columns(day(self.at), with_partner=True)

    def actions(self) -> list[Link]:
        if not self.actor.may(P.CERTIFICATION_RECORD):
            return []
        return [
            Link(_("Import"), f"{CERTIFICATIONS}import/", icon="upload"),
            Link(_("Record a certification"), f"{CERTIFICATIONS}new/", primary=True),
        ]

    def row_url(self, row: Certification) -> str:
        return row.get_absolute_url()


class CertificationRecord(RecordPage):
    """One certification: whose, of what, from when to when, and what proves it."""

    permission = P.CERTIFICATION_VIEW
    queryset = ROWS.select_related("recorded_by")
    template_name = "enablement/record.html"

    def facts(self, record: Certification) -> dict[str, Any]:
        partner = record.contact.partner
        shown = shown_state(record, day(self.at), setting("certification.expiring_days"))
        return {
            "title": record.contact.name,
            "facts_line": [record.track.name, {"label": partner.name, "url": partner.get_absolute_url()}],
            "state": shown["state"],
            "state_word": shown.get("word", ""),
            "crumbs": [{"label": _("Certifications"), "url": CERTIFICATIONS}, {"label": record.contact.name}],
            "actions": self.moves(record),
            "pairs": pairs_of(record, is_vendor=True),
            **beside(record, self),
        }

    def moves(self, record: Certification) -> list[dict[str, Any]]:
        if not self.actor.may(P.CERTIFICATION_RECORD):
            return []
        renew = f"{CERTIFICATIONS}new/?contact={record.contact_id}&track={record.track.code}"
        return [
            {
                "label": _("Revoke"),
                "icon": "ban",
                "url": f"{record.get_absolute_url()}revoke/",
                "closed_because": self.closed(record),
            },
            {"label": _("Record its renewal"), "url": renew, "primary": True},
        ]

    def closed(self, record: Certification) -> str:
        if record.revoked_on:
            return _("It is revoked already.")
        return _("It no longer counts for this partner.") if record.counts_until else ""


def beside(record: Certification, page: Any) -> dict[str, Any]:
    """What both sides' pages of a certification show besides its facts: warning, documents, what happened."""
    loss = Outlook(record.contact.partner, day(page.at)).if_expired(record)
    files = Attachment.objects.visible_to(page.actor).of(record)
    return {
        "note": loss and {"tone": "caution", "icon": "clock-exclamation", "text": loss.text},
        "files": [{"text": f.name, "url": f.get_absolute_url(), "note": f.content_type} for f in files],
        "timeline": timeline.about(record, actor=page.actor),
    }


def pairs_of(record: Certification, *, is_vendor: bool) -> list[dict[str, Any]]:
    """The plain facts of a certification."""
    told = reason_label if is_vendor else reason_told
    pairs = [
        {"label": _("Track"), "value": record.track.name, "note": record.track.get_level_display()},
        {"label": _("Passed on"), "value": say_day(record.passed_on)},
        {"label": _("Expires on"), "value": say_day(record.expires_on), "note": renewal_words(record)},
        {"label": _("Score"), "value": record.score},
        {"label": _("Evidence"), "value": record.evidence},
    ]
    if counted := counted_words(record):
        pairs.insert(3, {"label": _("Counts here"), "value": counted})
    if record.revoked_on:
        pairs.append(
            {
                "label": _("Revoked"),
                "value": say_day(record.revoked_on),
                "note": told("certification_revocation", record.revocation_reason),
            }
        )
    if is_vendor:
        pairs.append({"label": _("Recorded by"), "value": record.recorded_by and record.recorded_by.name})
        pairs.append({"label": _("Comment"), "value": record.revocation_comment})
    return pairs


def renewal_words(record: Certification) -> str:
    """From when on a renewal loses no day."""
    if record.revoked_on or not record.track.recertification_days:
        return ""
    opens = record.expires_on - timedelta(days=record.track.recertification_days)
    return _("renewed from %(day)s on, it goes on from its end") % {"day": say_day(opens)}


def counted_words(record: Certification) -> str:
    """The days on which it counted for this partner, where they are not simply its own."""
    words = {"first": say_day(record.counts_from), "last": say_day(record.counts_until)}
    if record.counts_until and record.counts_until <= record.counts_from:
        return _("never: the person has another primary partner")
    if record.counts_until:
        return _("from %(first)s until before %(last)s: the person has another primary partner now") % words
    return _("from %(first)s on") % words if record.counts_from > record.passed_on else ""


class ExpiryNote(Page):
    """What the form says beside its fields: when the certification would end, and why then."""

    permission = P.CERTIFICATION_RECORD
    template_name = "enablement/workspace/_expiry.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        form = ExpiryForm(data=request.GET, actor=self.actor)
        return self.answer(expiry=expiry_words(form.cleaned_data) if form.is_valid() else {})


def expiry_words(given: dict[str, Any]) -> dict[str, Any]:
    """The end of a certification with these facts, and the one that it goes on from."""
    contact, track, passed_on = given["contact"], given["track"], given["passed_on"]
    ends, renews = actions.expiry_of(contact, track, passed_on)
    return {"ends": ends, "renews": renews, "track": track}


class RecordCertification(FormPage):
    """Record that a person passed a track."""

    template_name = "enablement/workspace/record_certification.html"
    permission = P.CERTIFICATION_RECORD
    title = gettext_lazy("Record a certification")
    form_class = RecordCertificationForm
    submit_label = gettext_lazy("Record the certification")
    cancel_url = CERTIFICATIONS
    done_message = gettext_lazy("The certification is recorded; the partner’s tier is looked at again.")

    def form(self, **options: Any) -> Any:
        form = super().form(**options)
        if partner := self.request.GET.get("partner"):
            field: Any = form.fields["contact"]
            field.queryset = field.queryset.filter(partner=_known(partner))
        return form

    def initial(self) -> dict[str, Any]:
        return {name: self.request.GET.get(name) for name in ("contact", "track")}

    def perform(self, data: dict[str, Any]) -> Certification:
        return actions.record_certification(by=self.actor, at=self.at, **data)

    def done_url(self, result: Certification) -> str:
        return result.get_absolute_url()


def _known(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


class RevokeCertification(MovePage):
    """From today it no longer counts."""

    permission = P.CERTIFICATION_RECORD
    title = gettext_lazy("Revoke the certification")
    queryset = ROWS
    form_class = RevokeCertificationForm
    submit_label = gettext_lazy("Revoke the certification")
    done_message = gettext_lazy("The certification is revoked.")

    def perform_on(self, record: Certification, data: dict[str, Any]) -> Certification:
        return actions.revoke_certification(
            by=self.actor,
            certification=record,
            reason_code=data["reason"],
            comment=data["comment"],
            at=self.at,
        )

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("It no longer counts for %(partner)s from today.")
            % {"partner": self.record.contact.partner.name},
            _("The partner’s tier is looked at again; a tier is never lost without a grace period."),
        ]
        about = {"title": self.record.contact.name, "pairs": pairs_of(self.record, is_vendor=True)}
        return super().context(**{"effects": effects, "about": about, "danger": True, **more})


class ImportCertifications(FormPage):
    """Read in a list: first a check that writes nothing, then the same for good. Sent twice, it changes nothing."""

    permission = P.CERTIFICATION_RECORD
    template_name = "enablement/workspace/import.html"
    title = gettext_lazy("Import certifications")
    subtitle = gettext_lazy(
        "People are found by their address. A line that is known already is left as it is."
    )
    form_class = ImportCertificationsForm
    submit_label = gettext_lazy("Check the list")
    cancel_url = CERTIFICATIONS

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        form = self.form(data=request.POST, files=request.FILES)
        if not form.is_valid():
            return self.shown(form, status=400)
        rows, all_or_nothing = form.cleaned_data["rows"], form.cleaned_data["all_or_nothing"]
        try:
            report = actions.import_certifications(
                by=self.actor,
                text=rows,
                at=self.at,
                dry_run="confirm" not in request.POST,
                all_or_nothing=all_or_nothing,
            )
        except ValidationError as error:
            form.add_action_error(error)
            return self.shown(form, status=400)
        return self.shown(form, report=report, rows=rows, all_or_nothing=all_or_nothing)


class SignLearningPlan(MovePage):
    """Record that a partner's person signed the learning plan."""

    permission = P.LEARNING_PLAN_SIGN
    title = gettext_lazy("Record a signed learning plan")
    queryset = Partner.objects
    form_class = SignLearningPlanForm
    submit_label = gettext_lazy("Record the learning plan")
    done_message = gettext_lazy("The learning plan is recorded.")

    def form(self, **options: Any) -> Any:
        return super().form(partner=self.record, **options)

    def initial(self) -> dict[str, Any]:
        return {"signed_on": day(self.at)}

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Any:
        return actions.sign_learning_plan(by=self.actor, partner=record, at=self.at, **data)
