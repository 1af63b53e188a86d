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
from tests.integration.inside import add_user
from tests.integration.test_publish import records
from tests.integration.web import Web, web

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


async def test_one_account_keeps_nobody_from_importing(console: str, config: Settings) -> None:
    folder = config.data / "uploads"
    add_user("colleague", "other words for tests", "--role", "analyst")
    other = Web().login(console, "colleague", "other words for tests")

    def kept(who: Web = web, content: bytes = TABLE, **more: str) -> str:
        answer = bring(console, "a.csv", content, who, **more)
        found = re.search(r'name="token" value="([\w.]+)"', answer.text)
        return found[1] if found else ""

    def there(token: str, who: Web = web) -> int:
        given = {"token": token, "channel": "letter", "look": "1"}
        return who.post(f"{console}/intake/import/take", given, timeout=60).status_code

    theirs = kept(other)
    mine = [kept() for _ in range(4)]
    assert all(mine) and len(list(folder.iterdir())) == 4
    assert [there(token) for token in mine] == [404, 200, 200, 200] and there(theirs, other) == 200
    # What could not be read, or was not asked for soundly, pushes nothing out and is not kept.
    for name in ("a.xlsx", "a.json"):
        broken = bring(console, name, b"PK\x03\x04 broken")
        assert broken.status_code == 422 and 'name="token"' not in broken.text, broken.text
    assert bring(console, "a.csv", TABLE, channel="nonsense").status_code == 400
    left = {path.name.split("-")[1] for path in folder.iterdir()}
    assert theirs in left and not any(name.endswith((".xlsx", ".json")) for name in left)
    # One whose columns have to be named is.
    unknown = kept(content=b"x,y\n1,2\n")
    assert unknown and there(unknown) == 422
    given = {"token": unknown, "channel": "letter", "maps": "y=text", "look": "1"}
    named = web.post(f"{console}/intake/import/take", given, timeout=60)
    assert named.status_code == 200 and "y → text" in named.text, named.text
    del given["look"], given["maps"]
    wrong = web.post(f"{console}/intake/import/take", given, timeout=60)
    assert wrong.status_code == 422 and "列的对应" in wrong.text and there(unknown) == 422


def test_odd_bytes_in_a_form_never_break_the_console(console: str) -> None:
    odd = "a\x00b\x1b\x7fc"
    looked = bring(console, f"来{odd}信.csv", TABLE, maps="\x00")
    assert looked.status_code == 200 and "来abc信.csv" in looked.text.replace("%00", ""), (
        looked.text
    )
    token = re.search(r'name="token" value="([\w.]+)"', looked.text)
    assert token
    given = {"token": token[1], "channel": "call", "maps": "反映内容=\x00text", "look": "1"}
    again = web.post(f"{console}/intake/import/take", given, timeout=60)
    assert again.status_code == 200 and "反映内容 → text" in again.text
    for raw in (b"words=%00%ed%a0%80", b"words=\x00a%08b"):
        assert web.post(f"{console}/intake", raw, timeout=60).status_code < 500

    def part(name: bytes, charset: str) -> int:
        body = b"".join(
            b'--xx\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % each
            for each in (
                (b"csrf", b"", web.token.encode()), (b"channel", b"", b"letter"),
                (b"file", b'; filename="%s"' % name, TABLE),
            )
        ) + b"--xx--\r\n"  # fmt: skip
        kind = {"content-type": f"multipart/form-data; boundary=xx{charset}"}
        return requests.post(f"{console}/intake/import", body, headers=kind, cookies=web.cookies,
                             timeout=60).status_code  # fmt: skip

    names = (rb"a\ud800.csv", b"a\xff\xed\xa0\x80.csv", b"a\x00.csv", b"\xff-\x80.csv", b"a.csv")
    for charset in ("unicode_escape", "undefined", "punycode", "raw_unicode_escape", "idna",
                    "utf-7", "base64", "nonsense", "gbk", "\x80", ""):  # fmt: skip
        assert {part(name, f"; charset={charset}") for name in names} <= {400}, charset
    for charset in ("", "; charset=UTF-8", '; charset="utf-8"'):
        assert {part(name, charset) for name in names} <= {200, 422}, charset
