"""Every page that has a picture: its name, its address, and the demo role that looks at it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page of the demo. `follow` is a selector: the picture is of the page that its first match leads to."""

    name: str
    path: str
    role: str | None = None
    follow: str | None = None


PAGES = [
    Page("login", "/accounts/login/"),
]
