"""A YAML file as plain text with line numbers: no types are guessed, `NO` is two letters and `0123` four digits."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LARGEST = 2_000_000  # bytes
DEEPEST = 30
NULLS = ("", "~", "null")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where it is, in a sentence."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.path + ': ' if self.path else ''}{self.message}"


class ProgramFileError(Exception):
    """The file cannot be loaded; `problems` are all the reasons, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Scalar:
    line: int
    text: str | None


@dataclass(frozen=True)
class Items:
    line: int
    items: tuple["Node", ...]


@dataclass(frozen=True)
class Entries:
    line: int
    entries: dict[str, "Node"]
    key_lines: dict[str, int]


Node = Scalar | Items | Entries


def read_text(path: Path, name: str, problems: list[Problem]) -> Node:
    """The file's nodes; what is wrong with its form is added to `problems`."""
    return read_bytes(path.read_bytes(), name, problems)


def read_bytes(content: bytes, name: str, problems: list[Problem]) -> Node:
    """The same for what was uploaded or typed."""
    try:
        root = _Composer(_decoded(content), name, problems).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.append(Problem(name, mark.line + 1 if mark else 1, "", error.problem or "This is not YAML."))
    except (yaml.YAMLError, ValueError) as error:
        problems.append(Problem(name, 1, "", f"This is not a YAML text file: {error}"))
    else:
        if root is not None:
            return _node(root, "", name, problems)
    return Entries(1, {}, {})


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST:,} bytes")
    return content.decode("utf-8")


class _Composer(yaml.BaseLoader):
    """Composes nodes and refuses what would hide a value from its reader: anchors, aliases and tags."""

    def __init__(self, text: str, name: str, problems: list[Problem]) -> None:
        super().__init__(text)
        self.file, self.problems, self.depth = name, problems, 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            self.get_event()
            self._refuse(event, f"the alias *{event.anchor} is not allowed: write the value out")
            return yaml.ScalarNode("alias", "", event.start_mark, event.end_mark)
        if event.anchor is not None:
            self._refuse(event, f"the anchor &{event.anchor} is not allowed")
            event.anchor = None
        if getattr(event, "tag", None) not in (None, "!"):
            self._refuse(event, f"the tag {event.tag} is not allowed")
            event.tag = None
        return self._one_deeper(parent, index, event)

    def _one_deeper(self, parent: Any, index: Any, event: Any) -> Any:
        self.depth += 1
        if self.depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _refuse(self, event: Any, message: str) -> None:
        self.problems.append(Problem(self.file, event.start_mark.line + 1, "", message))


def _node(node: yaml.Node, path: str, name: str, problems: list[Problem]) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Scalar(line, None if node.style is None and node.value in NULLS else node.value)
    if isinstance(node, yaml.SequenceNode):
        return Items(
            line, tuple(_node(item, f"{path}[{n}]", name, problems) for n, item in enumerate(node.value))
        )
    entries: dict[str, Node] = {}
    key_lines: dict[str, int] = {}
    for key, where, value in _pairs(node, path, name, problems):
        if key in entries:
            problems.append(
                Problem(name, where, path, f"“{key}” is here twice (first on line {key_lines[key]})")
            )
            continue
        key_lines[key] = where
        entries[key] = _node(value, f"{path}.{key}" if path else key, name, problems)
    return Entries(line, entries, key_lines)


def _pairs(
    node: yaml.Node, path: str, name: str, problems: list[Problem]
) -> Iterator[tuple[str, int, yaml.Node]]:
    for key, value in node.value:
        where = key.start_mark.line + 1
        if isinstance(key, yaml.ScalarNode):
            yield key.value, where, value
        else:
            problems.append(Problem(name, where, path, "a key is a plain word"))
