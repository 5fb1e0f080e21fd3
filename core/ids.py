"""Identifiers: UUIDv7, opaque to clients; no order of events rests on them."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A fresh UUID version 7 (RFC 9562): 48 bits of milliseconds, then random bits."""
    stamp = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (
        (stamp & (1 << 48) - 1) << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    )
    return uuid.UUID(int=value)
