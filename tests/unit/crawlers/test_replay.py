import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawlers.corpus import Message
from crawlers.replay import replay

START = datetime(2020, 1, 1, tzinfo=UTC)


class Recorder:
    """Keeps what was sent and when; confirms at once."""

    def __init__(self, fail_at: int | None = None) -> None:
        self.sent: list[tuple[float, bytes]] = []
        self.flushed = False
        self.fail_at = fail_at

    async def start(self) -> None: ...

    async def put(self, key: bytes | None, value: bytes) -> asyncio.Future[Any]:
        if len(self.sent) == self.fail_at:
            raise ConnectionError("gone")
        self.sent.append((asyncio.get_running_loop().time(), value))
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        future.set_result(None)
        return future

    async def flush(self) -> None:
        self.flushed = True

    async def stop(self) -> None: ...


def message(name: str, seconds: float | None) -> Message:
    at = None if seconds is None else START + timedelta(seconds=seconds)
    return Message(None, name.encode(), at)


async def test_at_once_keeps_the_order_of_the_file() -> None:
    sink = Recorder()
    done = await replay([message("b", 9), message("a", 1), message("c", None)], sink)
    assert [value for _, value in sink.sent] == [b"b", b"a", b"c"]
    assert done.messages == 3 and sink.flushed


async def test_own_pace_goes_by_published_time() -> None:
    sink = Recorder()
    await replay([message("late", 60), message("early", 0), message("none", None)], sink, 200)
    assert [value for _, value in sink.sent] == [b"none", b"early", b"late"]
    assert sink.sent[2][0] - sink.sent[1][0] == pytest.approx(0.3, abs=0.1)


async def test_a_failed_send_stops_the_replay() -> None:
    sink = Recorder(fail_at=1)
    with pytest.raises(ConnectionError):
        await replay([message("a", 0), message("b", 0)], sink)
    assert not sink.flushed
