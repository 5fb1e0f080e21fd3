"""Identifiers: UUIDv7, opaque to clients; no order of events rests on them."""

import os
import time
import uuid

_last = 0


def uuid7() -> uuid.UUID:
    """A fresh UUID version 7 (RFC 9562): 48 bits of milliseconds, then random bits.

    Those that one thread makes within a millisecond ascend, so that rows written together lie together. There is no
    lock that a fork could inherit: of two threads at one instant each keeps its own random bits.
    """
    global _last
    stamp = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (
        (stamp & (1 << 48) - 1) << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    )
    if value >> 80 == _last >> 80:
        value = max(value, _last + 1 + (random & 0xFFFFFFFF))
    _last = value
    return uuid.UUID(int=value)
