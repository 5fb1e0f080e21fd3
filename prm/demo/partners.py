"""How a company becomes a partner and what its people learn: apply, decide, join, onboard, certify."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Invitation, User
from compliance.actions import record_gate
from compliance.models import Gate
from core import links
from core.actors import ANONYMOUS
from core.errors import Conflict
from core.models import ActionLink
from enablement.actions import record_certification, show_certificate, sign_learning_plan
from enablement.models import Track
from onboarding.actions.applications import (
    CONFIRM,
    approve_application,
    assign_application,
    confirm_application,
    score_application,
    submit_application,
)
from onboarding.actions.plans import complete_task, skip_task
from onboarding.models import Application, Criterion, OnboardingTask
from partners.actions import add_contact, limit_sellers, suspend_partner, terminate_partner
from partners.models import Category, Contact
from prm.demo import names, plot
from prm.demo.people import address, bring_colleague, join, person_name
from prm.demo.plot import Role
from prm.demo.stage import Stage

WANTS = [
    "We implement clinical systems for mid-size hospitals and are asked for triage support every month.",
    "Our customers want documentation help inside their records; we have built the integrations already.",
    "We advise hospital boards in our region and would like to introduce the products where they fit.",
    "We run a data platform for imaging centres and see a joint offer.",
]
# People with a valid certificate per track that a tier's holders have.
TEAMS = {
    "platinum": {"fundamentals": 8, "platform": 5, "integration": 3, "implementation": 3, "sales": 3},
    "gold": {"fundamentals": 5, "platform": 3, "implementation": 2, "sales": 2},
    "silver": {"fundamentals": 2, "platform": 1},
    "authorized": {"fundamentals": 1},
    "none": {},
}


FEW = 4  # people who carry Gold, and not Platinum


def apply(stage: Stage, at: datetime, role: Role) -> None:
    categories = (role.category, *plot.FURTHER.get(role.name, ()))
    application = submit(stage, at, role.name, role.country, categories, role.domain)
    stage.at(at + timedelta(hours=2), confirm, application, role)


def submit(
    stage: Stage, at: datetime, name: str, country: str, categories: Iterable[str], domain: str
) -> Application:
    contact = person_name(stage, country)
    return submit_application(
        by=ANONYMOUS,
        categories=[Category.objects.get(code=code) for code in categories],
        accepts_privacy=True,
        at=at,
        legal_name=name,
        website=f"https://www.{domain}.example",
        country=country,
        intent=stage.rng.choice(WANTS),
        contact_name=contact,
        contact_email=address(contact, domain),
        contact_title="Managing director",
    )


def confirm(stage: Stage, at: datetime, application: Application, role: Role | None) -> Application:
    link = ActionLink.objects.filter(purpose=CONFIRM, subject_id=application.pk).latest("created_at")
    confirmed = confirm_application(token=links.token(link), at=at)
    if role:
        stage.on(at.date() + timedelta(days=1), review, confirmed, role)
    return confirmed


def psm_for(stage: Stage, country: str) -> User:
    return stage.staff[stage.rng.choice(names.PSM_OF_COUNTRY[country])]


def marks(stage: Stage, low: int = 2) -> dict[str, tuple[int, str]]:
    return {c.code: (stage.rng.randint(low, c.highest), "") for c in Criterion.objects.active()}


def review(stage: Stage, at: datetime, application: Application, role: Role) -> None:
    psm = psm_for(stage, role.country)
    actor = stage.actor_of(psm)
    assign_application(by=actor, application=application, reviewer=psm, at=at)
    score_application(by=actor, application=application, marks=marks(stage), at=at + timedelta(minutes=20))
    stage.on(at.date() + timedelta(days=stage.rng.randint(1, 4)), decide, application, role, psm)


def decide(stage: Stage, at: datetime, application: Application, role: Role, psm: User) -> None:
    expert = stage.colleague("Eli Navarro")
    score_application(by=expert, application=application, marks=marks(stage), at=at - timedelta(hours=1))
    approved = approve_application(
        by=stage.actor_of(psm),
        application=application,
        psm=psm,
        categories=sorted(application.categories.all(), key=lambda one: one.code != role.category),
        at=at,
        message="Welcome. Your first call is being arranged.",
    )
    role.partner = approved.partner
    stage.on(at.date() + timedelta(days=1), first_person, role)


def first_person(stage: Stage, at: datetime, role: Role) -> None:
    role.admin = join(stage, at, Invitation.objects.get(partner=role.partner)).user
    stage.on(at.date() + timedelta(days=3), second_person, role)
    tasks = OnboardingTask.objects.filter(plan__partner=role.partner).count()
    last = role.ends == "onboarding"
    for step in range(tasks):
        when = at.date() + timedelta(days=2 + step * (4 if last else 2))
        stage.on(when, next_task, role, last)
    learn(stage, at, role)


def second_person(stage: Stage, at: datetime, role: Role) -> None:
    by = stage.actor_of(role.admin, role.partner)
    role.seller = bring_colleague(stage, at, by, role.partner, "partner_seller", role.domain) or role.admin
    if role.aim == "platinum" and role.name != plot.SHOWN:
        limit_sellers(by=by, partner=role.partner, own_only=True, at=at)
    if role.aim in ("platinum", "gold"):
        for further in ("partner_technical", "partner_marketing", "partner_finance", "partner_viewer"):
            bring_colleague(stage, at, by, role.partner, further, role.domain)


def next_task(stage: Stage, at: datetime, role: Role, may_stall: bool) -> None:
    """The next task of the plan that can be done; a partner that stays in onboarding leaves the last ones open."""
    todo = OnboardingTask.objects.filter(plan__partner=role.partner, state="todo").order_by(
        "due_on", "position"
    )
    if may_stall and todo.count() <= 5:
        return
    for task in todo:
        try:
            _tick(stage, at, role, task)
            return
        except Conflict:
            continue


def _tick(stage: Stage, at: datetime, role: Role, task: OnboardingTask) -> None:
    psm = stage.actor_of(role.partner.psm)
    if task.completed_by and stage.rng.random() < 0.4:
        skip_task(by=psm, task=task, reason="Shown by an earlier project.", at=at)
    elif task.side == "vendor":
        complete_task(by=psm, task=task, at=at)
    else:
        complete_task(by=stage.actor_of(role.admin, role.partner), task=task, at=at)


def learn(stage: Stage, at: datetime, role: Role) -> None:
    """Plan the partner's learning: people, certificates with their renewals, gates, the learning plan."""
    start = at.date() + timedelta(days=6)
    if role.aim == "none":
        return
    stage.on(start, sign_plan, role)
    holders = max(TEAMS[role.aim].values())
    for turn in range(holders + 2):
        stage.on(start + timedelta(days=turn), bring_person, role)
    for track, wanted in TEAMS[role.aim].items():
        for holder in range(wanted):
            passed = start + timedelta(days=10 + 14 * holder + stage.rng.randint(0, 20))
            if role.name in plot.UNDECIDED and holder >= FEW:
                passed = stage.as_of - timedelta(days=9 + FEW - holder)  # the team is complete only lately
            stage.on(passed, certify, role, track, holder)
    for turn, gate in enumerate(Gate.objects.order_by("position")):
        chance = {"platinum": 1, "gold": 1, "silver": 0.8}.get(role.aim, 0.4)
        if stage.rng.random() < chance:
            stage.on(start + timedelta(days=20 + 15 * turn), pass_gate, role, gate)


