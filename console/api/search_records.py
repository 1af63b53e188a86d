"""What a search gives by the API."""

from __future__ import annotations

import msgspec

from schemas.analysis import Attitude, Department, Place, Severity, Topic
from schemas.base import Time
from schemas.event import Tally
from schemas.raw_item import Channel, Counts, Tier


class SearchHit(msgspec.Struct, kw_only=True):
    """`title` and `snippet`: HTML, escaped, with <mark> around what matched; the whole text is
    in the record. `copies`: others of its cluster."""

    id: str
    cluster_id: str
    title: str
    snippet: str
    copies: int
    source: str
    publisher: str | None = None
    channel: Channel
    tier: Tier
    published_at: Time
    url: str | None = None
    counts: Counts | None = None
    topics: list[Topic]
    departments: list[Department]
    attitude: Attitude
    places: list[Place]
    severity: Severity


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
