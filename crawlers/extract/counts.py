"""Counts of views, comments, likes and reposts where the page shows them."""

from __future__ import annotations

import re
from typing import Any

from crawlers.extract.view import View
from schemas.raw_item import Counts

_NUMBER = r"\s*[:：(（]?\s*(\d[\d,]*(?:\.\d+)?)\s*(万|亿|w\b)?"
_PATTERNS = {
    "views": re.compile(r"(?:阅读量?|浏览量?|点击量?|点击数|浏览次数|阅读数|查看)" + _NUMBER, re.I),
    "comments": re.compile(r"(?:评论数?|跟帖|回复数?|回帖)" + _NUMBER, re.I),
    "likes": re.compile(r"(?:点赞数?|赞|喜欢|推荐)" + _NUMBER, re.I),
    "reposts": re.compile(r"(?:转发数?|分享数?|转载)" + _NUMBER, re.I),
}
_REVERSED = {
    "views": re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(万|亿)?\s*(?:次|人)?\s*(?:阅读|浏览|点击|观看)"),
    "comments": re.compile(
        r"(\d[\d,]*(?:\.\d+)?)\s*(万|亿)?\s*条?\s*(?:评论|跟帖|人跟贴|人参与|回复)"
    ),
}
_UNIT = {"万": 10_000, "w": 10_000, "亿": 100_000_000, None: 1, "": 1}
_NAMED = re.compile(
    r"count|num|view|read|comment|like|share|info|meta|click|stat|reply|post-", re.I
)
_MAX = 2**53


_AMOUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(万|亿|w\b)?\+?", re.I)


def amount(value: object) -> int | None:
    """`12`, `1,024`, `3.4万` or `100万+` as a number; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    match = _AMOUNT.fullmatch(str(value).strip()[:40])
    if match is None:
        return None
    return min(int(float(match[1].replace(",", "")) * _UNIT[(match[2] or "").lower()]), _MAX)


def find_counts(page: View) -> Counts | None:
    """The counts of the page, None when it shows none."""
    found: dict[str, Any] = dict(page.data.counts)
    for holder in page.holders:
        if len(holder.text) <= 120 and _NAMED.search(holder.names):
            _read(holder.text, found)
    return Counts(**found) if found else None


def read_counts(text: str) -> Counts | None:
    """The counts in one line of text."""
    found: dict[str, Any] = {}
    _read(text, found)
    return Counts(**found) if found else None


def _read(text: str, found: dict[str, int]) -> None:
    for patterns in (_PATTERNS, _REVERSED):
        for name, pattern in patterns.items():
            if name not in found and (match := pattern.search(text)):
                found[name] = min(int(float(match[1].replace(",", "")) * _UNIT[match[2]]), _MAX)
