"""The body of a change: from whom it may come, JSON, bounded, checked against a record."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request

from console.api.problem import Told
from console.control import CONTROL
from console.crossing import crossed, token_fits

MOST = 64 * 1024  # bytes
T = TypeVar("T", bound="Sent")
_PLACE = re.compile(r" - at `(?:key in )?(.+)`$", re.S)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`", re.S)
_MISSING = re.compile(r"Object missing required field `(.*?)`")
_SHOWN = 200  # characters of what was sent, in an error


class Sent(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of all bodies: what we do not know is an error and not silently left out."""


def trusted(request: Request) -> None:
    """Another site can make a browser send a cookie, but neither a key nor this header."""
    by_key = request.state.csrf is None
    if not by_key and crossed(request):
        raise Told(403, "请求来自别的网站。")
    if not token_fits(request, request.headers.get("x-csrf-token", "")):
        raise Told(403, "请用密钥，或在 X-CSRF-Token 里给出本次登录的令牌。")


async def read(request: Request, kind: type[T], most: int = MOST) -> T:
    """Told 400, 413, 415 or 422 says what is wrong, and where."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != "application/json":
        raise Told(415, "请求体要是 application/json。", {"accept": "application/json"})
    size = request.headers.get("content-length", "")
    found, huge = bytearray(), size.isdecimal() and len(size) < 20 and int(size) > most
    if not huge:
        try:
            async for part in request.stream():
                found += part
                if huge := len(found) > most:
                    break
        except ClientDisconnect:
            raise Told(400, "请求没有发完就断了。") from None
    if huge:
        raise Told(413, f"请求体至多 {most // 1024} KB。")
    try:
        raw = msgspec.json.decode(bytes(found))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Told(400, "请求体不是 JSON（UTF-8）。", said=str(error)[:_SHOWN]) from None
    if place := _controls(raw):
        raise Told(422, f"内容有误：{place} 里有控制字符。", place=place)
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise wrong(str(error)) from None


def _controls(raw: Any) -> str:
    """Where a string holds what no keyboard types and Elasticsearch or a command would trip
    over; "" when none does. By a stack: JSON may be nested deeper than Python calls."""
    left: list[tuple[str, Any]] = [("$", raw)]
    while left:
        place, value = left.pop()
        if isinstance(value, str) and CONTROL.search(value):
            return place
        if isinstance(value, list):
            left += [(f"{place}[{at}]", each) for at, each in enumerate(value)]
        elif isinstance(value, dict):
            left += [(f"{place}.{name[:_SHOWN]}", each) for name, each in value.items()]
    return ""


def wrong(said: str) -> Told:
    place = found[1] if (found := _PLACE.search(said)) else "$"
    if unknown := _UNKNOWN.match(said):
        place, what = f"{place}.{unknown[1][:_SHOWN]}", "没有这一项"
    elif missing := _MISSING.match(said):
        place, what = f"{place}.{missing[1]}", "缺少这一项"
    else:
        what = "类型、长度或取值不对"
    return Told(422, f"内容有误：{place} {what}。", place=place, said=said[:_SHOWN])
