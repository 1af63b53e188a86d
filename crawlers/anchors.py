"""The links of a page with their full addresses, and one form of each address: pure."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from lxml.etree import XPath
from lxml.etree import _Element as Element

_ANCHORS = XPath("//a[@href]")


def canonical(url: str) -> str:
    """The address without fragment and tracking parameters, host in lower case."""
    parts = urlsplit(url.strip())
    query = "&".join(
        pair
        for pair in parts.query.split("&")
        if pair and not re.match(r"(utm_\w+|spm|from|share\w*|isappinstalled|f|_t)=", pair)
    )
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", query, ""))


def anchors(tree: Element, base: str) -> list[tuple[Element, str]]:
    """Each link with its full address, in document order."""
    if (own := tree.find(".//base[@href]")) is not None:
        base = urljoin(base, own.get("href"))
    found = []
    for anchor in _ANCHORS(tree):
        href = anchor.get("href").strip()
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            continue
        try:
            url = canonical(urljoin(base, href))
        except ValueError:  # a malformed IPv6 host, for one
            continue
        if urlsplit(url).scheme in ("http", "https"):
            found.append((anchor, url))
    return found


def link_text(anchor: Element) -> str:
    text = " ".join("".join(anchor.itertext()).split())
    return text or (anchor.get("title") or "").strip()
