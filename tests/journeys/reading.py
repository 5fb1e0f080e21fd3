"""What a person sees of a page: its words, its links, and its forms with what is filled in already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = {"script", "style", "template"}
BLOCKS = {
    "p",
    "li",
    "tr",
    "td",
    "th",
    "div",
    "h1",
    "h2",
    "h3",
    "dt",
    "dd",
    "section",
    "small",
    "option",
    "legend",
}


@dataclass
class Node:
    """An element: its attributes and what it contains."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list[Node | str] = field(default_factory=list)

    def all(self, *tags: str, where: Callable[[Node], bool] = lambda node: True) -> Iterator[Node]:
        """The elements below that have one of these tags, in the order of the page."""
        for child in self.content:
            if isinstance(child, Node):
                if child.tag in tags and where(child):
                    yield child
                yield from child.all(*tags, where=where)

    def first(self, *tags: str, where: Callable[[Node], bool] = lambda node: True) -> Node | None:
        return next(self.all(*tags, where=where), None)

    def words(self) -> str:
        """The text, each run of blanks as one."""
        return " ".join(self._raw().split())

    def _raw(self) -> str:
        if self.tag in UNSEEN:
            return ""
        text = "".join(c if isinstance(c, str) else c._raw() for c in self.content)
        return f" {text} " if self.tag in BLOCKS else text


class _Reader(HTMLParser):
    """Builds the tree; an end tag closes what was left open within its element."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)


def read(html: str) -> Node:
    """The tree of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.open[0]


class Form:
    """A form as a browser would send it, and the words beside its choices."""

    def __init__(self, node: Node, page: Node) -> None:
        self.action = node.attributes.get("action", "")
        self.id = node.attributes.get("id", "")
        outside = page.all("input", where=lambda n: bool(self.id) and n.attributes.get("form") == self.id)
        self.controls = [*node.all("input", "select", "textarea", "button"), *outside]
        self.labels = {
            label.attributes["for"]: label.words() for label in page.all("label") if "for" in label.attributes
        }

    @property
    def names(self) -> set[str]:
        return {c.attributes["name"] for c in self.controls if c.attributes.get("name")}

    def filled(self) -> dict[str, list[str]]:
        """What is sent if nobody changes anything."""
        found: dict[str, list[str]] = {}
        for control in self.controls:
            name = control.attributes.get("name")
            if name and control.tag != "button" and "disabled" not in control.attributes:
                found.setdefault(name, []).extend(_values(control))
        return found

    def buttons(self) -> list[str]:
        return [_said(control) for control in self.controls if control.tag == "button"]

    def button(self, words: str) -> Node | None:
        """The button that says this."""
        return next((c for c in self.controls if c.tag == "button" and _said(c) == words), None)

    def choose(self, name: str, wanted: str) -> str:
        """The value of a choice that a person picks by its value or its words. Raises LookupError."""
        offered = dict(self._offered(name))
        if wanted in offered:
            return wanted
        fitting = [value for value, words in offered.items() if words.startswith(wanted)]
        if len(fitting) != 1:
            raise LookupError(f"“{wanted}” is not one of the choices of {name}: {list(offered.values())}")
        return fitting[0]

    def _offered(self, name: str) -> Iterator[tuple[str, str]]:
        for control in self.controls:
            if control.attributes.get("name") == name:
                if control.tag == "select":
                    for option in control.all("option"):
                        yield option.attributes.get("value", option.words()), option.words()
                else:
                    key = control.attributes.get("id", "")
                    yield control.attributes.get("value", "on"), self.labels.get(key, "")

    def is_choice(self, name: str) -> bool:
        kinds = {
            control.attributes.get("type", control.tag)
            for control in self.controls
            if control.attributes.get("name") == name
        }
        return bool(kinds & {"radio", "checkbox", "select"})


def _said(button: Node) -> str:
    return button.attributes.get("aria-label") or button.words()


def _values(control: Node) -> list[str]:
    kind = control.attributes.get("type", "text")
    if control.tag == "select":
        options = list(control.all("option"))
        chosen = [o for o in options if "selected" in o.attributes]
        if not chosen and "multiple" not in control.attributes:
            chosen = options[:1]
        return [o.attributes.get("value", o.words()) for o in chosen]
    if control.tag == "textarea":
        return ["".join(c for c in control.content if isinstance(c, str)).removeprefix("\n")]
    if kind in ("radio", "checkbox"):
        return [control.attributes.get("value", "on")] if "checked" in control.attributes else []
    return [] if kind in ("file", "submit") else [control.attributes.get("value", "")]


class Seen:
    """A page that was answered: where, with which status, and what is on it."""

    def __init__(self, response: Any, url: str) -> None:
        self.response, self.url, self.status = response, url, response.status_code
        self.html = response.content.decode() if not response.streaming else ""
        self.tree = read(self.html)
        self.main = self.tree.first("main") or self.tree

    @property
    def words(self) -> str:
        """What stands in the page's own part, without the navigation around it."""
        return self.main.words()

    @property
    def heading(self) -> str:
        found = self.main.first("h1") or self.tree.first("h1")
        return found.words() if found else ""

    def __contains__(self, text: str) -> bool:
        return text in self.words

    def link(self, words: str) -> str:
        """Where the first link with these words leads. Raises LookupError."""
        for link in self.main.all("a"):
            if words in link.words() and link.attributes.get("href", "#")[:1] != "#":
                return link.attributes["href"]
        raise LookupError(f"{self.url} has no link “{words}”: {self.words[:1500]}")

    def links(self) -> dict[str, str]:
        return {link.words(): link.attributes.get("href", "") for link in self.main.all("a")}

    def rows(self) -> list[str]:
        """The words of each line of the page's tables and lists."""
        return [row.words() for row in self.main.all("tr", "li")]

    def row(self, words: str) -> str:
        """The line that has these words. Raises LookupError."""
        for row in self.rows():
            if words in row:
                return row
        raise LookupError(f"{self.url} has no line “{words}”: {self.rows()}")

    def forms(self) -> list[Form]:
        return [
            Form(node, self.tree)
            for node in self.main.all("form")
            if node.attributes.get("method", "").lower() == "post"
        ]

    def form(self, names: set[str], button: str = "") -> Form:
        """The form that has fields of these names and a button that says this. Raises LookupError."""
        fitting = [f for f in self.forms() if names <= f.names and (not button or f.button(button))]
        main = [f for f in fitting if f.id == "prm-form"] or fitting
        if not main:
            there = [(sorted(f.names), f.buttons()) for f in self.forms()]
            raise LookupError(
                f"{self.url} has no form with {sorted(names)} {button!r}: {there} {self.words[:900]}"
            )
        return main[0]

    def errors(self) -> str:
        """What the page says is wrong."""
        found = self.main.first("div", where=lambda n: "prm-errors" in n.attributes.get("class", "").split())
        return found.words() if found else self.words[:1500]
