"""Mail as rows: an action queues a letter, a task renders and sends it, at least once with a stable Message-ID."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict
from core.models import Mail, Vendor
from core.saving import lock, save

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 5
LINK = re.compile(re.escape(settings.BASE_URL) + r"/[^\s<>\"]+")


@dataclass(frozen=True)
class Letter:
    """What a letter says: subject, the words of templates/emails/<name>.txt and .html, why the reader gets it."""

    subject: str
    context: dict[str, Any] = field(default_factory=dict)
    because: str = ""


def link_to(path: str, label: Any) -> dict[str, Any]:
    """A letter's one button, for its context's `link`."""
    return {"url": f"{settings.BASE_URL}{path}", "label": label}


_letters: dict[str, Callable[[Mail], Letter | None]] = {}


def letter(name: str) -> Callable[[Callable[[Mail], Letter | None]], Callable[[Mail], Letter | None]]:
    """Declare how a letter is written from a mail's ids; None where it no longer applies (it is withdrawn)."""

    def declare(write: Callable[[Mail], Letter | None]) -> Callable[[Mail], Letter | None]:
        _letters[name] = write
        return write

    return declare


def send(
    name: str,
    *,
    at: datetime,
    to_user: Any = None,
    to_address: str = "",
    key: str = "",
    **ids: UUID | str,
) -> Mail:
    """Queue a letter, in the caller's transaction; `key` makes it once-only (an existing row is returned)."""
    if name not in _letters:
        raise LookupError(f"No letter is called {name}.")
    if key and (found := Mail.objects.filter(key=key).first()):
        return found
    kept = {k: str(v) for k, v in ids.items()}
    mail = Mail(letter=name, to_user=to_user, to_address=to_address, ids=kept, created_at=at)
    mail.key = key or str(mail.id)
    save(mail)
    transaction.on_commit(ring)
    return mail


def ring() -> None:
    """Say "look now" to a worker. A lost message costs nothing: the sweep finds the row."""
    from core.jobs import doorbell
    from core.tasks import send_mail

    doorbell(send_mail)


def render(mail: Mail) -> tuple[str, str, str] | None:
    """Subject, text and HTML of a mail as they are now; None where the letter no longer applies."""
    written = _letters[mail.letter](mail)
    if written is None:
        return None
    context = {**_around(written), "mail": mail}
    text = render_to_string(f"emails/{mail.letter}.txt", context)
    html = render_to_string(f"emails/{mail.letter}.html", context)
    return " ".join(str(written.subject).split()), text, html


def _around(written: Letter) -> dict[str, Any]:
    """What the template of a letter is told."""
    return {
        **written.context,
        "subject": written.subject,
        "because": written.because,
        "vendor": Vendor.current(),
        "base_url": settings.BASE_URL,
    }


def preview(name: str, written: Letter) -> dict[str, str]:
    """Subject, body and foot of a letter that is not sent yet, for the page on which it is decided."""
    text = render_to_string(f"emails/{name}.txt", _around(written))
    body, _line, _foot = text.partition("\n-- \n")
    return {"subject": str(written.subject), "body": body.strip(), "foot": written.because}


def text_of(mail: Mail, *, live: bool) -> tuple[str, str]:
    """Subject and text of a letter as it reads now. Without `live` its links are masked: they let one act."""
    found = render(mail)
    if found is None:
        return "", ""
    subject, text, _html = found
    return subject, text if live else LINK.sub(rf"{settings.BASE_URL}/…", text)


@transaction.atomic
def retry(*, by: Actor, mail: Mail, at: datetime) -> Mail:
    """Queue a letter again whose attempts all failed. Raises Conflict for any other."""
    by.must("mail.retry")
    mail = lock(mail)
    if mail.state != Mail.FAILED:
        raise Conflict(_("Only a letter that failed is sent again."), code="closed_move")
    transaction.on_commit(ring)
    return save(_mark_unsent(mail))


def _mark_unsent(mail: Mail) -> Mail:
    mail.state, mail.attempts, mail.error, mail.lease_until = Mail.QUEUED, 0, "", None
    return mail


def recipient(mail: Mail) -> str:
    return mail.to_user.email if mail.to_user else mail.to_address


def claim(at: datetime) -> Mail | None:
    """Take the oldest queued mail under a lease, so that two workers never send the same one."""
    with transaction.atomic():
        waiting = Mail.objects.filter(state=Mail.QUEUED).filter(Q(lease_until=None) | Q(lease_until__lt=at))
        first = waiting.order_by("created_at", "id").first()
        if first is None:
            return None
        mail = lock(first)
        if mail.state != Mail.QUEUED or (mail.lease_until and mail.lease_until >= at):
            return claim(at)
        mail.attempts += 1
        mail.lease_until = at + LEASE
        return save(mail)


def deliver(mail: Mail, *, at: datetime) -> Mail:
    """Render and send one claimed mail. Without EMAIL_URL it is kept for administrators to read."""
    parts = render(mail)
    if parts is None:
        mail.state = Mail.WITHDRAWN
    elif not settings.EMAIL_URL:
        mail.state = Mail.KEPT
    else:
        _hand_over(mail, *parts)
        mail.state = Mail.SENT
    mail.sent_at = at
    mail.lease_until = None
    return save(mail)


def fail(mail: Mail, error: Exception) -> Mail:
    """Note a failure; after the last attempt the mail stops and shows up for administrators."""
    mail.error = f"{type(error).__name__}: {error}"[:300]
    mail.state = Mail.FAILED if mail.attempts >= MOST_ATTEMPTS else Mail.QUEUED
    return save(mail)


def _hand_over(mail: Mail, subject: str, text: str, html: str) -> None:
    message = EmailMultiAlternatives(
        subject,
        text,
        to=[recipient(mail)],
        headers={"Message-ID": f"<{mail.id}@{settings.BASE_URL.partition('//')[2].split(':')[0]}>"},
    )
    message.attach_alternative(html, "text/html")
    message.send()
