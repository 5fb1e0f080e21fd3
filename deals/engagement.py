"""Rules of engagement: their life and notice, how two versions differ, which rule a decision rests on. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.lifecycle import Lifecycle

DRAFT, ANNOUNCED, ACTIVE, SUPERSEDED, DISCARDED = "draft", "announced", "active", "superseded", "discarded"
STATES = (DRAFT, ANNOUNCED, ACTIVE, SUPERSEDED, DISCARDED)
# What partners may read: what is announced, what holds, and what held.
TOLD = (ANNOUNCED, ACTIVE, SUPERSEDED)
LIFECYCLE = Lifecycle(
    {
        "announce": ("draft", ANNOUNCED),
        "activate": ("announced", ACTIVE),
        "supersede": ("active", SUPERSEDED),
        "discard": ("draft announced", DISCARDED),
    },
    by_itself=["activate", "supersede"],
)
EVENT_OF_MOVE = {
    "announce": "rules.announced",
    "activate": "rules.activated",
    "supersede": "rules.superseded",
    "discard": "rules.discarded",
}
# Decisions that a rule may back besides the reasons of a refusal or a revocation.
APPROVE, REJECT, DUPLICATE, REVOKE = "approve", "reject", "mark_duplicate", "revoke"
# A conflict case names one of the rules that decide cases.
CASE = "decide_case"
DECISIONS = (APPROVE, REJECT, DUPLICATE, REVOKE, CASE)
MOST_SECTIONS = 40
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
HEAD = re.compile(r"\[(?P<code>[^\]]*)\]\s*(?P<title>.*)")


@dataclass(frozen=True)
class Section:
    """One rule: its code (stable over versions), title, text, and the decisions that rest on it."""

    code: str
    title: str
    text: str
    decides: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "decides": list(self.decides)}


def sections_of(stored: Iterable[dict[str, Any]]) -> list[Section]:
    return [Section(s["code"], s["title"], s["text"], tuple(s.get("decides", ()))) for s in stored]


def checked(sections: list[Section], reasons: Iterable[str]) -> list[Section]:
    """The same sections. Raises ValidationError: none, too many, a code twice or malformed, an unknown decision."""
    known, wrong = {*DECISIONS, *reasons}, []
    codes = [section.code for section in sections]
    if not sections or len(sections) > MOST_SECTIONS:
        wrong.append(_("Write between 1 and %(most)s rules.") % {"most": MOST_SECTIONS})
    wrong += [
        _("The code “%(code)s” is used twice.") % {"code": c}
        for c in sorted(set(codes))
        if codes.count(c) > 1
    ]
    for section in sections:
        shown = {"code": section.code, "title": section.title}
        if not CODE.fullmatch(section.code):
            wrong.append(_("“%(code)s” is no code: use small letters, digits and underscores.") % shown)
        if not section.title.strip() or len(section.title) > 120 or not section.text.strip():
            wrong.append(_("The rule %(code)s needs a title of at most 120 characters and a text.") % shown)
        if len(section.text) > 4000:
            wrong.append(_("The text of %(code)s is too long.") % shown)
        if unknown := sorted(set(section.decides) - known):
            wrong.append(_("Nothing is decided by “%(what)s”.") % {"what": ", ".join(unknown)})
    if wrong:
        raise ValidationError({"sections": wrong})
    return sections


def parse(text: str) -> list[Section]:
    """Sections from plain text: “[code] Title”, its text, and if a decision rests on it “Decides: approve, …”."""
    found: list[Section] = []
    for block in re.split(r"^(?=\[)", text.replace("\r\n", "\n").strip(), flags=re.MULTILINE):
        if not block.strip():
            continue
        first, _newline, rest = block.partition("\n")
        head = HEAD.fullmatch(first.strip())
        if head is None:
            raise ValidationError(
                {"sections": _("Begin every rule with its code: [first_complete] Its title.")}
            )
        lines = rest.strip().split("\n")
        decides: tuple[str, ...] = ()
        if lines[-1].casefold().startswith("decides:"):
            words = lines.pop().partition(":")[2]
            decides = tuple(word.strip() for word in words.split(",") if word.strip())
        found.append(Section(head["code"].strip(), head["title"].strip(), "\n".join(lines).strip(), decides))
    return found


def as_text(sections: Iterable[Section]) -> str:
    """The plain text that `parse` reads."""
    blocks = []
    for section in sections:
        decides = f"\nDecides: {', '.join(section.decides)}" if section.decides else ""
        blocks.append(f"[{section.code}] {section.title}\n{section.text}{decides}")
    return "\n\n".join(blocks)


def rule_for(sections: list[Section], *grounds: str) -> Section | None:
    """The rule that a decision rests on: by its reason, else by its kind. None where no rule says so."""
    for ground in grounds:
        for section in sections:
            if ground and ground in section.decides:
                return section
    return None


def rules_of_cases(sections: list[Section]) -> list[Section]:
    """Those by which conflict cases are decided: the ones that say so, and all of them where none does."""
    return [section for section in sections if CASE in section.decides] or sections


def earliest_day(on: date, is_adverse: bool, notice_days: int) -> date:
    """The first day on which a version announced on a day may hold: an adverse one needs its notice."""
    return on + timedelta(days=notice_days if is_adverse else 0)


@dataclass(frozen=True)
class Change:
    """How one rule differs: "added", "removed", "changed" or "same", and its words as (kind, words)."""

    kind: str
    code: str
    title: str
    was: str = ""
    words: tuple[tuple[str, str], ...] = ()


def differences(before: list[Section], after: list[Section]) -> Iterator[Change]:
    """Rule by rule, in the new order; what is gone stands last."""
    old = {section.code: section for section in before}
    for section in after:
        was = old.pop(section.code, None)
        if was is None:
            yield Change("added", section.code, section.title, words=(("in", section.text),))
        elif (was.title, was.text) != (section.title, section.text):
            was_title = was.title if was.title != section.title else ""
            yield Change(
                "changed", section.code, section.title, was_title, tuple(word_changes(was.text, section.text))
            )
        else:
            yield Change("same", section.code, section.title, words=(("same", section.text),))
    for gone in old.values():
        yield Change("removed", gone.code, gone.title, words=(("out", gone.text),))


def word_changes(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The new text with what was taken out: ("same", …), ("out", …), ("in", …)."""
    old, new = before.split(), after.split()
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", " ".join(new[c:d])
            continue
        if a < b:
            yield "out", " ".join(old[a:b])
        if c < d:
            yield "in", " ".join(new[c:d])
