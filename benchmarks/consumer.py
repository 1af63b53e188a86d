"""The eager consumer beside the one that Faust ships, on empty work.

python -m benchmarks.consumer [--messages 100000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections.abc import Awaitable, Sequence

import faust

from benchmarks.common import fill, measure, open_stack, rounds, table, unique
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.topics import RAW
from streams.app import App, create_app
from streams.batch import Message


class Empty:
    def __init__(self, name: str, wanted: int) -> None:
        self.name = name
        self._wanted = wanted
        self.seen = 0
        self.done = asyncio.Event()
        self.first = self.last = 0.0

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def process(self, batch: Sequence[Message]) -> Awaitable[None]:
        self.first = self.first or time.perf_counter()
        self.seen += len(batch)
        self.last = time.perf_counter()

        async def settle() -> None:
            if self.seen >= self._wanted:
                self.done.set()

        return settle()


async def consume(
    settings: Settings, endpoints: Endpoints, kind: str, messages: int, number: str
) -> None:
    handler = Empty(f"{kind}-{number}", messages)
    transport = App if kind == "eager" else faust.App
    settings = settings.model_copy(update={"stream_buffer": 65_536})  # neither has to wait for room
    app = create_app(settings, endpoints, handler, RAW, 500, transport)
    await app.start()
    await asyncio.wait_for(handler.done.wait(), 300)
    rate = handler.seen / (handler.last - handler.first)
    print(json.dumps({"rate": rate, "seen": handler.seen}), flush=True)
    os._exit(0)  # the figure is taken; a graceful stop is another matter


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=2)
    options = parser.parse_args()
    if options.one:
        asyncio.run(consume(*open_stack(), options.one[0], options.messages, options.one[1]))
        return
    config, endpoints = open_stack()
    config = config.model_copy(update={"prefix": unique("consumer")})
    value = json.dumps({"text": "电价上涨了，" * 45}, ensure_ascii=False).encode()
    asyncio.run(fill(config, endpoints, (value for _ in range(options.messages))))

    def run(kind: str, number: int) -> float:
        arguments = ["--one", kind, str(number), "--messages", str(options.messages)]
        return measure("benchmarks.consumer", arguments, config.prefix)["rate"]

    results = rounds(["shipped", "eager"], run, options.rounds)
    table(f"Faust, noack_take(500), empty work, {len(value)} bytes", results, "shipped")


if __name__ == "__main__":
    main()
