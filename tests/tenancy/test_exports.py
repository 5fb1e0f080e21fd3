"""What leaves in one piece: exports of every list, files, letters."""

from __future__ import annotations

import pytest

from core.list_page import ListPage
from core.mail import render
from core.models import Mail
from files.models import Attachment
from tests.tenancy import oracles
from tests.tenancy.matrix import MISSING, all_doors, is_blind_to_b
from tests.tenancy.world import CANARY

pytestmark = pytest.mark.django_db

# A board is exported as the list beside it.
LISTS = [
    door
    for door in all_doors()
    if door.method == "get" and issubclass(door.route.view, ListPage) and not door.key.endswith(":deal-board")
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_exports_hold_own_rows_alone(world, people, kind):
    exported = 0
    for door in LISTS:
        who = people["A_admin"] if door.side == "portal" else people["maya"]
        if not who.may(door.row.permission("A")) or door.row.of or not is_blind_to_b(who, door):
            continue
        response = who.client.get(door.address("") + f"?export={kind}")
        content = oracles.content_of(response)
        assert response.status_code == 200, door.key
        assert "attachment" in response["Content-Disposition"], door.key
        assert oracles.leaks(world, content, of_vendor=door.side != "portal") == [], door.key
        exported += 1

    assert exported > 8


def test_an_export_of_b_holds_its_canary(people):
    assert CANARY.encode() in oracles.content_of(people["B_admin"].client.get("/portal/deals/?export=xlsx"))


def test_whoever_may_not_export_is_refused(people):
    for kind in ("csv", "xlsx"):
        assert people["A_viewer"].client.get(f"/portal/deals/?export={kind}").status_code == 403


@pytest.mark.parametrize(
    ("name", "sees_own", "sees_inner"),
    [
        ("A_admin", True, False), ("A_viewer", True, False), ("viewing A", True, True), ("maya", True, True),
        ("ada", True, True), ("otto", False, False), ("tomas", False, False), ("B_admin", False, False),
        ("D_admin", False, False), ("anonymous", False, False),
    ],
)  # fmt: skip
def test_files_go_to_those_who_see_their_record(world, people, name, sees_own, sees_inner):
    client = people[name].client
    own, inner = world.of("attachment", "A")[0], world.of("attachment", "vendor:A")[0]

    assert client.get(f"/files/{own}/").status_code == (200 if sees_own else 404)
    assert client.get(f"/files/{inner}/").status_code == (200 if sees_inner else 404)
    assert client.get(f"/files/{MISSING}/").status_code == 404


def test_files_of_all_kinds_stay_with_their_partner(world, people):
    theirs = Attachment.objects.filter(partner=world.partners["B"])

    assert theirs.count() > 4
    for pk in theirs.values_list("pk", flat=True):
        assert people["A_admin"].client.get(f"/files/{pk}/").status_code == 404
        assert people["key A_write"].client.get(f"/api/v1/attachments/{pk}/content/").status_code == 404


def test_letters_to_a_and_to_strangers_say_nothing_of_b(world):
    read = 0
    for mail in Mail.objects.select_related("to_user"):
        address = mail.to_user.email if mail.to_user else mail.to_address
        if address.endswith("@northgate.example") or address.startswith("a.new@"):
            parts = render(mail)
            text = "\n".join(parts) if parts else ""
            assert oracles.leaks(world, text.encode()) == [], mail.letter
            read += 1

    assert read > 5
