"""Leads over the API: what each side reads, and every move."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core.actors import SYSTEM
from core.clock import now
from leads import actions
from leads.models import Lead, LeadOffer, LeadProfile, Referral
from tests.leads import factories as make

HIDDEN = ("customer_name", "street", "postcode", "city", "website", "contact_name", "contact_role", "contact_email",
          "contact_phone", "details", "source", "source_detail", "consent_text")  # fmt: skip


@pytest.fixture
def moment():
    return now()


@pytest.fixture
def theirs(api_of, sam, northgate):
    return api_of(sam, northgate)


@pytest.fixture
def ours(api_of, maya):
    return api_of(maya)


def post(client, path, **body):
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


def body(**changes) -> dict:
    return {
        "customer_name": "Larkhill", "country": "US", "language": "en", "specialty": "radiology",
        "products": ["triage"], "need": "Faster night scans.", "contact_name": "Ana Ruiz",
        "contact_email": "ana@larkhill.example", "consent_basis": "inquiry", "source": "web",
        "amount": {"amount": "1200.00", "currency": "USD"}, "external_ref": "CRM-1", **changes,
    }  # fmt: skip


def test_a_lead_is_entered_and_offered_in_one_call(ours, northgate):
    made = post(ours, "leads/", **body(route_now=True))
    assert made.status_code == 201, made.content
    found = made.json()
    assert (found["state"], found["partner"]["name"], found["number"]) == (
        "offered",
        northgate.name,
        "L-1001",
    )
    assert made["Location"].endswith(f"/api/v1/leads/{found['id']}/")
    assert post(ours, "leads/", **body()).json()["id"] == found["id"]


def test_why_stands_in_its_routing(ours, northgate):
    lead = post(ours, "leads/", **body(route_now=True)).json()
    (routing,) = ours.get(f"/api/v1/lead-routings/?lead={lead['id']}").json()["results"]
    assert (routing["outcome"], routing["rule_code"]) == ("offered", "in_turn")
    (row,) = routing["candidates"]
    assert (row["partner"]["name"], row["is_chosen"]) == (northgate.name, True)
    assert {"code": "market", "needed": "us", "found": "us", "passed": True} in row["checks"]


def test_before_it_accepts_a_partner_reads_what_for_and_not_who(theirs, northgate, moment):
    lead = make.offered(northgate, moment)
    for answer in (theirs.get("/api/v1/leads/"), theirs.get(f"/api/v1/leads/{lead.pk}/"),
                   theirs.get("/api/v1/lead-offers/"), theirs.get("/api/v1/events/"),
                   theirs.get("/api/v1/work-queue/"), theirs.get("/api/v1/notifications/")):  # fmt: skip
        assert answer.status_code == 200
        text = answer.content.decode()
        assert [word for word in make.CANARIES.values() if word in text] == []
    found = theirs.get(f"/api/v1/leads/{lead.pk}/").json()
    assert {name: found[name] for name in HIDDEN} == dict.fromkeys(HIDDEN, "")
    assert (found["is_disclosed"], found["country"], found["specialty"]) == (False, "US", "radiology")
    assert (found["need"], found["open_moves"]) == (lead.need, ["accept", "decline"])
    assert "partner" not in found and "score" not in found


def test_once_it_has_accepted_it_reads_everything(theirs, northgate, moment):
    lead = make.offered(northgate, moment)
    found = post(theirs, f"leads/{lead.pk}/accept/").json()
    assert (found["state"], found["is_disclosed"]) == ("accepted", True)
    assert {name: found[name] for name in make.CANARIES} == make.CANARIES
    assert found["open_moves"] == ["note_contact", "hand_back", "convert", "lose"]


@pytest.mark.parametrize(
    "query", ["search=Zyxquill", "search=jabberina@zyxquill.example", "search=Vorpalminster"]
)
def test_a_partner_cannot_ask_for_what_it_may_not_read(theirs, northgate, moment, query):
    lead = make.offered(northgate, moment)
    assert theirs.get(f"/api/v1/leads/?{query}").json()["results"] == []
    post(theirs, f"leads/{lead.pk}/accept/")
    assert len(theirs.get(f"/api/v1/leads/?{query}").json()["results"]) == 1


@pytest.mark.parametrize(
    "query", ["partner=x", "market=us", "source=event", "external_ref=x", "ordering=customer_name"]
)
def test_what_only_the_vendor_may_ask_is_refused(theirs, query):
    assert theirs.get(f"/api/v1/leads/?{query}").status_code == 400


def test_the_whole_way_of_a_lead(theirs, ours, northgate, moment):
    lead = make.offered(northgate, moment)
    post(theirs, f"leads/{lead.pk}/accept/")
    called = post(theirs, f"leads/{lead.pk}/note-contact/", way="phone", note="They want a demo.")
    assert called.json()["contacted_by"] == "phone"
    missing = post(theirs, f"leads/{lead.pk}/convert/")
    assert missing.status_code == 400
    assert {error["pointer"] for error in missing.json()["errors"]} == {
        "/expected_close_on",
        "/no_patient_data",
    }
    close = (moment.date() + timedelta(days=60)).isoformat()
    done = post(theirs, f"leads/{lead.pk}/convert/", expected_close_on=close, no_patient_data=True)
    assert done.status_code == 200, done.content
    deal = theirs.get(f"/api/v1/deals/{done.json()['deal']['id']}/").json()
    assert (deal["state"], deal["customer_name"], deal["origin_number"]) == (
        "submitted",
        "Zyxquill Infirmary",
        "L-1001",
    )


def test_a_declined_lead_is_gone(theirs, northgate, moment):
    lead = make.offered(northgate, moment)
    answer = post(theirs, f"leads/{lead.pk}/decline/", reason="too_far")
    assert answer.status_code == 200
    assert theirs.get(f"/api/v1/leads/{lead.pk}/").status_code == 404
    (offer,) = theirs.get("/api/v1/lead-offers/").json()["results"]
    assert (offer["state"], offer["reason"]) == ("declined", "too_far")


def test_who_comes_second_to_the_pool_is_told(program, northgate, sam, api_of, moment):
    from tests.factories import make_partner_user

    other = make.ready("Other Health")
    late = make_partner_user("late@other.example", "Lara Late", other, "partner_seller", moment)
    lead = make.pooled(moment)
    first, second = api_of(sam, northgate), api_of(late, other)
    assert [c.get("/api/v1/leads/").json()["results"][0]["number"] for c in (first, second)] == ["L-1001"] * 2
    assert post(first, f"leads/{lead.pk}/accept/").status_code == 200
    refused = post(second, f"leads/{lead.pk}/accept/")
    assert refused.status_code == 409
    assert refused.json()["detail"] == "Another partner was faster: this lead is taken."
    assert second.get(f"/api/v1/leads/{lead.pk}/").status_code == 404


def test_the_vendor_s_moves(ours, northgate, albion, moment):
    lead = make.entered(moment)
    offered = post(ours, f"leads/{lead.pk}/offer/", partner=str(northgate.pk), reason="customer_wish")
    assert offered.json()["state"] == "offered"
    assert post(ours, f"leads/{lead.pk}/withdraw-offer/", reason="wrong_partner").json()["state"] == "new"
    assert post(ours, f"leads/{lead.pk}/pool/").json()["state"] == "pooled"
    assert post(ours, f"leads/{lead.pk}/withdraw-offer/", reason="wrong_partner").json()["state"] == "new"
    assert post(ours, f"leads/{lead.pk}/route/").json()["partner"]["name"] == northgate.name
    post(ours, f"leads/{lead.pk}/withdraw-offer/", reason="wrong_partner")
    assert post(ours, f"leads/{lead.pk}/close/", reason="no_partner").json()["state"] == "closed"
    assert post(ours, f"leads/{lead.pk}/reopen/").json()["state"] == "new"


def test_a_change_needs_the_version_that_was_read(ours, moment):
    lead = make.entered(moment)
    path, change = f"/api/v1/leads/{lead.pk}/", json.dumps({"contact_role": "CIO"})
    assert ours.patch(path, change, content_type="application/json").status_code == 428
    tag = ours.get(path)["ETag"]
    changed = ours.patch(path, change, content_type="application/json", headers={"if-match": tag})
    assert changed.json()["contact_role"] == "CIO"
    assert (
        ours.patch(path, change, content_type="application/json", headers={"if-match": tag}).status_code
        == 412
    )


def test_a_list_is_read_in(ours):
    rows = "customer_name,country\nLarkhill,US\nElmhill,XX\n"
    tried = post(ours, "leads/import/", rows=rows, dry_run=True).json()
    assert (tried["saved"], tried["added"], tried["refused"], Lead.objects.count()) == (False, 1, 1, 0)
    done = post(ours, "leads/import/", rows=rows).json()
    assert (done["rows"][0]["number"], done["rows"][1]["result"]) == ("L-1001", "refused")


def test_which_leads_a_partner_takes(ours, northgate):
    made = post(
        ours,
        "lead-profiles/",
        partner=str(northgate.pk),
        languages=["en"],
        specialties=["oncology"],
        capacity=3,
    )
    assert made.status_code == 201
    assert LeadProfile.objects.get().capacity == 3
    path = f"/api/v1/lead-profiles/{made.json()['id']}/"
    changed = ours.patch(
        path, json.dumps({"capacity": None}), content_type="application/json", headers={"if-match": "*"}
    )
    assert (changed.json()["capacity"], changed.json()["specialties"]) == (None, ["oncology"])


def test_a_contact_is_referred_and_followed(theirs, ours, maya, acting, moment):
    facts = {
        "customer_name": "Dales Hospice", "country": "US", "contact_name": "Ines Prado",
        "contact_email": "ines@dales.example", "consented_on": moment.date().isoformat(), "has_consent": True,
        "external_ref": "R-7",
    }  # fmt: skip
    assert post(theirs, "referrals/", **{**facts, "has_consent": False}).status_code == 400
    made = post(theirs, "referrals/", **facts)
    assert (made.status_code, made.json()["progress"]) == (201, "received")
    assert post(theirs, "referrals/", **facts).json()["id"] == made.json()["id"]
    assert "lead" not in made.json()
    lead = Referral.objects.get().lead
    assert ours.get("/api/v1/referrals/").json()["results"][0]["lead"] == str(lead.pk)
    actions.close_lead(by=SYSTEM, lead=lead, reason="no_partner", at=moment)
    assert theirs.get(f"/api/v1/referrals/{made.json()['id']}/").json()["progress"] == "closed"
    assert theirs.get(f"/api/v1/leads/{lead.pk}/").status_code == 404


def test_the_rules_and_specialties_are_read_by_both_sides(theirs, ours):
    for client in (theirs, ours):
        assert client.get("/api/v1/routing-rules/").json()["results"][0]["code"] == "in_turn"
        assert len(client.get("/api/v1/specialties/").json()["results"]) == 3


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    ours, northgate, moment, n, django_assert_max_num_queries
):
    for number in range(n):
        make.offered(northgate, moment, customer_name=f"C{number}")
    ours.get("/api/v1/leads/")
    with django_assert_max_num_queries(16):
        assert len(ours.get("/api/v1/leads/").json()["results"]) == n


def test_the_offer_is_in_the_partner_s_queue(theirs, northgate, moment):
    make.offered(northgate, moment)
    (row,) = theirs.get("/api/v1/work-queue/").json()["results"]
    assert row["kind"] == "lead_answer"
    assert LeadOffer.objects.count() == 1


def test_what_is_wrong_is_named(ours):
    refused = post(
        ours,
        "leads/",
        **body(country="XX", need="Larkhill wants it.", amount={"amount": "-1", "currency": "USD"}),
    )
    assert refused.status_code == 400
    with pytest.raises(ValidationError):
        actions.enter_lead(by=SYSTEM, at=now(), **{**make.facts(), "need": "Zyxquill"})
