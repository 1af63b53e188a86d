"""The second crawl: nothing twice, and what was edited or deleted is noticed."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from tests.integration.changing import BODY, News, Talk, an_hour_later, serve, write_source
from tests.integration.crawling import Crawl, crawl


def again(folder: Path, source: Path, *more: str) -> Crawl:
    out, memory = folder / "o.jsonl", folder / "memory.sqlite"
    return crawl(out, str(source), "--memory", str(memory), *more)


def test_what_was_seen_is_not_fetched_again_and_that_is_no_failure(tmp_path: Path) -> None:
    news = News()
    with serve(news) as site:
        source = write_source(tmp_path, "news", site)
        first = again(tmp_path, source)
        assert len(first.items) == 3
        news.asked.clear()
        second = again(tmp_path, source)
    assert second.code == 0 and second.items == [] and second.log == ""
    assert second.summaries["news"]["why"] == "all seen"
    assert news.asked == [("/robots.txt", False, 200), ("/list/", True, 304)]


def test_edits_deletions_and_returns_are_noticed(tmp_path: Path) -> None:
    news = News()
    with serve(news) as site:
        source = write_source(tmp_path, "news", site)
        first = {item["title"][-2]: item for item in again(tmp_path, source).items}
        news.articles[1] += "\n更正：停电原因仍在调查。"
        gone = news.articles.pop(2)
        news.articles[4] = BODY + "第4条。"
        an_hour_later(tmp_path / "memory.sqlite")
        news.asked.clear()
        second = {item["title"][-2]: item for item in again(tmp_path, source).items}
        conditional = {path: status for path, asked, status in news.asked if asked}
        news.articles[2] = gone
        an_hour_later(tmp_path / "memory.sqlite")
        third = again(tmp_path, source)
    assert conditional == {
        "/list/": 200, "/2026/1124/news_1.html": 200, "/2026/1124/news_2.html": 404,
        "/2026/1124/news_3.html": 304,
    }  # fmt: skip
    assert sorted(second) == ["1", "2", "4"]
    edited = second["1"]
    assert edited["origin_id"] == first["1"]["origin_id"] and edited["id"] != first["1"]["id"]
    assert edited["provenance"]["change"] == "edited"
    assert edited["provenance"]["replaces"] == first["1"]["id"]
    assert "更正：停电原因仍在调查。" in edited["provenance"]["diff"]
    deleted = second["2"]
    assert (deleted["id"], deleted["text"]) == (first["2"]["id"], first["2"]["text"])
    assert (deleted["provenance"]["change"], deleted["provenance"]["status"]) == ("deleted", 404)
    assert second["4"]["provenance"]["change"] is None
    assert [item["provenance"]["change"] for item in third.items] == ["returned"]
    assert third.items[0]["id"] == first["2"]["id"]
    assert third.items[0]["provenance"]["revision"] == 2


def test_single_replies_that_vanish_are_noticed(tmp_path: Path) -> None:
    talk = Talk()
    with serve(talk) as site:
        source = write_source(tmp_path, "talk", site, kind="thread", channel="forum")

        def visit() -> list[dict[str, Any]]:
            an_hour_later(tmp_path / "memory.sqlite")
            return again(tmp_path, source).items

        first = {item["text"]: item for item in again(tmp_path, source).items}
        assert len(first) == 6
        gone = talk.posts.pop(3)
        talk.posts[7] = "第7位街坊说的话。"
        second = visit()
        assert visit() == []
        talk.lost = {2}  # a page that cannot be had is no deletion
        third = visit()
        talk.lost = set()
        talk.posts[3] = gone
        fourth = visit()
    change = {item["text"]: item["provenance"] for item in second}
    assert set(change) == {gone, "第7位街坊说的话。"}
    deleted = next(item for item in second if item["text"] == gone)
    assert change[gone]["change"] == "deleted" and deleted["id"] == first[gone]["id"]
    assert deleted["parent_id"] == first[gone]["parent_id"]
    assert third == []
    assert [(item["text"], item["provenance"]["change"]) for item in fourth] == [(gone, "returned")]


def test_a_forum_that_hides_its_replies_has_not_deleted_them(tmp_path: Path) -> None:
    talk = Talk()
    with serve(talk) as site:
        source = write_source(tmp_path, "talk", site, kind="thread", channel="forum")
        again(tmp_path, source)
        talk.posts = {1: talk.posts[1], 9: "登录后可以查看全部回复。"}
        an_hour_later(tmp_path / "memory.sqlite")
        found = again(tmp_path, source).items
    assert [item["provenance"]["change"] for item in found] == [None]


def test_again_fetches_all_and_the_ids_stay(tmp_path: Path) -> None:
    with serve(News()) as site:
        source = write_source(tmp_path, "news", site)
        first, second = again(tmp_path, source), again(tmp_path, source, "--again")
    assert {i["id"] for i in first.items} == {i["id"] for i in second.items} != set()
    assert all(item["provenance"]["revision"] == 0 for item in second.items)


def test_a_dead_link_is_tried_less_and_less(tmp_path: Path) -> None:
    news = News()
    news.articles = {1: news.articles[1]}
    news.articles[9] = ""  # nothing to read on it
    with serve(news) as site:
        source = write_source(tmp_path, "news", site)
        again(tmp_path, source)
        news.asked.clear()
        assert again(tmp_path, source).summaries["news"]["why"] == "all seen"
    assert [path for path, _, _ in news.asked] == ["/robots.txt", "/list/"]
    with sqlite3.connect(tmp_path / "memory.sqlite") as memory:
        misses = memory.execute("SELECT url, misses FROM pages WHERE misses").fetchall()
    assert [number for _, number in misses] in ([], [1])


def test_crawl_delay_is_kept(tmp_path: Path) -> None:
    news = News()
    news.robots = "User-agent: *\nCrawl-delay: 0.7\n"
    with serve(news) as site:
        crawl(tmp_path / "o.jsonl", str(write_source(tmp_path, "news", site)))
    gaps = [b - a for a, b in zip(news.times, news.times[1:], strict=False)]
    assert len(gaps) == 4 and min(gaps) > 0.6
