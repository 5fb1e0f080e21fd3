"""Leads of the last year in every state: routed, accepted or not, called, registered, won; and what partners referred."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from accounts.roles import Permission
from catalog.models import Product
from core.clock import day
from core.errors import Conflict
from core.money import Money
from deals.actions import approve_deal, book_deal, link_customer, reject_deal, report_win
from deals.models import Deal
from leads import actions, rules
from leads.models import Lead, LeadOffer, Specialty
from partners.models import Organization
from prm.demo import names, plot
from prm.demo.deals import decider
from prm.demo.people import address
from prm.demo.plot import Role
from prm.demo.stage import Stage

TOTAL = 70
LANGUAGE = {
    "US": "en",
    "GB": "en",
    "CA": "en",
    "AU": "en",
    "DE": "de",
    "FR": "fr",
    "IT": "it",
    "ES": "es",
    "NL": "nl",
    "JP": "ja",
}
COUNTRIES = ["US", "US", "US", "GB", "GB", "DE", "FR", "JP", "CA", "AU"]
NEEDS = [
    "Wants to shorten waiting times in the emergency department before winter; a pilot of three months is thinkable.",
    "Asked for a demonstration of structured reporting for four readers; budget is set for the coming year.",
    "Compares three vendors for documentation by voice on the wards, about 350 beds.",
    "Two sites are to share one worklist; the present contract ends within nine months.",
    "Looks for an integration with the archive that is in use; wants to talk to a reference first.",
    "Nursing wants less typing; a working group has named its requirements and asks for an offer.",
    "Wants figures on the quality of triage at night, and somebody who trains the team on site.",
    "Plans a tender in the spring and asks what should be in it.",
]
SOURCES = [
    ("web", "Contact form"),
    ("event", "Regional congress"),
    ("campaign", "Webinar on triage"),
    ("call", ""),
    ("marketplace", ""),
]
CALLED = ["Spoke for twenty minutes; they want a demonstration next week.", "Reached the assistant, a call is set for Thursday.",
          "They asked for two references and a price range.", "Met on site; the decision lies with the board."]  # fmt: skip
REFERRING = "Cardinal Ridge Advisors"


@dataclass
class Script:
    """One lead: when it comes in, where, and what its partner does with it."""

    entered_at: datetime
    country: str
    outcome: str
    partner: Role | None = None
    customer: Organization | None = None


def plan_leads(stage: Stage, roles: list[Role], customers: dict[str, list[Organization]]) -> None:
    """Write the scripts, each with chances of its own, so that the rest of the demo stays as it is without them."""
    rng = Random(f"{stage.as_of} leads")
    stage.leads = {"rng": rng, "roles": {r.name: r for r in roles}, "customers": customers}  # type: ignore[attr-defined]
    scripts = [*_year(stage, rng), *_of_late(stage, rng), *_shown(stage)]
    stage.leads["since"] = min(script.entered_at for script in scripts)  # type: ignore[attr-defined]
    for script in scripts:
        stage.at(script.entered_at, enter, script)
    for turn, (name, back) in enumerate([(plot.SHOWN, 20), (REFERRING, 34), (REFERRING, 9), (plot.SHOWN, 1)]):
        stage.at(_at(stage, back, 10, turn), refer, name, turn)


def _at(stage: Stage, back: int, hour: int, minute: int = 0) -> datetime:
    on: date = stage.as_of - timedelta(days=back)
    return datetime.combine(on, time(hour, minute % 60), tzinfo=UTC)


def _year(stage: Stage, rng: Random) -> list[Script]:
    """What came in over the year, and how it ended."""
    outcomes = [
        "won",
        "registered",
        "registered",
        "lost",
        "lost",
        "declined",
        "lapsed",
        "returned",
        "lost",
        "no_contact",
    ]
    return [
        Script(
            _at(stage, rng.randint(16, 330), rng.randint(8, 16), turn),
            rng.choice(COUNTRIES),
            rng.choice(outcomes),
        )
        for turn in range(TOTAL)
    ]


def _of_late(stage: Stage, rng: Random) -> list[Script]:
    """What is on its way now: some of each kind that a manager sees."""
    wanted = [
        "asked",
        "asked",
        "asked",
        "accepted",
        "accepted",
        "contacted",
        "contacted",
        "pool",
        "new",
        "new",
        "nobody",
    ]
    return [
        Script(_at(stage, 1 if what in ("asked", "new", "nobody") else rng.randint(2, 4), 8 + turn % 8, turn),
               rng.choice(["US", "GB", "DE", "FR"]) if what != "pool" else "US", what)
        for turn, what in enumerate(wanted)
    ]  # fmt: skip


def _shown(stage: Stage) -> list[Script]:
    """The partner of the log-ins has something of each kind."""
    mine: Role = stage.leads["roles"][plot.SHOWN]  # type: ignore[attr-defined]
    parts = [
        ("won", 140),
        ("lost", 60),
        ("registered", 30),
        ("contacted", 8),
        ("accepted", 2),
        ("asked", 1),
        ("asked", 1),
    ]
    return [
        Script(_at(stage, back, 9 + turn, turn), "US", what, mine) for turn, (what, back) in enumerate(parts)
    ]


def enter(stage: Stage, at: datetime, script: Script) -> None:
    """Marketing enters it; the rules find the partner, or a manager chooses one."""
    marketing = _colleague(stage, "marketing")
    facts = _facts(stage, script)
    if script.outcome in ("new", "nobody"):
        facts |= (
            {"need": "", "language": ""} if script.outcome == "new" else {"country": "NO", "language": "en"}
        )
        lead = actions.enter_lead(by=marketing, at=at, **facts)
        if script.outcome == "nobody":
            actions.route_lead(by=stage.colleague("Ingrid Solberg"), lead=lead, at=at)
        return
    lead = actions.enter_lead(by=marketing, at=at, **facts)
    director = stage.colleague("Ingrid Solberg")
    if script.outcome == "pool":
        _quietly(actions.pool_lead, by=director, lead=lead, at=at)
        return
    if script.partner and script.partner.partner:
        said = {"reason": "knows_customer", "comment": "They have worked there before."}
        lead = actions.offer_lead(by=director, lead=lead, partner=script.partner.partner, at=at, **said)
    else:
        lead = actions.route_lead(by=director, lead=lead, at=at)
    if lead.state == rules.OFFERED and script.outcome not in ("asked", "lapsed"):
        stage.at(at + timedelta(hours=_rng(stage).randint(1, 30)), answer, lead, script)
    elif lead.state == rules.POOLED and script.outcome != "asked":
        stage.at(at + timedelta(hours=_rng(stage).randint(1, 30)), pull, lead, script)


def tend(stage: Stage, at: datetime) -> None:
    """What happens each day to leads that go on to another partner: most are taken; what nobody wants is closed."""
    rng, settled = _rng(stage), at - timedelta(days=5)
    if settled < stage.leads["since"]:  # type: ignore[attr-defined]
        return
    for lead in Lead.objects.awaiting_acceptance().filter(created_at__lt=settled).order_by("number"):
        if lead.offers.count() > 1 and rng.random() < 0.8:
            answer(
                stage,
                at,
                lead,
                Script(at, str(lead.country), rng.choice(["lost", "registered", "contacted", "lost"])),
            )
    for lead in Lead.objects.pooled().filter(created_at__lt=settled).order_by("number"):
        if rng.random() < 0.4:
            pull(stage, at, lead, Script(at, str(lead.country), rng.choice(["lost", "registered", "lost"])))
    for lead in (
        Lead.objects.needing_routing().filter(created_at__lt=settled, referrer=None).order_by("number")
    ):
        reason = rng.choice(["no_partner", "own_sales", "not_a_customer"])
        actions.close_lead(by=stage.colleague("Ingrid Solberg"), lead=lead, reason=reason, at=at)
    for lead in Lead.objects.filter(state=rules.CONTACTED, contacted_at__lt=at - timedelta(days=40)).order_by(
        "number"
    ):
        lose(stage, at, lead)


def _colleague(stage: Stage, role: str) -> Any:
    """The first of the vendor's people with a role."""
    return stage.colleague(next(name for name, held in names.STAFF if held == role))


