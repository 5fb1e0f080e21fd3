"""Every lifecycle as a page of the docs: its states, its moves, and the doors at which each move is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.urls import resolve, reverse

from core.lifecycle import Lifecycle
from core.states import look
from deals import rules as deals

ANY = UUID(int=0)


@dataclass(frozen=True)
class Door:
    """Where a move is made: names of pages (the first one says who may) and of the API's route, or what makes it."""

    pages: tuple[str, ...] = ()
    api: str = ""
    by_itself: str = ""


def _door(pages: str, api: str) -> Door:
    return Door(tuple(pages.split()), api)


def _by(what: str) -> Door:
    return Door(by_itself=what)


BOTH = "workspace:{0} portal:{0}"
DECIDE = "workspace:decide-deal"
LIFECYCLES: list[tuple[str, Lifecycle, dict[str, Door]]] = [
    ("Registrations", deals.LIFECYCLE, {
        "submit": _door("portal:register-deal portal:edit-deal workspace:register-deal", "deals-submit"),
        "discard": _door(BOTH.format("discard-deal"), "deals-discard"),
        "start_review": _door("workspace:start-review", "deals-start-review"),
        "ask_for_more": _door(DECIDE, "deals-ask-for-more"),
        "resubmit": _door("portal:edit-deal", "deals-submit"),
        "lapse": _by("the end of the last day for an answer"),
        "approve": _door(DECIDE, "deals-approve"),
        "approve_with_conditions": _door(DECIDE, "deals-approve-with-conditions"),
        "meet_conditions": _door("workspace:meet-conditions", "deals-meet-conditions"),
        "miss_conditions": _door("workspace:miss-conditions", "deals-miss-conditions"),
        "reject": _door(DECIDE, "deals-reject"),
        "mark_duplicate": _door(DECIDE, "deals-mark-duplicate"),
        "withdraw": _door(BOTH.format("withdraw-deal"), "deals-withdraw"),
        "report_win": _door(BOTH.format("report-win"), "deals-report-win"),
        "report_loss": _door(BOTH.format("report-loss"), "deals-report-loss"),
        "expire": _by("the end of the protection's last day"),
        "renew": _door("workspace:renew-deal workspace:decide-extension", "deals-renew"),
        "reopen": _door("workspace:reopen-deal", "deals-reopen"),
        "transfer": _by("a transfer that is carried out"),
        "take_over": _by("a transfer that is carried out, at the receiver"),
        "revoke": _door("workspace:revoke-deal", "deals-revoke"),
        "uphold": _by("an appeal that is upheld"),
    }),
    ("Extensions and renewals", deals.EXTENSION_LIFECYCLE, {
        "grant": _door("workspace:decide-extension", "extensions-grant"),
        "refuse": _door("workspace:decide-extension", "extensions-refuse"),
        "close": _by("the end of its registration"),
    }),
    ("Appeals", deals.APPEAL, {
        "uphold": _door("workspace:decide-appeal", "appeals-uphold"),
        "dismiss": _door("workspace:decide-appeal", "appeals-dismiss"),
        "withdraw": _door("portal:withdraw-appeal", "appeals-withdraw"),
    }),
    ("Transfers", deals.TRANSFER, {
        "propose": _door("workspace:propose-transfer", "deals-propose-transfer"),
        "offer": _by("the holder's consent"),
        "agree": _by("the receiver's consent"),
        "carry_out": _door("workspace:carry-out-transfer", "transfers-carry-out"),
        "decline": _by("a consent that is declined"),
        "cancel": _door("workspace:cancel-transfer portal:take-transfer-back", "transfers-cancel"),
        "close": _by("the end of its registration or of a partnership"),
    }),
    ("Consents to transfers", deals.CONSENT, {
        "give": _door("portal:answer-transfer", "transfer-consents-give"),
        "decline": _door("portal:answer-transfer", "transfer-consents-decline"),
        "close": _by("the end of its transfer"),
    }),
    ("Amendments", deals.AMENDMENT, {
        "accept": _door("workspace:decide-amendment", "amendments-accept"),
        "refuse": _door("workspace:decide-amendment", "amendments-refuse"),
        "withdraw": _door(BOTH.format("withdraw-amendment"), "amendments-withdraw"),
        "close": _by("the end of its registration"),
    }),
]  # fmt: skip


def page() -> str:
    """The whole page as Markdown."""
    head = [
        "# Lifecycles",
        "",
        "Written by `manage.py document_lifecycles` from the tables in the code; a test holds both equal. A move that",
        "is not open in a state is answered 409 with the reason, by page and by API alike.",
        "",
    ]
    return "\n".join([*head, *(line for found in LIFECYCLES for line in _section(*found))])


def _section(title: str, table: Lifecycle, doors: dict[str, Door]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield from _diagram(table)
    yield ""
    yield "| move | from | to | permission | page | API |"
    yield "|---|---|---|---|---|---|"
    for move in table.moves.values():
        sources = ", ".join(_word(state) for state in move.sources)
        yield f"| `{move.name}` | {sources} | {_word(move.to)} | {_made_at(doors[move.name])} |"
    yield ""


def _diagram(table: Lifecycle) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for move in table.moves.values():
        yield from (f"    {source} --> {move.to}: {move.name}" for source in move.sources)
    yield "```"


def _made_at(door: Door) -> str:
    """Permission, pages and API of a move, as the last three columns."""
    if door.by_itself:
        return f"by itself | {door.by_itself} | "
    pages = ", ".join(f"`{_path(name)}`" for name in door.pages)
    return f"`{permission(door)}` | {pages} | `POST {_path(f'api:{door.api}')}`"


def permission(door: Door) -> str:
    """What the move's first page asks for."""
    return str(resolve(_url(door.pages[0])).func.view_class.permission)  # type: ignore[attr-defined]


def _path(name: str) -> str:
    return _url(name).replace(str(ANY), "{id}")


def _url(name: str) -> str:
    takes_id = not name.endswith(":register-deal")
    return reverse(name, args=[ANY] if takes_id else [])


def _word(state: str) -> str:
    return str(look(state).word).lower()
