"""Which partners' facts changed since their numbers were last looked at."""

from django.db import models

from core.models import Record
from core.scoping import INTERNAL


class Touched(Record):
    """A partner some of whose facts changed: the request to look at its tier again. Removed once that is done."""

    tenant = INTERNAL
    partner = models.OneToOneField("partners.Partner", models.CASCADE, related_name="+")
    touched_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.partner_id)
