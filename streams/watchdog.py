"""A consumer that stands still without dying: no progress while there is work, for too long.

Whoever waits for Elasticsearch or the broker does not stand still: it tries again, and
each try counts as progress. A worker that is stuck ends with a code of its own; outside
starts it again, and the offsets say where to go on.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog

from infra import metrics
from infra.lag import READS, lags
from infra.settings import Settings
from infra.stack import Endpoints

log = structlog.get_logger("tingchao.watchdog")

EXIT_STUCK = 75  # EX_TEMPFAIL: start it again
ASK_SECONDS = 20  # a broker that takes longer is away; then nothing is known


class Stillness:
    """How long each agent has had work and done none. Pure; times in seconds."""

    def __init__(self) -> None:
        self._since: dict[str, tuple[object, float]] = {}

    def look(self, agent: str, behind: int, progress: object, now: float) -> float:
        """0 when nothing waits or `progress` is another than at the last look."""
        before, since = self._since.get(agent, (None, now))
        if behind <= 0 or progress != before:
            self._since[agent] = (progress, now)
            return 0.0
        return now - since


class Watchdog:
    def __init__(
        self, settings: Settings, endpoints: Endpoints, apps: Mapping[str, Any],
        leave: Callable[[int], Any] = os._exit,
    ) -> None:  # fmt: skip
        """`apps`: the Faust app of each agent."""
        self._settings, self._endpoints, self._apps = settings, endpoints, apps
        self._leave = leave
        self._stillness = Stillness()

    async def run(self) -> None:
        limit = self._settings.stuck_seconds
        while limit:
            await asyncio.sleep(min(max(limit / 5, 1.0), 15.0))
            agents = [name for name in self._apps if name in READS]
            try:
                found = await asyncio.wait_for(
                    lags(self._settings, self._endpoints, agents), ASK_SECONDS
                )
            except Exception as error:
                log.warning("the watchdog sees no lag: Kafka does not answer", error=str(error))
                continue
            for agent in agents:
                self._judge(agent, [lag for lag in found if lag.agent == agent], limit)

    def _judge(self, agent: str, found: Sequence[Any], limit: float) -> None:
        mine = {tp.partition for tp in self._apps[agent].consumer.assignment()}
        held = [lag for lag in found if lag.partition in mine]
        committed = tuple((lag.partition, lag.committed) for lag in held)
        behind = sum(lag.behind for lag in held)
        still = self._stillness.look(agent, behind, (committed, tries()), time.monotonic())
        metrics.LAG.labels(agent).set(behind)
        metrics.STILL.labels(agent).set(still)
        if still >= limit:
            log.error(
                "the consumer stands still; the worker ends to be started again",
                agent=agent, behind=behind, seconds=round(still),
            )  # fmt: skip
            self._leave(EXIT_STUCK)


def tries() -> float:
    """How often a write was tried again: whoever waits for a server adds to it."""
    return sum(
        sample.value
        for family in metrics.SINK_RETRIES.collect()
        for sample in family.samples
        if sample.name.endswith("_total")
    )
