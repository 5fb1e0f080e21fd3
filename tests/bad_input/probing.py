"""One probe: send it, and see that nothing broke, nothing was half-written and the lists still read."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Count, Sum

from tests.tenancy.matrix import same_cookies, taken_back
from tests.tenancy.oracles import Writes

# Pages that gather from many rows: a day or an amount that one row took must not break them.
GATHERING = ("/manage/", "/portal/", "/portal/tier/", "/portal/deals/", "/portal/reviews/", "/portal/people/",
             "/portal/onboarding/", "/portal/gates/", "/api/v1/work-queue/")  # fmt: skip


MODELS = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def all_tables() -> dict[str, Any]:
    """How all tables stand before anything is sent; each probe is taken back."""
    return {table: rows(table) for table in MODELS}


def rows(table: str) -> Any:
    """How many rows a table has, and how often they were written."""
    model = MODELS.get(table)
    if model is None:
        return None
    has_version = any(field.name == "version" for field in model._meta.fields)
    found = {"n": Count("pk"), **({"v": Sum("version")} if has_version else {})}
    return model._default_manager.aggregate(**found)


class Probing:
    """Counts probes and notes what went wrong."""

    def __init__(self, people: dict[str, Any], before: dict[str, Any]) -> None:
        self.people, self.before = people, before
        self.probes = self.accepted = 0
        self.faults: list[str] = []

    def send(self, what: str, client: Any, call: Any, lists: list[str]) -> int:
        """`call()` gives the response; `lists` must answer 200 after what was accepted."""
        self.probes += 1
        with taken_back(), same_cookies(client):
            writes = Writes()
            with connection.execute_wrapper(writes):
                response = call()
            status = int(response.status_code)
            if status >= 500:
                self.faults.append(f"{what}: {status}")
                return status
            self.require_words(what, response)
            self.require_whole(what, status, writes)
            if status < 400 and writes.counted:
                self.accepted += 1
                self.require_lists(what, client, lists)
        return status

    def require_words(self, what: str, response: Any) -> None:
        """A refusal of the API is a problem document that says why."""
        if response.status_code >= 400 and response.request["PATH_INFO"].startswith("/api/"):
            is_problem = response["Content-Type"] == "application/problem+json"
            if not is_problem or not response.json()["detail"]:
                self.faults.append(f"{what}: {response.status_code} without words")

    def require_whole(self, what: str, status: int, writes: Writes) -> None:
        """What was refused has left nothing."""
        if status < 400:
            return
        for table in writes.counted:
            if rows(table) != self.before[table]:
                self.faults.append(f"{what}: {status}, but {table} was written")

    def reader(self, address: str, client: Any) -> Any:
        """Who reads a list: pages are a browser's."""
        side = {"manage": "ada", "portal": "A_admin"}.get(address.split("/")[1])
        return self.people[side].client if side else client

    def require_lists(self, what: str, client: Any, lists: list[str]) -> None:
        for address in lists:
            if self.accepted % (2 if address.startswith("/api/") else 6):
                continue  # every second accepted probe reads the API's list, every sixth the slower pages
            reader = self.reader(address, client)
            if (again := reader.get(address).status_code) != 200:
                self.faults.append(f"{what}: accepted, then {address} answers {again}")
