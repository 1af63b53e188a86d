"""What config/severity.yaml may hold."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.analysis import Act, AttitudeLabel
from schemas.raw_item import Tier

Points = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{1,39}$")]
Word = Annotated[str, Field(min_length=2, max_length=30)]
Quantity = Literal[
    "views", "likes", "comments", "reposts", "followers", "copies", "per_hour",
    "deaths", "injuries", "missing", "ill", "loss_yuan", "rumour",
]  # fmt: skip
_HARM = ("deaths", "injuries", "missing", "ill", "loss_yuan")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Levels(_Strict):
    """The score at which each level begins."""

    I: Annotated[float, Field(gt=0, le=100)]  # noqa: E741
    II: Annotated[float, Field(gt=0, le=100)]
    III: Annotated[float, Field(gt=0, le=100)]
    IV: Annotated[float, Field(gt=0, le=100)]

    @model_validator(mode="after")
    def _rising(self) -> Levels:
        if not self.IV < self.III < self.II < self.I:
            raise ValueError("the levels must rise: IV < III < II < I")
        return self


class Grade(_Strict):
    """A floor: any one of the figures reached gives at least this level."""

    level: Literal["I", "II", "III", "IV"]
    deaths: Annotated[int, Field(ge=1)]
    serious: Annotated[int, Field(ge=1)]
    loss_yuan: Annotated[int, Field(ge=1)]


class _Base(_Strict):
    id: Name
    name: Annotated[str, Field(max_length=40)] = ""  # as people read it


class Words(_Base):
    """Points, once, when one of the words stands in the text and nothing guards it."""

    kind: Literal["words"]
    points: Points
    any_of: Annotated[list[Word], Field(min_length=1)]
    patterns: list[str] = []

    @field_validator("patterns")
    @classmethod
    def _compiles(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"bad pattern {pattern!r}: {error}") from None
        return patterns


class AttitudeRule(_Base):
    kind: Literal["attitude"]
    label: AttitudeLabel
    points: Points
    at_least: Annotated[float, Field(ge=0, le=1)] = 0.0  # its probability


class ActRule(_Base):
    kind: Literal["act"]
    acts: Annotated[list[Act], Field(min_length=1)]
    points: Points


class Steps(_Base):
    """Points by quantity: those of the highest step reached."""

    kind: Literal["steps"]
    of: Quantity
    at: Annotated[dict[float, Points], Field(min_length=1)]


class TierRule(_Base):
    kind: Literal["tier"]
    at: Annotated[dict[Tier, Points], Field(min_length=1)]


class Remit(_Base):
    """Points for each responsible department found, up to `most`."""

    kind: Literal["remit"]
    points: Points
    most: Points


class TopicRule(_Base):
    """Points for a topic. Like reach and tier it counts only beside other facts."""

    kind: Literal["topic"]
    topics: Annotated[list[str], Field(min_length=1)]
    points: Points


class Raise(_Base):
    """One level up when one of the words stands in a text that has a level."""

    kind: Literal["raise"]
    any_of: Annotated[list[Word], Field(min_length=1)]


Rule = Annotated[
    Words | AttitudeRule | ActRule | Steps | TierRule | Remit | TopicRule | Raise,
    Field(discriminator="kind"),
]


class Guard(_Base):
    """Words beside which emergency words and figures do not count (drill, history, film …)."""

    scope: Literal["text", "sentence"]
    any_of: Annotated[list[Word], Field(min_length=1)]
    unless: list[Word] = []  # any of these in the text, and the guard is off
    points: Annotated[float, Field(ge=-100, le=0)] = 0.0  # taken off


class Negation(_Strict):
    """A word of `before` within `width` characters before an emergency word takes it away."""

    width: Annotated[int, Field(ge=1, le=20)]
    before: list[str]


class SeverityFile(_Strict):
    version: Literal[1]
    levels: Levels
    context_most: Annotated[float, Field(ge=0, le=100)]
    grades: Annotated[list[Grade], Field(min_length=1)]
    rules: Annotated[list[Rule], Field(min_length=1)]
    guards: list[Guard] = []
    negation: Negation
    ignore: list[Word] = []  # phrases that only look like emergency words (信息爆炸)

    @model_validator(mode="after")
    def _ids_differ(self) -> SeverityFile:
        seen: set[str] = set()
        for rule in (*self.rules, *self.guards):
            if rule.id in seen:
                raise ValueError(f"the id {rule.id!r} is used twice")
            seen.add(rule.id)
        return self


def is_harm(rule: Rule) -> bool:
    """Whether a rule reads the casualty figures, which guards can take away."""
    return isinstance(rule, Steps) and rule.of in _HARM


def is_context(rule: Rule) -> bool:
    """Whether a rule counts only beside facts that make a matter of their own."""
    return not is_harm(rule) and isinstance(rule, Steps | TierRule | Remit | TopicRule)
