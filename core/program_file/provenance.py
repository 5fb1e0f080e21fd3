"""Where a figure comes from: the lines of a document, or a default of ours with its reason."""

import re
from dataclasses import dataclass

LINES = re.compile(r"(?P<first>[1-9]\d{0,4})(?:-(?P<last>[1-9]\d{0,4}))?", re.ASCII)


@dataclass(frozen=True)
class Document:
    """A source text, shipped beside the program file."""

    code: str
    title: str
    file: str


@dataclass(frozen=True)
class Source:
    """Lines `first` to `last` (both included) of a document."""

    document: Document
    first: int
    last: int

    @property
    def lines(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def __str__(self) -> str:
        return f"{self.document.title}, {'line' if self.first == self.last else 'lines'} {self.lines}"


@dataclass(frozen=True)
class Provenance:
    """Either a source or a reason why we chose the figure ourselves."""

    source: Source | None = None
    reason: str = ""

    @property
    def is_default(self) -> bool:
        return self.source is None

    def as_json(self) -> dict[str, str]:
        if self.source is None:
            return {"reason": self.reason}
        return {"document": self.source.document.title, "lines": self.source.lines}

    def __str__(self) -> str:
        return self.reason if self.source is None else str(self.source)
