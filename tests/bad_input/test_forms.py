"""Every form × the corpus: never a 500, nothing of what is refused is stored, what was typed is still there."""

from __future__ import annotations

import warnings
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from core.forms import MoneyField
from tests.bad_input import corpus
from tests.bad_input.probing import Probing, all_tables
from tests.tenancy.matrix import Door, all_doors, in_sight, targets
from tests.tenancy.world import PDF

pytestmark = pytest.mark.django_db

# Forms post text alone: what JSON could send besides has no form.
TEXTS = [text for text in corpus.TEXTS if "\ud800" not in text and "\udfff" not in text]
WORST = [text for text in corpus.WORST if text in TEXTS]
DAYS = [day for day in corpus.DAYS if isinstance(day, str)]
AMOUNTS = [
    "-1",
    "0",
    "0.001",
    "1e400",
    "NaN",
    "-Infinity",
    "9" * 40,
    "1,2,3",
    "١٢٣",
    "12 USD",
    "0x10",
    "\x00",
    "",
    "1.",
]
NUMBERS = [str(n) for n in corpus.NUMBERS]
IDS = [str(value) for value in corpus.IDS]
# Buttons without a page of their own; and forms that are known to work as they are filled in here.
WITHOUT_PAGE = {
    "workspace:read-notification",
    "workspace:snooze-item",
    "workspace:wake-item",
    "portal:keep-draft",
    "portal:move-stage",
    "workspace:move-stage",
    "workspace:approve-deals",  # begins with rows that were chosen in a list
}
WORK = {"portal:register-deal", "portal:edit-deal", "workspace:register-deal", "workspace:enter-application",
        "workspace:add-onboarding-task", "workspace:change-partner", "workspace:settings", "portal:add-commitment",
        "workspace:profile", "portal:profile"}  # fmt: skip
DOORS = [door for door in all_doors() if door.side != "api" and door.method == "post"]


def values_for(field: forms.Field, nth: int) -> list[Any]:
    if isinstance(field, MoneyField):
        return AMOUNTS
    if isinstance(field, forms.DateTimeField):
        return [value for value in corpus.INSTANTS if isinstance(value, str)]
    if isinstance(field, forms.DateField):
        return DAYS
    if isinstance(field, (forms.ModelChoiceField, forms.UUIDField)):
        return IDS
    if isinstance(field, (forms.ChoiceField, forms.BooleanField)):
        return ["", "no-such-choice", "\x00", "x" * 5000, "١", "True", "0"]
    if isinstance(field, (forms.IntegerField, forms.DecimalField)):
        return NUMBERS
    return TEXTS if nth < corpus.MOST_IN_FULL else WORST


def right_value(name: str, field: forms.Field, form: Any) -> Any:
    """What a person would fill in."""
    given = form.get_initial_for_field(field, name)
    today = clock.today()
    if isinstance(field, forms.FileField):
        return SimpleUploadedFile("report.pdf", PDF, "application/pdf")
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [str(row.pk) for row in field.queryset[:1]]
    if isinstance(field, forms.ModelChoiceField):
        row = given or field.queryset.first()
        return str(getattr(row, "pk", row) or "")
    if isinstance(field, forms.MultipleChoiceField):
        return [str(value) for value, _label in field.choices][:1]
    if isinstance(field, forms.ChoiceField):
        return str(given or next((v for v, _label in field.choices if v not in ("", None)), ""))
    if isinstance(field, forms.BooleanField):
        return "on"
    if isinstance(field, forms.DateTimeField):
        return f"{today + timedelta(days=2)}T10:00"
    if isinstance(field, forms.DateField):
        is_past = any(word in name for word in ("passed", "signed", "won", "booked", "live", "held"))
        return str(today if is_past else today + timedelta(days=20))
    if isinstance(field, forms.EmailField):
        return "nora@sendwell.example"
    if isinstance(field, forms.URLField):
        return "https://www.sendwell.example"
    if isinstance(field, forms.IntegerField):
        return str(given or 5)
    return str(given) if given else "Something said"


