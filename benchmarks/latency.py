"""How long an item takes: produce → searchable, produce → notification handed to a channel.

    python -m benchmarks.latency [--seconds 60] [--drain 10000]

First the rate at which all agents drain a full topic, then an open loop at half of it: items
go out at their times whatever comes back. Once a second one of level I goes along, each a
matter of its own; a webhook on loopback takes the notifications. The two workers of
`tingchao run` do the work.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import shutil
import statistics
import time
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from aiohttp import web

from benchmarks import corpus
from benchmarks.common import ROOT, machine, open_stack, unique
from benchmarks.workers import clean, drain, ready, working
from commands.running import WORKERS
from infra import clients
from infra.lag import READS
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.alert import decode_notification
from schemas.base import encode
from schemas.raw_item import RawItem, item_id, origin_id

LOOK = 0.05  # seconds between looks at the index
STEP = 0.02  # seconds between sends of what is due
GOALS = {"searchable": (1.5, 2.5, 5.0), "told": (None, 2.0, None)}  # p50, p95, p99: must
CONTACTS = """\
people:
  - {id: duty, name: 值班, channels: [{kind: webhook, url: "URL"}]}
roles:
  duty_officer: {default: [duty]}
  department_head: {default: [duty]}
  office: {default: [duty]}
  leading_group: {default: [duty]}
"""
_CODE = re.compile(r"甲(\d+)号")


def nouns(rnd: random.Random) -> list[str]:
    """Of jieba's table, neither common nor unheard of, in an order of chance."""
    with resources.files("jieba").joinpath("dict.txt").open(encoding="utf-8") as lines:
        rows = [line.split() for line in lines]
    found = [w for w, count, kind in rows if kind == "n" and 2 <= len(w) <= 3 and int(count) > 20]
    rnd.shuffle(found)
    return found


def grave(number: int, words: list[str]) -> RawItem:
    """Level I by its deaths; its words are its own, so it joins no other event."""
    words = words[number * 24 : number * 24 + 24]
    told = f"突发爆炸，已造成{31 + number % 20}人死亡。"
    text = f"{'与'.join(words[:12])}{told}{'与'.join(words[12:])}。"
    title = f"甲{number}号{''.join(words[:6])}"  # by its title an event is known
    origin, now = origin_id("latency", f"grave-{number}"), corpus.START
    return RawItem(
        id=item_id(origin, title, text), origin_id=origin, source="latency", channel="news",
        fetched_at=now, published_at=now, title=title, text=text,
    )  # fmt: skip


class Run:
    def __init__(self, config: Settings, endpoints: Endpoints) -> None:
        self._config, self._endpoints = config, endpoints
        self.sent: dict[str, float] = {}  # id -> when, by the clock of this process
        self.found: dict[str, float] = {}
        self.graves: dict[int, float] = {}
        self.told: dict[int, float] = {}
        self.over = False

    async def webhook(self) -> tuple[web.AppRunner, str]:
        async def take(request: web.Request) -> web.Response:
            told = decode_notification(await request.read())
            if found := _CODE.search(told.subject + told.body):
                self.told.setdefault(int(found[1]), time.perf_counter())
            return web.Response()

        app = web.Application()
        app.router.add_post("/", take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/"

    async def send(self, rate: float, seconds: float) -> None:
        producer = clients.producer(self._config, self._endpoints)
        await producer.start()
        topic, words = f"{self._config.prefix}items.raw", nouns(random.Random(5))
        items = list(corpus.items(int(rate * seconds), seed=23))
        started, n, graves = time.perf_counter(), 0, 0
        while n < len(items):
            passed = time.perf_counter() - started
            while n < min(len(items), int(passed * rate)):
                self.sent[items[n].id] = time.perf_counter()
                await producer.send(topic, encode(items[n]), partition=n % 4)
                n += 1
            if passed > graves:
                self.graves[graves] = time.perf_counter()
                await producer.send(topic, encode(grave(graves, words)), partition=graves % 4)
                graves += 1
            await asyncio.sleep(STEP)
        await producer.stop()

    async def look(self) -> None:
        """What can be found, as soon as it can; the sequence of writes says what is new."""
        client = clients.elasticsearch(self._config, self._endpoints)
        last = -1
        while not self.over:
            answer = await client.search(
                index=f"{self._config.prefix}opinions", size=10_000, source=False, sort="_seq_no",
                query={"range": {"_seq_no": {"gt": last}}}, track_total_hits=False,
            )  # fmt: skip
            now = time.perf_counter()
            for hit in answer["hits"]["hits"]:
                self.found.setdefault(hit["_id"], now)
                last = hit["sort"][0]
            await asyncio.sleep(LOOK)
        await client.close()


async def measure(
    run: Run, config: Settings, endpoints: Endpoints, seconds: float, wanted: float | None
) -> float:
    """The drain rate; afterwards `run` holds the times."""
    items, took = await drain(config, endpoints, tuple(READS))
    rate = items / took
    looking = asyncio.create_task(run.look())
    await asyncio.sleep(1)
    await run.send(wanted or rate / 2, seconds)
    for _ in range(600):
        if run.sent.keys() <= run.found.keys() and len(run.told) >= len(run.graves):
            break
        await asyncio.sleep(0.1)
    run.over = True
    await looking
    return rate


async def work(
    config: Settings, endpoints: Endpoints, seconds: float, count: int, wanted: float | None
) -> None:
    config = config.model_copy(update={"prefix": unique("latency")})
    run = Run(config, endpoints)
    server, url = await run.webhook()
    with TemporaryDirectory() as folder:
        settings = Path(folder) / "config"
        shutil.copytree(ROOT / "config", settings)
        (settings / "contacts.yaml").write_text(CONTACTS.replace("URL", url), "utf-8")
        (settings / "duty.yaml").unlink()  # its people are others
        await ready(config, endpoints, count)
        with working(config, list(WORKERS.values()), TINGCHAO_CONFIG=str(settings)):
            rate = await measure(run, config, endpoints, seconds, wanted)
    await server.cleanup()
    await clean(config, endpoints)
    print(f"{machine()} · drains {rate:,.0f} items/s · {len(run.sent)} items in {seconds:g} s")
    lost = len(run.sent.keys() - run.found.keys())
    _print("searchable", [run.found[k] - at for k, at in run.sent.items() if k in run.found], lost)
    untold = len(run.graves.keys() - run.told.keys())
    _print("told", [run.told[k] - at for k, at in run.graves.items() if k in run.told], untold)


def _print(name: str, times: list[float], missing: int) -> None:
    if not times:
        print(f"produce → {name}: nothing arrived")
        return
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    goals = ", ".join("-" if goal is None else f"{goal:g}" for goal in GOALS[name])
    print(
        f"produce → {name}: p50 {p50:.2f} s, p95 {p95:.2f} s, p99 {p99:.2f} s, mean "
        f"{statistics.mean(times):.2f} s of {len(times)}; not arrived {missing} (must: {goals})"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--drain", type=int, default=10_000)
    parser.add_argument("--rate", type=float, help="items/s instead of half the drain rate")
    options = parser.parse_args()
    config, endpoints = open_stack()
    asyncio.run(work(config, endpoints, options.seconds, options.drain, options.rate))


if __name__ == "__main__":
    main()
