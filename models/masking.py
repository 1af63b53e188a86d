"""Personal data taken out of texts before anything is indexed (B4)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.joined import join
from models.masking_rules import ADDRESS, MAIL, NUMBERS, PLATE, id18_valid, luhn_valid
from models.masking_where import windows

_LABELS = {
    "id18": "身份证号",
    "id15": "身份证号",
    "mobile": "手机号",
    "landline": "电话号码",
    "local": "电话号码",
    "card": "银行卡号",
    "passport": "护照号",
    "mail": "邮箱",
    "plate": "车牌号",
    "home": "住址",
    "hamlet": "住址",
    "door": "住址",
}
_PATTERNS = {"numbers": NUMBERS, "mail": MAIL, "plate": PLATE, "address": ADDRESS}
_NOT_DIGITS = re.compile(r"[^0-9Xx]")


@dataclass(frozen=True)
class Masked:
    """`texts` without personal data, and how many pieces of each kind each text had."""

    texts: list[str]
    counts: list[dict[str, int]]  # kind (身份证号, 手机号, …) -> number


def mask(texts: Sequence[str]) -> list[str]:
    """The texts with ID and card numbers, phones, mail, plates and dwellings replaced."""
    return masked(texts).texts


def masked(texts: Sequence[str]) -> Masked:
    """As `mask`, with the counts by kind. Texts that hold nothing come back as they are."""
    out = list(texts)
    counts: list[dict[str, int]] = [{} for _ in texts]
    if not texts:
        return Masked(out, counts)
    batch = join(texts)
    found: list[tuple[int, int, str]] = []
    for name, places in windows(batch):
        pattern = _PATTERNS[name]
        for start, end in places:
            for match in pattern.finditer(batch.folded, start, end):
                kind = match.lastgroup or ""
                if _holds(kind, match[kind]):
                    found.append((*match.span(kind), _LABELS[kind]))
    if not found:
        return Masked(out, counts)
    found.sort(key=lambda piece: (piece[0], -piece[1]))
    owners = batch.owner(np.array([start for start, _, _ in found], dtype=np.int64)).tolist()
    by_text: dict[int, list[tuple[int, int, str]]] = {}
    for piece, text in zip(found, owners, strict=True):
        by_text.setdefault(text, []).append(piece)
    for text, pieces in by_text.items():
        base = int(batch.starts[text])
        out[text], counts[text] = _replaced(texts[text], base, pieces)
    return Masked(out, counts)


def _replaced(
    text: str, base: int, pieces: list[tuple[int, int, str]]
) -> tuple[str, dict[str, int]]:
    parts: list[str] = []
    last = base
    counts: Counter[str] = Counter()
    for start, end, label in pieces:
        if start < last:  # within what is gone already
            continue
        parts += [text[last - base : start - base], f"〈{label}〉"]
        last = end
        counts[label] += 1
    return "".join(parts) + text[last - base :], dict(counts)


def _holds(kind: str, found: str) -> bool:
    """The checks that a pattern cannot make."""
    if kind == "id18":
        return id18_valid(_NOT_DIGITS.sub("", found))
    if kind == "card":
        return luhn_valid(_NOT_DIGITS.sub("", found))
    return True
