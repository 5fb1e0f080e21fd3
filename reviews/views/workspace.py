"""The vendor's pages of reviews: list, month, record, and every move."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from catalog.querysets import setting
from core import clock
from core.forms import ConfirmForm
from core.list_page import ListPage
from core.pages import FormPage, Link, MovePage, Page, RecordPage
from core.tables import Column
from files.actions import attach_alone
from partners.models import Partner
from reviews import actions, filters, forms, rules
from reviews.calendar_file import calendar_file
from reviews.models import Commitment, Review
from reviews.views import record as shown

CRUMB = {"label": gettext_lazy("Reviews"), "url": "/manage/reviews/"}


class ReviewList(ListPage):
    """Every review."""

    permission = P.REVIEW_VIEW
    name = "reviews"
    title = gettext_lazy("Reviews")
    queryset = Review.objects.select_related("partner__psm")
    filterset_class = filters.ReviewFilters
    default_sort = "-starts_at"
    columns = [
        Column("partner", gettext_lazy("Partner"),
               lambda r: {"name": r.partner.name, "monogram_id": r.partner_id}, cell="name",
               export=lambda r: r.partner.name),
        Column("quarter", gettext_lazy("Quarter"), "quarter_name", sort="quarter", export=lambda r: r.quarter),
        Column("starts", gettext_lazy("When"), "starts_at", cell="instant", sort="starts_at"),
        Column("length", gettext_lazy("Minutes"), "length_minutes", cell="number", align="right", optional=True),
        Column("state", gettext_lazy("State"), cell="state", sort="state"),
        Column("psm", gettext_lazy("Manager"), "partner.psm.name", cell="person"),
        Column("held", gettext_lazy("Held on"), "held_on", cell="date", optional=True),
        Column("sign_by", gettext_lazy("Sign by"), cell="date", align="right", sort="sign_by", optional=True),
    ]  # fmt: skip
    views = [
        ("planned", gettext_lazy("Planned"), "state=scheduled"),
        ("mine", gettext_lazy("Mine"), "state=scheduled&is_mine=true"),
        ("held", gettext_lazy("To sign"), "state=held"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty = {
        "icon": "calendar-event",
        "title": gettext_lazy("No reviews yet"),
        "text": gettext_lazy(
            "A tier with the review benefit brings one each quarter; any partner may be invited."
        ),
        "action": {"label": gettext_lazy("Schedule a review"), "url": "/manage/reviews/new/"},
    }

    def sort(self) -> str:
        """Planned ones with the next first; all others with the latest first."""
        is_ahead = self.request.GET.getlist("state") == [rules.SCHEDULED]
        return "starts_at" if is_ahead and "sort" not in self.request.GET else super().sort()

    def row_url(self, row: Review) -> str:
        return row.get_absolute_url()

    def actions(self) -> list[Link]:
        month = Link(_("Month"), "/manage/reviews/month/", "calendar")
        new = Link(_("Schedule a review"), "/manage/reviews/new/", "plus", primary=True)
        return [month, new] if self.actor.may(P.REVIEW_SCHEDULE) else [month]

    def view_count(self, key: str) -> int | None:
        seen = Review.objects.visible_to(self.actor)
        counted = {
            "planned": seen.planned(),
            "mine": seen.planned().filter(partner__psm=self.actor.user_id),
            "held": seen.filter(state=rules.HELD),
        }.get(key)
        return None if counted is None else counted[:10_001].count()


class ReviewMonth(Page):
    """The reviews of one month, on their days."""

    permission = P.REVIEW_VIEW
    template_name = "reviews/workspace/month.html"

    def context(self, **more: Any) -> dict[str, Any]:
        first = self.month()
        reviews = Review.objects.visible_to(self.actor).in_month(first).exclude(state=rules.CANCELLED)
        return super().context(
            **{
                "title": format_date(first, "F Y"),
                "crumbs": [CRUMB, {"label": format_date(first, "F Y")}],
                "weeks": weeks(first, list(reviews.select_related("partner"))),
                "earlier_url": f"?month={first - timedelta(days=1):%Y-%m}",
                "later_url": f"?month={first + timedelta(days=31):%Y-%m}",
                "actions": [{"label": _("List"), "url": "/manage/reviews/", "icon": "list"}],
                **more,
            }
        )

    def month(self) -> date:
        """The first day of the month asked for; this month where it is none."""
        try:
            found = datetime.strptime(self.request.GET.get("month", ""), "%Y-%m").date()
        except ValueError:
            found = clock.day(self.at).replace(day=1)
        return found if 2000 <= found.year <= 2099 else clock.day(self.at).replace(day=1)


def weeks(first: date, reviews: list[Review]) -> list[list[dict[str, Any]]]:
    """The month's weeks from Monday on, each day with its reviews."""
    by_day: dict[date, list[Review]] = {}
    for review in reviews:
        by_day.setdefault(review.on, []).append(review)
    return [
        [{"day": on, "is_outside": on.month != first.month, "reviews": by_day.get(on, [])} for on in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]


class ReviewRecord(RecordPage):
    """One review: promises first, then figures, minutes and signatures."""

    permission = P.REVIEW_VIEW
    queryset = Review.objects.select_related(
        "partner__psm", "evaluation__program_version", "signed_by_vendor", "signed_by_partner"
    )
    template_name = "reviews/record.html"

    def facts(self, record: Review) -> dict[str, Any]:
        found = shown.facts(record, self.actor, self.at, clock.day(self.at))
        return {
            **found,
            "base": self.base(record),
            "crumbs": self.crumbs(record),
            "actions": self.moves(record),
            "note": self.note(record, found["is_waiting"]),
        }

    def base(self, record: Review) -> str:
        return record.get_absolute_url()

    def crumbs(self, record: Review) -> list[dict[str, Any]]:
        partner = {"label": record.partner.name, "url": record.partner.get_absolute_url()}
        return [CRUMB, partner, {"label": record.quarter_name}]

    def note(self, record: Review, is_waiting: bool) -> dict[str, Any] | None:
        if is_waiting and self.actor.may(P.REVIEW_HOLD):
            text = _("Its time has passed. Write the minutes, or give it another day.")
            return {"tone": "caution", "icon": "clock-exclamation", "text": text}
        return None

    def moves(self, record: Review) -> list[dict[str, Any]]:
        """The buttons of the moves that are open to this person now."""
        base, may = self.base(record), self.actor.may
        is_open = rules.LIFECYCLE.open_moves(record.state).__contains__
        offered = [
            (is_open("hold") and may(P.REVIEW_HOLD), _("Write the minutes"), "hold/", "notes", "primary"),
            (self.may_sign(record), _("Sign off"), "sign/", "circle-check", "primary"),
            (
                is_open("reopen") and may(P.REVIEW_SCHEDULE),
                _("Put it back"),
                "reopen/",
                "calendar-event",
                "primary",
            ),
            (is_open("move") and may(P.REVIEW_SCHEDULE), _("Move"), "move/", "calendar-time", ""),
            (is_open("move"), _("Add to calendar"), "calendar.ics", "download", ""),
            (
                is_open("cancel") and may(P.REVIEW_SCHEDULE),
                _("Cancel the review"),
                "cancel/",
                "circle-minus",
                "more",
            ),
        ]
        return [
            {
                "label": label,
                "url": base + path,
                "icon": icon,
                "primary": look == "primary",
                "more": look == "more",
            }
            for is_offered, label, path, icon, look in offered
            if is_offered
        ]

    def may_sign(self, record: Review) -> bool:
        field = rules.signature_field(self.actor.is_vendor)
        return (
            record.state == rules.HELD
            and self.actor.may(P.REVIEW_SIGN)
            and getattr(record, f"{field}_id") is None
        )


class CalendarFile(RecordPage):
    """The review for one's own calendar."""

    permission = P.REVIEW_VIEW
    queryset = Review.objects.select_related("partner")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        review = self.fetch()
        self.permit()
        url = request.build_absolute_uri(request.path.removesuffix("calendar.ics"))
        answer = HttpResponse(
            calendar_file(review, at=self.at, url=url), content_type="text/calendar; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="review-{review.quarter}.ics"'
        return answer


class ScheduleReview(FormPage):
    """Put a review on the calendar."""

    permission = P.REVIEW_SCHEDULE
    form_class = forms.ScheduleForm
    title = gettext_lazy("Schedule a review")
    submit_label = gettext_lazy("Schedule and tell the partner")
    done_message = gettext_lazy("It is on the calendar; its reminders are planned.")
    cancel_url = "/manage/reviews/"

    def form(self, **options: Any) -> forms.ScheduleForm:
        return forms.ScheduleForm(
            actor=self.actor, initial=self.initial(), today=clock.day(self.at), **options
        )

    def initial(self) -> dict[str, Any]:
        partner = self.chosen()
        return {
            "partner": partner,
            "time": f"{setting('review.hour'):02}:00",
            "time_zone": partner.time_zone if partner else str(clock.zone()),
            "length_minutes": setting("review.length_minutes"),
        }

    def chosen(self) -> Partner | None:
        """The partner whose page the button stood on."""
        try:
            key = UUID(self.request.GET.get("partner", ""))
        except ValueError:
            return None
        return Partner.objects.visible_to(self.actor).filter(pk=key).first()

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return [
            {"fields": ["partner", "quarter"]},
            {"fields": ["on", "time"], "pair": True},
            {"fields": ["time_zone", "length_minutes"], "pair": True},
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"crumbs": [CRUMB, {"label": self.title}], **more})

    def perform(self, data: dict[str, Any]) -> Review:
        return actions.schedule_review(by=self.actor, at=self.at, **data)

    def done_url(self, result: Review) -> str:
        return result.get_absolute_url()


class OfReview(MovePage):
    """A step about one review."""

    permission = P.REVIEW_SCHEDULE
    queryset = Review.objects.select_related("partner")

    def context(self, **more: Any) -> dict[str, Any]:
        here = {"label": str(self.record), "url": self.done_url(self.record)}
        return super().context(
            **{"crumbs": [self.crumb(), here], "subtitle": self.record.partner.name, **more}
        )

    def crumb(self) -> dict[str, Any]:
        return {**CRUMB, "url": f"/{'portal' if self.side == 'portal' else 'manage'}/reviews/"}


class MoveReview(OfReview):
    """Another time."""

    form_class = forms.MoveForm
    title = gettext_lazy("Move the review")
    submit_label = gettext_lazy("Move and tell the partner")
    done_message = gettext_lazy("Moved; the reminders follow the new day.")

    def initial(self) -> dict[str, Any]:
        start = self.record.local_start
        return {
            "on": start.date(),
            "time": f"{start:%H:%M}",
            "time_zone": self.record.time_zone,
            "length_minutes": self.record.length_minutes,
        }

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return [
            {"fields": ["on", "time"], "pair": True},
            {"fields": ["time_zone", "length_minutes"], "pair": True},
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("Reminders that were not sent yet are withdrawn, and new ones planned for the new day."),
            _("The partner's admins get a letter."),
        ]
        return super().context(**{"effects": effects, **more})

    def perform_on(self, record: Review, data: dict[str, Any]) -> Review:
        return actions.move_review(by=self.actor, review=record, at=self.at, **data)


class ReopenReview(OfReview):
    """Back on the calendar."""

    form_class = forms.WhenForm
    title = gettext_lazy("Put the review back on the calendar")
    submit_label = gettext_lazy("Put it back and tell the partner")
    done_message = gettext_lazy("It is on the calendar again.")

    def initial(self) -> dict[str, Any]:
        return {"time": f"{self.record.local_start:%H:%M}", "time_zone": self.record.time_zone}

    def perform_on(self, record: Review, data: dict[str, Any]) -> Review:
        return actions.reopen_review(by=self.actor, review=record, starts_at=data["starts_at"], at=self.at)


class ChangeAgenda(OfReview):
    """Other points."""

    form_class = forms.AgendaForm
    title = gettext_lazy("Change the agenda")
    done_message = gettext_lazy("Saved.")

    def initial(self) -> dict[str, Any]:
        return {"agenda": "\n".join(self.record.agenda)}

    def perform_on(self, record: Review, data: dict[str, Any]) -> Review:
        return actions.change_agenda(by=self.actor, review=record, agenda=data["agenda"], at=self.at)


class ChooseAttendees(OfReview):
    """Who is asked."""

    form_class = forms.AttendeesForm
    title = gettext_lazy("Choose who attends")
    done_message = gettext_lazy("Saved.")

    def form(self, **options: Any) -> forms.AttendeesForm:
        return forms.AttendeesForm(
            actor=self.actor, initial=self.initial(), partner=self.record.partner, **options
        )

    def initial(self) -> dict[str, Any]:
        seats = self.record.attendees.values_list("user", "contact")
        return {"users": [u for u, _c in seats if u], "contacts": [c for _u, c in seats if c]}

    def perform_on(self, record: Review, data: dict[str, Any]) -> Review:
        return actions.choose_attendees(by=self.actor, review=record, at=self.at, **data)


class HoldReview(OfReview):
    """It took place."""

    permission = P.REVIEW_HOLD
    form_class = forms.HoldForm
    title = gettext_lazy("Write the minutes")
    submit_label = gettext_lazy("Save and ask for signatures")
    done_message = gettext_lazy("Both sides are asked to sign.")

    def initial(self) -> dict[str, Any]:
        return {"held_on": min(self.record.on, clock.day(self.at))}

    def perform_on(self, record: Review, data: dict[str, Any]) -> Review:
        return actions.hold_review(by=self.actor, review=record, at=self.at, **data)


class ChangeMinutes(OfReview):
    """Correct them."""

    permission = P.REVIEW_HOLD
    form_class = forms.MinutesForm
    title = gettext_lazy("Correct the minutes")
    done_message = gettext_lazy("Saved; both sides are asked to sign anew.")

    def initial(self) -> dict[str, Any]:
        return {"minutes": self.record.minutes}

    def perform_on(self, record: Review, data: dict[str, Any]) -> Review:
        return actions.change_minutes(by=self.actor, review=record, at=self.at, **data)


class SignReview(OfReview):
    """Sign for one's own side."""

    permission = P.REVIEW_SIGN
    form_class = ConfirmForm
    title = gettext_lazy("Sign the review off")
    submit_label = gettext_lazy("Sign off")
    done_message = gettext_lazy("Signed.")

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("You confirm the minutes and the commitments for your side."),
            _("Once both sides have signed, nothing of this review changes any more."),
        ]
        return super().context(**{"effects": effects, **more})

    def perform_on(self, record: Review, data: dict[str, Any]) -> Review:
        return actions.sign_off(by=self.actor, review=record, at=self.at)


