# ruff: noqa: E501  (pages in one string each)
"""Pages in the shapes that Chinese sites have; texts and names are made up."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.extract import Page, extract
from crawlers.extract.times import BEIJING
from crawlers.selectors import Selectors

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
FIRST = "记者从市发展和改革委员会获悉，居民基础电价没有调整，各类转供电加价行为将被查处。"
SECOND = "家住和平路的李先生说，他家上个月的电费比往年同期高出三成，希望账单写得更明白些。"
BODY = f"{FIRST}\n{SECOND}"
PARAGRAPHS = f"<p>{FIRST}</p><p>{SECOND}</p>"
AT = datetime(2026, 11, 23, 9, 17, tzinfo=BEIJING)
MENU = "".join(f'<li><a href="/{n}/">频道导航{n}</a></li>' for n in range(40))
MORE = "".join(
    f'<div class="item"><a href="/{n}.html">另一篇报道的标题{n}</a>'
    f"<p>这是另一篇报道的摘要，讲的是完全不同的事情，请不要算进正文。</p></div>"
    for n in range(12)
)


def page(body: str, head: str = "", title: str = "电价没有调整_民生频道_某某网") -> Page:
    top = f"<html><head><title>{title}</title>{head}</head>"
    return extract(f"{top}<body>{body}</body></html>".encode(), now=NOW)


def test_portal_with_menu_tools_and_recommendations() -> None:
    found = page(
        f"<ul class='nav'>{MENU}</ul><div class='path'>首页 > 民生</div><h1>电价没有调整</h1>"
        f"<div class='info'>2026-11-23 09:17 来源：某某日报 作者：王小明 <span>阅读 1.2万</span></div>"
        f"<div class='content'>{PARAGRAPHS}<p>（责任编辑：高远）</p></div>"
        f"<div class='recommend'>{MORE}</div><div class='footer'>版权所有 某某网</div>"
    )
    assert (found.title, found.body, found.published_at) == ("电价没有调整", BODY, AT)
    assert (found.publisher, found.author) == ("某某日报", "王小明")
    assert found.counts is not None and found.counts.views == 12_000


def test_recommendations_without_telling_names_are_left_out() -> None:
    found = page(f"<div class='a1'>{PARAGRAPHS}</div><div class='b2'>{MORE}</div>")
    assert found.body == BODY


def test_comments_longer_than_the_article() -> None:
    comments = "".join(
        f"<div class='comment-item'><p>网友{n}说，这事早就该管了，支持查处，希望一直管下去。</p></div>"
        for n in range(30)
    )
    found = page(f"<article>{PARAGRAPHS}</article><div class='comment-list'>{comments}</div>")
    assert found.body == BODY


def test_old_table_page_with_line_breaks() -> None:
    found = page(
        f"<table><tr><td class='menu'>{MENU}</td></tr></table><table><tr><td><b>电价没有调整</b></td>"
        f"</tr><tr><td>发布时间：2026年11月23日 09时17分 点击数：88</td></tr><tr><td id='zoom'>"
        f"　　{FIRST}<br><br>　　{SECOND}<br></td></tr></table>"
        "<table><tr><td>主办：某某网编辑部　地址：新华路</td></tr></table>",
        title="某某网-电价没有调整",
    )
    assert (found.body, found.published_at) == (BODY, AT)


def test_page_wrapped_in_a_form_with_the_article_on_the_right() -> None:
    """ASP.NET pages are one form; names such as `right` say little; imprints are long."""
    found = page(
        f"<form id='form1'><div class='left'>{MENU}</div><div class='right list'><h2>电价没有调整</h2>"
        f"<p>{FIRST}</p><p>{SECOND}</p><p>特此说明。</p></div><div id='d9'>主办单位：某市人民政府办公室，"
        "承办单位：某市电子政务中心，地址：某市和平路1号，电话：0310-0000000，欢迎监督，谢谢访问。</div></form>"
    )
    assert found.body == f"{BODY}\n特此说明。"


def test_government_notice_named_by_meta() -> None:
    head = (
        '<meta name="ArticleTitle" content="关于居民电价的说明"><meta name="PubDate" '
        'content="2026-11-23 09:17"><meta name="ContentSource" content="市发展改革委">'
    )
    found = page(
        f"<div class='bt'>关于居民电价的说明</div><div class='TRS_Editor'>{PARAGRAPHS}</div>"
        "<div class='foot'>主办单位：市人民政府办公室 备案编号：冀备0000号，请勿转载。</div>",
        head,
        "某市人民政府 通知公告 关于居民电价的说明",
    )
    assert (found.title, found.body) == ("关于居民电价的说明", BODY)
    assert (found.published_at, found.publisher) == (AT, "市发展改革委")


def test_wechat_page_whose_body_is_hidden_until_scripts_run() -> None:
    found = page(
        f"<div id='js_content' style='visibility: hidden; opacity: 0;'>{PARAGRAPHS}</div>"
        "<div>微信扫一扫 关注该公众号</div><script>var msg_title = '电价\\x26quot;没有\\x26quot;调整';"
        'var ct = "1795397820"; var nickname = "某某发布";</script>',
        title="",
    )
    assert found.title == '电价"没有"调整'
    assert found.body == BODY
    assert found.published_at == datetime.fromtimestamp(1795397820, UTC)
    assert found.publisher == "某某发布"


def test_wechat_page_whose_body_comes_in_a_script() -> None:
    escaped = PARAGRAPHS.replace("<", "\\x3c").replace(">", "\\x3e")
    found = page(
        f"<div id='js_content'></div><script>var msg_title = '电价没有调整';"
        f"var d = {{content_noencode: JsDecode('{escaped}'), create_time: JsDecode('2026-11-23 09:17')}};"
        "</script>",
        title="",
    )
    assert (found.title, found.body, found.published_at) == ("电价没有调整", BODY, AT)


@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{}</script>',
        "<script>window.DATA = {};</script>",
        "<script>var allData = {};</script>",
    ],
)
def test_article_only_in_the_state(script: str) -> None:
    state = {
        "props": {
            "menu": [{"name": "频道", "data": "短"}],
            "detail": {
                "title": "电价没有调整",
                "pubTime": "2026-11-23 09:17",
                "source": {"name": "某某新闻"},
                "body": {"list": [{"content": PARAGRAPHS}]},
            },
        }
    }
    found = page("<div id='app'>加载中</div>" + script.format(json.dumps(state)))
    assert (found.title, found.body, found.published_at) == ("电价没有调整", BODY, AT)
    assert found.publisher == "某某新闻"


def test_state_of_something_else_does_not_replace_the_page() -> None:
    other = {
        "title": "隐私政策",
        "content": "<p>" + "本政策说明我们如何收集和使用您的信息。" * 30 + "</p>",
    }
    script = f"<script type='application/json'>{json.dumps(other)}</script>"
    found = page(f"<h1>电价没有调整</h1><div>{PARAGRAPHS}</div>{script}")
    assert (found.title, found.body) == ("电价没有调整", BODY)


def test_linked_data() -> None:
    data = {
        "@context": "https://schema.org", "@type": ["NewsArticle"], "headline": "电价没有调整",
        "datePublished": "2026-11-23T01:17:00Z", "author": [{"name": "王小明"}],
        "publisher": {"name": "某某新闻"},
    }  # fmt: skip
    found = page(f"<script type='application/ld+json'>{json.dumps(data)}</script>{PARAGRAPHS}")
    assert (found.published_at, found.author, found.publisher) == (AT, "王小明", "某某新闻")


@pytest.mark.parametrize(
    ("document", "body", "expected"),
    [
        ("电价没有调整_民生频道_某某网", "", "电价没有调整"),
        ("电价没有调整-某某晚报", "", "电价没有调整"),
        ("某某网", "<h1>电价没有调整的说明</h1>", "电价没有调整的说明"),
        ("电价没有调整-某省发展和改革委员会", "<h1>某省发展和改革委员会</h1>", "电价没有调整"),
        ("A-B组对决：3-2险胜 | 体育", "<h1>A-B组对决：3-2险胜</h1>", "A-B组对决：3-2险胜"),
        ("“十四五”——开局之年怎么看_某某网", "<h2>“十四五”——开局之年怎么看</h2>",
         "“十四五”——开局之年怎么看"),
        ("", "<div class='article-title'>电价没有调整</div>", "电价没有调整"),
    ],
)  # fmt: skip
def test_titles(document: str, body: str, expected: str) -> None:
    assert page(body + PARAGRAPHS, title=document).title == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>电价没有调整</h1><span class='time'>2026-11-23 09:17</span>", AT),
        ("<h1>电价没有调整</h1><p>更新时间：2026-11-24 10:00</p><p>发布时间：2026-11-23 09:17</p>", AT),
        ("<h1>电价没有调整</h1><time datetime='2026-11-23T09:17:00+08:00'>昨天</time>", AT),
        ("<h1>电价没有调整</h1><span class='pub-date'>昨天 09:17</span>", AT),
        ("<h1>电价没有调整</h1><span class='date'>3小时前</span>",
         NOW - timedelta(hours=3)),
        ("<meta property='article:published_time' content='2026-11-23'>"
         "<h1>电价没有调整</h1><i>2026-11-23 09:17</i>", AT),
        ("<h1>电价没有调整</h1>", None),
    ],
)  # fmt: skip
def test_publish_times(body: str, expected: datetime | None) -> None:
    assert page(f"{body}<div>{PARAGRAPHS}</div>").published_at == expected


def test_day_in_the_address_when_the_page_shows_none() -> None:
    found = extract(
        f"<html><body>{PARAGRAPHS}</body></html>".encode(),
        "http://a.cn/2026/1123/c1-2.html",
        now=NOW,
    )
    assert found.published_at == datetime(2026, 11, 23, tzinfo=BEIJING)


def test_selectors_of_the_source_win() -> None:
    html = (
        f"<html><body><h1>栏目名</h1><h3 class='t'>电价没有调整</h3><i id='w'>2026-11-23 09:17</i>"
        f"<b class='who'>小王</b><div class='x'>{PARAGRAPHS}</div><div>{MORE}</div></body></html>"
    )
    wanted = Selectors(title=".t", body=".x", published_at="#w", author=".who")
    found = extract(html.encode(), now=NOW, selectors=wanted)
    assert (found.title, found.body, found.published_at) == ("电价没有调整", BODY, AT)
    assert found.author == "小王"
    with pytest.raises(ValueError, match="CSS selector"):
        Selectors(body="div[")


def test_an_editor_is_no_author() -> None:
    found = page(f"<h1>电价没有调整</h1><p class='info'>责任编辑：高远</p>{PARAGRAPHS}")
    assert found.author is None


@pytest.mark.parametrize(
    "html",
    [b"", b"\x00", b"<", b"<html></html>", b"\xff\xfe\x00", b"<div>" * 5_000 + "电价".encode(),
     b"<p" * 1_000, b"<!--", b"plain text, no markup at all"],
)  # fmt: skip
def test_broken_pages_never_raise(html: bytes) -> None:
    assert isinstance(extract(html, now=NOW), Page)
