"""A whole world with two partners that must never meet: Northgate (A) and Albion (B), and everybody around them.

All of it is made by the product's actions. Every text that a row of B can hold contains CANARY, so that one glance at
an answer for A tells whether anything of B is in it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import actions as accounts
from accounts.actors import partner_actor, vendor_actor
from accounts.models import Membership, User
from catalog.actions import add_rate, assign_region
from catalog.models import FxRate, Market, Product
from compliance.actions import record_gate
from compliance.models import Gate
from core import clock, links
from core.actors import ANONYMOUS, SYSTEM
from core.models import ActionLink, SavedView
from core.money import Money
from core.saving import save
from core.scoping import ByPartner, tenant_of
from deals import actions as deals
from deals.credit import (
    FULFILLED,
    SOURCED,
    Share,
)
from deals.models import (
    ConflictRules,
    Deal,
    DealCredit,
    EngagementRules,
    SegmentPolicy,
)
from enablement.actions import record_certification, sign_learning_plan
from enablement.models import Track
from events.models import Event
from events.types import visible_names
from files.actions import attach
from files.models import Export
from home.actions import snooze
from inbox.actions import notify, plan_reminders
from inbox.models import Reminder
from leads import actions as leads
from leads.models import Specialty
from onboarding import actions as onboarding
from onboarding.actions.applications import CONFIRM
from onboarding.models import Application, OnboardingPlan, OnboardingTask
from outcomes import actions as outcomes
from partners import actions as partners
from partners.models import Category, Contact, Organization, Partner
from prm.program import load_program
from reviews import actions as reviews
from reviews.rules import Quarter
from tiers import actions as tier_actions
from tiers.actions import (
    award_tier,
    decide_margin,
    recalculate,
    record_benefit_use,
    record_investment,
    start_grace,
)
from tiers.actions.proposals import propose
from tiers.models import Announcement, Evaluation, Override, ProgramVersion, Tier, TierRun

CANARY = "CANARY-B"
VENDORS_CANARY = (
    "CANARY-OF-THE-VENDOR"  # in applications, which all of the vendor's people read and no partner
)
CUSTOMERS_CANARY = (
    "CANARY-OF-A-CUSTOMER"  # in customers that the vendor's people link to and no other partner knows
)
SECRET_WORD = "zyxquill"  # stands in B's names, so that A can search for it without typing the canary
PASSWORD = "correct-horse-battery"
PROGRAM = Path(__file__).parents[2] / "programs" / "healthcare-ai.yaml"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer\n<<>>\n%%EOF\n"
ROLES_AT_PARTNER = ("admin", "seller", "technical", "marketing", "finance", "viewer")
HIDDEN_CUSTOMER = "Quarrybank General Hospital"
PUBLIC_CUSTOMER = "Larkhill Public Hospital"


@dataclass
class World:
    """Who and what there is. `objects[kind][owner]` are ids; an owner is a partner's letter, "vendor", "shared"."""

    at: datetime
    partners: dict[str, Partner] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    objects: dict[str, dict[str, list[UUID]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    rows: dict[str, Any] = field(default_factory=dict)
    ids_of_b: frozenset[str] = frozenset()
    told_of_b: frozenset[str] = (
        frozenset()
    )  # what the vendor's other people may read: customers, parts in deals

    def put(self, kind: str, owner: str, row: Any, name: str = "") -> Any:
        self.objects[kind][owner].append(row.pk)
        if name:
            self.rows[name] = row
        return row

    def of(self, kind: str, owner: str) -> list[UUID]:
        return self.objects.get(kind, {}).get(owner, [])


def build() -> World:
    """The world, in the open transaction of whoever asks for it."""
    world = World(at=clock.now())
    load_program(by=SYSTEM, path=PROGRAM, at=world.at - timedelta(days=800), activate=True)
    publish_rates(world)
    hire_vendor_people(world)
    record_customers(world)
    markets = list(Market.objects.order_by("code")[:2])
    world.put(
        "region", "vendor", assign_region(by=SYSTEM, user=world.people["otto"], markets=markets, at=world.at)
    )
    draft_rules_of_engagement(world)
    for letter, name, country, psm in (
        ("A", "Northgate Clinical Systems", "US", "maya"),
        ("B", f"Albion {SECRET_WORD} {CANARY} Health", "GB", "tomas"),
        ("C", "Carrow Imaging", "GB", "maya"),
        ("D", "Dunmore Devices", "US", "maya"),
        ("U", "Umber Analytics", "US", None),
    ):
        join(world, letter, name, country, psm)
    for letter in ("A", "B"):
        live(world, letter)
    free_leads(world)
    share(world)
    collide(world)
    contest(world)
    make_keys(world)
    leave(world)
    apply(world)
    note_reference_data(world)
    change_the_program(world)
    world.ids_of_b = frozenset(str(pk) for pk in ids_of(world.partners["B"]))
    customers = Organization.objects.filter(pk__in=world.of("organization", "B"))
    parts = DealCredit.objects.filter(partner=world.partners["B"]).exclude(deal__partner=world.partners["B"])
    world.told_of_b = frozenset(
        str(pk) for told in (customers, parts) for pk in told.values_list("pk", flat=True)
    )
    return world


def text_of(letter: str, words: str) -> str:
    """Words that a row holds; B's carry the canary."""
    return f"{words} {SECRET_WORD} {CANARY}" if letter == "B" else words


def of_customer(letter: str, name: str) -> str:
    return f"{name} {SECRET_WORD} {CUSTOMERS_CANARY}" if letter == "B" else name


# The vendor -----------------------------------------------------------------------------------------------------


def publish_rates(world: World) -> None:
    for currency, rate in {"EUR": "1.08", "GBP": "1.27", "JPY": "0.0067"}.items():
        for days in (420, 90, 60, 30, 10, 3):
            on = clock.day(world.at) - timedelta(days=days)
            add_rate(by=SYSTEM, currency=currency, on=on, rate=Decimal(rate), origin="world", at=world.at)


def draft_rules_of_engagement(world: World) -> None:
    """The version that the program brought is everybody's; a draft is the vendor's."""
    in_force = EngagementRules.objects.in_force()
    world.put("rules", "shared", in_force, "rules")
    draft = deals.draft_rules(
        by=SYSTEM, name=f"Rules {VENDORS_CANARY}", sections=in_force.rules, changes="More.", at=world.at
    )
    world.put("rules", "vendor", draft)
    world.put("rules_draft", "vendor", draft, "rules_draft")


VENDOR_PEOPLE = {
    "ada": "administrator", "dora": "director", "maya": "psm", "tomas": "psm", "otto": "psm", "dirk": "deal_desk",
    "cora": "compliance", "finn": "finance", "mark": "marketing", "tess": "technical", "vera": "auditor",
}  # fmt: skip


def kept_export(user: Any, address: str, partner: Any = None, title: str = "Deals") -> Export:
    """A written export, with its file."""
    export = Export(
        user=user, partner=partner, title=title, address=address, kind="csv", state="done", rows=1, of=1
    )
    save(export)
    default_storage.save(export.path, ContentFile(title.encode()))
    return export


def hire_vendor_people(world: World) -> None:
    at = world.at - timedelta(days=700)
    for name, role in VENDOR_PEOPLE.items():
        user = add_person(world, name, f"{name}@vendor.example", name.capitalize(), at)
        membership = accounts.start_membership(by=SYSTEM, user=user, partner=None, role=role, at=at)
        world.put("vendor_membership", "vendor", membership)
        world.put("membership", "vendor", membership)
        world.put("user", "vendor", user)
        world.put("colleague", "vendor", user)
        view = save(SavedView(user=user, page="deals", name="Mine", query="is_open=true"))
        world.put("saved_view", f"user:{name}", view)
        world.put("export", f"user:{name}", kept_export(user, "/manage/deals/"))
    invitation = accounts.invite(
        by=SYSTEM, partner=None, email="new@vendor.example", name="New", role="finance", at=world.at
    )
    world.put("vendor_invitation", "vendor", invitation)
    world.put("invitation", "vendor", invitation)


def add_person(world: World, key: str, email: str, name: str, at: datetime) -> User:
    user = accounts.add_user(by=SYSTEM, email=email, name=name, password=PASSWORD, at=at)
    world.people[key] = user
    return user


def record_customers(world: World) -> None:
    """Customers that no partner knows of, and one of the public directory."""
    at = world.at - timedelta(days=600)
    facts = {"country": "US", "is_healthcare_provider": True, "by": SYSTEM, "at": at, "origin": "world"}
    hidden = partners.add_organization(
        name=HIDDEN_CUSTOMER, website="https://www.quarrybank.example", **facts
    )
    public = partners.add_organization(name=PUBLIC_CUSTOMER, public_directory=True, **facts)
    world.put("organization", "hidden", hidden, "hidden")
    world.put("organization", "shared", public, "public")
    record_direct_sales(world, at)
    know_by_more(world, hidden, at)


def record_direct_sales(world: World, at: datetime) -> None:
    """What direct sales hold on a customer that no partner knows, and who serves whom."""
    customer = partners.add_organization(
        by=SYSTEM, at=at, origin="world", name=f"Larchmere {HIDDEN_CUSTOMER}", country="US"
    )
    facts = {"by": SYSTEM, "organization": customer, "at": at}
    opportunity = deals.record_opportunity(
        title=f"Imaging for {HIDDEN_CUSTOMER}", owner="Dora Hale", first_activity_on=at.date(), **facts
    )
    world.put("opportunity", "hidden", opportunity, "opportunity")
    world.put(
        "direct_account", "hidden", deals.approve_direct_account(reason="Key account", **facts), "direct"
    )
    world.put("blocked_account", "hidden", deals.block_account(reason="Sanctions", **facts), "blocked")
    world.put("policy", "shared", SegmentPolicy.objects.first())
    world.put("conflict_rules", "shared", ConflictRules.objects.first())


def know_by_more(world: World, hidden: Organization, at: datetime) -> None:
    """What else a customer is known by, where it stood, and what it was merged with: the vendor's alone."""
    twin = partners.add_organization(
        by=SYSTEM, at=at, origin="world", name=f"Quarrybank Clinics {CUSTOMERS_CANARY}"
    )
    partners.add_name(by=SYSTEM, organization=hidden, name=f"Old Quarry {CUSTOMERS_CANARY}", at=at)
    partners.add_identifier(by=SYSTEM, organization=hidden, scheme="ods", value="QB1", at=at)
    merged = partners.merge_organizations(by=SYSTEM, organization=twin, into=hidden, at=at, reason="Twins")
    world.put("restructuring", "vendor", merged, "merge")
    for kind, rows in {
        "name": hidden.other_names,
        "domain": hidden.domains,
        "identifier": hidden.identifiers,
    }.items():
        for row in rows.order_by("pk"):
            world.put(f"organization_{kind}", "vendor", row, f"organization_{kind}")


# Partners -------------------------------------------------------------------------------------------------------


def join(world: World, letter: str, name: str, country: str, psm: str | None) -> Partner:
    at = world.at - timedelta(days=500)
    domain = f"{name.split()[0].lower()}.example"
    organization = partners.add_organization(
        by=SYSTEM, at=at, origin="world", name=name, legal_name=f"{name} Ltd", country=country,
        city=text_of(letter, "Portsea"), website=f"https://www.{domain}",
    )  # fmt: skip
    category = Category.objects.active().filter(parent=None).order_by("code").first()
    partner = partners.add_partner(
        by=SYSTEM, organization=organization, categories=[category], at=at,
        psm=world.people[psm] if psm else None,
    )  # fmt: skip
    partner = partners.activate_partner(by=SYSTEM, partner=partner, because="manager", at=at)
    world.partners[letter] = partner
    world.put("partner", letter, partner)
    world.put("organization", letter, organization)
    for role in ROLES_AT_PARTNER if letter in "AB" else ("admin",):
        key = f"{letter}_{role}"
        user = add_person(world, key, f"{role}@{domain}", text_of(letter, f"{role.capitalize()} Person"), at)
        membership = accounts.start_membership(
            by=SYSTEM, user=user, partner=partner, role=f"partner_{role}", at=at
        )
        world.put("membership", letter, membership)
        world.put("user", letter, user)
    for contact in Contact.objects.filter(partner=partner):
        world.put("contact", letter, contact)
    return partner


def live(world: World, letter: str) -> None:
    """Everything that a partner can have."""
    world.rows[letter] = {}
    people(world, letter)
    plan = onboard(world, letter)
    register(world, letter)
    certify(world, letter)
    come_out(world, letter)
    lead(world, letter)
    review(world, letter)
    rise(world, letter)
    decide_tiers(world, letter)
    tell(world, letter, plan)


def people(world: World, letter: str) -> None:
    at, partner = world.at - timedelta(days=300), world.partners[letter]
    contact = partners.add_contact(
        by=SYSTEM, partner=partner, name=text_of(letter, "Dana Whitfield"), title=text_of(letter, "Engineer"),
        email=f"dana{letter.lower()}@contact.example", phone=text_of(letter, "+1 555"), at=at,
    )  # fmt: skip
    world.put("contact", letter, contact, f"contact_{letter}")
    invitation = accounts.invite(
        by=SYSTEM, partner=partner, email=f"{letter.lower()}.new@contact.example",
        name=text_of(letter, "Newcomer"), role="partner_viewer", at=world.at,
    )  # fmt: skip
    world.put("invitation", letter, invitation)
    for role in ROLES_AT_PARTNER:
        user = world.people[f"{letter}_{role}"]
        view = save(SavedView(user=user, page="deals", name=text_of(letter, "Ours"), query="is_open=true"))
        world.put("saved_view", f"user:{letter}_{role}", view)
        export = kept_export(user, "/portal/deals/", partner, text_of(letter, "Deals"))
        world.put("export", f"user:{letter}_{role}", export)


def onboard(world: World, letter: str) -> OnboardingPlan:
    at = world.at - timedelta(days=40)
    plan = onboarding.start_plan(by=SYSTEM, partner=world.partners[letter], at=at)
    world.put("onboarding_plan", letter, plan)
    for side in ("partner", "vendor"):
        task = onboarding.add_task(
            by=SYSTEM, plan=plan, title=text_of(letter, f"Task of {side}"), stage="launch", side=side,
            due_on=clock.day(world.at) + timedelta(days=3), at=at,
        )  # fmt: skip
        world.put("onboarding_task", letter, task, f"task_{letter}_{side}")
        world.put(f"{side}_task", letter, task)
    first = OnboardingTask.objects.filter(plan=plan, side="partner", depends_on=None).first()
    done = onboarding.complete_task(by=SYSTEM, task=first, at=at, note=text_of(letter, "Done by phone"))
    world.put("onboarding_task", letter, done)
    world.put("partner_task", letter, done)
    return plan


def facts(letter: str, customer: str, at: datetime, **more: Any) -> dict[str, Any]:
    return {
        "customer_name": text_of(letter, customer),
        "customer_country": "US",
        "customer_city": text_of(letter, "Brannoc Falls"),
        "customer_website": f"https://{letter.lower()}{abs(hash(customer)) % 10**8}.customer.example",
        "products": [Product.objects.get(code="triage")],
        "amount": Money(42_000_000, "USD"),
        "expected_close_on": clock.day(at) + timedelta(days=120),
        "what_it_did": text_of(letter, "Two calls."),
        "no_patient_data": True,
        "external_ref": text_of(letter, f"ref {customer}"),
        "contact": text_of(letter, "Helen Marsh"),
        "scope_reason": text_of(letter, "One budget"),
        "competitor": text_of(letter, "Someone"),
        "incumbent": text_of(letter, "A system of old"),
        "champion": text_of(letter, "Dr Voss"),
        "need": text_of(letter, "Triage"),
        "use_case": text_of(letter, "Emergency"),
        "clinical_specialty": text_of(letter, "Radiology"),
        "facilities": text_of(letter, "East wing"),
        "service_lines": text_of(letter, "Imaging"),
        "procurement_reference": text_of(letter, "Tender"),
        **more,
    }


def register(world: World, letter: str) -> None:
    """A registration in every state, with protections, bookings and go-lives."""
    partner, at = world.partners[letter], world.at - timedelta(days=20)
    by = partner_actor(world.people[f"{letter}_seller"])
    draft = deals.start_draft(by=by, partner=partner, at=at, **facts(letter, "Draftwell", at))
    submitted = deals.register_deal(by=by, partner=partner, at=at, **facts(letter, "Submitwell", at))
    asked = deals.register_deal(by=by, partner=partner, at=at, **facts(letter, "Askwell", at))
    asked = deals.ask_for_more(
        by=SYSTEM,
        deal=asked,
        question=text_of(letter, "Who decides?"),
        fields=["what_it_did", "amount"],
        at=at,
    )
    rejected = deals.register_deal(by=by, partner=partner, at=at, **facts(letter, "Rejectwell", at))
    comment = text_of(letter, "Not enough")
    rejected = deals.reject_deal(by=SYSTEM, deal=rejected, reason="incomplete", at=at, comment=comment)
    duplicate = deals.register_deal(by=by, partner=partner, at=at, **facts(letter, "Twicewell", at))
    duplicate = deals.mark_duplicate(
        by=SYSTEM, deal=duplicate, duplicate_of=submitted, at=at, comment=comment
    )
    appeal = deals.file_appeal(
        by=by, deal=rejected, grounds=text_of(letter, "We met them first"), at=world.at - timedelta(days=1),
        evidence=document(letter, "minutes"),
    )  # fmt: skip
    world.put("appeal", letter, appeal, f"appeal_{letter}")
    answered = deals.file_appeal(by=by, deal=duplicate, grounds=text_of(letter, "Another hospital"), at=at)
    answered = deals.dismiss_appeal(
        by=SYSTEM,
        appeal=answered,
        answer=text_of(letter, "The same one"),
        note=text_of(letter, "Asked Helen"),
        at=at,
    )
    world.put("appeal", letter, answered)
    approved = approve(world, letter, "Approvewell", by)
    won = deals.report_win(
        by=by, deal=approve(world, letter, "Winwell", by), won_on=clock.day(world.at) - timedelta(days=5),
        reference=text_of(letter, "PO 4711"), at=world.at - timedelta(days=4), evidence=document(letter, "win"),
    )  # fmt: skip
    conditional = approve(world, letter, "Ifwell", by, conditions=[text_of(letter, "A letter of intent")],
                          conditions_until=clock.day(world.at) + timedelta(days=20))  # fmt: skip
    condition = deals.answer_condition(
        by=by, condition=conditional.conditions.get(), answer=text_of(letter, "Signed"), at=world.at,
        evidence=document(letter, "intent"),
    )  # fmt: skip
    world.put("condition", letter, condition, f"condition_{letter}")
    handed = approve(world, letter, "Handwell", by)
    hand_on(world, letter, handed, by)
    extended = approve(world, letter, "Extendwell", by)
    said = {"evidence": text_of(letter, "A call"), "activity_on": extended.day_of(world.at), "at": world.at}
    refused = deals.refuse_extension(
        by=SYSTEM, extension=deals.request_extension(by=by, deal=extended, **said), reason="not_convincing",
        comment=text_of(letter, "Tell us more"), at=world.at,
    )  # fmt: skip
    world.put("extension", letter, refused)
    extension = deals.request_extension(by=by, deal=extended, **said)
    world.put("extension", letter, extension, f"extension_{letter}")
    sent = deals.start_import(
        by=by, partner=partner, name=text_of(letter, "mine") + ".csv", submits=False, at=world.at,
        content=f"Customer,City\n{text_of(letter, 'Filewell')},Boise\n".encode(),
    )  # fmt: skip
    world.put("deal_import", letter, sent)
    for row in sent.rows.all():
        world.put("deal_import_row", letter, row)
    deals.name_people(by=by, deal=approved, people=[world.people[f"{letter}_technical"]], at=world.at)
    approved.refresh_from_db()
    for name, deal in {"draft": draft, "submitted": submitted, "asked": asked, "approved": approved, "won": won,
                       "extended": extended, "conditional": conditional, "handed": handed,
                       "rejected": rejected, "duplicate": duplicate}.items():  # fmt: skip
        world.put("deal", letter, deal, f"{name}_{letter}")
        world.put("own_deal", letter, deal)  # the seller's own: it may name colleagues
        if name != "draft":
            world.put("sent_deal", letter, deal)
    for row in (*approved.protections.all(), *won.protections.all(), *extended.protections.all(),
                *conditional.protections.all(), *handed.protections.all()):  # fmt: skip
        world.put("protection", letter, row)
    for deal in (approved, conditional, handed, extended, won, rejected, duplicate):
        for row in deal.conflict_checks.all():
            world.put(
                "conflict_check", f"vendor:{letter}", row
            )  # no reason for a refusal: the vendor's alone
    book(world, letter, won)


def approve(world: World, letter: str, customer: str, by: Any, **conditions: Any) -> Deal:
    partner, at = world.partners[letter], world.at - timedelta(days=18)
    said = facts(letter, customer, at)
    deal = deals.register_deal(by=by, partner=partner, at=at, **said)
    organization = partners.add_organization(
        by=SYSTEM,
        at=at,
        origin="deal",
        name=of_customer(letter, customer),
        country="US",
        city="Brannoc Falls",
    )
    world.put("organization", letter, organization)
    deal = deals.link_customer(by=SYSTEM, deal=deal, organization=organization, at=at)
    comment = text_of(letter, "Good luck")
    return deals.approve_deal(by=SYSTEM, deal=deal, at=at, comment=comment, **conditions)


def hand_on(world: World, letter: str, deal: Deal, by: Any) -> None:
    """A transfer that was declined, one that waits, and changes. B's would go to A, which is not told yet."""
    receiver, at = world.partners["C" if letter == "A" else "A"], world.at - timedelta(days=1)
    declined = deals.propose_transfer(by=SYSTEM, deal=deal, receiver=receiver, reason="Nearer", at=at)
    consent = deals.decline_consent(
        by=SYSTEM, consent=declined.consents.get(), comment=text_of(letter, "Not now"), at=at
    )
    deals.request_transfer(
        by=by, deal=deal, wish=text_of(letter, "Carrow"), reason=text_of(letter, "Too far"), at=at
    )
    waiting = deals.propose_transfer(
        by=SYSTEM, deal=deal, receiver=receiver, comment=text_of(letter, "You know them"), at=at
    )
    for row, kind, name in (
        (declined, "transfer", ""),
        (waiting, "transfer", f"transfer_{letter}"),
        (consent, "consent", ""),
        (waiting.consents.get(), "consent", f"consent_{letter}"),
    ):
        world.put(kind, letter, row, name)
    said = {"by": by, "deal": deal, "reason": text_of(letter, "The board"), "at": at}
    refused = deals.request_amendment(contact=text_of(letter, "Luis Ortega"), **said)
    refused = deals.refuse_amendment(
        by=SYSTEM, amendment=refused, reason="not_agreed", comment=text_of(letter, "As it is"), at=at
    )
    change = deals.request_amendment(competitor=text_of(letter, "Nobody"), **said)
    world.put("amendment", letter, refused)
    world.put("amendment", letter, change, f"amendment_{letter}")


def book(world: World, letter: str, won: Deal) -> None:
    on, at = clock.day(world.at) - timedelta(days=3), world.at - timedelta(days=2)
    booking = deals.book_deal(
        by=SYSTEM, deal=won, amount=Money(10_000_00, "GBP"), booked_on=on, at=at, reference=text_of(letter, "INV 1"),
        comment=text_of(letter, "Part one"),
    )  # fmt: skip
    part = Money(100_00, "GBP")
    correction = deals.correct_booking(
        by=SYSTEM, booking=booking, booked_on=on, amount=part, reason="wrong_amount", at=at,
        comment=text_of(letter, "Typing error"),
    )  # fmt: skip
    world.put("booking", letter, booking, f"booking_{letter}")
    world.put("booking", letter, correction)
    for share in won.credits.all():
        world.put("deal_credit", letter, share)
    implementation = deals.report_implementation(
        by=partner_actor(world.people[f"{letter}_seller"]), deal=won, product=won.products.get(), at=at,
        went_live_on=on, contact_name=text_of(letter, "Helen Marsh"), contact_email=f"helen.{letter}@customer.example",
    )  # fmt: skip
    world.put("implementation", letter, implementation, f"implementation_{letter}")


def document(letter: str, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(text_of(letter, name) + ".pdf", PDF, "application/pdf")


def come_out(world: World, letter: str) -> None:
    """Customers' answers, one of them withdrawn, and contributions in each state."""
    partner, on = world.partners[letter], clock.day(world.at)
    facts = {"by": SYSTEM, "partner": partner, "customer": world.rows["hidden"], "at": world.at}
    for score, role in ((4, "Head of radiology"), (2, "Charge nurse"), (5, "CIO")):
        answer = outcomes.record_answer(
            answered_on=on - timedelta(days=score), score=Decimal(score), scale_low=Decimal(1), scale_high=Decimal(5),
            respondent_role=text_of(letter, role), external_ref=text_of(letter, f"S-{score}"), **facts,
        )  # fmt: skip
        world.put("answer", letter, answer)
    outcomes.withdraw_answer(
        by=SYSTEM,
        answer=answer,
        reason_code="entered_in_error",
        comment=text_of(letter, "Twice"),
        at=world.at,
    )
    for turn, kind in enumerate(("reference", "case_study", "integration")):
        contribution = outcomes.record_contribution(
            kind=kind, title=text_of(letter, f"The {kind}"), occurred_on=on - timedelta(days=turn),
            evidence=text_of(letter, "In the archive"),
            evidence_url=f"https://proof.example/{CANARY if letter == 'B' else 'x'}",
            external_ref=text_of(letter, f"V-{turn}"), **facts,
        )  # fmt: skip
        world.put("contribution", letter, contribution)
    outcomes.decline_contribution(
        by=SYSTEM, contribution=contribution, why=text_of(letter, "Not ours"), at=world.at
    )


def certify(world: World, letter: str) -> None:
    partner, at = world.partners[letter], world.at - timedelta(days=100)
    contact, on = world.rows[f"contact_{letter}"], clock.day(at) - timedelta(days=1)
    for track in Track.objects.order_by("code"):
        certification = record_certification(
            by=SYSTEM, contact=contact, track=track, passed_on=on, at=at, score=88,
            evidence=text_of(letter, "Certificate 12"),
        )  # fmt: skip
        world.put("certification", letter, certification)
    own = Contact.objects.get(partner=partner, user=world.people[f"{letter}_admin"])
    for track in Track.objects.order_by("code")[:1]:
        passed = record_certification(by=SYSTEM, contact=own, track=track, passed_on=on, at=at)
        world.put("certification", letter, passed)
        world.put("certificate", f"user:{letter}_admin", passed.certificate)
    plan = sign_learning_plan(
        by=SYSTEM, partner=partner, signed_by=contact, at=at, evidence=text_of(letter, "Signed on paper")
    )
    world.put("learning_plan", letter, plan)
    for gate in Gate.objects.order_by("code"):
        passed = record_gate(
            by=SYSTEM, partner=partner, gate=gate, passed_on=on, at=at, evidence=text_of(letter, "Report 7"),
            upload=document(letter, "gate"),
        )  # fmt: skip
        world.put("gate_record", letter, passed)


def lead_facts(letter: str, customer: str, **more: Any) -> dict[str, Any]:
    """What a lead says; B's carry the canary, in what is told before accepting and in what is not."""
    return {
        "customer_name": text_of(letter, customer), "country": "US" if letter == "A" else "GB", "language": "en",
        "street": text_of(letter, "1 Road"), "postcode": text_of(letter, "1"), "city": text_of(letter, "Portsea"),
        "website": "https://lead.customer.example", "contact_name": text_of(letter, "Ines Prado"),
        "contact_role": text_of(letter, "CIO"), "contact_email": f"ines.{letter.lower()}@customer.example",
        "contact_phone": text_of(letter, "+1 555 0100"), "details": text_of(letter, "Ask for Ines"),
        "need": "Faster triage at two sites.", "specialty": Specialty.objects.get(code="radiology"),
        "products": [Product.objects.get(code="triage")], "amount": Money(100_000_00, "USD"),
        "source_detail": text_of(letter, "Fair"), "consent_basis": "consent", "consent_text": text_of(letter, "Yes"),
        "external_ref": text_of(letter, f"lead {customer}"), **more,
    }  # fmt: skip


def lead(world: World, letter: str) -> None:
    """Leads that a partner is offered, has, gave back and registered; a referral, and which leads it takes."""
    partner, at = world.partners[letter], world.at - timedelta(days=1)
    by = partner_actor(world.people[f"{letter}_seller"])
    words = text_of(letter, "They said so")

    def offered(customer: str, **more: Any) -> Any:
        entered = leads.enter_lead(by=SYSTEM, at=at, **lead_facts(letter, customer, **more))
        said = {"reason": "expertise", "comment": words, "at": at}
        return leads.offer_lead(by=SYSTEM, lead=entered, partner=partner, **said)

    asked = offered("Askedlead", customer_name="Plain Clinic", contact_name="", contact_email="", city="", street="",
                    need=text_of(letter, "Triage"))  # fmt: skip
    taken = leads.accept_lead(by=by, lead=offered("Takenlead"), at=at)
    called = leads.accept_lead(by=by, lead=offered("Calledlead"), at=at)
    called = leads.note_contact(by=by, lead=called, way="phone", note=words, at=at)
    lost = leads.accept_lead(by=by, lead=offered("Lostlead"), at=at)
    lost = leads.lose_lead(by=by, lead=lost, reason="other", comment=words, at=at)
    registered = leads.accept_lead(by=by, lead=offered("Registeredlead"), at=at)
    registered = leads.convert_lead(by=by, lead=registered, at=at, is_draft=True, what_it_did=words)
    plain = leads.enter_lead(by=SYSTEM, at=at, **lead_facts("A", f"Declinedlead {letter.lower()}"))
    plain = leads.offer_lead(by=SYSTEM, lead=plain, partner=partner, reason="customer_wish", at=at)
    leads.decline_lead(by=by, lead=plain, reason="other", comment=words, at=at)
    for name, row in {
        "asked": asked,
        "taken": taken,
        "called": called,
        "lost": lost,
        "registered": registered,
    }.items():
        world.put("lead", letter, row, f"lead_{name}_{letter}")
        for offer in row.offers.all():
            world.put("lead_offer", letter, offer)
    world.put("called_lead", letter, called)
    profile = leads.change_profile(by=SYSTEM, partner=partner, at=at, capacity=50, languages=["en"])
    world.put("lead_profile", letter, profile, f"lead_profile_{letter}")
    referral = leads.refer_lead(
        by=by, partner=partner, at=at, customer_name=text_of(letter, "Referwell"), country="US", has_consent=True,
        city=text_of(letter, "Portsea"), contact_name=text_of(letter, "Bo Lind"), contact_role=text_of(letter, "CMO"),
        contact_phone=text_of(letter, "+1 555 0101"), message=text_of(letter, "Wants triage"),
        consented_on=clock.day(at), external_ref=text_of(letter, "ref 1"),
    )  # fmt: skip
    world.put("referral", letter, referral, f"referral_{letter}")


def free_leads(world: World) -> None:
    """A lead that nobody has and that no rule finds a partner for, and one in the pool of whoever is in the market."""
    at = world.at - timedelta(days=1)

    def entered(name: str, **more: Any) -> Any:
        facts = lead_facts("A", f"{name} {VENDORS_CANARY}", **more)
        return leads.enter_lead(by=SYSTEM, at=at, **{**facts, "customer_name": f"{name} {VENDORS_CANARY}"})

    new = leads.route_lead(by=SYSTEM, lead=entered("Newlead", country="JP", language="ja"), at=at)
    world.put("lead", "vendor", new, "lead_new")
    world.put("lead_routing", "vendor", new.routings.first())
    world.rows["lead_pooled"] = leads.pool_lead(by=SYSTEM, lead=entered("Poollead"), at=at)


def review(world: World, letter: str) -> None:
    """One review held with a commitment of each side, one ahead."""
    partner, today = world.partners[letter], clock.day(world.at)
    now = Quarter.of(today)
    before = Quarter.of(now.starts_on - timedelta(days=1))
    starts = datetime.combine(before.starts_on + timedelta(days=40), world.at.timetz())
    planned_at = starts - timedelta(days=40)
    held = reviews.schedule_review(
        by=SYSTEM, partner=partner, quarter=str(before), starts_at=starts, at=planned_at,
        agenda=[text_of(letter, "Figures")],
    )  # fmt: skip
    held = reviews.hold_review(
        by=SYSTEM, review=held, minutes=text_of(letter, "It went well."), at=starts + timedelta(hours=2)
    )
    for side in ("partner", "vendor"):
        commitment = reviews.add_commitment(
            by=SYSTEM, review=held, side=side, text=text_of(letter, f"Promise of {side}"),
            measure=text_of(letter, "Twelve"), due_on=today + timedelta(days=9), at=starts + timedelta(hours=3),
        )  # fmt: skip
        world.put("commitment", letter, commitment, f"commitment_{letter}_{side}")
        world.put(f"{side}_commitment", letter, commitment)
    ahead_on = min(today + timedelta(days=6), now.ends_on)
    ahead = reviews.schedule_review(
        by=SYSTEM, partner=partner, quarter=str(now), at=world.at - timedelta(days=3),
        starts_at=datetime.combine(ahead_on, world.at.timetz()), agenda=[text_of(letter, "Plans")],
    )  # fmt: skip
    world.put("review", letter, held, f"held_{letter}")
    world.put("review", letter, ahead, f"ahead_{letter}")


def rise(world: World, letter: str) -> None:
    partner, today = world.partners[letter], clock.day(world.at)
    recalculate(by=SYSTEM, as_of=today, at=world.at, partner_ids=[partner.pk])
    evaluation = Evaluation.objects.filter(partner=partner).order_by("-created_at", "-id").first()
    if not partner.standings.filter(
        ends_on=None, tier__code="platinum"
    ).exists():  # with all that a tier opens
        tier = Tier.objects.filter(program_version__program__code="partner_levels").order_by("-rank").first()
        award_tier(by=SYSTEM, partner=partner, tier=tier, evaluation=evaluation, at=world.at)
    world.put("evaluation", letter, evaluation)
    for standing in partner.standings.all():
        world.put("standing", letter, standing)
    standing = partner.standings.get(ends_on=None)
    grace = start_grace(by=SYSTEM, standing=standing, missing=["certified_people"], on=today, at=world.at)
    world.put("grace", letter, grace)
    use_and_cost(world, letter)
    partner.refresh_from_db()


def decide_tiers(world: World, letter: str) -> None:
    """A rise that was declined and one that waits, appeals, an override and a waiver."""
    partner, at, today = world.partners[letter], world.at, clock.day(world.at)
    evaluation = Evaluation.objects.filter(partner=partner).order_by("-created_at", "-id").first()
    program, until = evaluation.program_version.program, today + timedelta(days=60)
    tiers = list(evaluation.program_version.tiers.select_related("program_version__program").order_by("rank"))
    answer, note = text_of(letter, "Not yet."), text_of(letter, "Wait a year.")
    appeals = []
    for tier in tiers[-2:]:
        proposal = propose(by=SYSTEM, kind="rise", evaluation=evaluation, to_tier=tier, at=at)
        tier_actions.decline_proposal(by=SYSTEM, proposal=proposal, answer=answer, note=note, at=at)
        world.put("tier_proposal", letter, proposal)
        appeals.append(
            tier_actions.file_tier_appeal(
                by=SYSTEM,
                partner=partner,
                subject_id=proposal.pk,
                grounds=text_of(letter, "We have earned it."),
                at=at,
            )
        )
    tier_actions.dismiss_tier_appeal(by=SYSTEM, appeal=appeals[0], answer=answer, note=note, at=at)
    world.put("tier_appeal", letter, appeals[1], f"tier_appeal_{letter}")
    world.put("tier_appeal", letter, appeals[0])
    waiting = propose(by=SYSTEM, kind="fall", evaluation=evaluation, to_tier=None, at=at)
    world.put("tier_proposal", letter, waiting, f"tier_proposal_{letter}")
    waived = tier_actions.waive_requirement(
        by=SYSTEM, partner=partner, requirement=tiers[-1].requirements.filter(is_waivable=True).first(),
        reason=text_of(letter, "They are new."), expires_on=until, at=at,
    )  # fmt: skip
    world.put("tier_waiver", letter, waived, f"tier_waiver_{letter}")
    # Written by hand: given by its action it would end the grace period that the doors are tried on.
    override = Override(
        partner=partner, program=program, tier=tiers[0], reason=text_of(letter, "They grow."), starts_on=today,
        expires_on=until, created_at=at,
    )  # fmt: skip
    world.put("tier_override", letter, save(override), f"tier_override_{letter}")


def use_and_cost(world: World, letter: str) -> None:
    """A benefit used, money spent, a margin decided."""
    partner, today, at = world.partners[letter], clock.day(world.at), world.at
    standing = partner.standings.get(ends_on=None)
    benefit = standing.tier.benefits.exclude(benefit__kind="money").first().benefit.code
    use = record_benefit_use(
        by=SYSTEM, partner=partner, benefit=benefit, used_on=today, note=text_of(letter, "Used"), at=at
    )
    spent = record_investment(
        by=SYSTEM, partner=partner, spent_on=today, amount=Money(1_000_00, "USD"), purpose=text_of(letter, "Spent"),
        at=at,
    )  # fmt: skip
    decided = decide_margin(
        by=SYSTEM, partner=partner, percent=Decimal(27), reason=text_of(letter, "Decided"), at=at
    )
    run = TierRun(program=standing.program, kind="full", as_of=today, started_at=at, ended_at=at)
    world.put("tier_run", "vendor", save(run))
    world.put("benefit_use", letter, use)
    world.put("tier_investment", f"vendor:{letter}", spent)
    world.put("margin_decision", letter, decided)


def tell(world: World, letter: str, plan: OnboardingPlan) -> None:
    """Files, the bell, reminders, things put off."""
    partner, at = world.partners[letter], world.at
    deal = world.rows[f"submitted_{letter}"]
    kept = attach(
        by=SYSTEM, kind="deal", subject=deal, partner=partner, upload=document(letter, "offer"), at=at
    )
    world.put("attachment", letter, kept)
    inner = attach(
        by=SYSTEM,
        kind="deal",
        subject=deal,
        partner=partner,
        upload=document("A", "inner"),
        at=at,
        is_internal=True,
    )
    world.put("attachment", f"vendor:{letter}", inner)
    words = text_of(letter, f"Ask their CFO first {VENDORS_CANARY}")
    world.put("deal_note", f"vendor:{letter}", deals.note_deal(by=SYSTEM, deal=deal, text=words, at=at))
    admin = world.people[f"{letter}_admin"]
    note = notify(
        user=admin, kind="deal.approved", url=deal.get_absolute_url(), at=at, partner=partner,
        args={"deal": text_of(letter, deal.number)},
    )  # fmt: skip
    world.put("notification", f"user:{letter}_admin", note)
    plan_reminders(
        kind="review", subject_id=world.rows[f"ahead_{letter}"].pk, partner=partner, offsets=[7, 1],
        occasion_on=clock.day(at) + timedelta(days=30), recipients=[admin], at=at, url="/manage/",
    )  # fmt: skip
    for reminder in Reminder.objects.filter(partner=partner, recipient=admin)[:2]:
        world.put("reminder", letter, reminder)
    for event in Event.objects.filter(partner=partner, type__in=visible_names()).order_by("-at")[:3]:
        world.put("event", letter, event)


def share(world: World) -> None:
    """Each has a part in a deal of the other's, and reads of it a number and a percentage."""
    for letter, other in (("A", "B"), ("B", "A")):
        deal, helper = world.rows[f"won_{letter}"], world.partners[other]
        own = world.partners[letter].pk
        shares = [
            Share(own, SOURCED, 70, is_primary=True), Share(helper.pk, SOURCED, 30, text_of(letter, "Met the CIO")),
            Share(own, FULFILLED, 100),
        ]  # fmt: skip
        deals.set_credit(
            by=SYSTEM,
            deal=deal,
            credits=shares,
            reason="evidence",
            comment=text_of(letter, "A mail"),
            at=world.at,
        )


def collide(world: World) -> None:
    """B claims customers of A's and the other way round, so that checks name a stranger's registration."""
    for letter, other in (("A", "B"), ("B", "A")):
        theirs = world.rows[f"approved_{other}"]
        at = world.at - timedelta(days=1)
        claim = facts(letter, "Contested", at, customer_name=f"{HIDDEN_CUSTOMER}")
        if letter == "B":
            claim["customer_name"] = theirs.customer_name
        deal = deals.register_deal(
            by=SYSTEM,
            partner=world.partners[letter],
            at=at,
            **{**claim, "external_ref": text_of(letter, "contest")},
        )
        deal = deals.link_customer(by=SYSTEM, deal=deal, organization=theirs.organization, at=at)
        deal = deals.reject_deal(by=SYSTEM, deal=deal, reason="already_protected", at=at)
        world.put("deal", letter, deal, f"contested_{letter}")
        world.put("sent_deal", letter, deal)
        for check in deal.conflict_checks.all():
            world.put("conflict_check", letter, check, f"check_{letter}")


def contest(world: World) -> None:
    """A and B claim one customer: each was asked for its side and gave it. And cases with our own sales."""
    at = world.at - timedelta(hours=20)
    claims = [world.rows[f"approved_{letter}"] for letter in ("A", "B")]
    case = deals.open_case(
        by=SYSTEM, deal=claims[0], other=claims[1], at=at, summary=text_of("B", "Both were there")
    )
    case = deals.gather_evidence(by=SYSTEM, case=case, at=at)
    for party in case.parties.select_related("partner"):
        letter = "A" if party.partner_id == world.partners["A"].pk else "B"
        by = partner_actor(world.people[f"{letter}_seller"])
        proof = document(letter, "proof")
        deals.give_evidence(by=by, party=party, text=text_of(letter, "We met in May."), upload=proof, at=at)
        deals.give_evidence(by=SYSTEM, party=party, text=f"Heard about {VENDORS_CANARY}", at=at)
        world.put("case_party", letter, party, f"party_{letter}")
    for letter in ("A", "B"):
        won, approved = world.rows[f"won_{letter}"], world.rows[f"approved_{letter}"]
        opened = deals.open_case(by=SYSTEM, deal=won, direct=text_of(letter, f"O-1 {VENDORS_CANARY}"), at=at)
        proposed = deals.open_case(
            by=SYSTEM, deal=approved, direct=text_of(letter, f"O-2 {VENDORS_CANARY}"), at=at
        )
        why = text_of(letter, f"Because {VENDORS_CANARY}")
        deals.propose_outcome(by=SYSTEM, case=proposed, outcome="first", proposal=why, at=at)
        world.put("conflict_case", f"vendor:{letter}", opened, f"case_open_{letter}")
        world.put("conflict_case", f"vendor:{letter}", proposed, f"case_proposed_{letter}")


# Keys, people who are out, applications ---------------------------------------------------------------------------


def make_keys(world: World) -> None:
    def make(name: str, who: str, letter: str | None, life: int = 30, age: int = 0, **more: Any) -> Any:
        key, text = accounts.create_key(
            by=SYSTEM, user=world.people[who], partner=world.partners[letter] if letter else None,
            name=text_of(letter or "", f"Key {name}"), at=clock.now() - timedelta(days=age),
            life=timedelta(days=life), **more,
        )  # fmt: skip
        world.keys[name] = text
        owner = letter or "vendor"
        world.put("api_key", owner, key)
        if letter is None:
            world.put("vendor_key", "vendor", key)
        return key

    make("A_write", "A_admin", "A")
    make("A_read", "A_admin", "A", may_write=False)
    make("A_viewer", "A_viewer", "A")
    make("B_write", "B_admin", "B")
    make("C_write", "C_admin", "C")
    make("D_write", "D_admin", "D")
    make("vendor", "ada", None)
    make("psm", "maya", None)
    make("expired", "A_admin", "A", life=10, age=20)
    accounts.revoke_key(by=SYSTEM, key=make("revoked", "A_admin", "A"), at=clock.now())
    world.keys["unknown"] = world.keys["A_write"][:-8] + "0" * 8


def leave(world: World) -> None:
    """C is suspended and D has ended; one person was removed from A, another's account is closed."""
    at = clock.now()
    world.partners["C"] = partners.suspend_partner(
        by=SYSTEM, partner=world.partners["C"], reason_code="payment", at=at
    )
    world.partners["D"] = partners.terminate_partner(
        by=SYSTEM, partner=world.partners["D"], reason_code="mutual", at=at
    )
    gone = add_person(world, "A_removed", "removed@northgate.example", "Remo Ved", at)
    membership = accounts.start_membership(
        by=SYSTEM, user=gone, partner=world.partners["A"], role="partner_seller", at=at
    )
    world.put("membership", "A", accounts.end_membership(by=SYSTEM, membership=membership, at=at))
    both = add_person(world, "AB_both", "both@northgate.example", "Bo Thirds", at)
    for letter in "AB":
        membership = accounts.start_membership(
            by=SYSTEM, user=both, partner=world.partners[letter], role="partner_viewer", at=at
        )
        world.put("membership", letter, membership)


def apply(world: World) -> None:
    at, category = world.at - timedelta(days=2), Category.objects.active().filter(parent=None).first()

    def submit(n: int) -> Application:
        return onboarding.submit_application(
            by=ANONYMOUS, categories=[category], accepts_privacy=True, at=at, country="GB",
            legal_name=f"Brightwell {n} Ltd {VENDORS_CANARY}", website=f"https://www.brightwell{n}.example",
            intent=f"We resell. {VENDORS_CANARY}", contact_name=f"Nora {VENDORS_CANARY}",
            contact_email=f"nora@brightwell{n}.example",
        )  # fmt: skip

    waiting, received, reviewed = submit(1), confirm(submit(2), at), confirm(submit(3), at)
    maya = world.people["maya"]
    reviewed = onboarding.assign_application(
        by=vendor_actor(maya), application=reviewed, reviewer=maya, at=at
    )
    for application in (waiting, received, reviewed):
        world.put("application", "vendor", application)
    world.rows["reviewed"] = reviewed
    actor = vendor_actor(maya)
    put_off = snooze(
        by=actor, kind="application", subject_id=received.pk, until=world.at + timedelta(days=2), at=world.at
    )
    world.put("snooze", "user:maya", put_off)


def confirm(application: Application, at: datetime) -> Application:
    link = ActionLink.objects.filter(purpose=CONFIRM, subject_id=application.pk).latest("created_at")
    return onboarding.confirm_application(token=links.token(link), at=at)


SHARED = {
    "product": "catalog.Product", "market": "catalog.Market", "channel": "catalog.Channel",
    "reason_code": "catalog.ReasonCode", "track": "enablement.Track", "gate": "compliance.Gate",
    "deal_type": "deals.DealType", "stage": "deals.Stage",
    "protection_length": "deals.ProtectionLength", "category": "partners.Category",
    "tier": "tiers.Tier", "program_version": "tiers.ProgramVersion", "benefit": "tiers.Benefit",
    "vendor": "core.Vendor", "specialty": "leads.Specialty", "routing_rule": "leads.RoutingRule",
}  # fmt: skip
OF_VENDOR = {
    "criterion": "onboarding.Criterion", "template": "onboarding.OnboardingTemplate", "mail": "core.Mail",
}  # fmt: skip


def change_the_program(world: World) -> None:
    """A draft of the tier program, which is the vendor's; and what the version in force meant for A and for B."""
    active = ProgramVersion.objects.active().order_by("program__position").first()
    assert active is not None
    draft = tier_actions.draft_version(by=SYSTEM, version=active, at=world.at)
    tier_actions.change_settings(by=SYSTEM, version=draft, at=world.at, name=f"Levels {VENDORS_CANARY}")
    tier_actions.set_group(
        by=SYSTEM, version=draft, tier="gold", code="team", at=world.at, name="Team", rule="any", n=None
    )
    draft.refresh_from_db()
    world.put("program_version", "vendor", draft)
    world.put("version_draft", "vendor", draft, "version_draft")
    world.put("tier_program", "shared", active.program)
    for letter in ("A", "B"):
        told = Announcement(
            partner=world.partners[letter], program_version=active, effective_from=clock.day(world.at),
            change="same", sentences=[text_of(letter, "You rise to Gold.")],
        )  # fmt: skip
        world.put("announcement", letter, save(told), f"announcement_{letter}")


def note_reference_data(world: World) -> None:
    for owner, kinds in (("shared", SHARED), ("vendor", OF_VENDOR)):
        for kind, label in kinds.items():
            for row in apps.get_model(label).objects.all()[:2]:
                world.put(kind, owner, row)
    world.put("rate", "shared", FxRate.objects.first())


# What belongs to a partner ----------------------------------------------------------------------------------------


def rows_of(partner: Partner) -> list[Any]:
    """The querysets of all rows of a partner, its people and the customers that it alone knows."""
    found = []
    for model in apps.get_models():
        tenant = getattr(model, "tenant", None)
        if tenant is not None and isinstance(tenant_of(model), ByPartner):
            found.append(model._default_manager.filter(**{tenant_of(model).path: partner.pk}))
    users = Membership.objects.filter(partner=partner).exclude(
        user__memberships__partner__name__startswith="North"
    )
    found.append(User.objects.filter(pk__in=users.values("user")))
    found.append(DealCredit.objects.filter(partner=partner))
    customers = Organization.objects.filter(known_by__partner=partner, public_directory=False)
    found.append(customers)
    found.append(SavedView.objects.filter(user__in=users.values("user")))
    return found


def ids_of(partner: Partner) -> set[UUID]:
    return {pk for queryset in rows_of(partner) for pk in queryset.values_list("pk", flat=True)}
