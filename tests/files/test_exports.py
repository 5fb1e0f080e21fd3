"""Long lists as files: offered when a list is long, written by a worker, whole or not at all."""

import csv
import io
from datetime import timedelta
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection

from core import exports as writers
from core.errors import Conflict
from events.models import Event
from files import exports
from files.models import Export
from files.tasks import write_exports
from partners.actions import add_contact
from partners.models import Partner
from tests.factories import make_partner, make_partner_user

pytestmark = pytest.mark.django_db
ASKED = {"address": "/manage/partners/", "query": "sort=name", "kind": "csv"}


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def elsewhere(work):
    """Do something in a connection of its own."""

    def act():
        work()
        connection.close()

    thread = Thread(target=act)
    thread.start(), thread.join()


def written(export):
    export.refresh_from_db()
    return list(csv.reader(io.StringIO(default_storage.open(export.path).read().decode("utf-8-sig"))))


def test_a_long_list_is_offered_to_a_worker(northgate, albion, ada, browser_of, monkeypatch):
    browser = browser_of(ada)
    assert browser.get("/manage/partners/?export=csv").status_code == 200
    monkeypatch.setattr(writers, "MOST_AT_ONCE", 1)
    offer = browser.get("/manage/partners/?sort=name&export=csv")
    assert offer.status_code == 302

    page = browser.get(offer["Location"])
    form = {name: page.context["form"][name].value() for name in ASKED}
    assert form == ASKED
    answer = browser.post("/manage/exports/new/", form)
    export = Export.objects.get()
    assert answer["Location"] == f"/manage/exports/{export.pk}/"
    assert "Waiting to be written" in browser.get(answer["Location"]).content.decode()
    assert browser.get(f"{answer['Location']}file/").status_code == 404
    assert Event.objects.filter(type="export.started", actor_user=ada).count() == 1

    write_exports()

    assert "Ready" in browser.get(answer["Location"]).content.decode()
    file = browser.get(f"{answer['Location']}file/")
    assert "attachment" in file["Content-Disposition"]
    names = [row[0] for row in csv.reader(io.StringIO(b"".join(file).decode("utf-8-sig")))]
    assert names[1:] == sorted([northgate.name, albion.name])


def test_it_holds_what_whoever_asked_may_see(northgate, albion, maya, acting, at):
    export = exports.start_export(by=acting(maya), at=at, **ASKED)
    write_exports()
    rows = written(export)
    assert len(rows) == 2 and northgate.name in rows[1][0]
    assert export.of == export.rows == 1


