"""The job that passes leads on: found by its row, safe to run twice, and one bad lead holds up no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import jobs
from core.actors import SYSTEM
from core.models import JobRun
from leads import actions, tasks
from leads.actions import time
from leads.models import Lead, LeadOffer
from tests.leads import factories as make

HOURS = timedelta(hours=1)


def test_the_daily_run_says_what_it_did(program, at):
    for name in ("Aspen Health", "Birch Health"):
        make.ready(name)
    actions.route_lead(by=SYSTEM, lead=make.entered(at), at=at)
    later = at + 60 * HOURS
    run = JobRun.objects.create(job="leads.pass_on", day=later.date())
    assert jobs.run(run, later).counts == {"passed_on": 1}
    assert jobs.run(run, later).attempts == 1


def test_the_sweep_passes_on_what_is_due_now(program, northgate, at):
    import time_machine

    lead = make.offered(northgate, at)
    with time_machine.travel(at + 49 * HOURS, tick=False):
        tasks.pass_on()
        tasks.pass_on()
    lead.refresh_from_db()
    assert (lead.state, LeadOffer.objects.get().state) == ("new", "lapsed")


def test_a_run_that_is_killed_halfway_is_made_up_for(program, at, monkeypatch):
    for name in ("Aspen Health", "Birch Health"):
        make.ready(name)
    for n in range(3):
        actions.route_lead(by=SYSTEM, lead=make.entered(at, customer_name=f"C{n}"), at=at)
    later, done, real = at + 48 * HOURS, [], time._pass_on_one

    def killed(pk, at):
        if done:
            raise KeyboardInterrupt
        done.append(real(pk, at))
        return True

    monkeypatch.setattr(time, "_pass_on_one", killed)
    with pytest.raises(KeyboardInterrupt):
        actions.pass_on_overdue(at=later)
    assert LeadOffer.objects.filter(state="lapsed").count() == 1
    monkeypatch.setattr(time, "_pass_on_one", real)
    assert actions.pass_on_overdue(at=later) == 2
    assert LeadOffer.objects.filter(state="lapsed").count() == 3


def test_one_lead_that_cannot_be_passed_on_holds_up_no_other(program, northgate, at):
    broken, sound = make.offered(northgate, at), make.offered(northgate, at, customer_name="Sound")
    LeadOffer.objects.filter(lead=broken).delete()
    assert actions.pass_on_overdue(at=at + 49 * HOURS) == 1
    assert Lead.objects.get(pk=sound.pk).state == "new"
    assert Lead.objects.get(pk=broken.pk).state == "offered"
