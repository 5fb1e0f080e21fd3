"""The partner's lifecycle and vocabulary, identifiers, and the tree of organizations. Pure.

Dormant and at risk are figures, not states.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle

ONBOARDING, ACTIVE, SUSPENDED, TERMINATED = "onboarding", "active", "suspended", "terminated"
STATES = (ONBOARDING, ACTIVE, SUSPENDED, TERMINATED)

# Suspended: the portal is read-only, keys are refused, protections keep running.
# Terminated: log-ins closed, protections released, history kept.
LIFECYCLE = Lifecycle(
    {
        "activate": ("onboarding", ACTIVE),
        "suspend": ("active", SUSPENDED),
        "resume": ("suspended", ACTIVE),
        "terminate": ("onboarding active suspended", TERMINATED),
    }
)
NEEDS_REASON = {"suspend": "partner_suspension", "terminate": "partner_termination"}

# Domains that prove nothing about who someone works for.
SHARED_MAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com yahoo.co.jp icloud.com me.com aol.com gmx.de "
    "gmx.net web.de t-online.de orange.fr free.fr laposte.net libero.it proton.me protonmail.com mail.com zoho.com "
    "btinternet.com bigpond.com rogers.com shaw.ca docomo.ne.jp nifty.com qq.com 163.com yandex.ru mail.ru".split()
)

KIND_WORDS = {
    "vendor": _("Vendor"),
    "hospital_system": _("Hospital system"),
    "idn": _("Integrated delivery network"),
    "hospital": _("Hospital"),
    "service_line": _("Service line"),
    "amc": _("Academic medical center"),
    "health_authority": _("Health authority"),
    "government": _("Government agency"),
    "ehr_vendor": _("EHR vendor"),
    "integrator": _("Systems integrator"),
    "cloud": _("Cloud provider"),
    "device": _("Device company"),
    "distributor": _("Distributor"),
    "reseller": _("Reseller"),
    "consultancy": _("Consultancy"),
    "cro": _("Research organization"),
    "association": _("Association"),
    "standards_body": _("Standards body"),
    "investor": _("Investor"),
    "other": _("Other"),
}
KINDS = tuple(KIND_WORDS)
SCHEMES = ("npi", "ccn", "ods", "duns", "lei", "company_number", "vat", "abn", "corporate_number")


def domain_of(address: str) -> str:
    """The registrable part of a web or mail address that can identify a company; "" for shared mail."""
    host = address.strip().casefold().rpartition("@")[2]
    host = host.partition("//")[2] or host
    host = host.partition("/")[0].partition(":")[0].removeprefix("www.").rstrip(".")
    return "" if host in SHARED_MAIL or "." not in host else host


# Identifiers ---------------------------------------------------------------------------------------------------

SCHEME_WORDS = {
    "npi": _("NPI"),
    "ccn": _("CCN"),
    "ods": _("ODS code"),
    "duns": _("D-U-N-S"),
    "lei": _("LEI"),
    "company_number": _("Company number"),
    "vat": _("VAT number"),
    "abn": _("ABN"),
    "corporate_number": _("Corporate number (Japan)"),
}
# What each registry writes: https://www.cms.gov (NPI, CCN), https://digital.nhs.uk (ODS), ISO 17442 (LEI) …
SHAPES = {
    "npi": (r"[12]\d{9}", _("An NPI has ten digits; the last one checks the others.")),
    "ccn": (r"\d{2}[0-9A-Z]\d{3}|\d{5}[A-Z]", _("A CCN has six characters, such as 360180.")),
    "ods": (r"[0-9A-Z]{3,10}", _("An ODS code has three to ten letters and digits, such as RJ1.")),
    "duns": (r"\d{9}", _("A D-U-N-S number has nine digits.")),
    "lei": (r"[0-9A-Z]{18}\d{2}", _("An LEI has twenty characters; the last two check the others.")),
    "company_number": (r"[0-9A-Z]{2,30}", _("Enter the number as the register writes it.")),
    "vat": (r"[A-Z]{2}[0-9A-Z+*]{2,13}", _("A VAT number begins with its country, such as DE129273398.")),
    "abn": (r"\d{11}", _("An ABN has eleven digits; the first two check the others.")),
    "corporate_number": (
        r"[1-9]\d{12}",
        _("A corporate number has thirteen digits; the first checks the others."),
    ),
}


def identifier_value(text: str) -> str:
    """An identifier as it is stored and compared: capitals, without blanks, dots and dashes."""
    return re.sub(r"[\s.\-–/]", "", text).upper()


def is_identifier(scheme: str, value: str) -> bool:
    """Whether a stored value can be one of its scheme: its shape, and its check digits where it has some."""
    shape, _words = SHAPES[scheme]
    if not value.isascii() or not re.fullmatch(shape, value):
        return False
    return CHECKS[scheme](value) if scheme in CHECKS else True


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def _abn(value: str) -> bool:
    digits = [int(value[0]) - 1, *(int(digit) for digit in value[1:])]
    weights = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
    return sum(w * d for w, d in zip(weights, digits, strict=True)) % 89 == 0


def _corporate_number(value: str) -> bool:
    weighted = sum(int(d) * (1 if place % 2 else 2) for place, d in enumerate(value[1:]))
    return int(value[0]) == 9 - weighted % 9


CHECKS = {
    "npi": lambda value: _luhn(f"80840{value}"),
    "lei": lambda value: int("".join(str(int(sign, 36)) for sign in value)) % 97 == 1,
    "abn": _abn,
    "corporate_number": _corporate_number,
}

NAME_KINDS = ("alias", "former", "stated")

# The tree ------------------------------------------------------------------------------------------------------

MERGE, MOVE, UNDO = "merge", "move", "undo"
RESTRUCTURINGS = (MERGE, MOVE, UNDO)
WAITING, DONE, UNDONE, ABANDONED = "waiting", "done", "undone", "abandoned"
RESTRUCTURING_STATES = (WAITING, DONE, UNDONE, ABANDONED)
RESTRUCTURING = Lifecycle(
    {
        "complete": ("waiting", DONE),
        "abandon": ("waiting", ABANDONED),
        "undo": ("done", UNDONE),
    }
)
# A row that a merge touches: pointed at the other, made, or left because the other has the same already.
MOVED, MADE, LEFT = "moved", "made", "left"
ROW_FATES = (MOVED, MADE, LEFT)


@dataclass(frozen=True)
class Tree:
    """Organizations by id with the id of their parent (None: a root)."""

    parents: Mapping[UUID, UUID | None]

    @cached_property
    def children(self) -> dict[UUID, list[UUID]]:
        found = defaultdict(list)
        for child, parent in self.parents.items():
            if parent is not None:
                found[parent].append(child)
        return found

    def above(self, node: UUID) -> list[UUID]:
        """The chain from the parent up to the root."""
        found: dict[UUID, None] = {}
        here = self.parents.get(node)
        while here is not None and here not in found:
            found[here] = None
            here = self.parents.get(here)
        return list(found)

    def below(self, node: UUID) -> list[UUID]:
        """All that lies below, nearest first."""
        found = dict.fromkeys(self.children.get(node, ()))
        waiting = list(found)
        for here in waiting:
            fresh = [child for child in self.children.get(here, ()) if child not in found]
            found |= dict.fromkeys(fresh)
            waiting += fresh
        return waiting

    def root_of(self, node: UUID) -> UUID:
        return (self.above(node) or [node])[-1]

    def takes(self, node: UUID, parent: UUID | None) -> bool:
        """Whether a node can stand under a parent: not under itself and not under what lies below it."""
        return parent is None or (parent != node and node not in self.above(parent))

    def overlap(self, one: Scope, other: Scope) -> bool:
        """Whether two claims reach the same node: it is the same, or one reaches down to the other."""
        if one.node == other.node:
            return True
        down = one.includes_below and one.node in self.above(other.node)
        return down or (other.includes_below and other.node in self.above(one.node))

    def overlaps(self, scopes: Iterable[Scope]) -> Iterator[tuple[Scope, Scope]]:
        """Each pair that reaches the same node for the same product."""
        for one, other in combinations(scopes, 2):
            if one.product == other.product and self.overlap(one, other):
                yield one, other


@dataclass(frozen=True)
class Scope:
    """What a claim reaches: a node, with or without all below it, for a product. `owner` is whose row it is."""

    node: UUID
    includes_below: bool
    product: UUID | None = None
    owner: UUID | None = None
