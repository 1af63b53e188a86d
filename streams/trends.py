"""The trends timer: heat, phase and forecast of all live events, and hotspots.

It follows the events index by sequence numbers and keeps a board in memory; a start reads the
live events again. Several workers may run it; a lease lets one at a time work.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError

from infra import bulk, metrics
from infra.bulk import Document
from infra.indices import write_name
from models.board import IDLE, MAX_EVENTS, Board
from schemas.base import encode
from schemas.event import Event
from schemas.registry import EVENTS, TRENDS
from streams.context import Context
from streams.hotspots import Hotspots
from streams.leading import Leading

log = structlog.get_logger("tingchao.trends")

TICK = 5.0  # seconds: a third of a lease
PAGE = 1_000
REREAD = timedelta(hours=1)  # all again: what a gap in the sequence numbers hid
OVERLAP = 1_000  # numbers read twice: those that a refresh showed out of order
_NEEDED = (
    "id", "title", "level", "first_at", "last_at", "updated_at", "items", "hours", "sources",
    "tiers", "attitudes", "score",
)  # fmt: skip


class Trends:
    name = "trends"

    def __init__(self, context: Context) -> None:
        self._context = context
        self.lease = Leading(context, self.name)
        self._hotspots = Hotspots(context)
        self._board = Board()
        self._next = 0  # sequence number to read from
        self._read_all_at: datetime | None = None
        self._version = 0

    async def run(self) -> None:
        while True:
            try:
                now = datetime.now(UTC)
                if await self.lease.leads(now):
                    await self.tick(now)
                    await self._hotspots.tick(now)
                else:
                    self._read_all_at = None  # another has it; what is known here grows old
                metrics.LAST_BATCH.labels(self.name).set_to_current_time()
            except (ApiError, TransportError) as error:
                log.warning("trends wait for Elasticsearch", error=str(error)[:200])
            await asyncio.sleep(TICK)

    async def tick(self, now: datetime) -> int:
        """Read what changed, tell what follows; how many trends were written."""
        if self._read_all_at is None or not timedelta(0) <= now - self._read_all_at < REREAD:
            self._next, self._read_all_at = 0, now
        await self._follow(now)
        # In a thread: the worker answers Kafka meanwhile.
        found = await asyncio.to_thread(self._board.refresh, now)
        # A clock that was set back must not make what is newer look older.
        self._version = max(self._version + 1, int(now.timestamp() * 1000))
        index = write_name(self._context.settings, TRENDS)
        documents = [Document(index, each.id, encode(each), self._version) for each in found]
        for at in range(0, len(documents), PAGE):
            refused = await bulk.write(
                self._context.elasticsearch, documents[at : at + PAGE]
            )  # fmt: skip
            for each in refused:
                log.error("trend refused", id=each.document.id, reason=each.reason)
        return len(documents)

    async def _follow(self, now: datetime) -> None:
        """Put the events that changed since the last time on the board."""
        after = max(-1, self._next - 1 - OVERLAP)
        left = 2 * MAX_EVENTS
        while left > 0:
            answer = await self._context.elasticsearch.search(
                index=write_name(self._context.settings, EVENTS),
                query={"bool": {"filter": [
                    {"range": {"_seq_no": {"gt": after}}},
                    {"range": {"updated_at": {"gte": (now - IDLE).isoformat()}}},
                ]}},
                sort=[{"_seq_no": "asc"}], size=PAGE, source_includes=list(_NEEDED),
                track_total_hits=False,
            )  # fmt: skip
            hits = answer["hits"]["hits"]
            for hit in hits:
                self._board.put(msgspec.convert(hit["_source"], Event, strict=False))
                after = hit["sort"][0]
            self._next = max(self._next, after + 1)
            left -= len(hits)
            if len(hits) < PAGE:
                return
