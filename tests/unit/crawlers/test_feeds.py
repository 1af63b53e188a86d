# ruff: noqa: E501  (pages in one string each)
import time
from datetime import UTC, datetime

from crawlers.extract.times import BEIJING
from crawlers.feeds import read_feed

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
RSS = """<?xml version="1.0" encoding="{charset}"?><rss version="2.0"><channel><title>某某网</title>
<item><title>电价没有调整</title><link>http://a.cn/1.html</link>
<pubDate>Mon, 23 Nov 2026 09:17:00 +0800</pubDate>
<description>&lt;p&gt;第一段。&lt;/p&gt;&lt;p&gt;第二段。&lt;/p&gt;</description></item>
<item><title></title><description></description></item>
<item><title>没有链接的一条</title><guid isPermaLink="false">x-7</guid><pubDate>2026年11月22日 08:00</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">水价&amp;lt;听证&amp;gt;</title>
<id>urn:1</id><link href="http://a.cn/2.html"/><updated>2026-11-23T01:17:00Z</updated>
<author><name>王小明</name></author><content type="html">&lt;p&gt;正文。&lt;/p&gt;</content>
<summary>摘要</summary></entry></feed>"""
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "' + "哈" * 100 + '">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + ']><rss version="2.0"><channel><item><title>&a9;</title><link>http://a.cn/</link></item>'
    "</channel></rss>"
)  # fmt: skip


def test_rss() -> None:
    for charset in ("utf-8", "gbk"):
        body = RSS.format(charset=charset).encode(charset)
        entries = read_feed(body, f"application/xml; charset={charset}", "http://a.cn/feed", NOW)
        assert entries is not None
        assert [entry.title for entry in entries] == ["电价没有调整", "没有链接的一条"]
        assert entries[0].text == "第一段。\n第二段。"
        assert entries[0].published_at == datetime(2026, 11, 23, 9, 17, tzinfo=BEIJING)
        assert (entries[1].url, entries[1].key) == ("", "x-7")
        assert entries[1].published_at == datetime(2026, 11, 22, 8, tzinfo=BEIJING)


def test_atom() -> None:
    (entry,) = read_feed(ATOM.encode(), "application/atom+xml", "http://a.cn/feed", NOW) or []
    assert (entry.url, entry.key, entry.author) == ("http://a.cn/2.html", "urn:1", "王小明")
    assert entry.text == "正文。"
    assert entry.published_at == datetime(2026, 11, 23, 9, 17, tzinfo=BEIJING)


def test_what_is_no_feed() -> None:
    for body in (b"", b"<html><body>404</body></html>", b"\xff\xfe\x00"):
        assert not read_feed(body, "text/html", "http://a.cn/feed", NOW)


def test_an_entity_bomb_does_not_go_off() -> None:
    started = time.monotonic()
    entries = read_feed(BOMB.encode(), "application/xml", "http://a.cn/feed", NOW) or []
    assert time.monotonic() - started < 5
    assert sum(len(entry.title) + len(entry.text) for entry in entries) < 100_000
