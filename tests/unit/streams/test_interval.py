import asyncio
from datetime import datetime, timedelta

from streams.interval import Interval
from tests.builders import NOW

HOUR = timedelta(hours=1)


async def _begun(work_of: Interval, begun: list[datetime], *moments: datetime) -> list[datetime]:
    for moment in moments:
        work_of.tick(moment)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    return begun


async def test_it_begins_an_interval_later_and_then_each_interval() -> None:
    begun: list[datetime] = []

    async def work(now: datetime) -> None:
        begun.append(now)

    times = [NOW, NOW + HOUR / 2, NOW + HOUR, NOW + 1.5 * HOUR, NOW + 2 * HOUR]
    assert await _begun(Interval("w", HOUR, work), begun, *times) == [times[2], times[4]]
    begun.clear()
    at_once = Interval("w", HOUR, work, at_once=True)
    assert await _begun(at_once, begun, *times) == [times[0], times[2], times[4]]


async def test_a_failure_or_a_clock_set_back_does_not_end_it() -> None:
    begun: list[datetime] = []

    async def work(now: datetime) -> None:
        begun.append(now)
        raise RuntimeError("no")

    back = NOW - 24 * HOUR
    found = await _begun(Interval("w", HOUR, work, at_once=True), begun, NOW, back, back + HOUR)
    assert found == [NOW, back + HOUR]


async def test_none_begins_beside_one_that_is_at_work_or_when_it_is_off() -> None:
    begun: list[datetime] = []

    async def work(now: datetime) -> None:
        begun.append(now)
        await asyncio.sleep(60)

    slow = Interval("w", HOUR, work, at_once=True)
    assert await _begun(slow, begun, NOW, NOW + HOUR, NOW + 2 * HOUR) == [NOW]
    off = Interval("w", timedelta(0), work, at_once=True)
    assert await _begun(off, begun, NOW + 9 * HOUR) == [NOW]
