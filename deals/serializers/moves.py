"""What the moves of a registration take."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import User
from core.api import StrictSerializer, VisibleRelated
from core.models import as_choices
from deals import previews, rules
from deals.models import (
    Deal,
    Stage,
)
from deals.serializers.registrations import COUNTRIES, CodeField
from partners.models import Organization
from partners.rules import KINDS


class ReasonSerializer(StrictSerializer):
    reason = serializers.SlugField(max_length=40)
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class NamePeopleSerializer(StrictSerializer):
    people = VisibleRelated(
        queryset=User.objects.all(), many=True, help_text=_("Exactly these colleagues are named on the deal.")
    )


class ApproveSerializer(StrictSerializer):
    days = serializers.IntegerField(min_value=1, max_value=730, required=False)
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    conflicts_seen = serializers.BooleanField(
        required=False,
        help_text=_(
            "A hard conflict that has appeared since the last check is known, and it is approved all the same."
        ),
    )


class ReopenSerializer(ReasonSerializer):
    """`days` where a new protection begins; the program's length by default."""

    days = serializers.IntegerField(min_value=1, max_value=730, required=False)


class CommentSerializer(StrictSerializer):
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class MoreTimeSerializer(StrictSerializer):
    evidence = serializers.CharField(max_length=1000, help_text=_("What happened lately."))
    activity_on = serializers.DateField(help_text=_("The day of it, within the last 30 days."))


class AskSerializer(StrictSerializer):
    question = serializers.CharField(max_length=1000)
    fields = serializers.ListField(
        child=serializers.ChoiceField(choices=list(rules.FIELD_LABELS)), min_length=1
    )  # type: ignore[assignment]


class DuplicateSerializer(StrictSerializer):
    duplicate_of = VisibleRelated(queryset=Deal.objects.all())
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class PreviewLetterSerializer(StrictSerializer):
    """The decision that is asked about; what it does not need is not looked at."""

    move = serializers.ChoiceField(choices=list(previews.MOVES))
    days = serializers.IntegerField(min_value=1, max_value=rules.LONGEST_PROTECTION, required=False)
    conditions = serializers.ListField(
        child=serializers.CharField(max_length=300), max_length=rules.MOST_CONDITIONS, required=False
    )
    conditions_until = serializers.DateField(required=False)
    reason = serializers.SlugField(max_length=40, required=False, allow_blank=True)
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    question = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    fields = serializers.ListField(
        child=serializers.ChoiceField(choices=list(rules.FIELD_LABELS)), required=False
    )  # type: ignore[assignment]
    duplicate_of = VisibleRelated(queryset=Deal.objects.all(), required=False)


class LetterSerializer(serializers.Serializer):
    """What the partner would read."""

    subject = serializers.CharField()
    paragraphs = serializers.ListField(child=serializers.CharField())


class LinkCustomerSerializer(StrictSerializer):
    organization = VisibleRelated(queryset=Organization.objects.all())


class AddCustomerSerializer(StrictSerializer):
    name = serializers.CharField(max_length=200, required=False)
    country = serializers.ChoiceField(choices=COUNTRIES, required=False)
    city = serializers.CharField(max_length=120, required=False, allow_blank=True)
    website = serializers.URLField(required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=as_choices(*KINDS), required=False)
    is_public_body = serializers.BooleanField(required=False)


class StageSerializer(StrictSerializer):
    stage = CodeField(queryset=Stage.objects.active())
    expected_close_on = serializers.DateField(required=False, allow_null=True)


class WinSerializer(StrictSerializer):
    won_on = serializers.DateField()
    reference = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    evidence = serializers.FileField(required=False, help_text=_("Send it as multipart/form-data."))
