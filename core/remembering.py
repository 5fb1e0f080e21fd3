"""What does not change while one page is read is asked for once: the vendor's row, the program's settings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse

_kept: ContextVar[dict[Any, Any] | None] = ContextVar("kept", default=None)


def once_a_page(key: Any, read: Callable[[], Any]) -> Any:
    """The value of `read()`, remembered until the page is answered. Outside of reading a page nothing is."""
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return kept[key]


@contextmanager
def remembered() -> Iterator[None]:
    """Inside, the answers are kept: for one page that only reads, or a load during which the program stays as it is."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


class RememberWhileReading:
    """Middleware: begins and ends the memory of a request that only reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with remembered():
            return self.get_response(request)
