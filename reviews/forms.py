"""Forms of reviews and commitments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.fields import ReasonField
from core.forms import BaseForm, DateInput, RecordField, RecordsField
from files.rules import ACCEPTED
from partners.models import Contact, Partner
from reviews import rules
from reviews.filters import SIDE_WORDS

ZONES = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
LENGTHS = [(n, _("%(n)s minutes") % {"n": n}) for n in (30, 45, 60, 90, 120, 180)]
LONG = forms.Textarea(attrs={"rows": 10})


class WhenForm(BaseForm):
    """A day and a time on the clock of a zone; cleaned to the instant `starts_at`."""

    on = forms.DateField(label=_("Day"), widget=DateInput())
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        on, time, zone = (cleaned.pop(name, None) for name in ("on", "time", "time_zone"))
        if on and time and zone:
            cleaned["starts_at"] = datetime.combine(on, time, ZoneInfo(zone))
            cleaned["time_zone"] = zone
        return cleaned

    def add_action_error(self, error: Any) -> None:
        """An instant that does not fit is told at its day."""
        if hasattr(error, "error_dict") and "starts_at" in error.error_dict:
            error.error_dict["on"] = error.error_dict.pop("starts_at")
        super().add_action_error(error)


class MoveForm(WhenForm):
    length_minutes = forms.TypedChoiceField(label=_("Length"), choices=LENGTHS, coerce=int)


class ScheduleForm(MoveForm):
    """One more review on the calendar."""

    field_order = ["partner", "quarter", "on", "time", "time_zone", "length_minutes"]
    partner = RecordField(label=_("Partner"), queryset=Partner.objects.exclude(state="terminated"))
    quarter = forms.ChoiceField(label=_("Quarter"))

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        current = rules.Quarter.of(today)
        ahead = [current, current.next, current.next.next]
        self.fields["quarter"].choices = [(str(quarter), quarter.name) for quarter in ahead]  # type: ignore[attr-defined]


class AgendaForm(BaseForm):
    agenda = forms.CharField(
        label=_("Points"), widget=LONG, required=False, max_length=7000, help_text=_("One point a line.")
    )

    def clean_agenda(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["agenda"].splitlines() if line.strip()]


class AttendeesForm(BaseForm):
    """Who is asked, of both sides."""

    users = RecordsField(
        label=_("Of our side"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    contacts = RecordsField(
        label=_("Of the partner"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, partner: Partner, **options: Any) -> None:
        super().__init__(*args, **options)
        ours = User.objects.of_vendor().filter(is_active=True).order_by("name")
        theirs = partner.contacts.current().visible_to(self.actor)
        self.fields["users"].queryset = ours  # type: ignore[attr-defined]
        self.fields["contacts"].queryset = theirs  # type: ignore[attr-defined]


class MinutesForm(BaseForm):
    minutes = forms.CharField(
        label=_("Minutes"), widget=LONG, max_length=20_000,
        help_text=_("Both sides read and sign them. What was agreed to be done goes into commitments."),
    )  # fmt: skip


class HoldForm(MinutesForm):
    field_order = ["held_on", "minutes"]
    held_on = forms.DateField(label=_("Held on"), widget=DateInput())


class CancelForm(BaseForm):
    reason = ReasonField("review_cancellation")


class CommitmentForm(BaseForm):
    """What one side promises."""

    side = forms.ChoiceField(label=_("Who"), choices=SIDE_WORDS, widget=forms.RadioSelect)
    text = forms.CharField(label=_("What"), max_length=200)
    measure = forms.CharField(
        label=_("How we will know"),
        max_length=120,
        required=False,
        help_text=_("“2 certificates”, “live in the library”."),
    )
    due_on = forms.DateField(label=_("By"), widget=DateInput())


class OwnCommitmentForm(CommitmentForm):
    """What a partner promises: always its own."""

    side = None


class OutcomeForm(BaseForm):
    outcome = forms.CharField(label=_("What came of it"), max_length=200, required=False)


class DropForm(BaseForm):
    outcome = forms.CharField(label=_("Why it no longer applies"), max_length=200)


class DocumentForm(BaseForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("%(kinds)s, up to 25 MB. Never patient data.") % {"kinds": ACCEPTED},
    )
