"""What people, scripts and attackers send: the values that every field of every door is tried with."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from django.db import connection

ZALGO = "Z" + "\u0301\u0327\u0334" * 200
TEXTS: list[Any] = [
    "", " ", "\t\n", "\x00", "before\x00after", "\ud800", "broken \udfff end", "x" * 10_000, "\u202egnp.exe",
    "\u2066\u202etxt\u2069", ZALGO, "👩🏽‍⚕️🏥" * 40, "\ufeffname", "a\u2028b\u2029c", "İıſßﬃ", "\U0010ffff", "\ufffe",
    "'; DROP TABLE deals_deal;--", "<script>alert(1)</script>", "{{ 7*7 }}{% load x %}", "=1+1|' /C calc'!A0",
    "%s %(name)s %d {0} {name}", "line\r\nBcc: all@example.org", "../../../etc/passwd", "null", "NaN", "١٢٣٤",
    "-1", "0", "true", "[]", "http://" + "a" * 3000 + ".example", "a@" + "b" * 300 + ".example", "@", "\\",
    "\x7f\x1b[31m",
]  # fmt: skip
# The worst of them, for the many fields of long forms after the first few.
WORST = [
    "",
    "\x00",
    "\ud800",
    "x" * 10_000,
    ZALGO,
    "👩🏽‍⚕️🏥" * 40,
    "\u202egnp.exe",
    "<script>alert(1)</script>",
]
MOST_IN_FULL = 1
NUMBERS: list[Any] = [
    0, -1, 1.5, -0.0, 1e308, 2**31, 2**63, 2**64, 10**29, 10**40, -(2**63) - 1, "12", "١٢", "1e3", "NaN", "Infinity",
    " 7 ", "0x10", "1_000", "",
]  # fmt: skip
DAYS: list[Any] = [
    "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-13-01", "2026-00-10", "2026-2-3",
    "20260203", "2026-W05-2", "2026-02-03T00:00:00Z", "٢٠٢٦-٠٢-٠٣", "-2026-01-01", "1899-12-31", "tomorrow", "",
    "2026-02-03 ", "2026/02/03", "1970-01-01", "2038-01-20", 20260203, 1.5,
]  # fmt: skip
INSTANTS: list[Any] = [
    *DAYS, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00+25:00",
    "2026-01-01T24:00:00Z", "2026-03-29T02:30:00", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.1234567890Z",
    "2026-01-01T00:00:00+00:00:01", "2099-01-01T00:00:00Z", "2026-01-01T00:00Z\x00",
]  # fmt: skip
IDS: list[Any] = [
    "01900000-0000-7000-8000-000000000000", "01900000-0000-7000-8000-00000000000G", "not-an-id", "", "0", 0, -1, 2**128,
    "urn:uuid:01900000-0000-7000-8000-000000000000", "{01900000-0000-7000-8000-000000000000}",
    "01900000000070008000000000000000", "\x00" * 36, "١" * 36,
]  # fmt: skip
FLAGS: list[Any] = ["yes", "maybe", 2, -1, "", "\x00", "True ", 0.5]
NO_CURRENCY = "X" * 3  # the standard's own code for none
AMOUNTS: list[Any] = [
    {"amount": amount, "currency": "USD"}
    for amount in (
        "-1", "0", "0.001", "1e400", "1e10", "NaN", "-Infinity", "9" * 40, "1,2,3", "١٢٣", "", " ", "12 USD", "\x00",
        "0x10", "1" + "0" * 18, "--1", "1.", ".5", 12, 1.5, None, True, [], {},
    )
] + [
    {"amount": "100.00", "currency": currency}
    for currency in (NO_CURRENCY, "usd", "", "US", "EURO", "\x00\x00\x00", None, 840, [], "BTC")
] + [
    {"amount": "0.5", "currency": "JPY"}, {"amount": "1"}, {"currency": "USD"}, {},
    {"amount": "1", "currency": "USD", "rate": "2"}, {"Amount": "1", "Currency": "USD"},
]  # fmt: skip
LISTS: list[Any] = [
    [], [None], [""], [[]], [{}], [0], ["x"] * 2000, ["x", "x"], ["\x00"], ["\ud800"], "text", {"0": "x"}, [True],
    [2**70],
]  # fmt: skip
WRONG_TYPES: list[Any] = [None, [], {}, [[[]]], {"a": {"b": [1]}}, 12, -3.5, "text", True, False]

BY_KIND = {
    "text": TEXTS, "number": NUMBERS, "day": DAYS, "instant": INSTANTS, "id": IDS, "flag": FLAGS, "money": AMOUNTS,
    "list": LISTS, "object": [*AMOUNTS[:3], *LISTS], "file": ["text", 12, [], {}],
}  # fmt: skip


def kind_of(schema: dict[str, Any]) -> str:
    """Which part of the corpus a field of the API's description is tried with."""
    types = schema.get("type")
    types = types if isinstance(types, list) else [types]
    formats = {"uuid": "id", "date": "day", "date-time": "instant", "binary": "file", "decimal": "number"}
    if found := formats.get(schema.get("format", "")):
        return found
    if "amount" in schema.get("properties", {}):
        return "money"
    for name, kind in (("integer", "number"), ("number", "number"), ("boolean", "flag"), ("array", "list"),
                       ("object", "object")):  # fmt: skip
        if name in types:
            return kind
    return "text"


def in_turn(probes: Iterable[Any], door: str) -> list[Any]:
    """Every eighth on PostgreSQL, which refuses more, every twelfth on SQLite, beginning elsewhere at each door.

    `WHOLE_CORPUS=1` tries all of them.
    """
    found, step = list(probes), 8 if connection.vendor == "postgresql" else 12
    return found if os.environ.get("WHOLE_CORPUS") else found[len(door) % min(step, len(found) or 1) :: step]


def values_for(kind: str, nth: int = 0) -> list[Any]:
    """The values of a kind for the nth text of a body, and all that is of another type altogether."""
    values = WORST if kind == "text" and nth > MOST_IN_FULL else BY_KIND[kind]
    return [*values, *WRONG_TYPES]


# Whole bodies that are no JSON object, or not as strict as a database needs it.
BODIES: list[tuple[bytes, str]] = [
    (b"", "application/json"), (b"null", "application/json"), (b"[]", "application/json"), (b'"x"', "application/json"),
    (b"12", "application/json"), (b"{", "application/json"), (b'{"a":NaN}', "application/json"),
    (b'{"a":1,"a":2}', "application/json"), (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "application/json"),
    (b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}", "application/json"), (b'{"a":"\xff\xfe"}', "application/json"),
    (b'{"\\u0000":1}', "application/json"), (b'{"\\ud800":1}', "application/json"),
    (b"\xef\xbb\xbf{}", "application/json"),
    (b'{"a":' + b"9" * 5000 + b"}", "application/json"), (b'{"a":1e999999}', "application/json"),
    (b"a=1&b=2", "application/x-www-form-urlencoded"), (b"<x/>", "application/xml"), (b"{}", "text/plain"),
    (b"{}", "application/json; charset=utf-16"), (b"{}", ""), (b"--x--", "multipart/form-data; boundary=x"),
    (b'{"there_is_no_such_field":1}', "application/json"),
    (b'{"id":"01900000-0000-7000-8000-000000000000"}', "application/json"),
]  # fmt: skip
TOO_LARGE = b'{"x":"' + b"y" * 1_100_000 + b'"}'
