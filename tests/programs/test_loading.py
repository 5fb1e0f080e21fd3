"""Loading a program: sentences for what changes, nothing twice, nothing by halves."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.roles import Permission
from catalog.models import Channel, Market, Product, ReasonCode
from catalog.querysets import market_of, setting
from core.actors import SYSTEM, Actor
from core.errors import Conflict
from core.models import Vendor
from core.program_file import ProgramFileError, sync
from deals.models import ProtectionLength
from deals.rules import usual_length
from events.models import Event
from partners.models import Category, CategoryMapping, Organization, Partner
from prm.program import load_program
from tiers.models import ProgramVersion, Requirement, Tier

FILE = Path(__file__).parents[2] / "programs" / "healthcare-ai.yaml"
CONNECT = next(line for line in FILE.read_text().splitlines(keepends=True) if line.startswith("  connect:"))
pytestmark = pytest.mark.django_db


@pytest.fixture
def load(at):
    def load_file(path=FILE, **options):
        return load_program(by=SYSTEM, path=path, at=at, **options)

    return load_file


@pytest.fixture
def changed(tmp_path):
    """The shipped program with some words replaced, each of which occurs."""

    def with_words(*pairs):
        text = FILE.read_text()
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "changed.yaml"
        path.write_text(text)
        return path

    return with_words


def test_the_shipped_program_becomes_rows(load):
    load()

    assert (Vendor.current().name, Vendor.current().currency) == ("Corvane", "USD")
    assert Market.objects.active().count() == 6
    assert market_of("CA").code == "canada"
    assert Channel.objects.get(code="oem").investment["raw"] == "$4-6M"
    assert setting("review.reminder_days") == [30, 14, 7, 1]
    assert ReasonCode.objects.filter(domain="deal_rejection", code="already_protected").exists()
    assert Category.objects.filter(parent__taxonomy__code="strategy").count() == 24
    assert Category.objects.get(code="channel").source["lines"] == "29-33"
    assert CategoryMapping.objects.filter(
        source_category__code="vars", target_category__code="channel"
    ).exists()


@pytest.mark.parametrize(
    ("customer", "days"),
    [
        ({"kind": "hospital_system", "is_public_body": False}, 90),
        ({"kind": "hospital_system", "is_public_body": True}, 270),
        ({"kind": "idn", "is_public_body": False}, 270),
    ],
)
def test_the_shipped_program_protects_large_customers_longer(load, customer, days):
    load()
    lengths, usual = ProtectionLength.objects.as_rules(), setting("deal.protection_days")

    facts = {"type_code": "resale", "tier": "", **customer}
    assert usual_length(lengths, usual, date(2026, 11, 24), None, **facts).days == days


def test_named_companies_become_prospects_and_nothing_else(load):
    load()

    assert Organization.objects.get(name="Mayo Clinic").is_prospect
    assert not Organization.objects.filter(is_prospect=False).exists()
    assert not Partner.objects.exists()


def test_the_same_file_twice_changes_nothing_and_says_nothing(load):
    assert load()
    versions = dict(Market.objects.values_list("code", "version"))
    events = Event.objects.count()

    assert load() == []
    assert dict(Market.objects.values_list("code", "version")) == versions
    assert Event.objects.count() == events


def test_loading_is_one_event(load):
    changes = load()

    assert [event.data for event in Event.objects.filter(type="program.loaded")] == [
        {"changes": len(changes)}
    ]


def test_a_change_is_told_in_a_sentence(load, changed):
    load()
    path = changed(
        ("investment: $5-8M", "investment: $5-9M"),
        ("Corvane Flow", "Corvane Beds"),
        ("time_zone: Asia/Tokyo", "time_zone: Asia/Seoul"),
    )

    assert load(path) == [
        "Market Japan, time zone: Asia/Tokyo becomes Asia/Seoul",
        "Channel Indirect Channel, investment: $5,000,000 to $8,000,000 becomes $5,000,000 to $9,000,000",
        "Product Corvane Flow, name: Corvane Flow becomes Corvane Beds",
    ]
    assert load(path) == []
    assert Product.objects.get(code="flow").name == "Corvane Beds"


def test_a_dry_run_says_the_same_and_changes_nothing(load, changed):
    load()
    events = Event.objects.count()
    path = changed(("Corvane Flow", "Corvane Beds"))

    assert load(path, dry_run=True) == ["Product Corvane Flow, name: Corvane Flow becomes Corvane Beds"]
    assert (Product.objects.get(code="flow").name, Event.objects.count()) == ("Corvane Flow", events)


def test_a_dry_run_on_an_empty_database_leaves_it_empty(load):
    assert load(dry_run=True)
    assert not Market.objects.exists() and not Event.objects.exists()


def test_a_dry_run_of_what_is_loaded_says_nothing(load):
    load()

    assert load(dry_run=True) == []


def test_what_leaves_the_file_is_retired_and_can_come_back(load, changed):
    load()
    path = changed((CONNECT, ""))

    assert load(path) == ["Product Corvane Connect is no longer in use"]
    assert Product.objects.get(code="connect").is_active is False
    assert load(path) == []
    assert "Product Corvane Connect is in use again" in load()


def test_a_file_with_a_problem_changes_nothing(load, changed):
    path = changed(("rank: 2\n", "rank: two\n"), ("Corvane Flow", "Corvane Beds"))

    with pytest.raises(
        ProgramFileError, match=r"changed\.yaml:\d+ tier_programs\.partner_levels\.tiers\.silver\.rank: “two”"
    ):
        load(path)
    assert not Market.objects.exists()


def test_what_a_model_refuses_is_told_with_its_line(load, changed):
    path = changed(("      investors:\n", "      channel:\n"))

    with pytest.raises(
        ProgramFileError, match=r"changed\.yaml:\d+ taxonomies\.framework\.categories\.channel\.code"
    ):
        load(path)
    assert not Market.objects.exists()


def test_a_setting_that_nobody_reads_is_refused(load, changed):
    with pytest.raises(ProgramFileError, match="there is no setting “deal.protection_weeks”"):
        load(changed(("    protection_days:", "    protection_weeks:")))


def test_loading_needs_the_permission(at):
    reader = Actor(kind="user", label="reader", permissions=frozenset({Permission.PARTNER_VIEW}))

    with pytest.raises(Exception, match="does not allow"):
        load_program(by=reader, path=FILE, at=at)


def test_a_row_without_a_mark_of_retirement_is_deleted_only_if_nothing_uses_it(northgate):
    """An organization stands for a model without `is_active`: one of the two has a partner."""
    Organization.objects.create(name="Unused Clinic")

    with pytest.raises(Conflict, match="is in use and cannot leave the program file"):
        list(sync(Organization, {}, name="Organization", by="name", within={"pk": northgate.organization_id}))
    assert list(sync(Organization, {}, name="Organization", by="name", within={"name": "Unused Clinic"})) == [
        "Organization Unused Clinic is removed"
    ]


# The tier program -----------------------------------------------------------------------------------------------


def revenue_of_gold(number):
    return Requirement.objects.get(
        tier__program_version__number=number, tier__code="gold", metric="annual_revenue"
    ).threshold


def test_the_first_version_is_published_where_it_is_asked_for(load):
    assert "Partner certification levels, version 1 is in force" in load(activate=True)
    assert load(activate=True) == []
    assert {version.state for version in ProgramVersion.objects.all()} == {"active"}


def test_without_being_asked_nothing_is_published(load):
    load()

    assert not ProgramVersion.objects.active().exists()


def test_a_published_version_is_never_changed_in_place(load, changed):
    load(activate=True)
    path = changed(("threshold: $2M+", "threshold: $2.5M+"))

    changes = load(path, activate=True)

    assert "Tier Gold, Annual revenue, threshold: $2,000,000 becomes $2,500,000" in changes
    assert (revenue_of_gold(1), revenue_of_gold(2)) == (200_000_000, 250_000_000)
    versions = ProgramVersion.objects.filter(program__code="partner_levels").order_by("number")
    assert [(v.number, v.state) for v in versions] == [
        (1, "active"),
        (2, "draft"),
    ]
    assert load(path, activate=True) == []


def test_a_dry_run_names_tier_requirement_old_and_new(load, changed):
    load(activate=True)
    path = changed(("threshold: $2M+", "threshold: $2.5M+"))

    told = load(path, dry_run=True)

    assert [s for s in told if "Gold" in s] == [
        "Tier Gold, Annual revenue, threshold: $2,000,000 becomes $2,500,000"
    ]
    assert set(ProgramVersion.objects.values_list("number", flat=True)) == {1}


def test_what_the_document_does_not_state_is_null(load):
    load()

    of_levels = Tier.objects.filter(program_version__program__code="partner_levels")
    assert dict(of_levels.filter(co_marketing__isnull=True).values_list("code", "rank")) == {
        "authorized": 1,
        "silver": 2,
    }


def test_a_program_that_was_run_before_has_held_its_rules_since_a_day(load, at):
    with pytest.raises(ValidationError, match="still to come"), transaction.atomic():
        load(activate=True, since=at.date() + timedelta(days=1))
    load(activate=True, since=date(2024, 1, 1))
    in_force = ProgramVersion.objects.filter(state="active")
    assert set(in_force.values_list("effective_from", flat=True)) == {date(2024, 1, 1)}
    told = Event.objects.filter(type="program_version.activated")
    assert set(told.values_list("at", flat=True)) == {at}


# The command ----------------------------------------------------------------------------------------------------


def test_the_command_prints_a_sentence_per_change_and_then_nothing(capsys):
    call_command("load_program", FILE)
    first = capsys.readouterr().out.splitlines()
    call_command("load_program", FILE, "--dry-run")

    assert "Market Japan is new" in first
    assert capsys.readouterr().out == ""


def test_the_command_lists_all_problems(changed):
    path = changed(
        ("name: Silver\n        rank: 2\n", "name: Silver\n        rank: two\n"),
        ("margin: {value: 25-30%", "margin: {value: 24-30%"),
    )

    with pytest.raises(CommandError) as caught:
        call_command("load_program", path)
    assert len(str(caught.value).splitlines()) == 2


def test_the_command_says_when_there_is_no_file():
    with pytest.raises(CommandError, match="There is no file"):
        call_command("load_program", "nowhere.yaml")
