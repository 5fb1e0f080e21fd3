"""Forms of what people decide about tiers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import BaseForm, DateInput, RecordField
from tiers import rules, wording
from tiers.models import Program, Requirement, Tier

GRANT, DECLINE, UPHOLD, DISMISS = "grant", "decline", "uphold", "dismiss"


class LongText(forms.Textarea):
    """A few lines."""

    def __init__(self, rows: int = 3) -> None:
        super().__init__(attrs={"rows": rows})


class AnswerForm(BaseForm):
    """A decision with its reason for the partner, and a note for colleagues."""

    answer = forms.CharField(
        label=_("Reason for the partner"), max_length=1000, required=False, widget=LongText(3)
    )
    note = forms.CharField(
        label=_("Note for colleagues"), max_length=1000, required=False, widget=LongText(2)
    )


class ProposalForm(AnswerForm):
    """Grant what is proposed, or decline it; a fall that is declined keeps the tier until a day."""

    MOVES = ((GRANT, _("Grant")), (DECLINE, _("Decline")))
    move = forms.ChoiceField(label=_("Decision"), choices=MOVES, widget=forms.RadioSelect, initial=GRANT)
    until = forms.DateField(label=_("Keeps the tier until"), required=False, widget=DateInput())
    field_order = ("move", "until", "answer", "note")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("move") == DECLINE and not (cleaned.get("answer") or "").strip():
            self.add_error("answer", _("Tell the partner why."))
        return cleaned


class TierAppealDecisionForm(AnswerForm):
    """The partner is right and holds the tier until a day, or the decision stands."""

    MOVES = ((UPHOLD, _("Uphold")), (DISMISS, _("Dismiss")))
    move = forms.ChoiceField(label=_("Answer"), choices=MOVES, widget=forms.RadioSelect, initial=UPHOLD)
    until = forms.DateField(label=_("Holds the tier until"), required=False, widget=DateInput())
    field_order = ("move", "until", "answer", "note")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("move") == DISMISS and not (cleaned.get("answer") or "").strip():
            self.add_error("answer", _("Tell the partner why."))
        if cleaned.get("move") == UPHOLD and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Until when does the partner hold the tier?"))
        return cleaned


class TierAppealForm(BaseForm):
    """Why the decision should be another, and what shows it."""

    grounds = forms.CharField(
        label=_("Why should the decision be another?"), max_length=2000, widget=LongText(6),
        help_text=_("What was not counted, and when it happened. No patient data, please."),
    )  # fmt: skip
    evidence = forms.FileField(
        label=_("Evidence"), required=False, help_text=_("A contract, a certificate, minutes: what shows it.")
    )


class OverrideForm(BaseForm):
    """A tier by decision, until a day."""

    tier = RecordField(label=_("Tier"), queryset=Tier.objects.none(), empty_label=None)
    expires_on = forms.DateField(label=_("Holds until"), widget=DateInput())
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=LongText(3), help_text=_("The partner reads it.")
    )

    def __init__(self, *args: Any, program: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        active = Tier.objects.filter(program_version__state=rules.ACTIVE)
        offered = active.filter(program_version__program=program) if program else active.none()
        self.fields["tier"].queryset = offered.order_by("rank").visible_to(self.actor)


class RequirementField(RecordField):
    """A requirement by its tier and the name of what is counted."""

    def label_from_instance(self, need: Any) -> str:
        return f"{need.tier}: {wording.name_of(need.key)}"


class WaiverForm(BaseForm):
    """One requirement is not asked for until a day."""

    requirement = RequirementField(label=_("Requirement"), queryset=Requirement.objects.none())
    expires_on = forms.DateField(label=_("Waived until"), widget=DateInput())
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=LongText(3), help_text=_("The partner reads it.")
    )

    def __init__(self, *args: Any, partner: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        programs = Program.objects.of(partner) if partner else Program.objects.none()
        asked = Requirement.objects.filter(
            is_waivable=True,
            tier__program_version__state=rules.ACTIVE,
            tier__program_version__program__in=programs.values("pk"),
        )
        offered = asked.select_related("tier").order_by(
            "tier__program_version__program", "tier__rank", "position"
        )
        self.fields["requirement"].queryset = offered.visible_to(self.actor)
