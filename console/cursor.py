"""Where a list goes on, as an opaque word; what comes back is checked. Pure."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import orjson


def cursor(of: str, values: list[Any]) -> str:
    """`of`: the list and its order, which another list's word does not go on."""
    return base64.urlsafe_b64encode(orjson.dumps([of, *values])).decode().rstrip("=")


def after(of: str, text: str, length: int) -> list[Any] | None:
    """The sort values; ValueError for a word that this list did not give."""
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
    if not plain or len(text) > 1_000 or len(found) != length + 1 or found[0] != of:
        raise ValueError("cursor 不是这个列表、这个排序给出的")
    return list(found[1:])
