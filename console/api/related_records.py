"""What belongs to a record, worked out when it is asked for."""

from __future__ import annotations

import msgspec

from console.text_difference import Stretch
from models.similar import Similar
from schemas.alert import Alert, ChannelHealth
from schemas.event import Event
from schemas.opinion import Opinion
from schemas.report import Report


class Beside(msgspec.Struct, kw_only=True):
    """Another document, and where its text differs: of copies `old` is this item's text, of
    versions the earlier one's. `same`: share of words in common."""

    item: Opinion
    same: float
    stretches: list[Stretch]


class RelatedToItem(msgspec.Struct, kw_only=True):
    copies_total: int
    copies: list[Beside]  # those that differ most first
    versions: list[Beside]  # other sights of the same page, the latest first
    events: list[Event]
    alert: Alert | None


class RelatedEvents(msgspec.Struct, kw_only=True):
    """`past`: events before this one that went alike, and how they went; `same`: events of any
    time that may be the same matter. Without their items, hours, samples and history."""

    past: list[Similar]
    same: list[Event]


class Reports(msgspec.Struct, kw_only=True):
    items: list[Report]


class Channels(msgspec.Struct, kw_only=True):
    items: list[ChannelHealth]  # only those that failed once


class Person(msgspec.Struct, kw_only=True):
    """Whom an alert can be assigned to: no address is told."""

    id: str
    name: str


class People(msgspec.Struct, kw_only=True):
    items: list[Person]
