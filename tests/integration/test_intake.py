"""Handing things in over real HTTP: partners, a webhook, staff, departments."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
import requests

from crawlers.intake.partners import key_hash
from schemas.event import decode_signal
from schemas.raw_item import RawItem
from tests.integration.changing import BODY
from tests.integration.crawling import site
from tests.integration.serving import serving

KEY, STAFF, SLOW = "tc_hotline", "tc_staff", "tc_slow"


@dataclass
class Intake:
    address: str
    out: Path

    def post(self, body: Any, key: str = KEY, **headers: str) -> requests.Response:
        sent = {"Authorization": f"Bearer {key}", **headers}
        return requests.post(f"{self.address}/api/v1/items", json=body, headers=sent, timeout=30)

    def items(self) -> list[dict[str, Any]]:
        if not self.out.exists():
            return []
        found = [json.loads(line) for line in self.out.read_text("utf-8").splitlines()]
        msgspec.convert(found, list[RawItem])  # what is written is what the stream takes
        return found


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    partners = tmp_path / "partners.yaml"
    partners.write_text(
        "partners:\n"
        f"  - {{name: hotline, key_sha256: {key_hash(KEY)}, channel: call, per_minute: 1000}}\n"
        f"  - {{name: office, key_sha256: {key_hash(STAFF)}, channel: staff, forms: true}}\n"
        f"  - {{name: slow, key_sha256: {key_hash(SLOW)}, per_minute: 3}}\n"
    )
    out = tmp_path / "o.jsonl"
    with site(
        "intake", "--partners", str(partners), "--out", str(out), "--allow-loopback"
    ) as address:
        yield Intake(address, out)


CALL = {"id": "T1", "text": "小区停水两天了", "published_at": "2026-11-20T08:00:00+08:00",
        "author": "张三 13800000000", "place": "某区", "subjects": ["自来水公司"]}  # fmt: skip


def test_one_and_many_are_taken(intake: Intake) -> None:
    one = intake.post(CALL)
    many = intake.post(
        [{"title": "甲"}, {"id": "T2", "text": "乙", "parent": "T1", "channel": "visit"}]
    )
    assert (one.status_code, many.status_code) == (202, 202), one.text + many.text
    call, title, visit = intake.items()
    assert one.json()["items"] == [{"id": call["id"], "origin_id": call["origin_id"]}]
    assert call["text"] == "小区停水两天了\n地点：某区\n涉及：自来水公司"
    assert (call["source"], call["channel"], title["title"]) == ("intake.hotline", "call", "甲")
    assert (visit["channel"], visit["parent_id"]) == ("visit", call["origin_id"])
    assert "张三" not in intake.out.read_text("utf-8")


def test_faults_are_told_by_field_and_nothing_is_taken(intake: Intake) -> None:
    wrong = {"id": "x", "text": "y", "published_at": "2026-11-20 08:00", "channel": "pigeon"}
    answer = intake.post([CALL, wrong | {"counts": {"likes": -1}, "more": 1}, {}])
    assert answer.status_code == 422 and intake.items() == []
    assert answer.headers["content-type"] == "application/problem+json"
    pointers = {each["pointer"] for each in answer.json()["errors"]}
    assert pointers == {"/1/published_at", "/1/channel", "/1/counts/likes", "/1/more", "/2"}
    single = intake.post({"text": ""}).json()
    assert single["errors"] == [{"pointer": "", "message": "title or text is needed"}]
    assert intake.post({"text": "a", "published_at": "2099-01-01T00:00:00Z"}).status_code == 422


def test_keys_and_forms_of_requests(intake: Intake) -> None:
    assert intake.post(CALL, key="tc_wrong").status_code == 401
    assert intake.post(CALL, Origin="http://elsewhere.example").status_code == 403
    url, good = f"{intake.address}/api/v1/items", {"X-API-Key": KEY}
    assert requests.post(url, data="x", headers=good, timeout=10).status_code == 415
    broken = good | {"Content-Type": "application/json"}
    for body in (b"{", b"[" * 100_000, b"\xff", b'{"text": "\\ud800"}'):
        assert requests.post(url, data=body, headers=broken, timeout=10).status_code == 400
    deep = [b"[" * 300 + b"]" * 300, b'{"counts": ' + b'{"a": ' * 300 + b"1" + b"}" * 301]
    for body in (*deep, b'{"text": "a\\u0000b"}', b'{"subjects": ["a\\u0000"], "text": "b"}'):
        assert requests.post(url, data=body, headers=broken, timeout=10).status_code == 422
    assert requests.get(url, headers=good, timeout=10).status_code == 405
    nowhere = requests.get(f"{intake.address}/nowhere", timeout=10)
    assert nowhere.json()["status"] == 404
    assert intake.post([CALL] * 201).status_code == 422 and intake.items() == []


def test_a_key_of_idempotency(intake: Intake) -> None:
    first = intake.post(CALL, **{"Idempotency-Key": "a"})
    again = intake.post(CALL, **{"Idempotency-Key": "a"})
    assert again.status_code == 202 and again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true" and len(intake.items()) == 1
    assert intake.post(CALL | {"text": "另一条"}, **{"Idempotency-Key": "a"}).status_code == 422
    assert intake.post({"text": ""}, **{"Idempotency-Key": "b"}).status_code == 422
    mended = intake.post({"text": "改好了"}, **{"Idempotency-Key": "b"})  # a failure is not kept
    assert mended.status_code == 202
    with ThreadPoolExecutor(8) as pool:
        race = [
            pool.submit(intake.post, {"text": "赛"}, **{"Idempotency-Key": "c"}) for _ in range(8)
        ]
        assert {each.result().status_code for each in race} <= {202, 409}
    assert [item["text"] for item in intake.items()].count("赛") == 1


def test_the_rate_is_limited_with_a_time_to_come_back(intake: Intake) -> None:
    assert intake.post([{"text": str(n)} for n in range(3)], key=SLOW).status_code == 202
    late = intake.post({"text": "4"}, key=SLOW)
    assert late.status_code == 429 and 1 <= int(late.headers["Retry-After"]) <= 20
    assert intake.post(CALL).status_code == 202  # another partner is not kept waiting
    assert len(intake.items()) == 4


def test_large_bodies_are_refused_unread(intake: Intake) -> None:
    connection = http.client.HTTPConnection(urlsplit(intake.address).netloc, timeout=10)
    head = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    connection.request("POST", "/api/v1/items", headers=head | {"Content-Length": str(10**9)})
    assert connection.getresponse().status == 413
    chunks = (b"x" * 65_536 for _ in range(200))  # 13 MB without saying so beforehand
    url = f"{intake.address}/api/v1/items"
    try:
        assert requests.post(url, data=chunks, headers=head, timeout=10).status_code == 413
    except requests.ConnectionError:
        pass  # it hung up while we were still sending
    assert intake.post(CALL).status_code == 202


def test_the_openapi_document_says_what_is_checked(intake: Intake) -> None:
    found = requests.get(f"{intake.address}/openapi.json", timeout=10).json()
    schema = found["components"]["schemas"]["Submission"]
    assert schema["additionalProperties"] is False and "subjects" in schema["properties"]
    assert {"202", "409", "413", "422", "429"} <= set(
        found["paths"]["/api/v1/items"]["post"]["responses"]
    )
    text = json.dumps(found)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(found["components"]["schemas"])


@pytest.mark.parametrize(
    "body",
    [{"watch_url": "https://gov.example/a", "watch_title": "公示", "diff_added": "新增一条"},
     {"version": "1.0", "title": "公示", "message": "https://gov.example/a had a change.\n新增一条",
      "type": "info", "attachments": []}],
)  # fmt: skip
def test_the_webhook_of_changedetection(intake: Intake, body: dict[str, Any]) -> None:
    url = f"{intake.address}/api/v1/webhooks/changedetection"
    answer = requests.post(url, json=body, headers={"X-API-Key": KEY}, timeout=10)
    assert answer.status_code == 202, answer.text
    (item,) = intake.items()
    assert item["title"] == "公示" and "新增一条" in item["text"]
    assert item["url"] == "https://gov.example/a"


def form(intake: Intake, path: str, **fields: str) -> requests.Response:
    return requests.post(f"{intake.address}{path}", data=fields, auth=("office", STAFF), timeout=90)


def test_staff_report_a_link_with_their_own_words(intake: Intake) -> None:
    article = f"<html><title>停水通知引争议</title><body><p>{BODY}</p></body></html>"
    with serving({"/2026/1124/n_1.html": article}) as news:
        link = f"{news}/2026/1124/n_1.html"
        taken = form(intake, "/", reporter="李四", url=link, words="评论里很多人在骂")
        lost = form(intake, "/", reporter="李四", url=f"{news}/gone", words="这条已被删")
    assert taken.status_code == lost.status_code == 200, taken.text
    assert "停水通知引争议" in taken.text and "链接没有读到（HTTP 404）" in lost.text
    first, second = intake.items()
    assert first["title"] == "停水通知引争议" and BODY in first["text"]
    assert first["text"].endswith("上报说明：评论里很多人在骂") and first["url"] == link
    assert first["channel"] == "staff" and "李四" not in str(first)
    assert second["text"] == "上报说明：这条已被删"
    only = form(intake, "/", reporter="李四", words="群里有人说要去上访")
    assert only.status_code == 200 and len(intake.items()) == 3
    assert form(intake, "/", reporter="李四").status_code == 422


def test_forms_are_for_those_who_may(intake: Intake) -> None:
    page = requests.get(f"{intake.address}/?url=%22%3E%3Cscript%3E", auth=("x", STAFF), timeout=10)
    assert page.status_code == 200 and "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert requests.get(f"{intake.address}/", timeout=10).status_code == 401
    assert requests.get(f"{intake.address}/report", auth=("x", KEY), timeout=10).status_code == 403
    many = {f"field{number}": "1" for number in range(100)}
    answer = requests.post(f"{intake.address}/", data=many, auth=("x", STAFF), timeout=10)
    assert answer.status_code == 400 and intake.items() == []


REPORT = {
    "department": "能源处", "reporter": "王五", "time": "2026-11-24T19:30", "place": "某县",
    "title": "某县大面积停电", "content": "变电站故障，三个乡镇停电。", "subjects": "供电公司",
    "scope": "本地微信群、一家市级媒体", "urgency": "重大",
}  # fmt: skip


def test_a_major_matter_goes_to_the_office_at_once(intake: Intake) -> None:
    taken = form(intake, "/report", **REPORT | {"reporter": "王五 13812345678"})
    assert taken.status_code == 200 and "已立即通知办公室" in taken.text
    (item,) = intake.items()
    for part in ("某县", "供电公司", "本地微信群", "重大", "能源处"):
        assert part in item["text"]
    signals = Path(f"{intake.out}.signals")
    signal = decode_signal(signals.read_bytes().splitlines()[0])
    assert (signal.matter_id, signal.event.level) == (item["origin_id"], "II")
    assert "王五" in signal.event.reasons[0].evidence
    assert "13812345678" not in signal.event.reasons[0].evidence
    assert item["published_at"] == "2026-11-24T19:30:00+08:00"
    assert item["report"] == {
        "urgency": "II", "place": "某县", "subjects": "供电公司",
        "scope": "本地微信群、一家市级媒体", "update_of": None,
    }  # fmt: skip
    more = form(
        intake, "/report", **REPORT | {"matter": item["origin_id"], "content": "已恢复两个乡镇。"}
    )
    assert more.status_code == 200 and intake.items()[1]["parent_id"] == item["origin_id"]
    assert intake.items()[1]["report"]["update_of"] == item["origin_id"]
    wrong = form(intake, "/report", **REPORT | {"matter": "that one"})
    assert wrong.status_code == 422 and "续报编号" in wrong.text
    update = decode_signal(signals.read_bytes().splitlines()[1])
    assert update.matter_id == signal.matter_id and update.id != signal.id
    calm = form(intake, "/report", **REPORT | {"urgency": "一般", "title": "小事"})
    assert calm.status_code == 200 and "立即通知" not in calm.text
    assert len(signals.read_bytes().splitlines()) == 2


@pytest.mark.parametrize("field", ["time", "place", "content", "subjects", "scope", "urgency"])
def test_a_report_is_complete_or_not_taken(intake: Intake, field: str) -> None:
    answer = form(intake, "/report", **REPORT | {field: ""})
    assert answer.status_code == 422 and "请检查" in answer.text and intake.items() == []
    assert "变电站故障" in answer.text or field == "content"  # nothing has to be typed again


def test_many_at_once_lose_nothing(intake: Intake) -> None:
    batches = [[{"text": f"{n}-{m}"} for m in range(5)] for n in range(20)]
    threads = [threading.Thread(target=intake.post, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({item["text"] for item in intake.items()}) == 100
