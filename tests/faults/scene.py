"""The scene of the kills, made in a product of its own: one review and forty people who are reminded of it today."""

import json
import sys
from datetime import timedelta

import django
from django.conf import settings

django.setup()
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in here

from core.actors import SYSTEM  # noqa: E402
from core.clock import day, now  # noqa: E402
from inbox.actions import plan_reminders  # noqa: E402
from reviews.actions import schedule_review  # noqa: E402
from reviews.rules import Quarter  # noqa: E402
from tests import factories  # noqa: E402


def main() -> None:
    at = now()
    factories.make_program()
    people = [
        factories.make_vendor_user(f"p{n}@vendor.example", f"Person {n}", "marketing", at) for n in range(40)
    ]
    partner = factories.make_partner("Northgate Clinical Systems", at=at)
    starts_at = at + timedelta(days=1)
    review = schedule_review(by=SYSTEM, partner=partner, quarter=str(Quarter.of(day(starts_at))), starts_at=starts_at,
                             time_zone="UTC", at=at)  # fmt: skip
    plan_reminders(kind="review", subject_id=review.id, partner=partner, occasion_on=review.on, offsets=[1],
                   recipients=people, at=at, url=review.get_absolute_url())  # fmt: skip
    sys.stdout.write(json.dumps({"review": str(review.id)}))


main()
