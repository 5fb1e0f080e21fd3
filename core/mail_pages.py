"""Mail for administrators: what was queued, sent, kept or failed, and how a letter reads."""

from typing import Any

import django_filters
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import mail
from core.forms import BaseForm
from core.list_page import ListPage
from core.models import Mail
from core.pages import MovePage, RecordPage
from core.states import look
from core.tables import Column

STATES = (Mail.QUEUED, Mail.SENT, Mail.KEPT, Mail.FAILED, Mail.WITHDRAWN)
CRUMB = {"label": gettext_lazy("Mail"), "url": "/manage/mail/"}


def letter_words(row: Mail) -> str:
    """“review.scheduled” is “Review: scheduled”."""
    kind, _dot, name = row.letter.partition(".")
    return f"{kind.capitalize()}: {name.replace('_', ' ')}"


class MailFilters(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        distinct=False, label=gettext_lazy("State"), choices=[(state, look(state).word) for state in STATES]
    )
    letter = django_filters.CharFilter(label=gettext_lazy("Letter"), max_length=60)
    to = django_filters.CharFilter(label=gettext_lazy("To"), method="sent_to", max_length=254)

    class Meta:
        model = Mail
        fields: list[str] = []

    def sent_to(self, queryset: Any, name: str, value: str) -> Any:
        address = value.strip().casefold()
        return queryset.filter(to_user__email=address) | queryset.filter(to_address__iexact=address)


class MailList(ListPage):
    """Every letter, the latest first."""

    permission = "mail.read"
    name = "mail"
    title = gettext_lazy("Mail")
    queryset = Mail.objects.select_related("to_user")
    filterset_class = MailFilters
    default_sort = "-created_at"
    columns = [
        Column("letter", gettext_lazy("Letter"), letter_words, cell="name", export=lambda m: m.letter),
        Column("to", gettext_lazy("To"), mail.recipient),
        Column("state", gettext_lazy("State"), cell="state", sort="state"),
        Column("created", gettext_lazy("Queued"), "created_at", cell="instant", sort="created_at"),
        Column("sent", gettext_lazy("Written"), "sent_at", cell="instant", sort="sent_at"),
        Column("attempts", gettext_lazy("Attempts"), cell="number", align="right", optional=True),
        Column("error", gettext_lazy("Error"), optional=True),
    ]
    views = [
        ("all", gettext_lazy("All"), ""),
        ("failed", gettext_lazy("Failed"), "state=failed"),
        ("queued", gettext_lazy("Queued"), "state=queued"),
    ]
    empty = {
        "icon": "mail",
        "title": gettext_lazy("No letters yet"),
        "text": gettext_lazy("Each letter to a person appears here, before and after it is sent."),
    }

    def context(self, **more: Any) -> dict[str, Any]:
        subtitle = (
            ""
            if settings.EMAIL_URL
            else _("No mail server is set: nothing leaves, everything can be read here.")
        )
        return super().context(**{"subtitle": subtitle, **more})

    def row_url(self, row: Mail) -> str:
        return f"/manage/mail/{row.pk}/"

    def view_count(self, key: str) -> int | None:
        if key != "failed":
            return None
        return Mail.objects.visible_to(self.actor).filter(state=Mail.FAILED)[:10_001].count()


class MailRecord(RecordPage):
    """One letter as it reads now. Its links work only where no mail server delivers them to their reader."""

    permission = "mail.read"
    queryset = Mail.objects.select_related("to_user")
    template_name = "core/mail.html"

    def facts(self, record: Mail) -> dict[str, Any]:
        is_live = not settings.EMAIL_URL
        subject, text = mail.text_of(record, live=is_live)
        return {
            "title": subject or letter_words(record),
            "crumbs": [CRUMB, {"label": letter_words(record)}],
            "state": record.state,
            "text": text,
            "is_live": is_live,
            "pairs": [
                {"label": _("To"), "value": mail.recipient(record)},
                {"label": _("Letter"), "value": record.letter},
                {"label": _("Attempts"), "value": record.attempts},
                *([{"label": _("Error"), "value": record.error}] if record.error else []),
            ],
            "actions": self.moves(record),
        }

    def moves(self, record: Mail) -> list[dict[str, Any]]:
        if record.state != Mail.FAILED or not self.actor.may("mail.retry"):
            return []
        url = f"/manage/mail/{record.pk}/retry/"
        return [{"label": _("Send again"), "url": url, "icon": "refresh", "primary": True}]


class RetryMail(MovePage):
    """Queue a failed letter again."""

    permission = "mail.retry"
    queryset = Mail.objects.select_related("to_user")
    form_class = BaseForm
    title = gettext_lazy("Send the letter again")
    submit_label = gettext_lazy("Send again")
    done_message = gettext_lazy("It is queued again.")

    def done_url(self, result: Any) -> str:
        return f"/manage/mail/{self.record.pk}/"

    def perform_on(self, record: Mail, data: dict[str, Any]) -> Mail:
        return mail.retry(by=self.actor, mail=record, at=self.at)
