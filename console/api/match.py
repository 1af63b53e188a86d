"""ETags, and changes only of what their sender has seen (RFC 9110, If-Match)."""

from __future__ import annotations

from typing import Any

import msgspec
import orjson
from starlette.requests import Request
from starlette.responses import Response

from console.api.problem import Told, answer
from console.api.resources import HIDDEN
from schemas.base import content_id

SEEN_FIRST = "先读取这条记录，再把它的 ETag 放进 If-Match；不问现状就改，写 If-Match: *。"
CHANGED = "您读取之后它又变了。现在的样子在 current 里，请核对后带上新的 ETag 再提交。"
ABSENT = "还没有这条记录，不能用 If-Match。"


def public(record: msgspec.Struct) -> dict[str, Any]:
    """What the API shows of it."""
    found: dict[str, Any] = msgspec.to_builtins(record, str_keys=True)
    return {name: value for name, value in found.items() if name not in HIDDEN}


def etag(record: msgspec.Struct) -> str:
    """Of what the API shows: the one definition, for reading and for changing."""
    told = orjson.dumps(public(record), option=orjson.OPT_SORT_KEYS)
    return f'"{content_id(told.decode())}"'


def shown(record: msgspec.Struct, status: int = 200, **headers: str) -> Response:
    return answer(public(record), status, etag=etag(record), **headers)


def unchanged(request: Request, tag: str) -> bool:
    """Whether the asker holds this very version already."""
    held = {each.removeprefix("W/") for each in _named(request, "if-none-match")}
    return "*" in held or tag in held


def check(request: Request, current: msgspec.Struct | None) -> None:
    """Told 428 or 412, with the current record, unless it may be written over.

    It only compares: the caller has to write over the very version that it passed here."""
    wanted = _named(request, "if-match")
    if current is None:
        if wanted:
            raise Told(412, ABSENT)
        return
    if "*" in _named(request, "if-none-match"):
        raise stale(current)
    if not wanted:
        raise _refused(428, SEEN_FIRST, current)
    if "*" not in wanted and etag(current) not in wanted:
        raise stale(current)


def stale(current: msgspec.Struct | None) -> Told:
    """Somebody else was faster; `current`: None when it is gone."""
    if current is None:
        return Told(412, "它刚被别人删除。")
    return _refused(412, CHANGED, current)


def _refused(status: int, detail: str, current: msgspec.Struct) -> Told:
    tag = etag(current)
    return Told(status, detail, {"etag": tag}, etag=tag, current=public(current))


def _named(request: Request, header: str) -> set[str]:
    """The tags of the header, however many lines it has. Ours hold no comma."""
    parts = ",".join(request.headers.getlist(header)).split(",")
    return {part.strip() for part in parts if part.strip()}
