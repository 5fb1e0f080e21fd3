"""Invented content for the page that shows every component in its states. Nothing here is read from the database."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms

from core import charts
from core.forms import DateInput, MoneyField
from core.money import Money
from core.states import LOOKS

TIERS = [
    {"name": name, "rank": rank, "of": 4, "colour": colour}
    for name, rank, colour in (
        ("Authorized", 1, "plain"),
        ("Silver", 2, "silver"),
        ("Gold", 3, "gold"),
        ("Platinum", 4, "platinum"),
    )
]
TONES = ("neutral", "good", "caution", "bad", "info", "contested")
LONG = "Universitätsklinikum Auental, Zentrum für Innere Medizin, Kardiologie und Intensivpflege"


class SampleForm(forms.Form):
    """One field of each kind."""

    customer = forms.CharField(label="Customer", help_text="As it signs.")
    market = forms.ChoiceField(label="Market", choices=[("us", "United States"), ("de", "Germany")])
    covered = forms.ChoiceField(
        label="What is covered",
        choices=[("one", "This hospital only"), ("all", "With its 3 clinics")],
        widget=forms.RadioSelect,
    )
    value = MoneyField(label="Value, first year")
    close = forms.DateField(label="Expected close", widget=DateInput())
    words = forms.CharField(label="What you have done so far", widget=forms.Textarea)
    file = forms.FileField(label="Evidence", required=False)
    contact = forms.CharField(label="Contact", required=False)
    sure = forms.BooleanField(label="It contains no patient data.")


class FilterForm(forms.Form):
    """What a list is filtered by."""

    status = forms.ChoiceField(label="Status", choices=[("open", "Open"), ("won", "Won")], required=False)


def sample() -> dict[str, Any]:
    """The context of templates/gallery/gallery.html."""
    at = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    return {
        "title": "Components",
        "subtitle": "Every component in every state. All data is invented.",
        "crumbs": [{"label": "Components"}],
        "actions": [
            {"label": "Plain", "url": "#"},
            {"label": "Closed move", "closed_because": "Two of four requirements are not met yet"},
            {"label": "The one primary", "url": "#", "primary": True, "icon": "plus"},
            {"label": "Rare and grave", "url": "#", "more": True, "danger": True, "icon": "ban"},
        ],
        "tabs": [
            {"label": "Overview", "url": "#", "active": True},
            {"label": "Deals", "url": "#", "count": 18},
            {"label": "Many", "url": "#", "count": 12_480},
        ],
        "views": [
            {"name": "All open", "url": "#", "active": True, "count": 214},
            {"name": "Waiting for me", "url": "#", "count": 6},
        ],
        "states": sorted(LOOKS),
        "view_as": {"name": "Northgate Health Systems", "ends_at": at, "stop_url": "#"},
        "tones": TONES,
        "tiers": TIERS,
        "pair": [TIERS[0], TIERS[3]],
        "money": [
            Money(42_000_000, "USD"),
            Money(18_650_000, "EUR"),
            Money(48_200_000, "JPY"),
            Money(-3_400_050, "CAD"),
            None,
        ],
        "at": at,
        "day": date(2026, 11, 21),
        "names": [
            "Northgate Clinical Systems",
            "Rheinmed Systemhaus",
            "Albion Health",
            "Kanto Medical",
            "Tasman",
            LONG,
        ],
        "facts": [
            {"label": "Revenue, 12 months", "value": "$9.14M", "note": "+18% on last year", "why_url": "#"},
            {"label": "Open pipeline", "value": "$6.32M", "note": "$2.71M weighted"},
            {"label": "Certified people", "value": "0", "note": "none yet", "tone": "caution"},
        ],
        "columns": [
            {"key": "number", "label": "Number", "phone": "plain"},
            {"key": "customer", "label": "Customer"},
            {"key": "partner", "label": "Partner"},
            {"key": "value", "label": "Value", "sort_url": "#", "sorted": "desc"},
            {"key": "state", "label": "State"},
            {"key": "due", "label": "Due"},
        ],
        "rows": [{"group": "Gold", "tier": TIERS[2]}, *[_row(*row) for row in DEALS]],
        "chips": [{"label": "Status", "value": "is open", "remove_url": "#"}],
        "pager": {"text": "1 to 50, most urgent first", "newer_url": "", "older_url": "#"},
        "bulk_moves": [{"label": "Approve…", "url": "#"}, {"label": "Assign…", "url": "#"}],
        "empty": {
            "icon": "briefcase",
            "title": "No deals yet",
            "text": "When a partner registers a customer, it appears here with its clock.",
            "action": {"label": "Invite your first partner", "url": "#"},
            "other": {"label": "Import a CSV", "url": "#"},
        },
        "form": SampleForm(),
        "filter_form": FilterForm(),
        "wrong_form": SampleForm({"value_0": "USD", "value_1": "12.345"}, auto_id="wrong_%s"),
        "fieldsets": [
            {"fields": ["customer", "market", "covered"]},
            {"fields": ["value", "close"], "pair": True},
            {"fields": ["words", "file"]},
            {"legend": "Contact", "fields": ["contact"], "optional": True},
            {"fields": ["sure"]},
        ],
        "stale": {
            "message": "Tomas Herrera changed D-2041 two minutes ago",
            "version": 4,
            "fields": [{"label": "Protection", "mine": "90 days", "theirs": "60 days", "differs": True}],
        },
        "timeline": [
            {"at": at, "icon": "file-text", "actor": "Priya Raman", "sentence": "submitted D-2041"},
            {"at": at, "icon": "trophy", "sentence": "D-1871 won, $640,000"},
        ],
        "requirements": REQUIREMENTS,
        "clock": {
            "title": "Protected for you until 28 December 2026",
            "side": "to the end of the day, Mountain Time",
            "days_left": "34 days",
            "of": "left of 90",
            "used": 0.62,
            "start": "29 Sep",
            "reminders": [
                {"at": 0.666, "label": "30 d"},
                {"at": 0.845, "label": "14 d"},
                {"at": 0.99, "label": "28 Dec"},
            ],
            "note": "Next reminder 28 Nov.",
            "rule": {"label": "Rule P-4", "url": "#"},
        },
        "steps": [
            {"title": "Prospect", "note": "29 Sep", "state": "done"},
            {"title": "Business validation", "note": "since 16 Nov", "state": "now"},
            {"title": "Committed", "state": "next"},
        ],
        "next_steps": [
            {"title": "You register", "text": "today", "done": True},
            {"title": "First answer", "text": "by Fri 27 Nov, 10:45 ET"},
        ],
        "checks": [
            {"title": "Agreement in force", "state": "met", "side": "to 2 Mar 2028"},
            {
                "title": "Telehealth attestation",
                "state": "action_required",
                "side": "missing",
                "tone": "caution",
            },
            {"title": "Device clearance", "state": "not_applicable", "side": "not applicable"},
        ],
        "queue": QUEUE,
        "why": WHY,
        "letter": {
            "to": "What Northgate will get",
            "how": "E-mail and portal, English",
            "subject": "Your registration is approved with conditions",
            "body": "Hello Priya,\n\nthe customer is protected for you until 22 February 2027.",
            "foot": "Rule P-4, program version 7.",
        },
        "contact": {
            "name": "Maya Lindqvist",
            "note": "Your partner manager",
            "action": {"label": "Book time", "url": "#"},
        },
        "job": {
            "title": "Importing 12,480 registrations",
            "share": 0.64,
            "words": "7,987 read, 7,941 good, 46 with errors",
            "state": "running",
            "errors_url": "#",
            "cancel_url": "#",
        },
        "verdict": {"score": 58, "of": "of 100", "word": "Needs a review", "share": 0.58, "bands": BANDS},
        "parts": PARTS,
        "chart": _chart(),
        "bars": charts.bar_chart(PARTS, unit=lambda value: f"${value}M", title="Pipeline by stage"),
        "legend": [
            {"label": "Booked", "kind": "fact"},
            {"label": "With what is committed", "kind": "committed"},
            {"label": "If nothing happens", "kind": "otherwise"},
        ],
        "menu": [
            {"label": "Open", "url": "#", "icon": "external-link"},
            {"label": "Closed", "closed_because": "Decided on 20 Nov"},
            {"label": "Withdraw", "opens": "sample-confirm", "danger": True},
        ],
    }


DEALS = [
    (
        "D-1902",
        "Nordbrook NHS Trust",
        "UK",
        2,
        Money(31_200_000, "GBP"),
        "appealed",
        {"value": "1 day late", "used": 1, "late": True},
    ),
    (
        "D-2041",
        "St. Brannoc’s Medical Center",
        "US",
        3,
        Money(42_000_000, "USD"),
        "in_review",
        {"value": "Today 13:30", "used": 0.86},
    ),
    (
        "D-1990",
        LONG,
        "EU",
        1,
        Money(231_000_000, "EUR"),
        "with_conditions",
        {"value": "14 Jul 2027", "used": 0.1},
    ),
    (
        "D-2039",
        "Kitahama General Hospital",
        "JP",
        0,
        None,
        "action_required",
        {"value": "Paused", "paused": True},
    ),
]
REQUIREMENTS = [
    {
        "label": "Revenue, trailing 12 months",
        "state": "not_met",
        "actual": "$9.14M",
        "threshold": "$10M",
        "share": 0.914,
        "missing": "$860,000 to go",
    },
    {
        "label": "Certified, each track",
        "state": "at_risk",
        "actual": "1",
        "threshold": "1",
        "share": 1,
        "missing": "Renew Sales by 18 Jan",
        "tone": "caution",
    },
    {
        "label": "Go-lives accepted",
        "state": "met",
        "actual": "53",
        "threshold": "50",
        "share": 1,
        "missing": "Met",
    },
]
QUEUE = [
    {
        "key": "1",
        "icon": "gavel",
        "title": "Decide appeal on D-1902",
        "reason": "You are second reviewer",
        "url": "#",
        "partner": {"name": "Albion Health"},
        "tier": TIERS[2],
        "used": 1,
        "late": True,
        "due_text": "1 day late",
        "due_note": "Mon 23 Nov",
        "action": {"label": "Decide", "url": "#"},
        "snooze_url": "#",
        "snoozes": [{"label": "Tomorrow", "value": "1"}],
    },
    {
        "key": "2",
        "icon": "user-plus",
        "title": "Score application A-318",
        "reason": "First scorer gave 78 of 100",
        "url": "#",
        "partner": {"name": "Borealis EHR"},
        "who_note": "Applicant, Canada",
        "used": 0.2,
        "due_text": "3 days",
        "due_note": "Fri 27 Nov",
        "action": {"label": "Score", "url": "#"},
    },
]
WHY = {
    "title": "Revenue, trailing 12 months",
    "sentence": "$9.14M was booked in the last 12 months; Platinum asks for $10M.",
    "rule": "Annual revenue",
    "rule_version": 7,
    "threshold": "at least $10M",
    "actual": "$9.14M",
    "window": "25 Nov 2025 to 24 Nov 2026",
    "counted": [{"label": "D-1871 Ashgrove Heart Center", "value": "$640,000", "url": "#"}],
    "counted_total": 31,
    "counted_url": "#",
    "excluded": [{"label": "D-1610", "reason": "booked before the window"}],
    "as_of": "24 Nov 2026, 02:10 UTC",
}
BANDS = [
    {"label": "Clear", "from": 0, "to": 0.2, "tone": "neutral"},
    {"label": "Related", "note": "20", "from": 0.2, "to": 0.45, "tone": "neutral"},
    {"label": "Review", "note": "45", "from": 0.45, "to": 0.75, "tone": "caution", "active": True},
    {"label": "Hard", "note": "75", "from": 0.75, "to": 1, "tone": "bad"},
]
PARTS = [
    charts.Part(label, value, f"${value}M")
    for label, value in (
        ("Prospect", 1.12),
        ("Qualified", 1.68),
        ("Technical", 1.35),
        ("Business", 1.29),
        ("Committed", 0.88),
    )
]


def _row(
    number: str, customer: str, market: str, tier: int, value: Money | None, state: str, due: dict[str, Any]
) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [
        {"template": "text", "value": number},
        {"template": "name", "value": {"name": customer, "tag": market}},
        {"template": "tier_partner", "value": {"name": "Northgate Clinical", "tier": TIERS[tier]}},
        {"template": "money", "value": value},
        {"template": "state", "value": {"state": state}},
        {"template": "due", "value": due},
    ]
    return {"url": "#", "key": number, "name": customer, "cells": cells}


def _chart() -> Any:
    months = ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"]
    return charts.line_chart(
        months,
        [
            charts.Series("Booked", [6.9, 7.4, 7.2, 8.1, 8.6, 9.14, None, None, None]),
            charts.Series("Committed", [None] * 5 + [9.14, 10.02, 10.02, 8.4], "committed", steps=True),
            charts.Series("Otherwise", [None] * 5 + [9.14, 9.14, 7.9, 7.5], "otherwise", steps=True),
        ],
        thresholds=[charts.Threshold(10, "Platinum, $10M")],
        marks=[charts.Mark(5, "Today")],
        unit=lambda value: f"${value:g}M",
        title="Revenue passes $10M in June",
    )
