"""Tables over code points: what each character becomes, and what kind it is.

Built once from Unicode (NFKC, lower case) and opencc's traditional → simplified
table. Only mappings from one character to one are taken, so that a text keeps its
positions; `①` becomes `1`, `㈱` (three characters under NFKC) stays.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
from opencc import OpenCC

SIZE = 0x20000  # code points above are kept as they are: rare ideographs, tags
_FOLDED = [
    *range(0xD800),
    *range(0xE000, 0x10000),
    *range(0x1D400, 0x1D800),
    *range(0x1F100, 0x1F200),
]
_BLANK = ("Cc", "Zs", "Zl", "Zp")  # NUL and tabs are blanks too
_INVISIBLE = ("Cf", "Cs", "Co", "Mn", "Me")  # joiners, lone surrogates, private use, dressing

# Kinds of characters.
GONE, SPACE, MARK, LETTER, DIGIT = range(5)
KIND_SHIFT = 24


@cache
def fold_table() -> np.ndarray:
    """uint32[SIZE]: the code point that each becomes, and its kind in the top byte.

    One table, because each look-up over a batch costs as much as five sums.
    """
    table = np.arange(SIZE, dtype=np.uint32)
    for code in _FOLDED:
        folded = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(folded) == 1 and ord(folded) < SIZE:
            table[code] = ord(folded)
    _simplify(table)
    kinds = np.array([_kind(code) for code in range(SIZE)], dtype=np.uint32)
    table[kinds == SPACE] = 0x20
    # What a folded character is, decides: a full-width digit is a digit.
    return table | kinds[table] << np.uint32(KIND_SHIFT)


def _simplify(table: np.ndarray) -> None:
    ideographs = [code for code in range(0x3400, SIZE) if unicodedata.category(chr(code)) == "Lo"]
    lines = OpenCC("t2s").convert("\n".join(map(chr, ideographs))).split("\n")
    for code, line in zip(ideographs, lines, strict=True):
        if len(line) == 1 and table[code] == code and ord(line) < SIZE:
            table[code] = ord(line)
    table[:] = table[table]  # compatibility forms become what their plain forms become


def _kind(code: int) -> int:
    category = unicodedata.category(chr(code))
    if category in _BLANK:
        return SPACE
    if category in _INVISIBLE:
        return GONE
    if category[0] in "PS":
        return MARK
    return DIGIT if 0x30 <= code <= 0x39 else LETTER
