"""How long pages take over a million documents, for people who read in between and all at once.

    python -m benchmarks.search ../shared/data [--documents 1000000] [--seconds 60] [--keep]

The console runs in a process of its own; ten people each with a session search with words,
phrases, fields, facets, time bars, copies folded, and look at the home page every fifth time.
Beside the search page, in turn: the same words asked of Elasticsearch alone, without folding,
counts and highlights. The first paint is Chromium's own (skipped where there is none).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import numpy as np

from benchmarks.common import ROOT, machine, open_stack, unique
from benchmarks.search_documents import Pool, pool
from benchmarks.search_load import load
from benchmarks.search_people import NAME, PASSWORD, Run
from benchmarks.workers import clean
from console.access.passwords import hashed
from console.access.store import Users, new_user
from infra import clients
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.registry import OPINIONS

PEOPLE, THINK = 10, 2.0  # people; seconds that one reads, on average
MUST = {"search": 0.5, "home": 0.3}  # seconds, p95
PAINTED = """new Promise((done) => new PerformanceObserver((list) => {
    const found = list.getEntriesByName('first-contentful-paint')[0];
    if (found) done(found.startTime);
  }).observe({ type: 'paint', buffered: true }))"""
WEIGHT, PAINT = 500_000, 1.0  # bytes; seconds


@contextmanager
def console(config: Settings) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tingchao", "console", "--port", "0"], cwd=ROOT, text=True,
        env={**os.environ, "TINGCHAO_PREFIX": config.prefix}, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(20)


async def paint(address: str) -> dict[str, float]:
    """Seconds until Chromium drew something, by page."""
    found = shutil.which("chromium")
    if found is None:
        return {}
    from playwright.async_api import async_playwright

    spent = {}
    async with async_playwright() as playwright:
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=found, args=as_root)
        context = await browser.new_context(base_url=address)
        await context.request.post("/login", form={"name": NAME, "password": PASSWORD})
        page = await context.new_page()
        for name, path in (("home", "/"), ("search", "/search?q=价格 上涨")):
            drawn = []
            for _ in range(7):
                await page.goto(path)
                drawn.append(await page.evaluate(PAINTED))
            spent[name] = sorted(drawn)[3] / 1000
        await browser.close()
    return spent


def said(spent: dict[str, list[float]], what: str) -> None:
    print(f"\n{what}")
    for name, seconds in spent.items():
        p50, p95, p99 = np.percentile(seconds, (50, 95, 99))
        must = f", must p95 {MUST[name] * 1000:.0f}" if name in MUST else ""
        print(f"  {name}: p50 {p50 * 1000:.0f} p95 {p95 * 1000:.0f} p99 {p99 * 1000:.0f} ms "
              f"of {len(seconds)}{must}")  # fmt: skip
    base = np.percentile(spent["Elasticsearch alone"], 50)
    print(
        f"  search ÷ Elasticsearch alone, medians: {np.percentile(spent['search'], 50) / base:.1f}"
    )


async def measure(
    config: Settings, endpoints: Endpoints, found: Pool, documents: int, seconds: float
) -> None:
    client = clients.elasticsearch(config, endpoints)
    client = client.options(request_timeout=120)
    index = config.prefix + OPINIONS.alias
    if not await client.indices.exists_alias(name=index):
        began = time.perf_counter()
        await load(client, config, found, documents)
        print(f"loaded in {time.perf_counter() - began:.0f} s")
    users = Users(config, client)
    if await users.get(NAME) is None:
        password = await hashed(PASSWORD)
        await users.add(new_user(NAME, "", ["analyst"], [], "bench", password, must_change=False))
    stored = (await client.count(index=index))["count"]
    print(f"{machine()}\n{stored:,} documents")
    with console(config) as address:
        async with aiohttp.ClientSession() as http:
            for _ in range(120):
                try:
                    async with http.get(f"{address}/ready") as answer:
                        if answer.status == 200:
                            break
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.5)
            sizes = [len(await (await http.get(f"{address}/static/{name}")).read())
                     for name in ("console.css", "console.js", "icon.svg")]  # fmt: skip
        for think, what in (
            (THINK, f"{PEOPLE} people, each reading {THINK:.0f} s in between"),
            (0.0, f"{PEOPLE} at once without a pause"),
        ):
            await Run(address, client, index, found).person(99, time.perf_counter() + 5, 0)  # warm
            run = Run(address, client, index, found)
            until = time.perf_counter() + seconds
            await asyncio.gather(*(run.person(n, until, think) for n in range(PEOPLE)))
            said(run.spent, what)
        weights = {name: (size + sum(sizes)) / 1000 for name, size in run.weight.items()}
        print("\npage weight with its style, script and icon: " + ", ".join(
            f"{name} {weight:.0f} kB" for name, weight in weights.items())
            + f" (must be under {WEIGHT // 1000})")  # fmt: skip
        painted = await paint(address)
        print("first paint: " + (", ".join(
            f"{name} {spent * 1000:.0f} ms" for name, spent in painted.items())
            or "no chromium here") + f" (must be under {PAINT * 1000:.0f})")  # fmt: skip
    await client.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--prefix", help="of documents that an earlier run kept")
    parser.add_argument("--keep", action="store_true", help="the documents, for another run")
    options = parser.parse_args()
    config, endpoints = open_stack()
    config = config.model_copy(update={"prefix": options.prefix or unique("search")})
    try:
        asyncio.run(
            measure(config, endpoints, pool(options.data), options.documents, options.seconds)
        )
    finally:
        if options.keep or options.prefix:
            print(f"kept: --prefix {config.prefix}")
        else:
            asyncio.run(clean(config, endpoints))


if __name__ == "__main__":
    main()
