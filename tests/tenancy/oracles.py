"""What must hold after every call: nothing of B in an answer to A, no row of B changed, none of A pointing at B."""

from __future__ import annotations

import io
import re
import zipfile
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import connection

from core.mail import recipient, render
from core.models import Mail
from core.scoping import ByPartner, tenant_of
from tests.tenancy.world import CANARY, CUSTOMERS_CANARY, VENDORS_CANARY, World, rows_of

UUIDS = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
WRITES = re.compile(r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)
# Rows that an ordinary visit writes; none of them is a partner's.
NOT_COUNTED = {"django_session", "core_cache", "axes_accesslog", "core_idempotencykey"}

# Links that lead from one partner's row to another's, on purpose; what they hold never leaves the vendor's side.
CROSSING = {
    "leads.Lead.referrer": "who referred a lead is told how far it is, and nobody else who referred it",
    "leads.LeadOffer.lead": "a partner that let a lead go keeps its own answer; the lead is another's",
    "leads.Referral.lead": "a referral is told how far its lead is, and nothing of who has it",
    "deals.ConflictCandidate.deal": "a check names the registration that was compared",
    "accounts.PortalView.partner": "no partner's row",
    "deals.Consent.transfer": "whoever takes a registration over is asked about another partner's",
    "deals.Transfer.receiver": "a holder is asked to hand its registration to another partner, by name",
    "deals.Transfer.taken_over_by": "the receiver's registration, which the vendor alone is shown",
}


def content_of(response: Any) -> bytes:
    """Body and headers; archives (a spreadsheet) unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body += b"".join(archive.read(name) for name in archive.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in response.items()).encode()
    return body + headers + str(response.cookies).encode()


def leaks(world: World, content: bytes, asked: str = "", of_vendor: bool = False) -> list[str]:
    """Traces in an answer of what is not the reader's; the id that was asked for is no trace.

    For a partner: of B, of customers that it does not know, of applications. For a person of the vendor who does not
    look after B (`of_vendor`): of B alone, but for its customers and its nameless parts in deals of others.
    """
    canaries = (CANARY,) if of_vendor else (CANARY, CUSTOMERS_CANARY, VENDORS_CANARY)
    found = [canary for canary in canaries if canary.encode() in content]
    known = {match.decode() for match in UUIDS.findall(content)} & world.ids_of_b
    return found + sorted(known - {asked} - (world.told_of_b if of_vendor else set()))


class Writes:
    """Notes which tables are written to while it watches."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := WRITES.match(sql):
            self.tables.add(found[1])
        return execute(sql, params, many, context)

    @property
    def counted(self) -> set[str]:
        return self.tables - NOT_COUNTED


def fingerprint(world: World, tables: set[str] | None = None) -> dict[str, str]:
    """The hashes of the rows of B, by table: of all, or of those that were written to."""
    found: dict[str, Any] = {}
    for queryset in rows_of(world.partners["B"]):
        table = queryset.model._meta.db_table
        if tables is None or table in tables:
            of_table = found.setdefault(table, sha256())
            for row in queryset.order_by("pk").values_list():
                of_table.update(repr(row).encode())
    return {table: of_table.hexdigest() for table, of_table in found.items()}


def changed(world: World, before: dict[str, str], tables: set[str]) -> list[str]:
    """The tables among those written to in which rows of B are no longer what they were."""
    now = fingerprint(world, tables)
    return sorted(table for table in now if now[table] != before[table])


def crossings() -> list[str]:
    """Rows of one partner that point at a row of another."""
    found = []
    for model, field, own, theirs in links_between_partners():
        name = f"{model._meta.label}.{field.name}"
        if name in CROSSING:
            continue
        rows = model._default_manager.exclude(**{f"{field.name}__isnull": True})
        rows = rows.filter(**{f"{own}__isnull": False, f"{theirs}__isnull": False})
        found += [f"{name} {a} → {b}" for a, b in rows.values_list(own, theirs) if a != b]
    return found


def links_between_partners() -> Any:
    """(model, field, path to the own partner, path to the other's) of each foreign key between partners' models."""
    for model in apps.get_models():
        if not is_of_partner(model):
            continue
        for field in model._meta.get_fields():
            if (
                field.is_relation
                and field.many_to_one
                and field.concrete
                and is_of_partner(field.related_model)
            ):
                own, theirs = tenant_of(model).path, tenant_of(field.related_model).path  # type: ignore[union-attr,arg-type]
                target = f"{field.name}__{theirs}" if theirs != "pk" else f"{field.name}_id"
                if own != target:
                    yield model, field, own, target


def is_of_partner(model: Any) -> bool:
    return hasattr(model, "tenant") and isinstance(tenant_of(model), ByPartner)


def letters_since(known: set[Any]) -> list[tuple[str, str]]:
    """(address, text) of the letters queued since; those to the vendor's people may speak of B."""
    found = []
    for mail in Mail.objects.exclude(pk__in=known):
        if parts := render(mail):
            found.append((recipient(mail), "\n".join(parts)))
    return found


def supports_savepoints() -> bool:
    return connection.features.uses_savepoints
