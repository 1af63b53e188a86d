"""Asking an OpenID provider: bounded in time and size, and never sent on to elsewhere."""

from __future__ import annotations

import json
import re
from typing import Any

import aiohttp

PATIENCE = aiohttp.ClientTimeout(total=10, connect=5)
MOST = 512 * 1024  # bytes of an answer
CODE = re.compile(r"[a-z_]{1,40}")  # an error's name; nothing else of theirs goes on record


class Away(Exception):
    """It does not answer, or not as a provider does; says how, without any secret."""


class BadCode(Exception):
    """It does not take this code (any more)."""


async def answer(method: str, address: str, **more: Any) -> dict[str, Any]:
    """A JSON object; bounded in time and size, from nowhere else."""
    body = bytearray()
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.request(method, address, allow_redirects=False, **more) as given,
        ):
            async for part in given.content.iter_chunked(64 * 1024):
                body += part
                if len(body) > MOST:
                    raise Away("its answer is too large")
            status = given.status
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise Away(f"it does not answer: {type(error).__name__}") from None
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if status == 200 and isinstance(found, dict):
        return found
    code = str(found.get("error", "")) if isinstance(found, dict) else ""
    if code == "invalid_grant":
        raise BadCode(code)
    raise Away(f"it answers {status} {code if CODE.fullmatch(code) else ''}".strip())
