"""Wait for an Elasticsearch that is away or overloaded, for as long as it takes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from elastic_transport import TlsError, TransportError
from elasticsearch import ApiError

from infra import metrics

log = structlog.get_logger("tingchao.patience")

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0  # seconds
T = TypeVar("T")


class Busy(Exception):
    """An answer that asks to come again: a document was not taken for now."""


def passing(error: BaseException) -> bool:
    """Whether it may go by itself: no answer, too many requests, a server's own error."""
    if isinstance(error, ApiError):
        return error.status_code == 429 or error.status_code >= 500
    return isinstance(error, Busy | TransportError) and not isinstance(error, TlsError)


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """The result of `call`, made again while it fails for a reason that passes."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await call()
        except Exception as error:
            if not passing(error):
                raise
            log.warning("Elasticsearch is away or busy; trying again", error=str(error)[:200])
            metrics.SINK_RETRIES.labels("call").inc()
        await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311 (jitter)
        pause = min(pause * 2, LONGEST_PAUSE)
