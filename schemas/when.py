"""Times as people type them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from schemas.errors import UserError

_SINCE = re.compile(r"(\d{1,6})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def since(text: str, now: datetime) -> datetime:
    """`7d`, `24h`, or an ISO date, as a time."""
    match = _SINCE.fullmatch(text)
    try:
        if match:
            return now - timedelta(**{_UNITS[match[2]]: int(match[1])})
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.astimezone()
    except (ValueError, OverflowError):
        raise UserError(f"not a time: {text!r}", "write 7d, 24h, 30m or 2026-01-31") from None


def duration(value: object) -> timedelta:
    """`30m`, `2h`, `1d` as a timedelta; for pydantic: ValueError for another."""
    match = _SINCE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a duration is a number with m, h, d or w, as in 30m")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
