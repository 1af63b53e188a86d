"""What people type of an event: its name and notes, bounded and masked; which one is meant."""

from __future__ import annotations

import re

from models.masking import mask

TITLE, NOTE = 200, 1_000  # characters
_ID = re.compile(r"[0-9a-f]{32}")


def title_of(given: str) -> tuple[str, str]:
    """(what is wrong, the title masked)."""
    said = mask([given.strip()])[0]
    return ("" if 0 < len(said) <= TITLE else f"名称为 1 至 {TITLE} 个字。"), said


def note_of(given: str) -> str:
    return mask([given.strip()[:NOTE]])[0]


def key_of(given: str) -> str:
    """The id of the event that is meant by it or by the address of its page; "" for neither."""
    key = given.strip().split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return key if _ID.fullmatch(key) else ""
