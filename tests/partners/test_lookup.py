"""Finding the organisations that a customer may be."""

import pytest

from partners import actions
from partners.lookup import (
    find_doubles,
    find_organizations,
    note_organizations,
    profiles_of,
    proving_nothing,
    typed,
)
from partners.models import Organization, OrganizationIdentifier, OrganizationKey, OrganizationName
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def brannoc(at):
    return make_organization(
        "St. Brannoc's Hospital", "GB", at, city="Whitby", website="https://brannoc.example"
    )


def ids(profile) -> list:
    return [found.id for found in find_organizations(profile)]


@pytest.mark.parametrize(
    "name", ["Saint Brannocs Hospital", "ST BRANNOC HOSP", "St. Branoc's Hospital", "Hospital of St Brannoc"]
)
def test_an_organization_is_found_however_it_is_typed(brannoc, name, at):
    make_organization("St. Peter's Hospital", "GB", at, city="Whitby")
    found = find_organizations(typed(name, city="Whitby", country="GB"))
    assert found[0].id == brannoc.pk
    assert found[0].likeness.evidence.is_same


def test_one_of_another_country_or_name_is_not_found(brannoc):
    assert not ids(typed("St. Brannoc's Hospital", city="Whitby", country="FR"))
    assert not ids(typed("Quite Another", city="Selby", country="GB"))


def test_it_is_found_by_its_domain_its_other_names_and_its_identifiers(brannoc, at):
    OrganizationName.objects.create(organization=brannoc, name="Moorland Infirmary", kind="former")
    OrganizationIdentifier.objects.create(organization=brannoc, scheme="ods", value="RX1")
    note_organizations([brannoc.pk])

    assert ids(typed("Zzz", country="GB", websites=["www.brannoc.example"])) == [brannoc.pk]
    assert ids(typed("Moorland Infirmary", city="Whitby", country="GB")) == [brannoc.pk]
    found = find_organizations(typed("Zzz", country="GB", identifiers=[("ods", "RX1")]))
    assert [(one.id, one.likeness.score) for one in found] == [(brannoc.pk, 1)]


def test_a_changed_name_finds_it_and_so_does_the_former_one_until_it_is_removed(brannoc, maya, acting, at):
    former = typed("St. Brannoc's Hospital", city="Whitby", country="GB")
    by = acting(maya)
    actions.change_organization(by=by, organization=brannoc, at=at, name="Quarrydale Clinic")
    assert ids(typed("Quarrydale Clinic", city="Whitby", country="GB")) == [brannoc.pk]
    assert ids(former) == [brannoc.pk]
    actions.remove_name(by=by, organization=brannoc, name="St. Brannoc's Hospital", at=at)
    assert not ids(former)


def test_after_a_merge_the_one_that_stays_is_found_by_both_names(brannoc, at, system):
    other = make_organization("Quarrydale Clinic", "GB", at, city="Selby")
    asked = typed("Quarrydale Clinic", city="Whitby", country="GB")
    merge = actions.merge_organizations(by=system, organization=other, into=brannoc, at=at)
    assert ids(asked) == [brannoc.pk]
    actions.undo_restructuring(by=system, restructuring=merge, at=at)
    assert ids(typed("Quarrydale Clinic", city="Selby", country="GB")) == [other.pk]
    assert not ids(asked) or ids(asked) == [other.pk]


def test_doubles_of_an_organization_are_others(brannoc, at):
    double = make_organization("Saint Brannoc Hospital", "GB", at, city="Whitby")
    assert [found.id for found in find_doubles(brannoc)] == [double.pk]


def test_noting_again_writes_nothing(brannoc, django_assert_num_queries):
    note_organizations([brannoc.pk])
    with django_assert_num_queries(4):  # the savepoint, the facts, the keys, and the end of the savepoint
        note_organizations([brannoc.pk])


def test_the_keys_are_those_of_the_facts(brannoc):
    kept = set(OrganizationKey.objects.filter(owner=brannoc).values_list("key", flat=True))
    assert kept == profiles_of([brannoc.pk])[brannoc.pk].keys


def test_a_domain_of_more_than_ten_proves_nothing(at):
    for number in range(10):
        make_organization(f"House {number}", "GB", at, website="https://network.example")
    assert not proving_nothing(["network.example"])
    make_organization("House 11", "GB", at, website="https://network.example")
    assert proving_nothing(["network.example"]) == {"network.example"}
    assert not ids(typed("Quite Another", country="GB", websites=["network.example"]))


def test_a_key_that_very_many_share_is_not_read(at, monkeypatch):
    monkeypatch.setattr("partners.lookup.MOST_OWNERS", 2)
    for number in range(3):
        make_organization(f"Alder {number} Hospital", "GB", at, city="Selby")
    assert not ids(typed("Quite Hospital", city="Selby", country="GB"))
    assert Organization.objects.count() == 3


def test_the_cost_is_the_same_for_one_and_for_many(brannoc, at, django_assert_num_queries):
    asked = typed("St. Brannoc's Hospital", city="Whitby", country="GB", websites=["brannoc.example"])
    with django_assert_num_queries(3):
        find_organizations(asked)
    for number in range(5):
        make_organization(f"St. Brannoc's Annexe {number}", "GB", at, city="Whitby")
    with django_assert_num_queries(3):
        find_organizations(asked)
