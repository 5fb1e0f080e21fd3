"""Plays the whole demo: thirty months, one instant after the other."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from catalog.models import FxRate
from compliance.actions import expire_gates
from core import jobs
from core.actors import SYSTEM
from core.clock import day, months_before
from core.models import Mail
from core.remembering import remembered
from deals.actions.escalations import escalate_due
from deals.actions.lapsing import lapse_unanswered
from deals.actions.protections import release_lapsed
from deals.models import Deal
from enablement.actions import expire_certifications
from inbox.actions import send_due_reminders
from leads.actions import pass_on_overdue
from metrics.models import Touched
from onboarding.actions.applications import assign_application, reject_application, score_application
from partners.models import Organization, Partner
from prm.demo import (
    customers,
    deals,
    direct,
    leads,
    names,
    outcomes,
    partners,
    people,
    plot,
    reviews,
    spent,
    tiers,
    trees,
    versions,
)
from prm.demo.stage import MONTHS, Stage
from tiers.actions import note_risks, recalculate

# Units of the program's currency for one of another, at the start; each month moves them a little.
FIRST_RATES = {"EUR": "1.0850", "GBP": "1.2640", "JPY": "0.00672", "CAD": "0.7350", "AUD": "0.6610"}


def load(seed: int, as_of: date) -> dict[str, int]:
    """Make the demo in one transaction; the same seed and day give the same story. Returns what there is."""
    stage = Stage(seed, as_of)
    with jobs.quiet(), remembered(), people.quick_hashes(), transaction.atomic():
        publish_rates(stage)
        people.hire_staff(stage)
        known = customers.record_customers(stage)
        roles = plot.cast(stage)
        plan_partners(stage, roles)
        deals.plan_deals(stage, roles, known)
        direct.plan_direct_sales(stage, known)
        trees.plan_trees(stage, roles)
        plan_applicants(stage)
        leads.plan_leads(stage, roles, known)
        outcomes.plan_contributions(stage, roles)
        plan_routine(stage)
        stage.play()
        settle(stage)
    return {
        "partners": Partner.objects.count(),
        "deals": Deal.objects.count(),
        "customers": Organization.objects.filter(is_healthcare_provider=True).count(),
    }


def publish_rates(stage: Stage) -> None:
    """A rate a month and currency, from before the start to the last first of a month."""
    rows = []
    for currency, first in FIRST_RATES.items():
        rate = Decimal(first)
        for back in range(MONTHS + 3, -1, -1):
            on = months_before(stage.as_of.replace(day=1), back)
            rate = (rate * Decimal(1 + stage.rng.uniform(-0.012, 0.012))).quantize(Decimal("0.00000001"))
            rows.append(FxRate(currency=currency, base="USD", on=on, rate=rate, origin="Demo, monthly"))
    FxRate.objects.bulk_create(rows)


def plan_partners(stage: Stage, roles: list[plot.Role]) -> None:
    for role in roles:
        role.facts["joined_on"] = stage.as_of - timedelta(days=role.joins)
        stage.on(role.joined_on, partners.apply, role)
        if role.ends in ("suspended", "terminated"):
            stage.on(stage.day_before_end(100, 20), partners.leave, role)


def plan_applicants(stage: Stage) -> None:
    """Applications in every state: unconfirmed, received, in review, scored, refused."""
    for turn, entry in enumerate(names.APPLICANTS):
        back = [0, 1, 1, 2, 3, 4, 5, 6, 30, 60, 2, 3][turn]
        stage.on(stage.as_of - timedelta(days=back), applicant, turn, entry)


def applicant(stage: Stage, at: datetime, turn: int, entry: tuple[str, ...]) -> None:
    name, country, category, _city, domain = entry
    application = partners.submit(stage, at, name, country, [category], domain)
    if turn == 0:
        return
    partners.confirm(stage, at, application, None)
    psm = partners.psm_for(stage, country)
    if turn in (1, 2):
        return
    application.refresh_from_db()
    assign_application(by=stage.actor_of(psm), application=application, reviewer=psm, at=at)
    if turn >= 5:
        application.refresh_from_db()
        score_application(
            by=stage.actor_of(psm), application=application, marks=partners.marks(stage, 1), at=at
        )
    if turn in (8, 9):
        application.refresh_from_db()
        code = "capability" if turn == 8 else "market_not_served"
        reject_application(by=stage.actor_of(psm), application=application, reason_code=code, at=at)


def plan_routine(stage: Stage) -> None:
    """What the beat table does, on this calendar: daily sweeps, monthly tiers, quarterly reviews."""
    on = stage.start
    while on < stage.as_of:
        stage.on(on, daily)
        if on.weekday() == 0:
            stage.on(on, weekly)
        on += timedelta(days=1)


def daily(stage: Stage, at: datetime) -> None:
    release_lapsed(at=at)
    pass_on_overdue(at=at)
    escalate_due(at=at)
    lapse_unanswered(at=at)
    if stage.as_of - day(at) < timedelta(days=60):
        send_due_reminders(at=at)  # what nobody looks at any more is caught up with once
    reviews.hold_due(stage, at)
    leads.tend(stage, at)


def weekly(stage: Stage, at: datetime) -> None:
    expire_certifications(at=at)
    expire_gates(at=at)
    outcomes.ask(stage, at)
    tiers.decide_rises(stage, at)
    recalculate(by=SYSTEM, as_of=day(at), at=at)
    reviews.propose(stage, at)


def settle(stage: Stage) -> None:
    """The morning of the last day: sweeps once more, letters of the past are read, nothing is left to ring for."""
    at = stage.end
    daily(stage, at)
    weekly(stage, at)
    direct.meet_a_registration(stage)
    tiers.decide(stage, at - timedelta(hours=20))
    recalculate(by=SYSTEM, as_of=day(at), at=at)
    spent.spend(stage)
    tiers.appeal(at)
    note_risks(as_of=stage.as_of, at=at)
    versions.draft_and_announce(stage)
    Touched.objects.all().delete()
    old: Any = Mail.objects.filter(state=Mail.QUEUED, created_at__lt=at - timedelta(days=14))
    old.update(state=Mail.KEPT, sent_at=at - timedelta(days=14))