class CancelReview(OfReview):
    """Call it off."""

    form_class = forms.CancelForm
    title = gettext_lazy("Cancel the review")
    submit_label = gettext_lazy("Cancel the review and tell the partner")
    done_message = gettext_lazy("Cancelled; its reminders are withdrawn.")

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"danger": True, **more})

    def perform_on(self, record: Review, data: dict[str, Any]) -> Review:
        return actions.cancel_review(by=self.actor, review=record, reason_code=data["reason"], at=self.at)


class AddDocument(OfReview):
    """A file to the review."""

    permission = P.COMMITMENT_EDIT
    form_class = forms.DocumentForm
    title = gettext_lazy("Add a document")
    submit_label = gettext_lazy("Add")
    done_message = gettext_lazy("Added.")

    def perform_on(self, record: Review, data: dict[str, Any]) -> Any:
        return attach_alone(by=self.actor, kind="review", subject=record, upload=data["file"], at=self.at)


class AddCommitment(OfReview):
    """What a side promises."""

    permission = P.COMMITMENT_EDIT
    form_class = forms.CommitmentForm
    title = gettext_lazy("Add a commitment")
    submit_label = gettext_lazy("Add the commitment")
    done_message = gettext_lazy("Added.")

    def initial(self) -> dict[str, Any]:
        return {"side": rules.VENDOR}

    def perform_on(self, record: Review, data: dict[str, Any]) -> Commitment:
        return actions.add_commitment(by=self.actor, review=record, at=self.at, **data)


