"""Publish a stored collection: at once, or at its own pace."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from crawlers.corpus import Message, messages
from crawlers.kafka import Publisher
from schemas.errors import UserError

_STEP = 500  # messages between two looks at the clock and the event loop


@dataclass(frozen=True)
class Replayed:
    messages: int
    seconds: float


def lines(path: Path, position: Callable[[int], None] = lambda _: None) -> Iterator[bytes]:
    """The lines of a file (gzip by its first bytes), empty ones left out.

    `position` is told how many bytes of the file have been read, for the progress bar.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            for line in gzip.GzipFile(fileobj=raw) if packed else raw:
                position(raw.tell())
                if line := line.strip():
                    yield line
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UserError(f"{path} is a damaged gzip file: {error}", "fetch it again") from None
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}", "give a readable file") from None


def collection(
    path: Path, author_key: bytes, now: datetime, limit: int | None = None,
    position: Callable[[int], None] = lambda _: None,
) -> Iterator[Message]:  # fmt: skip
    """All messages of a file, at most `limit`."""
    found = (m for line in lines(path, position) for m in messages(line, author_key, now))
    return islice(found, limit)


async def replay(
    found: Iterable[Message], publisher: Publisher, speed: float | None = None
) -> Replayed:
    """Send everything and wait until the broker has confirmed it all.

    With a `speed` the messages are put into the order of their own times first, and
    an hour of theirs takes 1/speed hours; a message without a time goes out at once.
    """
    started = time.monotonic()
    if speed:
        found = sorted(found, key=lambda message: message.at.timestamp() if message.at else 0.0)
    begin: float | None = None
    count = 0
    for message in found:
        if speed and message.at:
            moment = message.at.timestamp()
            begin = moment if begin is None else begin
            wait = (moment - begin) / speed - (time.monotonic() - started)
            if wait > 0:
                await asyncio.sleep(wait)
        await publisher.put(message.key, message.value)
        count += 1
        if count % _STEP == 0:
            await asyncio.sleep(0)
    await publisher.flush()
    return Replayed(count, time.monotonic() - started)
