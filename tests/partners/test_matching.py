"""Whether two records are one customer."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.matching import Customer, Profile, likeness, weigh
from partners.matching.evidence import FULL
from partners.matching.names import city_of, read

WORDS = (
    "St. Brannoc's Mercy Northgate General Hospital Krankenhaus Klinik Hôpital 病院 静岡 больница № 7 Dr. GmbH CHU of "
    "(formerly"
).split()
names = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), min_size=1, max_size=6).map(" ".join)
customers = st.builds(
    Customer,
    name=names,
    city=st.sampled_from(["", "Whitby", "Whitbury", "München", "静岡市"]),
    country=st.sampled_from(["", "GB", "DE", "JP"]),
    domain=st.sampled_from(["", "brannoc.example", "www.mercy.example", "gmail.com"]),
)  # fmt: skip


def same(a: str, b: str, city: str = "Whitby", country: str = "GB", **others: str) -> bool:
    return weigh(Customer(a, city, country), Customer(b, others.get("city_b", city), country)).is_same


@settings(deadline=None)
@given(customers, customers)
def test_the_score_is_the_same_from_both_sides_and_within_its_bounds(one, other):
    evidence = weigh(one, other)
    assert evidence == weigh(other, one)
    assert Decimal(0) <= evidence.score <= FULL


@settings(deadline=None)
@given(customers)
def test_a_customer_is_itself(customer):
    evidence = weigh(customer, customer)
    assert evidence.is_same
    assert evidence.score >= FULL * Decimal("0.9")


@settings(deadline=None)
@given(names, names)
def test_case_changes_nothing(name, other):
    plain = Customer(name, "Whitby", "GB")
    if name.upper().lower() == name.lower():
        assert weigh(plain, Customer(other, "Whitby", "GB")) == weigh(
            Customer(name.upper(), "WHITBY", "GB"), Customer(other, "Whitby", "GB")
        )


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_read_and_has_keys(text):
    read(Customer(text, text, "GB", text))
    assert Profile((text,), text, "GB").keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Brannoc's Hospital", "Saint Brannocs Hosp."),
        ("Northgate Hospital", "North Gate Hospital"),
        ("Universitätsklinikum Salberg", "University Hospital Salberg"),
        ("CHU Salberg", "Centre Hospitalier Universitaire de Salberg"),
        ("Kinderarztpraxis Dr. Haliert", "Kinderarztprtaxis Dr. Haliert"),
        ("Mercy Hospital", "Mercy Hospital, Department of Radiology"),
        ("Old Mill Clinic", "Bright Clinic (formerly Old Mill Clinic)"),
        ("Городская больница № 7", "Gorodskaya Bolnitsa No. 7"),
        ("静岡市中央病院", "静岡 中央病院"),
    ],
)
def test_what_people_write_differently_is_one_customer(one, other):
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Peter's Hospital", "St. Paul's Hospital"),
        ("Whitby General Hospital", "Whitby Children's Hospital"),
        ("Health Centre No. 7", "Health Centre No. 17"),
        ("Malider Clinic", "Walider Clinic"),
        ("Hospital East", "Hospital West"),
    ],
)
def test_neighbours_are_two_customers(one, other):
    assert not same(one, other)


def test_a_shared_domain_in_another_city_proves_nothing():
    here = Customer("Mercy Clinic", "Whitby", "GB", "united.example")
    there = Customer("Mercy Clinic", "Selby", "GB", "united.example")
    assert not weigh(here, there).is_same
    assert weigh(here, Customer("Mercy Clinic", "Whitby", "GB", "united.example")).is_same


def test_a_city_is_the_same_in_two_languages():
    assert city_of("Munich") == city_of("München")


def test_an_identifier_in_common_proves_it_whatever_the_names():
    one = Profile(("Mercy",), "Whitby", "GB", identifiers=frozenset({("ods", "RX1")}))
    other = Profile(("Quite Another",), "Selby", "GB", identifiers=frozenset({("ods", "RX1")}))
    assert likeness(one, other).score == 1
    other_scheme = Profile(("Quite Another",), "Selby", "GB", identifiers=frozenset({("npi", "RX1")}))
    assert not likeness(one, other_scheme).identifier


def test_a_domain_that_many_share_proves_nothing():
    one, other = (
        Profile((name,), "Whitby", "GB", frozenset({"united.example"})) for name in ("Mercy", "Mercy Hall")
    )
    assert likeness(one, other).domain == "united.example"
    assert not likeness(one, other, frozenset({"united.example"})).domain
