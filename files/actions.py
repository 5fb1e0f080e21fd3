"""Adding a file to a record, and clearing away bytes that no row speaks of."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.saving import save
from events.actions import record
from files import kinds, rules
from files.models import Attachment

A_DAY = timedelta(days=1)


@transaction.atomic
def attach(
    *, by: Actor, kind: str, subject: Any, partner: Any, upload: Any, at: datetime, is_internal: bool = False
) -> Attachment:
    """Keep an uploaded file (`.name`, `.size`, `.read()`) with the record it belongs to.

    Called by actions that have asked for their own permission; `attach_alone` is for a file by itself.
    Raises ValidationError (too large, kind not taken, content that is not what the name says, too many today).
    """
    rules.require_size(upload.size)
    name, content = rules.clean_name(upload.name or ""), upload.read()
    content_type = rules.content_type_of(name, content)
    _require_allowance(by, partner, at)
    attachment = Attachment(
        kind=kind,
        subject_model=subject._meta.label_lower,
        subject_id=subject.pk,
        partner=partner,
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        path=_keep(content),
        is_internal=is_internal,
        added_by_id=by.user_id,
        created_at=at,
    )
    save(attachment)
    data = {
        "attachment": str(attachment.id),
        "kind": kind,
        "content_type": content_type,
        "size": len(content),
    }
    happened = "file.kept" if is_internal else "file.attached"
    record(happened, subject, by=by, at=at, partner=partner, data=data)
    return attachment


def attach_alone(*, by: Actor, kind: str, subject: Any, upload: Any, at: datetime) -> Attachment:
    """Add a file to a record of a declared kind. Raises PermissionDenied, ValidationError as `attach` does."""
    owner = kinds.owner(kind)
    if owner is None or not isinstance(subject, owner.model):
        raise ValidationError({"kind": _("Files cannot be added to this.")})
    by.must(owner.permission, on=subject)
    return attach(by=by, kind=kind, subject=subject, partner=owner.partner_of(subject), upload=upload, at=at)


def _require_allowance(by: Actor, partner: Any, at: datetime) -> None:
    """A partner adds at most a hundred files a day."""
    if by.is_vendor or partner is None:
        return
    if Attachment.objects.filter(partner=partner, created_at__gt=at - A_DAY).count() >= rules.MOST_A_DAY:
        raise ValidationError(
            _("At most %d files a day. Please send the rest tomorrow.") % rules.MOST_A_DAY, code="many"
        )


def _keep(content: bytes) -> str:
    """Write the bytes under a random name; the name is the row's `path`."""
    name = secrets.token_hex(24)
    return str(default_storage.save(f"{name[:2]}/{name}", ContentFile(content)))


def remove_orphans(*, at: datetime) -> int:
    """Delete files without a row (their transaction was rolled back) once they are a day old; returns how many."""
    root = Path(default_storage.path(""))
    old = [p for p in root.glob("??/*") if p.is_file() and p.stat().st_mtime < (at - A_DAY).timestamp()]
    known = set(Attachment.objects.values_list("path", flat=True))
    orphans = [p for p in old if str(p.relative_to(root)) not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
