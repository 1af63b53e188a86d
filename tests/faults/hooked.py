"""A real worker into which a test puts one fault: python -m tests.faults.hooked FAULT AGENTS.

raise-first, raise-middle, raise-last: an exception at that item of the second batch ·
kill-after-write: kill -9 when Elasticsearch has answered and nothing is committed ·
slow-then-kill: one item takes 2 s, then kill -9 · stuck: the second batch never settles ·
none.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any

from infra import bulk, logs
from infra.settings import settings
from infra.setup import prepare
from infra.stack import stack
from streams import analyse, reading, worker
from streams.batch import Message
from streams.parse import parse

PLACES = {"first": 0, "middle": 0.5, "last": 1}


class InProcess:
    """A reader in this process, so that the fault strikes the worker itself."""

    def __init__(self, config: Path, models: Path, processes: int) -> None:
        self._reader = reading.Reader.open(config, models)

    async def start(self) -> None: ...

    async def read(self, messages: Sequence[Message]) -> reading.Batch:
        return self._reader.read(messages)

    async def stop(self) -> None: ...


def put(fault: str) -> None:
    if fault == "none":
        return
    if fault == "kill-after-write":
        write, calls = bulk.write, [0]

        async def written(client: Any, documents: Any) -> Any:
            answer = await write(client, documents)
            calls[0] += 1
            if calls[0] == 3:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        bulk.write = written  # type: ignore[assignment]
        return
    if fault == "stuck":

        class Stuck(analyse.Analyse):
            batches = 0

            async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
                self.batches += 1
                settling = await super().process(batch)
                return asyncio.Event().wait() if self.batches == 2 else settling  # type: ignore[return-value]

        worker.Analyse = Stuck  # type: ignore[misc]
        return
    batches, poisoned = [0], [""]

    class Hooked(analyse.Analyse):
        async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
            batches[0] += 1
            if batches[0] == 2:
                share = PLACES[fault.removeprefix("raise-")] if fault.startswith("raise") else 0.5
                poisoned[0] = batch[int(share * (len(batch) - 1))].position
            return await super().process(batch)

    def poisonous(message: Message) -> Any:
        if message.position == poisoned[0]:
            if fault == "slow-then-kill":
                time.sleep(2)
                os.kill(os.getpid(), signal.SIGKILL)
            raise RuntimeError(f"the test's own, at {fault}")
        return parse(message)

    reading.parse = poisonous  # type: ignore[assignment]
    worker.Analyse = Hooked  # type: ignore[misc]
    worker.ReaderPool = InProcess  # type: ignore[misc, assignment]


def main() -> None:
    fault, agents = sys.argv[1:]
    put(fault)
    logs.configure()
    config = settings()
    endpoints = stack(config).endpoints()
    asyncio.run(prepare(config, endpoints))
    asyncio.run(worker.work(config, endpoints, agents.split(",")))


if __name__ == "__main__":
    main()
