"""What a page carries in its scripts: JSON-LD, state objects, WeChat's and Toutiao's variables."""

from __future__ import annotations

import re
from typing import Any

from crawlers.extract.dom import squeeze
from crawlers.extract.embedded import Embedded
from crawlers.extract.javascript import html_lines, load, unescape
from crawlers.extract.state import name, objects, read_state

_BLOCK = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.S | re.I)
_ASSIGNED = re.compile(r"^\s*(?:window\.|var\s+|let\s+|const\s+)[\w.$\[\]\"']+\s*=\s*(?=\{)")
_STRING = r"(?:'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\")"
_WECHAT_TIME = re.compile(
    r"(?:var\s+(?:ct|createTime|create_time|publish_time)|window\.ct|ori_create_time|create_time)"
    r"\s*[=:]\s*(?:JsDecode\()?[\"']([^\"']{8,20})[\"']"
)
_WECHAT_TITLE = re.compile(r"var\s+msg_title\s*=\s*" + _STRING)
_WECHAT_NAME = re.compile(r"var\s+nickname\s*=\s*(?:htmlDecode\()?" + _STRING)
_WECHAT_BODY = re.compile(r"content_noencode\s*[=:]\s*(?:JsDecode\()?" + _STRING)
# `name: 'value'` in script objects that are no JSON (Toutiao's BASE_DATA, for one).
_LOOSE = r"(?<![\w\"']){name}[\"']?\s*:\s*" + _STRING
_PARSED = re.compile(r'JSON\.parse\("((?:[^"\\]|\\.)*)"\)')
_MIN_BODY = 80


def embedded(text: str) -> Embedded:
    """Read all scripts of a page."""
    found = Embedded()
    if "msg_title" in text or "js_content" in text:
        _wechat(text, found)
    for match in _BLOCK.finditer(text):
        attributes, script = match[1].lower(), match[2]
        if "ld+json" in attributes:
            for path in objects(load(script)):
                _linked_data(path[-1], found)
        elif "application/json" in attributes or "__next_data__" in attributes:
            read_state(load(script), found)
        elif "articleInfo" in script:
            _loose(script, found)
        elif "sub_abstracts" in script:
            _gallery(script, found)
        elif (assigned := _ASSIGNED.match(script)) and '"title"' in script:
            read_state(load(script[assigned.end() : script.rfind("}") + 1]), found)
    return found


def _value(pattern: re.Pattern[str] | str, text: str) -> str:
    match = re.search(pattern, text)
    return unescape(match[1] or match[2] or "") if match else ""


def _wechat(text: str, found: Embedded) -> None:
    found.title = squeeze(_value(_WECHAT_TITLE, text))
    found.sure = bool(found.title)
    if match := _WECHAT_TIME.search(text):
        found.published.append(match[1])
    found.publisher = squeeze(_value(_WECHAT_NAME, text))
    found.body = html_lines(_value(_WECHAT_BODY, text))


def _linked_data(node: dict[str, Any], found: Embedded) -> None:
    kinds = node.get("@type")
    names = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    article = any("Article" in str(kind) or "Posting" in str(kind) for kind in names)
    if not article and not node.get("pubDate"):
        return
    found.title = found.title or name(node.get("headline"))
    for key in ("datePublished", "pubDate"):
        if isinstance(node.get(key), str):
            found.published.append(node[key])
    found.author = found.author or name(node.get("author"))
    found.publisher = found.publisher or name(node.get("publisher"))
    body = node.get("articleBody")
    if isinstance(body, str) and len(body) >= _MIN_BODY:
        found.body = found.body or html_lines(body)


def _loose(script: str, found: Embedded) -> None:
    def value(name: str) -> str:
        return squeeze(_value(_LOOSE.format(name=name), script)).strip("\"'")

    body = html_lines(value("content"))
    if sum(map(len, body)) < _MIN_BODY:
        return
    found.body, found.title, found.sure = body, value("title"), True
    found.publisher = value("source") or value("name")
    if time := value("time"):
        found.published.append(time)


def _gallery(script: str, found: Embedded) -> None:
    """A picture series: the captions are its text."""
    for literal in _PARSED.findall(script):
        data = load(load(f'"{literal}"') or "")
        captions = data.get("sub_abstracts") if isinstance(data, dict) else None
        if isinstance(captions, list):
            found.body = [squeeze(line) for line in captions if isinstance(line, str) and line]
            found.sure = True
