"""The distribution's Chromium, and a watch over what goes wrong on its pages without anyone clicking on it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

from tests.demo_site import DemoSite

QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SIDEWAYS = "document.scrollingElement.scrollWidth > innerWidth"


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        yield browser
        browser.close()


def signed_in(browser: Browser, site: DemoSite, role: str | None) -> Any:
    """The cookies of the demo's person in this role; none for a visitor."""
    context = browser.new_context(base_url=site.url)
    if role:
        tab = context.new_page()
        tab.goto("/accounts/login/")
        email, password = site.logins[role]
        tab.fill("input[name=login]", email)
        tab.fill("input[name=password]", password)
        tab.press("input[name=password]", "Enter")
        tab.wait_for_url(lambda url: "/accounts/login" not in url)
    state = context.storage_state()
    context.close()
    return state


class Watch:
    """Notes console errors, violations of the content security policy, failed requests and pages that run sideways."""

    def __init__(self, context: BrowserContext) -> None:
        self.problems: list[str] = []
        self.pages = 0
        self.expected: set[int] = set()
        context.on("console", self.said)
        context.on("weberror", lambda error: self.note(f"script: {error.error}"))
        context.on("requestfailed", self.failed)
        context.on("response", self.answered)

    def note(self, problem: str) -> None:
        self.problems.append(problem)

    def said(self, message: ConsoleMessage) -> None:
        is_status = re.search(r"status of (\d+)", message.text)
        if message.type == "error" and not (is_status and int(is_status[1]) in self.expected):
            self.note(f"console: {message.text}")

    def failed(self, request: Request) -> None:
        # A page that is left while something is still being fetched is no failure.
        if request.failure != "net::ERR_ABORTED":
            self.note(f"failed: {request.method} {request.url} {request.failure}")

    def answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.note(f"{response.status}: {response.request.method} {response.url}")

    def look(self, page: Page) -> None:
        """What can be seen of a page that has come to rest."""
        self.pages += 1
        if page.evaluate(SIDEWAYS):
            self.note(f"runs sideways at {page.viewport_size}: {page.url}: {widest(page)}")


def widest(page: Page) -> Any:
    """The elements that stick out, for whoever mends it."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
            .slice(0, 4).map((e) => `${e.tagName}.${e.className}`)"""
    )
