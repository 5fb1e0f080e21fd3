"""Mail over the API, for administrators."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core import mail
from core.api import BaseViewSet, verb
from core.mail_pages import STATES, MailFilters
from core.models import Mail


class MailSerializer(serializers.ModelSerializer):
    """A letter as lists show it."""

    to = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=STATES)

    class Meta:
        model = Mail
        fields = [
            "id",
            "letter",
            "to",
            "to_user",
            "state",
            "attempts",
            "error",
            "sent_at",
            "created_at",
            "changed_at",
        ]

    def get_to(self, row: Mail) -> str:
        return mail.recipient(row)


class WrittenMailSerializer(MailSerializer):
    """A letter with its words as they read now; links are masked where a mail server delivers them."""

    subject = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField(help_text=_("Empty where the letter no longer applies."))

    class Meta(MailSerializer.Meta):
        fields = [*MailSerializer.Meta.fields, "subject", "text"]

    def get_subject(self, row: Mail) -> str:
        return self._written(row)[0]

    def get_text(self, row: Mail) -> str:
        return self._written(row)[1]

    def _written(self, row: Mail) -> tuple[str, str]:
        if not hasattr(row, "_written"):
            row._written = mail.text_of(row, live=not settings.EMAIL_URL)  # type: ignore[attr-defined]
        return row._written  # type: ignore[attr-defined,no-any-return]


class MailViewSet(BaseViewSet):
    """Letters: queued, sent, kept, failed or withdrawn."""

    queryset = Mail.objects.select_related("to_user")
    serializer_class = MailSerializer
    filterset_class = MailFilters
    view_permission = "mail.read"

    def get_serializer_class(self) -> Any:
        return MailSerializer if self.action == "list" else WrittenMailSerializer

    @verb(permission="mail.retry")
    def retry(self, row: Mail, data: dict[str, Any]) -> Mail:
        """Queue a failed letter again."""
        return mail.retry(by=self.actor, mail=row, at=self.at)
