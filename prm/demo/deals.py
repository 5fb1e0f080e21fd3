"""Six hundred registrations in every state: won and booked, lost, refused, lapsed, running, waiting."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Membership, User
from catalog.models import Product
from catalog.querysets import rate_on
from core import links
from core.actors import Actor
from core.clock import day, months_before
from core.errors import Conflict
from core.models import ActionLink
from core.money import Money, exponent
from deals.actions.appeals import dismiss_appeal, file_appeal, uphold_appeal
from deals.actions.bookings import book_deal
from deals.actions.conditions import answer_condition, meet_conditions
from deals.actions.customers import add_customer, link_customer
from deals.actions.decisions import (
    approve_deal,
    ask_for_more,
    goes_to_desk,
    mark_duplicate,
    reject_deal,
    start_review,
)
from deals.actions.implementations import CONFIRM, CUSTOMER, confirm_by_customer, report_implementation
from deals.actions.imports import start_import
from deals.actions.people import name_people
from deals.actions.pipeline import report_loss, report_win, update_stage
from deals.actions.registration import register_deal, start_draft, withdraw_deal
from deals.imports.work import work_on_waiting
from deals.models import Appeal, Deal, Implementation
from deals.models import Stage as DealStage
from partners.models import Partner
from prm.demo import (
    afterwards,
    credits,
    desk,
    names,
    plot,
)
from prm.demo.people import address, person_name
from prm.demo.plot import Role
from prm.demo.stage import Stage

TOTAL = 600
# Per aim: won deals, their size in USD, products per deal.
WINS = {"platinum": (20, (1_300_000, 1_800_000), 4), "gold": (12, (310_000, 540_000), 3), "silver": (6, (140_000, 260_000), 2),
        "authorized": (1, (40_000, 140_000), 1), "none": (0, (30_000, 90_000), 1)}  # fmt: skip
# What becomes of the others, by weight.
OTHERS = {"lost": 24, "rejected": 15, "expired": 13, "withdrawn": 5, "lapsed": 2, "conditions": 1, "running": 27, "submitted": 6, "in_review": 4,
          "action_required": 3, "draft": 5, "duplicate": 2}  # fmt: skip
STAGES = ["prospect", "qualified", "technical_validation", "business_validation", "committed"]
# Deals that ended long ago have moved in fewer steps: their middle is of no interest any more.
LONG_AGO = timedelta(days=120)
# Refused on purpose, so that something is to be appealed.
REFUSED = ("refused", "appeal_waits", "appeal_upheld", "appeal_dismissed")
CONDITIONAL = ("conditions", "conditions_met")
CONDITIONS = [
    "A letter of intent is signed by the customer.",
    "The customer's IT security has seen the data sheet.",
]
QUESTIONS = [("Who is your contact at the customer, and what did they ask for?", ["what_it_did", "contact"]),
             ("Please check the expected close: the budget year ends earlier.", ["expected_close_on"])]  # fmt: skip


@dataclass
class Script:
    """One registration: whose, when, what becomes of it."""

    role: Role
    outcome: str
    registered_on: date
    usd: Decimal
    products: list[Product]
    ends_on: date | None = None
    currency: str = ""
    organization: Any = None
    deal: Deal | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def plan_deals(stage: Stage, roles: list[Role], customers: dict[str, list[Any]]) -> None:
    """Write every partner's scripts and put their first steps on the calendar."""
    stage.facts = {"customers": customers, "products": list(Product.objects.order_by("position"))}  # type: ignore[attr-defined]
    scripts = [script for role in roles for script in _wins(stage, role)]
    scripts += [script for role in roles for script in _edges(stage, role)]
    scripts += _waiting_for_finance(stage, roles)
    scripts += [script for role in roles if role.name == plot.SHOWN for script in _shown(stage, role)]
    others = [name for name, weight in OTHERS.items() for _i in range(weight)]
    willing = [r for r in roles if r.ends != "onboarding" and r.name not in plot.EDGES]
    while len(scripts) < TOTAL:
        scripts.append(_other(stage, stage.rng.choice(willing), stage.rng.choice(others)))
    for script in scripts:
        stage.on(script.registered_on, register, script)
    desk.open_the_desk(stage)
    shown = next(role for role in roles if role.name == plot.SHOWN)
    stage.on(stage.as_of - timedelta(days=1), send_file, shown)


