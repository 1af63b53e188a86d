"""Literals of JavaScript as far as pages need them: strings, JSON, html inside of both."""

from __future__ import annotations

import html as html_module
import re
from typing import Any
from urllib.parse import unquote

import orjson
from lxml import html as lxml_html
from lxml.etree import ParserError

from crawlers.extract.dom import lines_of, squeeze

_MAX_JSON = 8_000_000
_ESCAPES = {"n": "\n", "t": " ", "r": ""}


def unescape(text: str) -> str:
    """A string literal's escapes, then html entities."""
    text = re.sub(
        r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})", lambda m: chr(int(m[1] or m[2], 16)), text
    )
    text = re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), text)
    return html_module.unescape(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def load(script: str) -> Any:
    """JSON, also url-encoded or with raw newlines in its strings; None when it is none."""
    script = script.strip().rstrip(";")
    if len(script) > _MAX_JSON:
        return None
    if script.startswith(("%7B", "%5B")):
        script = unquote(script)
    for attempt in (script, re.sub(r"[\x00-\x1f]+", " ", script)):
        try:
            return orjson.loads(attempt)
        except orjson.JSONDecodeError:
            continue
    return None


def html_lines(body: str) -> list[str]:
    """The lines of a piece of html that came inside a string."""
    body = html_module.unescape(body) if "&lt;" in body else body
    if "<" not in body:
        return [line for line in (squeeze(line) for line in body.split("\n")) if line]
    try:
        return lines_of(lxml_html.fragment_fromstring(body, create_parent="div"))
    except (ParserError, ValueError):
        return []
