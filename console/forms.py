"""What a form of a page holds: bounded, and UTF-8 also where a script did not encode it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

MOST = 64 * 1024  # bytes
FIELDS = 20


async def fields(request: Request, most: int = MOST) -> dict[str, str]:
    """HTTPException: more than `most` bytes, or not what a form sends."""
    return dict(await pairs(request, most))


async def pairs(request: Request, most: int = MOST, fields: int = FIELDS) -> list[tuple[str, str]]:
    """The same, a name as often as the form has it."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > most:
            raise HTTPException(413, f"至多 {most // 1024} KB。")
    try:
        return parse_qsl(found.decode(), keep_blank_values=True, max_num_fields=fields)
    except ValueError:
        raise HTTPException(400, "读不懂提交的内容，请从控制台页面提交。") from None
