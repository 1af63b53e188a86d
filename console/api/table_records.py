"""What importing a table by the API takes and tells."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from console import table_import
from console.api.body import Sent
from schemas.base import Time
from schemas.raw_item import Channel

ANY_BYTES = {"contentMediaType": "application/octet-stream"}


class Table(Sent):
    file: Annotated[str, Meta(extra_json_schema=ANY_BYTES)]
    channel: table_import.Channel = "letter"
    maps: Annotated[str, Meta(max_length=4_000)] = ""  # lines of column=field
    preview: Literal["", "1"] = ""  # "1": tells what would come in, sends nothing


class TableFault(msgspec.Struct, kw_only=True):
    row: int
    column: str
    value: str
    reason: str


class TableItem(msgspec.Struct, kw_only=True):
    channel: Channel
    published_at: Time | None
    title: str
    text: str  # its beginning


class Imported(msgspec.Struct, kw_only=True):
    rows: int  # sent, or of a preview those that could be
    faulty: int
    faults: list[TableFault]  # the first of them
    columns: dict[str, str]  # field: the column it is read from
    unused: list[str]
    first: list[TableItem]  # of a preview
