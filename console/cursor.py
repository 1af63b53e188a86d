"""Where a list goes on, as an opaque word; what comes back is checked. Pure."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import orjson


def cursor(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def after(text: str, length: int) -> list[Any] | None:
    """The sort values; ValueError for a word that no list gave."""
    if not text:
        return None
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        found = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        found = None
    plain = isinstance(found, list) and all(
        isinstance(value, str | int | float) and not isinstance(value, bool) for value in found
    )
    if not plain or len(text) > 500 or len(found) != length:
        raise ValueError("cursor 不是本接口给出的")
    return list(found)
