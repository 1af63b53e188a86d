import pytest

from crawlers.parts import joined, next_part

FIRST = "http://news.example.org/2026/1124/c1001-20001.html"


@pytest.mark.parametrize(
    "href, expected",
    [
        ("c1001-20001-2.html", "http://news.example.org/2026/1124/c1001-20001-2.html"),
        ("c1001-20001_1.html", "http://news.example.org/2026/1124/c1001-20001_1.html"),
        ("c1001-20001.html?page=2", f"{FIRST}?page=2"),
        ("c1001-20001_p2.html", "http://news.example.org/2026/1124/c1001-20001_p2.html"),
        ("c1001-20002.html", None),  # the next article
        ("c1001-20001_9.html", None),
        ("http://elsewhere.example.org/2026/1124/c1001-20001_2.html", None),
        ("c1001-20001.html", None),
    ],
)
def test_only_the_same_article_goes_on(href: str, expected: str | None) -> None:
    page = f'<html><body><a href="{href}">下一页</a></body></html>'
    for charset in ("utf-8", "gb18030"):
        assert next_part(page.encode(charset), charset, FIRST, FIRST, 1, None) == expected


def test_the_next_article_is_no_part() -> None:
    page = '<a href="c1001-20001_2.html">下一篇</a>'.encode()
    assert next_part(page, "utf-8", FIRST, FIRST, 1, None) is None


def test_a_selector_wins() -> None:
    page = '<p class="on"><a href="/read/b">接着看</a></p>'.encode()
    found = next_part(page, "utf-8", FIRST, FIRST, 1, "p.on a")
    assert found == "http://news.example.org/read/b"


def test_repeated_heads_count_once() -> None:
    assert joined(["标题\n甲", "标题\n乙", "丙"]) == "标题\n甲\n乙\n丙"
