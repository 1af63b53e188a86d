"""The state of the sources, told: metrics, a line in the log, the index `source-health`."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from elastic_transport import TransportError
from elasticsearch import ApiError

from crawlers.health import health
from crawlers.run_log import KEPT, RunLog
from crawlers.sources import Source
from crawlers.summary import ALL_SEEN, Summary
from infra import clients, metrics
from infra.indices import write_name
from infra.settings import Settings
from infra.stack.endpoints import Endpoints
from schemas.base import encode
from schemas.registry import SOURCE_HEALTH
from schemas.source_health import SourceHealth

log = logging.getLogger("source")
EVERY = 30.0  # seconds between two looks, besides one after each crawl


def count(found: Summary, source: Source) -> None:
    """The metrics of one crawl."""
    outcome = "failed" if found.failed else "news" if found.items else "nothing"
    if not found.failed and found.why == ALL_SEEN:
        outcome = "all_seen"
    metrics.SOURCE_RUNS.labels(source.name, outcome).inc()
    metrics.SOURCE_ITEMS.labels(source.name).inc(found.items)
    for reason, number in found.errors.items():
        metrics.SOURCE_ERRORS.labels(source.name, reason).inc(number)


def states(
    runs: RunLog, sources: list[Source], now: datetime, before: dict[str, SourceHealth]
) -> dict[str, SourceHealth]:
    return {
        source.name: health(
            source.name, source.title, runs.runs(source.name, now - KEPT),
            timedelta(seconds=source.every), now, before.get(source.name),
        )
        for source in sources
    }  # fmt: skip


class Reporter(threading.Thread):
    """In a thread of its own: an Elasticsearch that is away delays no crawl."""

    def __init__(
        self, state: Path, sources: Callable[[], list[Source]], settings: Settings,
        endpoints: Endpoints | None,
    ) -> None:  # fmt: skip
        super().__init__(name="reporter", daemon=True)
        self._state = state
        self._sources = sources
        self._settings = settings
        self._endpoints = endpoints
        self._known: dict[str, SourceHealth] = {}
        self.wake = threading.Event()

    def run(self) -> None:
        runs = RunLog(self._state)
        while True:
            self.wake.clear()
            try:
                self._look(runs)
            except Exception:  # the next look may well succeed; without any nobody would know
                log.exception("the state of the sources could not be told")
            self.wake.wait(EVERY)

    def _look(self, runs: RunLog) -> None:
        found = states(runs, self._sources(), datetime.now(UTC), self._known)
        for state in found.values():
            self._tell(state)
        dropped = self._known.keys() - found.keys()
        self._known = found
        if self._endpoints and (found or dropped):
            asyncio.run(self._store(list(found.values()), sorted(dropped)))

    def _tell(self, state: SourceHealth) -> None:
        before = self._known.get(state.source)
        if before is None or before.status != state.status:
            level = logging.INFO if state.status in ("fine", "new") else logging.ERROR
            log.log(level, "%s: %s %s (%s)", state.source, state.status, state.cause, state.detail)
        for status in ("new", "fine", "silent", "broken", "layout"):
            metrics.SOURCE_STATUS.labels(state.source, status).set(status == state.status)
        if state.last_success:
            metrics.SOURCE_LAST_SUCCESS.labels(state.source).set(state.last_success.timestamp())
        metrics.SOURCE_ITEMS_PER_HOUR.labels(state.source, "day").set(state.items_per_hour)
        metrics.SOURCE_ITEMS_PER_HOUR.labels(state.source, "before").set(state.usual_per_hour)

    async def _store(self, found: list[SourceHealth], dropped: list[str]) -> None:
        assert self._endpoints
        client = clients.elasticsearch(self._settings, self._endpoints)
        index = write_name(self._settings, SOURCE_HEALTH)
        operations = [b'{"delete":{"_id":%s}}' % encode(name) for name in dropped]
        for state in found:
            operations += [b'{"index":{"_id":%s}}' % encode(state.source), encode(state)]
        try:
            await client.bulk(index=index, operations=operations)  # type: ignore[arg-type]
        except (TransportError, ApiError) as error:
            log.warning("the state of the sources could not be stored: %s", error)
        finally:
            await client.close()
