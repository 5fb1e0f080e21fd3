"""Registrations from a file: read however it was written, checked line by line, registered once."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import partner_actor, vendor_actor
from catalog.models import Setting
from core.clock import now
from core.errors import Conflict
from core.saving import save
from deals import actions
from deals.imports import columns, reading, report, work
from deals.models import Deal, DealImport
from deals.tasks import work_on_imports
from events.models import Event
from tests import factories
from tests.deals import factories as make

CLOSE = (now() + timedelta(days=90)).date().isoformat()
HEAD = "reference,Customer,Country,Products,Value,Currency,Expected close,What you have done so far,No patient data"


def line(reference: str, customer: str = "Larkhill Community Hospital", **changes: str) -> str:
    cells = {"country": "US", "products": "triage", "value": "310000", "currency": "USD", "close": CLOSE,
             "did": "Met the CNO.", "safe": "yes", **changes}  # fmt: skip
    return ",".join([reference, customer, *cells.values()])


def file(*lines: str) -> bytes:
    return "\n".join([HEAD, *lines]).encode()


def send(person, partner, content: bytes, submits: bool = True, **more) -> DealImport:
    by = more.pop("by", None) or partner_actor(person)
    found = actions.start_import(
        by=by, partner=partner, name="deals.csv", content=content, submits=submits, at=now()
    )
    work_on_imports()
    found.refresh_from_db()
    return found


def confirm(person, found: DealImport) -> DealImport:
    actions.confirm_import(by=partner_actor(person), deal_import=found, at=now())
    work_on_imports()
    found.refresh_from_db()
    return found


def outcomes(found: DealImport) -> list[str]:
    return [row.outcome for row in found.rows.all()]


# Reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_file_is_read_however_it_was_written(encoding, sign):
    content = f"Customer{sign}City\r\nKlinikum Süd{sign}Köln\r\n\r\nAP–HP{sign}Paris\r\n".encode(encoding)

    table = reading.read(content)

    assert table.header == ["Customer", "City"] and table.delimiter == sign
    assert [(row.number, row.cells) for row in table.lines] == [
        (2, ["Klinikum Süd", "Köln"]),
        (4, ["AP–HP", "Paris"]),
    ]


def test_signs_inside_quotes_part_nothing():
    table = reading.read(b'"Customer, or name";City\n"St. Brannoc\'s; ""North""";"Two\nlines"\n')

    assert table.delimiter == ";"
    assert table.lines[0].cells == ['St. Brannoc\'s; "North"', "Two\nlines"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n ",
        b"Customer\n",
        b"\x00\x01",
        b"PK\x03\x04zip",
        b"%PDF-1.7 x\nx",
        b'Customer\n"open',
        b"x" * (2**21 + 1),
    ],
)
def test_what_is_no_table_is_refused_in_words(content):
    with pytest.raises(ValidationError):
        reading.read(content)


