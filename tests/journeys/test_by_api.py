"""The same thread through the API alone: keys made at the command line, every POST sent twice, every change of a row
that others may change too by the version that was read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.test import Client

from core.clock import day
from tests.journeys.story import PASSWORD, Story, command, pdf

PROGRAM = "programs/healthcare-ai.yaml"
ADA, MAYA, FINN = (f"{name}@corvane.example" for name in ("ada", "maya", "finn"))
NORA, SAM, TESS, UMA = (f"{name}@fernside.example" for name in ("nora", "sam", "tess", "uma"))
IRIS = "iris@northmoor.example"
CRITERIA = (
    "market_reach", "healthcare_expertise", "technical_capability", "compliance_readiness", "financial_stability",
    "references", "cultural_fit",
)  # fmt: skip
PRODUCTS = ["triage", "insight", "scribe", "flow", "connect"]
_number = count(1)


class Program:
    """A program with a key (or none). Every POST carries an Idempotency-Key and is sent a second time."""

    def __init__(self, story: Story, email: str = "", partner: str = "") -> None:
        self.story, self.client, self.headers = story, Client(), {}
        if email:
            options = ["--partner", partner] if partner else []
            made = command("create_api_key", "--user", email, "--days", "365", "--json", *options)
            self.headers = {"authorization": f"Bearer {json.loads(made)['key']}"}

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(f"/api/v1/{path}", headers=self.headers)
        assert answer.status_code == status, (path, answer.content)
        return as_read(answer)

    def only(self, path: str) -> Any:
        """The one row of a list."""
        [row] = self.get(path)["results"]
        return row

    def etag(self, path: str) -> str:
        return self.client.get(f"/api/v1/{path}", headers=self.headers)["ETag"]

    def post(self, path: str, status: int = 201, match: str = "", quiet: bool = False, **data: Any) -> Any:
        """Send it, and again: the second time answers the same and changes nothing."""
        key = {"idempotency-key": f"journey-{next(_number)}"}
        before = len(self.story.log)
        answer = self._send(path, data, {**key, **({"if-match": match} if match else {})})
        assert answer.status_code == status, (path, answer.status_code, answer.content)
        after = len(self.story.log)
        if status >= 400:
            assert after == before
            return as_read(answer)
        assert quiet or after > before, f"{path} left no event"
        again = self._send(path, data, {**key, **({"if-match": match} if match else {})})
        assert (again.status_code, again["Idempotent-Replayed"]) == (status, "true"), (path, again.content)
        assert again.json() == answer.json()
        assert len(self.story.log) == after
        return as_read(answer)

    def _send(self, path: str, data: dict[str, Any], headers: dict[str, str]) -> Any:
        files = [value for value in data.values() if hasattr(value, "seek")]
        for upload in files:
            upload.seek(0)
        options = {} if files else {"content_type": "application/json"}
        return self.client.post(f"/api/v1/{path}", data, headers={**self.headers, **headers}, **options)


def as_read(answer: Any) -> Any:
    """The body; a refusal is a problem document that says so."""
    content = answer.json()
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert content["status"] == answer.status_code
        assert {"type", "title", "detail", "code", "request_id"} <= set(content)
    return content


@dataclass
class Journey:
    story: Story
    ada: Program
    maya: Program
    finn: Program
    anyone: Program
    at: dict[str, str] = field(default_factory=dict)
    nora: Program | None = None
    sam: Program | None = None

    def token(self, to: str, letter: str) -> str:
        return token(self.ada, to, letter)


def token(ada: Program, to: str, letter: str) -> str:
    """The token in the link of the latest such letter, as an administrator's program reads it."""
    ada.story.work()
    mail = ada.get(f"mails/?to={to}&letter={letter}")["results"][0]
    found = re.search(r"/(?:confirm|join)/([^/\s]+)/", ada.get(f"mails/{mail['id']}/")["text"])
    assert found
    return found[1]


