"""The words that say what a text is about: frequency × rarity, as jieba.analyse weighs."""

from __future__ import annotations

import re
from array import array
from binascii import crc32
from collections.abc import Sequence
from importlib.resources import files
from itertools import chain

import numpy as np

_WORD = re.compile(r"(?:[\u4e00-\u9fff]{2,12}|[a-z][a-z0-9]{2,20})")
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
_REMEMBERED = 200_000  # words whose rarity is kept; then the memory begins anew


class _Rarities:
    """jieba's table of inverse document frequencies, as arrays: 275,000 words in 4 MB."""

    def __init__(self) -> None:
        lines = (files("jieba") / "analyse" / "idf.txt").read_text("utf-8").split()
        values = np.array(lines[1::2], dtype=np.float32)
        keys = np.fromiter(map(hash, lines[::2]), np.int64, len(values))
        order = np.argsort(keys)
        self._keys, self._values = keys[order], values[order]
        self._unknown = float(np.median(values))

    def of(self, word: str) -> float:
        """Of a word; the median for one that is not in the table."""
        key = hash(word)
        at = int(np.searchsorted(self._keys, key))
        known = at < len(self._keys) and int(self._keys[at]) == key
        return float(self._values[at]) if known else self._unknown


class _Vocabulary(dict[str, int]):
    """word -> its number; `rarity` and `words` tell of a number. Grows as words are met."""

    def __init__(self) -> None:
        super().__init__()
        self._rarities = _Rarities()
        self.words: list[str] = []
        self.rarity = array("d")  # 0 for what names nothing: stop words, numbers, marks

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self.words)
        names = word not in _STOP and _WORD.fullmatch(word)
        # A trace of the word itself decides between equals, the same in every process.
        trace = crc32(word.encode("utf-8", "replace")) / 2**32 * 1e-6
        self.words.append(word)
        self.rarity.append(self._rarities.of(word) + trace if names else 0.0)
        return number

    def forget(self) -> None:
        self.clear()
        self.words.clear()
        del self.rarity[:]


class Keywords:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._vocabulary = _Vocabulary()

    def of(self, cut: Sequence[str], heads: Sequence[int]) -> list[list[tuple[str, float]]]:
        """Of each text at most `limit` of (word, weight), heaviest first, of unit length.

        cut: the texts cut into words, joined by blanks; heads: how many characters of each
        were its title, whose words weigh more.
        """
        if len(self._vocabulary) > _REMEMBERED:
            self._vocabulary.forget()
        number = self._vocabulary.__getitem__
        rows = [list(map(number, text.split(" ", READ)[:READ])) for text in cut]
        rows = [
            row + row[: _words_in(text, head)] * TITLE_WEIGHT if head else row
            for row, text, head in zip(rows, cut, heads, strict=True)
        ]
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        numbers = np.fromiter(chain.from_iterable(rows), np.int64, int(lengths.sum()))
        owners = np.repeat(np.arange(len(rows)), lengths)
        keys, counts = np.unique(owners << 32 | numbers, return_counts=True)
        owner, word = keys >> 32, keys & 0xFFFFFFFF
        weights = np.minimum(counts, MOST) * np.array(self._vocabulary.rarity)[word]
        return self._top(owner, word, weights, len(rows))

    def _top(
        self, owner: np.ndarray, word: np.ndarray, weights: np.ndarray, texts: int
    ) -> list[list[tuple[str, float]]]:
        named = weights > 0
        owner, word, weights = owner[named], word[named], weights[named]
        order = np.lexsort((-weights, owner))
        owner, word, weights = owner[order], word[order], weights[order]
        rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
        kept = rank < self._limit
        owner, word, weights = owner[kept], word[kept], weights[kept]
        norms = np.sqrt(np.bincount(owner, weights * weights, texts))
        weights = weights / norms[owner]
        words = self._vocabulary.words
        pairs = [(words[n], w) for n, w in zip(word.tolist(), weights.tolist(), strict=True)]
        ends = np.searchsorted(owner, np.arange(texts + 1)).tolist()
        return [pairs[ends[n] : ends[n + 1]] for n in range(texts)]


def _words_in(text: str, head: int) -> int:
    """How many words the first `head` characters (blanks between words aside) hold."""
    length = count = 0
    for word in text.split(" ", head):
        if length >= head:
            break
        length += len(word)
        count += 1
    return count
