"""Sitemaps, hot lists, Weibo-like services and single pages, each over real HTTP."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

from tests.integration.changing import BODY, an_hour_later, write_source
from tests.integration.crawling import Crawl, crawl
from tests.integration.serving import Answers, serving

NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def article(title: str) -> str:
    return f"<html><title>{title}</title><body><p>{BODY}{title}。</p></body></html>"


def collect(folder: Path, answers: Answers, kind: str, start: str, **more: Any) -> Crawl:
    with serving(answers) as site:
        more = {name: f'"{site}{value}"' if name in ("comments", "post_url") else value
                for name, value in more.items()}  # fmt: skip
        source = write_source(folder, kind, site, kind=kind, start=f'["{site}{start}"]', **more)
        return crawl(folder / "o.jsonl", str(source), "--memory", str(folder / "m.sqlite"))


def test_an_index_of_sitemaps_leads_to_articles(tmp_path: Path) -> None:
    answers: Answers = {f"/2026/1124/n_{n}.html": article(f"通报第{n}号") for n in range(4)}
    answers["/2026/1124/n_3.html"] = "<html><body></body></html>"

    def index(site: str) -> None:
        places = "".join(
            f"<sitemap><loc>{site}/{name}</loc></sitemap>" for name in ("a.xml", "b.xml.gz")
        )
        answers["/sitemap.xml"] = (
            f'<?xml version="1.0"?><sitemapindex {SPACE}>{places}</sitemapindex>'
        )
        rows = "".join(f"<url><loc>{site}/2026/1124/n_{n}.html</loc></url>" for n in (0, 3))
        answers["/a.xml"] = f'<?xml version="1.0"?><urlset {SPACE}>{rows}</urlset>'
        rows = "".join(
            f"<url><loc>{site}/2026/1124/n_{n}.html</loc><news:news><news:publication><news:name>"
            f"晚报</news:name></news:publication><news:publication_date>2026-11-24T0{n}:00:00+08:00"
            f"</news:publication_date><news:title>新闻{n}</news:title></news:news></url>"
            for n in (1, 2)
        )
        packed = f'<?xml version="1.0"?><urlset {SPACE} {NEWS}>{rows}</urlset>'
        answers["/b.xml.gz"] = gzip.compress(packed.encode())

    with serving(answers) as site:
        index(site)
        source = write_source(
            tmp_path, "map", site, kind="sitemap", start=f'["{site}/sitemap.xml"]'
        )
        options = (str(source), "--memory", str(tmp_path / "m.sqlite"))
        first = crawl(tmp_path / "o.jsonl", *options)
        second = crawl(tmp_path / "o.jsonl", *options)
    titles = {item["title"]: item for item in first.items}
    assert sorted(titles) == ["通报第0号", "通报第1号", "通报第2号"]
    assert titles["通报第1号"]["publisher"] == "晚报"
    assert titles["通报第1号"]["published_at"] == "2026-11-24T01:00:00+08:00"
    assert first.summaries["map"]["errors"] == {"layout": 1}  # the page without anything
    assert second.code == 0 and second.summaries["map"]["why"] == "all seen"


def test_a_sitemap_bomb_stays_small(tmp_path: Path) -> None:
    lol = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = (f'<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a0 "ha">{lol}]><urlset {SPACE}>'
            "<url><loc>&a9;</loc></url></urlset>")  # fmt: skip
    packed = gzip.compress(b"<urlset>" + b" " * (60 << 20))
    for name, body in (("bomb", bomb), ("packed", packed)):
        found = collect(tmp_path, {"/s.xml": body}, "sitemap", "/s.xml")
        assert found.code == 3 and found.items == [] and found.peak_mb < 250, name


def hot(*titles: str) -> dict[str, Any]:
    items = [{"id": t, "title": t, "url": f"https://hot.example/{n}", "extra": {"info": "12.5万"}}
             for n, t in enumerate(titles)]  # fmt: skip
    return {"status": "success", "id": "weibo", "updatedTime": 1, "items": items}


def test_a_hot_list_takes_down_ranks_over_time(tmp_path: Path) -> None:
    answers: Answers = {"/api/s?id=weibo": hot("油价 #今晚# 上调", "医保新规", "高铁晚点")}
    with serving(answers) as site:
        source = write_source(tmp_path, "hot", site, kind="hot", channel="hot",
                              start=f'["{site}/api/s?id=weibo"]')  # fmt: skip
        options = (str(source), "--memory", str(tmp_path / "m.sqlite"))
        first = crawl(tmp_path / "o.jsonl", *options)
        same = crawl(tmp_path / "o.jsonl", *options)
        answers["/api/s?id=weibo"] = hot("医保新规", "油价 #今晚# 上调", "高铁晚点", "新话题")
        moved = crawl(tmp_path / "o.jsonl", *options)
    assert [(i["title"], i["counts"]["rank"]) for i in first.items] == [
        ("油价 #今晚# 上调", 1), ("医保新规", 2), ("高铁晚点", 3),
    ]  # fmt: skip
    assert first.items[0]["counts"]["ranks"][0]["heat"] == 125_000
    assert first.items[0]["channel"] == "hot" and first.items[0]["url"] == "https://hot.example/0"
    assert same.items == [] and same.summaries["hot"]["why"] == "all seen"
    ranks = {i["title"]: [r["rank"] for r in i["counts"]["ranks"]] for i in moved.items}
    assert ranks == {"医保新规": [2, 1], "油价 #今晚# 上调": [1, 2], "新话题": [4]}
    assert {i["id"] for i in moved.items} & {i["id"] for i in first.items}


def test_a_title_that_leaves_the_hot_list_is_taken_down_once(tmp_path: Path) -> None:
    answers: Answers = {"/api/s?id=weibo": hot("油价上调", "医保新规", "高铁晚点")}
    runs = []
    with serving(answers) as site:
        source = write_source(tmp_path, "hot", site, kind="hot", channel="hot",
                              start=f'["{site}/api/s?id=weibo"]')  # fmt: skip
        options = (str(source), "--memory", str(tmp_path / "m.sqlite"))
        for titles in (
            ("油价上调", "医保新规", "高铁晚点"), ("医保新规", "高铁晚点"),
            ("医保新规", "高铁晚点"), ("高铁晚点", "医保新规", "油价上调"),
        ):  # fmt: skip
            answers["/api/s?id=weibo"] = hot(*titles)
            runs.append(crawl(tmp_path / "o.jsonl", *options).items)
    first, left, same, back = ({item["title"]: item for item in run} for run in runs)
    assert left["油价上调"]["id"] == first["油价上调"]["id"] and not same
    counts = left["油价上调"]["counts"]
    assert counts.get("rank") is None
    assert [rank["rank"] for rank in counts["ranks"]] == [1, None]
    assert counts["ranks"][0]["at"] < counts["ranks"][1]["at"]
    assert left["油价上调"]["provenance"]["revision"] == 1
    assert [rank["rank"] for rank in back["油价上调"]["counts"]["ranks"]] == [1, None, 3]
    assert back["油价上调"]["counts"]["rank"] == 3


def test_a_hot_list_may_be_a_page(tmp_path: Path) -> None:
    rows = "".join(
        f'<tr><td>{n}</td><td><a href="/q?{n}">热搜话题{n}</a></td></tr>' for n in (1, 2, 3)
    )
    menu = '<div><a href="/">首页</a><a href="/b">榜单</a></div>'
    page = f"<html><body>{menu}<table><tbody>{rows}</tbody></table></body></html>"
    found = collect(tmp_path, {"/top": page}, "hot", "/top")
    assert [(i["title"], i["counts"]["rank"]) for i in found.items] == [
        ("热搜话题1", 1), ("热搜话题2", 2), ("热搜话题3", 3),
    ]  # fmt: skip


def mblog(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": str(number), "bid": f"B{number}", "created_at": "Tue Nov 24 19:30:00 +0800 2026",
        "text": f'停电第{number}天<span class="url-icon"><img alt="[泪]" src="x"></span>'
        '<br /><a href="/n/a">@供电公司</a>',
        "user": {"id": 9000 + number, "screen_name": f"用户{number}", "verified": False},
        "reposts_count": 3, "comments_count": 0, "attitudes_count": "1.2万", **more,
    }  # fmt: skip


def service() -> Answers:
    official = {"id": 1, "screen_name": "某市发布", "verified": True, "verified_type": 1,
                "followers_count": "35.6万"}  # fmt: skip
    origin = mblog(1, user=official, text="关于停电的情况说明")
    cards = [{"card_type": 9, "mblog": mblog(3, retweeted_status=origin, comments_count=2)},
             {"card_type": 11, "card_group": [{"mblog": mblog(4)}]}]  # fmt: skip
    comment = {"id": "71", "created_at": "5分钟前", "text": "什么时候来电？", "like_count": 8,
               "user": {"id": 77, "screen_name": "张三"}}  # fmt: skip
    answer = comment | {"id": "72", "text": "明天", "reply_id": "71", "user": {"id": 78}}
    return {
        "/api?uid=1&page=1": {"ok": 1, "data": {"cards": cards}},
        "/api?uid=1&page=2": {"ok": 1, "data": {"cards": [{"mblog": mblog(5)}]}},
        "/api?uid=1&page=3": {"ok": 0, "data": {"cards": []}},
        "/hot?id=3": {"ok": 1, "data": {"data": [comment | {"comments": [answer]}]}},
    }


def test_posts_with_reposts_comments_parents_and_counts(tmp_path: Path) -> None:
    found = collect(tmp_path, service(), "posts", "/api?uid=1&page=1", channel="weibo",
                    comments="/hot?id={id}", post_url="/detail/{bid}")  # fmt: skip
    assert found.code == 0 and found.summaries["posts"]["errors"] == {}, found.log
    posts = {(i["url"] or "").rsplit("/", 1)[-1]: i for i in found.items}
    assert sorted(posts) == ["", "B1", "B3", "B4", "B5"] or len(found.items) == 6
    assert posts["B4"]["text"] == "停电第4天[泪]\n@供电公司"
    assert posts["B4"]["counts"]["reposts"] == 3 and posts["B4"]["counts"]["likes"] == 12_000
    assert posts["B4"]["published_at"] == "2026-11-24T19:30:00+08:00"
    assert posts["B4"]["author"]["name"] is None and posts["B4"]["author"]["hash"]
    assert posts["B1"]["author"]["name"] == "某市发布"
    assert posts["B1"]["author"]["kind"] == "institution"
    assert posts["B1"]["author"]["followers"] == 356_000
    assert posts["B3"]["parent_id"] == posts["B3"]["root_id"] == posts["B1"]["origin_id"]
    asked = next(i for i in found.items if i["text"] == "什么时候来电？")
    told = next(i for i in found.items if i["text"] == "明天")
    assert asked["parent_id"] == asked["root_id"] == posts["B3"]["origin_id"]
    assert told["parent_id"] == asked["origin_id"] and told["root_id"] == posts["B3"]["origin_id"]
    assert "张三" not in str(found.items)


def test_other_counts_are_sent_again_under_the_same_id(tmp_path: Path) -> None:
    answers = service()
    first = collect(tmp_path, answers, "posts", "/api?uid=1&page=2")
    answers["/api?uid=1&page=2"] = {"data": {"cards": [{"mblog": mblog(5, reposts_count=9)}]}}
    an_hour_later(tmp_path / "m.sqlite")
    second = collect(tmp_path, answers, "posts", "/api?uid=1&page=2")
    assert [i["id"] for i in first.items] == [i["id"] for i in second.items]
    assert second.items[0]["counts"]["reposts"] == 9
    assert second.items[0]["provenance"]["revision"] == 1


def test_a_mobile_page_with_a_state_object(tmp_path: Path) -> None:
    import json

    state = json.dumps([{"status": mblog(6)}], ensure_ascii=False)
    page = f"<html><body><script>var $render_data = {state}[0] || {{}};</script></body></html>"
    found = collect(tmp_path, {"/detail/6": page, "/none": "<p>请登录</p>"}, "posts", "/detail/6")
    assert [i["text"] for i in found.items] == ["停电第6天[泪]\n@供电公司"]
    wall = collect(tmp_path, {"/none": "<p>请登录</p>"}, "posts", "/none")
    assert wall.code == 3 and wall.summaries["posts"]["why"] == "layout"


def test_single_pages_are_articles(tmp_path: Path) -> None:
    found = collect(tmp_path, {"/s/abc": article("公众号文章")}, "page", "/s/abc", channel="wechat")
    assert [(i["title"], i["channel"]) for i in found.items] == [("公众号文章", "wechat")]
