"""The words that say what a text is about: frequency × rarity, as jieba.analyse weighs."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise

import numpy as np

from models.compiled import compiled, inlined
from models.words import Words

# Common in news and posts whatever they are about; jieba's table has no stop words.
_STOP = frozenset(
    (  # noqa: SIM905 (a list of a hundred quoted words is no easier to read)
        "我们 你们 他们 自己 大家 这个 那个 这些 那些 什么 怎么 没有 不是 就是 可以 已经 因为 "
        "所以 但是 如果 进行 表示 记者 报道 目前 有关 相关 今天 昨天 明天 今年 去年 现在 时候 "
        "出现 发生 工作 情况 问题 部门 方面 一个 一些 一下 以及 对于 通过 其中 为了 同时 近日 "
        "日前 转发 微博 链接 网页 视频 图片 全文 哈哈 哈哈哈 回复 关注 真的 知道 看到 可能 应该 "
        "http https com"
    ).split()
)
TITLE_WEIGHT = 2
MOST = 6  # a word that is said more often than this weighs no more
READ = 200  # words of a text that are looked at; what it is about stands early
_SLOTS = 1 << 19  # of the table of rarities, for 275,000 words
_SEEN = 512  # slots for the words of one text, twice READ and more
_FEW, _MANY, _LATIN = 2, 12, 20  # characters of a word that can name something
_STEP = np.uint64(0x9E3779B97F4A7C15)


def _rarities() -> tuple[np.ndarray, np.ndarray, float]:
    """jieba's table of inverse document frequencies (uint64 keys, float32 values, by open
    addressing), 0 for stop words; and the median, for words that it lacks."""
    lines = (files("jieba") / "analyse" / "idf.txt").read_text("utf-8").split()
    words = [*_STOP, *lines[::2]]  # of two entries for a word the first counts
    values = np.concatenate((np.zeros(len(_STOP)), np.array(lines[1::2], dtype=np.float64)))
    codes = np.frombuffer("".join(words).encode("utf-32-le"), dtype="<u4")
    ends = np.cumsum(np.fromiter(map(len, words), np.int64, len(words)))
    keys, kept = np.zeros(_SLOTS, np.uint64), np.zeros(_SLOTS, np.float32)
    _fill(codes, ends, values.astype(np.float32), keys, kept)
    return keys, kept, float(np.median(values[len(_STOP) :]))


class Keywords:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._keys, self._rarity, self._unknown = _rarities()

    def of(self, cut: Words, heads: Sequence[int]) -> list[list[tuple[str, float]]]:
        """Of each text at most `limit` of (word, weight), heaviest first, of unit length.

        heads: how many characters of each were its title, whose words weigh more.
        """
        batch = cut.batch
        titles = np.array(heads, dtype=np.int64)
        word, weight, counts = _heaviest(
            batch.codes, cut.begin, cut.end, cut.starts, titles, self._keys, self._rarity,
            self._unknown, self._limit,
        )  # fmt: skip
        joined = batch.joined
        begins, ends = cut.begin[word].tolist(), cut.end[word].tolist()
        pairs = [(joined[a:b], w) for a, b, w in zip(begins, ends, weight.tolist(), strict=True)]
        stops = np.concatenate(([0], np.cumsum(counts))).tolist()
        return [pairs[a:b] for a, b in pairwise(stops)]


@inlined
def _key(codes: np.ndarray, first: int, last: int) -> int:
    """A hash of 64 bits of the characters from `first` to `last`; never 0."""
    key = np.uint64(0)
    for at in range(first, last):
        key = np.uint64((key ^ np.uint64(codes[at])) * _STEP)
        key ^= key >> np.uint64(29)
    return np.uint64(key | np.uint64(1))


@compiled
def _fill(
    codes: np.ndarray, ends: np.ndarray, values: np.ndarray, keys: np.ndarray, kept: np.ndarray
) -> None:
    mask, first = np.uint64(len(keys) - 1), 0
    for word in range(len(ends)):
        key = _key(codes, first, ends[word])
        first = ends[word]
        slot = np.int64((key >> np.uint64(20)) & mask)
        while keys[slot] != 0 and keys[slot] != key:
            slot = (slot + 1) & np.int64(mask)
        if keys[slot] == 0:
            keys[slot], kept[slot] = key, values[word]


@inlined
def _names(codes: np.ndarray, first: int, last: int) -> bool:
    """Whether the word can say what a text is about: Chinese, or Latin with a letter first."""
    size = last - first
    if 0x4E00 <= codes[first] <= 0x9FFF:
        fits = _FEW <= size <= _MANY
        for at in range(first + 1, last):
            fits = fits and 0x4E00 <= codes[at] <= 0x9FFF
        return fits
    fits = _FEW < size <= _LATIN + 1 and 0x61 <= codes[first] <= 0x7A
    for at in range(first + 1, last):
        code = codes[at]
        fits = fits and (0x61 <= code <= 0x7A or 0x30 <= code <= 0x39)
    return fits


@compiled
def _heaviest(
    codes: np.ndarray, begin: np.ndarray, end: np.ndarray, starts: np.ndarray,
    titles: np.ndarray, keys: np.ndarray, rarity: np.ndarray, unknown: float, limit: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """(the chosen words by number, their weights, how many each text has)."""
    texts = len(starts) - 1
    chosen, weights = np.empty(texts * limit, np.int64), np.empty(texts * limit, np.float64)
    counts = np.zeros(texts, np.int64)
    seen, first, often = (
        np.zeros(_SEEN, np.uint64), np.zeros(_SEEN, np.int64), np.zeros(_SEEN, np.int64),
    )  # fmt: skip
    used = np.zeros(_SEEN, np.int64)
    mask, total = np.int64(len(keys) - 1), 0
    for text in range(texts):
        distinct, said = 0, 0  # `said`: characters of the words before
        for word in range(starts[text], min(starts[text + 1], starts[text] + READ)):
            times = 1 + TITLE_WEIGHT * (said < titles[text])
            said += end[word] - begin[word]
            if not _names(codes, begin[word], end[word]):
                continue
            key = _key(codes, begin[word], end[word])
            slot = np.int64((key >> np.uint64(40)) & np.uint64(_SEEN - 1))
            while seen[slot] != 0 and seen[slot] != key:
                slot = (slot + 1) & (_SEEN - 1)
            if seen[slot] == 0:
                seen[slot], first[slot], often[slot] = key, word, 0
                used[distinct] = slot
                distinct += 1
            often[slot] += times
        begins = total
        for n in range(distinct):
            slot = used[n]
            key = seen[slot]
            seen[slot] = 0
            place = np.int64((key >> np.uint64(20)) & np.uint64(mask))
            while keys[place] != 0 and keys[place] != key:
                place = (place + 1) & mask
            rare = np.float64(rarity[place]) if keys[place] == key else unknown
            if rare == 0:
                continue
            # A trace of the word itself decides between equals, the same in every process.
            weight = min(often[slot], MOST) * (rare + np.float64(key >> np.uint64(11)) * 1e-22)
            if total - begins == limit:
                if weight <= weights[total - 1]:
                    continue
                total -= 1
            at = total
            while at > begins and weights[at - 1] < weight:
                weights[at], chosen[at] = weights[at - 1], chosen[at - 1]
                at -= 1
            weights[at], chosen[at] = weight, first[slot]
            total += 1
        length = 0.0
        for at in range(begins, total):
            length += weights[at] * weights[at]
        for at in range(begins, total):
            weights[at] /= np.sqrt(length)
        counts[text] = total - begins
    return chosen[:total].copy(), weights[:total].copy(), counts
