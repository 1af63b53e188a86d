"""Numbers as Chinese text writes them: 12, １２, 1.5万, 三十二, 两千余, 二〇〇八."""

from __future__ import annotations

import re
from functools import lru_cache

# A number, with the marks of "about" inside (20多万, 十余, 2,000). Bounded: linear on any input.
NUMBER = (
    "(?:\\d{1,3}(?:,\\d{3}){1,4}(?!\\d)|\\d{1,12}(?:\\.\\d{1,4})?|[〇零一二两三四五六七八九十百千数几]{1,12})"
    "[多余几来]?[十百千]?[多余]?[万亿]{0,2}[多余]?"
)
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "几": 0,
    "数": 0,
}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_ABOUT = str.maketrans("", "", ",多余来几数")
_FULL = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_ARABIC = re.compile(r"(\d+(?:\.\d+)?)([十百千]?)([万亿]{0,2})$")


@lru_cache(maxsize=4096)
def number(text: str) -> int | None:
    """The number, 多 and 余 left out (20多 → 20); None when it is none, or is vague (数十)."""
    if text[:1] in ("数", "几"):
        return None
    bare = text.translate(_FULL).translate(_ABOUT)
    if not bare:
        return None
    match = _ARABIC.match(bare)
    if match:
        scaled = float(match[1]) * _UNITS.get(match[2], 1)
        for large in match[3]:
            scaled *= _LARGE[large]
        return round(scaled) if scaled < 2**53 else None
    return _chinese(bare)


def _chinese(text: str) -> int | None:
    total = part = digit = 0
    if len(text) > 1 and all(c in _DIGITS for c in text):  # 二〇〇八: read digit by digit
        return int("".join(str(_DIGITS[c]) for c in text))
    if not any(c in _DIGITS or c in _UNITS for c in text):
        return None
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _UNITS:
            part += (digit or (1 if c == "十" or not part else 0)) * _UNITS[c]
            digit = 0
        elif c in _LARGE:
            total = (total + part + digit) * _LARGE[c]
            part = digit = 0
        else:
            return None
    return total + part + digit if total + part + digit < 2**53 else None
