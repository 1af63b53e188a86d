"""Ten people before the console: what they ask, and how long each answer takes them."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Iterator

import aiohttp
from elasticsearch import AsyncElasticsearch

from benchmarks.search_documents import Pool

NAME, PASSWORD = "reader", "words for a benchmark"
BY_HAND = ("渠道:论坛 {} {}", "{} OR {}", '"{}"', "{} -{}", "级别:>=III {}", "时间:30d {} {}",
           "地点:河北省 {}", "{} {}", "{} {} {}", "{}")  # fmt: skip


def queries(found: Pool, chance: random.Random) -> Iterator[str]:
    """Words of headlines, as people put them together."""
    while True:
        form = chance.choice(BY_HAND)
        words = [w for w in chance.choice(found.headlines)[1].split() if len(w) > 1]
        if len(words) >= 3:
            yield form.format(*chance.sample(words, 3))


class Run:
    """What ten people met."""

    def __init__(self, address: str, client: AsyncElasticsearch, index: str, found: Pool) -> None:
        self._address, self._client, self._index, self._pool = address, client, index, found
        self.spent: dict[str, list[float]] = defaultdict(list)
        self.weight: dict[str, int] = defaultdict(int)

    async def person(self, number: int, until: float, think: float) -> None:
        chance = random.Random(number)
        asked = queries(self._pool, chance)
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(self._address, cookie_jar=jar) as http:
            form = {"name": NAME, "password": PASSWORD}
            async with http.post("/login", data=form) as answer:
                assert answer.status == 200 and "/login" not in str(answer.url), answer.url
            for turn in range(1_000_000):
                await asyncio.sleep(chance.expovariate(1 / think) if think else 0)
                if time.perf_counter() > until:
                    return
                text = next(asked)
                if turn % 5 == 4:
                    await self._page(http, "home", "/", {})
                elif turn % 5 == 2:
                    await self._bare(text)
                else:
                    await self._page(http, "search", "/search", {"q": text})

    async def _page(
        self, http: aiohttp.ClientSession, name: str, path: str, asked: dict[str, str]
    ) -> None:
        began = time.perf_counter()
        async with http.get(path, params=asked) as answer:
            body = await answer.read()
        assert answer.status == 200, (answer.status, asked, body[:500])
        self.spent[name].append(time.perf_counter() - began)
        self.weight[name] = max(self.weight[name], len(body))

    async def _bare(self, text: str) -> None:
        began = time.perf_counter()
        words = " ".join(part for part in text.split() if ":" not in part and part != "OR")
        await self._client.search(
            index=self._index, size=20, source_excludes=["words", "text"],
            query={"simple_query_string": {"query": words, "fields": ["title", "text"],
                                           "default_operator": "and"}},
        )  # fmt: skip
        self.spent["Elasticsearch alone"].append(time.perf_counter() - began)
