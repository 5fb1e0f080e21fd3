"""The thread of a journey: its clock, its people at their browsers, its letters, and what was recorded of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db.models.signals import post_save
from django.test import Client

import core.tasks
import deals.tasks
import events.tasks
import inbox.tasks
import leads.tasks
import tiers.tasks
from core.clock import now
from events.models import Event
from prm.celery import DAILY
from tests.journeys.reading import Seen

PASSWORD = "four words are fine"
# Who signs in is recorded too, but says nothing about the thread.
AROUND = ("user.signed_in",)
PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def pdf(name: str) -> SimpleUploadedFile:
    """A small signed document."""
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


class Log:
    """Hears each event as it is written, in order; what was rolled back is left out when asked."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, str]] = []
        post_save.connect(self.hear, sender=Event, weak=False, dispatch_uid="journey")

    def close(self) -> None:
        post_save.disconnect(sender=Event, dispatch_uid="journey")

    def hear(self, instance: Event, created: bool, **rest: Any) -> None:
        if created:
            self.heard.append((instance.pk, instance.type))

    def __len__(self) -> int:
        return len(self.kept())

    def kept(self, since: int = 0) -> list[str]:
        """The types of what was recorded since a place in the log."""
        heard = self.heard[since:]
        there = set(Event.objects.filter(pk__in=[pk for pk, _type in heard]).values_list("pk", flat=True))
        return [name for pk, name in heard if pk in there]


def in_short(types: Iterable[str]) -> list[str]:
    """Types in order: who signed in left out, repeats in a row said once."""
    return [name for name, _again in groupby(t for t in types if t not in AROUND)]


class Story:
    """The clock and the log of one journey."""

    def __init__(self, clock: Any) -> None:
        self.clock, self.log, self.place = clock, Log(), 0

    def go(self, text: str, *, work: bool = True) -> datetime:
        """It is now this instant (UTC), such as "2026-01-05 09:00"; what is due by then is done, as workers do it."""
        at = datetime.fromisoformat(text).replace(tzinfo=UTC)
        self.clock.move_to(at)
        if work:
            self.work()
        return at

    @staticmethod
    def now() -> datetime:
        return now()

    def work(self) -> None:
        """One round of what beat rings for."""
        core.tasks.tick(DAILY)
        deals.tasks.release_lapsed()
        leads.tasks.pass_on()
        tiers.tasks.recalculate_requested()
        inbox.tasks.send_due_reminders()
        core.tasks.send_mail()
        events.tasks.seal()

    @contextmanager
    def step(self, name: str, expected: str) -> Iterator[None]:
        """One step of the thread: since the step before, exactly this was recorded, in this order."""
        yield
        found = in_short(self.log.kept(self.place))
        assert found == expected.split(), f"{name}: {found}"
        self.place = len(self.log.heard)

    def is_told(self) -> bool:
        """Whether every event belongs to a step, and no other row of the log exists."""
        return not in_short(self.log.kept(self.place)) and Event.objects.count() == len(self.log)


class Visitor:
    """A person at a browser. Pages are fetched, forms are sent as they stand there, redirects are followed."""

    def __init__(self, story: Story, email: str = "") -> None:
        self.story, self.email = story, email
        self.client = Client(enforce_csrf_checks=True)

    def get(self, url: str, status: int = 200) -> Seen:
        """A page. Who was signed out meanwhile signs in."""
        seen = self._follow(self.client.get(url), url)
        if self.email and urlsplit(seen.url).path == "/accounts/login/":
            self.sign_in(seen)
            seen = self._follow(self.client.get(url), url)
        assert seen.status == status, f"GET {url}: {seen.status} {seen.words[:1500]}"
        return seen

    def sign_in(self, seen: Seen) -> None:
        self.send(seen, login=self.email, password=PASSWORD)

    def submit(self, url: str, *, status: int = 302, quiet: bool = False, **values: Any) -> Seen:
        """Fetch a page and send its form with these values; returns the page after it."""
        return self.send(self.get(url), status=status, quiet=quiet, **values)

    def press(self, url: str, button: str, **options: Any) -> Seen:
        """Press the button of a page that says this."""
        return self.send(self.get(url), button=button, **options)

    def send(
        self, seen: Seen, *, status: int = 302, quiet: bool = False, button: str = "", to: str = "", **values: Any
    ) -> Seen:  # fmt: skip
        """Send a form of a page. `quiet` is for what changes nothing; anything else leaves an event.

        A choice is picked by its words; money is (currency, amount); `button` is the words of the one pressed; `to`
        is for what a page sends by itself.
        """
        form = seen.form({*_plain(values)}, button)
        data = form.filled()
        for name, value in _plain(values).items():
            many = value if isinstance(value, list) else [value]
            data[name] = [
                form.choose(name, v) if form.is_choice(name) and isinstance(v, str) else v for v in many
            ]
        pressed = form.button(button) if button else None
        if pressed and pressed.attributes.get("name"):
            data[pressed.attributes["name"]] = [pressed.attributes.get("value", "")]
        target = urljoin(seen.url, to or form.action) if to or form.action else seen.url
        before = len(self.story.log)
        response = self.client.post(target.partition("#")[0], data)
        answered = Seen(response, target)
        assert response.status_code == status, f"POST {target}: {response.status_code} {answered.errors()}"
        if response.status_code < 400:
            assert quiet or len(self.story.log) > before, f"POST {target} left no event"
        return self._follow(response, target)

    def _follow(self, response: Any, url: str) -> Seen:
        for _step in range(5):
            if response.status_code not in (301, 302, 303):
                return Seen(response, url)
            url = urljoin(url, response["Location"])
            response = self.client.get(url)
        raise AssertionError(f"{url} leads in circles")


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Money as the two controls that a form has for it."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, tuple):
            found[f"{name}_0"], found[f"{name}_1"] = value
        else:
            found[name] = value
    return found


class Letterbox:
    """Letters as an administrator reads them on the pages of mail."""

    def __init__(self, reader: Visitor) -> None:
        self.reader = reader

    def read(self, to: str, letter: str) -> Seen:
        """The latest letter of a kind to an address."""
        self.reader.story.work()
        found = self.reader.get(f"/manage/mail/?to={to}&letter={letter}")
        row = found.main.first(
            "a", where=lambda a: re.fullmatch(r"/manage/mail/[0-9a-f-]{36}/", a.attributes.get("href", ""))
        )
        assert row is not None, f"No letter {letter} to {to}: {found.words[:800]}"
        return self.reader.get(row.attributes["href"])

    def link(self, to: str, letter: str) -> str:
        """Where the link in that letter leads."""
        text = self.read(to, letter).words
        found = re.search(re.escape(settings.BASE_URL) + r"(/[^\s<>\"]+)", text)
        assert found is not None, text
        return found[1]


def command(name: str, /, *args: str, **options: Any) -> str:
    """What a management command prints."""
    from io import StringIO

    out = StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()
