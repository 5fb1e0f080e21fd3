"""What the public page and endpoint of certificates share: the limit, and one answer for all that is not shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from core import clock
from core.limits import TooMany, address_of, allowed
from enablement.models import Certificate

MOST = 30
SECONDS = 600


def verified(request: HttpRequest, code: str, at: datetime) -> dict[str, Any]:
    """What may be seen under a code. Raises Http404 where nothing is shown, TooMany for one place that asks often."""
    if not allowed("verify", address_of(request), most=MOST, seconds=SECONDS, at=at):
        raise TooMany(_("Too many codes were asked for from here. Please try again in ten minutes."))
    certificate = Certificate.objects.under(code)
    if certificate is None:
        raise Http404
    row = certificate.latest
    return {
        "state": certificate.state(clock.day(at)),
        "name": row.contact.name,
        "track": row.track.name,
        "level": row.track.get_level_display(),
        "passed_on": row.passed_on,
        "expires_on": row.expires_on,
        "revoked_on": row.revoked_on,
        "code": certificate.grouped_code,
    }
