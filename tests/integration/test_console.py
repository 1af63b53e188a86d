"""The console as a visitor meets it: a real server, real data, no JavaScript."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch

from infra.accounts import Account
from infra.settings import Settings
from schemas.source_health import SourceHealth
from tests.integration.web import web


def _get(url: str) -> str:
    answer = web.get(url, timeout=10)
    assert answer.status_code == 200, answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in re.sub(
        r'<script src="/static/[a-z]+.js" defer></script>', "", answer.text
    )
    return answer.text


async def test_the_pages_show_what_came_in_and_an_alert_is_answered(
    landed: Account, console: str, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    home = _get(f"{console}/")
    assert "漳源化工园区" in home and "电价上涨太多了" in home
    numbers = dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", home))
    assert numbers["采集"] == "5" and numbers["其中转发转载"] == "2" and numbers["无法处理"] == "6"
    found = _get(f"{console}/search?q=电价 上涨&since=7d")
    assert "<mark>" in found
    assert "电价上涨太多了" in re.sub("</?mark>", "", found)
    cluster = re.search(r'href="(/clusters/[0-9a-f]{32})"', home)
    assert cluster
    copies = _get(console + cluster[1])
    assert "首发" in copies and "近似" in copies and "转发" in copies
    path = re.search(r'href="(/alerts/[0-9a-f]{32})"', home)
    assert path
    alert = _get(console + path[1])
    for part in ("事故等级 II", "通知链", "领导小组", "发布权威信息", "送达记录", "确认收到"):
        assert part in alert
    answer = web.post(f"{console}{path[1]}/acknowledge", data={"note": "已派人核实"}, timeout=10)
    assert answer.status_code == 200 and "张三" in answer.text and "已派人核实" in answer.text
    again = web.post(f"{console}{path[1]}/acknowledge", data={}, timeout=10)
    assert again.status_code == 409 and "已由张三确认" in again.text
    page = f"{console}{path[1]}"
    assert "首报" in alert and "涉及主体" in alert and "紧急程度" in alert
    for action, more, shown in (
        ("assign", {"person": "duty-a"}, "交办给 值班员甲"),
        ("comment", {"note": "已到现场，电话13812345678"}, "〈手机号〉"),
    ):
        done = web.post(f"{page}/{action}", data={**more}, timeout=10)
        assert done.status_code == 200 and shown in done.text and "13812345678" not in done.text
    done = web.post(f"{page}/met", data={"clock": "information", "note": "已发"}, timeout=10)
    assert done.status_code == 200 and "完成 发布权威信息 已发" in done.text
    raw = "note=核实中".encode()  # as a script sends it that encodes nothing
    done = web.post(f"{page}/comment", data=raw, timeout=10)
    assert done.status_code == 200 and "张三 意见 核实中" in done.text
    assert web.post(f"{page}/comment", data=b"a" * 300_000, timeout=10).status_code == 413
    for action, code in (
        ("comment", 400), ("merge", 409), ("met", 409), ("nonsense", 404), ("assign", 422),
    ):  # fmt: skip
        refused = web.post(f"{page}/{action}", data={}, timeout=10)
        assert refused.status_code == code
    assert "漳源化工园区" in _get(f"{console}/alerts")
    stored = await elasticsearch.get(index=f"{config.prefix}alerts", id=path[1].split("/")[-1])
    assert stored["_source"]["status"] == "acknowledged"
    for action, status, seen in (
        ("mute", 200, "静默至"), ("handle", 200, "处置中"), ("resolve", 200, "重新打开"),
        ("reopen", 200, "待确认"), ("nonsense", 404, ""), ("mute", 400, ""),
    ):  # fmt: skip
        note = "" if status == 400 else "说明"
        answer = web.post(f"{console}{path[1]}/{action}", data={"note": note}, timeout=10)
        assert answer.status_code == status and seen in answer.text, (action, answer.text)


async def test_bad_requests_get_a_clear_answer(
    console: str, config: Settings, producer: AIOKafkaProducer
) -> None:
    for path, status in (
        ("/alerts/nope", 404), ("/clusters/nope", 404), ("/search?since=gestern", 400),
        ("/nowhere", 404),
        ("/search?q=%22unclosed ((( AND OR -- *:* \\", 400), ("/search?page=99999999", 200),
        ("/search?q=" + "长" * 5_000, 400), ("/search?q=%00%ff", 200), ("/search?page=x", 200),
        ("/static/../app.py", 404),
    ):  # fmt: skip
        answer = web.get(console + path, timeout=10)
        assert answer.status_code == status, (path, answer.text)
    crossed = web.post(
        f"{console}/alerts/{'a' * 32}/acknowledge", data={"x": "x"},
        headers={"origin": "http://elsewhere.example"}, timeout=10,
    )  # fmt: skip
    assert crossed.status_code == 403
    rebound = web.get(f"{console}/", headers={"host": "evil.example"}, timeout=10)
    assert rebound.status_code == 400
    missing = web.post(f"{console}/alerts/{'a' * 32}/acknowledge", data={}, timeout=10)
    assert missing.status_code == 404
    shown = web.get(f"{console}/search?q=<script>alert(1)</script>", timeout=10).text
    assert "<script>" not in shown


async def test_sources_that_fail_are_shown_and_others_are_not(
    console: str, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    now = datetime.now(UTC)
    assert "来源状态" not in _get(f"{console}/")
    states = [
        SourceHealth(source="good", title="好来源", status="fine", updated_at=now),
        SourceHealth(source="bad", title="坏来源", status="broken", cause="blocked",
                     detail="HTTP 403 <b>", since=now, updated_at=now),
        SourceHealth(source="removed", title="已删来源", status="broken", cause="gone",
                     updated_at=now - timedelta(days=1)),
    ]  # fmt: skip
    for state in states:
        await elasticsearch.index(
            index=f"{config.prefix}source-health", id=state.source,
            document=msgspec.to_builtins(state), refresh=True,
        )  # fmt: skip
    home = _get(f"{console}/")
    assert "来源状态" in home and "坏来源" in home and "被网站拒绝" in home
    assert "HTTP 403 &lt;b&gt;" in home
    assert "好来源" not in home and "已删来源" not in home and "没有消息" not in home
    for name in ("good", "bad"):
        old = (now - timedelta(hours=1)).isoformat()
        await elasticsearch.update(
            index=f"{config.prefix}source-health", id=name, doc={"updated_at": old}, refresh=True
        )
    assert "采集调度自" in _get(f"{console}/")
