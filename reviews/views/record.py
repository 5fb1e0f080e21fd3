"""What a review's page shows, on either side: promises first, then the figures, then minutes and signatures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import timeline
from accounts.roles import Permission as P
from core.actors import Actor
from core.models import Vendor
from core.templatetags.ui import day, days_left
from files.models import Attachment
from inbox import rules as inbox_rules
from inbox.models import Reminder
from reviews import rules
from reviews.models import Commitment, Review
from reviews.scorecard import scorecard


def facts(review: Review, actor: Actor, at: datetime, today: date) -> dict[str, Any]:
    """The context of templates/reviews/record.html."""
    last = Review.objects.visible_to(actor).before(review).first()
    brought = list(_listed(Commitment.objects.brought_into(review, last)))
    made = list(_listed(Commitment.objects.filter(review=review)))
    sides = side_names(review)
    return {
        "title": _("%(partner)s, %(quarter)s review")
        % {"partner": review.partner.name, "quarter": review.quarter_name},
        "partner": {"id": review.partner_id, "name": review.partner.name},
        "state": review.state,
        "facts_line": facts_line(review),
        "last": last,
        "brought": commitment_table(brought, sides, actor, today),
        "brought_note": kept_words(brought, sides),
        "made": commitment_table(made, sides, actor, today),
        "scorecard": figures(review, today),
        "points": points(review),
        "people": people(review, sides),
        "signatures": signatures(review, sides, today),
        "documents": Attachment.objects.visible_to(actor).of(review),
        "reminders": reminders(review, actor),
        "timeline": timeline.about(review, *made, actor=actor),
        "is_open": review.state in rules.OPEN,
        "may_promise": actor.may(P.COMMITMENT_EDIT) and review.state in rules.OPEN,
        "may_change": actor.may(P.REVIEW_SCHEDULE) and review.state == rules.SCHEDULED,
        "may_write": actor.may(P.REVIEW_HOLD) and review.state == rules.HELD,
        "is_waiting": review.state == rules.SCHEDULED and review.starts_at < at,
    }


def _listed(commitments: Any) -> QuerySet:
    return commitments.first_things_first().select_related("review__partner")  # type: ignore[no-any-return]


def side_names(review: Review) -> dict[str, str]:
    return {rules.VENDOR: Vendor.current().name, rules.PARTNER: review.partner.name}


def facts_line(review: Review) -> list[str]:
    start = review.local_start
    return [
        f"{day(review.on, 'weekday')}, {start:%H:%M} ({review.time_zone.replace('_', ' ')})",
        _("%(n)s minutes") % {"n": review.length_minutes},
        *([_("Proposed, not yet agreed")] if review.is_proposed and review.state == rules.SCHEDULED else []),
    ]


def kept_words(commitments: list[Commitment], sides: dict[str, str]) -> str:
    """“4 of 6 kept, Corvane 2 of 3, Rheinmed 2 of 3”."""
    if not commitments:
        return ""
    words = [_("%(done)s of %(all)s kept") % _tally(commitments)]
    for side, name in sides.items():
        own = [c for c in commitments if c.side == side]
        if own:
            words.append(_("%(name)s %(done)s of %(all)s") % {"name": name, **_tally(own)})
    return ", ".join(words)


def _tally(commitments: list[Commitment]) -> dict[str, int]:
    return {"done": sum(c.state == rules.DONE for c in commitments), "all": len(commitments)}


def commitment_table(
    commitments: list[Commitment], sides: dict[str, str], actor: Actor, today: date
) -> dict[str, Any] | None:
    """Columns and rows of components/table.html; the measure has a column where one has a measure."""
    if not commitments:
        return None
    is_told = any(told(commitment) for commitment in commitments)
    columns = [
        {"key": "text", "label": _("Commitment")},
        {"key": "side", "label": _("By")},
        *([{"key": "told", "label": _("Measure or outcome")}] if is_told else []),
        {"key": "due", "label": _("Due"), "align": "right"},
        {"key": "state", "label": _("State")},
        {"key": "moves", "label": ""},
    ]
    rows = [commitment_row(c, sides, actor, today, is_told) for c in commitments]
    return {"columns": columns, "rows": rows}


def commitment_row(
    commitment: Commitment, sides: dict[str, str], actor: Actor, today: date, is_told: bool
) -> dict[str, Any]:
    """A row of components/table.html."""
    return {
        "key": str(commitment.pk),
        "cells": [
            {"template": "name", "key": "text", "value": commitment.text},
            {"template": "text", "key": "side", "value": sides[commitment.side]},
            *(
                [{"template": "text", "key": "told", "value": told(commitment), "blank": True}]
                if is_told
                else []
            ),
            {"template": "date", "key": "due", "value": commitment.due_on},
            {"template": "state", "key": "state", **commitment_state(commitment, today)},
            {"template": "moves", "key": "moves", "value": commitment_moves(commitment, actor)},
        ],
    }


def commitment_state(commitment: Commitment, today: date) -> dict[str, str]:
    """“11 days late”, “Done”, “Open”."""
    if commitment.state == rules.TO_DO and commitment.due_on < today:
        return {"value": "late", "word": days_left(commitment.due_on)}
    words = {rules.DONE: _("Done"), rules.DROPPED: _("Dropped"), rules.TO_DO: _("Open")}
    return {"value": commitment.state, "word": words[commitment.state]}


def told(commitment: Commitment) -> str:
    """What came of a promise, or how it will be known."""
    return commitment.outcome or commitment.measure


def commitment_moves(commitment: Commitment, actor: Actor) -> list[dict[str, str]]:
    """The moves that are open to this actor."""
    if not actor.may(P.COMMITMENT_EDIT) or not rules.may_complete(commitment.side, actor.is_vendor):
        return []
    labels = {"complete": _("Done"), "drop": _("Drop"), "reopen": _("Reopen")}
    start = "/manage" if actor.is_vendor else "/portal"
    return [
        {"label": labels[move], "url": f"{start}/commitments/{commitment.pk}/{move}/"}
        for move in rules.COMMITMENT_LIFECYCLE.open_moves(commitment.state)
    ]


def figures(review: Review, today: date) -> dict[str, Any] | None:
    """The scorecard as a table."""
    found = scorecard(review, today)
    if found is None:
        return None
    columns = [
        {"key": "name", "label": _("Figure")},
        {"key": "actual", "label": _("Actual"), "align": "right"},
        {"key": "threshold", "label": _("To keep the tier"), "align": "right"},
        {"key": "state", "label": _("State")},
    ]
    return {**found, "columns": columns, "rows": [_figure(row) for row in found["rows"]]}


def _figure(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": row["metric"],
        "cells": [
            {"template": "name", "key": "name", "value": row["name"]},
            {"template": "text", "key": "actual", "value": row["actual"]},
            {"template": "text", "key": "threshold", "value": row["threshold"]},
            {"template": "state", "key": "state", "value": row["state"], "word": row["gap"]},
        ],
    }


def points(review: Review) -> list[dict[str, Any]]:
    """The agenda, each point with an even share of the time."""
    share = rules.minutes_left(len(review.agenda), review.length_minutes)
    return [{"text": point, "minutes": share} for point in review.agenda]


def people(review: Review, sides: dict[str, str]) -> list[dict[str, Any]]:
    rows = review.attendees.select_related("user", "contact")
    return [
        {"name": a.name, "id": a.user_id or a.contact_id, "note": _role(a) or sides[a.side]} for a in rows
    ]


def _role(attendee: Any) -> str:
    return attendee.contact.title if attendee.contact else ""


def reminders(review: Review, actor: Actor) -> list[dict[str, Any]]:
    """One line a day on which people are, or were, reminded of the review's date."""
    found = Reminder.objects.visible_to(actor).about("review", review.id).filter(occasion_on=review.on)
    by_day: dict[date, list[Reminder]] = {}
    for reminder in found.exclude(state=inbox_rules.WITHDRAWN).order_by("due_on", "id"):
        by_day.setdefault(reminder.due_on, []).append(reminder)
    return [_reminder_line(on, rows) for on, rows in by_day.items()]


