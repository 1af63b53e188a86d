"""Weibo-like posts from JSON answers and mobile pages: pure.

The shapes differ (`cards[].mblog`, `statuses[]`, `data.list[]`, a comment list, a state
object in a page); a post is an object with an id, a text and a time, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from lxml import html as lxml_html
from lxml.etree import ParserError

from crawlers.extract.counts import amount
from crawlers.extract.dom import lines_of
from crawlers.extract.times import parse_time
from schemas.raw_item import Counts

_TEXTS = ("text_raw", "raw_text", "text", "content")
_IDS = ("idstr", "id", "mid")
_MAX_DEPTH = 12
_STATE = re.compile(r"(?:render_data|__INITIAL_STATE__|__NEXT_DATA__)[^=>]{0,60}[=>]\s*")


@dataclass(frozen=True)
class Post:
    id: str
    text: str
    published_at: datetime | None
    user: str = ""  # the user's id, or the name where there is none
    name: str = ""
    verified: bool = False
    institution: bool = False
    followers: int | None = None
    counts: Counts = field(default_factory=Counts)
    bid: str = ""
    reposted: Post | None = None
    answers: str | None = None  # the id of the comment that this one answers


def read_posts(body: bytes, text: str, now: datetime) -> list[Post] | None:
    """The posts of an answer in their order, each once; None when it is neither JSON nor holds any
    state object."""
    data = _load(body, text)
    if data is None:
        return None
    found: dict[str, Post] = {}
    for raw in _objects(data):
        if post := _post(raw, now):
            found.setdefault(post.id, post)
    return list(found.values())


def _load(body: bytes, text: str) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    if match := _STATE.search(text):
        import json

        try:
            return json.JSONDecoder().raw_decode(text, match.end())[0]
        except (ValueError, RecursionError):
            return None
    return None


def _objects(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The outermost objects that look like posts; what they repost belongs to them."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(data, dict):
        if _looks_like_post(data):
            yield data
            for name in ("comments", "child_comments"):  # answers stand inside their comment
                if isinstance(data.get(name), list):
                    yield from _objects(data[name], depth + 1)
            return
        for part in data.values():
            yield from _objects(part, depth + 1)
    elif isinstance(data, list):
        for part in data:
            yield from _objects(part, depth + 1)


def _looks_like_post(raw: dict[str, Any]) -> bool:
    return "created_at" in raw and _first(raw, _IDS) != "" and any(n in raw for n in _TEXTS)


def _post(raw: dict[str, Any], now: datetime, depth: int = 0) -> Post | None:
    if not _looks_like_post(raw):
        return None
    account = raw.get("user")
    user: dict[str, Any] = account if isinstance(account, dict) else {}
    inner = raw.get("retweeted_status")
    reposted = _post(inner, now, depth + 1) if isinstance(inner, dict) and depth < 3 else None
    kind = user.get("verified_type")
    answered = raw.get("reply_id") or raw.get("rootid")
    return Post(
        id=_first(raw, _IDS),
        text=plain(_first(raw, _TEXTS)),
        published_at=weibo_time(str(raw.get("created_at", "")), now),
        user=_first(user, ("idstr", "id", "screen_name")),
        name=_first(user, ("screen_name", "name"))[:200],
        verified=bool(user.get("verified")),
        # 1 to 7: government, enterprise, media, campus, site, application, body
        institution=bool(user.get("verified")) and isinstance(kind, int) and 1 <= kind <= 7,
        followers=amount(user.get("followers_count")),
        counts=Counts(
            reposts=amount(raw.get("reposts_count")),
            comments=amount(raw.get("comments_count", raw.get("total_number"))),
            likes=amount(raw.get("attitudes_count", raw.get("like_count", raw.get("like_counts")))),
        ),
        bid=_first(raw, ("bid", "mblogid")),
        reposted=reposted,
        answers=str(answered) if answered and str(answered) != _first(raw, _IDS) else None,
    )


def _first(raw: dict[str, Any], names: tuple[str, ...]) -> str:
    values = (raw.get(name) for name in names)
    return next((str(v) for v in values if isinstance(v, (str, int)) and str(v)), "")


def plain(text: str) -> str:
    """The text of a post, with its links and emoji images as their words."""
    if "<" not in text and "&" not in text:
        return text.strip()
    try:
        tree = lxml_html.fragment_fromstring(text, create_parent="div")
    except (ParserError, ValueError):
        return ""
    for image in tree.iter("img"):
        image.tail = f"{image.get('alt') or ''}{image.tail or ''}"
    return "\n".join(lines_of(tree))


def weibo_time(text: str, now: datetime) -> datetime | None:
    """`Tue Nov 24 19:30:00 +0800 2026` besides the usual forms."""
    try:
        return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")
    except ValueError:
        return parse_time(text, now)
