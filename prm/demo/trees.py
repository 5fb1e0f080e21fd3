"""A network down to its service lines, trees that were rearranged, direct sales in the way, a case in every state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from catalog.models import Product
from core.actors import SYSTEM
from core.money import Money
from deals import actions as deals
from deals.actions.direct import approve_direct_account, block_account
from deals.models import ConflictCase, Deal
from partners import actions as organizations
from partners.models import Organization, Restructuring
from prm.demo.plot import SHOWN, Role
from prm.demo.stage import Stage

DESK, DIRECTOR = "Dirk Boone", "Ingrid Solberg"
# name, kind, city, what it stands under
TREE = [
    ("Tamarack Valley Health", "idn", "Duluth", ""),
    ("Tamarack Valley Medical Center", "hospital", "Duluth", "Tamarack Valley Health"),
    ("Tamarack Children's Hospital", "hospital", "Duluth", "Tamarack Valley Health"),
    ("Tamarack Heart and Vascular", "service_line", "Duluth", "Tamarack Valley Medical Center"),
    ("Tamarack Emergency Care", "service_line", "Duluth", "Tamarack Valley Medical Center"),
    ("Larch Harbour University Health", "idn", "Mobile", ""),
    ("Larch Harbour Cancer Center", "hospital", "Mobile", "Larch Harbour University Health"),
    ("Larch Harbour Radiology", "service_line", "Mobile", "Larch Harbour Cancer Center"),
    ("St. Alder Regional Medical Center", "hospital", "Boise", ""),
    ("Saint Alder Hospital", "hospital", "Boise", ""),
    ("Ferncliff General Hospital", "hospital", "Dayton", ""),
    ("Ferncliff Medical Center", "hospital", "Dayton", ""),
    ("Quillback Community Hospital", "hospital", "Macon", ""),
    ("Copperline Health Center", "hospital", "Fresno", ""),
    ("Sablewood Clinic", "hospital", "Spokane", ""),
    ("Windrose Children's Hospital", "hospital", "Columbus", ""),
    ("Bristlecone Health", "idn", "Reno", ""),
    ("Bristlecone Day Surgery", "hospital", "Reno", ""),
    ("Marram Point Hospital", "hospital", "Elko", ""),
    ("Thornfield Veterans Hospital", "hospital", "Tulsa", ""),
    ("Ridgeway National Hospital", "hospital", "Omaha", ""),
    ("Pennywort General Hospital", "hospital", "Salem", ""),
]
BLOCKED, DIRECT, REVOKED = (
    "Thornfield Veterans Hospital",
    "Ridgeway National Hospital",
    "Pennywort General Hospital",
)
RENEWABLE = "Bristlecone Day Surgery"  # its protection ended days ago
IDENTIFIERS = [
    ("Tamarack Valley Health", "npi", "1467560003"),
    ("Tamarack Valley Medical Center", "npi", "1902300015"),
    ("Tamarack Valley Medical Center", "ccn", "240711"),
    ("St. Alder Regional Medical Center", "npi", "1548200025"),
    ("Saint Alder Hospital", "ccn", "130918"),
]
NAMES = [
    ("Tamarack Valley Health", "TVH", "alias"),
    ("Tamarack Valley Health", "Lakeshore Union Hospitals", "former"),
    ("Tamarack Heart and Vascular", "Tamarack Heart Institute", "stated"),
]


@dataclass
class Claim:
    """One registration of the story: whose, of what, how many days before the end, whether and for how long approved."""

    partner: str
    customer: str
    back: int
    usd: int
    approved: bool = False
    product: int = 0
    days: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


NETWORK = {
    "includes_below": True,
    "scope_reason": "One budget and one tender for all hospitals of the network.",
}
CLAIMS = [
    Claim("Pacific Care Networks", "Tamarack Valley Health", 50, 1_240_000, True, facts=NETWORK),
    Claim("Northgate Clinical Systems", "Saint Alder Hospital", 40, 310_000, True),
    Claim("Northgate Clinical Systems", "Ferncliff General Hospital", 34, 420_000, True),
    Claim("Harborline Solutions", "Ferncliff Medical Center", 27, 385_000, True),
    Claim("Blue Mesa Health IT", "Quillback Community Hospital", 2, 175_000),
    Claim("Lakeshore Interop", "Quillback Community Hospital", 1, 190_000),
    Claim("Summit Peak Integrators", "Windrose Children's Hospital", 4, 520_000),
    Claim("Blue Mesa Health IT", "Copperline Health Center", 62, 205_000),
    Claim("Pacific Care Networks", "Copperline Health Center", 60, 240_000),
    Claim("Lakeshore Interop", "Sablewood Clinic", 46, 98_000),
    Claim("Harborline Solutions", "Sablewood Clinic", 44, 105_000),
    Claim(SHOWN, BLOCKED, 3, 260_000),
    Claim(SHOWN, DIRECT, 11, 340_000),
    Claim(SHOWN, REVOKED, 64, 150_000, True),
    Claim(SHOWN, RENEWABLE, 35, 230_000, True, days=33),
]


def plan_trees(stage: Stage, roles: list[Role]) -> None:
    """Put the story of the trees on the calendar, at instants of its own: it changes nothing else by chance."""
    play = Play(stage, {role.name: role for role in roles})
    stage.at(play.at(400, 8), play.record)
    for claim in CLAIMS:
        stage.at(play.at(claim.back, 9), play.register, claim)
        stage.at(play.at(claim.back, 15), play.take_up, claim)
    for back, what in (
        (20, play.merge), (55, play.hear_copperline), (52, play.decide_copperline), (40, play.close_sablewood),
        (300, play.set_aside), (24, play.move), (15, play.undo), (10, play.refuse_direct), (5, play.revoke),
        (3, play.propose_windrose), (6, play.ask_ferncliff), (4, play.answer_ferncliff), (1, play.open_quillback),
    ):  # fmt: skip
        stage.at(play.at(back, 16), what)


class Play:
    """The story's steps; each finds what the earlier ones made by its name."""

    def __init__(self, stage: Stage, roles: dict[str, Role]) -> None:
        self.stage, self.roles = stage, roles

    def at(self, back: int, hour: int) -> datetime:
        return datetime.combine(self.stage.as_of - timedelta(days=back), time(hour, 20), tzinfo=UTC)

    def record(self, stage: Stage, at: datetime) -> None:
        for name, kind, city, above in TREE:
            organizations.add_organization(
                by=SYSTEM, at=at, origin="demo", name=name, kind=kind, city=city, country="US",
                parent=named(above) if above else None, is_healthcare_provider=True,
                website=f"https://{''.join(sign for sign in name.casefold() if sign.isalnum())}.example",
            )  # fmt: skip
        for name, scheme, value in IDENTIFIERS:
            organizations.add_identifier(
                by=SYSTEM, organization=named(name), scheme=scheme, value=value, at=at
            )
        for name, other, kind in NAMES:
            organizations.add_name(by=SYSTEM, organization=named(name), name=other, kind=kind, at=at)

    def register(self, stage: Stage, at: datetime, claim: Claim) -> None:
        role, customer = self.roles[claim.partner], named(claim.customer)
        products = list(Product.objects.order_by("position")[claim.product : claim.product + 1])
        deals.register_deal(
            by=stage.actor_of(role.seller, role.partner), partner=role.partner, at=at, products=products,
            customer_name=claim.customer, customer_country="US", customer_city=customer.city,
            customer_website=customer.website, amount=Money.parse(Decimal(claim.usd), "USD"), no_patient_data=True,
            expected_close_on=at.date() + timedelta(days=110),
            what_it_did="Two calls with the CMIO and a visit to the emergency department.", **claim.facts,
        )  # fmt: skip

    def take_up(self, stage: Stage, at: datetime, claim: Claim) -> None:
        deal = claimed(claim.partner, claim.customer)
        desk = stage.colleague(DESK)
        if deal.state == "submitted":
            deal = deals.start_review(by=desk, deal=deal, at=at)
        if deal.organization is None:
            deal = deals.link_customer(by=desk, deal=deal, organization=named(claim.customer), at=at)
        if claim.approved:
            deals.approve_deal(by=desk, deal=deal, days=claim.days, at=at)

    # Two that were one, and two that may not become one yet --------------------------------------------------------

    def merge(self, stage: Stage, at: datetime) -> None:
        organizations.merge_organizations(
            by=stage.colleague(DESK), organization=named("Saint Alder Hospital"),
            into=named("St. Alder Regional Medical Center"), reason="Same address, same NPI on both invoices.", at=at,
        )  # fmt: skip

    def ask_ferncliff(self, stage: Stage, at: datetime) -> None:
        desk = stage.colleague(DESK)
        organizations.merge_organizations(
            by=desk, organization=named("Ferncliff Medical Center"), into=named("Ferncliff General Hospital"),
            reason="The hospital was renamed in spring.", at=at,
        )  # fmt: skip
        case = case_of("Northgate Clinical Systems", "Ferncliff General Hospital")
        case = deals.assign_mediator(by=desk, case=case, mediator=stage.staff[DIRECTOR], at=at)
        deals.gather_evidence(by=desk, case=case, at=at)

    def answer_ferncliff(self, stage: Stage, at: datetime) -> None:
        deal = claimed("Harborline Solutions", "Ferncliff Medical Center")
        role = self.roles["Harborline Solutions"]
        deals.give_evidence(
            by=stage.actor_of(role.seller, role.partner), party=deal.case_parties.get(), at=at,
            text="First meeting with the CIO on 14 May, written champion since June, pilot offer in August.",
        )  # fmt: skip

    def move(self, stage: Stage, at: datetime) -> None:
        """One joins the network; of the other that was wrong, which is found out later."""
        for name, why in (
            ("Bristlecone Day Surgery", "Bought by the network in summer."),
            ("Marram Point Hospital", "Its letterhead names the network."),
        ):
            organizations.move_organization(
                by=stage.colleague(DESK), organization=named(name), parent=named("Bristlecone Health"), reason=why,
                at=at,
            )  # fmt: skip

    def undo(self, stage: Stage, at: datetime) -> None:
        moved = Restructuring.objects.get(organization=named("Marram Point Hospital"), state="done")
        organizations.undo_restructuring(
            by=stage.colleague(DESK), restructuring=moved, at=at,
            reason="It only buys together with the network; it belongs to the county.",
        )  # fmt: skip

    # What partners meet of direct sales, and a protection that ends early -----------------------------------------

    def set_aside(self, stage: Stage, at: datetime) -> None:
        reason = "A national agreement, served by our own account team"
        approve_direct_account(by=SYSTEM, at=at, organization=named(DIRECT), reason=reason)
        block_account(by=SYSTEM, at=at, organization=named(BLOCKED), reason="A federal tender is under way")

    def refuse_direct(self, stage: Stage, at: datetime) -> None:
        comment = "This hospital is on our published list of direct accounts."
        deals.reject_deal(
            by=stage.colleague(DESK),
            deal=claimed(SHOWN, DIRECT),
            reason="direct_engagement",
            comment=comment,
            at=at,
        )

    def revoke(self, stage: Stage, at: datetime) -> None:
        comment = "Nothing was reported since the approval, and the hospital does not know of an offer."
        deals.revoke_deal(
            by=stage.colleague(DESK),
            deal=claimed(SHOWN, REVOKED),
            reason="no_activity",
            comment=comment,
            at=at,
        )

    # Cases at every point of their way -----------------------------------------------------------------------------

    def open_quillback(self, stage: Stage, at: datetime) -> None:
        claims = [
            claimed(name, "Quillback Community Hospital")
            for name in ("Blue Mesa Health IT", "Lakeshore Interop")
        ]
        deals.open_case(
            by=stage.colleague(DESK), deal=claims[0], other=claims[1], at=at,
            summary="Both name the same champion in the emergency department.",
        )  # fmt: skip

    def propose_windrose(self, stage: Stage, at: datetime) -> None:
        desk = stage.colleague(DESK)
        direct = "O-5531, owner Lena Falk: first call in March, demonstration in June, no offer yet."
        deal = claimed("Summit Peak Integrators", "Windrose Children's Hospital")
        case = deals.open_case(
            by=desk, deal=deal, direct=direct, at=at, summary="Our own team was there before."
        )
        case = deals.gather_evidence(by=desk, case=case, at=at)
        role = self.roles["Summit Peak Integrators"]
        text = (
            "Our consultants run the hospital's triage desk since January; the budget owner asked us in May."
        )
        deals.give_evidence(
            by=stage.actor_of(role.seller, role.partner), party=case.parties.first(), text=text, at=at
        )
        why = "The partner brought the budget owner, our team the clinical lead. Both go on together."
        deals.propose_outcome(by=desk, case=case, outcome="split", proposal=why, shares=(70, 30), at=at)

    def hear_copperline(self, stage: Stage, at: datetime) -> None:
        desk = stage.colleague(DESK)
        claims = [
            claimed(name, "Copperline Health Center")
            for name in ("Blue Mesa Health IT", "Pacific Care Networks")
        ]
        case = deals.open_case(by=desk, deal=claims[0], other=claims[1], at=at)
        case = deals.gather_evidence(by=desk, case=case, at=at)
        for party, text in zip(
            case.parties.all(), ("Minutes of 3 March and the CIO's mail.", "A call in April."), strict=True
        ):
            role = self.roles[party.partner.name]
            deals.give_evidence(by=stage.actor_of(role.seller, role.partner), party=party, text=text, at=at)
        why = "The earlier registration was complete, and its minutes are from before the other's first call."
        deals.propose_outcome(by=desk, case=case, outcome="first", proposal=why, at=at)

    def decide_copperline(self, stage: Stage, at: datetime) -> None:
        case = case_of("Blue Mesa Health IT", "Copperline Health Center")
        deals.decide_case(
            by=stage.colleague(DIRECTOR), case=case, outcome="first", rule="first_complete", at=at,
            reasoning="A complete registration with minutes goes before a later one with a call.",
            precedent="minutes-before-call", words=("", "A call alone is too little; please register with what shows it."),
        )  # fmt: skip
        kept = claimed("Blue Mesa Health IT", "Copperline Health Center")
        deals.approve_deal(by=stage.colleague(DESK), deal=kept, at=at + timedelta(hours=1))

    def close_sablewood(self, stage: Stage, at: datetime) -> None:
        desk = stage.colleague(DESK)
        claims = [claimed(name, "Sablewood Clinic") for name in ("Lakeshore Interop", "Harborline Solutions")]
        case = deals.open_case(by=desk, deal=claims[0], other=claims[1], at=at)
        deals.close_case(by=desk, case=case, reasoning="One of the two has given up meanwhile.", at=at)
        seller = self.roles["Harborline Solutions"]
        by = stage.actor_of(seller.seller, seller.partner)
        deals.withdraw_deal(by=by, deal=claims[1], reason="no_opportunity", at=at)
        deals.approve_deal(by=desk, deal=claims[0], at=at + timedelta(hours=1))


def named(name: str) -> Organization:
    return Organization.objects.get(name=name)


def claimed(partner: str, customer: str) -> Deal:
    return Deal.objects.select_related("partner", "organization").get(
        partner__name=partner, customer_name=customer
    )


def case_of(partner: str, customer: str) -> ConflictCase:
    return ConflictCase.objects.running().about(claimed(partner, customer)).get()
