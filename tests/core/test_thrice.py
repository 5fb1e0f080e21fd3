"""Every daily job and every sweep finds work in a scene of its own, and run three times it leaves what it left once."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.actors import partner_actor, vendor_actor
from accounts.models import User
from compliance.actions import record_gate
from compliance.models import Gate
from core import jobs
from core.actors import ANONYMOUS, SYSTEM
from core.clock import day
from core.models import IdempotencyKey
from core.saving import save
from deals import actions as deals
from files.exports import start_export
from onboarding.actions import submit_application
from partners.models import Category, Contact, Partner
from prm.celery import DAILY, app
from tests.deals import factories as make_deal
from tests.deals.test_imports import file, line, send
from tests.enablement.factories import certify, make_reasons, make_tracks
from tests.factories import make_organization, make_vendor_user
from tests.files.test_exports import ASKED
from tests.leads import factories as make_lead
from tests.leads.conftest import make_world_of_leads
from tests.onboarding.conftest import said
from tests.tiers.decisions import asked_of
from tests.tiers.factories import make_version
from tiers import actions as tiers

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
RUNS = "tiers.TierRun"  # a row tells that a recalculation ran, not what it did


@dataclass
class Cast:
    """Who is there when a scene begins, and when that is."""

    northgate: Partner
    ada: User
    priya: User
    at: datetime


@pytest.fixture
def program(db):
    return make_world_of_leads()


@pytest.fixture
def cast(program, northgate, ada, priya, at, settings, tmp_path) -> Cast:
    settings.MEDIA_ROOT = str(tmp_path)
    return Cast(northgate, ada, priya, at)


# Scenes: each gives a job something to do, and tells when it runs ----------------------------------------------------


def rules_of_engagement_are_announced(cast: Cast) -> datetime:
    rules = deals.draft_rules(by=SYSTEM, name="Rules", sections=make_deal.CASE_RULES, at=cast.at)
    then = cast.at + 60 * DAY
    deals.announce_rules(by=SYSTEM, rules=rules, effective_on=day(then), at=cast.at)
    return then


def a_protection_ends(cast: Cast) -> datetime:
    make_deal.approved(cast.northgate, cast.at, days=90)
    return cast.at + 120 * DAY


def a_question_is_not_answered(cast: Cast) -> datetime:
    deal = make_deal.submitted(cast.northgate, cast.at)
    deals.ask_for_more(by=SYSTEM, deal=deal, question="Who decides?", fields=["contact"], at=cast.at)
    return cast.at + 40 * DAY


def an_account_is_old(cast: Cast) -> datetime:
    organization = make_organization("Larkhill", at=cast.at)
    deals.approve_direct_account(by=SYSTEM, organization=organization, reason="Key account", at=cast.at)
    return cast.at + 91 * DAY


def an_import_is_old(cast: Cast) -> datetime:
    send(cast.priya, cast.northgate, file(line("A")))
    return cast.at + 400 * DAY


def an_import_waits(cast: Cast) -> datetime:
    make_organization("Larkhill Community Hospital", public_directory=True)
    with time_machine.travel(cast.at, tick=False):
        found = send(cast.priya, cast.northgate, file(line("A")))
        deals.confirm_import(by=partner_actor(cast.priya), deal_import=found, at=cast.at)
    return cast.at


def a_registration_waits(cast: Cast) -> datetime:
    make_vendor_user("dora@vendor.example", "Dora", "director", cast.at)
    return make_deal.submitted(cast.northgate, cast.at).escalate_at


def an_address_is_not_confirmed(cast: Cast) -> datetime:
    channel = Category.objects.get(code="channel")
    submit_application(by=ANONYMOUS, categories=[channel], accepts_privacy=True, at=cast.at, **said())
    return cast.at + 30 * DAY


def a_gate_ends(cast: Cast) -> datetime:
    gate = save(Gate(code="security", name="Security", validity_months=12, evidence="Report"))
    record_gate(
        by=SYSTEM, partner=cast.northgate, gate=gate, passed_on=day(cast.at), evidence="Report", at=cast.at
    )
    return cast.at + 366 * DAY


def certified(cast: Cast, ends: date | None = None, people: int = 1) -> None:
    make_reasons()
    track = make_tracks()["sales"]
    for n in range(people):
        email = f"p{n}@northgate.example"
        contact = save(Contact(partner=cast.northgate, name=f"Dana {n}", email=email, created_at=cast.at))
        certify(contact, track, day(cast.at), expires_on=ends)


def a_certification_ends(cast: Cast) -> datetime:
    certified(cast, day(cast.at) + 100 * DAY)
    return cast.at + 101 * DAY


def a_certification_is_soon_over(cast: Cast) -> datetime:
    certified(cast, day(cast.at) + 100 * DAY)
    return cast.at + 10 * DAY


def an_offer_lapses(cast: Cast) -> datetime:
    make_lead.offered(cast.northgate, cast.at)
    return cast.at + 5 * DAY


def a_waiver_ends(cast: Cast) -> datetime:
    make_version()
    until = day(cast.at) + 9 * DAY
    need = asked_of("silver", "certified_people")
    tiers.waive_requirement(
        by=SYSTEM, partner=cast.northgate, requirement=need, reason="x", expires_on=until, at=cast.at
    )
    return cast.at + 9 * DAY


def a_tier_slips(cast: Cast) -> datetime:
    make_version()
    certified(cast, day(cast.at) + 50 * DAY)
    tiers.recalculate(by=SYSTEM, as_of=day(cast.at), at=cast.at)
    return cast.at + 50 * DAY


def a_tier_is_earned(cast: Cast) -> datetime:
    """And is at risk on the day on which what it rests on ends."""
    make_version()
    certified(cast, day(cast.at) + 50 * DAY)
    return cast.at


def a_quarter_begins(cast: Cast) -> datetime:
    """For a partner whose tier is owed reviews."""
    make_version()
    certified(cast, people=2)
    tiers.recalculate(by=SYSTEM, as_of=day(cast.at), at=cast.at)
    return cast.at + 92 * DAY


def an_answer_is_old(cast: Cast) -> datetime:
    IdempotencyKey.objects.create(scope="x", fingerprint="x", created_at=cast.at)
    return cast.at + 2 * DAY


def a_file_is_nobodys(cast: Cast) -> datetime:
    path = default_storage.save("ab/lost.txt", ContentFile(b"lost"))
    os.utime(default_storage.path(path), (cast.at.timestamp(), cast.at.timestamp()))
    return cast.at + 2 * DAY


def an_export_waits(cast: Cast) -> datetime:
    start_export(by=vendor_actor(cast.ada), at=cast.at, **ASKED)
    return cast.at


def a_letter_waits(cast: Cast) -> datetime:
    a_tier_is_earned(cast)
    tiers.recalculate(by=SYSTEM, as_of=day(cast.at), at=cast.at)
    return cast.at


def something_happened(cast: Cast) -> datetime:
    return cast.at


SCENES: dict[str, Callable[[Cast], datetime]] = {
    "deals.activate_rules": rules_of_engagement_are_announced,
    "deals.expire_protections": a_protection_ends,
    "deals.lapse_unanswered": a_question_is_not_answered,
    "deals.remind_of_old_accounts": an_account_is_old,
    "deals.remove_old_imports": an_import_is_old,
    "onboarding.expire_applications": an_address_is_not_confirmed,
    "compliance.expire_gates": a_gate_ends,
    "enablement.expire_certifications": a_certification_ends,
    "leads.pass_on": an_offer_lapses,
    "tiers.decisions": a_waiver_ends,
    "tiers.recalculate": a_tier_is_earned,
    "reviews.schedule_quarter": a_quarter_begins,
    "core.prune": an_answer_is_old,
    "files.remove_orphans": a_file_is_nobodys,
    "core.tasks.tick": a_tier_slips,
    "core.tasks.send_mail": a_letter_waits,
    "inbox.tasks.send_due_reminders": a_certification_is_soon_over,
    "deals.tasks.release_lapsed": a_protection_ends,
    "deals.tasks.escalate_due": a_registration_waits,
    "leads.tasks.pass_on": an_offer_lapses,
    "tiers.tasks.recalculate_requested": a_tier_is_earned,
    "deals.tasks.work_on_imports": an_import_waits,
    "files.tasks.write_exports": an_export_waits,
    "events.tasks.seal": something_happened,
}


app.loader.import_default_modules()  # as a worker does: no test is to rest on what another imported


def ours() -> set[str]:
    """The tasks that a worker of ours knows."""
    return {name for name in app.tasks if not name.startswith("celery.")}


def test_every_job_and_every_task_has_a_scene():
    assert set(SCENES) == set(jobs.known()) | ours()


def do(name: str, at: datetime) -> None:
    """The daily job, or the task, at an instant."""
    if name in jobs.known():
        jobs._jobs[name](day(at), at)
    else:
        app.tasks[name](*([DAILY] if name == "core.tasks.tick" else []))


def everything(media: Any) -> dict[str, Any]:
    """All rows of all tables, and all files; without what only tells that something ran."""
    rows = {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label != RUNS and model._meta.managed
    }
    return {**rows, "files": sorted(str(path) for path in media.rglob("*"))}


@pytest.mark.parametrize("name", SCENES)
def test_what_is_run_three_times_leaves_what_it_left_once(name, cast, tmp_path):
    then = SCENES[name](cast)
    before = everything(tmp_path)
    with time_machine.travel(then, tick=False):
        do(name, then)
        once = everything(tmp_path)
        for _again in range(2):
            do(name, then)
        thrice = everything(tmp_path)
    assert once != before, "the scene gave it nothing to do"
    assert {table for table in once if once[table] != thrice[table]} == set()
