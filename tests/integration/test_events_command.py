"""`tingchao events` on the real stack: what analysts decide holds, also after a new start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from infra.settings import Settings
from tests.builders import raw_item
from tests.integration.conftest import BLAST, START, Arrive, good_items
from tests.integration.crawling import tingchao
from tests.integration.workers import Worker

FLOOD = "漳源县城北街道昨夜暴雨，多个小区积水，居民反映排水不畅，街道办事处正在抽排。"


def _show(key: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(tingchao("events", "show", key))
    return found


async def test_events_are_renamed_merged_split_and_stay_so(
    config: Settings, arrive: Arrive, tmp_path: Path
) -> None:  # fmt: skip
    floods = [
        raw_item(f"flood{n}", FLOOD + extra, title="城北街道暴雨积水居民反映排水不畅",
                 published_at=START, source=f"网站{n}", tier="county")
        for n, extra in enumerate(("", "交警提醒绕行，多条公交线路临时改道，学校停课一天。" * 3))
    ]  # fmt: skip
    blast = good_items()[:3]
    with Worker(tmp_path / "worker.log", "analyse,events") as worker:
        await arrive(worker, *blast, *floods)
        listed = [orjson.loads(line) for line in tingchao("events", "list").splitlines()]
        one = next(event["id"] for event in listed if "爆炸" in event["title"])
        two = next(event["id"] for event in listed if "积水" in event["title"])
        assert _show(one)["items"] == 3 and _show(one)["hours"]
        way = orjson.loads(tingchao("events", "spread", one))
        assert way["depth"] == 1 and way["copies"][0]["of_source"] == "日报"

        assert "改名" in tingchao("events", "rename", one, "漳源化工园区事故", "--as", "分析员")
        assert "合并" in tingchao("events", "merge", one, two, "--note", "同一地")
        await arrive(worker)
        shown = _show(two)  # leads to the one that it is part of
        assert shown["id"] == one and shown["items"] == 5
        assert shown["title"] == "漳源化工园区事故"
        assert {change["action"] for change in shown["history"]} == {"renamed", "merged"}

        gone = floods[1].id
        assert "拆分" in tingchao("events", "split", one, gone)
        await arrive(worker)
        apart = _show(one)["history"][-1]
        assert apart["action"] == "split" and _show(one)["items"] == 4
        assert _show(apart["other"])["items"] == 1
        assert worker.stop() == 0, worker.log()

        worker.start()  # all is rebuilt from the topic
        more = raw_item("more", BLAST + "省里已派出工作组。" * 6, published_at=START, source="晚报",
                        title="漳源化工园区爆炸 省里派出工作组 12人死亡")  # fmt: skip
        await arrive(worker, more)
        again = _show(one)
        assert again["items"] == 5 and again["title"] == "漳源化工园区事故"
        assert worker.stop() == 0, worker.log()

    assert "no event" in tingchao("events", "show", "nope", code=1)
    assert "no items" in tingchao("events", "split", one, "nope", code=1)
    assert "are one event" in tingchao("events", "merge", one, two, code=1)