def test_the_filters_hold_and_excel_opens(northgate, albion, ada, acting, at):
    import openpyxl

    asked = {**ASKED, "query": f"search={albion.name.split()[0]}", "kind": "xlsx"}
    export = exports.start_export(by=acting(ada), at=at, **asked)
    write_exports()
    sheet = openpyxl.load_workbook(default_storage.open(export.path)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [albion.name]


def test_nobody_else_sees_or_fetches_it(northgate, maya, tomas, acting, browser_of, at):
    export = exports.start_export(by=acting(maya), at=at, **ASKED)
    write_exports()
    for path in ("", "cancel/", "file/"):
        assert browser_of(maya).get(f"/manage/exports/{export.pk}/{path}").status_code == 200
        assert browser_of(tomas).get(f"/manage/exports/{export.pk}/{path}").status_code == 404
    with pytest.raises(PermissionDenied):
        exports.cancel_export(by=acting(tomas), export=export, at=at)


def test_a_cancelled_one_leaves_no_file(northgate, albion, ada, acting, at, monkeypatch):
    export = exports.start_export(by=acting(ada), at=at, **ASKED)
    monkeypatch.setattr(exports, "BATCH", 1)
    seen = []

    def called_off(*args):
        seen.append(args)
        if len(seen) == 1:
            exports.cancel_export(by=acting(ada), export=export, at=at)
        return original(*args)

    original = exports._note
    monkeypatch.setattr(exports, "_note", called_off)
    write_exports()
    export.refresh_from_db()
    assert export.state == "cancelled" and seen
    assert not default_storage.exists(export.path)
    with pytest.raises(Conflict):
        exports.cancel_export(by=acting(ada), export=export, at=at)


def test_what_a_dead_worker_began_is_written_by_the_next(northgate, ada, acting, at):
    export = exports.start_export(by=acting(ada), at=at, **ASKED)
    begun = exports._claim(at)
    assert begun is not None and begun.state == "running"
    assert exports.write_waiting(now=lambda: at + timedelta(minutes=1)) == 0
    assert exports.write_waiting(now=lambda: at + timedelta(minutes=6)) == 1
    assert len(written(export)) == 2


def test_three_deaths_are_enough(northgate, ada, acting, at):
    export = exports.start_export(by=acting(ada), at=at, **ASKED)
    for turn in range(3):
        assert exports._claim(at + timedelta(minutes=6 * turn))
    assert exports.write_waiting(now=lambda: at + timedelta(hours=1)) == 0
    export.refresh_from_db()
    assert (export.state, export.error) == ("failed", "It was begun 3 times and never finished.")


def test_who_is_out_meanwhile_gets_nothing(northgate, maya, acting, at):
    export = exports.start_export(by=acting(maya), at=at, **ASKED)
    maya.is_active = False
    maya.save()
    write_exports()
    export.refresh_from_db()
    assert (export.state, export.error) == ("failed", "You may no longer see this list.")
    assert not default_storage.exists(export.path)


@pytest.mark.parametrize(
    "address", ["/manage/", "/portal/deals/", "/manage/nothing/", "javascript:x", "/manage/partners"]
)
def test_only_lists_of_ones_own_side_are_exported(northgate, ada, browser_of, address):
    answer = browser_of(ada).post("/manage/exports/new/", {**ASKED, "address": address})
    assert answer.status_code == 400
    assert not Export.objects.exists()


def test_whoever_may_not_export_may_not_ask(northgate, priya, browser_of, at):
    viewer = make_partner_user("lou@northgate.example", "Lou", northgate, "partner_viewer", at)
    asked = {**ASKED, "address": "/portal/deals/"}
    assert browser_of(priya).post("/portal/exports/new/", asked).status_code == 302
    assert browser_of(viewer).post("/portal/exports/new/", asked).status_code == 403


def test_a_fourth_waits_and_old_ones_go(northgate, ada, acting, at):
    for _turn in range(3):
        exports.start_export(by=acting(ada), at=at, **ASKED)
    with pytest.raises(Conflict):
        exports.start_export(by=acting(ada), at=at, **ASKED)
    write_exports()
    path = Export.objects.first().path
    assert exports.remove_old(at=at + timedelta(days=6)) == 0 and default_storage.exists(path)
    assert exports.remove_old(at=at + timedelta(days=8)) == 3 and not default_storage.exists(path)


def test_rows_that_a_page_completes_are_completed_in_batches(program, ada, acting, at, monkeypatch):
    monkeypatch.setattr(writers, "BATCH", 2)
    partners = [make_partner(f"Partner {n}", at=at) for n in range(5)]
    add_contact(by=acting(ada), partner=partners[0], name="Someone", at=at)
    export = exports.start_export(by=acting(ada), at=at, **ASKED)
    write_exports()
    assert [row[0] for row in written(export)[1:]] == [p.name for p in Partner.objects.order_by("name")]


@pytest.mark.django_db(transaction=True)
def test_others_write_while_it_is_written(northgate, albion, ada, acting, at, monkeypatch):
    """On SQLite an open reading cursor would refuse the worker's own notes."""
    monkeypatch.setattr(writers, "BATCH", 1)
    monkeypatch.setattr(exports, "BATCH", 1)
    export = exports.start_export(by=acting(ada), at=at, **ASKED)
    notes, note = [], exports._note

    def beside(*args):
        notes.append(args)
        elsewhere(lambda: Partner.objects.filter(pk=albion.pk).update(name=f"Albion {len(notes)}"))
        note(*args)

    monkeypatch.setattr(exports, "_note", beside)
    assert exports.write_waiting(now=lambda: at) == 1
    assert len(notes) > 1 and len(written(export)) == 3


def test_a_failure_says_so_and_the_next_is_written(northgate, ada, acting, at, monkeypatch):
    first = exports.start_export(by=acting(ada), at=at, **ASKED)
    second = exports.start_export(by=acting(ada), at=at + timedelta(seconds=1), **ASKED)
    write = exports._write

    def broken(export, now):
        if export.pk == first.pk:
            raise RuntimeError("disk")
        write(export, now)

    monkeypatch.setattr(exports, "_write", broken)
    assert exports.write_waiting(now=lambda: at) == 1
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.state, first.error) == ("failed", "It could not be written. Please try again.")
    assert second.state == "done"
