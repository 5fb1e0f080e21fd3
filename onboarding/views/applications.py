"""The vendor's pages of applications: the list, the decision, and the moves before it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.models import User
from accounts.roles import Permission as P
from core import mail
from core.actors import Actor
from core.forms import ConfirmForm
from core.list_page import ListPage
from core.pages import Fetching, Link, MovePage, Page
from core.tables import Column
from core.templatetags.ui import instant
from onboarding import actions, filters, forms, letters, rules
from onboarding.evidence import candidates, checks_of
from onboarding.models import Application, Criterion
from onboarding.scoring import scorecard_of

CRUMB = {"label": gettext_lazy("Applications"), "url": "/manage/applications/"}
WITH = ("reviewer", "organization", "partner", "decided_by")
MOST_IN_QUEUE = 200
DECISIONS = {
    "approve": (gettext_lazy("Approve"), forms.ApproveForm),
    "reject": (gettext_lazy("Do not approve"), forms.RejectForm),
}
CHECK_STATES = {rules.PASS: "passed", rules.LOOK: "watch", rules.FAIL: "failed"}


class ApplicationList(ListPage):
    """Every company that asked."""

    permission = P.APPLICATION_VIEW
    name = "applications"
    title = gettext_lazy("Applications")
    queryset = Application.objects.select_related("reviewer")
    filterset_class = filters.ApplicationFilters
    default_sort = "-created_at"
    columns = [
        Column("company", gettext_lazy("Company"), lambda a: {"name": a.legal_name, "tag": a.country.code}, cell="name",
               sort="legal_name", export=lambda a: a.legal_name),
        Column("number", gettext_lazy("Number")),
        Column("state", gettext_lazy("State"), cell="state", sort="state"),
        Column("contact", gettext_lazy("Contact"), "contact_name", optional=True),
        Column("reviewer", gettext_lazy("Reviewer"), "reviewer.name", cell="person"),
        Column("created", gettext_lazy("Sent"), "created_at", cell="instant", sort="created_at", optional=True),
        Column("due", gettext_lazy("Answer due"), lambda a: a.due_at if a.is_awaiting else None, cell="due",
               align="right", sort="due_at"),
    ]  # fmt: skip
    views = [
        ("waiting", gettext_lazy("Waiting"), "is_waiting=true"),
        ("mine", gettext_lazy("Mine"), "is_waiting=true&is_mine=true"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty = {
        "icon": "user-plus",
        "title": gettext_lazy("No applications yet"),
        "text": gettext_lazy("Companies apply on your public page. What they send waits here for an answer."),
        "action": {"label": gettext_lazy("See the public page"), "url": "/apply/"},
    }

    def sort(self) -> str:
        """What waits comes by its due time, unless another order was asked for."""
        is_plain = "sort" not in self.request.GET
        return "due_at" if is_plain and self.request.GET.get("is_waiting") == "true" else super().sort()

    def row_url(self, row: Application) -> str:
        return row.get_absolute_url()

    def view_count(self, key: str) -> int | None:
        waiting = self.get_queryset().awaiting_decision()
        counted = {"waiting": waiting, "mine": waiting.reviewed_by(self.actor.user_id)}.get(key)
        return None if counted is None else counted[:10_001].count()

    def actions(self) -> list[Link]:
        if not self.actor.may(P.APPLICATION_DECIDE):
            return []
        return [Link(_("Enter an application"), "/manage/applications/new/", "plus", primary=True)]


class ShowsApplication(Fetching):
    """What the decision page shows, whichever of its forms is open."""

    queryset = Application.objects.select_related(*WITH).prefetch_related("categories")
    actor: Actor

    def evidence(self, application: Application) -> dict[str, Any]:
        card = scorecard_of(application)
        return {
            "record": application,
            "title": application.legal_name,
            "crumbs": [CRUMB, {"label": application.number}],
            "focus": self.focus(application),
            "pairs": pairs(application),
            "card": card,
            "score_rows": [{"line": line, "marks": marks_by(line, card)} for line in card.lines],
            "notes": [s for s in application.scores.select_related("scorer", "criterion") if s.note],
            "checks": [
                {"title": c.name, "state": CHECK_STATES[c.verdict], "note": c.sentence}
                for c in checks_of(application)
            ],
            "others": Application.objects.beside(application)
            .visible_to(self.actor)
            .order_by("-created_at")[:5],
            "timeline": timeline.about(application, actor=self.actor),
            "moves": moves(application, self.actor),
            "decided": self.decided(application),
        }

    def focus(self, application: Application) -> dict[str, Any]:
        """The clock, and where this one stands among those that wait for me."""
        waiting = Application.objects.visible_to(self.actor).awaiting(self.actor).order_by("due_at", "pk")
        rows = list(waiting.values_list("pk", "legal_name")[:MOST_IN_QUEUE])
        ids = [pk for pk, _name in rows]
        at = self.at  # type: ignore[attr-defined]
        found: dict[str, Any] = {}
        if application.is_awaiting and application.due_at and application.confirmed_at:
            whole = (application.due_at - application.confirmed_at).total_seconds() or 1
            found = {
                "used": (at - application.confirmed_at).total_seconds() / whole,
                "late": application.due_at < at,
                "due_text": due_text(application),
                "due_note": _("by %(due)s") % {"due": instant(application.due_at)},
            }
        if application.pk in ids:
            place = ids.index(application.pk)
            found |= {"position": place + 1, "total": len(ids)}
            found["previous_url"] = f"/manage/applications/{ids[place - 1]}/" if place else ""
            if place + 1 < len(ids):
                found |= {
                    "next_url": f"/manage/applications/{ids[place + 1]}/",
                    "next_label": rows[place + 1][1],
                }
        return found

    def decided(self, application: Application) -> dict[str, Any] | None:
        if not application.decided_at:
            return None
        return {
            "by": application.decided_by,
            "at": application.decided_at,
            "letter": letter_sent(application),
        }


def due_text(application: Application) -> str:
    from core.templatetags.ui import days_left

    return days_left(application.due_at)


def pairs(application: Application) -> list[dict[str, Any]]:
    """What the company says."""
    number = (
        f"{application.get_identifier_scheme_display()} {application.identifier}"
        if application.identifier
        else ""
    )
    return [
        {"label": _("Country"), "value": application.country.name},
        {"label": _("Website"), "value": bare(application.website), "url": application.website},
        {"label": _("Wants to be"), "value": ", ".join(str(c) for c in application.categories.all())},
        {"label": _("Number"), "value": number},
        {"label": _("Contact"), "value": application.contact_name, "note": application.contact_title},
        {"label": _("E-mail"), "value": application.contact_email},
        {"label": _("Sent"), "value": instant(application.created_at)},
        {"label": _("Reviewer"), "value": application.reviewer.name if application.reviewer else ""},
    ]


def bare(address: str) -> str:
    """A web address as people say it."""
    return address.partition("//")[2].removeprefix("www.").rstrip("/") or address


def marks_by(line: rules.Line, card: rules.Scorecard) -> list[int | None]:
    """The marks of one criterion, in the order of the scorers."""
    given = {mark.scorer_id: mark.points for mark in line.marks}
    return [given.get(pk) for pk, _name, _total in card.scorers]


def moves(application: Application, actor: Actor) -> list[dict[str, Any]]:
    """The steps that are open to this actor besides the decision."""
    base, found = application.get_absolute_url(), []
    if application.is_awaiting and actor.may(P.APPLICATION_SCORE):
        found.append({"label": _("Score"), "url": f"{base}score/", "icon": "star"})
    if application.is_awaiting and actor.may(P.APPLICATION_DECIDE):
        if application.reviewer_id != actor.user_id:
            found.append(
                {"label": _("Take it"), "url": f"{base}claim/", "icon": "user-check", "method": "post"}
            )
        found.append({"label": _("Hand over"), "url": f"{base}assign/", "icon": "users", "more": True})
    if application.state in rules.OPEN and actor.may(P.APPLICATION_DECIDE):
        found.append(
            {"label": _("Say which organization it is"), "url": f"{base}link/", "icon": "link", "more": True}
        )
        found.append(
            {
                "label": _("Note a withdrawal"),
                "url": f"{base}withdraw/",
                "icon": "arrow-back-up",
                "more": True,
            }
        )
    if application.state == rules.UNCONFIRMED and actor.may(P.APPLICATION_DECIDE):
        found.append(
            {"label": _("Send the link again"), "url": f"{base}resend/", "icon": "mail", "method": "post"}
        )
    return found


def letter_of(application: Application, decision: str, message: str, reason: str) -> dict[str, str]:
    """The letter as the applicant will read it."""
    written = (
        letters.approval_letter(application, message)
        if decision == "approve"
        else letters.rejection_letter(application, reason, message)
    )
    to = _("What %(name)s will get") % {"name": application.contact_name}
    name = "application.approved" if decision == "approve" else "application.rejected"
    return {"to": to, "how": _("E-mail"), **mail.preview(name, written)}


def letter_sent(application: Application) -> dict[str, str] | None:
    if application.state not in (rules.APPROVED, rules.REJECTED):
        return None
    decision = "approve" if application.state == rules.APPROVED else "reject"
    words = letter_of(application, decision, application.message, application.reason)
    return {**words, "to": _("What %(name)s got") % {"name": application.contact_name}}


def can_decide(application: Application, actor: Actor) -> bool:
    return application.is_awaiting and actor.may(P.APPLICATION_DECIDE)


class Decide(ShowsApplication, MovePage):
    """The decision page with one of its two forms open."""

    permission = P.APPLICATION_DECIDE
    layout = "focus"
    template_name = "onboarding/workspace/decision.html"
    decision = "approve"

    def context(self, **more: Any) -> dict[str, Any]:
        base = self.record.get_absolute_url()
        tabs = [
            {"label": label, "url": f"{base}{key}/#decision", "active": key == self.decision}
            for key, (label, _form) in DECISIONS.items()
        ]
        given = self.request.POST
        letter = letter_of(self.record, self.decision, given.get("message", ""), given.get("reason_code", ""))
        return {
            **super().context(**more),
            **self.evidence(self.record),
            "decision": self.decision if can_decide(self.record, self.actor) else "",
            "decision_tabs": tabs,
            "decision_url": f"{base}{self.decision}/",
            "letter": letter,
            "letter_url": f"{base}letter/?{urlencode({'decision': self.decision})}",
        }

    def done_url(self, result: Any) -> str:
        """The next one that waits for me, else the one that was decided."""
        following = Application.objects.visible_to(self.actor).awaiting(self.actor).order_by("due_at").first()
        return (following or self.record).get_absolute_url()

    def get_cancel_url(self) -> str:
        return ""


class ApproveApplication(Decide):
    """Yes."""

    form_class = forms.ApproveForm
    submit_label = gettext_lazy("Approve and invite, then next")
    done_message = gettext_lazy("Approved: the partner is made, its first person is invited.")

    def initial(self) -> dict[str, Any]:
        asked = list(self.record.categories.all())
        return {
            "psm": self.record.reviewer_id or self.actor.user_id,
            "primary": asked[0].pk if asked else None,
            "others": [c.pk for c in asked[1:]],
        }

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        asked = form.initial.get("others")
        return [
            {"fields": ["psm", "primary"]},
            {
                "legend": _("More than one kind of partner"),
                "fields": ["others"],
                "optional": True,
                "open": bool(asked),
            },
            {"fields": ["message", "comment"]},
        ]

    def work(self, form: Any) -> Any:
        form.cleaned_data["categories"] = form.categories()
        return super().work(form)

    def perform_on(self, record: Application, data: dict[str, Any]) -> Application:
        told = {name: data[name] for name in ("psm", "categories", "message", "comment")}
        return actions.approve_application(by=self.actor, application=record, at=self.at, **told)


class RejectApplication(Decide):
    """No."""

    decision = "reject"
    form_class = forms.RejectForm
    submit_label = gettext_lazy("Do not approve, then next")
    done_message = gettext_lazy("Not approved. The applicant gets the letter.")

    def perform_on(self, record: Application, data: dict[str, Any]) -> Application:
        return actions.reject_application(by=self.actor, application=record, at=self.at, **data)


class ApplicationRecord(ShowsApplication, Page):
    """One application; open to those who look, with the form of approval for those who decide."""

    permission = P.APPLICATION_VIEW
    layout = "focus"
    template_name = "onboarding/workspace/decision.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        application = self.fetch()
        self.permit()
        if can_decide(application, self.actor):
            return ApproveApplication.as_view()(request, *args, **kwargs)
        return self.answer(**self.evidence(application))


class ApplicationLetter(Fetching, Page):
    """The letter as it would be now: follows the form of the decision."""

    permission = P.APPLICATION_DECIDE
    queryset = Application.objects
    template_name = "components/letter_preview.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        application = self.fetch()
        self.permit()
        given = request.GET
        decision = "reject" if given.get("decision") == "reject" else "approve"
        message = given.get("message", "").replace("\x00", "")[:1000]
        letter = letter_of(application, decision, message, given.get("reason_code", "")[:40])
        return render(request, self.template_name, {"letter": letter})


class OfApplication(MovePage):
    """A step about one application."""

    permission = P.APPLICATION_DECIDE
    queryset = Application.objects.all()

    def context(self, **more: Any) -> dict[str, Any]:
        here = {"label": self.record.number, "url": self.record.get_absolute_url()}
        return super().context(**{"crumbs": [CRUMB, here], "subtitle": self.record.legal_name, **more})


class ClaimApplication(OfApplication):
    """Take it."""

    form_class = ConfirmForm
    title = gettext_lazy("Take this application")
    submit_label = gettext_lazy("Take it")

    def perform_on(self, record: Application, data: dict[str, Any]) -> Application:
        me = User.objects.get(pk=self.actor.user_id)
        return actions.assign_application(by=self.actor, application=record, reviewer=me, at=self.at)


class AssignApplication(OfApplication):
    """Hand it over."""

    form_class = forms.AssignForm
    title = gettext_lazy("Hand this application over")
    submit_label = gettext_lazy("Hand over")

    def initial(self) -> dict[str, Any]:
        return {"reviewer": self.record.reviewer_id}

    def perform_on(self, record: Application, data: dict[str, Any]) -> Application:
        return actions.assign_application(by=self.actor, application=record, at=self.at, **data)


class ScoreApplication(OfApplication):
    """Give one's marks."""

    permission = P.APPLICATION_SCORE
    form_class = forms.ScoreForm
    template_name = "onboarding/workspace/score.html"
    title = gettext_lazy("Score this application")
    submit_label = gettext_lazy("Save my marks")
    done_message = gettext_lazy("Your marks are saved.")

    def form(self, **options: Any) -> forms.ScoreForm:
        return forms.ScoreForm(
            actor=self.actor, initial=self.initial(), criteria=Criterion.objects.active(), **options
        )

    def context(self, **more: Any) -> dict[str, Any]:
        form = more.get("form")
        rows = [(c, form[f"points_{c.code}"], form[f"note_{c.code}"]) for c in form.criteria] if form else []
        return super().context(rows=rows, **more)

    def initial(self) -> dict[str, Any]:
        own = self.record.scores.filter(scorer=self.actor.user_id).select_related("criterion")
        points = {f"points_{score.criterion.code}": str(score.points) for score in own}
        return points | {f"note_{score.criterion.code}": score.note for score in own}

    def work(self, form: Any) -> Any:
        form.cleaned_data["marks"] = form.marks()
        return super().work(form)

    def perform_on(self, record: Application, data: dict[str, Any]) -> Application:
        return actions.score_application(by=self.actor, application=record, marks=data["marks"], at=self.at)


