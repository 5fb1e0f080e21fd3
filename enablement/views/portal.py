"""People and their certifications in the partner's portal, and the signing of the learning plan."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from catalog.querysets import setting
from core.clock import day
from core.list_page import ListPage
from core.pages import FormPage, Link, RecordPage
from core.tables import Column
from core.templatetags.ui import day as say_day
from enablement import actions
from enablement.columns import columns, shown_state
from enablement.filters import CertificationFilters
from enablement.forms import CommitForm
from enablement.models import Certification, LearningPlan
from enablement.views.workspace import ROWS, beside, pairs_of
from partners.models import Contact, Partner

PEOPLE = "/portal/people/"


class PeopleList(ListPage):
    """Our people and what they have passed."""

    side = "portal"
    name = "portal-certifications"
    template_name = "enablement/portal/people.html"
    permission = P.CERTIFICATION_VIEW
    title = gettext_lazy("People and certifications")
    queryset = ROWS
    filterset_class = CertificationFilters
    default_sort = "-passed_on"
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("all", gettext_lazy("All"), ""),
        ("valid", gettext_lazy("Valid"), "state=valid"),
        ("expiring", gettext_lazy("Expiring"), "state=expiring"),
        ("expired", gettext_lazy("Expired"), "state=expired"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "certificate",
        "title": gettext_lazy("No certifications yet"),
        "text": gettext_lazy("What your people pass appears here, with the day until which it counts."),
    }

    @property
    def columns(self) -> list[Column]:  # type: ignore[override]
        return columns(day(self.at), with_partner=False)

    def actions(self) -> list[Link]:
        found = [
            Link(_("Team and tracks"), "/portal/people/team/", icon="layout-grid"),
            Link(_("My certificates"), "/portal/certificates/", icon="certificate"),
        ]
        if self.actor.may(P.PERSON_EDIT):
            found.append(Link(_("Add a person"), "/portal/people/new/", icon="user-plus"))
        if self.actor.may(P.LEARNING_PLAN_SIGN) and not self.plan_in_force():
            found.append(Link(_("Sign the learning plan"), "/portal/learning-plan/", primary=True))
        return found

    def plan_in_force(self) -> LearningPlan | None:
        plans = LearningPlan.objects.visible_to(self.actor).in_force(day(self.at))
        return plans.order_by("-expires_on").first()

    def row_url(self, row: Certification) -> str:
        return row.get_absolute_url().replace("/manage/", "/portal/", 1)

    def context(self, **more: Any) -> dict[str, Any]:
        plan = self.plan_in_force()
        note = {"tone": "caution", "icon": "alert-triangle", "text": _("No learning plan is in force.")}
        if plan:
            text = _("Your learning plan is in force until %(day)s.") % {"day": say_day(plan.expires_on)}
            note = {"tone": "good", "icon": "circle-check", "text": text}
        return super().context(**{"plan_note": note, **more})


class CertificationRecord(RecordPage):
    """One certification of our people."""

    side = "portal"
    permission = P.CERTIFICATION_VIEW
    queryset = ROWS
    template_name = "enablement/record.html"

    def facts(self, record: Certification) -> dict[str, Any]:
        shown = shown_state(record, day(self.at), setting("certification.expiring_days"))
        return {
            "title": record.contact.name,
            "facts_line": [record.track.name],
            "state": shown["state"],
            "state_word": shown.get("word", ""),
            "crumbs": [{"label": _("People"), "url": PEOPLE}, {"label": record.contact.name}],
            "pairs": pairs_of(record, is_vendor=False),
            **beside(record, self),
        }


class CommitToLearning(FormPage):
    """The person who is signed in signs the learning plan for its company."""

    side = "portal"
    permission = P.LEARNING_PLAN_SIGN
    title = gettext_lazy("Sign the learning plan")
    form_class = CommitForm
    submit_label = gettext_lazy("Sign for a year")
    cancel_url = PEOPLE
    done_message = gettext_lazy("Signed. Your tier is looked at again.")

    def prepare(self) -> None:
        self.partner = Partner.objects.visible_to(self.actor).filter(pk=self.actor.partner_id).first()
        if self.partner is None:
            raise Http404

    def perform(self, data: dict[str, Any]) -> LearningPlan:
        return actions.sign_learning_plan(
            by=self.actor, partner=self.partner, signed_by=self.own_contact(), at=self.at
        )

    def own_contact(self) -> Contact:
        own = Contact.objects.visible_to(self.actor).current().filter(user=self.actor.user_id).first()
        if own is None:
            raise ValidationError(_("You are not among the people of your company yet."))
        return own

    def done_url(self, result: LearningPlan) -> str:
        return PEOPLE

    def next_steps(self) -> list[dict[str, Any]]:
        return [
            {"title": _("It counts at once"), "text": _("A signed plan is what the first tier asks for.")},
            {"title": _("It holds for a year"), "text": _("Sign again before it ends.")},
        ]
