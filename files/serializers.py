"""Attachments as the API reads and takes them."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api import StrictSerializer
from files.models import Attachment


class AttachmentSerializer(serializers.ModelSerializer):
    subject = serializers.UUIDField(source="subject_id")

    class Meta:
        model = Attachment
        fields = [
            "id", "kind", "subject", "partner", "name", "content_type", "size", "sha256", "is_internal", "created_at",
            "changed_at",
        ]  # fmt: skip


class AttachSerializer(StrictSerializer):
    kind = serializers.SlugField(max_length=40, help_text=_("What the file belongs to: deal, gate, review."))
    subject = serializers.UUIDField(help_text=_("The id of that record."))
    file = serializers.FileField(max_length=1000)
