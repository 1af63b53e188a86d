"""What trials send and get back by the API."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from console.api.body import Sent
from console.api.records import Query, RuleText
from console.watch_pages import DAYS
from schemas.base import Time

HITS = 200  # of a watch topic; `matched` counts all


class WatchTry(Sent):
    query: Query
    days: Annotated[int, Meta(ge=1, le=DAYS)] = DAYS


class WatchHit(msgspec.Struct, kw_only=True):
    id: str
    title: str
    published_at: Time


class WatchTried(msgspec.Struct, kw_only=True):
    items: int  # looked at
    matched: int
    hits: Annotated[list[WatchHit], Meta(max_length=HITS)]  # the latest first


class RuleTry(RuleText):
    since: Annotated[str, Meta(max_length=20)] = "30d"


class SourceTry(Sent):
    url: Annotated[str, Meta(min_length=1, max_length=2_048)]


class SourceTried(msgspec.Struct, kw_only=True):
    found: dict[str, Any] | None  # what stands there
    why: str | None  # nothing was found
    draft: str  # of a source, to look at and send; "": the address is no list and no feed


class SourceDraft(Sent):
    draft: Annotated[str, Meta(min_length=1, max_length=60_000)]


class SourceMade(msgspec.Struct, kw_only=True):
    source: str  # its name; `sources/NAME` answers once it was crawled
