"""The scene of the killed nights, made in a product of its own: partners that rise, slip, or are reminded today."""

from datetime import date, datetime, timedelta

import django
from django.conf import settings

django.setup()
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in here

from core.actors import SYSTEM  # noqa: E402
from core.clock import day, now  # noqa: E402
from core.jobs import quiet  # noqa: E402
from core.models import Mail  # noqa: E402
from core.saving import save  # noqa: E402
from enablement.actions import expire_certifications, record_certification  # noqa: E402
from inbox.actions import send_due_reminders  # noqa: E402
from metrics.models import Touched  # noqa: E402
from partners.models import Contact, Partner  # noqa: E402
from tests import factories  # noqa: E402
from tests.enablement.factories import make_reasons, make_tracks  # noqa: E402
from tests.tiers.factories import content, make_draft, make_version  # noqa: E402
from tiers.actions import (  # noqa: E402
    activate_due_versions,
    approve_version,
    recalculate,
    schedule_version,
    submit_version,
)
from tiers.rules import FULL  # noqa: E402

RISING, SLIPPING, IN_GRACE = 8, 8, 4
ENDS = (90, 60, 30, 7)
DAY = timedelta(days=1)


def main() -> None:
    at = now()
    long_ago, today = at - 200 * DAY, day(at)
    factories.make_program()
    make_reasons()
    sales = make_tracks()["sales"]
    make_version()

    def certified(name: str, n: int, ends: date, since: datetime = long_ago) -> None:
        partner = partner_with_admin(f"{name} {n}", since)
        contact = save(
            Contact(partner=partner, name="Dana", email=f"d@{partner.id}.example", created_at=since)
        )
        record_certification(
            by=SYSTEM, contact=contact, track=sales, passed_on=day(since), expires_on=ends, at=since
        )

    with quiet():
        for n in range(IN_GRACE):
            certified("In grace", n, today - 60 * DAY)
        for n in range(SLIPPING):
            certified("Slipping", n, today)
        for n in ENDS:
            certified("Renewing", n, today + n * DAY)
        for then in (long_ago, at - 60 * DAY):
            recalculate(by=SYSTEM, as_of=day(then), at=then, kind=FULL)
        send_due_reminders(at=at - DAY)
        expire_certifications(at=at - DAY)
        Mail.objects.update(state=Mail.KEPT)
        Touched.objects.all().delete()  # all is known by now; who slips today lies at the edge of a window
        for n in range(RISING):
            certified("Rising", n, today + 400 * DAY, since=at)
        announce(at)


def partner_with_admin(name: str, at: datetime) -> Partner:
    partner = factories.make_partner(name, at=at)
    email = f"{name.replace(' ', '.').lower()}@partner.example"
    factories.make_partner_user(email, name, partner, "partner_admin", at)
    return partner


def announce(at: datetime) -> None:
    """A version that asks for a second certified person is announced: whoever is Silver is told."""
    draft = make_draft(content(silver={"certified_people": 2}))
    submit_version(by=SYSTEM, version=draft, at=at)
    approve_version(by=SYSTEM, version=draft, at=at)
    schedule_version(by=SYSTEM, version=draft, effective_from=day(at) + 60 * DAY, at=at)
    assert not activate_due_versions(at=at)


main()
