"""What a form of a page holds: bounded, and UTF-8 also where a script did not encode it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

MOST = 64 * 1024  # bytes
FIELDS = 20


async def fields(request: Request) -> dict[str, str]:
    """HTTPException: too large, or not what a form sends."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > MOST:
            raise HTTPException(413, f"至多 {MOST // 1024} KB。")
    try:
        text = found.decode()
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS))
    except ValueError:
        raise HTTPException(400, "读不懂提交的内容，请从控制台页面提交。") from None
