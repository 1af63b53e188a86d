"""What the table of operations says of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from console.api.body import Sent
from console.api.parameters import Takes

Match = Literal["", "needed", "if there"]


@dataclass(frozen=True)
class Operation:
    """`name`: the operationId, by which its handler is found. `page`: a list of `answer`.
    `match`: whether If-Match is needed. `errors`: beside those of every address."""

    name: str
    answer: type | None  # None: no body, or a file
    body: type[Sent] | None = None
    status: int = 200
    match: Match = ""
    tagged: bool = False  # the answer has an ETag
    page: bool = False
    errors: tuple[int, ...] = ()
    person: bool = False  # by a session only: no key may
    form: bool = False  # the body is a file with fields (multipart/form-data)
    takes: Takes = field(default_factory=dict)  # what the address may be asked for
    many: Collection[str] = ()  # of these, the parameters that may be given several times
    files: tuple[str, ...] = ()  # media types of an answer that is a file
