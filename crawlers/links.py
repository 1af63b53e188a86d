"""Which links of a list page lead to articles, and which to the next page: pure heuristics."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml.etree import XPath
from lxml.etree import _Element as Element

from crawlers.anchors import anchors, canonical, link_text
from crawlers.extract.dom import select
from crawlers.paging import next_page
from crawlers.selectors import Selectors

SKIP_TEXT = re.compile(
    r"^(登录|注册|首页|关于我们|联系我们|版权|网站地图|更多|返回|设为首页|加入收藏|客户端下载?|"
    r"手机版|繁體|English|广告|举报|投诉|帮助|下载|订阅|RSS|评论|分享|[\d,.万]+|[<>«»]+|"
    # a count of comments, the moment of the last reply
    r"[\d,.万]*\s*(条|个)?\s*(评论|跟帖|跟贴|回复|阅读|浏览)\s*[(（]?[\d,.万]*[)）]?|"
    r"(最后(发表|回复)[:：]?\s*)?((今天|昨天|前天)\s*\d|(\d+|半)\s*(秒|分钟|小时|天)前|\d{4}-\d).*)$"
)
SKIP_EXTENSION = re.compile(
    r"\.(jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|zip|rar|mp4|mp3|apk|exe|css|js|xml)$", re.I
)
SKIP_PATH = re.compile(
    r"/(login|register|signup|search|tags?|user|space|about|contact|copyright|ads?|special|"
    r"video|live|photo(view|set)?|member|privacy|sitemap)(/|\.|$)", re.I,
)  # fmt: skip
SKIP_HOST = re.compile(
    r"^(comments?|live|video|v|photo|passport|login|reg|search|so|bbs_login)\.", re.I
)
SKIP_QUERY = re.compile(
    r"(^|&)(mod=(space|redirect|logging|misc)|goto=|do=|action=(reply|login))", re.I
)
# What the addresses of articles look like on Chinese sites: a date, a long number,
# a known word before a number, or a long opaque key.
ARTICLE_PATH = re.compile(
    r"/(19|20)\d\d[-/_]?(0?[1-9]|1[0-2])([-/_]?([0-2]?\d|3[01]))?/.*\w"
    r"|/(art|article|content|detail|news|newsdetail|post|thread|topic|doc|item|t|c|p|a|s|w)[-_/]?\d{2,}"
    r"|(content|article|detail|newsDetail)_(forward_)?\d+"
    r"|[a-z]?\d{5,}(_\d+)?(\.s?html?|/)?$|/[0-9A-Z]{12,}\.html$"
    r"|/t\d{8}_\d+|[?&](id|tid|aid|newsid|articleid)=\w+",
    re.I,
)
LIST_PATH = re.compile(
    r"(/|/(index|default|list|node|channel)[-_\d]*(\.(s?html?|jsp|aspx?|php))?)$", re.I
)
_THREAD = re.compile(r"(?:/thread-|[?&]tid=)(\d+)")
MIN_TITLE = 6  # characters of an article's link text
_BOILERPLATE = XPath(
    "boolean(ancestor::nav|ancestor::footer|ancestor::*[re:test(concat(@id,' ',@class), "
    "'(^|[ _-])(nav|navbar|menu|footer|foot|breadcrumb|crumb|copyright|topbar|friend-?links?)"
    "([ _-]|$)','i')])",
    namespaces={"re": "http://exslt.org/regular-expressions"},
)


@dataclass(frozen=True)
class Link:
    url: str
    text: str


def looks_like_article(url: str) -> bool:
    """Whether the address alone looks like an article's or a thread's."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    if SKIP_EXTENSION.search(parts.path) or SKIP_PATH.search(parts.path):
        return False
    if SKIP_HOST.search(parts.netloc) or SKIP_QUERY.search(parts.query):
        return False
    return bool(ARTICLE_PATH.search(path)) and not LIST_PATH.search(path)


def article_links(tree: Element, base: str) -> list[Link]:
    """The links of a list page that lead to articles, in document order, each once."""
    found: dict[str, Link] = {}
    for anchor, url in anchors(tree, base):
        text = link_text(anchor)
        if not looks_like_article(url) or _BOILERPLATE(anchor) or SKIP_TEXT.match(text):
            continue
        name = _thing(url)
        known = found.get(name)
        if known is None:
            found[name] = Link(url, text)
        elif len(known.text) < len(text):
            found[name] = Link(known.url, text)
    return [link for link in found.values() if len(link.text) >= MIN_TITLE]


def _thing(url: str) -> str:
    """What the address leads to: forum software links one thread in several ways."""
    if match := _THREAD.search(url):
        return f"{urlsplit(url).netloc} thread {match[1]}"
    return url


def list_page(
    tree: Element | None, base: str, selectors: Selectors
) -> tuple[list[Link], str | None]:
    """Article links and the next page; a selector given wins over the heuristics."""
    if tree is None:
        return [], None
    if selectors.links:
        chosen = (Link(canonical(urljoin(base, a.get("href", ""))), link_text(a))
                  for a in select(tree, selectors.links))  # fmt: skip
        links = list({link.url: link for link in chosen if link.url != canonical(base)}.values())
    else:
        links = article_links(tree, base)
    if selectors.next:
        following = next(
            (urljoin(base, a.get("href", "")) for a in select(tree, selectors.next)), None
        )
    else:
        following = next_page(tree, base)
    return links, following
