"""What changes send and get back by the API, where it is no record of an index."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from console.alert_changing import HOURS, LONGEST
from console.api.body import Sent
from console.dead_letter_pages import AT_ONCE as LETTERS
from console.event_acts import AT_ONCE as EVENTS
from console.event_words import TITLE
from console.rule_files import MOST as RULE
from models.event_decisions import MOST as SPLIT
from schemas.correction import Correction
from schemas.event import Event
from schemas.report import ClockKind

Note = Annotated[str, Meta(max_length=LONGEST)]
Key = Annotated[str, Meta(min_length=1, max_length=500)]
Query = Annotated[str, Meta(min_length=1, max_length=2_000)]  # of a watch topic


class AlertStep(Sent):
    note: Note = ""
    hours: Annotated[int, Meta(ge=1, le=HOURS)] = 24  # mute
    person: Annotated[str, Meta(max_length=100)] = ""  # assign: a contact id
    clock: ClockKind | Literal[""] = ""  # met
    other: Annotated[str, Meta(max_length=500)] = ""  # merge: the alert that goes into this one


class CorrectionSaid(Sent):
    values: Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=20)]
    note: Note = ""


class EventRename(Sent):
    title: Annotated[str, Meta(min_length=1, max_length=TITLE)]
    note: Note = ""


class EventMerge(Sent):
    others: Annotated[list[Key], Meta(min_length=1, max_length=EVENTS)]
    note: Note = ""


class EventSplit(Sent):
    items: Annotated[list[Key], Meta(min_length=1, max_length=SPLIT)]
    note: Note = ""


class WatchMade(Sent):
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    query: Query
    level: Literal["I", "II", "III", "IV"] | None = None


class RuleText(Sent):
    text: Annotated[str, Meta(max_length=RULE)]


class Settle(Sent):
    ids: Annotated[list[Key], Meta(min_length=1, max_length=LETTERS)]
    action: Literal["replay", "drop"]


class QuickReport(Sent):
    url: Annotated[str, Meta(max_length=2048)] = ""
    words: Annotated[str, Meta(max_length=20_000)] = ""
    reporter: Annotated[str, Meta(max_length=50)] = ""  # none: the name of the account or key


class DepartmentReport(Sent):
    """Bounds as in the form: what is wrong is told by the names people know."""

    department: str
    time: str  # ISO 8601; without an offset it is Beijing's
    place: str
    title: str
    content: str
    subjects: str
    scope: str
    urgency: str
    url: str = ""
    matter: str = ""  # of which this is an update
    reporter: str = ""


class Rule(msgspec.Struct, kw_only=True):
    name: str
    title: str
    file: str
    text: str


class RuleName(msgspec.Struct, kw_only=True):
    name: str
    title: str
    file: str


class RuleNames(msgspec.Struct, kw_only=True):
    items: list[RuleName]


class Corrections(msgspec.Struct, kw_only=True):
    items: list[Correction]


class Decided(msgspec.Struct, kw_only=True):
    """Kept, and obeyed by the events agent in a moment; `event` as it is until then."""

    event: Event
    said: str


class Outcome(msgspec.Struct, kw_only=True):
    said: str


class Taken(msgspec.Struct, kw_only=True):
    matter: str  # the number that updates name
    title: str = ""
    why: str = ""  # the link could not be read
    urgent: str = ""
