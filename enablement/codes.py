"""The code of a certificate: 128 bits that nobody guesses, in letters and digits that are not mistaken when typed."""

from __future__ import annotations

import secrets
from base64 import b32encode

LENGTH = 26
GROUP = 5
# The alphabet has no 0, 1, 8 or 9: who types one of the first three meant the letter.
MEANT = str.maketrans("018", "OIB", " -\t\n\r")


def new() -> str:
    """A code that no one has: 16 random bytes."""
    return b32encode(secrets.token_bytes(16)).decode().rstrip("=")


def grouped(code: str) -> str:
    """As it stands on paper."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def typed(text: str) -> str:
    """The code that a person meant; "" for what can be none."""
    code = text[:100].upper().translate(MEANT)
    return code if len(code) == LENGTH and code.isascii() and code.isalnum() else ""
