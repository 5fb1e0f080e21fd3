"""What home shows over the API: the queue, snoozes, what search found, what happened."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts import timeline
from core.api import StrictSerializer
from events.models import Event
from home.models import Snooze


class PartnerRefSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ItemSerializer(serializers.Serializer):
    """One thing that waits. `due_on` is set where it is due on a day, without an hour."""

    kind = serializers.CharField()
    id = serializers.UUIDField()
    partner = PartnerRefSerializer(allow_null=True)
    title = serializers.CharField()
    reason = serializers.CharField()
    action = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    is_late = serializers.BooleanField()
    used = serializers.FloatField(help_text="The share of its time that is used, 0 to 1.", allow_null=True)
    url = serializers.CharField()


class QueueSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="How many wait, by kind.")
    results = ItemSerializer(many=True)


class FoundSerializer(serializers.Serializer):
    kind = serializers.CharField()
    id = serializers.UUIDField()
    title = serializers.CharField()
    note = serializers.CharField()
    url = serializers.CharField()


class SearchSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = FoundSerializer(many=True)


class SnoozeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Snooze
        fields = ["id", "kind", "subject_id", "until", "created_at", "changed_at"]


class PutOffSerializer(StrictSerializer):
    kind = serializers.SlugField(max_length=40)
    subject_id = serializers.UUIDField()
    until = serializers.DateTimeField()


class EventSerializer(serializers.ModelSerializer):
    """One thing that happened, with its sentence; `data` holds the part that you may see."""

    actor = serializers.SerializerMethodField()
    sentence = serializers.SerializerMethodField()
    data = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = ["id", "type", "at", "actor", "sentence", "subject_kind", "subject_id", "partner", "data"]

    @extend_schema_field(serializers.DictField())
    def get_actor(self, event: Event) -> dict[str, str]:
        return {"kind": event.actor_kind, "name": self.context["told"][event.pk]["who"]}

    def get_sentence(self, event: Event) -> str:
        told = self.context["told"][event.pk]
        return f"{told['actor']} {told['sentence']}".strip()

    @extend_schema_field(serializers.DictField())
    def get_data(self, event: Event) -> dict[str, Any]:
        return timeline.data_for(event, self.context["view"].actor)
