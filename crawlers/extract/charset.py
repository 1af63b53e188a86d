"""Bytes to text: Chinese pages often name a charset that is not theirs."""

from __future__ import annotations

import codecs
import re

_META = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# gb18030 holds gbk and gb2312, and browsers read the smaller labels so.
_ALIASES = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "utf8": "utf-8", "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
}  # fmt: skip
# The most frequent characters of simplified and of traditional text: right text has
# many of them, text read under the wrong charset almost none.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说"
    "产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使"
    "這個國為來時們會說產過學對發後動經電開關長門問題無車東馬"
)
# Python knows these as charsets, too, but no text is written in them: one is quadratic in
# the length, some raise whatever one asks for, some turn harmless bytes into markup.
_NO_TEXT = frozenset(
    (
        "punycode",
        "idna",
        "undefined",
        "unicode_escape",
        "raw_unicode_escape",
        "utf-7",
        "mbcs",
        "oem",
    )
)
_SAMPLE = 200_000


def text_charset(label: str) -> str:
    """The charset to read `label` as; empty when no text can be in it."""
    label = label.strip().lower()[:40]
    name = _ALIASES.get(label, label)
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return "" if known in _NO_TEXT or known.replace("-", "_") in _NO_TEXT else name


def decode(html: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The text and the charset it was read under."""
    for mark, name in _BOMS:
        if html.startswith(mark):
            return html[len(mark) :].decode(name, "replace"), name
    candidates = list(
        dict.fromkeys([*_declared(html, content_type), "utf-8", "gb18030", "big5hkscs"])
    )
    sample = html[:_SAMPLE]
    for charset in candidates[:1]:
        try:
            text = html.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
        # Any bytes are valid gb18030 or latin-1 by chance; valid UTF-8 is no chance.
        if charset == "utf-8" or _score(text) >= 0.15 or sample.isascii():
            return text, charset
    best = max(candidates, key=lambda name: _score(_try(sample, name)))
    return _try(html, best), best


def _declared(html: bytes, content_type: str | None) -> list[str]:
    names = _HEADER.findall(content_type or "")
    names += [match.decode("ascii") for match in _META.findall(html[:4096])]
    return [charset for name in names if (charset := text_charset(name))]


def _try(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return ""


def _score(text: str) -> float:
    """The share of common characters among all beyond ASCII, less what is broken."""
    wide = [char for char in text[:_SAMPLE] if char > "\x7f"]
    if not wide:
        return 1.0 if text else -1.0
    good = sum(char in _COMMON for char in wide)
    bad = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in wide)
    return (good - 3 * bad) / len(wide)
