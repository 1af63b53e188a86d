"""What the table of operations says of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from console.api.body import Sent

Match = Literal["", "needed", "if there"]


@dataclass(frozen=True)
class Operation:
    """`name`: the operationId, by which its handler is found. `page`: a list of `answer`.
    `match`: whether If-Match is needed. `errors`: beside those of every address."""

    name: str
    answer: type[msgspec.Struct] | None  # None: no body
    body: type[Sent] | None = None
    status: int = 200
    match: Match = ""
    tagged: bool = False  # the answer has an ETag
    page: bool = False
    errors: tuple[int, ...] = ()
    person: bool = False  # by a session only: no key may
    form: bool = False  # the body is a file with fields (multipart/form-data)
