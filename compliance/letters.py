"""Letters about gates."""

from django.conf import settings
from django.utils.translation import gettext as _

from compliance.models import GateRecord
from core.mail import Letter, letter
from core.models import Mail
from core.templatetags.ui import day as say_day

BECAUSE = "You get this because you look after your company's side of the partner program."


@letter("gate.expired")
def expired(mail: Mail) -> Letter | None:
    """A gate ran out and was not renewed since."""
    passed = _still_due(mail.ids["gate_record"])
    subject = _("%(gate)s has run out")
    return passed and _letter(passed, subject % {"gate": passed.gate})


@letter("reminder.gate")
def expiring(mail: Mail) -> Letter | None:
    """So many days before a gate runs out, unless it is renewed or revoked."""
    passed = _still_due(mail.ids["subject"])
    subject = _("%(gate)s is valid until %(day)s")
    return passed and _letter(passed, subject % {"gate": passed.gate, "day": say_day(passed.valid_until)})


def _still_due(record_id: str) -> GateRecord | None:
    passed = GateRecord.objects.select_related("gate").filter(pk=record_id, revoked_on=None).first()
    return None if passed is None or passed.is_renewed() else passed


def _letter(passed: GateRecord, subject: str) -> Letter:
    link = {"url": f"{settings.BASE_URL}/portal/gates/", "label": _("See your gates")}
    return Letter(subject=subject, context={"gate_record": passed, "link": link}, because=_(BECAUSE))