def _rng(stage: Stage) -> Random:
    return stage.leads["rng"]  # type: ignore[attr-defined,no-any-return]


def _facts(stage: Stage, script: Script) -> dict[str, Any]:
    rng = _rng(stage)
    known = stage.leads["customers"][script.country]  # type: ignore[attr-defined]
    script.customer = rng.choice(known)
    customer = script.customer
    person = f"{rng.choice(names.GIVEN[script.country])} {rng.choice(names.FAMILY[script.country])}"
    source, which = rng.choice(SOURCES)
    specialties = list(Specialty.objects.order_by("position"))
    return {
        "customer_name": customer.name,
        "organization": customer,
        "country": str(customer.country),
        "city": customer.city,
        "website": customer.website,
        "contact_name": person,
        "contact_role": rng.choice(names.TITLES),
        "contact_email": address(
            person, customer.website.removeprefix("https://").removesuffix(".example") or "customer"
        ),
        "contact_phone": f"+1 555 01{rng.randint(10, 99)}" if script.country == "US" else "",
        "language": LANGUAGE[script.country],
        "specialty": rng.choice(specialties),
        "products": rng.sample(list(Product.objects.order_by("position")), k=1),
        "need": rng.choice(NEEDS),
        "amount": Money.parse(rng.randrange(40_000, 420_000, 5_000), "USD"),
        "source": source,
        "source_detail": which,
        "consent_basis": "inquiry" if source == "web" else "consent",
        "consent_on": script.entered_at.date() - timedelta(days=1),
        "consent_text": "I agree that a partner of yours contacts me about this.",
    }