def filled(form: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        if isinstance(field, MoneyField):
            found |= {f"{name}_0": "USD", f"{name}_1": "1200.00"}
        else:
            found[name] = right_value(name, field, form)
    return found


class Page:
    """One form's page, opened by someone who may, on a row of its own."""

    def __init__(self, world: Any, people: Any, door: Door) -> None:
        self.client, self.address, self.form = None, "", None
        for name in ("A_admin",) if door.side == "portal" else ("ada", "maya"):
            who = people[name]
            for target in targets(world, door, most=9):
                if in_sight(door, who, target) and self.open(who.client, door.address(target.id)):
                    return

    def open(self, client: Any, address: str) -> bool:
        response = client.get(address)
        form = response.context and response.context.get("form")
        if response.status_code != 200 or form is None or not isinstance(form, forms.BaseForm):
            return False
        self.client, self.address, self.form = client, address, form
        self.hidden = {"version": str(response.context.get("version") or "")}
        return True


@pytest.fixture(scope="module")
def before(world, people, django_db_blocker):
    with django_db_blocker.unblock():
        return all_tables()


@pytest.fixture
def probing(people, before):
    return Probing(people, before)


def spoiled(form: Any) -> Any:
    """What is wrong, and the fields that differ for it from a form filled in rightly; None leaves a field out."""
    for nth, (name, field) in enumerate(form.fields.items()):
        sent = f"{name}_1" if isinstance(field, MoneyField) else name
        for value in values_for(field, nth):
            yield f"{name}={ascii(value)[:40]}", {sent: value}
        yield f"{name} twice", {sent: ["a", "b"]}
        yield f"without {name}", {sent: None}
        yield f"{name} a file", {sent: SimpleUploadedFile("x.pdf", b"no pdf", "application/pdf")}
        if isinstance(field, MoneyField):
            for currency in ("", corpus.NO_CURRENCY, "usd", "\x00", "JPY"):
                yield f"{name} in {currency!a}", {f"{name}_0": currency, f"{name}_1": "0.5"}
    for more in ({"version": "999"}, {"version": "x"}, {"version": "-1"}, {"version": "\x00"}, {"version": "9" * 400},
                 {"idempotency_key": "k" * 400}, {"idempotency_key": "\x00"}, {"idempotency_key": "é"},
                 {"state": "approved", "id": "x", "partner": "x"}):  # fmt: skip
        yield str(more), more


@pytest.mark.parametrize("door", DOORS, ids=[door.key for door in DOORS])
def test_one_wrong_field(world, people, probing, door):
    page = Page(world, people, door)
    if page.form is None:
        assert door.key in WITHOUT_PAGE
        return
    right = {**filled(page.form), **page.hidden}
    lists = ["/portal/", "/portal/deals/"] if door.side == "portal" else ["/manage/"]

    def post(data):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for value in data.values():
                if hasattr(value, "seek"):
                    value.seek(0)
            return page.client.post(page.address, {k: v for k, v in data.items() if v is not None})

    works = probing.send(f"{door.key} right", page.client, lambda: post(right), lists) in (200, 302)
    for what, changes in corpus.in_turn(spoiled(page.form), door.key):
        what, data = f"{door.key} {what}", {**right, **changes}
        probing.send(what, page.client, lambda data=data: post(data), lists)

    assert works or door.key not in WORK
    if probing.faults:
        pytest.fail("\n".join(probing.faults[:12]), pytrace=False)


def test_what_was_typed_is_still_there(people):
    """A refused form comes back with every word, and the error at its field."""
    client = people["A_admin"].client
    answer = client.post(
        "/portal/deals/new/", {"customer_name": "Keepwell Hospital", "what_it_did": "Three calls."}
    )
    page = answer.content.decode()

    assert answer.status_code == 400
    assert "Keepwell Hospital" in page and "Three calls." in page
    assert answer.context["form"].errors["customer_country"]


def test_a_stale_form_is_412_and_keeps_the_words(world, people):
    client, contact = people["A_admin"].client, world.rows["contact_A"]
    answer = client.post(f"/portal/contacts/{contact.pk}/change/", {"name": "Other Name", "version": "999"})

    assert answer.status_code == 412
    assert "Other Name" in answer.content.decode()


def test_a_form_sent_twice_happens_once(world, people):
    from partners.models import Contact

    client, data = people["A_admin"].client, {"name": "Twice Sent", "idempotency_key": "form-twice"}
    first, second = (client.post("/portal/people/new/", data) for _turn in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert Contact.objects.filter(name="Twice Sent").count() == 1


@pytest.mark.parametrize(
    "query",
    ["sort=x", "sort=--", "cursor=x", "cursor=" + "A" * 5000, "search=%00", "search=" + "a%20" * 300, "columns=x,,y",
     "export=pdf", "view=x", "state=x", "partner=x", "is_open=maybe", "due_from=2026-02-30", "amount_min=1e400",
     "search=%ff%fe", "search=%F0%9F%91%A9", "page=9999999999999", "sort=%00", "columns=%00"],
)  # fmt: skip
def test_addresses_of_lists(people, query):
    """A list's address is input too."""
    for door in all_doors():
        if door.method == "get" and not door.row.of and not door.row.params and not door.route.arguments:
            names = {"portal": "A_admin", "workspace": "ada", "api": "key vendor"}
            response = people[names[door.side]].client.get(f"{door.address('')}?{query}")
            assert response.status_code < 500, (door.key, query)
