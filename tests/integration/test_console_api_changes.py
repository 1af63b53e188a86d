"""Changes by the REST API on the real stack: what they do, and what attackers may not."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from elasticsearch import AsyncElasticsearch
from openapi_spec_validator import validate
from starlette.routing import Route

from console.api.ways import Ways
from console.app import create_app
from infra.accounts import Account
from infra.settings import PROJECT, Settings
from infra.stack import Endpoints
from infra.watch_store import WatchStore
from tests.integration.conftest import good_items
from tests.integration.crawling import tingchao
from tests.integration.inside import add_user, served
from tests.integration.rest import Client
from tests.integration.rest import audited as _audited
from tests.integration.rest import key_of as _key
from tests.integration.rest import problem as _problem
from tests.integration.test_publish import records
from tests.integration.web import NAME, PASSWORD, Web

FIRST, COPY, _, BILL, _ = good_items()
NUL = chr(0)


@pytest.fixture
def address(config: Settings, tmp_path: Path) -> Iterator[str]:
    """A console with rules of its own."""
    folder = tmp_path / "config"
    shutil.copytree(PROJECT / "config", folder)
    add_user(NAME, PASSWORD, "--role", "admin")
    with served(env={"TINGCHAO_CONFIG": str(folder), "TINGCHAO_STACK": "external"}) as found:
        yield found


@pytest.fixture
def api(address: str) -> Client:
    rights = ("read", "answer", "correct", "report", "rules", "dead_letters")
    return Client(address, _key("程序", *rights))


def _blast(api: Client, name: str) -> tuple[str, requests.Response]:
    """(address, answer) of the alert or event of the blast."""
    for each in api("GET", f"/{name}").json()["items"]:
        if "漳源" in each["title"]:
            path = f"/{name}/{each['id']}"
            return path, api("GET", path)
    raise AssertionError(f"no {name}")


async def test_an_alert_goes_its_way_and_two_editors_lose_nothing(
    landed: Account, api: Client, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    path, seen = _blast(api, "alerts")
    tag = seen.headers["etag"]
    unseen = _problem(api("POST", f"{path}/acknowledge", {}), 428)
    assert unseen["etag"] == tag and unseen["current"] == seen.json()
    done = api("POST", f"{path}/acknowledge", {"note": "电话13812345678"}, tag)
    assert done.status_code == 200 and done.json()["status"] == "acknowledged"
    assert "13812345678" not in done.text and "〈手机号〉" in done.text
    again = api("GET", path)
    assert again.json() == done.json() and again.headers["etag"] == done.headers["etag"] != tag
    # The second editor still holds the first version.
    late = _problem(api("POST", f"{path}/handle", {"note": "乙"}, tag), 412)
    assert late["current"] == done.json() and late["etag"] == done.headers["etag"]
    assert api("GET", path).json()["status"] == "acknowledged"
    weak = api("POST", f"{path}/handle", {}, f"W/{late['etag']}")
    _problem(weak, 412)
    for action, body, shows in (
        ("handle", {"note": "甲"}, lambda a: a["status"] == "handling"),
        ("comment", {"note": "已到现场"}, lambda a: a["history"][-1]["note"] == "已到现场"),
        ("assign", {"person": "duty-a"}, lambda a: a["assignee"] == "duty-a"),
        ("met", {"clock": "information"}, lambda a: a["clocks"][0]["met_at"]),
        ("mute", {"hours": 3, "note": "演练"}, lambda a: a["muted_until"]),
        ("resolve", {}, lambda a: a["status"] == "resolved"),
        ("close", {}, lambda a: a["status"] == "closed"),
        ("reopen", {}, lambda a: a["status"] == "open"),
    ):  # fmt: skip
        tag = api("GET", path).headers["etag"]
        answer = api("POST", f"{path}/{action}", body, f'"other", {tag}')
        assert answer.status_code == 200 and shows(answer.json()), (action, answer.text)
        assert answer.headers["etag"] == api("GET", path).headers["etag"] != tag
    for action, body, status in (
        ("reopen", {}, 409), ("met", {}, 409), ("comment", {}, 400),
        ("merge", {"other": "nope"}, 404), ("merge", {"other": path.split("/")[-1]}, 409),
        ("nonsense", {}, 404), ("assign", {"person": "nobody"}, 422), ("assign", {}, 422),
        ("assign", {"person": " "}, 422),
    ):  # fmt: skip
        _problem(api("POST", f"{path}/{action}", body, "*"), status)
    assert api("GET", path).json()["assignee"] == "duty-a"
    tag = api("GET", path).headers["etag"]
    with ThreadPoolExecutor(8) as pool:  # all at once, all of one version: one of them wins
        said = [{"note": f"第{number}位"} for number in range(8)]
        codes = pool.map(lambda b: api("POST", f"{path}/comment", b, tag).status_code, said)
        assert Counter(codes) == {200: 1, 412: 7}
    told = await _audited(elasticsearch, config, action="alert", actor="key:程序")
    assert len(told) == 10 and {line["note"].split()[0] for line in told} == {
        "acknowledge", "handle", "comment", "assign", "met", "mute", "resolve", "close", "reopen",
    }  # fmt: skip


async def test_two_alerts_become_one_only_as_seen(
    landed: Account, api: Client, config: Settings, elasticsearch: AsyncElasticsearch
) -> None:
    path, seen = _blast(api, "alerts")
    second = seen.json() | {"id": "b" * 32, "matter_id": "c" * 32, "level": "IV", "matters": []}
    await elasticsearch.index(
        index=f"{config.prefix}alerts", id=second["id"], document=second, refresh=True
    )
    body = {"other": second["id"], "note": "同一件事"}
    assert api("POST", f"{path}/comment", {"note": "改一下"}, "*").status_code == 200
    _problem(api("POST", f"{path}/merge", body, seen.headers["etag"]), 412)
    assert api("GET", f"/alerts/{second['id']}").json()["status"] == "open"
    done = api("POST", f"{path}/merge", body, api("GET", path).headers["etag"])
    assert done.status_code == 200 and "c" * 32 in done.text, done.text
    other = api("GET", f"/alerts/{second['id']}").json()
    assert other["status"] == "merged" and other["merged_into"] == done.json()["id"]


async def test_corrections_and_events(
    landed: Account, api: Client, config: Settings, endpoints: Endpoints,
    elasticsearch: AsyncElasticsearch,
) -> None:  # fmt: skip
    path = f"/opinions/{BILL.id}/corrections"
    assert api("GET", path).json() == {"items": []}
    _problem(api("GET", f"{path}/level"), 404)
    _problem(api("PUT", f"{path}/level", {"values": ["III"]}, "*"), 412)  # there is none
    first = api("PUT", f"{path}/level", {"values": ["III"], "note": "涉及面广"})
    assert first.status_code == 201 and first.json()["values"] == ["III"], first.text
    tag = first.headers["etag"]
    assert api("GET", f"{path}/level").headers["etag"] == tag
    assert api("GET", f"{path}/level", if_none_match=tag).status_code == 304
    unseen = _problem(api("PUT", f"{path}/level", {"values": ["I"]}), 428)
    assert unseen["current"]["note"] == "涉及面广"
    second = api("PUT", f"{path}/level", {"values": ["II"]}, tag)
    assert second.status_code == 200 and second.json()["history"][0]["values"] == ["III"]
    late = _problem(api("PUT", f"{path}/level", {"values": ["I"]}, tag), 412)
    assert late["current"] == second.json() and late["etag"] == second.headers["etag"]
    _problem(api("PUT", f"{path}/level", {"values": ["I"]}, if_none_match="*"), 412)
    tag = second.headers["etag"]
    with ThreadPoolExecutor(8) as pool:
        said = [{"values": ["II"], "note": f"第{number}位"} for number in range(8)]
        codes = pool.map(lambda b: api("PUT", f"{path}/level", b, tag).status_code, said)
        assert Counter(codes) == {200: 1, 412: 7}
    assert [each["values"] for each in api("GET", path).json()["items"]] == [["II"]]
    assert [each["id"] for each in api("GET", "/corrections").json()["items"]] == [
        f"{BILL.id}-level"
    ]
    assert api("GET", f"/opinions/{BILL.id}").json()["severity"]["level"] == "II"
    wrong = _problem(api("PUT", f"{path}/topic", {"values": ["nonsense"]}), 422)
    assert wrong["place"] == "$.values" and "nonsense" in wrong["detail"]
    _problem(api("PUT", f"{path}/title", {"values": ["x"]}), 404)
    _problem(api("PUT", "/opinions/nope/corrections/level", {"values": []}), 404)
    assert len(await _audited(elasticsearch, config, action="correct")) == 3

    event, seen = _blast(api, "events")
    tag = seen.headers["etag"]
    _problem(api("POST", f"{event}/rename", {"title": "新名"}), 428)
    _problem(api("POST", f"{event}/rename", {"title": "新名"}, '"old"'), 412)
    for action, body, status in (
        ("merge", {"others": ["nope"]}, 422), ("merge", {"others": [event[8:]]}, 422),
        ("split", {"items": [BILL.id]}, 422), ("rename", {"title": "  "}, 422),
        ("nonsense", {}, 404),
    ):  # fmt: skip
        _problem(api("POST", f"{event}/{action}", body, tag), status)
    assert await _audited(elasticsearch, config, action="event") == []
    for action, body in (
        ("rename", {"title": "漳源爆炸，电话13812345678", "note": "更准"}),
        ("split", {"items": [COPY.id, COPY.id]}),
    ):  # fmt: skip
        done = api("POST", f"{event}/{action}", body, tag)
        assert done.status_code == 202 and done.json()["event"] == seen.json(), done.text
    told = await _audited(elasticsearch, config, action="event", object=event[8:])
    assert sorted(line["note"].split()[0] for line in told) == ["rename", "split"]
    assert not any("13812345678" in line["note"] for line in told)


async def test_watches_rules_dead_letters_and_reports(
    landed: Account, api: Client, config: Settings, endpoints: Endpoints, tmp_path: Path,
    elasticsearch: AsyncElasticsearch,
) -> None:  # fmt: skip
    wrong = _problem(api("POST", "/watches", {"name": "电价", "query": "(电价"}), 422)
    assert wrong["place"] == "$.query"
    asked = {"name": "电价", "query": "电价 -演练", "level": "III"}
    made = api("POST", "/watches", asked)
    assert made.status_code == 201, made.text
    _problem(api("POST", "/watches", asked), 409)
    watch = made.headers["location"].removeprefix("/api/v1")
    assert api("GET", watch).headers["etag"] == made.headers["etag"]
    _problem(api("DELETE", watch), 428)
    # Taken away and made again with another level meanwhile: not what the first reader saw.
    assert api("DELETE", watch, match="*").status_code == 204
    other = api("POST", "/watches", asked | {"level": "I"})
    assert other.headers["location"].endswith(watch)
    late = _problem(api("DELETE", watch, match=made.headers["etag"]), 412)
    assert late["current"]["level"] == "I"
    store, key = WatchStore(config, elasticsearch), watch.split("/")[-1]
    held = await store.get(key)
    assert held and not await store.remove(key, replace(held, seq_no=held.seq_no - 1))
    assert api("DELETE", watch, match=late["etag"]).status_code == 204
    _problem(api("DELETE", watch, match="*"), 404)

    file = tmp_path / "config" / "rules.yaml"
    names = api("GET", "/rules").json()["items"]
    assert {"name": "rules", "title": "多条合看", "file": "rules.yaml"} in names
    seen = api("GET", "/rules/rules")
    text, tag = seen.json()["text"], seen.headers["etag"]
    assert text == file.read_text("utf-8")
    bad = text + "\n  - {id: x}\n"
    wrong = _problem(api("PUT", "/rules/rules", {"text": bad}, tag), 422)
    assert wrong["line"] > 1 and str(tmp_path) not in wrong["detail"]
    assert _problem(api("POST", "/rules/rules/check", {"text": bad}), 422)["line"] == wrong["line"]
    assert "正确" in api("POST", "/rules/rules/check", {"text": text}).json()["said"]
    _problem(api("PUT", "/rules/rules", {"text": text}), 428)
    saved = api("PUT", "/rules/rules", {"text": text + "\r\n# 甲\r\n"}, tag)
    assert saved.status_code == 200 and file.read_text("utf-8") == text + "\n# 甲\n"
    assert saved.headers["etag"] == api("GET", "/rules/rules").headers["etag"]
    late = _problem(api("PUT", "/rules/rules", {"text": text + "\n# 乙\n"}, tag), 412)
    assert late["current"]["text"].endswith("# 甲\n") and "# 乙" not in file.read_text("utf-8")
    for name in ("nope", "..%2Fsecret"):
        _problem(api("GET", f"/rules/{name}"), 404)

    ids = [each["id"] for each in api("GET", "/dead-letters").json()["items"]]
    dropped = api("POST", "/dead-letters/settle", {"ids": ids[:2] * 2, "action": "drop"})
    assert dropped.json() == {"said": "放弃 2 条"}, dropped.text
    again = api("POST", "/dead-letters/settle", {"ids": ids[:1], "action": "drop"})
    assert again.json() == {"said": "已由别人处理 1 条"}
    sent = api("POST", "/dead-letters/settle", {"ids": ids[2:4], "action": "replay"})
    assert "重新发送 2 条" in sent.json()["said"], sent.text
    assert api("GET", f"/dead-letters/{ids[0]}").json()["settled_by"] == "程序"
    _problem(api("POST", "/dead-letters/settle", {"ids": [], "action": "drop"}), 422)
    _problem(api("POST", "/dead-letters/settle", {"ids": ids, "action": "eat"}), 422)

    before = len(await records(config, endpoints))
    taken = api("POST", "/intake", {"words": "小区又停电了"})
    assert taken.status_code == 201 and len(taken.json()["matter"]) == 32, taken.text
    _problem(api("POST", "/intake", {}), 422)
    report = {
        "department": "能源处", "title": "某变电站故障", "place": "漳源县", "subjects": "供电公司",
        "scope": "三个乡镇", "time": "2026-03-01T08:00", "content": "三个乡镇停电。",
        "urgency": "重大",
    }  # fmt: skip
    wrong = _problem(api("POST", "/intake/report", report | {"time": "2999-01-01T00:00"}), 422)
    assert wrong["wrong"] == ["请检查：时间"]
    urgent = api("POST", "/intake/report", report)
    assert urgent.status_code == 201 and urgent.json()["urgent"] == "重大", urgent.text
    assert len(await records(config, endpoints)) == before + 2
    done = {line["action"] for line in await _audited(elasticsearch, config, actor="key:程序")}
    assert {"watch", "rules", "dead letters", "report"} <= done


async def test_who_may_not_change(
    landed: Account, api: Client, address: str, config: Settings,
    elasticsearch: AsyncElasticsearch,
) -> None:  # fmt: skip
    path, seen = _blast(api, "alerts")
    event, _ = _blast(api, "events")
    step = f"{path}/acknowledge"
    session = Web().login(address)
    crossed = Client(address, web=session)  # as another site makes a browser send it
    for more in ({}, {"x_csrf_token": ""}, {"x_csrf_token": "x" * 32},
                 {"x_csrf_token": Web().login(address).token},  # of another login
                 {"x_csrf_token": session.token, "origin": "http://evil.example"}):  # fmt: skip
        _problem(crossed("POST", step, {}, "*", **more), 403)
        _problem(crossed("DELETE", "/watches/x", None, "*", **more), 403)
        _problem(crossed("PUT", "/rules/rules", {"text": ""}, "*", **more), 403)
    _problem(Client(address)("POST", step, {}, "*"), 401)
    _problem(Client(address, "tc_nope")("POST", step, {}, "*"), 401)
    reader = Client(address, _key("只读", "read"))
    changes = (
        ("POST", step, {}), ("POST", f"{event}/rename", {"title": "x"}),
        ("PUT", f"/opinions/{FIRST.id}/corrections/level", {"values": ["I"]}),
        ("POST", "/watches", {"name": "x", "query": "x"}), ("DELETE", "/watches/x", None),
        ("GET", "/rules", None), ("PUT", "/rules/rules", {"text": ""}),
        ("POST", "/rules/rules/check", {"text": ""}), ("POST", "/intake", {"words": "x"}),
        ("POST", "/intake/report", {}),
        ("POST", "/dead-letters/settle", {"ids": ["x"], "action": "drop"}),
    )  # fmt: skip
    for method, where, body in changes:
        _problem(reader(method, where, body, "*"), 403)
    blind = Client(address, _key("只办", "answer", "correct"))  # its answers would show records
    _problem(blind("POST", step, {}, "*"), 403)
    theirs = tingchao("user", "key", "信用", "--right", "read", "--right", "answer",
                      "--right", "correct", "--department", "credit").strip()  # fmt: skip
    li = Client(address, theirs)
    for method, where, body in changes[:3]:
        told = _problem(li(method, where, body, "*"), 404)
        assert "漳源" not in str(told)
    _problem(li("GET", f"/opinions/{FIRST.id}/corrections"), 404)
    for name in ("corrections", "hotspots"):
        _problem(li("GET", f"/{name}"), 403)
    refused = await _audited(
        elasticsearch, config, actor="key:信用", action="another department's", outcome="refused"
    )
    assert {each["object"] for each in refused} == {path[8:], event[8:], FIRST.id}
    denied = await _audited(elasticsearch, config, actor="key:只读", action="not allowed")
    assert len(denied) == len(changes)
    assert api("GET", path).json() == seen.json()  # nobody changed it
    mine = crossed("POST", step, {}, seen.headers["etag"], x_csrf_token=session.token)
    assert mine.status_code == 200 and mine.json()["acknowledged_by"] == NAME


async def test_what_is_sent_is_checked(
    landed: Account, api: Client, address: str, config: Settings
) -> None:
    path, seen = _blast(api, "alerts")
    step = f"{path}/comment"
    for body, place in (
        ({"note": "x", "hour": 3}, "$.hour"), ({"note": 3}, "$.note"), ([{"note": "x"}], "$"),
        ("note", "$"), (None, "$"), ({"note": "x", "hours": 0}, "$.hours"),
        ({"note": "x", "hours": True}, "$.hours"), ({"note": "x", "hours": "3"}, "$.hours"),
        ({"note": f"a{NUL}b"}, "$.note"), ({"note": "x", "person": f"a{NUL}"}, "$.person"),
        ({"note": "字" * 1_001}, "$.note"), ({"note": "x", "clock": "noon"}, "$.clock"),
        ({"note": "x", "深": [[[NUL]]]}, "$.深[0][0][0]"),
    ):  # fmt: skip
        wrong = _raw(api, step, b"null") if body is None else api("POST", step, body, "*")
        assert _problem(wrong, 422)["place"] == place, (body, wrong.text)
    _problem(api("POST", "/watches", {"name": "x"}), 422)
    for raw in (b"", b"{", b"{}{}", b"\xff\xfe", b'{"note": "\\ud83d"}', b"[" * 60_000,
                b'{"note": NaN}'):  # fmt: skip
        _problem(_raw(api, step, raw), 400)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        told = _raw(api, step, b'{"note": "x"}', kind)
        _problem(told, 415)
    assert _raw(api, step, b'{"note": "x"}', "Application/JSON; charset=utf-8").status_code == 200
    big = b'{"note": "' + b"a" * 2_000_000 + b'"}'
    _problem(_raw(api, step, big), 413)
    _problem(_raw(api, step, iter([big[:60_000]] * 30)), 413)  # in chunks, its length untold
    _problem(_raw(api, "/intake", big), 413)
    history = api("GET", path).json()["history"]
    assert len(history) == len(seen.json()["history"]) + 1
    for where, allowed in (
        (step, "POST"), ("/opinions/x/corrections/level", "GET, PUT, HEAD"),
        ("/intake", "POST"), ("/dead-letters/settle", "POST"), ("/events", "GET, HEAD"),
        ("/watches", "GET, POST, HEAD"), (f"/alerts/{path[8:]}", "GET, HEAD"),
    ):  # fmt: skip
        for method in {"GET", "PATCH", "DELETE", "OPTIONS", "TRACE"} - set(allowed.split(", ")):
            told = api(method, where)
            _problem(told, 405)
            assert told.headers["allow"] == allowed, (method, where)
    for where in (f"/alerts/{NUL}/comment", f"/alerts/{'a' * 4_000}/comment", "/alerts/%2e/comment",
                  "/nothing/at/all", "/alerts/a%2Fb/comment"):  # fmt: skip
        _problem(api("POST", where, {"note": "x"}, "*"), 404)


def _raw(api: Client, path: str, body: Any, kind: str = "application/json") -> requests.Response:
    headers = api._own | {"if-match": "*"} | ({"content-type": kind} if kind else {})
    return requests.post(api._root + path, body, headers=headers, timeout=90)


async def test_every_route_is_described_and_the_other_way_round(
    config: Settings, endpoints: Endpoints, address: str, api: Client
) -> None:
    described = api("GET", "/openapi.json").json()
    validate(described)
    known = {
        (path, method.upper()): each
        for path, methods in described["paths"].items()
        for method, each in methods.items()
    }
    routed = set()
    for route in create_app(config, endpoints).routes:
        if isinstance(route, Route) and route.path.startswith("/api/") and route.name != "nothing":
            assert isinstance(route.endpoint, Ways), route.path
            path = route.path.replace(":path}", "}")
            routed |= {(path, method) for method in route.endpoint.by_method}
    assert routed == known.keys() and len(routed) > 30
    for (path, method), each in known.items():
        names = {(p["name"], p["in"]) for p in each.get("parameters", ())}
        assert ("X-CSRF-Token", "header") in names or method == "GET", path
        if "412" in each["responses"]:
            assert ("If-Match", "header") in names and "428" in each["responses"], path
        if "requestBody" in each:
            ((kind, body),) = each["requestBody"]["content"].items()
            ref = body["schema"]["$ref"]
            schema = described["components"]["schemas"][ref.rsplit("/", 1)[-1]]
            assert schema["additionalProperties"] is False, path
            errors = {"413", "422"} | ({"415"} if kind == "application/json" else set())
            assert errors <= each["responses"].keys(), path


async def test_the_forms_of_an_event_go_the_same_way(
    landed: Account, api: Client, address: str, config: Settings,
    elasticsearch: AsyncElasticsearch,
) -> None:  # fmt: skip
    event, _ = _blast(api, "events")
    web = Web().login(address)
    for action, form, status in (
        ("rename", {"title": " "}, 422), ("merge", {"other": ""}, 422),
        ("merge", {"other": event}, 422), ("split", {}, 422), ("split", {"item": BILL.id}, 422),
        ("nonsense", {}, 404),
    ):  # fmt: skip
        assert web.post(f"{address}{event}/{action}", form, timeout=60).status_code == status
    assert web.post(f"{address}/events/merge", {"id": event[8:]}, timeout=60).status_code == 400
    done = web.post(f"{address}{event}/rename", {"title": "漳源爆炸", "note": "更准"}, timeout=60)
    assert done.status_code == 200 and "已记录" in done.text
    told = await _audited(elasticsearch, config, action="event")
    assert [(line["actor"], line["note"]) for line in told] == [(NAME, "rename 漳源爆炸 更准")]
