"""Protections end by themselves: daily and by a sweep, once, whoever runs it how often."""

from __future__ import annotations

from datetime import timedelta

from core import jobs
from core.actors import SYSTEM
from core.clock import now
from core.models import JobRun
from deals import actions, tasks
from deals.models import Deal, Protection
from events.models import Event
from inbox.models import Reminder
from partners.actions import suspend_partner
from partners.models import Partner
from tests.deals import factories as make


def test_the_daily_job_ends_what_has_lapsed(northgate, at):
    deal = make.approved(northgate, at)
    run = JobRun.objects.create(job="deals.expire_protections", day=deal.ends_at.date())
    jobs.run(run, deal.ends_at)
    run.refresh_from_db()
    assert run.counts == {"expired": 1}
    assert Deal.objects.get(pk=deal.pk).state == "expired"


def test_the_sweep_ends_a_protection_once(northgate):
    deal = make.approved(northgate, now() - timedelta(days=100), expected_close_on=now().date())
    tasks.release_lapsed()
    tasks.release_lapsed()
    assert Deal.objects.get(pk=deal.pk).state == "expired"
    assert Event.objects.about(deal).filter(type="deal.expired").count() == 1


def test_the_end_of_a_protection_is_reminded_until_the_deal_is_won(northgate, priya, at):
    deal = make.approved(northgate, at)
    planned = Reminder.objects.filter(subject_id=deal.pk, state="planned")
    assert sorted(planned.values_list("offset_days", flat=True)) == [1, 7, 14, 30]
    actions.report_win(by=SYSTEM, deal=deal, won_on=deal.day_of(at), reference="PO", at=at)
    assert not planned.exists()


def test_protections_of_a_suspended_partner_run_on(northgate, at):
    make.approved(northgate, at)
    suspend_partner(by=SYSTEM, partner=Partner.objects.get(pk=northgate.pk), reason_code="payment", at=at)
    assert Protection.objects.running().count() == 1
