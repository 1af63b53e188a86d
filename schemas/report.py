"""Report (舆情报告): first (首报), update (续报) or final (终报) of an alert (index `reports`)."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from schemas.analysis import Level, Reason
from schemas.base import Count, Record, Text, Time
from schemas.event import Sample

ClockKind = Literal["information", "press_conference", "response"]
ReportKind = Literal["first", "update", "final"]


class Due(Record, kw_only=True):
    """What the statutory clocks still ask for."""

    kind: ClockKind
    due_at: Time


class News(Record, kw_only=True):
    """What is new since the last report; `was` and `now` as text, codes and ids as they are."""

    what: Literal["level", "score", "items", "places", "subjects", "sources", "phase", "status"]
    was: Text = ""
    now: Text = ""


class Report(Record, kw_only=True):
    """The regulation's five facts (time, place, content, subjects, spread) as they stood."""

    schema: int = 1
    id: str
    alert_id: str
    matter_id: str
    number: Count  # 1: the first
    kind: ReportKind
    at: Time
    level: Level
    score: float = 0.0
    status: str = "open"
    title: Text
    time: Time | None = None  # when it began
    places: list[str] = field(default_factory=list)  # division codes
    subjects: list[str] = field(default_factory=list)
    items: Count = 0  # spread
    sources: list[str] = field(default_factory=list)
    phase: str = ""
    topics: list[str] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    evidence: list[Sample] = field(default_factory=list)
    clocks: list[Due] = field(default_factory=list)
    news: list[News] = field(default_factory=list)  # empty in an update: nothing new
    answer_by: Time | None = None  # when the next step of the chain fires
    handling: list[Text] = field(default_factory=list)  # what people did, in order
