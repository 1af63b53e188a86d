"""Events in the console: listed, searched, renamed, merged and split by people."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.alert_store import AlertStore
from infra.settings import Settings
from infra.stack import Endpoints
from schemas.base import encode
from tests.builders import raw_item
from tests.integration.conftest import START, Arrive, good_items
from tests.integration.inside import add_user
from tests.integration.test_events_command import FLOOD
from tests.integration.web import Web, web
from tests.integration.workers import Worker, settled

SAID = ("排水口又堵了，年年积水没人管", "排水口堵了大半年，积水没人管啊",
        "抽水车来得快，点赞街道干部", "点赞街道干部，抽水车来得真快")  # fmt: skip


def posts() -> list[Any]:
    """A report, another source's with more in it, and what neighbours write under one."""
    title = "城北街道暴雨积水居民反映排水不畅"
    first = raw_item(
        "flood0", FLOOD, title=title, published_at=START, source="网站0", tier="county"
    )
    more = raw_item("flood1", FLOOD + "交警提醒绕行，多条公交线路临时改道。" * 3, title=title,
                    published_at=START, source="网站1", tier="county")  # fmt: skip
    said = [
        raw_item(f"said{n}", text, parent_id=first.origin_id, root_id=first.origin_id,
                 published_at=START, source="论坛", channel="forum")
        for n, text in enumerate(SAID)
    ]  # fmt: skip
    return [first, more, *said]


