"""Items that went the whole way, for the tests that look at what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.accounts import Account, account
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.base import encode
from schemas.raw_item import Author, RawItem
from tests.builders import raw_item
from tests.integration.inside import add_user, served
from tests.integration.web import NAME, PASSWORD, web
from tests.integration.workers import Worker, settled

START = datetime.now(UTC) - timedelta(hours=3)
BLAST = (
    "漳源县城东化工园区一家工厂今天上午发生爆炸，现场浓烟滚滚，附近居民楼玻璃被震碎。"
    "县应急管理局通报，事故已造成12人死亡，30人受伤，仍有2人失联，救援正在进行，原因正在调查。"
)


def good_items() -> list[RawItem]:
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
    values = [encode(item) for item in good_items()]
    for number, value in enumerate(BAD):
        values.insert(number * 2, value)
    for value in values:
        await producer.send_and_wait(f"{config.prefix}items.raw", value, partition=0)
    with Worker(tmp_path / "worker.log") as worker:
        await settled(config, endpoints, worker=worker)
        assert worker.stop() == 0, worker.log()
    await elasticsearch.indices.refresh(index=f"{config.prefix}*")
    return await account(config, endpoints, elasticsearch)


@pytest.fixture
def console(config: Settings) -> Iterator[str]:
    """Its address; `web` is logged in there as an admin."""
    add_user(NAME, PASSWORD, "--role", "admin", "--name", "张三")
    with served() as address:
        web.cookies.clear()
        web.login(address)
        yield address


class Arrive(Protocol):
    async def __call__(self, worker: Worker, *items: RawItem) -> None: ...


@pytest.fixture
def arrive(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer,
    elasticsearch: AsyncElasticsearch,
) -> Arrive:  # fmt: skip
    """Sends items and waits until they are events that a search finds."""

    async def work(worker: Worker, *items: RawItem) -> None:
        for item in items:
            await producer.send_and_wait(f"{config.prefix}items.raw", encode(item), partition=0)
        await settled(config, endpoints, worker=worker, agents=("analyse", "events"))
        await elasticsearch.indices.refresh(index=f"{config.prefix}*")

    return work