class LinkApplication(OfApplication):
    """Say which organisation it is."""

    form_class = forms.LinkForm
    title = gettext_lazy("Which organization is it?")
    submit_label = gettext_lazy("Save")

    def form(self, **options: Any) -> forms.LinkForm:
        found = candidates(self.record)
        return forms.LinkForm(actor=self.actor, initial=self.initial(), candidates=found, **options)

    def initial(self) -> dict[str, Any]:
        return {"organization": self.record.organization_id}

    def perform_on(self, record: Application, data: dict[str, Any]) -> Application:
        return actions.link_organization(by=self.actor, application=record, at=self.at, **data)


class WithdrawApplication(OfApplication):
    """Note that the company took it back."""

    form_class = forms.WithdrawForm
    title = gettext_lazy("Note a withdrawal")
    submit_label = gettext_lazy("Withdraw")

    def perform_on(self, record: Application, data: dict[str, Any]) -> Application:
        return actions.withdraw_application(by=self.actor, application=record, at=self.at, **data)


class ResendConfirmation(OfApplication):
    """Send the confirmation letter again."""

    form_class = ConfirmForm
    title = gettext_lazy("Send the link again")
    submit_label = gettext_lazy("Send")
    done_message = gettext_lazy("The letter is on its way. The earlier link no longer works.")

    def perform_on(self, record: Application, data: dict[str, Any]) -> Application:
        return actions.resend_confirmation(by=self.actor, application=record, at=self.at)
