"""Messages as people read them, and configuration that is read again while the worker runs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from infra.settings import Settings
from response.alert import on_signal
from response.contacts import Contact
from response.plan import load_plan
from schemas.alert import Notification
from schemas.analysis import Reason
from schemas.event import Tally
from schemas.report import News
from streams.reloading import alert_plan
from streams.render import Renderer
from tests.builders import NOW, signal

CONFIG = Path(__file__).parents[3] / "config"
PLAN = load_plan(CONFIG)


def _told() -> Notification:
    found = signal("II")
    found.event.places, found.event.subjects = ["330102", "999999"], ["某化工公司"]
    found.event.sources = [Tally(label="demo-gssb", count=2), Tally(label="未命名", count=1)]
    found.event.reasons = [Reason(rule="grade-II", points=60, evidence="12 人死亡")]
    _, told, _ = on_signal(None, found, PLAN.routing, PLAN.contacts, NOW, PLAN.duty)
    return told[0]


def _person(language: str) -> Contact:
    return Contact.model_validate(
        {"id": "p", "name": "p", "language": language, "channels": [{"kind": "inbox"}]}
    )


def _settings(folder: Path = CONFIG) -> Settings:
    return Settings(config=folder, console_url="https://console.example.org/")


def test_the_five_facts_the_level_with_names_the_deadline_and_the_link() -> None:
    message = Renderer(_settings()).render(_told(), _person("zh"), PLAN.duty)
    assert message.subject == "【Ⅱ级 重大】新预警：某县化工厂爆炸" and message.facts is None
    assert message.body.splitlines() == [
        "时间：03月05日 20:00",
        "地点：浙江省杭州市上城区、999999",
        "主要内容：某县化工厂爆炸",
        "涉及主体：某化工公司",
        "传播范围：3 条，来源 国是时报、未命名，潜伏期",
        "级别：Ⅱ级 重大（70 分）",
        "依据：事故等级 II +60（12 人死亡）",
        "原因正在核实，以调查结论和权威发布为准。",
        "请做：核实情况，确认收到，并提出处置意见。",
        "须在 03月06日 01:00 前发布权威信息",
        "须在 03月06日 20:00 前召开新闻发布会",
        f"详情：https://console.example.org/alerts/{message.alert_id}",
    ]


def test_an_update_says_what_is_new_in_the_readers_language() -> None:
    told = _told()
    assert told.facts
    told.kind, told.note = "update", "电话13812345678"
    told.facts.news = [
        News(what="level", was="III", now="II"), News(what="places", now="330102、330106"),
        News(what="sources", now="demo-gssb、x"),
    ]  # fmt: skip
    chinese = Renderer(_settings()).render(told, _person("zh"), PLAN.duty).body
    assert "· 级别：Ⅲ级 较大 → Ⅱ级 重大" in chinese
    assert "· 新增地点：浙江省杭州市上城区、浙江省杭州市西湖区" in chinese
    assert "· 新增来源：国是时报、x" in chinese
    assert "〈手机号〉" in chinese and "13812345678" not in chinese
    english = Renderer(_settings()).render(told, _person("en"), PLAN.duty)
    assert english.subject == "[Level II (major)] Update: 某县化工厂爆炸"
    assert "- level: Level III (larger) -> Level II (major)" in english.body
    told.facts.news = []
    assert "没有新的变化" in Renderer(_settings()).render(told, None, PLAN.duty).body


@pytest.mark.parametrize(
    "broken",
    [
        "{{ f.nothing }}",
        "{% if %}",
        "{{ 1 / 0 }}",
        "{{ f.title + 1 }}",
        "{{ '{:q}'.format(1) }}",
        "{{ ().__class__.__mro__ }}",
        "\udcb3\udcc7",
    ],  # not UTF-8
)
def test_a_broken_template_costs_its_looks_not_the_message(tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    content = broken.encode("utf-8", "surrogateescape")
    (folder / "templates" / "zh" / "body.j2").write_bytes(content)
    message = Renderer(_settings(folder)).render(_told(), None, PLAN.duty)
    assert message.subject.startswith("【Ⅱ级") and "传播：3 条" in message.body


def test_routes_and_rosters_are_read_again_and_a_broken_change_keeps_what_was(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    plan = alert_plan(folder)
    first = plan.current()
    assert plan.current() is first
    path = folder / "duty.yaml"
    text = path.read_text("utf-8")
    _write(path, text.replace("[duty-a, duty-b, duty-c]", "[duty-x]"), 1)
    assert plan.current() is first
    _write(path, text.replace("[duty-a, duty-b, duty-c]", "[duty-c]"), 2)
    assert plan.current().duty.rosters[0].shifts[1].people == ["duty-c"]


def _write(path: Path, text: str, later: int) -> None:
    path.write_text(text, "utf-8")
    os.utime(path, ns=(later, later))
