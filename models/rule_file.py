"""What config/rules.yaml may hold: rules about many items, beside the score of one (D4).

`at` gives a level for each number: the highest that is reached counts.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from models.watch import normal
from models.watch_query import parse
from schemas.analysis import LEVEL_RANK, Act, AttitudeLabel
from schemas.raw_item import Channel, Tier
from schemas.when import duration

DAY = timedelta(days=1)
Duration = Annotated[timedelta, BeforeValidator(duration)]
AlertLevel = Literal["I", "II", "III", "IV"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{1,39}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Where(_Strict):
    """Which items count; all that is given must hold, of a list any."""

    topics: list[str] = []
    departments: list[str] = []
    places: list[str] = []  # division codes, or their beginnings: 45 is all of Guangxi
    channels: list[Channel] = []
    sources: list[str] = []
    tiers: list[Tier] = []
    attitudes: list[AttitudeLabel] = []
    acts: list[Act] = []
    watch: list[str] = []  # ids of watch topics that matched
    query: str = ""  # as in config/watch.yaml

    @field_validator("query")
    @classmethod
    def _parses(cls, query: str) -> str:
        if query:
            normal(parse(query))
        return query


class _Base(_Strict):
    id: Name
    name: Annotated[str, Field(min_length=1, max_length=40)]
    where: Where = Where()
    quiet: Duration = timedelta(hours=6)  # before it says the same of the same matter again


class _Windowed(_Base):
    window: Duration = timedelta(hours=1)

    @field_validator("window")
    @classmethod
    def _divides_a_day(cls, window: timedelta) -> timedelta:
        if not timedelta(minutes=5) <= window <= DAY or DAY % window:
            raise ValueError("a window is a part of a day, 5m at least: 15m, 1h, 6h, 24h")
        return window


class Threshold(_Windowed):
    """So many items in the window."""

    kind: Literal["threshold"]
    at: Annotated[dict[AlertLevel, Annotated[int, Field(ge=1)]], Field(min_length=1)]


class Spike(_Windowed):
    """So many times both baselines: the last hours, and this time of day on the last days."""

    kind: Literal["spike"]
    at: Annotated[dict[AlertLevel, Annotated[float, Field(gt=1)]], Field(min_length=1)]
    at_least: Annotated[int, Field(ge=2)] = 10  # items in the window: three are no spike
    hours: Annotated[int, Field(ge=1, le=72)] = 12
    days: Annotated[int, Field(ge=1, le=28)] = 14


class Flatline(_Windowed):
    """Below this share of what is usual at this time of day, where something is usual."""

    kind: Literal["flatline"]
    below: Annotated[float, Field(gt=0, lt=1)] = 0.1
    usual: Annotated[float, Field(ge=1)] = 10  # items in the window on the last days
    level: AlertLevel = "IV"
    days: Annotated[int, Field(ge=1, le=28)] = 14


class NewTerm(_Windowed):
    """A word in so many items of the window and in none of the days before."""

    kind: Literal["new_term"]
    at: Annotated[dict[AlertLevel, Annotated[int, Field(ge=2)]], Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=28)] = 14
    most: Annotated[int, Field(ge=1, le=20)] = 3  # words told at once


class TierChange(_Base):
    """A matter that began lower is taken up by a carrier of this tier."""

    kind: Literal["tier"]
    at: Annotated[dict[AlertLevel, Tier], Field(min_length=1)]


Rule = Annotated[Threshold | Spike | Flatline | NewTerm | TierChange, Field(discriminator="kind")]
TimedRule = Threshold | Spike | Flatline | NewTerm


class RuleFile(_Strict):
    version: Literal[1]
    rules: list[Rule] = []

    @model_validator(mode="after")
    def _ids_differ(self) -> RuleFile:
        seen: set[str] = set()
        for rule in self.rules:
            if rule.id in seen:
                raise ValueError(f"the id {rule.id!r} is used twice")
            seen.add(rule.id)
            at = getattr(rule, "at", {})
            if not isinstance(rule, TierChange):
                numbers = [at[level] for level in sorted(at, key=LEVEL_RANK.__getitem__)]
                if any(b <= a for a, b in pairwise(numbers)):
                    raise ValueError(f"{rule.id}: a graver level needs a higher number")
        return self
