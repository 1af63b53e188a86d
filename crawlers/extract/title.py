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


def find_title(page: View, css: str | None = None) -> str:
    """Selector, then data in scripts, then a heading that <title> confirms, then <title> cut."""
    tree = page.tree
    if (chosen := first_text(tree, css)) or (chosen := page.data.title):
        return chosen[:MAX]
    document = squeeze(tree.findtext(".//head/title") or tree.findtext(".//title") or "")
    headings = _headings(page)
    named = [page.metas[name] for name in _META if name in page.metas]
    for heading in headings:
        if len(heading) > 3 and _same(heading, document):
            return heading[:MAX]
    for text in named:
        if cut := cut_suffix(text, headings):
            return cut[:MAX]
    if document:
        return cut_suffix(document, headings)[:MAX]
    return max(headings, key=len, default="")[:MAX]


def _headings(page: View) -> list[str]:
    """The texts of h1, of elements whose class says title, of h2: likeliest first."""
    texts = [text_of(element) for element in page.tree.iter("h1")]
    texts += [h.text for h in page.holders if h.tag not in ("a", "ul") and _HEADING.search(h.names)]
    texts += [text_of(element) for element in page.tree.iter("h2")]
    return [text for text in dict.fromkeys(texts) if 0 < len(text) <= 150]


def _bare(text: str) -> str:
    return re.sub(r"[^\w]|_", "", text)


def _same(heading: str, document: str) -> bool:
    """The document title begins with the heading (punctuation aside), or holds most of it."""
    left, right = _bare(heading), _bare(document)
    return bool(left) and (right.startswith(left) or (len(left) >= 8 and left in right))


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
