"""Opinion: an analysed item, the document analysts search (index `opinions`)."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, field

from schemas.analysis import (
    Act,
    Attitude,
    Casualties,
    Department,
    Level,
    Place,
    Reason,
    Rumour,
    Severity,
    Subject,
    TimeMention,
    Topic,
)
from schemas.base import Count, CutText, Fraction, Record, Stored, Text, Time
from schemas.raw_item import Author, Channel, Counts, Provenance, Report, Tier

# Raised when the meaning of an analysis changes.
ANALYSIS_VERSION = 1


class Duplicate(Record, kw_only=True):
    """Why this item is a copy: origin id of the first-seen thing, how alike, by which test."""

    of: str
    similarity: Fraction
    reason: str  # exact, near, repost


class Opinion(Record, kw_only=True):
    """The five facts of a report are `times`, `places`, `content`, `subjects`
    and the spread: `counts` as seen, and the documents that share `cluster_id`."""

    schema: int = 1
    id: str
    origin_id: str
    source: str
    channel: Channel
    fetched_at: Time
    published_at: Time
    indexed_at: Time
    url: Stored | None = None
    title: Text = ""  # masked
    text: Text = ""  # masked
    words: CutText = ""
    content: Stored = ""  # main content: the sentences that say most
    publisher: str | None = None
    author: Author | None = None
    tier: Tier = "public"
    region: str | None = None
    counts: Counts | None = None
    parent_id: str | None = None
    root_id: str | None = None
    report: Report | None = None  # masked
    provenance: Provenance | None = None

    topics: list[Topic] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
    attitude: Attitude = field(default_factory=Attitude)
    act: Act = "report"
    times: list[TimeMention] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    casualties: Casualties = field(default_factory=Casualties)
    rumour: Rumour = field(default_factory=Rumour)
    severity: Severity = field(default_factory=Severity)
    watch: list[str] = field(default_factory=list)  # ids of the watch topics that match

    duplicate: Duplicate | None = None
    cluster_id: str  # origin id of the first-seen of the copies; its own when it is the first
    models: Annotated[dict[str, str], Meta(extra={"es": {"type": "object", "enabled": False}})] = (
        field(default_factory=dict)
    )
    analysis_version: int = ANALYSIS_VERSION
    trace: Annotated[str, Meta(extra={"es": {"type": "keyword"}})] = ""  # topic/partition/offset


class OpinionBrief(Record, kw_only=True):
    """What the agents after `analyse` need of an opinion (topic `opinions`)."""

    id: str
    origin_id: str
    cluster_id: str
    parent_id: str | None
    root_id: str | None
    source: str
    channel: Channel
    tier: Tier
    region: str | None
    published_at: Time
    title: str
    content: str
    topics: list[str]
    departments: list[str]
    attitude: str
    act: Act
    signs: list[str]  # of rumour: unsourced, denied, …
    harm: dict[str, Count]  # deaths, injuries, …: what the text states and no drill or denial
    places: list[str]  # division codes
    subjects: list[str]
    keywords: list[str]
    weights: list[float]  # of the keywords; together of unit length
    score: float
    level: Level
    reasons: list[Reason]
    followers: Count | None = None
    author: str | None = None  # a keyed hash; to count distinct ones
    verified: bool = False
    chance: Fraction | None = None  # of a rumour, by the text


class EventDecision(Record, kw_only=True):
    """What an analyst decided of an event; the events agent obeys it from then on.

    merge: `other` becomes part of `event`. split: the items of `briefs` leave `event` for
    `other`, one of their own or one that is there. rename: `event` is called `title`.
    """

    schema: int = 1
    id: str
    action: Literal["merge", "split", "rename"]
    event: str
    at: Time
    actor: str
    other: str = ""
    title: Text = ""
    note: Stored = ""
    briefs: list[OpinionBrief] = field(default_factory=list)


class OpinionBatch(Record, kw_only=True):
    """One message holds the briefs of one analysed batch: one produce, not hundreds."""

    schema: int = 1
    briefs: list[OpinionBrief]
    replayed: bool = False  # analysed anew: items that were counted are looked at again
    decisions: list[EventDecision] = field(default_factory=list)  # of analysts, in one order


decode_batch = msgspec.json.Decoder(OpinionBatch).decode
decode_decision = msgspec.json.Decoder(EventDecision).decode
