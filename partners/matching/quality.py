"""How well the pair score does on labelled pairs: precision, recall and F1, and by kind where it errs."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from partners.matching.evidence import THRESHOLD, weigh
from partners.matching.names import Customer

FACTS = ("name", "city", "country", "domain")
NEEDED = (*(f"{side}_{fact}" for side in "ab" for fact in FACTS), "label")
LABELS = {"1": True, "0": False}


class BadFile(Exception):
    """The file is not one of labelled pairs; says where and why."""


@dataclass(frozen=True)
class Pair:
    """Two customers and whether people say that they are one."""

    name: str
    kind: str
    one: Customer
    other: Customer
    is_same: bool
    changes: tuple[str, ...] = ()


@dataclass
class Tally:
    """Pairs by what they are and what they were taken for."""

    right: int = 0
    wrongly_joined: int = 0
    wrongly_parted: int = 0
    right_apart: int = 0

    @property
    def precision(self) -> float | None:
        return _share(self.right, self.right + self.wrongly_joined)

    @property
    def recall(self) -> float | None:
        return _share(self.right, self.right + self.wrongly_parted)

    @property
    def f1(self) -> float | None:
        return _share(2 * self.right, 2 * self.right + self.wrongly_joined + self.wrongly_parted)

    def note(self, is_same: bool, taken_for_same: bool) -> None:
        self.right += is_same and taken_for_same
        self.wrongly_joined += taken_for_same and not is_same
        self.wrongly_parted += is_same and not taken_for_same
        self.right_apart += not is_same and not taken_for_same

    def as_json(self) -> dict[str, Any]:
        counts = {
            "pairs": self.right + self.wrongly_joined + self.wrongly_parted + self.right_apart,
            "false_positives": self.wrongly_joined,
            "false_negatives": self.wrongly_parted,
        }
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {**counts, **{name: None if x is None else round(x, 4) for name, x in shares.items()}}


@dataclass
class Quality:
    """All pairs together and by kind, and those on which the score erred."""

    overall: Tally = field(default_factory=Tally)
    by_kind: dict[str, Tally] = field(default_factory=dict)
    misses: list[tuple[Pair, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        missed = Counter(pair.kind for pair, _evidence in self.misses)
        changes = Counter(change for pair, _evidence in self.misses for change in pair.changes)
        return {
            "threshold": str(THRESHOLD),
            **self.overall.as_json(),
            "misses_by_kind": dict(missed.most_common()),
            "misses_by_change": dict(changes.most_common()),
            "by_kind": {kind: tally.as_json() for kind, tally in sorted(self.by_kind.items())},
            "misses": [_miss(pair, evidence) for pair, evidence in self.misses],
        }


def evaluate(pairs: Iterable[Pair]) -> Quality:
    """Weigh every pair at the shipped threshold and compare with its label."""
    quality = Quality()
    for pair in pairs:
        evidence = weigh(pair.one, pair.other)
        for tally in (quality.overall, quality.by_kind.setdefault(pair.kind, Tally())):
            tally.note(pair.is_same, evidence.is_same)
        if evidence.is_same != pair.is_same:
            quality.misses.append((pair, evidence))
    return quality


def read_pairs(path: Path) -> list[Pair]:
    """The labelled pairs of a CSV file. Raises BadFile with the line and the reason."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            found = list(_pairs(csv.DictReader(file, strict=True)))
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"{path} is not text in UTF-8.") from error
    except csv.Error as error:
        raise BadFile(f"{path} is not a CSV file: {error}.") from error
    if not found:
        raise BadFile(f"{path} holds no pairs.")
    return found


def _pairs(rows: csv.DictReader[str]) -> Iterator[Pair]:
    missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise BadFile(f"The first line names the columns; {', '.join(missing)} is missing.")
    for row in rows:
        yield _pair(row, rows.line_num)


def _pair(row: dict[str, Any], line: int) -> Pair:
    if None in row or None in row.values():
        raise BadFile(f"Line {line} has not as many values as the first line has columns.")
    if row["label"].strip() not in LABELS:
        raise BadFile(f"Line {line}: the label is “{row['label']}”; it is 1 (same customer) or 0.")
    one, other = (Customer(*(row[f"{side}_{fact}"].strip() for fact in FACTS)) for side in "ab")
    if not one.name or not other.name:
        raise BadFile(f"Line {line}: a customer has no name.")
    name = row.get("pair_id") or f"line {line}"
    changes = tuple(filter(None, (row.get("changes") or "").split("+")))
    return Pair(name, row.get("kind") or "all", one, other, LABELS[row["label"].strip()], changes)


def _miss(pair: Pair, evidence: Any) -> dict[str, Any]:
    return {
        "pair": pair.name,
        "kind": pair.kind,
        "label": int(pair.is_same),
        "score": str(evidence.score),
        "names": [pair.one.name, pair.other.name],
        "differences": {name: round(cost, 2) for name, cost in evidence.costs},
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