def _quietly(work: Any, **given: Any) -> Any:
    """Something that the day's state may refuse."""
    try:
        return work(**given)
    except Conflict:
        return None


def _actor(stage: Stage, lead: Lead) -> Any:
    role = next(
        (r for r in stage.leads["roles"].values() if r.partner and r.partner.pk == lead.partner_id), None
    )  # type: ignore[attr-defined]
    return _worker(stage, role) if role and role.admin else None


def _worker(stage: Stage, role: Role) -> Any:
    """Who works on leads for a partner; nobody does while it is suspended."""
    actor = stage.actor_of(role.seller or role.admin, role.partner)
    return actor if actor.may(Permission.LEAD_WORK) else None


def answer(stage: Stage, at: datetime, lead: Lead, script: Script) -> None:
    lead.refresh_from_db()
    actor = _actor(stage, lead) if lead.state == rules.OFFERED else None
    if actor is None:
        return
    if script.outcome == "declined":
        reason = _rng(stage).choice(["no_capacity", "not_our_field", "too_far"])
        actions.decline_lead(by=actor, lead=lead, reason=reason, at=at)
        return
    if taken := _quietly(actions.accept_lead, by=actor, lead=lead, at=at):
        _go_on(stage, at, taken, script)


def pull(stage: Stage, at: datetime, lead: Lead, script: Script) -> None:
    """The first of those who may take it does."""
    lead.refresh_from_db()
    if lead.state != rules.POOLED or lead.pool is None:
        return
    candidates = (
        lead.pool.candidates.filter(passed=True).order_by("partner__name").values_list("partner", flat=True)
    )
    by_id = {r.partner.pk: r for r in stage.leads["roles"].values() if r.partner and r.seller}  # type: ignore[attr-defined]
    able = (_worker(stage, by_id[pk]) for pk in candidates if pk in by_id)
    actor = next((found for found in able if found), None)
    if actor is None:
        return
    if taken := _quietly(actions.accept_lead, by=actor, lead=lead, at=at):
        _go_on(stage, at, taken, script)


def _go_on(stage: Stage, at: datetime, lead: Lead, script: Script) -> None:
    if script.outcome in ("accepted", "no_contact"):
        return
    stage.at(at + timedelta(hours=_rng(stage).randint(4, 70)), call, lead, script)


def call(stage: Stage, at: datetime, lead: Lead, script: Script) -> None:
    lead.refresh_from_db()
    actor = _actor(stage, lead) if lead.state == rules.ACCEPTED else None
    if actor is None:
        return
    if script.outcome == "returned":
        actions.return_lead(by=actor, lead=lead, reason="unreachable", at=at)
        return
    way = _rng(stage).choice(["phone", "phone", "email", "meeting"])
    lead = actions.note_contact(by=actor, lead=lead, way=way, note=_rng(stage).choice(CALLED), at=at)
    if script.outcome == "lost":
        stage.at(at + timedelta(days=_rng(stage).randint(4, 20)), lose, lead)
    elif script.outcome in ("registered", "won"):
        stage.at(at + timedelta(days=_rng(stage).randint(2, 9)), convert, lead, script)


