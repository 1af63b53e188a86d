"""Event (事件): the items about one matter (index `events`), and Signal."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, field

from schemas.analysis import Level, Reason
from schemas.base import Count, CutText, Fraction, Record, Stored, Text, Time

Phase = Literal["latent", "outbreak", "spread", "decline", "rebound"]


class Sample(Record, kw_only=True):
    """An item as it stood when it was seen: evidence of an event or alert."""

    id: str
    source: str
    published_at: Time
    title: Text = ""
    content: Text = ""


class Tally(Record, kw_only=True):
    """How often a value occurs (channels, sources, attitudes, …)."""

    label: str
    count: Count


class EventChange(Record, kw_only=True):
    """What was done to an event: merged with or split from `other`, or renamed."""

    at: Time
    actor: str  # "system", or the analyst
    action: Literal["merged", "split", "renamed", "refused"]
    other: str = ""  # the other event
    note: Stored = ""


class EarlySign(Record, kw_only=True):
    """Why an event may become big, or false, before it is: a chance, and what speaks for it."""

    kind: Literal["early", "rumour"]
    chance: Fraction
    reasons: list[str] = field(default_factory=list)  # of the strongest, in words


class Event(Record, kw_only=True):
    schema: int = 1
    id: str
    title: Text
    words: CutText = ""
    keywords: list[str] = field(default_factory=list)
    first_at: Time
    last_at: Time
    updated_at: Time
    items: Count = 0  # all that joined, copies too
    documents: Count = 0  # without the copies
    first_source: str = ""
    channels: list[Tally] = field(default_factory=list)
    sources: list[Tally] = field(default_factory=list)
    attitudes: list[Tally] = field(default_factory=list)
    tiers: list[Tally] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    phase: Phase = "latent"
    last_hour: Count = 0  # items of the last hour before last_at
    previous_hour: Count = 0
    # Items by hour of publishing, the latest hours only; the key is the hour since 1970.
    hours: Annotated[dict[int, Count], Meta(extra={"es": {"type": "object", "enabled": False}})] = (
        field(default_factory=dict)
    )
    score: Annotated[float, Meta(ge=0, le=100)] = 0.0
    level: Level = "none"
    reasons: list[Reason] = field(default_factory=list)
    denials: list[Sample] = field(default_factory=list)  # by official sources, after it began
    samples: list[Sample] = field(default_factory=list)  # the strongest few
    regions: list[Tally] = field(default_factory=list)  # division codes of the sources
    provinces: Count = 0  # of the places and sources
    things: list[str] = field(default_factory=list)  # cluster and root ids, to find its items by
    parted: list[str] = field(default_factory=list)  # origin ids of answers that were split off
    labels: list[str] = field(default_factory=list)  # future_dates, one_source, one_moment
    signs: list[EarlySign] = field(default_factory=list)
    merged_into: str | None = None
    history: list[EventChange] = field(default_factory=list)  # the last of them


class Signal(Record, kw_only=True):
    """This matter (event, or item when alone) is of that level because … (topic `signals`)."""

    schema: int = 1
    id: str
    matter_id: str
    kind: Literal["severity", "growth", "tier", "rule", "early", "credibility"]
    at: Time
    event: Event
    reasons: list[str] = field(default_factory=list)  # why now, in words


decode_signal = msgspec.json.Decoder(Signal).decode
