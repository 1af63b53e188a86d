"""Signed webhooks, as Standard Webhooks describes (headers webhook-id, -timestamp, -signature)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from response.delivery import Result


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 HMAC-SHA-256 of id.timestamp.body; the secret may be `whsec_` base64."""
    key = (
        base64.b64decode(secret.removeprefix("whsec_"))
        if secret.startswith("whsec_")
        else secret.encode()
    )
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


async def send(
    http: aiohttp.ClientSession, url: str, secret: str, message_id: str, body: bytes
) -> Result:
    """One attempt; the receiver drops repeats by `webhook-id`."""
    now = int(time.time())
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
    }
    try:
        if secret:
            headers["webhook-signature"] = signature(secret, message_id, now, body)
        async with http.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            if answer.status < 300:
                return Result()
            again = answer.status >= 500 or answer.status in (408, 425, 429)
            wait = retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC))
            return Result(f"HTTP {answer.status}", again, wait)
    except binascii.Error:
        return Result("the secret after whsec_ is no base64", again=False)
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError) as failure:
        return Result(type(failure).__name__, again=False)
    except (aiohttp.ClientError, TimeoutError) as failure:
        return Result(type(failure).__name__)


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds from a Retry-After header: a number or a date (RFC 9110); None: it says nothing."""
    value = value.strip()
    if value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None