def test_a_company_goes_from_its_application_to_gold_by_api(story, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    journey = a_vendor_begins(story)
    it_applies(journey)
    it_is_approved(journey)
    it_is_onboarded(journey)
    it_registers_a_deal(journey)
    it_is_protected_and_wins(journey)
    it_is_booked(journey)
    it_goes_live(journey)
    its_people_are_certified(journey)
    it_rises(journey)
    it_is_reviewed(journey)
    all_can_see_who_did_what(journey)


def a_vendor_begins(story: Story) -> Journey:
    events = """
        organization.added
        program_version.drafted program_version.submitted program_version.approved
        program_version.scheduled program_version.activated
        program_version.drafted program_version.submitted program_version.approved
        program_version.scheduled program_version.activated
        rules.drafted rules.announced rules.activated program.loaded
        user.added membership.started key.created
        invitation.sent user.added membership.started key.created
        invitation.sent user.added membership.started key.created
    """
    with story.step("0 A vendor begins", events):
        command("load_program", PROGRAM, "--activate")
        command("createsuperuser", "--noinput", email=ADA, name="Ada Okafor")
        anyone, ada = Program(story), Program(story, ADA)
        maya = joined(ada, anyone, MAYA, "Maya Lindqvist", "psm")
        finn = joined(ada, anyone, FINN, "Finn Aalto", "finance")
    return Journey(story, ada, maya, finn, anyone)


def joined(
    by: Program, anyone: Program, email: str, name: str, role: str, partner: str = "", reader: Any = None
) -> Program:
    """Invited, joined by the letter's token, and given a key."""
    by.post("invitations/", email=email, name=name, role=role)
    accept = token(reader or by, email, "account.invitation")
    anyone.post("public/invitations/accept/", token=accept, name=name, password=PASSWORD)
    return Program(by.story, email, partner)


def it_applies(journey: Journey) -> None:
    journey.story.go("2026-01-06 10:00")
    anyone = journey.anyone
    facts = {
        "legal_name": "Fernside Clinical Ltd",
        "website": "https://www.fernside.example",
        "country": "GB",
        "categories": ["channel"],
        "intent": "We implement clinical software in NHS trusts.",
        "contact_name": "Nora Quist",
        "contact_email": NORA,
        "accepts_privacy": True,
    }
    with journey.story.step("1 Apply", "application.submitted application.confirmed"):
        for name, value in (
            ("country", "Nowhere"),
            ("colour", "red"),
            ("contact_email", "nora"),
            ("intent", 7 * ["x"]),
        ):
            wrong = anyone.post("public/applications/", status=400, **{**facts, name: value})
            assert [error["pointer"] for error in wrong["errors"]] == [f"/{name}"]
        anyone.post("public/applications/", status=202, **facts)
        assert journey.maya.get("work-queue/?scope=all")["counts"] == {}
        confirm = journey.token(NORA, "application.confirm")
        anyone.post("public/applications/confirm/", status=200, token=confirm)
        assert anyone.post("public/applications/confirm/", status=409, token=confirm)["code"] == "link_closed"


def it_is_approved(journey: Journey) -> None:
    events = """
        application.assigned application.scored organization.added partner.added application.approved
        contact.added invitation.sent onboarding.started
    """
    maya = journey.maya
    with journey.story.step("2 Decide", events):
        [item] = maya.get("work-queue/")["results"]
        assert (item["kind"], item["due_at"][:10], item["is_late"]) == ("application", "2026-01-13", False)
        application = f"applications/{item['id']}/"
        maya.post(f"{application}claim/", 200)
        maya.post(f"{application}score/", 200, marks={code: {"points": 4} for code in CRITERIA})
        assert maya.get(application)["evaluation"]["total"] == 80
        journey.finn.post(f"{application}approve/", 403, psm=me(maya), categories=["channel"])
        approved = maya.post(f"{application}approve/", 200, psm=me(maya), categories=["channel"])
        assert (
            maya.post(f"{application}approve/", 409, psm=me(maya), categories=["channel"])["code"]
            == "closed_move"
        )
    journey.at["partner"] = approved["partner"]
    assert maya.get(f"partners/{approved['partner']}/tier/")["title"] == "Not yet in a tier"


def me(program: Program) -> str:
    """The id of the person whose key this is."""
    people = program.get("memberships/?page_size=50")["results"]
    return next(row["user"]["id"] for row in people if row["user"]["email"] == MAYA)


def it_is_onboarded(journey: Journey) -> None:
    events = """
        user.added membership.started key.created onboarding.task_done
        invitation.sent user.added membership.started contact.added onboarding.task_done key.created
        learning_plan.signed onboarding.task_done
        gate.passed onboarding.task_done gate.passed onboarding.task_done
        certification.awarded onboarding.task_done certification.awarded onboarding.task_done
        certification.awarded onboarding.task_done partner.activated partner.standing_noted tier.awarded
    """
    story, maya, partner = journey.story, journey.maya, journey.at["partner"]
    story.go("2026-01-12 14:00")
    with story.step("3 Onboard", events):
        accept = journey.token(NORA, "account.invitation")
        journey.anyone.post("public/invitations/accept/", token=accept, name="Nora Quist", password=PASSWORD)
        nora = journey.nora = Program(story, NORA, partner)
        assert nora.get(f"onboarding-plans/?partner={partner}")["results"][0]["readiness"] == 0
        early = maya.post(f"onboarding-tasks/{task(nora, 'countersign_agreement')}/complete/", 409)
        assert early["code"] == "task_waits"
        tick(maya, "welcome_call")
        tick(nora, "sign_agreement")
        nora.post(f"onboarding-tasks/{task(nora, 'countersign_agreement')}/complete/", 403)
        tick(maya, "countersign_agreement")
        joined(nora, journey.anyone, TESS, "Tess Imre", "partner_technical", partner, reader=journey.ada)
        nora.post("learning-plans/", partner=partner, signed_by=contact(nora, NORA))
        maya.post(
            "gate-records/",
            partner=partner,
            gate="compliance_training",
            passed_on="2026-01-10",
            evidence="List",
        )
        tick(nora, "security_assessment")
        maya.post(
            "gate-records/",
            partner=partner,
            gate="security_assessment",
            passed_on="2026-01-10",
            evidence="Report",
        )
        for email, track in ((TESS, "fundamentals"), (NORA, "sales"), (TESS, "implementation")):
            maya.post(
                "certifications/", contact=contact(nora, email), track=track, passed_on="2026-01-12", score=88
            )
        tick(maya, "territory_plan")
        assert maya.get(f"partners/{partner}/")["state"] == "onboarding"
        nora.post("deals/", 409, customer_name="Too early", **registration("1.00"))
        tick(maya, "launch_review")
        story.work()
    assert maya.get(f"partners/{partner}/")["state"] == "active"
    assert maya.get(f"partners/{partner}/tier/")["title"] == "Authorized, and two steps from Silver"


def task(program: Program, code: str) -> str:
    rows = program.get("onboarding-tasks/?page_size=50")["results"]
    return next(row["id"] for row in rows if row["code"] == code)


def tick(program: Program, code: str) -> None:
    done = program.post(f"onboarding-tasks/{task(program, code)}/complete/", 200)
    assert done["state"] == "done"


def contact(program: Program, email: str) -> str:
    rows = program.get("contacts/")["results"]
    return next(row["id"] for row in rows if row["email"] == email)


def registration(amount: str) -> dict[str, Any]:
    return {
        "customer_country": "GB",
        "products": PRODUCTS,
        "amount": {"amount": amount, "currency": "GBP"},
        "expected_close_on": "2026-06-30",
        "what_it_did": "Two workshops.",
        "no_patient_data": True,
    }


def it_registers_a_deal(journey: Journey) -> None:
    events = """
        invitation.sent user.added membership.started contact.added key.created deal.drafted deal.changed
        deal.conflict_checked deal.submitted onboarding.task_done onboarding.completed
    """
    story, nora, partner = journey.story, journey.nora, journey.at["partner"]
    story.go("2026-02-02 09:00")
    with story.step("4 Register", events):
        sam = journey.sam = joined(
            nora, journey.anyone, SAM, "Sam Ortiz", "partner_seller", partner, reader=journey.ada
        )
        draft = sam.post("deals/", customer_name="Northmoor NHS Trust", customer_city="Leeds", is_draft=True)
        deal = journey.at["deal"] = f"deals/{draft['id']}/"
        lacking = sam.post(f"{deal}submit/", 400)
        assert "/products" in {error["pointer"] for error in lacking["errors"]}
        changed(sam, deal, registration("450000.00"))
        sent = sam.post(f"{deal}submit/", 200)
        assert (sent["state"], sent["due_at"][:10]) == ("submitted", "2026-02-04")


def changed(program: Program, path: str, facts: dict[str, Any]) -> None:
    """A PATCH needs the version that was read; an old one is refused."""

    def patch(headers: dict[str, str]) -> Any:
        return program.client.patch(
            f"/api/v1/{path}", facts, content_type="application/json", headers={**program.headers, **headers}
        )

    read = program.etag(path)
    assert as_read(patch({}))["status"] == 428
    assert patch({"if-match": read}).status_code == 200
    assert as_read(patch({"if-match": read}))["status"] == 412


def it_is_protected_and_wins(journey: Journey) -> None:
    story, maya, sam, deal = journey.story, journey.maya, journey.sam, journey.at["deal"]
    story.go("2026-02-03 10:00")
    with story.step(
        "5a Protect", "organization.added deal.conflict_checked deal.customer_linked deal.approved"
    ):
        [item] = [i for i in maya.get("work-queue/")["results"] if i["kind"] == "deal_decision"]
        assert item["title"] == "Decide registration D-1001"
        read = maya.etag(deal)
        maya.post(f"{deal}add-customer/", 200)
        assert maya.post(f"{deal}approve/", 428)["code"] == "precondition_required"
        assert maya.post(f"{deal}approve/", 412, match=read)["code"] == "stale"
        maya.post(f"{deal}approve/", 200, match=maya.etag(deal), comment="Good work.")
    for program in (maya, sam):
        assert program.get(deal)["protected_until"] == "2026-05-04"
        assert {row["until"] for row in program.get("protections/?is_running=true")["results"]} == {
            "2026-05-04"
        }
    story.go("2026-03-02 10:00")
    with story.step("5b Win", "deal.stage_changed file.attached deal.won"):
        sam.post(f"{deal}update-stage/", 200, stage="committed")
        maya.post(f"{deal}report-win/", 400, won_on="2026-03-02")
        sam.post(
            f"{deal}report-win/", 200, won_on="2026-03-02", reference="PO 7734", evidence=pdf("order.pdf")
        )


def it_is_booked(journey: Journey) -> None:
    story, finn, deal = journey.story, journey.finn, journey.at["deal"].split("/")[1]
    story.go("2026-03-03 10:00")
    with story.step("5c Book", "rates.loaded booking.recorded booking.corrected booking.recorded"):
        too_soon = book(finn, deal, "540000.00", status=400)
        assert too_soon["errors"]
        finn.post("exchange-rates/", currency="GBP", on="2026-03-01", rate="1.25")
        booking = book(finn, deal, "540000.00")
        taken = finn.post(
            f"bookings/{booking['id']}/correct/",
            200,
            booked_on="2026-03-03",
            reason="wrong_amount",
            comment="Swapped.",
        )
        assert (taken["amount"]["amount"], taken["reverses"]) == ("-540000.00", booking["id"])
        again = finn.post(
            f"bookings/{booking['id']}/correct/", 409, booked_on="2026-03-03", reason="duplicate"
        )
        assert again["code"] == "closed_move"
        book(finn, deal, "450000.00")
    journey.sam.post(
        "bookings/", 403, deal=deal, booked_on="2026-03-03", amount={"amount": "1.00", "currency": "GBP"}
    )


def book(finn: Program, deal: str, amount: str, status: int = 201, on: str = "2026-03-03") -> Any:
    return finn.post(
        "bookings/", status, deal=deal, booked_on=on, amount={"amount": amount, "currency": "GBP"}
    )


def it_goes_live(journey: Journey) -> None:
    story, maya = journey.story, journey.maya
    story.go("2026-03-10 10:00")
    events = """
        implementation.reported implementation.accepted
        implementation.reported file.attached implementation.accepted
    """
    with story.step("5d Go live", events):
        confirmed(journey, journey.at["deal"], PRODUCTS[0])
        second = reported(journey, journey.at["deal"], PRODUCTS[1])
        maya.post(
            f"implementations/{second}/accept/", 200, document=pdf("acceptance.pdf"), note="Signed on paper."
        )
    how = [row["accepted_by"] for row in maya.get("implementations/?ordering=created_at")["results"]]
    assert how == ["customer", "document"]


def reported(journey: Journey, deal: str, product: str) -> str:
    found = journey.sam.post(
        "implementations/", deal=deal.split("/")[1], product=product, went_live_on=day(journey.story.now()).isoformat(),
        contact_name="Iris Holm", contact_email=IRIS,
    )  # fmt: skip
    return found["id"]


def confirmed(journey: Journey, deal: str, product: str) -> None:
    reported(journey, deal, product)
    answer = journey.token(IRIS, "implementation.confirm")
    journey.anyone.post("public/implementations/answer/", 200, token=answer, answer="confirm")
    journey.anyone.post("public/implementations/answer/", 409, token=answer, answer="confirm")


def its_people_are_certified(journey: Journey) -> None:
    story, maya, nora, partner = journey.story, journey.maya, journey.nora, journey.at["partner"]
    story.go("2026-03-12 11:00")
    rows = f"email,track,passed_on\n{UMA},platform,2026-03-10\n{SAM},sales,2026-03-11\nx@y.example,sales,2026-03-11"
    with story.step("6 Certify", "contact.added certification.awarded certifications.imported gate.passed"):
        nora.post("contacts/", partner=partner, name="Uma Field", email=UMA)
        tried = maya.post("certifications/import/", 200, quiet=True, rows=rows, dry_run=True)
        assert (tried["saved"], tried["added"], tried["refused"]) == (False, 2, 1)
        done = maya.post("certifications/import/", 200, rows=rows)
        assert (done["saved"], done["added"]) == (True, 2)
        for gate in ("technical_competency", "customer_reference"):
            maya.post("gate-records/", partner=partner, gate=gate, passed_on="2026-03-12", evidence="Call")


def it_rises(journey: Journey) -> None:
    """Silver by the sweep, a cent short of Gold, then Gold by the recalculation that is asked for."""
    story, maya, sam, finn, partner = (
        journey.story,
        journey.maya,
        journey.sam,
        journey.finn,
        journey.at["partner"],
    )
    tier = f"partners/{partner}/tier/"
    story.go("2026-03-16 10:00")
    with story.step(
        "7a Silver",
        "implementation.reported implementation.accepted " * 3 + "partner.standing_noted tier.awarded",
    ):
        for product in PRODUCTS[2:]:
            confirmed(journey, journey.at["deal"], product)
        story.work()
    assert maya.get(tier)["tier"]["code"] == "silver"
    won = (
        "deal.drafted deal.conflict_checked deal.submitted organization.added deal.conflict_checked "
        "deal.customer_linked deal.approved deal.won booking.recorded "
        + "implementation.reported implementation.accepted "
        * 5
    )
    story.go("2026-04-08 10:00")
    with story.step("7b Three more", "rates.loaded " + won * 3):
        finn.post("exchange-rates/", currency="GBP", on="2026-04-01", rate="1.25")
        for customer, amount in (
            ("Spindle", "400000.00"),
            ("Aldermoor", "400000.00"),
            ("Eastvale", "349999.99"),
        ):
            deal = f"deals/{sam.post('deals/', customer_name=customer, **registration(amount))['id']}/"
            maya.post(f"{deal}add-customer/", 200)
            maya.post(f"{deal}approve/", 200, match=maya.etag(deal))
            sam.post(f"{deal}report-win/", 200, won_on="2026-04-08", reference="PO")
            book(finn, deal.split("/")[1], amount, on="2026-04-08")
            for product in PRODUCTS:
                confirmed(journey, deal, product)
    assert maya.post("tier-recalculations/", 200, quiet=True, partner=partner)["actions"] == {}
    assert revenue(maya.get(tier), "gold") == (2_000_000_00, 1_999_999_99, 1)
    with story.step("7c Gold", "booking.recorded partner.standing_noted tier.awarded review.scheduled"):
        book(finn, deal.split("/")[1], "0.01", on="2026-04-08")
        assert maya.post("tier-recalculations/", 200, partner=partner)["actions"] == {"upgrade": 1}
    for program in (maya, journey.nora):
        found = program.get(tier)
        assert (found["tier"]["code"], found["margin"]["percent"], found["next_tier"]) == (
            "gold",
            "20",
            "platinum",
        )
        assert "qbr" in found["benefits"]


def revenue(explanation: Any, tier: str) -> tuple[int, int, int]:
    """Threshold, value and what is missing of a tier's revenue, in minor units."""
    rung = next(rung for rung in explanation["tiers"] if rung["code"] == tier)
    need = next(need for need in rung["requirements"] if need["metric"] == "annual_revenue")
    return need["threshold"], need["value"], need["missing"]


def it_is_reviewed(journey: Journey) -> None:
    """The review exists since Gold; each reminder goes once; a moved date has its own; both sides sign."""
    story, maya, nora = journey.story, journey.maya, journey.nora
    found = maya.only("reviews/")
    review = journey.at["review"] = f"reviews/{found['id']}/"
    assert (found["on"], found["is_proposed"]) == ("2026-06-01", True)
    assert reminders(maya, found["id"], "planned") == [30, 14, 7, 1]
    for on in ("2026-05-02", "2026-05-18"):
        with story.step(f"8a {on}", "reminder.sent"):
            is_reminded_once(story, on)
    story.go("2026-05-20 09:00")
    with story.step("8b Move", "deal.protection_ended review.scheduled review.moved"):
        moved = {"starts_at": "2026-06-15T11:00:00+01:00"}
        assert maya.post(f"{review}move/", 412, match='"999"', **moved)["code"] == "stale"
        maya.post(f"{review}move/", 200, match=maya.etag(review), **moved)
    assert reminders(maya, found["id"], "withdrawn") == [7, 1]
    assert reminders(maya, found["id"], "planned") == [14, 7, 1]
    assert reminders_at("2026-05-25", story) == 0
    for on in ("2026-06-01", "2026-06-08", "2026-06-14"):
        with story.step(f"8c {on}", "reminder.sent"):
            is_reminded_once(story, on)
    assert reminders(maya, found["id"], "sent") == [30, 14, 14, 7, 1]
    assert journey.ada.get(f"mails/?to={NORA}&letter=reminder.review&count=true")["count"] == 5
    story.go("2026-06-15 12:00")
    with story.step("8d Hold", "review.held review.signed review.signed_off"):
        maya.post(f"{review}hold/", 200, match=maya.etag(review), minutes="Both sides are content.")
        maya.post(f"{review}sign-off/", 200, match=maya.etag(review))
        signed = nora.post(f"{review}sign-off/", 200, match=nora.etag(review))
    assert signed["state"] == "signed_off"


def reminders(program: Program, review: str, state: str) -> list[int]:
    """How many days before the review its reminders of this state are, one person's, in order of their days."""
    rows = program.get(f"reminders/?kind=review&subject={review}&state={state}&page_size=50")["results"]
    people = sorted({row["recipient"] for row in rows})
    return [row["offset_days"] for row in rows if row["recipient"] == people[0]]


def is_reminded_once(story: Story, on: str) -> None:
    assert reminders_at(on, story) == 2
    assert reminders_at(on, story) == 0


def reminders_at(on: str, story: Story) -> int:
    story.go(f"{on} 12:00", work=False)
    return json.loads(command("send_due_reminders", "--at", f"{on}T12:00Z", "--json"))["sent"]


def all_can_see_who_did_what(journey: Journey) -> None:
    """Events say who did what; the partner reads its own part; another's is not there."""
    maya, sam, deal = journey.maya, journey.sam, journey.at["deal"].split("/")[1]
    ours, theirs = told(maya, deal), told(sam, deal)
    assert "Maya Lindqvist (API key) approved D-1001, protected until 4 May 2026" in ours
    assert "Corvane (API key) approved D-1001, protected until 4 May 2026" in theirs
    assert "Sam Ortiz (API key) submitted D-1001" in ours & theirs
    assert "Finn Aalto (API key) corrected a booking of D-1001 by −£540,000" in ours
    assert not [sentence for sentence in theirs if "organization" in sentence or "Maya" in sentence]
    assert [sentence for sentence in ours if "organization" in sentence]
    sam.get("applications/", 403)
    sam.get("mails/", 403)
    maya.get(f"deals/{deal.replace('0', '1')}/", 404)
    journey.anyone.get("deals/", 401)
    journey.story.work()
    assert "events sealed" in command("verify_events")
    assert journey.story.is_told()


def told(program: Program, subject: str) -> set[str]:
    return {
        event["sentence"] for event in program.get(f"events/?subject_id={subject}&page_size=100")["results"]
    }
