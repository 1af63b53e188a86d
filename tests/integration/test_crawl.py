"""Real Scrapy against the demo site: the items are the site's texts, each once."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from crawlers.demo.pages import Site
from crawlers.extract.times import BEIJING
from schemas.raw_item import RawItem
from tests.integration.crawling import Crawl, crawl, site

ANCHOR = datetime(2026, 11, 24, 20, 0, tzinfo=BEIJING)


@pytest.fixture(scope="module")
def demo() -> Site:
    return Site(ANCHOR)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    out = tmp_path_factory.mktemp("crawl") / "items.jsonl"
    with site("demo-site", "--anchor", f"{ANCHOR:%Y-%m-%dT%H:%M:%S}") as address:
        yield crawl(out, "--all", "--demo-url", address)


def test_every_source_says_what_it_brought(crawled: Crawl) -> None:
    assert crawled.code == 0, crawled.log
    assert all(summary["items"] and not summary["why"] for summary in crawled.summaries.values())
    assert sum(summary["items"] for summary in crawled.summaries.values()) == len(crawled.items)
    assert crawled.log == ""


def test_articles_are_read_as_they_were_written(crawled: Crawl, demo: Site) -> None:
    found = sorted(
        (item["source"], item["title"], item["text"], item["publisher"])
        for item in crawled.items
        if item["source"] != "demo-zhsq"
    )
    written = sorted(
        (
            f"demo-{article.publisher}",
            article.title,
            "\n".join(article.paragraphs),
            demo.publishers[article.source].name,
        )
        for article in demo.articles
    )
    assert found == written


def test_articles_have_their_time(crawled: Crawl, demo: Site) -> None:
    times = {(item["source"], item["title"]): item["published_at"] for item in crawled.items}
    for article in demo.articles:
        found = datetime.fromisoformat(times[f"demo-{article.publisher}", article.title])
        assert abs(found - article.published_at) < timedelta(minutes=1), article.title


def test_every_item_is_a_valid_raw_item(crawled: Crawl) -> None:
    items = msgspec.convert(crawled.items, list[RawItem])
    assert len({item.origin_id for item in items}) == len(items)


def test_threads_keep_posts_parents_and_no_names(crawled: Crawl, demo: Site) -> None:
    posts = [item for item in crawled.items if item["source"] == "demo-zhsq"]
    by_root: dict[str, list[dict[str, Any]]] = {}
    for post in posts:
        by_root.setdefault(post["root_id"] or post["origin_id"], []).append(post)
    assert len(by_root) == len(demo.threads)
    for thread in demo.threads:
        root = next(p for p in posts if not p["root_id"] and p["title"] == thread.title)
        mine = by_root[root["origin_id"]]
        assert sorted(p["text"] for p in mine) == sorted(p.text for p in thread.posts)
        ids = {p["text"]: p["origin_id"] for p in mine}
        for reply in thread.posts[1:]:
            if reply.text.startswith("回复"):
                answered = int(reply.text[2 : reply.text.index("楼")])
                parent = next(p["parent_id"] for p in mine if p["text"] == reply.text)
                assert parent == ids[thread.posts[answered - 1].text]
    assert all(p["author"]["hash"] and p["author"]["name"] is None for p in posts)


def test_a_second_crawl_gives_the_same_ids(crawled: Crawl, tmp_path: Path) -> None:
    """On another port, too: a restarted demo brings no new items."""
    with site("demo-site", "--anchor", f"{ANCHOR:%Y-%m-%dT%H:%M:%S}") as address:
        names = ("demo-hczx", "demo-zhsq", "demo-jgck")
        again = crawl(tmp_path / "b.jsonl", *names, "--demo-url", address)
    ids = {item["id"]: (item["parent_id"], item["root_id"]) for item in again.items}
    first = {item["id"]: (item["parent_id"], item["root_id"]) for item in crawled.items
             if item["source"] in names}  # fmt: skip
    assert ids == first and len(ids) > 500


def test_a_source_that_brings_nothing_says_why(tmp_path: Path) -> None:
    starts = {
        "wrong": "/hczx/admin/", "gone": "/nowhere/", "empty": "/hsw/feed.xml", "inside": "/hsw/",
    }  # fmt: skip
    for name, path in starts.items():
        allowed = "false" if name == "inside" else "true"
        (tmp_path / f"{name}.yaml").write_text(
            f'name: {name}\nkind: article\nstart: ["{{demo}}{path}"]\ndelay: 0\n'
            f"allow_loopback: {allowed}\n"
        )
    with site("demo-site") as address:
        found = crawl(
            tmp_path / "o", "--all", "--sources-dir", str(tmp_path), "--demo-url", address
        )
    assert found.code == 3
    assert {name: summary["why"] for name, summary in found.summaries.items()} == {
        "wrong": "robots",
        "gone": "HTTP 404",
        "empty": "empty list or changed layout",
        "inside": "address refused",
    }


def status(url: str) -> int:
    """The answer to the address as it is written: no client tidies it up first."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", parts.path)
    return connection.getresponse().status


def test_unchanged_pages_are_answered_304() -> None:
    with site("demo-site") as address:
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        connection.request("GET", "/hczx/index.asp")
        first = connection.getresponse()
        body = first.read()
        assert "charset" not in first.headers["Content-Type"] and "邯城在线" in body.decode("gbk")
        for name, value in (
            ("If-None-Match", first.headers["ETag"]),
            ("If-Modified-Since", first.headers["Last-Modified"]),
        ):
            connection.request("GET", "/hczx/index.asp", headers={name: value})
            again = connection.getresponse()
            assert (again.status, again.read()) == (304, b"")


def test_saved_pages_are_crawled_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "saved pages"
    folder.mkdir()
    text = "记者在现场看到，供电抢修人员正在更换变压器，居民家中陆续来电。" * 3
    for name, charset in (("甲.html", "gbk"), ("乙.htm", "utf-8")):
        head = f"<html><head><title>抢修进行时{charset}</title></head>"
        page = f"{head}<body><p>{text}</p></body></html>"
        (folder / name).write_bytes(page.encode(charset))
    (tmp_path / "secret.html").write_text("<html><body>secret</body></html>")
    (folder / "out.html").symlink_to(tmp_path / "secret.html")
    with site("serve-pages", str(folder)) as address:
        found = crawl(tmp_path / "o", "--all", "--pages-url", address)
        climb = [
            f"{address}/../secret.html",
            f"{address}/%2e%2e/secret.html",
            f"{address}/out.html",
        ]
        assert [status(url) for url in climb] == [404, 404, 404]
    assert sorted((item["title"], item["text"]) for item in found.items) == [
        ("抢修进行时gbk", text),
        ("抢修进行时utf-8", text),
    ]
