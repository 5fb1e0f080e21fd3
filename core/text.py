"""Text that a person typed: what is refused, and how it is compared on both engines."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SURROGATES = re.compile("[\ud800-\udfff]")


def require_storable(value: str) -> str:
    """Refuse what a database can not hold: NUL and lone surrogates. Raises ValidationError."""
    if "\x00" in value:
        raise ValidationError(_("Null characters are not allowed."), code="null_characters")
    if SURROGATES.search(value):
        raise ValidationError(_("This text contains a broken character."), code="broken_character")
    return value


def require_storable_tree(value: Any, depth: int = 0) -> None:
    """The same for a JSON value of at most 32 levels."""
    if depth > 32:
        raise ValidationError(_("This is nested too deeply."), code="too_deep")
    if isinstance(value, str):
        require_storable(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            require_storable(key)
            require_storable_tree(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            require_storable_tree(item, depth + 1)


def normal(value: str) -> str:
    """NFKC, casefold, accents removed, single blanks: the form that search and matching compare."""
    if value.isascii():  # most names are, and nothing else of this concerns them
        return " ".join(value.casefold().split())
    folded = unicodedata.normalize("NFKC", value).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return " ".join(unicodedata.normalize("NFKC", bare).split())
