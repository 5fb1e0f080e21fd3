"""Identifiers: UUIDv7, opaque to clients; no order of events rests on them."""

import os
import time
import uuid

_last = 0
RANDOM = 10  # bytes of which an id takes its 74 random bits


def uuid7() -> uuid.UUID:
    """A fresh UUID version 7 (RFC 9562): 48 bits of milliseconds, then random bits.

    Those that one thread makes within a millisecond ascend, so that rows written together lie together. There is no
    lock that a fork could inherit: of two threads at one instant each keeps its own random bits.
    """
    return uuid7s(1)[0]


def uuid7s(n: int) -> list[uuid.UUID]:
    """So many fresh ones, ascending, for which the system is asked for random bits once: that is what an id costs."""
    bits = os.urandom(n * RANDOM)
    return [_made(bits[start : start + RANDOM]) for start in range(0, n * RANDOM, RANDOM)]


def _made(bits: bytes) -> uuid.UUID:
    global _last
    stamp, random = time.time_ns() // 1_000_000, int.from_bytes(bits)
    value = (
        (stamp & (1 << 48) - 1) << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    )
    if value >> 80 == _last >> 80:
        value = max(value, _last + 1 + (random & 0xFFFFFFFF))
    _last = value
    return uuid.UUID(int=value)