def _waiting_for_finance(stage: Stage, roles: list[Role]) -> list[Script]:
    """Wins of the last days that nobody has booked yet, by partners to whose tier they make no difference."""
    highest = [role for role in roles if role.aim == "platinum" and role.ends == "active"][:3]
    return [
        Script(
            role, "won", stage.as_of - timedelta(days=60 + turn), Decimal(85_000 + 42_500 * turn),
            _products(stage, 1), stage.as_of - timedelta(days=2 * turn + 2), organization=_set_aside(stage, role.country),
        )
        for turn, role in enumerate(highest)
    ]  # fmt: skip


def _shown(stage: Stage, role: Role) -> list[Script]:
    """The partner of the log-ins has something of each kind that a seller works on, whatever the dice say."""
    found = [("running", 48), ("running", 9), ("action_required", 5), ("submitted", 1), ("draft", 2),
             ("conditions", 6), ("conditions_met", 20), ("refused", 8),
             ("amend_waits", 7), ("amended", 30), ("transfer_wished", 6), ("transfer_asked", 15),
             ("transfer_agreed", 18), ("transfer_done", 35), ("reopened", 50), ("appeal_waits", 12), ("appeal_upheld", 40), ("appeal_dismissed", 55)]  # fmt: skip
    small_one = Script(
        role, "running", stage.as_of - timedelta(days=16), Decimal(38_000), _products(stage, 1),
        organization=_set_aside(stage, role.country, public_directory=True),
    )  # fmt: skip
    return [small_one] + [
        Script(
            role, outcome, stage.as_of - timedelta(days=back), Decimal(64_000 + 9_500 * back), _products(stage, 2),
            organization=_set_aside(stage, role.country),
            ends_on=stage.as_of - timedelta(days=20) if outcome == "reopened" else None,
        )
        for outcome, back in found
    ]  # fmt: skip


def _set_aside(stage: Stage, country: str, **like: Any) -> Any:
    """A customer that nobody else will register; `like` says what it is to be."""
    of_country = stage.facts["customers"][country]  # type: ignore[attr-defined]
    fitting = [c for c in of_country if all(getattr(c, name) == value for name, value in like.items())]
    chosen = fitting[stage.rng.randrange(len(fitting))]
    of_country.remove(chosen)
    return chosen


def _products(stage: Stage, most: int) -> list[Product]:
    return stage.rng.sample(stage.facts["products"], k=most)  # type: ignore[attr-defined]


def _first_day(stage: Stage, role: Role) -> date:
    return role.joined_on + timedelta(days=75)


def _wins(stage: Stage, role: Role) -> list[Script]:
    if role.ends == "onboarding" or role.name in plot.EDGES:
        return []
    count, (low, high), products = WINS[role.aim]
    first = _first_day(stage, role)
    span = (stage.as_of - first).days - 20
    found = []
    for turn in range(count):
        # Two thirds of the wins lie in the last year, so that the trailing year carries the tier.
        back = (
            stage.rng.randint(12, min(340, span)) if turn % 3 else stage.rng.randint(min(340, span - 1), span)
        )
        won_on = stage.as_of - timedelta(days=back)
        registered = max(won_on - timedelta(days=stage.rng.randint(40, 84)), first)
        usd = Decimal(stage.rng.randrange(low, high, 500))
        found.append(Script(role, "won", registered, usd, _products(stage, products), won_on))
    if role.aim == "platinum":
        _to_its_own_customers(stage, role, found)
    return found


def _to_its_own_customers(stage: Stage, role: Role, scripts: list[Script]) -> None:
    """A leader's figures do not hang on who registered first: it sells to ten that are its own, and to them again."""
    own = [_set_aside(stage, role.country) for _n in range(10)]
    for turn, script in enumerate(sorted(scripts, key=lambda one: one.registered_on)):
        script.organization = own[turn % len(own)]


