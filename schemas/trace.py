"""The id of an item travels with what comes of it, so that one id can be followed.

Until an item is part of a batch its message carries the id itself; a signal and a
notification carry the id of the item that spoke for them in this header, and log lines
have it as `item`.
"""

from __future__ import annotations

from collections.abc import Sequence

ITEM = "tingchao.item"


def headers(item: str) -> list[tuple[str, bytes]]:
    return [(ITEM, item.encode())] if item else []


def item_of(found: Sequence[tuple[str, bytes]]) -> str:
    """Empty when the message has none."""
    return next((value.decode("utf-8", "replace") for key, value in found if key == ITEM), "")
