"""What a registration claims in a tree of customers, and that protections never reach one node together."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from catalog.models import Product
from core.actors import SYSTEM
from core.errors import Conflict
from deals.actions import approve_deal, submit_deal
from deals.models import ConflictCheck, Deal, Protection
from partners import actions as organizations
from partners.models import Organization
from tests.deals.factories import approved, draft, facts, submitted
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley(program):
    top = make_organization("Harbor Valley Health", kind="idn")
    hospital = make_organization("Harbor Valley General", kind="hospital", parent=top)
    line = make_organization("Harbor Valley Radiology", kind="service_line", parent=hospital)
    return {"top": top, "hospital": hospital, "line": line}


ALL = {"includes_below": True, "scope_reason": "One budget for all hospitals."}


def test_a_claim_to_all_below_needs_its_reason(northgate, at):
    deal = draft(northgate, at, includes_below=True)
    with pytest.raises(ValidationError, match="Say why"):
        submit_deal(by=SYSTEM, deal=deal, at=at)


def test_a_claim_to_all_below_is_approved_by_the_deal_desk_alone(valley, northgate, maya, dirk, acting, at):
    deal = submitted(northgate, at, valley["top"], **ALL)
    with pytest.raises(PermissionDenied, match="deal desk"):
        approve_deal(by=acting(maya), deal=deal, at=at)
    approve_deal(by=acting(dirk), deal=deal, at=at)
    assert Protection.objects.get().includes_below


@pytest.mark.parametrize(
    ("held", "held_all", "claimed", "claimed_all", "is_free"),
    [
        ("top", False, "hospital", False, True),
        ("top", True, "hospital", False, False),
        ("top", True, "line", False, False),
        ("line", False, "top", False, True),
        ("line", False, "top", True, False),
        ("line", False, "hospital", True, False),
        ("hospital", False, "hospital", False, False),
        ("hospital", False, "hospital", True, False),
        ("hospital", True, "top", False, True),
    ],
)
def test_two_claims_overlap_where_one_reaches_down_to_the_other(
    valley, northgate, albion, at, held, held_all, claimed, claimed_all, is_free
):
    approved(northgate, at, valley[held], **(ALL if held_all else {}))
    claim = {"customer_name": "Other name", **(ALL if claimed_all else {})}
    if is_free:
        approved(albion, at, valley[claimed], **claim)
        assert Protection.objects.count() == 2
        return
    with pytest.raises(Conflict, match="Another partner is protected on this customer until"):
        approved(albion, at, valley[claimed], **claim)
    assert Protection.objects.count() == 1


def test_another_product_is_another_claim(valley, northgate, albion, at):
    approved(northgate, at, valley["top"], **ALL)
    approved(albion, at, valley["line"], products=[Product.objects.get(code="imaging")])
    assert Protection.objects.count() == 2


def test_a_merge_that_would_let_two_protections_meet_waits(valley, northgate, albion, system, at):
    twin = make_organization("HV General")
    approved(northgate, at, valley["hospital"])
    approved(albion, at, twin, customer_name="HV General")
    asked = organizations.merge_organizations(by=system, organization=twin, into=valley["hospital"], at=at)
    assert asked.state == "waiting"
    assert Organization.objects.get(pk=twin.pk).merged_into is None
    assert Deal.objects.filter(organization=twin).count() == 1
    with pytest.raises(Conflict, match="waits for the decision"):
        organizations.move_organization(by=system, organization=twin, parent=valley["top"], at=at)
    given_up = organizations.abandon_restructuring(by=system, restructuring=asked, at=at)
    assert given_up.state == "abandoned"


def test_a_move_below_a_protected_network_waits(valley, northgate, albion, system, at):
    clinic = make_organization("Clinic")
    approved(northgate, at, valley["top"], **ALL)
    approved(albion, at, clinic, customer_name="Clinic")
    asked = organizations.move_organization(by=system, organization=clinic, parent=valley["line"], at=at)
    assert asked.state == "waiting"
    assert Organization.objects.get(pk=clinic.pk).parent is None


def test_an_undo_that_would_let_two_protections_meet_waits(valley, northgate, albion, system, at):
    clinic = make_organization("Clinic", parent=valley["hospital"])
    out = organizations.move_organization(by=system, organization=clinic, parent=None, at=at)
    approved(albion, at, clinic, customer_name="Clinic")
    approved(northgate, at, valley["top"], **ALL)
    back = organizations.undo_restructuring(by=system, restructuring=out, at=at)
    assert (back.state, back.kind) == ("waiting", "undo")


def test_one_partner_is_not_protected_twice_by_a_merge(valley, northgate, system, at):
    twin = make_organization("HV General")
    approved(northgate, at, valley["hospital"])
    approved(northgate, at, twin, customer_name="HV General")
    with pytest.raises(Conflict, match="protected twice"):
        organizations.merge_organizations(by=system, organization=twin, into=valley["hospital"], at=at)


def test_a_protection_that_is_over_holds_up_no_merge(valley, northgate, albion, system, at):
    twin = make_organization("HV General")
    approved(northgate, at, valley["hospital"], days=10)
    approved(albion, at, twin, customer_name="HV General")
    later = at + timedelta(days=30)
    done = organizations.merge_organizations(by=system, organization=twin, into=valley["hospital"], at=later)
    assert done.state == "done"
    assert Deal.objects.get(partner=northgate).state == "expired"


def test_a_merge_takes_registrations_along_and_compares_open_ones_anew(valley, northgate, albion, system, at):
    twin = make_organization("HV General")
    mine = submitted(northgate, at, valley["hospital"])
    theirs = submitted(albion, at, twin, customer_name="HV General")
    before = ConflictCheck.objects.filter(deal=mine).count()
    organizations.merge_organizations(by=system, organization=twin, into=valley["hospital"], at=at)
    theirs.refresh_from_db()
    assert theirs.organization == valley["hospital"]
    assert ConflictCheck.objects.filter(deal=mine).count() == before + 1
    assert theirs.conflict_verdict == "hard"
    assert theirs.state == "submitted"


def test_a_customer_that_was_merged_away_is_not_linked_any_more(valley, northgate, system, at):
    twin = make_organization("HV General")
    organizations.merge_organizations(by=system, organization=twin, into=valley["hospital"], at=at)
    with pytest.raises(Conflict, match="was merged into"):
        submitted(northgate, at, twin)


def test_the_portal_says_what_is_claimed(valley, northgate, priya, browser_of, at):
    deal = submitted(northgate, at, valley["top"], **ALL)
    page = browser_of(priya).get(deal.portal_url).content.decode()
    assert "The customer and all that belongs to it" in page
    assert "One budget for all hospitals." in page


def test_a_partner_claims_all_below_over_the_api(northgate, priya, api_of):
    body = {
        **{k: v for k, v in facts().items() if k not in ("products", "amount", "expected_close_on")},
        "products": ["triage"], "amount": {"amount": "1000.00", "currency": "USD"}, "expected_close_on": "2027-11-15",
        "includes_below": True,
    }  # fmt: skip
    api = api_of(priya, northgate)
    refused = api.post("/api/v1/deals/", body, content_type="application/json")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/scope_reason"
    body["scope_reason"] = "One tender."
    made = api.post("/api/v1/deals/", body, content_type="application/json")
    assert (made.status_code, made.json()["includes_below"]) == (201, True)
