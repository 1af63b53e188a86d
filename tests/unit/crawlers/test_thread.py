# ruff: noqa: E501  (pages in one string each)
from datetime import UTC, datetime

import pytest

from crawlers.extract.page import parse
from crawlers.extract.thread import ThreadPage, read_thread
from crawlers.extract.times import BEIJING
from crawlers.selectors import Selectors

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BASE = "http://bbs.example.org/thread-9-1-1.html"


def read(body: str, wanted: Selectors | None = None) -> ThreadPage:
    tree = parse(
        f"<html><head><title>电费怎么涨了 - 某某社区</title></head><body>{body}</body></html>"
    )
    return read_thread(tree, BASE, wanted or Selectors(), NOW)


def discuz(floor: int, author: str, text: str) -> str:
    return (
        f"<div id='post_9{floor}'><div class='authi'><a class='xw1'>{author}</a></div>"
        f"<strong>{floor}楼</strong><em id='authorposton9{floor}'>发表于 2026-11-2{floor} 09:17</em>"
        f"<td class='t_f'>{text}</td><div>赞 {floor}</div></div>"
    )


def test_discuz() -> None:
    posts = discuz(1, "老井", "上月三百多<br>大家呢") + discuz(2, "小满", "回复1楼：我家也是")
    page = read(f"<h1>电费怎么涨了</h1>{posts}<a class='nxt' href='thread-9-2-1.html'>下一页</a>")
    assert page.title == "电费怎么涨了"
    assert [(p.floor, p.author, p.text, p.answers) for p in page.posts] == [
        (1, "老井", "上月三百多\n大家呢", None),
        (2, "小满", "回复1楼：我家也是", 1),
    ]
    assert page.posts[0].published_at == datetime(2026, 11, 21, 9, 17, tzinfo=BEIJING)
    assert page.posts[1].counts is not None and page.posts[1].counts.likes == 2
    assert page.next == "http://bbs.example.org/thread-9-2-1.html"


def test_posts_are_found_by_their_likeness_alone() -> None:
    rows = "".join(
        f"<section class='x{n} row'><b class='username'>用户{n}</b><i>11-2{n} 10:00</i>"
        f"<div class='content'>第{n}个人说的话</div></section>".replace(f"x{n} row", "row")
        for n in range(1, 4)
    )
    page = read(f"<div>{rows}</div><div class='side'>热门 11-20 08:00</div>")
    assert [post.text for post in page.posts] == [f"第{n}个人说的话" for n in range(1, 4)]
    assert [post.author for post in page.posts] == ["用户1", "用户2", "用户3"]


def test_a_quote_is_not_what_the_post_says() -> None:
    page = read(
        "<div class='post'><p class='info'>2026-11-23 09:17</p><div class='content'>"
        "<blockquote>回复 3楼 某某：别人的话</blockquote>我自己的话</div></div>"
    )
    assert (page.posts[0].text, page.posts[0].answers) == ("我自己的话", 3)


def test_selectors_win() -> None:
    wanted = Selectors(post="li.p", post_body="q", post_author="s", post_time="u")
    page = read("<ul><li class='p'><s>甲</s><u>昨天 08:00</u><q>话</q></li></ul>", wanted)
    assert [(p.author, p.text) for p in page.posts] == [("甲", "话")]
    assert page.posts[0].published_at == datetime(2026, 11, 23, 8, tzinfo=BEIJING)


@pytest.mark.parametrize("body", ["", "<p>维护中</p>", "<div>" * 300])
def test_no_posts(body: str) -> None:
    assert read(body).posts == []
