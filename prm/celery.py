"""Celery, and the only place with schedules.

Beat only ticks, in UTC. What is due is computed from rows: a second beat, a restart or a machine that slept
changes nothing.
"""

import os

from celery import Celery

from core import broker  # noqa: F401 (makes files:// known)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")

app = Celery("prm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Daily work: (job, local time in the program's zone). Each becomes one JobRun row per day; see core/jobs.py.
DAILY = [
    ["deals.activate_rules", "00:01"],
    ["deals.expire_protections", "00:05"],
    ["deals.lapse_unanswered", "00:08"],
    ["deals.remind_of_old_accounts", "00:09"],
    ["onboarding.expire_applications", "00:10"],
    ["compliance.expire_gates", "00:15"],
    ["enablement.expire_certifications", "00:20"],
    ["leads.pass_on", "00:25"],
    ["tiers.decisions", "02:05"],
    ["tiers.recalculate", "02:10"],
    ["reviews.schedule_quarter", "03:00"],
    ["core.prune", "03:30"],
    ["files.remove_orphans", "03:40"],
    ["deals.remove_old_imports", "03:45"],
]

# Sweeps: (job, every so many seconds). Each finds due rows that a lost message left.
app.conf.beat_schedule = {
    "daily jobs": {"task": "core.tasks.tick", "schedule": 60.0, "args": [DAILY]},
    "mail": {"task": "core.tasks.send_mail", "schedule": 30.0},
    "reminders": {"task": "inbox.tasks.send_due_reminders", "schedule": 60.0},
    "protections": {"task": "deals.tasks.release_lapsed", "schedule": 300.0},
    "escalations": {"task": "deals.tasks.escalate_due", "schedule": 60.0},
    "leads": {"task": "leads.tasks.pass_on", "schedule": 300.0},
    "tier requests": {"task": "tiers.tasks.recalculate_requested", "schedule": 60.0},
    "deal imports": {"task": "deals.tasks.work_on_imports", "schedule": 60.0},
    "exports": {"task": "files.tasks.write_exports", "schedule": 60.0},
    "seal": {"task": "events.tasks.seal", "schedule": 60.0},
}
