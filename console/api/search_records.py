"""What a search gives by the API."""

from __future__ import annotations

import msgspec

from schemas.base import Time
from schemas.event import Tally
from schemas.opinion import Opinion


class SearchHit(msgspec.Struct, kw_only=True):
    """`title` and `snippet`: HTML, escaped, with <mark> around what matched. The item is without
    text and content: they are in the record. `copies`: others of its cluster."""

    item: Opinion
    title: str
    snippet: str
    copies: int


class Period(msgspec.Struct, kw_only=True):
    begins: Time
    count: int


class SearchFound(msgspec.Struct, kw_only=True):
    """`close`: beside the `total`, items that have some of the words where those that have all
    do not fill the page. `counts`: by field of the language, the most frequent values."""

    total: int
    close: int
    items: list[SearchHit]
    counts: dict[str, list[Tally]]
    over_time: list[Period]  # days, or hours of a search of less than four days
    next: str | None
