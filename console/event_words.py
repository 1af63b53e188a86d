"""The words people give an event, as they are kept: bounded and masked."""

from __future__ import annotations

from models.masking import mask

TITLE, NOTE = 200, 1_000  # characters


def title_of(given: str) -> tuple[str, str]:
    """(what is wrong, the title masked)."""
    said = mask([given.strip()])[0]
    return ("" if 0 < len(said) <= TITLE else f"名称为 1 至 {TITLE} 个字。"), said


def note_of(given: str) -> str:
    return mask([given.strip()[:NOTE]])[0]
