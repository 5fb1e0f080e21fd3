"""A section of the program file: its key, its schema and how it is loaded; and reading a whole file of sections."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from core.actors import Actor
from core.program_file.provenance import Document, Provenance
from core.program_file.records import MapOf, Record
from core.program_file.schema import Reading, Spot, Type
from core.program_file.text import Entries, Problem, ProgramFileError, read_text
from core.program_file.values import Text

DOCUMENTS = MapOf(Record(title=Text, file=Text))
UNSOURCED = Provenance(reason="The list of the documents itself.")


@dataclass(frozen=True)
class Loading:
    """One run of loading: who, when, from which file, and whether a first version is to come into force, since when."""

    by: Actor
    at: datetime
    program: "ProgramFile"
    activate: bool = False
    since: date | None = None


def only_checked(data: Any, loading: Loading) -> Iterable[str]:
    """For a section that is read from the file where it is needed and has no rows."""
    return ()


@dataclass(frozen=True)
class Section:
    """What an app owns of the file. `load(data, loading)` makes the app's rows say what the data says and yields a
    sentence for each difference; nothing different, nothing yielded.
    """

    key: str
    schema: Type
    load: Callable[[Any, Loading], Iterable[str]] = only_checked


@dataclass(frozen=True)
class ProgramFile:
    """A file that was read without a problem: the typed data of each section by its key."""

    path: Path
    sha256: str
    data: dict[str, Any]
    documents: dict[str, Document]

    def load(self, sections: Sequence[Section], loading: Loading) -> Iterator[str]:
        """Load the sections in their order, inside the caller's transaction; yields what changed."""
        for section in sections:
            if section.key in self.data:
                yield from section.load(self.data[section.key], loading)


def read(path: Path | str, sections: Sequence[Section], *, partial: bool = False) -> ProgramFile:
    """Read and check the file. Raises ProgramFileError with every problem.

    `partial` ignores sections that were not asked for, and references into them.
    """
    path, problems = Path(path), list[Problem]()
    name = str(path)
    root = read_text(path, name, problems)
    reading = Reading(name, problems)
    if not isinstance(root, Entries) or not root.entries:
        raise ProgramFileError(problems or [Problem(name, 1, "", "there are no sections in this file")])
    reading.documents = _documents(root, reading)
    data = {
        section.key: _section(section, root, reading) for section in sections if section.key in root.entries
    }
    if not partial:
        _refuse_unknown(root, sections, reading)
    _check_references(reading, {section.key for section in sections} if partial else None)
    if problems:
        raise ProgramFileError(problems)
    return ProgramFile(path, hashlib.sha256(path.read_bytes()).hexdigest(), data, reading.documents)


def _documents(root: Entries, reading: Reading) -> dict[str, Document]:
    if "documents" not in root.entries:
        return {}
    rows = DOCUMENTS.value(root.entries["documents"], Spot(reading, "documents", "documents", UNSOURCED))
    return {code: Document(code, row.title, row.file) for code, row in rows.items() if row}


def _section(section: Section, root: Entries, reading: Reading) -> Any:
    return section.schema.value(root.entries[section.key], Spot(reading, section.key, section.key))


def _refuse_unknown(root: Entries, sections: Sequence[Section], reading: Reading) -> None:
    known = {"documents", *(section.key for section in sections)}
    for key in root.entries:
        if key not in known:
            Spot(reading, key).wrong(root.key_lines[key], f"“{key}” is not known here")


def _check_references(reading: Reading, read_keys: set[str] | None) -> None:
    for spot, line, code, targets in reading.refs:
        if read_keys is not None and any(target.split(".")[0] not in read_keys for target in targets):
            continue
        if not any(code in reading.codes.get(target, ()) for target in targets):
            spot.wrong(line, f"there is no “{code}” in {' or '.join(targets)}")
