"""Work of several threads at the same moment, and how each ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def outcomes(*works: Callable[[], Any]) -> list[str]:
    """How each thread ended: "done", or the name of what was raised."""
    together = threading.Barrier(len(works))

    def once(work: Callable[[], Any]) -> str:
        together.wait()
        try:
            work()
            return "done"
        except Exception as error:  # noqa: BLE001 (the name is the result)
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(once, works))