def _edges(stage: Stage, role: Role) -> list[Script]:
    """The partners at an edge: their bookings to the cent and to the day, in the program's currency."""
    edge = months_before(stage.as_of, 12) + timedelta(days=1)
    amounts = {
        plot.EXACTLY: [("300000.00", 120), ("200000.00", 60)],
        plot.ONE_CENT_BELOW: [("300000.00", 120), ("199999.99", 60)],
        plot.EDGE_TOMORROW: [("150000.00", (stage.as_of - edge).days), ("360000.00", 75)],
        plot.EXPIRING: [("340000.00", 150), ("260000.00", 90)],
    }.get(role.name, [])
    return [
        Script(
            role, "won", stage.as_of - timedelta(days=back + 70), Decimal(amount), _products(stage, 3),
            stage.as_of - timedelta(days=back), "USD", _set_aside(stage, role.country),
            facts={"booked_on": stage.as_of - timedelta(days=back)},
        )
        for amount, back in amounts
    ]  # fmt: skip


def _other(stage: Stage, role: Role, outcome: str) -> Script:
    recent = {
        "running": (3, 80),
        "submitted": (0, 2),
        "in_review": (1, 4),
        "action_required": (3, 10),
        "draft": (0, 12),
        "conditions": (4, 25),
    }
    least, most = recent.get(outcome, (100, 720))
    first = _first_day(stage, role)
    registered = max(stage.day_before_end(most, least), first)
    low, high = WINS[role.aim][1]
    usd = Decimal(stage.rng.randrange(low // 2, high, 500))
    ends = registered + timedelta(days=stage.rng.randint(20, 70))
    return Script(role, outcome, registered, usd, _products(stage, stage.rng.choice([1, 1, 2])), ends)


def register(stage: Stage, at: datetime, script: Script) -> None:
    """The seller registers, by the portal or through its own system."""
    role = script.role
    if role.partner is None:
        return
    role.partner.refresh_from_db()
    if role.partner.state != "active" or role.seller is None:
        return
    actor = stage.actor_of(role.seller, role.partner)
    facts = _facts(stage, at, script)
    if script.outcome == "draft":
        start_draft(by=actor, partner=role.partner, at=at, **facts)
        return
    source = stage.rng.choice(["portal", "portal", "portal", "api"])
    script.deal = register_deal(by=actor, partner=role.partner, at=at, source=source, **facts)
    if role.name == plot.SHOWN and script.outcome == "running":
        name_people(by=actor, deal=script.deal, people=_technical(role.partner), at=at)
    if script.deal.is_automatic:
        _goes_on(stage, at, script)
    elif script.outcome != "submitted":
        stage.soon(at, 1, take_up, script)


def send_file(stage: Stage, at: datetime, role: Role) -> None:
    """The seller of the log-ins sends what its own system holds; the file is checked and waits for its word."""
    close = (stage.as_of + timedelta(days=120)).isoformat()
    lines = [
        f"CRM-{4100 + n};{customer};{country};{products};{value};{close};{did};{safe}"
        for n, (customer, country, products, value, did, safe) in enumerate(names.FILE)
    ]
    header = "Reference;Account name;Country;Products;Value;Close date;Notes;No patient data"
    start_import(
        by=stage.actor_of(role.seller, role.partner), partner=role.partner, name="pipeline-export.csv",
        content="\n".join([header, *lines]).encode(), submits=True, at=at,
    )  # fmt: skip
    work_on_waiting(now=lambda: at)


def _technical(partner: Partner) -> list[User]:
    """The partner's engineer, who works on its running deals too."""
    engineers = Membership.objects.current().filter(partner=partner, role="partner_technical")
    return [membership.user for membership in engineers.select_related("user")[:1]]


def _facts(stage: Stage, at: datetime, script: Script) -> dict[str, Any]:
    role = script.role
    customer = script.organization or stage.rng.choice(stage.facts["customers"][role.country])  # type: ignore[attr-defined]
    script.organization = customer
    currency = script.currency or role.partner.currency
    close = script.ends_on or at.date() + timedelta(days=90)
    return {
        "customer_name": customer.name,
        "customer_country": str(customer.country),
        "customer_city": customer.city,
        "customer_website": customer.website,
        "organization": customer if customer.public_directory else None,
        "products": script.products,
        "amount": _amount(script.usd, currency, at.date()),
        "expected_close_on": max(close, at.date()) + timedelta(days=stage.rng.randint(0, 45)),
        "what_it_did": stage.rng.choice(names.DID),
        "no_patient_data": True,
        **names.CASES[script.registered_on.toordinal() % len(names.CASES)],
    }


def _amount(usd: Decimal, currency: str, on: date) -> Money:
    """About the same in another currency, rounded as people write it; the program's own to the cent."""
    if currency == "USD":
        return Money.parse(usd, "USD")
    value = usd / rate_on(currency, on)
    step = Decimal(1000) if exponent(currency) else Decimal(100_000)
    return Money.parse((value / step).quantize(Decimal(1)) * step, currency)


def take_up(stage: Stage, at: datetime, script: Script) -> None:
    """The PSM takes it up, says which customer it is, and decides, mostly in time."""
    deal = _fresh(script)
    if deal is None or deal.state != "submitted":
        return
    by = stage.actor_of(deal.partner.psm)
    deal = start_review(by=by, deal=deal, at=at)
    if deal.organization is None:
        if script.organization:
            link_customer(by=by, deal=deal, organization=script.organization, at=at)
        else:
            add_customer(by=by, deal=deal, at=at)
    if script.outcome == "in_review":
        return
    is_late = stage.rng.random() < 0.12
    if is_late and deal.partner.name != plot.SHOWN:  # what is shown of that partner has its day
        stage.soon(at, 2, decide, script)
    else:
        stage.at(at + timedelta(hours=1), decide, script)


def _fresh(script: Script) -> Deal | None:
    return (
        Deal.objects.select_related("partner__psm").filter(pk=script.deal.pk).first() if script.deal else None
    )


def decide(stage: Stage, at: datetime, script: Script) -> None:
    deal = _fresh(script)
    if deal is None or deal.state != "in_review":
        return
    by = decider(stage, deal)
    if script.outcome in ("action_required", "lapsed"):
        question, fields = stage.rng.choice(QUESTIONS)
        ask_for_more(by=by, deal=deal, question=question, fields=fields, at=at)
    elif script.outcome == "rejected":
        reject_deal(
            by=by, deal=deal, reason=stage.rng.choice(["incomplete", "out_of_scope"]), at=at, comment=""
        )
    elif script.outcome in REFUSED:
        comment = "The budget for this year is spent; please register it again in spring."
        reject_deal(by=by, deal=deal, reason="out_of_scope", at=at, comment=comment)
        _plan_appeal(stage, at, script)
    elif script.outcome == "duplicate" and (first := _earlier(deal)):
        mark_duplicate(by=by, deal=deal, duplicate_of=first, at=at)
    elif script.outcome in CONDITIONAL:
        _approve_with_conditions(by, stage, at, script, deal)
    else:
        _approve(by, stage, at, script, deal)


def _plan_appeal(stage: Stage, at: datetime, script: Script) -> None:
    """The seller appeals the next day; who waits has appealed in the last hours before the end."""
    if script.outcome == "appeal_waits":
        stage.at(stage.end - timedelta(hours=20), appeal, script)
    elif script.outcome != "refused":
        stage.at(at + timedelta(days=1), appeal, script)


def appeal(stage: Stage, at: datetime, script: Script) -> None:
    """The refusal is appealed; the deal desk answers three days later."""
    deal = _fresh(script)
    if deal is None or deal.state != "rejected" or deal.partner.state != "active":
        return
    grounds = "The board has released the budget of this year; the letter came on Monday. We met the CIO about it twice."
    filed = file_appeal(by=_seller(stage, deal, script), deal=deal, grounds=grounds, at=at)
    if script.outcome != "appeal_waits":
        stage.at(at + timedelta(days=3), answer_appeal, script, filed)


def answer_appeal(stage: Stage, at: datetime, script: Script, filed: Appeal) -> None:
    desk, director = stage.colleague("Dirk Boone"), stage.colleague("Ingrid Solberg")
    by = director if filed.deal.decided_by_id == desk.user_id else desk
    if script.outcome == "appeal_upheld":
        uphold_appeal(by=by, appeal=filed, answer="The letter settles it. Good luck.", approve=True, at=at)
    else:
        answer = (
            "The letter is about another year's budget. Please register the deal again once it is released."
        )
        dismiss_appeal(by=by, appeal=filed, answer=answer, note="Checked with the customer's buyer.", at=at)


def _approve_with_conditions(by: Actor, stage: Stage, at: datetime, script: Script, deal: Deal) -> None:
    """The seller answers the first condition within days; where all are met, the PSM ticks them off."""
    until = deal.day_of(at) + timedelta(days=30)
    try:
        approve_deal(
            by=by, deal=deal, at=at, conditions=CONDITIONS, conditions_until=until, conflicts_seen=True
        )
    except Conflict:
        reject_deal(by=by, deal=deal, reason="already_protected", at=at)
        return
    stage.at(at + timedelta(days=2), answer_conditions, script)


def answer_conditions(stage: Stage, at: datetime, script: Script) -> None:
    deal = _fresh(script)
    if deal is None or deal.state != "conditionally_approved" or deal.partner.state != "active":
        return
    told = list(deal.conditions.standing())
    for condition in told if script.outcome == "conditions_met" else told[:1]:
        answer = "Signed by the CFO on Tuesday; the scan is with our partner manager."
        answer_condition(by=_seller(stage, deal, script), condition=condition, answer=answer, at=at)
    if script.outcome == "conditions_met":
        meet_conditions(by=stage.actor_of(deal.partner.psm), deal=deal, at=at + timedelta(hours=3))


def _earlier(deal: Deal) -> Deal | None:
    return (
        Deal.objects.filter(partner=deal.partner, created_at__lt=deal.created_at)
        .exclude(state="draft")
        .first()
    )


def decider(stage: Stage, deal: Deal) -> Any:
    """The partner's manager; between partners of two managers the deal desk."""
    return stage.colleague("Dirk Boone") if goes_to_desk(deal) else stage.actor_of(deal.partner.psm)


def _approve(by: Actor, stage: Stage, at: datetime, script: Script, deal: Deal) -> None:
    try:
        approve_deal(by=by, deal=deal, at=at, conflicts_seen=True)
    except Conflict:
        reject_deal(by=by, deal=deal, reason="already_protected", at=at)
        return
    _goes_on(stage, at, script)


def _goes_on(stage: Stage, at: datetime, script: Script) -> None:
    """What the seller makes of an approved deal: stage by stage to its end."""
    afterwards.plan(stage, at, script)
    last = script.ends_on or at.date() + timedelta(days=40)
    reached = STAGES if script.outcome == "won" else STAGES[: stage.rng.randint(2, 4)]
    if stage.as_of - at.date() > LONG_AGO:
        reached = [reached[0], reached[-1]]
    for turn, code in enumerate(reached[1:], start=1):
        span = max((min(last, stage.as_of) - at.date()).days, 1)
        stage.on(at.date() + timedelta(days=span * turn // (len(reached) + 1) + 1), step, script, code)
    ending = {"won": win, "lost": lose, "withdrawn": withdraw, "reopened": lose}.get(script.outcome)
    if ending:
        stage.on(max(last, at.date() + timedelta(days=1)), ending, script)


def _seller(stage: Stage, deal: Deal, script: Script) -> Any:
    return stage.actor_of(script.role.seller, deal.partner)


def step(stage: Stage, at: datetime, script: Script, code: str) -> None:
    deal = _fresh(script)
    if deal and deal.state == "approved" and deal.partner.state == "active":
        found = DealStage.objects.get(code=code)
        by, later = _seller(stage, deal, script), _put_off(deal, at)
        update_stage(by=by, deal=deal, stage=found, at=at, expected_close_on=later)


def _put_off(deal: Deal, at: datetime) -> date | None:
    """One deal in four is expected to close later with each step."""
    if int(deal.number.partition("-")[2]) % 4 or deal.expected_close_on is None:
        return None
    return max(deal.expected_close_on, day(at)) + timedelta(days=21)


def win(stage: Stage, at: datetime, script: Script) -> None:
    deal = _fresh(script)
    if deal is None or deal.state != "approved" or deal.partner.state != "active":
        return
    reference = f"PO {stage.rng.randint(100_000, 999_999)}"
    report_win(by=_seller(stage, deal, script), deal=deal, won_on=day(at), at=at, reference=reference)
    exact = "booked_on" in script.facts
    later = timedelta(hours=1) if exact else timedelta(days=stage.rng.randint(1, 5))
    if exact or (stage.as_of - at.date()).days > 8:
        stage.at(at + later, book, script)
    for turn, product in enumerate(script.products):
        gone_live = timedelta(days=20 + 9 * turn + (0 if exact else stage.rng.randint(0, 25)))
        stage.on(at.date() + gone_live, go_live, script, product)


def book(stage: Stage, at: datetime, script: Script) -> None:
    deal = _fresh(script)
    if deal and deal.state == "won" and deal.amount:
        on = script.facts.get("booked_on", day(at))
        credits.share(stage, at, deal)
        book_deal(
            by=stage.colleague("Finn Aalto"),
            deal=deal,
            amount=deal.amount,
            booked_on=on,
            at=at,
            reference=deal.number,
        )
        if script.role.name == plot.SHOWN and stage.corrected is None:
            stage.corrected = deal.pk
            stage.on(day(at) + timedelta(days=21), correct_credit, script)


def correct_credit(stage: Stage, at: datetime, script: Script) -> None:
    deal = _fresh(script)
    if deal and deal.state == "won":
        credits.correct(stage, at, deal)


def go_live(stage: Stage, at: datetime, script: Script, product: Product) -> None:
    """The customer uses it, and its named person confirms within days; one in twelve has not answered yet."""
    deal = _fresh(script)
    if deal is None or deal.state != "won" or deal.partner.state != "active":
        return
    name = person_name(stage, script.role.country)
    made = report_implementation(
        by=_seller(stage, deal, script), deal=deal, product=product, went_live_on=day(at), at=at,
        contact_name=name, contact_email=address(name, f"customer-{deal.number.casefold()}"),
    )  # fmt: skip
    answers = "booked_on" in script.facts or stage.rng.random() < 0.96
    if answers or (stage.as_of - at.date()).days > 30:
        stage.at(at + timedelta(hours=stage.rng.randint(3, 60)), confirm_live, made)


def confirm_live(stage: Stage, at: datetime, made: Implementation) -> None:
    link = ActionLink.objects.filter(purpose=CONFIRM, subject_id=made.pk).latest("created_at")
    links.find(links.token(link), CONFIRM, at=at)
    confirm_by_customer(by=CUSTOMER, link=link, implementation=made, at=at)


def lose(stage: Stage, at: datetime, script: Script) -> None:
    deal = _fresh(script)
    if deal and deal.state == "approved" and deal.partner.state == "active":
        reason = stage.rng.choice(["price", "competitor", "price"])
        report_loss(by=_seller(stage, deal, script), deal=deal, reason=reason, at=at)
        if script.outcome == "reopened":
            stage.at(at + timedelta(days=6), afterwards.reopen, script)


def withdraw(stage: Stage, at: datetime, script: Script) -> None:
    deal = _fresh(script)
    if deal and deal.state == "approved" and deal.partner.state == "active":
        withdraw_deal(by=_seller(stage, deal, script), deal=deal, reason="no_opportunity", at=at)