def _reminder_line(on: date, rows: list[Reminder]) -> dict[str, Any]:
    sent = [r for r in rows if r.state == inbox_rules.SENT]
    late = any(r.is_late for r in sent)
    return {
        "title": day(on, "weekday_short"),
        "state": sent[0].state if sent else rows[0].state,
        "side": _("sent late")
        if late
        else _("%(n)s people") % {"n": len(rows)}
        if len(rows) > 1
        else _("1 person"),
    }


def signatures(review: Review, sides: dict[str, str], today: date) -> list[dict[str, Any]]:
    """One line a side: who signed when, or by when it is asked."""
    if review.state not in (rules.HELD, rules.SIGNED_OFF):
        return []
    return [_signature(review, side, name, today) for side, name in sides.items()]


def _signature(review: Review, side: str, name: str, today: date) -> dict[str, Any]:
    signed_at = getattr(review, f"{side}_signed_at")
    if signed_at:
        person = getattr(review, f"signed_by_{side}").name
        return {"title": name, "state": "done", "note": person, "side": day(signed_at, "near")}
    is_late = bool(review.sign_by and review.sign_by < today)
    return {
        "title": name,
        "state": "late" if is_late else "todo",
        "note": _("not signed yet"),
        "side": _("by %(day)s") % {"day": day(review.sign_by, "near")},
        "tone": "bad" if is_late else "",
    }
