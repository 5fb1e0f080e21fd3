"""Lifecycles as tables of moves: the action asks the table, the page asks the same table which buttons to show."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict


@dataclass(frozen=True)
class Move:
    """A named step between states. `sources` are where it is open, `to` is where it leads."""

    name: str
    sources: tuple[str, ...]
    to: str


class Lifecycle:
    """A table of moves. `Lifecycle({"approve": ("submitted in_review", "approved"), …})`.

    `by_itself` are the moves that time or another record makes and nobody can choose.
    """

    def __init__(self, table: dict[str, tuple[str, str]], by_itself: Iterable[str] = ()) -> None:
        self.by_itself = frozenset(by_itself)
        self.moves = {name: Move(name, tuple(sources.split()), to) for name, (sources, to) in table.items()}

    def open_moves(self, state: str) -> list[str]:
        """The names of the moves that someone may choose in a state, in the table's order."""
        open_ones = [move.name for move in self.moves.values() if state in move.sources]
        return [name for name in open_ones if name not in self.by_itself]

    def after(self, state: str, move: str) -> str:
        """The state that a move leads to. Raises Conflict where it is closed."""
        step = self.moves[move]
        if state not in step.sources:
            raise Conflict(
                _("This is closed now: it is “%(state)s” and “%(move)s” is possible from %(sources)s only.")
                % {
                    "state": state.replace("_", " "),
                    "move": move.replace("_", " "),
                    "sources": ", ".join(s.replace("_", " ") for s in step.sources),
                },
                code="closed_move",
            )
        return step.to

    def states(self) -> Iterable[str]:
        return dict.fromkeys(s for move in self.moves.values() for s in (*move.sources, move.to))