def lose(stage: Stage, at: datetime, lead: Lead) -> None:
    lead.refresh_from_db()
    if lead.state == rules.CONTACTED and (actor := _actor(stage, lead)):
        reason = _rng(stage).choice(["no_need", "no_budget", "competitor"])
        actions.lose_lead(by=actor, lead=lead, reason=reason, at=at)


def convert(stage: Stage, at: datetime, lead: Lead, script: Script) -> None:
    """It becomes a registration; what is to be won is approved and reported some weeks later."""
    lead.refresh_from_db()
    actor = _actor(stage, lead) if lead.state == rules.CONTACTED else None
    if actor is None:
        return
    facts = {"expected_close_on": at.date() + timedelta(days=90), "no_patient_data": True}
    lead = _quietly(actions.convert_lead, by=actor, lead=lead, at=at, **facts)
    if lead and (stage.as_of - at.date()).days > 4:
        stage.at(at + timedelta(days=2), approve, lead.deal, script)


def approve(stage: Stage, at: datetime, deal: Deal, script: Script) -> None:
    deal.refresh_from_db()
    if deal.state not in ("submitted", "in_review"):
        return
    desk = _colleague(stage, "deal_desk")  # it decides whatever it conflicts with
    if deal.organization_id is None and script.customer:
        deal = link_customer(by=desk, deal=deal, organization=script.customer, at=at)
    by = decider(stage, deal)
    approved = _quietly(approve_deal, by=by, deal=deal, at=at, conflicts_seen=True)
    if not approved:
        reject_deal(by=by, deal=deal, reason="already_protected", at=at)
    elif script.outcome == "won":
        stage.at(at + timedelta(days=_rng(stage).randint(20, 60)), win, approved)


def win(stage: Stage, at: datetime, deal: Deal) -> None:
    deal.refresh_from_db()
    lead = Lead.objects.filter(deal=deal).first()
    actor = _actor(stage, lead) if lead else None
    if actor is None or deal.state != "approved":
        return
    reference = f"PO {_rng(stage).randint(10_000, 99_999)}"
    deal = report_win(by=actor, deal=deal, won_on=deal.day_of(at), reference=reference, at=at)
    finance = _colleague(stage, "finance")
    if deal.partner.name not in plot.EDGES and deal.amount:
        stage.at(at + timedelta(days=3), book, finance, deal)


def book(stage: Stage, at: datetime, finance: Any, deal: Deal) -> None:
    book_deal(by=finance, deal=deal, amount=deal.amount, booked_on=day(at), at=at)


def refer(stage: Stage, at: datetime, name: str, turn: int) -> None:
    """A partner hands over a contact; the older ones were followed up since."""
    role: Role = stage.leads["roles"][name]  # type: ignore[attr-defined]
    if role.partner is None or role.admin is None:
        return
    role.partner.refresh_from_db()
    if role.partner.state != "active":
        return
    customer = _rng(stage).choice(stage.leads["customers"]["US"])  # type: ignore[attr-defined]
    person = f"{_rng(stage).choice(names.GIVEN['US'])} {_rng(stage).choice(names.FAMILY['US'])}"
    referral = actions.refer_lead(
        by=stage.actor_of(role.admin, role.partner), partner=role.partner, at=at, customer_name=customer.name,
        country="US", city=customer.city, contact_name=person, contact_role=_rng(stage).choice(names.TITLES),
        contact_email=address(person, "customer"), message="We met at their site; they asked who could help with triage.",
        consented_on=at.date() - timedelta(days=1), has_consent=True,
    )  # fmt: skip
    if turn < 3:
        stage.at(at + timedelta(hours=5), follow_up, referral.lead)


def follow_up(stage: Stage, at: datetime, lead: Lead) -> None:
    director = stage.colleague("Ingrid Solberg")
    facts = {"need": _rng(stage).choice(NEEDS), "language": "en"}
    lead = actions.change_lead(by=director, lead=lead, at=at, **facts)
    lead = actions.route_lead(by=director, lead=lead, at=at)
    if LeadOffer.objects.asked().filter(lead=lead).exists():
        stage.at(at + timedelta(hours=6), answer, lead, Script(at, "US", "contacted"))