def test_a_file_has_a_most_of_lines(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    assert len(reading.read(b"Customer\na\nb\n").lines) == 2
    with pytest.raises(ValidationError, match="at most 2 lines"):
        reading.read(b"Customer\na\nb\nc\n")


@given(st.binary(max_size=300))
def test_no_bytes_are_an_accident(content):
    try:
        columns.mapped(reading.read(content).header)
    except ValidationError as error:
        assert error.messages


def test_headers_are_understood_by_their_plain_names():
    keys, unknown = columns.mapped(
        ["ACCOUNT NAME", "customer’s website", "Close date", "Favourite colour", ""]
    )

    assert keys == ["customer_name", "customer_website", "expected_close_on", "", ""]
    assert unknown == ["Favourite colour"]


@pytest.mark.parametrize("header", [["City"], ["Customer", "Account"]])
def test_a_file_without_customers_or_with_two_is_refused(header):
    with pytest.raises(ValidationError):
        columns.mapped(header)


def test_every_fact_of_a_registration_has_its_column():
    from deals import rules

    assert set(rules.FIELDS) - {c.key for c in columns.COLUMNS} == {"organization"}
    assert {c.key for c in columns.COLUMNS} - set(rules.FIELDS) == {"currency"}


# Checking and registering ---------------------------------------------------------------------------------------


pytest_db = pytest.mark.django_db


@pytest_db
def test_the_check_says_what_would_become_of_each_line_and_registers_nothing(sam, northgate, at):
    make.submitted(northgate, now(), external_ref="OLD", expected_close_on=now().date() + timedelta(days=9))
    content = file(
        line("A"), line("B", value="lots"), line("C", did=""), line("A"), line("D", country="Atlantis", close="1/2/27"),
        line("OLD"), line("E", customer=""), line("F") + ",more",
    )  # fmt: skip

    found = send(sam, northgate, content)

    rows = list(found.rows.all())
    assert found.state == "checked" and Deal.objects.count() == 1
    assert outcomes(found) == [
        "would_submit", "refused", "would_draft", "refused", "refused", "refused", "refused", "refused",
    ]  # fmt: skip
    assert [(p["column"]) for p in rows[1].problems] == ["amount"]
    assert [(p["column"]) for p in rows[2].problems] == ["what_it_did"]
    assert rows[3].problems == [{"column": "external_ref", "reason": "This reference stands on line 2 too."}]
    assert {p["column"] for p in rows[4].problems} == {"customer_country", "expected_close_on"}
    assert "says something else" in rows[5].problems[0]["reason"]
    assert [row.line for row in rows] == [2, 3, 4, 5, 6, 7, 8, 9]


@pytest_db
def test_once_confirmed_lines_are_sent_or_kept_and_the_same_file_twice_does_nothing_twice(sam, northgate):
    content = file(line("A"), line("B", did=""), line("", customer="No reference"))
    found = confirm(sam, send(sam, northgate, content))

    assert found.state == "done" and outcomes(found) == ["submitted", "draft", "submitted"]
    deals = list(Deal.objects.order_by("number"))
    assert [deal.state for deal in deals] == ["submitted", "draft", "submitted"]
    assert {deal.source for deal in deals} == {"csv"} and deals[0].submitted_by == sam
    finished = Event.objects.get(type="deal_import.finished")
    assert finished.data == {"submitted": 2, "drafts": 1, "known": 0, "refused": 0}

    again = confirm(sam, send(sam, northgate, content))

    assert outcomes(again) == ["known", "known", "known"]
    assert Deal.objects.count() == 3


@pytest_db
def test_drafts_alone_where_that_was_chosen(sam, northgate):
    found = confirm(sam, send(sam, northgate, file(line("A")), submits=False))

    assert outcomes(found) == ["draft"] and Deal.objects.get().state == "draft"


@pytest_db
def test_beyond_the_day_s_most_lines_are_kept_as_drafts(sam, northgate):
    save(Setting(key="deal.most_answers_a_day", value=1))
    found = send(sam, northgate, file(line("A"), line("B", customer="Other Hospital")))
    assert outcomes(found) == ["would_submit", "would_draft"]

    confirm(sam, found)

    assert outcomes(found) == ["submitted", "draft"]


@pytest_db
def test_a_killed_worker_s_file_is_finished_by_the_next_one_once(sam, northgate, monkeypatch):
    found = send(sam, northgate, file(*(line(f"R{n}", customer=f"Hospital {n}") for n in range(5))))
    actions.confirm_import(by=partner_actor(sam), deal_import=found, at=now())
    monkeypatch.setattr(work, "BATCH", 2)
    original, calls = work._batch, []

    def dies(*args):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        original(*args)

    monkeypatch.setattr(work, "_batch", dies)
    with pytest.raises(KeyboardInterrupt):
        work_on_imports()
    assert Deal.objects.count() == 2
    monkeypatch.setattr(work, "_batch", original)
    work_on_imports()
    assert Deal.objects.count() == 2  # the lease still runs

    work.work_on_waiting(now=lambda: now() + timedelta(minutes=6))

    found.refresh_from_db()
    assert found.state == "done" and Deal.objects.count() == 5
    assert set(outcomes(found)) == {"submitted"}


@pytest_db
def test_a_file_that_is_called_off_registers_nothing_more(sam, northgate):
    found = send(sam, northgate, file(line("A")))
    actions.confirm_import(by=partner_actor(sam), deal_import=found, at=now())
    actions.cancel_import(by=partner_actor(sam), deal_import=found, at=now())
    work_on_imports()

    assert not Deal.objects.exists()
    with pytest.raises(Conflict):
        actions.confirm_import(by=partner_actor(sam), deal_import=found, at=now())


@pytest_db
def test_whoever_may_no_longer_register_registers_nothing(sam, northgate, at):
    from accounts.actions import end_membership
    from core.actors import SYSTEM

    found = send(sam, northgate, file(line("A")))
    actions.confirm_import(by=partner_actor(sam), deal_import=found, at=now())
    end_membership(by=SYSTEM, membership=sam.memberships.get(), at=now())
    work_on_imports()

    found.refresh_from_db()
    assert found.state == "failed" and not Deal.objects.exists()


@pytest_db
def test_a_manager_sends_a_file_for_a_partner(maya, northgate):
    found = send(None, northgate, file(line("A")), by=vendor_actor(maya))
    actions.confirm_import(by=vendor_actor(maya), deal_import=found, at=now())
    work_on_imports()

    deal = Deal.objects.get()
    assert deal.partner == northgate and deal.source == "csv" and deal.submitted_by == maya


@pytest_db
def test_the_report_holds_each_line_and_no_formula(sam, northgate):
    found = send(sam, northgate, file(line("=HYPERLINK(1)", customer="@SUM(A1)", value="lots")))

    rows = list(csv.DictReader(io.StringIO("".join(report.report_lines(found)).lstrip("\ufeff"))))

    assert rows[0]["Line"] == "2" and rows[0]["Outcome"] == "cannot be taken"
    assert rows[0]["Reason"].startswith("Value, first year: ")
    assert rows[0]["Your reference"] == "'=HYPERLINK(1)" and rows[0]["Customer"] == "'@SUM(A1)"


@pytest_db
def test_the_report_says_until_when_a_customer_is_occupied_where_the_answer_did(
    sam, northgate, albion, brannoc
):
    held = make.approved(albion, now(), brannoc, expected_close_on=(now() + timedelta(days=90)).date())
    rows = [f"{HEAD},City", line("A", customer=brannoc.name, city=brannoc.city), line("B", city="Boise")]
    checked = send(sam, northgate, "\n".join(rows).encode())
    assert not any(row["Occupied until"] for row in lines_of(checked))

    told = lines_of(confirm(sam, checked))

    assert [row["Occupied until"] for row in told] == [held.protected_until.isoformat(), ""]


def lines_of(found: DealImport) -> list[dict[str, str]]:
    found.refresh_from_db()
    return list(csv.DictReader(io.StringIO("".join(report.report_lines(found)).lstrip("\ufeff"))))


@pytest_db
def test_the_template_is_a_file_that_can_be_sent(sam, northgate):
    template = "".join(report.template_lines()).replace("2027-04-30", CLOSE).replace("resale", "resale")

    found = send(sam, northgate, template.encode())

    assert outcomes(found) == ["would_submit"], [row.problems for row in found.rows.all()]


@pytest_db
def test_colleagues_files_are_hidden_from_a_limited_seller(sam, northgate, priya, at):
    from partners.actions import limit_sellers

    lea = factories.make_partner_user("lea@northgate.example", "Lea Brandt", northgate, "partner_seller", at)
    found = send(sam, northgate, file(line("A")))
    assert found in DealImport.objects.visible_to(partner_actor(lea))
    limit_sellers(by=partner_actor(priya), partner=northgate, own_only=True, at=at)

    assert found not in DealImport.objects.visible_to(partner_actor(lea))
    assert found in DealImport.objects.visible_to(partner_actor(sam))


# Doors ----------------------------------------------------------------------------------------------------------


@pytest_db
@pytest.mark.parametrize("side", ["portal", "manage"])
def test_by_page_from_file_to_report(sam, maya, browser_of, northgate, side):
    browser = browser_of(sam if side == "portal" else maya)
    assert "Download a template" in browser.get(f"/{side}/deals/import/").content.decode()
    upload = SimpleUploadedFile("mine.csv", file(line("A"), line("B", value="lots")), "text/csv")

    answer = browser.post(
        f"/{side}/deals/import/", {"file": upload, "then": "send", "partner": str(northgate.pk)}
    )

    url = answer["Location"]
    assert "Being checked" in browser.get(url).content.decode()
    work_on_imports()
    page = browser.get(url).content.decode()
    assert "Would be sent" in page and "Cannot be taken" in page and "Enter an amount" in page
    assert browser.post(f"{url}confirm/").status_code == 302
    work_on_imports()
    assert Deal.objects.get().number in browser.get(url).content.decode()
    assert b"was sent" in b"".join(browser.get(f"{url}report.csv"))
    assert "mine.csv" in browser.get(f"/{side}/deal-imports/").content.decode()


@pytest_db
def test_a_broken_file_is_a_sentence_at_the_field(sam, browser_of, northgate):
    upload = SimpleUploadedFile("x.csv", b"PK\x03\x04", "text/csv")

    answer = browser_of(sam).post("/portal/deals/import/", {"file": upload, "then": "send"})

    assert answer.status_code == 400 and "Save the sheet as CSV" in answer.content.decode()


@pytest_db
def test_over_the_api(sam, api_of, northgate):
    client = api_of(sam, northgate)

    def post(path, body):
        return client.post(f"/api/v1/{path}", body, content_type="application/json")

    made = post("deal-imports/", {"rows": file(line("A"), line("B", value="x")).decode(), "submits": True})
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    work_on_imports()
    assert client.get(f"/api/v1/deal-imports/{key}/").json()["counts"] == {"would_submit": 1, "refused": 1}
    rows = client.get(f"/api/v1/deal-import-rows/?deal_import={key}&outcome=refused").json()["results"]
    assert rows[0]["line"] == 3 and rows[0]["problems"][0]["column"] == "amount"
    assert post(f"deal-imports/{key}/confirm/", {}).json()["state"] == "queued"
    work_on_imports()
    assert client.get(f"/api/v1/deal-imports/{key}/").json()["counts"] == {"submitted": 1, "refused": 1}
    assert "was sent" in client.get(f"/api/v1/deal-imports/{key}/report/").content.decode()
    assert post(f"deal-imports/{key}/cancel/", {}).status_code == 409
    assert post("deal-imports/", {"rows": "nothing"}).json()["errors"][0]["pointer"] == "/file"
    assert post("deal-imports/", {}).status_code == 400
