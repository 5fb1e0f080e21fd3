"""Leads: states and moves, due times, what a partner reads before it accepts, and how good a lead is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle
from core.text import normal

NEW, OFFERED, POOLED, ACCEPTED, CONTACTED = "new", "offered", "pooled", "accepted", "contacted"
CONVERTED, WON, LOST, RETURNED, CLOSED = "converted", "won", "lost", "returned", "closed"
STATES = (NEW, OFFERED, POOLED, ACCEPTED, CONTACTED, CONVERTED, WON, LOST, RETURNED, CLOSED)

# What the deal makes of its lead, and what time does, nobody chooses.
LIFECYCLE = Lifecycle(
    {
        "offer": ("new returned pooled", OFFERED),
        "pool": ("new returned", POOLED),
        "accept": ("offered pooled", ACCEPTED),
        "decline": ("offered", NEW),
        "lapse": ("offered", NEW),
        "withdraw_offer": ("offered", NEW),
        "leave_pool": ("pooled", NEW),
        "note_contact": ("accepted", CONTACTED),
        "hand_back": ("accepted contacted", RETURNED),
        "reclaim": ("accepted contacted", RETURNED),
        "convert": ("accepted contacted", CONVERTED),
        "undo_conversion": ("converted", CONTACTED),
        "win": ("converted lost", WON),
        "lose": ("accepted contacted", LOST),
        "lose_with_deal": ("converted", LOST),
        "close": ("new returned pooled", CLOSED),
        "reopen": ("closed lost", NEW),
    },
    by_itself=["lapse", "reclaim", "undo_conversion", "win", "lose_with_deal"],
)
EVENT_OF_MOVE = {
    "offer": "lead.offered",
    "pool": "lead.pooled",
    "accept": "lead.accepted",
    "decline": "lead.declined",
    "lapse": "lead.lapsed",
    "withdraw_offer": "lead.offer_withdrawn",
    "leave_pool": "lead.left_pool",
    "note_contact": "lead.contacted",
    "hand_back": "lead.returned",
    "reclaim": "lead.reclaimed",
    "convert": "lead.converted",
    "undo_conversion": "lead.conversion_undone",
    "win": "lead.won",
    "lose": "lead.lost",
    "lose_with_deal": "lead.lost",
    "close": "lead.closed",
    "reopen": "lead.reopened",
}
MOVES_OF_PARTNER = ("accept", "decline", "note_contact", "hand_back", "convert", "lose")
NEEDS_ROUTING = (NEW, RETURNED)
WITH_PARTNER = (OFFERED, ACCEPTED, CONTACTED, CONVERTED, WON, LOST)
HELD = (ACCEPTED, CONTACTED, CONVERTED)
# Only here a partner reads who the customer is.
DISCLOSED = (ACCEPTED, CONTACTED, CONVERTED, WON, LOST)
# What counts against a partner's capacity: it has been asked, or is still talking.
COUNTING = (OFFERED, ACCEPTED, CONTACTED)
OPEN = (NEW, RETURNED, OFFERED, POOLED, ACCEPTED, CONTACTED, CONVERTED)

# Offers ---------------------------------------------------------------------------------------------------------

ASKED, DECLINED, LAPSED, WITHDRAWN, HANDED_BACK, RECLAIMED = (
    "open", "declined", "lapsed", "withdrawn", "returned", "reclaimed",
)  # fmt: skip
OFFER_STATES = (ASKED, ACCEPTED, DECLINED, LAPSED, WITHDRAWN, HANDED_BACK, RECLAIMED)
OFFER = Lifecycle(
    {
        "accept": ("open", ACCEPTED),
        "decline": ("open", DECLINED),
        "lapse": ("open", LAPSED),
        "withdraw": ("open", WITHDRAWN),
        "hand_back": ("accepted", HANDED_BACK),
        "reclaim": ("accepted", RECLAIMED),
    }
)
# Whoever let a lead go is not asked about it again by the rules.
LET_GO = (DECLINED, LAPSED, HANDED_BACK, RECLAIMED)
REFUSED = (DECLINED, HANDED_BACK)

# Reasons that nobody chooses.
NO_CONTACT, PARTNER_ENDED, NOT_TAKEN = "no_contact_in_time", "partner_ended", "nobody_took_it"
OWN_REASONS = {
    NO_CONTACT: _("No first contact in time"),
    PARTNER_ENDED: _("The partnership is suspended or has ended"),
    NOT_TAKEN: _("Nobody took it"),
}

LANGUAGES = {
    "en": _("English"), "de": _("German"), "fr": _("French"), "it": _("Italian"), "es": _("Spanish"),
    "nl": _("Dutch"), "ja": _("Japanese"),
}  # fmt: skip

SOURCES = ("web", "event", "campaign", "call", "marketplace", "referral", "import", "other")
SOURCE_WORDS = {
    "web": _("Website"), "event": _("Event"), "campaign": _("Campaign"), "call": _("Call"),
    "marketplace": _("Marketplace"), "referral": _("Referral"), "import": _("Import"), "other": _("Another way"),
}  # fmt: skip
CONSENTS = ("consent", "inquiry", "contract", "legitimate_interest")
CONSENT_WORDS = {
    "consent": _("The person agreed to be contacted by a partner"),
    "inquiry": _("The person asked to be contacted"),
    "contract": _("An existing contract covers it"),
    "legitimate_interest": _("Legitimate interest, assessed"),
}
WAYS = ("phone", "email", "meeting", "other")
WAY_WORDS = {
    "phone": _("By phone"),
    "email": _("By e-mail"),
    "meeting": _("In person"),
    "other": _("Another way"),
}

# What whoever enters a lead may say, and a change may touch.
FIELDS = (
    "customer_name", "organization", "street", "postcode", "city", "country", "website", "contact_name",
    "contact_role", "contact_email", "contact_phone", "language", "specialty", "products", "need", "details",
    "amount", "source", "source_detail", "consent_basis", "consent_on", "consent_text", "external_ref",
)  # fmt: skip


def accept_by(offered_at: datetime, hours: int) -> datetime:
    """The instant by which an offer is answered. `hours` from the setting."""
    return offered_at + timedelta(hours=hours)


def contact_by(accepted_at: datetime, days: int) -> datetime:
    """The instant by which the first contact is made. `days` from the setting."""
    return accepted_at + timedelta(days=days)


# Before it is accepted ------------------------------------------------------------------------------------------

ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w|https?://\S+|www\.\S+\w")
NUMBER = re.compile(r"\+?\d[\d ()/.-]{6,}\d")
FEWEST_DIGITS = 9  # a day or an amount has fewer
SHORTEST_WORD = 4
# Words in names of customers that name nobody.
COMMON = frozenset(
    "hospital clinic clinics clinica clinico centre center medical health healthcare care regional general community "
    "university universitair universitaetsklinikum klinik klinikum krankenhaus hopital hospitalier ospedale system "
    "systems group trust foundation national county city saint north south east west memorial children institute "
    "network services service department with".split()
)  # fmt: skip


def telling_words(text: str, names: Iterable[str]) -> list[str]:
    """What of a text would tell who the customer is: addresses, numbers, and words of these names.

    Partners read the text before they accept, when they may not know whom it is about.
    """
    found = ADDRESS.findall(text)
    found += [number for number in NUMBER.findall(text) if sum(c.isdigit() for c in number) >= FEWEST_DIGITS]
    said = set(re.findall(r"[^\W_]+", normal(text)))
    for name in names:
        words = re.findall(r"[^\W_]+", normal(name))
        found += [w for w in words if len(w) >= SHORTEST_WORD and w not in COMMON and w in said]
    return list(dict.fromkeys(found))


# How good it is -------------------------------------------------------------------------------------------------

POINTS = (
    ("person", 20, _("A person is named")),
    ("reachable", 20, _("The person can be reached")),
    ("role", 10, _("The person's role is known")),
    ("need", 15, _("The need is described")),
    ("products", 10, _("A product is asked for")),
    ("value", 15, _("The value is estimated")),
    ("organization", 10, _("We know the organization")),
)


@dataclass(frozen=True)
class ScoreLine:
    """One line of a lead's score: whether it holds, and the points it gives (of 100)."""

    code: str
    words: object
    points: int
    holds: bool


def score_lines(facts: dict[str, bool]) -> list[ScoreLine]:
    """How complete a lead is, line by line; the score is the sum of what holds."""
    return [ScoreLine(code, words, points, bool(facts.get(code))) for code, points, words in POINTS]


def score(lines: Iterable[ScoreLine]) -> int:
    """0 to 100."""
    return sum(line.points for line in lines if line.holds)


# What the one who referred it is told ---------------------------------------------------------------------------

RECEIVED, PASSED_ON, IN_TALKS = "received", "passed_on", "in_talks"
PROGRESS_OF_STATE = {
    NEW: RECEIVED, RETURNED: RECEIVED, OFFERED: RECEIVED, POOLED: RECEIVED, ACCEPTED: PASSED_ON,
    CONTACTED: IN_TALKS, CONVERTED: IN_TALKS, WON: WON, LOST: LOST, CLOSED: CLOSED,
}  # fmt: skip
PROGRESS_WORDS = {
    RECEIVED: _("Received"),
    PASSED_ON: _("With someone who calls"),
    IN_TALKS: _("In talks"),
    WON: _("Won"),
    LOST: _("Not won"),
    CLOSED: _("Not pursued"),
}