def bring_person(stage: Stage, at: datetime, role: Role) -> None:
    name = person_name(stage, role.country)
    email = address(name, role.domain)
    if not role.partner.contacts.current().filter(email=email).exists():
        title = stage.rng.choice(names.TITLES)
        add_contact(
            by=stage.actor_of(role.partner.psm),
            partner=role.partner,
            name=name,
            email=email,
            title=title,
            at=at,
        )


def certify(stage: Stage, at: datetime, role: Role, track: str, holder: int) -> None:
    """A person passes a track, and again before it runs out, as long as the partner is with us."""
    people = list(Contact.objects.current().filter(partner=role.partner).order_by("created_at", "pk"))
    if not people or role.partner.state == "terminated":
        return
    person = people[holder % len(people)]
    expires = _edge_expiry(stage, role, track)
    certification = record_certification(
        by=stage.actor_of(role.partner.psm), contact=person, track=Track.objects.get(code=track), passed_on=at.date(),
        score=stage.rng.randint(72, 99), evidence=f"Exam {stage.rng.randint(10_000, 99_999)}", at=at, expires_on=expires,
    )  # fmt: skip
    if person.user and track == "fundamentals" and not certification.certificate.shown_since:
        own = stage.actor_of(person.user, role.partner)
        show_certificate(by=own, certificate=certification.certificate, at=at)
    if certification.expires_on and not expires:
        stage.on(
            certification.expires_on - timedelta(days=stage.rng.randint(5, 40)), certify, role, track, holder
        )


def _edge_expiry(stage: Stage, role: Role, track: str) -> date | None:
    return (
        stage.as_of + timedelta(days=19) if role.name == plot.EXPIRING and track == "fundamentals" else None
    )


def sign_plan(stage: Stage, at: datetime, role: Role) -> None:
    person = Contact.objects.current().filter(partner=role.partner).order_by("created_at", "pk").first()
    if person and role.partner.state != "terminated":
        actor = stage.actor_of(role.partner.psm)
        sign_learning_plan(
            by=actor, partner=role.partner, signed_by=person, at=at, evidence="Signed plan on file"
        )
        stage.on(at.date() + timedelta(days=350), sign_plan, role)


def pass_gate(stage: Stage, at: datetime, role: Role, gate: Any) -> None:
    role.partner.refresh_from_db()
    if role.partner.state == "terminated":
        return
    kept = record_gate(
        by=stage.colleague("Noor Haddad"), partner=role.partner, gate=gate, passed_on=at.date(), at=at,
        evidence=f"Report {stage.rng.randint(1000, 9999)}",
    )  # fmt: skip
    if kept.valid_until and stage.rng.random() < 0.9:
        stage.on(kept.valid_until - timedelta(days=stage.rng.randint(3, 30)), pass_gate, role, gate)


def leave(stage: Stage, at: datetime, role: Role) -> None:
    """A partner is suspended or ends, for a reason."""
    role.partner.refresh_from_db()
    director = stage.colleague("Ingrid Solberg")
    if role.ends == "suspended" and role.partner.state == "active":
        suspend_partner(by=director, partner=role.partner, reason_code="compliance", at=at)
    if role.ends == "terminated":
        terminate_partner(by=director, partner=role.partner, reason_code="mutual", at=at)
    stage.forget(role.partner)
