import pytest

from crawlers.anchors import canonical
from crawlers.extract.page import parse
from crawlers.links import article_links, list_page, looks_like_article
from crawlers.paging import next_page
from crawlers.selectors import Selectors

BASE = "http://news.example.org/local/index.html"
PAGE = """<html><body>
<nav><a href="/2026/1124/c1-1.html">导航里的专题链接不算</a></nav>
<ul>
 <li><a href="/2026/1124/c1001-20001.html">县城供电抢修完成居民用上电</a></li>
 <li><a href="/2026/1124/c1001-20001.html#comment">12</a></li>
 <li><a href="article/123456">市民中心新增六个办事窗口</a></li>
 <li><a href="/content/2026-11/24/content_88.htm">短题</a></li>
 <li><a href="/special/">学习贯彻重要精神专题报道</a></li>
 <li><a href="javascript:void(0)">打开客户端阅读更多精彩内容</a></li>
 <li><a href="/files/20261124/report_20261124.pdf">年度统计公报全文下载地址</a></li>
 <li><a href="http://[bad/2026/1124/1.html">一个写坏了的链接地址不应出错</a></li>
</ul>
<a href="index_2.html">下一页</a>
<div class="footer"><a href="/2026/1124/c1-2.html">页脚里的链接也不能算进去</a></div>
</body></html>"""


def test_article_links_and_nothing_else() -> None:
    tree = parse(PAGE)
    assert [link.url for link in article_links(tree, BASE)] == [
        "http://news.example.org/2026/1124/c1001-20001.html",
        "http://news.example.org/local/article/123456",
    ]
    assert next_page(tree, BASE) == "http://news.example.org/local/index_2.html"


def test_selectors_win() -> None:
    wanted = Selectors(links="li:nth-child(4) a", next="nav a")
    links, following = list_page(parse(PAGE), BASE, wanted)
    assert [link.url.rsplit("/", 1)[1] for link in links] == ["content_88.htm"]
    assert following == "http://news.example.org/2026/1124/c1-1.html"


def test_last_page_has_no_next() -> None:
    tree = parse('<html><body><a href="index.html">下一页</a><p>尾页</p></body></html>')
    assert next_page(tree, BASE) is None


def test_addresses() -> None:
    assert looks_like_article("http://a.cn/art/2026/11/24/art_12_20083.html")
    assert looks_like_article("http://a.cn/show.asp?id=20031")
    assert looks_like_article("http://bbs.a.cn/thread-312-1-1.html")
    assert not looks_like_article("http://a.cn/news/")
    assert not looks_like_article("http://a.cn/2026/1124/photo_1.jpg")
    assert not looks_like_article("http://a.cn/login/20261124/")


def test_canonical_drops_what_only_tracks() -> None:
    assert canonical("HTTP://A.cn?utm_source=x&id=3&spm=9#top") == "http://a.cn/?id=3"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('createPageHTML(9, 0, "index", "html")', "http://news.example.org/local/index_1.html"),
        ("createPageHTML(9,3,'list','shtml');", "http://news.example.org/local/list_4.shtml"),
        ('createPageHTML(9, 8, "index", "html")', None),
        ('createPageHTML(1, 0, "index", "html")', None),
    ],
)
def test_pages_that_a_script_links(call: str, expected: str | None) -> None:
    tree = parse(f"<html><body><ul></ul><script>{call}</script></body></html>")
    assert next_page(tree, BASE) == expected


def test_a_page_may_name_its_own_base() -> None:
    tree = parse(
        "<html><head><base href='/sub/'></head><body>"
        "<a href='2026/1124/c1-1.html'>县城供电抢修完成</a></body></html>"
    )
    assert [link.url for link in article_links(tree, BASE)] == [
        "http://news.example.org/sub/2026/1124/c1-1.html"
    ]
