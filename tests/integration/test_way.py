"""The whole way of an item on the real stack: topic → documents, events, alerts, deliveries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from console.search import Filters, search
from infra.accounts import Account, account
from infra.settings import Settings
from infra.stack import Endpoints
from models.words import cutter
from schemas.base import encode
from schemas.raw_item import Author, RawItem
from tests.builders import raw_item
from tests.integration.workers import Worker, settled

START = datetime.now(UTC) - timedelta(hours=3)
BLAST = (
    "漳源县城东化工园区一家工厂今天上午发生爆炸，现场浓烟滚滚，附近居民楼玻璃被震碎。"
    "县应急管理局通报，事故已造成12人死亡，30人受伤，仍有2人失联，救援正在进行，原因正在调查。"
)


def _items() -> list[RawItem]:
    first = raw_item("blast", BLAST, title="漳源化工园区发生爆炸 已致12人死亡", published_at=START,
                     channel="news", tier="provincial", source="日报")  # fmt: skip
    copy = raw_item("copy", BLAST.replace("一家", "某"), title="突发！漳源化工园区爆炸12人遇难",
                    published_at=START + timedelta(minutes=20), source="门户")  # fmt: skip
    repost = raw_item("repost", "", channel="weibo", parent_id=first.origin_id,
                      root_id=first.origin_id, published_at=START + timedelta(hours=1),
                      author=Author(hash="ab12"), source="微博")  # fmt: skip
    told = "这个月电费比上个月多了一倍，身份证号11010519491231002X，电话13812345678。"
    bill = raw_item("bill", told, title="电价上涨太多了", channel="forum", published_at=START)
    goal = "主队在加时赛中攻入制胜一球，晋级决赛。"
    noise = raw_item("noise", goal, title="球赛", published_at=START)
    return [first, copy, repost, bill, noise]


BAD = [
    b"{broken",
    b'{"text": "x"}',
    encode(raw_item("nul")).replace("电价".encode(), rb"\u0000"),
    encode(raw_item("half")).replace("电价".encode(), rb"\ud83d"),
    orjson.dumps(orjson.loads(encode(raw_item("late"))) | {"published_at": "9999-01-01T00:00:00Z"}),
    orjson.dumps(orjson.loads(encode(raw_item("huge"))) | {"text": "长" * 1_700_000}),  # 5 MB
]


@pytest.fixture
async def landed(
    config: Settings,
    endpoints: Endpoints,
    producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch,
    tmp_path: Path,
) -> Account:
    """Good items among bad ones, all sent, then a worker that takes them together."""
    values = [encode(item) for item in _items()]
    for number, value in enumerate(BAD):
        values.insert(number * 2, value)
    for value in values:
        await producer.send_and_wait(f"{config.prefix}items.raw", value, partition=0)
    with Worker(tmp_path / "worker.log") as worker:
        await settled(config, endpoints, worker=worker)
        assert worker.stop() == 0, worker.log()
    await elasticsearch.indices.refresh(index=f"{config.prefix}*")
    return await account(config, endpoints, elasticsearch)


async def test_an_item_goes_the_whole_way(
    landed: Account, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    assert landed.missing == []
    assert (landed.items, landed.documents, landed.duplicates, landed.dead_letters) == (11, 3, 2, 6)
    await _copies_are_linked(config, elasticsearch)
    await _dead_letters_have_reasons(config, elasticsearch)
    await _personal_data_is_masked(config, elasticsearch)
    await _search_finds_words(config, elasticsearch)
    await _one_alert_was_raised_and_delivered(config, elasticsearch)


async def _copies_are_linked(config: Settings, client: AsyncElasticsearch) -> None:
    first, copy, repost, *_ = _items()
    found = await client.search(index=f"{config.prefix}opinions", size=20)
    by_id = {hit["_id"]: hit["_source"] for hit in found["hits"]["hits"]}
    assert by_id[copy.id]["duplicate"]["of"] == first.origin_id
    assert by_id[copy.id]["duplicate"]["reason"] == "near"
    assert by_id[repost.id]["duplicate"] == {
        "of": first.origin_id, "similarity": 1.0, "reason": "repost"
    }  # fmt: skip
    assert by_id[first.id]["duplicate"] is None
    assert by_id[first.id]["casualties"]["deaths"] == 12


async def _dead_letters_have_reasons(config: Settings, client: AsyncElasticsearch) -> None:
    found = await client.search(index=f"{config.prefix}dead-letters", size=20)
    reasons = sorted(hit["_source"]["reason"] for hit in found["hits"]["hits"])
    assert reasons == sorted(
        ["malformed_json", "missing_field", "nul_character", "malformed_json", "absurd_date",
         "too_large"]
    )  # fmt: skip
    assert all(hit["_source"]["message"] for hit in found["hits"]["hits"])


async def _personal_data_is_masked(config: Settings, client: AsyncElasticsearch) -> None:
    indices = ",".join(f"{config.prefix}{name}" for name in ("opinions", "events", "dead-letters"))
    everything = await client.search(index=indices, size=50)
    text = orjson.dumps(everything.body).decode()
    assert "13812345678" not in text and "11010519491231002" not in text


async def _search_finds_words(config: Settings, client: AsyncElasticsearch) -> None:
    dictionary = cutter(config.config / "userdict.txt")
    index = f"{config.prefix}opinions"
    for words, titles in (
        ("电价 上涨", ["电价上涨太多了"]),
        ("電價", ["电价上涨太多了"]),
        ('"浓烟滚滚" -突发', ["漳源化工园区发生爆炸 已致12人死亡"]),
        ("股票", []),
    ):
        found = await search(client, index, words, Filters(), dictionary, 10)
        assert [hit.source["title"] for hit in found.hits] == titles, words
    found = await search(client, index, "爆炸", Filters(since=START), dictionary, 10)
    assert found.hits[0].copies == 2
    assert "\ue000" in found.hits[0].title


async def _one_alert_was_raised_and_delivered(config: Settings, client: AsyncElasticsearch) -> None:
    alerts = await client.search(index=f"{config.prefix}alerts", size=20)
    grave = [h["_source"] for h in alerts["hits"]["hits"] if h["_source"]["level"] in ("I", "II")]
    assert len(grave) == 1
    assert any(reason["rule"] == "grade-II" for reason in grave[0]["reasons"])
    sent = await client.search(
        index=f"{config.prefix}deliveries", query={"term": {"alert_id": grave[0]["id"]}}
    )
    kinds = [h["_source"]["kind"] for h in sent["hits"]["hits"]]
    assert "raised" in kinds
    assert len(kinds) == len({h["_id"] for h in sent["hits"]["hits"]})
    event = await client.get(index=f"{config.prefix}events", id=grave[0]["matter_id"])
    assert event["_source"]["items"] == 3
