"""Personal data taken out of texts before anything is indexed (B4)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.joined import FOLD, Joined, join
from models.masking_rules import ADDRESS, MAIL, NUMBERS, PLATE, id18_valid, luhn_valid

_LABELS = {
    "id18": "〈身份证号〉",
    "id15": "〈身份证号〉",
    "mobile": "〈手机号〉",
    "landline": "〈电话号码〉",
    "local": "〈电话号码〉",
    "card": "〈银行卡号〉",
    "passport": "〈护照号〉",
    "mail": "〈邮箱〉",
    "plate": "〈车牌号〉",
    "home": "〈住址〉",
    "hamlet": "〈住址〉",
    "door": "〈住址〉",
}
_NOT_DIGITS = re.compile(r"[^0-9Xx]")
_DIGIT, _AT, _PROVINCE, _LETTER, _HOUSE, _COUNTED = 1, 2, 4, 8, 16, 32


@dataclass(frozen=True)
class Masked:
    """`texts` without personal data, and how many pieces of each kind each text had."""

    texts: list[str]
    counts: list[dict[str, int]]  # kind (身份证号, 手机号, …) -> number


def _flags() -> npt.NDArray[np.uint8]:
    flags = np.zeros(0x10000, dtype=np.uint8)
    for marks, bit in (
        ("0123456789", _DIGIT | _COUNTED),
        ("@", _AT),
        ("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼", _PROVINCE),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", _LETTER),
        ("栋幢座号弄室单户元#-", _HOUSE),
        ("一二三四五六七八九十零〇ABCD", _COUNTED),
    ):
        for mark in marks:
            flags[ord(mark)] |= bit
    return flags[FOLD]


_FLAGS = _flags()


def mask(texts: Sequence[str]) -> list[str]:
    """The texts with ID and card numbers, phones, mail, plates and dwellings replaced."""
    return masked(texts).texts


def masked(texts: Sequence[str]) -> Masked:
    """As `mask`, with the counts by kind. Texts that hold nothing come back as they are."""
    out, counts = list(texts), [{} for _ in texts]  # type: list[str], list[dict[str, int]]
    if not texts:
        return Masked(out, counts)
    batch = join(texts)
    for pattern, wanted in _wanted(batch):
        for i in wanted:
            start, end = int(batch.starts[i]), int(batch.ends[i])
            # A text that an earlier pattern changed is read as it stands now.
            folded = batch.folded[start:end] if out[i] is texts[i] else join([out[i]]).folded[4:-4]
            out[i] = _replace(pattern, out[i], folded, counts[i])
    return Masked(out, counts)


def _wanted(batch: Joined) -> Iterator[tuple[re.Pattern[str], npt.NDArray[np.int64]]]:
    """Each pattern with the texts that can hold it: most texts are never scanned."""
    flags = _FLAGS.take(batch.codes)
    digit = (flags & _DIGIT) != 0
    enough = np.add.reduceat(digit, batch.starts, dtype=np.int64) >= 7
    enough[batch.starts == batch.ends] = False
    yield NUMBERS, np.flatnonzero(enough)
    for pattern, first, second in (
        (PLATE, _PROVINCE, _LETTER),
        (ADDRESS, _COUNTED, _HOUSE),
    ):
        at = np.flatnonzero(((flags[:-1] & first) != 0) & ((flags[1:] & second) != 0))
        yield pattern, np.unique(batch.owner(at))
    yield MAIL, np.unique(batch.owner(np.flatnonzero((flags & _AT) != 0)))


def _replace(pattern: re.Pattern[str], text: str, folded: str, counts: dict[str, int]) -> str:
    parts, last, kinds = [], 0, Counter(counts)
    for match in pattern.finditer(folded):
        kind = match.lastgroup or ""
        start, end = match.span(kind)
        if not _holds(kind, folded[start:end]):
            continue
        parts += [text[last:start], _LABELS[kind]]
        last = end
        kinds[_LABELS[kind][1:-1]] += 1
    if not parts:
        return text
    counts.update(kinds)
    return "".join(parts) + text[last:]


def _holds(kind: str, found: str) -> bool:
    """The checks that a pattern cannot make."""
    if kind == "id18":
        return id18_valid(_NOT_DIGITS.sub("", found))
    if kind == "card":
        return luhn_valid(_NOT_DIGITS.sub("", found))
    return True
