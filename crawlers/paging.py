"""Which link of a list or thread leads to its next page: pure heuristics."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from lxml.etree import _Element as Element

from crawlers.anchors import anchors, canonical, link_text

NEXT_TEXT = re.compile(r"^\s*(下一页|下页|后一页|后页|next|older|[>›»]{1,2})\s*[>›»]*\s*$", re.I)
_TRS_PAGES = re.compile(
    r"createPageHTML\(\s*(\d+)\s*,\s*(\d+)\s*,\s*[\"'](\w+)[\"']\s*,\s*[\"'](\w+)[\"']"
)


def next_page(tree: Element, base: str) -> str | None:
    """The address of the next list page, or None on the last one."""
    for element in tree.iter("link", "a"):
        if (element.get("rel") or "").lower() == "next" and element.get("href"):
            return canonical(urljoin(base, element.get("href")))
    for anchor, url in anchors(tree, base):
        text = link_text(anchor) or anchor.get("title", "")
        if NEXT_TEXT.match(text) and url != canonical(base):
            return url
    return _scripted_next(tree, base)


def _scripted_next(tree: Element, base: str) -> str | None:
    """TRS, which many public bodies use, writes its page links by script."""
    for script in tree.iter("script"):
        if match := _TRS_PAGES.search(script.text or ""):
            pages, current, name, ending = match.groups()
            if int(current) + 1 < int(pages):
                return canonical(urljoin(base, f"{name}_{int(current) + 1}.{ending}"))
    return None
