"""SourceHealth: how a source does, against its own past (index `source-health`)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from schemas.base import Count, Record, Time
from schemas.raw_item import Name

Status = Literal["new", "fine", "silent", "broken", "layout"]
# The classes of reasons; the detail is the reason as the crawl gave it.
Cause = Literal[
    "", "robots", "blocked", "gone", "server", "unreachable", "refused", "layout", "unpublished",
    "fewer", "nothing", "not run", "other",
]  # fmt: skip


class SourceHealth(Record, kw_only=True):
    source: Name
    title: Annotated[str, Meta(max_length=200)] = ""
    status: Status
    cause: Cause = ""
    detail: Annotated[str, Meta(max_length=500)] = ""
    since: Time | None = None  # the source is in this state from then on
    updated_at: Time
    last_run: Time | None = None
    last_success: Time | None = None
    last_item: Time | None = None
    items_per_hour: float = 0.0  # of the last day
    usual_per_hour: float = 0.0  # of the days before
    failures: Count = 0  # runs in a row
    errors: list[str] = field(default_factory=list)  # of the last run: "HTTP 403 ×4"
