"""Where a batch can hold personal data: a few windows, so that most text is never scanned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from models.joined import FOLD, Joined

_DIGIT, _GAP, _AT, _PROVINCE, _LETTER, _DOOR, _COUNTED, _HYPHEN = (1 << i for i in range(8))
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LEAST_DIGITS = 7  # of a telephone number without its area code
Window = tuple[int, int]


def _flags() -> npt.NDArray[np.uint8]:
    flags = np.zeros(0x10000, dtype=np.uint8)
    for marks, bit in (
        ("0123456789", _DIGIT | _COUNTED),
        (" -‐–—.·()\u00a0\u200b转", _GAP),
        ("@", _AT),
        ("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼", _PROVINCE),
        (_LETTERS, _LETTER),
        ("栋幢座弄室单户号#", _DOOR),
        ("一二三四五六七八九十零〇ABCD", _COUNTED),
        ("-#", _HYPHEN),
    ):
        flags[[ord(mark) for mark in marks]] |= bit
    return flags[FOLD]


_FLAGS = _flags()


def windows(batch: Joined) -> Iterator[tuple[str, list[Window]]]:
    """Name of a pattern and the stretches of the batch that it has to read, in order."""
    flags = _FLAGS.take(batch.codes)
    yield "numbers", _around(_clusters(flags), 14, 6)
    at = np.flatnonzero(flags & _AT)
    yield "mail", _around((at, at), 64, 90)
    plate = np.flatnonzero(
        (flags[:-1] & _PROVINCE).astype(bool) & (flags[1:] & _LETTER).astype(bool)
    )
    yield "plate", _around((plate, plate), 0, 12)
    yield "address", _around(_doors(batch, flags), 34, 24)


def _clusters(flags: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First and last digit of groups of at least seven digits, gaps of up to two marks apart."""
    digit = np.flatnonzero(flags & _DIGIT)
    if len(digit) < _LEAST_DIGITS:
        return digit[:0], digit[:0]
    step = np.diff(digit)
    after = (flags[digit[:-1] + 1] & _GAP) != 0
    last = (flags[digit[1:] - 1] & _GAP) != 0
    joined = (step == 1) | ((step <= 3) & after & last)
    begins = np.flatnonzero(np.concatenate([[True], ~joined]))
    stops = np.concatenate([begins[1:], [len(digit)]])
    long = stops - begins >= _LEAST_DIGITS
    return digit[begins[long]], digit[stops[long] - 1]


def _doors(
    batch: Joined, flags: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Numbers of doors: 501室, 3栋, 12-4-602. 12号 only where the text speaks of living there."""
    counted = (flags & _COUNTED) != 0
    door = np.flatnonzero(counted[:-1] & ((flags[1:] & _DOOR) != 0))
    digit = (flags & _DIGIT) != 0
    hyphen = np.flatnonzero(digit[:-2] & ((flags[1:-1] & _HYPHEN) != 0) & digit[2:])
    # 12-4-602 has two hyphens close together; 2014-04-18 begins with four digits.
    double = hyphen[:-1][(np.diff(hyphen) <= 3) & ~digit[np.maximum(hyphen[:-1] - 3, 0)]]
    text = batch.text
    kept = [
        at for at in door.tolist()
        if text[at + 1] not in "号" or any(c in text[max(at - 30, 0) : at] for c in "住址组社队弄")
    ]  # fmt: skip
    found = np.sort(np.concatenate([np.array(kept, dtype=np.int64), double]))
    return found, found


def _around(
    found: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]], before: int, after: int
) -> list[Window]:
    """Stretches around the places found; those that touch become one."""
    out: list[Window] = []
    for first, last in zip(*(part.tolist() for part in found), strict=True):
        if out and first - before <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], last + after))
        else:
            out.append((max(first - before, 0), last + after))
    return out