class OfCommitment(MovePage):
    """A step about one commitment; afterwards back to its review."""

    permission = P.COMMITMENT_EDIT
    queryset = Commitment.objects.select_related("review__partner")
    form_class = forms.OutcomeForm

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"subtitle": self.record.text, **more})


class CompleteCommitment(OfCommitment):
    """It was kept."""

    title = gettext_lazy("The commitment was kept")
    submit_label = gettext_lazy("Mark as done")

    def perform_on(self, record: Commitment, data: dict[str, Any]) -> Commitment:
        return actions.complete_commitment(by=self.actor, commitment=record, at=self.at, **data)


class DropCommitment(OfCommitment):
    """It no longer applies."""

    form_class = forms.DropForm
    title = gettext_lazy("Drop the commitment")
    submit_label = gettext_lazy("Drop it")

    def perform_on(self, record: Commitment, data: dict[str, Any]) -> Commitment:
        return actions.drop_commitment(by=self.actor, commitment=record, at=self.at, **data)


class ReopenCommitment(OfCommitment):
    """Not done after all."""

    form_class = ConfirmForm
    title = gettext_lazy("Reopen the commitment")
    submit_label = gettext_lazy("Reopen")

    def perform_on(self, record: Commitment, data: dict[str, Any]) -> Commitment:
        return actions.reopen_commitment(by=self.actor, commitment=record, at=self.at)
