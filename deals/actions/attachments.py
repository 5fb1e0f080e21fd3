"""Files of a registration: an offer, minutes, a letter of the customer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.saving import lock
from deals.models import Deal
from files.actions import attach
from files.models import Attachment

MOST_ON_A_DEAL = 20


@transaction.atomic
def attach_documents(*, by: Actor, deal: Deal, documents: Iterable[Any], at: datetime) -> Deal:
    """Keep files with a registration, a draft too, whatever its state.

    Raises ValidationError (a kind that is not taken, too large, more than a registration or a day holds).
    """
    by.must(Permission.DEAL_EDIT, on=deal)
    deal, documents = lock(deal), list(documents)
    if documents and Attachment.objects.of(deal).count() + len(documents) > MOST_ON_A_DEAL:
        words = _("A registration holds at most %(n)s files.") % {"n": MOST_ON_A_DEAL}
        raise ValidationError({"documents": words})
    for upload in documents:
        try:
            attach(by=by, kind="deal", subject=deal, partner=deal.partner, upload=upload, at=at)
        except ValidationError as error:
            named = [f"{upload.name}: {message}" for message in error.messages]
            raise ValidationError({"documents": named}) from error
    return deal