async def test_people_decide_of_events(
    config: Settings, console: str, arrive: Arrive, tmp_path: Path
) -> None:  # fmt: skip
    def get(path: str) -> str:
        answer = web.get(console + path, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(path: str, data: Any, status: int = 200) -> str:
        answer = web.post(console + path, data, timeout=60)
        assert answer.status_code == status, answer.text
        return answer.text

    with Worker(tmp_path / "worker.log", "analyse,events") as worker:
        await arrive(worker, *good_items()[:3], *posts())
        listed = get("/events?sort=size")
        ids = dict(re.findall(r'href="/events/(\w{32})">([^<]+)</a>', listed))
        one = next(key for key, title in ids.items() if "爆炸" in title)
        two = next(key for key, title in ids.items() if "积水" in title)
        assert "没有。" in get("/events?q=地铁开通") and two in get("/events?q=积水 排水")
        assert "没有。" in get("/events?level=I&phase=rebound")

        page = get(f"/events/{two}")
        assert "态度变化" in page and "条目都在同一段时间里" in page
        seen = [html.split("</p>")[0] for html in page.split('id="views"')[1].split("<li")[1:]]
        assert sum("种说法" in each for each in seen) == 2, seen
        found = get(f"/search?q=事件:{two}&copies=1")
        assert "6 条" in found and "爆炸" not in re.sub("<[^>]+>", "", found.split("opinions")[1])

        for action, data in (
            ("rename", {"title": " "}), ("rename", {"title": "长" * 201}),
            ("merge", {"other": one}), ("split", {}), ("split", {"item": "nope"}),
            ("split", {"item": ["nope", ""]}),
        ):  # fmt: skip
            wrong = post(f"/events/{one}/{action}", {"note": "先这样", **data}, 422)
            assert 'role="alert"' in wrong and "先这样" in wrong
        unknown = post(f"/events/{one}/merge", {"other": "f" * 32, "note": "看着像"}, 422)
        assert unknown.count("看着像") == 1 and "另一个事件" in unknown
        ticked = re.findall(r'name="item" value="(\w+)"', get(f"/events/{one}"))[0]
        again = post(f"/events/{one}/split", {"item": [ticked, "nope"], "note": "拆"}, 422)
        assert re.search(rf'value="{ticked}" checked', again) and "<details open>" in again
        post(f"/events/{one}/nonsense", {}, 404)
        post("/events/merge", {"id": one}, 400)

        assert "已记录" in post(f"/events/{one}/rename", {"title": "漳源化工园区事故<b>"})
        assert "已记录" in post(f"/events/{one}/merge", {"other": f"{console}/events/{two}"})
        await arrive(worker)
        page = get(f"/events/{two}")  # leads to the one that it is part of
        assert "漳源化工园区事故&lt;b&gt;" in page and "张三 并入" in page
        assert "张三 改名" in page and two not in get("/events?sort=size")
        gone = re.findall(r'name="item" value="(\w+)"', page)[:2]
        post(f"/events/{one}/split", {"item": gone[0], "note": "另一件事，电话13812345678"})
        await arrive(worker)
        page = get(f"/events/{one}")
        assert "拆分" in page and "〈手机号〉" in page and "13812345678" not in page
        # Of one item somebody says to which event it belongs: it goes there.
        new = re.search(r'拆分 <a href="/events/(\w{32})">', page)
        assert new
        wrong = post(f"/items/{gone[1]}/correct", {"field": "event", "value": "f" * 32}, 422)
        assert "没有这个事件" in wrong
        said = {"field": "event", "value": f"{console}/events/{new[1]}", "version": ""}
        post(f"/items/{gone[1]}/correct", said)
        await arrive(worker)
        assert gone[1] in get(f"/events/{new[1]}") and gone[1] not in get(f"/events/{one}")
        # An answer goes alone; its thread stays, and is listed as it is counted.
        page = get(f"/events/{one}")
        answer = re.search(rf'href="/items/(\w{{32}})">{SAID[0][:8]}', page)
        count = re.search(r"检索这个事件的全部 (\d+) 条", page)
        assert answer and count
        post(f"/events/{one}/split", {"item": answer[1], "note": "跑题了"})
        await arrive(worker)
        page = get(f"/events/{one}")
        left = int(count[1]) - 1
        assert f"全部 {left} 条" in page and answer[1] not in page
        assert f"{left} 条" in get(f"/search?q=事件:{one}&copies=1")
        its = set(re.findall(r'href="/events/(\w{32})"', get(f"/items/{answer[1]}")))
        assert one not in its and len(its) == 1
        assert "全部 1 条" in get(f"/events/{its.pop()}")
        other = re.search(rf'href="/items/(\w{{32}})">{SAID[2][:8]}', page)
        assert other  # an answer whose thread is of another event than it is said to be of
        post(f"/items/{other[1]}/correct", said)
        await arrive(worker)
        assert other[1] in get(f"/events/{new[1]}") and other[1] not in get(f"/events/{one}")
        assert worker.stop() == 0, worker.log()

    add_user("energy", "other words for tests", "--role", "analyst", "--department", "energy")
    theirs = Web().login(console, "energy", "other words for tests")
    for path in (f"/events/{one}", f"/events/{one}?x=1"):
        assert theirs.get(console + path, timeout=30).status_code == 404
    answer = theirs.post(f"{console}/events/{one}/rename", {"title": "别的"}, timeout=30)
    assert answer.status_code == 404
    assert one not in theirs.get(f"{console}/events?single=1", timeout=30).text
    # What every item is asked about is not one department's to change.
    given = {"name": "电价", "query": "电价"}
    assert theirs.post(f"{console}/watches/add", given, timeout=30).status_code == 403
    post("/watches/add", given)
    watch = re.search(r'name="id" value="(\w+)"', get("/watches"))
    assert watch
    gone = theirs.post(f"{console}/watches/remove", {"id": watch[1]}, timeout=30)
    assert gone.status_code == 403 and watch[1] in get("/watches")
    said = web.post(f"{console}/events/{one}", {}, timeout=30)
    assert said.status_code == 405 and "不能这样访问" in said.text


async def test_several_alerts_are_answered_from_the_list(
    config: Settings, endpoints: Endpoints, producer: AIOKafkaProducer, console: str,
    elasticsearch: AsyncElasticsearch, tmp_path: Path,
) -> None:  # fmt: skip
    capsized = raw_item(
        "ship", "白洋渡口一艘客船昨夜翻沉，已确认14人遇难，6人失踪，海事部门正在打捞。",
        title="白洋渡口客船翻沉 14人遇难", published_at=START, source="晨报", channel="news",
    )  # fmt: skip
    for item in (*good_items(), capsized):
        await producer.send_and_wait(f"{config.prefix}items.raw", encode(item), partition=0)
    with Worker(tmp_path / "worker.log") as worker:
        await settled(config, endpoints, worker=worker)
        assert worker.stop() == 0, worker.log()
    await elasticsearch.indices.refresh(index=f"{config.prefix}*")
    page = web.get(f"{console}/alerts", timeout=30).text
    ids = list(dict.fromkeys(re.findall(r'name="id" value="(\w+)"', page)))
    assert len(ids) >= 2, page

    def several(status: int = 200, **data: Any) -> str:
        answer = web.post(f"{console}/alerts/several", data, timeout=30)
        assert answer.status_code == status, answer.text
        return answer.text

    several(400, action="acknowledge")
    several(400, action="mute", id=ids[0])  # no reason
    several(404, action="nonsense", id=ids[0])
    several(404, action="acknowledge", id=[*ids, "f" * 32])  # nothing is done before it is known
    for person in ("", "nobody"):
        said = several(422, action="assign", id=ids, person=person)
        assert "请选择交办给谁" in said if not person else "没有“nobody”" in said
    store = AlertStore(elasticsearch, f"{config.prefix}alerts")
    alerts = {key: held.alert for key, held in (await store.get(ids)).items()}
    assert {(a.status, a.assignee) for a in alerts.values()} == {("open", None)}
    back, title = "/alerts?status=open", alerts[ids[0]].title
    assert f"已确认收到 1 条：{title[:20]}" in several(action=f"acknowledge {ids[0]}", back=back)
    assert "已由张三确认" in several(action=f"acknowledge {ids[0]}", back="//evil.example")
    told = several(action="assign", id=ids, person="duty-a", back=back)
    assert f"已交办 {len(ids)} 条" in told and "条：" not in told
    await elasticsearch.indices.refresh(index=f"{config.prefix}alerts")
    assert ids[0] not in web.get(f"{console}/alerts?status=open", timeout=30).text
    mine = web.get(f"{console}/alerts?mine=1&q={title[:4]}", timeout=30).text
    assert ids[0] in mine and "值班员甲" in mine
    assert "没有。" in web.get(f"{console}/alerts?level=none", timeout=30).text
    several(400, action="merge", id=ids[0])
    assert "已并案 1 条" in several(action="merge", id=ids[:2], note="同一件事")
    await elasticsearch.indices.refresh(index=f"{config.prefix}alerts")
    assert ids[1] not in web.get(f"{console}/alerts", timeout=30).text
