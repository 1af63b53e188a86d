"""Signed webhooks, as Standard Webhooks describes (headers webhook-id, -timestamp, -signature)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time

import aiohttp

from schemas.alert import Notification
from schemas.base import encode

ATTEMPTS = 4
FIRST_PAUSE = 0.5  # seconds; doubled each time


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
    http: aiohttp.ClientSession, url: str, secret: str, notification: Notification
) -> tuple[int, str]:
    """(attempts, why it failed or ""); the receiver drops repeats by `webhook-id`."""
    body = encode(notification)
    error = ""
    for attempt in range(1, ATTEMPTS + 1):
        now = int(time.time())
        headers = {
            "content-type": "application/json",
            "webhook-id": notification.id,
            "webhook-timestamp": str(now),
        }
        if secret:
            headers["webhook-signature"] = signature(secret, notification.id, now, body)
        try:
            async with http.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                if answer.status < 300:
                    return attempt, ""
                error = f"HTTP {answer.status}"
                if answer.status < 500 and answer.status not in (408, 429):
                    return attempt, error  # asking again would not help
        except (aiohttp.ClientError, TimeoutError) as failure:
            error = type(failure).__name__
        if attempt < ATTEMPTS:
            await asyncio.sleep(FIRST_PAUSE * 2 ** (attempt - 1))
    return ATTEMPTS, error
