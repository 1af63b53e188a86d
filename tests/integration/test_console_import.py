"""A table brought in by the console: looked at, imported, and what is no table refused."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import orjson
import requests

from infra.settings import Settings
from infra.stack import Endpoints
from tests.integration.test_publish import records
from tests.integration.web import Web, add_user, web

TABLE = """反映人,反映时间,反映内容
甲,2026-03-01 08:00,小区停电两天，电话13812345678
乙,不是时间,路灯不亮
丙,2026-03-02 09:00,=HYPERLINK("http://evil.example")水价涨了
""".encode()


def bring(console: str, name: str, content: Any, who: Web = web, **more: str) -> requests.Response:
    form = {"csrf": who.token, "channel": "letter", **more}
    return requests.post(f"{console}/intake/import", form, files={"file": (name, content)},
                         cookies=who.cookies, timeout=120)  # fmt: skip


async def test_a_table_is_looked_at_then_imported(
    console: str, config: Settings, endpoints: Endpoints
) -> None:
    looked = bring(console, "来信<script>.csv", TABLE)
    assert looked.status_code == 200, looked.text
    assert "反映内容 → text" in looked.text and "1 行有误" in looked.text
    assert "来信&lt;script&gt;.csv" in looked.text and "<script>." not in looked.text
    assert str(config.data) not in looked.text
    assert await records(config, endpoints) == []
    token = re.search(r'name="token" value="([\w.]+)"', looked.text)
    assert token
    given = {"token": token[1], "channel": "call", "maps": "", "name": "来信.csv"}
    again = web.post(f"{console}/intake/import/take", {**given, "look": "1"}, timeout=60)
    assert "[call]" in again.text and again.status_code == 200
    add_user("colleague", "other words for tests", "--role", "analyst")
    other = Web().login(console, "colleague", "other words for tests")
    stolen = other.post(f"{console}/intake/import/take", given, timeout=60)
    assert stolen.status_code == 404
    done = web.post(f"{console}/intake/import/take", given, timeout=60)
    assert "已导入" in done.text and "导入 2 行，1 行有误" in done.text and "不是时间" in done.text
    found = [orjson.loads(record.value or b"") for record in await records(config, endpoints)]
    assert {item["channel"] for item in found} == {"call"} and len(found) == 2
    twice = web.post(f"{console}/intake/import/take", given, timeout=60)
    assert twice.status_code == 404 and "不在了" in twice.text


def test_what_is_no_table_is_refused(console: str) -> None:
    for name, content, status in (
        ("a.exe", b"MZ", 422), ("a.csv", b"", 422), ("a.xlsx", b"PK\x03\x04 broken", 422),
        ("../../etc/passwd", b"root", 422), ("a.csv", b"\x00\xff\xfe" * 99, 422),
        ("a.csv", b"x,y\n1,2\n", 422), ("a.csv", b"x" * (21 << 20), 413),
    ):  # fmt: skip
        answer = bring(console, name, content)
        assert answer.status_code == status, (name, answer.status_code, answer.text[:500])
    assert bring(console, "a.csv", TABLE, channel="nonsense").status_code == 400
    crossed = Web()
    crossed.cookies, crossed.token = web.cookies, "wrong"
    assert bring(console, "a.csv", TABLE, crossed).status_code == 403
    for token in ("../../x.csv", "..", "", "a" * 32 + ".csv"):
        given = {"token": token, "channel": "letter"}
        assert web.post(f"{console}/intake/import/take", given, timeout=30).status_code == 404
    kind = {"content-type": "multipart/form-data; boundary=x"}
    torn = requests.post(f"{console}/intake/import", b"--x\r\nnonsense", headers=kind,
                         cookies=web.cookies, timeout=30)  # fmt: skip
    assert torn.status_code in (400, 403), torn.text


def test_two_gigabytes_are_refused_before_they_are_read(console: str) -> None:
    where = urlsplit(console)
    cookie = "; ".join(f"{each.name}={each.value}" for each in web.cookies)
    head = (
        f"POST /intake/import HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {cookie}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {2 << 30}\r\n\r\n"
    )
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=20) as wire:
        wire.sendall(head.encode())
        assert b" 413 " in wire.recv(4096).split(b"\r\n")[0]

    def endless() -> Iterator[bytes]:
        """Without a length; far more than is taken."""
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(64):
            yield b"x" * (1 << 20)

    try:
        answer = requests.post(
            f"{console}/intake/import", endless(), cookies=web.cookies, timeout=60,
            headers={"content-type": "multipart/form-data; boundary=x"},
        )  # fmt: skip
        assert answer.status_code == 413
    except requests.ConnectionError:
        pass  # it answers and hangs up while we still send
    assert requests.get(f"{console}/ready", timeout=10).ok
