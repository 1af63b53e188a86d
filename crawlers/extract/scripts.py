"""What a page carries in its scripts: JSON-LD, state objects, WeChat's variables."""

from __future__ import annotations

import html as html_module
import re
from dataclasses import dataclass, field
from typing import Any

import orjson
from lxml import html as lxml_html
from lxml.etree import ParserError

from crawlers.extract.dom import lines_of, squeeze

_BLOCK = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.S | re.I)
_ASSIGNED = re.compile(r"(?:window\.)?[\w.$]+\s*=\s*(?=\{)")
_WECHAT_TIME = re.compile(r"var\s+(?:ct|createTime|create_time)\s*=\s*[\"']([^\"']{8,20})[\"']")
_WECHAT_TITLE = re.compile(r"var\s+msg_title\s*=\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")")
_WECHAT_NAME = re.compile(r"var\s+nickname\s*=\s*(?:htmlDecode\()?[\"']([^\"']+)[\"']")
# `name: 'value'` in script objects that are no JSON (Toutiao's BASE_DATA, for one).
_LOOSE = r"(?<![\w\"']){name}[\"']?\s*:\s*(?:'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\")"
_TITLE_KEYS = ("headline", "title", "name")
_BODY_KEYS = ("articleBody", "content", "contentHtml", "article_content", "txt", "text")
_TIME_KEYS = ("datePublished", "publishTime", "pubTime", "publish_time", "pub_time", "pubtime",
              "ptime", "pubDate", "upDate", "createTime", "time")  # fmt: skip
_MAX_JSON = 4_000_000
_MIN_BODY = 80


@dataclass
class Embedded:
    """The parts of an article found in scripts; empty where there are none."""

    title: str = ""
    body: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    author: str = ""
    publisher: str = ""
    counts: dict[str, int] = field(default_factory=dict)


def embedded(text: str) -> Embedded:
    """Read all scripts of a page."""
    found = Embedded()
    if "msg_title" in text or "js_content" in text:
        _wechat(text, found)
    for match in _BLOCK.finditer(text):
        attributes, script = match[1].lower(), match[2]
        if "ld+json" in attributes:
            for node in _objects(_load(script)):
                _linked_data(node, found)
        elif "application/json" in attributes or "__NEXT_DATA__" in match[1]:
            _state(_load(script), found)
        elif "articleInfo" in script:
            _loose(script, found)
        elif "sub_abstracts" in script:
            _gallery(script, found)
    return found


def _wechat(text: str, found: Embedded) -> None:
    if match := _WECHAT_TITLE.search(text):
        found.title = squeeze(_unescape(match[1] or match[2] or ""))
    if match := _WECHAT_TIME.search(text):
        found.published.append(match[1])
    if match := _WECHAT_NAME.search(text):
        found.publisher = squeeze(html_module.unescape(match[1]))


def _linked_data(node: dict[str, Any], found: Embedded) -> None:
    kinds = node.get("@type")
    names = {kinds} if isinstance(kinds, str) else set(kinds or [])
    if not any("Article" in name or "Posting" in name for name in names) and not node.get(
        "pubDate"
    ):
        return
    found.title = found.title or squeeze(str(node.get("headline") or ""))
    for key in ("datePublished", "pubDate"):
        if isinstance(node.get(key), str):
            found.published.append(node[key])
    found.author = found.author or _name(node.get("author"))
    found.publisher = found.publisher or _name(node.get("publisher"))
    if isinstance(body := node.get("articleBody"), str) and len(body) >= _MIN_BODY:
        found.body = found.body or _html_lines(body)


def _state(data: Any, found: Embedded) -> None:
    """The object with the longest body text is the article."""
    candidates = [
        (len(value), index, node, value)
        for index, node in enumerate(_objects(data))
        if any(key in node for key in _TITLE_KEYS)
        for value in (node.get(key) for key in _BODY_KEYS)
        if isinstance(value, str) and len(value) >= _MIN_BODY
    ]
    if not candidates:
        return
    _, _, node, body = max(candidates, key=lambda candidate: candidate[:2])
    found.body = _html_lines(body)
    titles = (squeeze(str(node[k])) for k in _TITLE_KEYS if isinstance(node.get(k), str))
    found.title = next(titles, "")
    found.published += [str(node[k]) for k in _TIME_KEYS if isinstance(node.get(k), str | int)]
    found.author = _name(node.get("author"))
    found.publisher = _name(node.get("source") or node.get("publisher"))


def _loose(script: str, found: Embedded) -> None:
    def value(name: str) -> str:
        match = re.search(_LOOSE.format(name=name), script)
        return _unescape(match[1] or match[2] or "") if match else ""

    body = html_module.unescape(value("content"))
    if len(body) < _MIN_BODY:
        return
    found.body = _html_lines(body.strip("\"'"))
    found.title = squeeze(html_module.unescape(value("title"))).strip("\"'")
    found.publisher = squeeze(value("source")) or squeeze(value("name"))
    if time := value("time"):
        found.published.append(time)


def _gallery(script: str, found: Embedded) -> None:
    """A picture series: the captions are its text."""
    for literal in re.findall(r'JSON\.parse\("((?:[^"\\]|\\.)*)"\)', script):
        data = _load(_load(f'"{literal}"') or "")
        captions = data.get("sub_abstracts") if isinstance(data, dict) else None
        if isinstance(captions, list):
            found.body = [squeeze(line) for line in captions if isinstance(line, str) and line]


def _objects(data: Any) -> list[dict[str, Any]]:
    """Every object inside `data`, outer ones first. Iterative: state can nest deep."""
    found: list[dict[str, Any]] = []
    queue = [data]
    while queue:
        node = queue.pop()
        if isinstance(node, dict):
            found.append(node)
            queue.extend(node.values())
        elif isinstance(node, list):
            queue.extend(node)
    return found


def _load(script: str) -> Any:
    if len(script) > _MAX_JSON:
        return None
    try:
        return orjson.loads(script.strip().rstrip(";"))
    except orjson.JSONDecodeError:
        # Raw newlines inside strings are common in hand-made JSON-LD.
        try:
            return orjson.loads(re.sub(r"[\x00-\x1f]+", " ", script).strip())
        except orjson.JSONDecodeError:
            return None


def _unescape(text: str) -> str:
    """JavaScript escapes of a string literal, then HTML entities."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})",
                  lambda m: chr(int(m[1] or m[2], 16)), text)  # fmt: skip
    text = re.sub(r"\\(.)", lambda m: {"n": "\n", "t": " ", "r": ""}.get(m[1], m[1]), text)
    return html_module.unescape(text)


def _html_lines(body: str) -> list[str]:
    body = html_module.unescape(body) if "&lt;" in body else body
    try:
        return lines_of(lxml_html.fragment_fromstring(body, create_parent="div"))
    except (ParserError, ValueError):
        return []


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("nickname") or ""
    return squeeze(value)[:200] if isinstance(value, str) else ""
