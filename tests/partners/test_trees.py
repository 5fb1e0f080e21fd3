"""Organisations in their trees: moved, merged, and both taken back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.errors import Conflict
from onboarding.models import Application
from partners import actions, rules
from partners.actions.restructuring import relations
from partners.models import (
    Organization,
    OrganizationDomain,
    OrganizationIdentifier,
    OrganizationKnowledge,
    OrganizationName,
    Partner,
)
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley(program):
    """Harbor Valley: an IDN with a hospital, and a service line below that."""
    top = make_organization("Harbor Valley Health", kind="idn")
    hospital = make_organization("Harbor Valley General", kind="hospital", parent=top)
    line = make_organization("Harbor Valley Radiology", kind="service_line", parent=hospital)
    return {"top": top, "hospital": hospital, "line": line}


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_new_organization_knows_the_root_of_its_tree(valley):
    assert valley["top"].root is None
    assert valley["line"].root == valley["top"]


def test_a_move_takes_all_below_along_and_gives_them_another_root(valley, system, at):
    other = make_organization("Ridgeline Health", kind="idn")
    done = actions.move_organization(by=system, organization=valley["hospital"], parent=other, at=at)
    assert done.state == "done"
    assert fresh(valley["hospital"]).root == other
    assert fresh(valley["line"]).root == other
    back = actions.undo_restructuring(by=system, restructuring=done, at=at)
    assert back.state == "done"
    assert fresh(done).state == "undone"
    assert fresh(valley["line"]).root == valley["top"]


def test_an_organization_taken_out_of_its_tree_is_a_root(valley, system, at):
    actions.move_organization(by=system, organization=valley["hospital"], parent=None, at=at)
    assert fresh(valley["hospital"]).root is None
    assert fresh(valley["line"]).root == valley["hospital"]


def test_nothing_stands_below_itself(valley, system, at):
    for parent in ("top", "line"):
        with pytest.raises(ValidationError, match="below itself"):
            actions.move_organization(by=system, organization=valley["top"], parent=valley[parent], at=at)


def test_a_move_that_was_followed_by_another_is_not_taken_back_first(valley, system, at):
    other = make_organization("Ridgeline Health")
    first = actions.move_organization(by=system, organization=valley["line"], parent=other, at=at)
    actions.move_organization(by=system, organization=valley["line"], parent=valley["top"], at=at)
    with pytest.raises(Conflict, match="moved again"):
        actions.undo_restructuring(by=system, restructuring=first, at=at)


def test_a_merge_moves_all_that_points_there_and_keeps_names_domains_and_identifiers(
    valley, northgate, system, at
):
    twin = make_organization("HV General Hospital", website="https://hvgh.example", legal_name="HVGH Inc")
    child = make_organization("HVGH Cardiology", parent=twin)
    actions.add_identifier(by=system, organization=twin, scheme="ccn", value="36-0180", at=at)
    actions.note_knowledge(organization=twin, partner=northgate, because="registered", at=at)
    done = actions.merge_organizations(by=system, organization=twin, into=valley["hospital"], at=at)
    hospital = fresh(valley["hospital"])
    assert done.state == "done"
    assert set(hospital.other_names.values_list("name", flat=True)) == {"HV General Hospital", "HVGH Inc"}
    assert list(hospital.domains.values_list("domain", flat=True)) == ["hvgh.example"]
    assert str(hospital.identifiers.get()) == "ccn 360180"
    assert fresh(child).parent == hospital
    assert fresh(child).root == valley["top"]
    assert OrganizationKnowledge.objects.get(partner=northgate, organization=hospital)
    assert fresh(twin).merged_into == hospital


def test_a_merge_is_undone_row_by_row(valley, northgate, system, at):
    home = make_organization("Ohio Hospitals")
    twin = make_organization("HV General Hospital", website="https://hvgh.example", parent=home)
    child = make_organization("HVGH Cardiology", parent=twin)
    actions.note_knowledge(organization=twin, partner=northgate, because="registered", at=at)
    done = actions.merge_organizations(by=system, organization=twin, into=valley["hospital"], at=at)
    actions.undo_restructuring(by=system, restructuring=done, at=at)
    twin = fresh(twin)
    assert (twin.merged_into, twin.parent, twin.root) == (None, home, home)
    assert fresh(child).root == home
    assert not valley["hospital"].other_names.exists()
    assert not valley["hospital"].domains.exists()
    assert twin.domains.get().domain == "hvgh.example"
    assert OrganizationKnowledge.objects.get(partner=northgate, because="registered").organization == twin


def test_what_both_have_stays_where_it_is(valley, northgate, system, at):
    twin = make_organization("HV General Hospital", website="https://same.example")
    actions.add_domain(by=system, organization=valley["hospital"], domain="www.same.example", at=at)
    for organization in (twin, valley["hospital"]):
        actions.note_knowledge(organization=organization, partner=northgate, because="lead", at=at)
    done = actions.merge_organizations(by=system, organization=twin, into=valley["hospital"], at=at)
    assert set(done.rows.filter(how="left").values_list("model", flat=True)) == {
        "partners.organizationdomain",
        "partners.organizationknowledge",
    }
    actions.undo_restructuring(by=system, restructuring=done, at=at)
    assert OrganizationDomain.objects.filter(domain="same.example").count() == 2


def test_the_upper_one_is_not_merged_into_what_lies_below_it(valley, system, at):
    with pytest.raises(ValidationError, match="lies below"):
        actions.merge_organizations(by=system, organization=valley["top"], into=valley["line"], at=at)


def test_two_partners_are_not_merged(northgate, albion, system, at):
    with pytest.raises(Conflict, match="Both are partners"):
        actions.merge_organizations(
            by=system, organization=northgate.organization, into=albion.organization, at=at
        )


def test_a_merge_may_move_the_one_partner(northgate, valley, system, at):
    actions.merge_organizations(by=system, organization=northgate.organization, into=valley["top"], at=at)
    assert Partner.objects.get(pk=northgate.pk).organization == valley["top"]


def test_what_was_merged_on_is_undone_in_turn(valley, system, at):
    twin, third = make_organization("Twin"), make_organization("Third")
    first = actions.merge_organizations(by=system, organization=twin, into=third, at=at)
    second = actions.merge_organizations(by=system, organization=third, into=valley["top"], at=at)
    with pytest.raises(Conflict, match="was merged into"):
        actions.undo_restructuring(by=system, restructuring=first, at=at)
    actions.undo_restructuring(by=system, restructuring=second, at=at)
    actions.undo_restructuring(by=system, restructuring=first, at=at)
    assert Organization.objects.filter(merged_into=None).count() == 5


def test_an_undo_that_would_close_a_circle_is_refused(valley, system, at):
    home = make_organization("Ohio Hospitals")
    twin = make_organization("Twin", parent=home)
    child = make_organization("Child", parent=twin)
    done = actions.merge_organizations(by=system, organization=twin, into=valley["top"], at=at)
    actions.move_organization(by=system, organization=home, parent=child, at=at)
    with pytest.raises(Conflict, match="The tree has changed"):
        actions.undo_restructuring(by=system, restructuring=done, at=at)


def test_a_merged_organization_takes_nothing_new(valley, system, at):
    twin = make_organization("Twin")
    actions.merge_organizations(by=system, organization=twin, into=valley["top"], at=at)
    with pytest.raises(Conflict, match="was merged into “Harbor Valley Health”"):
        actions.add_name(by=system, organization=fresh(twin), name="Other", at=at)
    with pytest.raises(Conflict):
        make_organization("Below", parent=fresh(twin))


def test_a_merged_organization_is_found_by_no_partner(valley, northgate, priya, acting, system, at):
    twin = make_organization("Twin")
    actions.note_knowledge(organization=twin, partner=northgate, because="registered", at=at)
    seen = Organization.objects.visible_to(acting(priya))
    assert twin in seen
    actions.merge_organizations(by=system, organization=twin, into=valley["top"], at=at)
    assert set(seen.filter(name__in=["Twin", "Harbor Valley Health"])) == {valley["top"]}


def test_a_partner_does_not_find_a_customer_by_another_name(valley, northgate, system, at):
    actions.add_name(by=system, organization=valley["top"], name="Seaport Clinics", at=at)
    assert valley["top"] in Organization.by_every_name.matching("seaport")
    assert valley["top"] not in Organization.objects.matching("seaport")


def test_a_change_of_name_keeps_the_former_one(valley, system, at):
    actions.change_organization(by=system, organization=valley["top"], at=at, name="Valley Health")
    assert [(n.name, n.kind) for n in OrganizationName.objects.all()] == [("Harbor Valley Health", "former")]


def test_only_who_arranges_organizations_merges_them(valley, maya, dirk, acting, at):
    twin = make_organization("Twin")
    with pytest.raises(PermissionDenied):
        actions.merge_organizations(by=acting(maya), organization=twin, into=valley["top"], at=at)
    assert actions.merge_organizations(by=acting(dirk), organization=twin, into=valley["top"], at=at)


@pytest.mark.parametrize(
    ("scheme", "value", "is_right"),
    [
        ("npi", "1234567893", True), ("npi", "1234567890", False), ("ccn", "360180", True), ("ccn", "36018", False),
        ("ods", "RJ1", True), ("lei", "5493001KJTIIGC8Y1R12", True), ("lei", "5493001KJTIIGC8Y1R13", False),
        ("abn", "51824753556", True), ("abn", "51824753557", False), ("duns", "150483782", True),
        ("corporate_number", "8700110005901", True), ("corporate_number", "9700110005901", False),
        ("vat", "DE129273398", True), ("vat", "129273398", False), ("company_number", "HRB12345", True),
        ("npi", "١٢٣٤٥٦٧٨٩٣", False),
    ],
)  # fmt: skip
def test_an_identifier_has_its_scheme_s_shape_and_check_digits(scheme, value, is_right):
    assert rules.is_identifier(scheme, value) is is_right


def test_a_wrong_number_is_refused_and_a_right_one_written_plainly(valley, system, at):
    with pytest.raises(ValidationError, match="ten digits"):
        actions.add_identifier(by=system, organization=valley["top"], scheme="npi", value="12", at=at)
    actions.add_identifier(by=system, organization=valley["top"], scheme="npi", value="1234 567-893", at=at)
    assert OrganizationIdentifier.objects.get().value == "1234567893"
    with pytest.raises(ValidationError, match="Another organization has this identifier"):
        actions.add_identifier(
            by=system, organization=valley["line"], scheme="npi", value="1234567893", at=at
        )


def test_names_domains_and_identifiers_are_taken_away_again(valley, system, at):
    top = valley["top"]
    actions.add_name(by=system, organization=top, name="HV", at=at)
    actions.add_domain(by=system, organization=top, domain="hv.example", at=at)
    actions.add_identifier(by=system, organization=top, scheme="ods", value="RJ1", at=at)
    actions.remove_name(by=system, organization=top, name="HV", at=at)
    actions.remove_domain(by=system, organization=top, domain="hv.example", at=at)
    actions.remove_identifier(by=system, organization=top, scheme="ods", value="rj1", at=at)
    assert not (top.other_names.exists() or top.domains.exists() or top.identifiers.exists())
    with pytest.raises(ValidationError):
        actions.remove_name(by=system, organization=top, name="HV", at=at)


def test_every_relation_to_an_organization_is_one_that_a_merge_can_move():
    """A table with its own shape of reference needs thought before it is merged."""
    found = {f"{model._meta.label_lower}.{field.name}" for model, field in relations()}
    assert {
        "partners.partner.organization",
        "partners.organization.parent",
        "deals.deal.organization",
    } <= found
    assert f"{Application._meta.label_lower}.organization" in found
    assert all(hasattr(model, "version") for model, _field in relations())
