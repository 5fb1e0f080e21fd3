"""The broker that needs no server: messages as files, hardened for processes that are killed at any instant.

Kombu's own file transport writes a message where a reader may find it half written, and neither a broken message nor
a broken table of queues is forgiven: one kill at the wrong moment stops every worker for good. Here files appear
whole (written aside, then renamed) and a broken one is passed over: a message only says "look now", the rows know.
"""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from time import monotonic_ns
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """Whole files or none."""

    def _put(self, queue: str, payload: Any, **options: Any) -> None:
        name = f"{monotonic_ns():020}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, payload)

    def _get(self, queue: str) -> Any:
        """The oldest message that is whole; it is ours once it has another name."""
        folder = Path(self.data_folder_in)
        for name in sorted(n for n in os.listdir(folder) if n.partition(".")[2] == f"{queue}.msg"):
            taken = folder / f".taken-{uuid.uuid4()}"
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue  # another worker was faster
            payload = _read(taken)
            taken.unlink()
            if payload is not None:
                return payload
        raise Empty()

    def get_table(self, exchange: str) -> list[Any]:
        rows = _read(self._exchange_file(exchange)) or []
        return [filesystem.exchange_queue_t(*row) for row in rows]

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self.control_folder.mkdir(exist_ok=True)
        with _alone(self.control_folder / ".lock"):
            table = self.get_table(exchange)
            if bound not in table:
                _write(self._exchange_file(exchange), [bound, *table])


class Transport(filesystem.Transport):
    Channel = Channel


def _write(path: Path, content: Any) -> None:
    """Write aside, then rename: the file is there whole or not at all."""
    aside = path.with_name(f".aside-{uuid.uuid4()}")
    aside.write_text(dumps(content))
    aside.rename(path)


def _read(path: Path) -> Any:
    """The content of a file, None where it is missing or broken."""
    try:
        return loads(path.read_text())
    except (OSError, ValueError):
        return None


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time; the lock of a killed one is gone with it."""
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


TRANSPORT_ALIASES["files"] = "core.broker:Transport"
