"""Analysis: what the models say of one text (a line of `tingchao analyse`)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from schemas.base import Count, Fraction, Record, Text

AttitudeLabel = Literal["positive", "neutral", "negative"]
Act = Literal["complaint", "question", "suggestion", "praise", "report"]
# I 特别重大 red, II 重大 orange, III 较大 yellow, IV 一般 blue.
Level = Literal["I", "II", "III", "IV", "none"]
LEVELS: tuple[Level, ...] = ("none", "IV", "III", "II", "I")  # rising
LEVEL_RANK: dict[str, int] = {level: rank for rank, level in enumerate(LEVELS)}


class Topic(Record, kw_only=True):
    label: str
    confidence: Fraction
    evidence: list[str] = field(default_factory=list)  # words that spoke for it


class Department(Record, kw_only=True):
    """谁主管谁负责: who answers for the matter, and the words that say so."""

    id: str
    evidence: list[str] = field(default_factory=list)


class Attitude(Record, kw_only=True):
    label: AttitudeLabel = "neutral"
    positive: Fraction = 0.0
    neutral: Fraction = 1.0
    negative: Fraction = 0.0


class TimeMention(Record, kw_only=True):
    text: str
    value: Annotated[str, Meta(extra={"es": {"type": "keyword"}})] | None = None  # ISO 8601


class Place(Record, kw_only=True):
    text: str
    code: str | None = None  # GB/T 2260 division code, six digits
    candidates: list[str] = field(default_factory=list)  # other codes it may mean


class Subject(Record, kw_only=True):
    text: str
    kind: Literal["organisation", "role", "group"] = "organisation"


class Casualties(Record, kw_only=True):
    """Numbers the text states; None where it states none, 0 where it denies them."""

    deaths: Count | None = None
    injuries: Count | None = None
    missing: Count | None = None
    loss_yuan: Count | None = None


class Rumour(Record, kw_only=True):
    score: Fraction | None = None  # None: not judged
    signs: list[str] = field(default_factory=list)


class Reason(Record, kw_only=True):
    """One rule that spoke: its id, the points it gave, and the number or words it saw."""

    rule: str
    points: float
    evidence: Text = ""


class Severity(Record, kw_only=True):
    score: Annotated[float, Meta(ge=0, le=100)] = 0.0
    level: Level = "none"
    reasons: list[Reason] = field(default_factory=list)


class Analysis(Record, kw_only=True):
    id: str
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
    masked: str = ""  # the text with personal data masked
    masked_title: str = ""
    words: str = ""  # title and text cut into words, joined by blanks, for search
    models: dict[str, str] = field(default_factory=dict)  # model name -> version
