"""Which way of asking the archive finds the same matter again.

usage: python -m benchmarks.similar ../shared/data

Every tenth hot-search title of a year and the labelled ones are the archive, in a real
Elasticsearch. For each labelled pair of titles of one matter (tests/data/hot_pairs.json) one is
asked for by the other: by words (more_like_this), and by the nearest of our own hashed vectors
(dense_vector, cosine): each title's keywords by weight in DIMENSIONS numbers. Prints how often the
other is among the first 5 and 20.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import shake_128
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import open_stack, unique
from benchmarks.corpora import rows
from benchmarks.event_truth import BEIJING, PAIRS, Thing, briefs
from console.similar import words_query
from infra import clients
from infra.settings import Settings
from infra.stack import Endpoints
from models.keywords import Keywords

DIMENSIONS = 256
OTHERS = 10
MAPPING = {
    "properties": {
        "words": {"type": "text", "analyzer": "whitespace"},
        "vector": {"type": "dense_vector", "dims": DIMENSIONS, "similarity": "cosine"},
    }
}


@lru_cache(200_000)
def direction(word: str) -> np.ndarray:
    bits = np.frombuffer(shake_128(word.encode()).digest(DIMENSIONS // 8), np.uint8)
    return np.unpackbits(bits) * np.float32(2) - np.float32(1)


def vector(words: Sequence[str], weights: Sequence[float]) -> list[float]:
    """Signed random directions of the words, added by weight."""
    total = np.full(DIMENSIONS, 1e-6)
    for word, weight in zip(words, weights, strict=True):
        total += weight * direction(word)
    return [float(value) for value in total / np.linalg.norm(total)]


def things(data: Path) -> list[Thing]:
    """The labelled titles among every OTHERS-th of the year."""
    pairs = json.loads(PAIRS.read_text("utf-8"))["pairs"]
    labelled = {f"{day}/{at}" for d, a, o, t, _ in pairs for day, at in ((d, a), (o, t))}
    days = {
        row["day"]: row["titles"] for row in rows(data, "hot/weibo_hot_2025", ("day", "titles"))
    }
    return [
        (f"{day}/{at}", title, datetime.fromisoformat(day).replace(tzinfo=BEIJING), None, None)
        for day, titles in sorted(days.items())
        for at, title in enumerate(titles)
        if at % OTHERS == 0 or f"{day}/{at}" in labelled
    ]


async def measure(config: Settings, endpoints: Endpoints) -> None:
    archive = things(Path(sys.argv[1]))
    told = briefs(archive, Keywords(15))
    of = {
        thing[0]: (brief.keywords, brief.weights)
        for thing, brief in zip(archive, told, strict=True)
    }
    client, index = clients.elasticsearch(config, endpoints), unique("similar")
    await client.indices.create(index=index, mappings=MAPPING)
    try:
        for first in range(0, len(archive), 1_000):
            operations: list[dict[str, Any]] = []
            for key, *_ in archive[first : first + 1_000]:
                words, weights = of[key]
                operations += [
                    {"index": {"_id": key}},
                    {"words": " ".join(words), "vector": vector(words, weights)},
                ]
            await client.bulk(index=index, operations=operations)
        await client.indices.refresh(index=index)
        pairs = json.loads(PAIRS.read_text("utf-8"))["pairs"]
        same = [(f"{d}/{a}", f"{o}/{t}") for d, a, o, t, equal in pairs if equal]
        same += [(other, one) for one, other in same]
        print(f"{len(archive)} titles, {len(same)} questions")
        for name in ("words (more_like_this)", "vectors (knn)"):
            found, began = [], time.perf_counter()
            for asked, wanted in same:
                words, weights = of[asked]
                if name.startswith("words"):
                    query: dict[str, Any] = {"query": words_query(" ".join(words))}
                else:
                    near = {"field": "vector", "query_vector": vector(words, weights), "k": 21,
                            "num_candidates": 200}  # fmt: skip
                    query = {"knn": near}
                answer = await client.search(index=index, size=21, source=False, **query)
                keys = [hit["_id"] for hit in answer["hits"]["hits"] if hit["_id"] != asked]
                found.append(keys.index(wanted) if wanted in keys else 99)
            spent = 1000 * (time.perf_counter() - began) / len(same)
            ranks = np.array(found)
            print(f"{name:24s} among the first 5 {np.mean(ranks < 5):.3f}, first 20 "
                  f"{np.mean(ranks < 20):.3f}; {spent:.1f} ms a question")  # fmt: skip
    finally:
        await client.indices.delete(index=index)
        await client.close()


if __name__ == "__main__":
    asyncio.run(measure(*open_stack()))
