"""JSON as strictly as a database needs it: no NaN, no duplicate keys, no broken characters, 32 levels at most."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

from core.text import require_storable_tree

LARGEST_BODY = 1024 * 1024


class TooLarge(APIException):
    status_code = 413
    default_detail = "The body is larger than 1 MB."
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """application/json, UTF-8."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read(LARGEST_BODY + 1)
        if len(raw) > LARGEST_BODY:
            raise TooLarge()
        try:
            value = json.loads(
                raw.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_refuse, parse_int=_whole
            )
            require_storable_tree(value)
        except ValidationError as error:
            raise ParseError(" ".join(error.messages)) from error
        except RecursionError:
            raise ParseError("This is nested too deeply.") from None
        except (UnicodeDecodeError, ValueError) as error:
            raise ParseError(f"This is not valid JSON: {error}") from error
        if not isinstance(value, dict):
            raise ParseError("Send an object.")
        return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key “{key}” stands twice")
        found[key] = value
    return found


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _whole(text: str) -> int:
    if len(text) > 30:
        raise ValueError("a number is too long")
    return int(text)
