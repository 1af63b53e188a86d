"""The title of a page: the heading that the document title names, without the site's suffix."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawlers.extract.dom import first_text, squeeze, text_of
from crawlers.extract.view import View

_SEPARATOR = re.compile(
    r"\s*(?:[_|｜\u2014]+|\s[-–—·]+\s|--+|(?<=[\u4e00-\u9fff”》！？!?…\d])-(?=[\u4e00-\u9fffA-Za-z]))\s*"
)
_HEADING = re.compile(
    r"(^|[-_ ])(main-?)?(article-?|art-?|news-?|post-?|page-?|content-?)?"
    r"(title|headline|bt|biaoti)([-_ ]|$)",
    re.I,
)
_META = ("og:title", "twitter:title", "articletitle", "dc.title", "title")
MAX = 1_000
_LONG = 6
_SITE = re.compile(
    r"(网|网站|日报|晚报|时报|早报|政府|委员会|局|厅|办公室|门户|在线|频道|论坛|社区|中心|平台|大学|学院|集团|"
    r"新闻|资讯|快报|电视台|融媒体?|客户端)$"
)


def find_title(page: View, css: str | None = None) -> str:
    """Selector, then data in scripts, then the heading that <title> names, then <title> cut."""
    if chosen := first_text(page.tree, css):
        return chosen[:MAX]
    document = _document(page)
    headings = _headings(page)
    if page.data.title and (page.data.sure or _agrees(page.data.title, document, headings)):
        return page.data.title[:MAX]
    if named := [heading for heading in headings if _names(document, heading)]:
        return max(named, key=len)[:MAX]
    metas = [page.metas[name] for name in _META if name in page.metas]
    for text in metas:
        if cut := cut_suffix(text, headings):
            return cut[:MAX]
    cut = cut_suffix(document, headings)
    # A document title that says no more than the site's name: the page's one heading, then.
    first = [text_of(element) for element in page.tree.iter("h1")]
    if len(first) == 1 and len(first[0]) >= _LONG and (len(cut) < _LONG or _SITE.search(cut)):
        return first[0][:MAX]
    return (cut or max(headings, key=len, default=""))[:MAX]


def _document(page: View) -> str:
    title = page.tree.findtext(".//head/title") or page.tree.findtext(".//title")
    return squeeze(title or "")


def _agrees(title: str, document: str, headings: list[str]) -> bool:
    """Whether data found by its shape can be this page's: the page shows the same title."""
    left, right = _bare(title), _bare(document)
    return not right or left in right or right in left or any(_bare(h) == left for h in headings)


def _names(document: str, heading: str) -> bool:
    """<title> holds the heading, and the heading is not merely the site's name at its end."""
    left, right = _bare(heading), _bare(document)
    if len(heading) <= 3 or not left or left not in right:
        return False
    if left == right:
        return True
    return not (right.endswith(left) and _SITE.search(heading) and len(left) <= 16)


def _headings(page: View) -> list[str]:
    """The texts of h1, of elements whose class says title, of h2: likeliest first."""
    texts = [text_of(element) for element in page.tree.iter("h1")]
    texts += [h.text for h in page.holders if h.tag not in ("a", "ul") and _HEADING.search(h.names)]
    texts += [text_of(element) for element in page.tree.iter("h2")]
    return [text for text in dict.fromkeys(texts) if 0 < len(text) <= 150]


def _bare(text: str) -> str:
    return re.sub(r"[^\w]|_", "", text)


def cut_suffix(title: str, headings: Sequence[str] = ()) -> str:
    """`标题_新闻频道_某某网` → `标题`. A part that a heading repeats is kept whole."""
    parts = [part for part in _SEPARATOR.split(title) if part]
    if len(parts) < 2:
        return title.strip(" -_|")
    for count in range(len(parts), 0, -1):
        prefix = _bare("".join(parts[:count]))
        if any(_bare(heading) == prefix for heading in headings):
            return _prefix(title, parts[:count])
    # Without a heading to confirm: the site's own name stands behind the first separator,
    # unless the first part is too short to be a title.
    count = 1 if len(parts[0]) >= 5 else len(parts) - 1
    return _prefix(title, parts[:count])


def _prefix(title: str, parts: list[str]) -> str:
    end = 0
    for part in parts:
        end = title.index(part, end) + len(part)
    return title[:end].strip()
