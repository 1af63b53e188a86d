"""Correction: what a person says an item is, against what the models said (index `corrections`)."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from schemas.base import Record, Stored, Text, Time

Field = Literal["topic", "department", "attitude", "place", "level", "event"]
FIELDS: tuple[Field, ...] = get_args(Field)


class Said(Record, kw_only=True):
    """One answer, by whom, when, why. No values: the models' answer stands again."""

    values: list[str] = msgspec.field(default_factory=list)
    actor: str
    at: Time
    note: Stored = ""


class Correction(Record, kw_only=True):
    """One field of one item; `id` is `<item_id>-<field>`, so there is one at most.

    `values`: ids of topics or departments, a label, a division code, a level, an event id.
    `old`: what the models said when the first person corrected it, in the same terms.
    `title` and `text`: masked, as they were judged; the label stays of use when the document
    is past its retention.
    """

    schema: int = 1
    id: str
    item_id: str
    field: Field
    old: list[str] = msgspec.field(default_factory=list)
    values: list[str] = msgspec.field(default_factory=list)
    actor: str
    at: Time
    note: Stored = ""
    title: Text = ""
    text: Stored = ""
    history: list[Said] = msgspec.field(default_factory=list)  # earlier answers, the last of them


def correction_id(item_id: str, name: Field) -> str:
    return f"{item_id}-{name}"
