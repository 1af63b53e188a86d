from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.mail import mail_item
from crawlers.sources import Source

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SOURCE = Source(name="mail", kind="mail", folder=Path(), channel="letter")
KEY = b"key"
BODY = "楼道灯坏了三个月，没有人来修。".encode()


def letter(text: str = "楼道灯坏了三个月。", **more: str) -> EmailMessage:
    message = EmailMessage()
    headers = {"Subject": "反映路灯问题", "From": "张三 <zhang@example.org>",
               "Message-ID": "<1@example.org>",
               "Date": "Tue, 24 Nov 2026 19:30:00 +0800"}  # fmt: skip
    for name, value in (headers | {k.replace("_", "-"): v for k, v in more.items()}).items():
        message[name] = value
    message.set_content(text)
    return message


def test_a_letter_becomes_an_item_without_the_sender() -> None:
    item = mail_item(letter().as_bytes(), SOURCE, KEY, NOW)
    assert item and (item.title, item.text) == ("反映路灯问题", "楼道灯坏了三个月。")
    assert item.channel == "letter" and item.author and item.author.hash
    assert item.published_at == datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
    assert "zhang" not in str(item) and "张三" not in str(item)
    again = mail_item(letter().as_bytes(), SOURCE, KEY, NOW)
    assert again and again.id == item.id


def test_only_the_beginning_of_a_huge_attachment_is_looked_at() -> None:
    message = letter()
    message.add_attachment(
        b"x" * (4 << 20), maintype="application", subtype="zip", filename="a.zip"
    )
    item = mail_item(message.as_bytes(), SOURCE, KEY, NOW)
    assert item and item.text == "楼道灯坏了三个月。"


@pytest.mark.parametrize("named", ["utf-8", "no-such-charset", "us-ascii"])
def test_a_charset_that_lies(named: str) -> None:
    body = "水费为什么涨了".encode("gb18030")
    raw = f"Subject: a\nContent-Type: text/plain; charset={named}\n\n".encode() + body
    item = mail_item(raw, SOURCE, KEY, NOW)
    assert item and item.text == "水费为什么涨了"


def test_html_letters_and_clocks_of_the_future() -> None:
    message = letter("<p>第一段</p><p>第二段</p><script>x()</script>")
    del message["Date"]
    message["Date"] = "Mon, 1 Jan 2080 00:00:00 +0000"
    message.set_type("text/html")
    item = mail_item(message.as_bytes(), SOURCE, KEY, NOW)
    assert item and item.text == "第一段\n第二段" and item.published_at == NOW


@given(st.binary(max_size=600))
def test_any_bytes_raise_nothing(raw: bytes) -> None:
    mail_item(raw, SOURCE, KEY, NOW)
    mail_item(b"Subject: =?gbk?B?" + raw + b"\nFrom: " + raw + b"\nDate: " + raw, SOURCE, KEY, NOW)


@pytest.mark.parametrize("named", ["punycode", "idna", "undefined", "unicode_escape", "a\0b"])
def test_forged_charsets_and_endless_headers_cost_little(named: str) -> None:
    """Python's own punycode would take minutes over these; the test's time limit is the proof."""
    long = "a" * 500_000
    raw = (f"Subject: =?{named}?B?{'YWJj' * 200_000}?=\nMessage-ID: <{long}>\n"
           f"Content-Disposition: inline; filename*={named}''{long}\n"
           f"Content-Type: text/plain; charset={named}\n\n").encode() + BODY * 2_000  # fmt: skip
    item = mail_item(raw, SOURCE, KEY, NOW)
    assert item and item.text.startswith(BODY.decode())
