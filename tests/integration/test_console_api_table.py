"""A table brought in by the API: tried, imported, and what is no table refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
import requests
from elasticsearch import AsyncElasticsearch

from infra.settings import Settings
from infra.stack import Endpoints
from tests.integration.rest import audited, key_of, problem
from tests.integration.test_console_import import TABLE
from tests.integration.test_publish import records
from tests.integration.web import served, web


def send(
    console: str, key: str, content: Any = TABLE, name: str = "来信.csv", **fields: str
) -> requests.Response:
    return requests.post(
        f"{console}/api/v1/intake/import", fields, files={"file": (name, content)},
        headers={"authorization": f"Bearer {key}"}, timeout=120,
    )  # fmt: skip


async def test_a_table_is_tried_then_imported(
    console: str, config: Settings, endpoints: Endpoints, elasticsearch: AsyncElasticsearch
) -> None:
    key = key_of("热线", "report")
    tried = send(console, key, channel="call", preview="1")
    assert tried.status_code == 200, tried.text
    found = tried.json()
    assert found["rows"] == 2 and found["columns"]["text"] == "反映内容"
    assert [item["channel"] for item in found["first"]] == ["call", "call"]
    assert [(f["row"], f["column"], f["value"]) for f in found["faults"]] == [
        (3, "反映时间", "不是时间")
    ]
    assert await records(config, endpoints) == []
    assert not await audited(elasticsearch, config, action="report")
    for _ in range(2):
        done = send(console, key, channel="call").json()
        assert (done["rows"], done["faulty"], done["first"]) == (2, 1, [])
    sent = [orjson.loads(record.value or b"") for record in await records(config, endpoints)]
    assert len(sent) == 4 and len({item["origin_id"] for item in sent}) == 2
    lines = await audited(elasticsearch, config, action="report", actor="key:热线")
    assert [line["note"] for line in lines] == ["导入 2 行，1 行有误"] * 2


def test_columns_are_named_where_they_cannot_be_guessed(console: str) -> None:
    key = key_of("热线", "report")
    odd = "甲,乙\n2026-03-01 08:00,小区停电两天\n".encode()
    told = problem(send(console, key, odd), 422)
    assert "--map" in told["said"] or "map" in told["said"]
    assert send(console, key, odd, maps="乙=text", preview="1").json()["rows"] == 1
    assert "没有列" in problem(send(console, key, odd, maps="丙=text"), 422)["said"]


def test_what_is_no_table_is_refused(console: str) -> None:
    key = key_of("热线", "report")
    for name, content in (
        ("a.exe", b"MZ"), ("a.csv", b""), ("a.xlsx", b"PK\x03\x04 broken"),
        ("../../etc/passwd", b"root"), ("a.csv", b"\x00\xff\xfe" * 99),
    ):  # fmt: skip
        told = problem(send(console, key, content, name), 422)
        assert "/tmp" not in str(told), told
    problem(send(console, key, b"x" * (21 << 20)), 413)
    assert problem(send(console, key, channel="nonsense"), 422)["place"] == "$.channel"
    assert problem(send(console, key, other="x"), 422)["place"] == "$.other"
    problem(send(console, key_of("只读", "read")), 403)
    at = f"{console}/api/v1/intake/import"
    bearer = {"authorization": f"Bearer {key}"}
    problem(requests.post(at, json={"file": "x"}, headers=bearer, timeout=30), 400)
    files = {"file": ("a.csv", TABLE)}  # a session without its token
    problem(requests.post(at, files=files, cookies=web.cookies, timeout=30), 403)


async def test_a_table_that_is_cut_off_is_no_import(
    console: str, config: Settings, endpoints: Endpoints
) -> None:
    """The field that is cut off is the one that says "only try"."""
    key = key_of("热线", "report")
    parts = (
        ('name="file"; filename="来信.csv"', TABLE), ('name="channel"', b"call"),
        ('name="preview"', b"1"),
    )  # fmt: skip
    body = b"".join(
        b"--X\r\nContent-Disposition: form-data; " + name.encode() + b"\r\n\r\n" + value + b"\r\n"
        for name, value in parts
    )
    headers = {"authorization": f"Bearer {key}", "content-type": "multipart/form-data; boundary=X"}
    at = f"{console}/api/v1/intake/import"
    for end in (b"", b"--X", b"--X-", b"--Y--\r\n"):
        problem(requests.post(at, body + end, headers=headers, timeout=60), 400)
    assert requests.post(at, body + b"--X--", headers=headers, timeout=60).json()["first"]
    assert await records(config, endpoints) == []


def test_programs_do_not_keep_people_waiting(console: str) -> None:
    key = key_of("热线", "report")
    long = "反映时间,反映内容\n".encode() + "2026-03-01 08:00,小区停电\n".encode() * 30_000
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: send(console, key, long, preview="1"), range(6)))
    assert {answer.status_code for answer in answers} == {200, 429}
    assert all("retry-after" in each.headers for each in answers if each.status_code == 429)


@pytest.mark.usefixtures("config")
def test_the_queue_is_away(console: str) -> None:
    away = {"TINGCHAO_KAFKA_BOOTSTRAP": "127.0.0.1:1"}
    with served(env=away) as address:
        told = problem(send(address, key_of("热线", "report")), 503)
    assert "Kafka" in told["detail"]
