"""What a competent engineer writes first: a Faust agent, event by event.

jieba, two sklearn pipelines, datasketch-like MinHash in plain Python sets, one index
call per item.
"""

from __future__ import annotations

import asyncio
import re
import time

import faust
import jieba
import orjson
from elasticsearch import AsyncElasticsearch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from benchmarks import corpus
from infra.indices import write_name
from infra.settings import Settings
from infra.stack import Endpoints
from schemas import topics
from schemas.registry import OPINIONS

_PHONE = re.compile(r"1[3-9]\d{9}")
_DEATHS = re.compile(r"(\d+)人(?:死亡|遇难)")


def _pipeline(labels: int) -> Pipeline:
    texts = [item.text for item in corpus.items(400, seed=5)]
    pipeline = make_pipeline(
        TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None), LogisticRegression(max_iter=50)
    )
    return pipeline.fit(texts, [n % labels for n in range(len(texts))])


def run(config: Settings, endpoints: Endpoints, items: int) -> float:
    # Not asyncio.run: its end would wait for Faust's tasks, and the process ends anyway.
    return asyncio.new_event_loop().run_until_complete(_run(config, endpoints, items))


async def _run(config: Settings, endpoints: Endpoints, items: int) -> float:
    topic_of, attitude_of = _pipeline(13), _pipeline(3)
    client = AsyncElasticsearch(endpoints.elasticsearch)
    seen_shingles: dict[int, str] = {}
    app = faust.App(
        config.prefix + "first", broker=f"aiokafka://{endpoints.kafka}", web_enabled=False,
        topic_disable_leader=True, topic_allow_declare=False, store="memory://",
        consumer_auto_offset_reset="earliest",
    )  # fmt: skip
    channel = app.topic(config.prefix + topics.RAW.name, value_serializer="raw", internal=False)
    done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    state = {"seen": 0, "started": 0.0}

    async def agent(stream: faust.Stream) -> None:
        async for value in stream:
            state["started"] = state["started"] or time.perf_counter()
            item = orjson.loads(value)
            text = _PHONE.sub("***", item["text"])
            words = jieba.lcut(text)
            shingles = {hash(text[n : n + 3]) for n in range(len(text) - 2)}
            key = min(shingles)
            origin = seen_shingles.setdefault(key, item["id"])
            await client.index(
                index=write_name(config, OPINIONS, corpus.START),
                id=item["id"],
                document={
                    "id": item["id"], "origin_id": item["origin_id"], "source": item["source"],
                    "channel": "news", "title": item["title"], "text": text,
                    "words": " ".join(words), "published_at": item["published_at"],
                    "topics": [{"label": str(topic_of.predict([text])[0]), "confidence": 1.0}],
                    "attitude": {"label": str(attitude_of.predict([text])[0])},
                    "casualties": {"deaths": int(m[1]) if (m := _DEATHS.search(text)) else 0},
                    "cluster_id": origin,
                },
            )  # fmt: skip
            state["seen"] += 1
            if state["seen"] == items:
                done.set_result(time.perf_counter() - state["started"])

    app.agent(channel)(agent)
    await app.start()
    return await asyncio.wait_for(done, 300)
