"""The daily job of onboarding."""

from datetime import date, datetime, timedelta
from typing import Any

from catalog.querysets import setting
from core.actors import SYSTEM
from core.jobs import job
from onboarding.actions import expire_application
from onboarding.models import Application


@job("onboarding.expire_applications")
def expire_applications(day: date, at: datetime) -> dict[str, Any]:
    """Close the applications whose address nobody confirmed while the link was open."""
    before = at - timedelta(hours=setting("application.confirm_hours"))
    late = list(Application.objects.unconfirmed_since(before))
    for application in late:
        expire_application(by=SYSTEM, application=application, at=at)
    return {"expired": len(late)}
