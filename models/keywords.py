"""The words that say what a text is about: frequency × rarity, as jieba.analyse weighs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from heapq import nsmallest

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
_REMEMBERED = 500_000  # words whose rarity is kept; then the memory begins anew


class _Rarity(dict[str, float]):
    """word -> inverse document frequency; 0 for what names nothing (stop words, numbers, marks)."""

    def __init__(self) -> None:
        super().__init__()
        from jieba.analyse import TFIDF

        table = TFIDF()
        self._known, self._unknown = table.idf_freq, table.median_idf

    def __missing__(self, word: str) -> float:
        if len(self) >= _REMEMBERED:
            self.clear()
        names = word not in _STOP and _WORD.fullmatch(word)
        value = self[word] = self._known.get(word, self._unknown) if names else 0.0
        return value


@lru_cache(1)
def rarity() -> dict[str, float]:
    return _Rarity()


def keywords(
    title_words: Sequence[str], text_words: Sequence[str], limit: int
) -> list[tuple[str, float]]:
    """At most `limit` of (word, weight), heaviest first; weights have unit length."""
    idf = rarity()
    counts = Counter(text_words)
    for word in title_words:
        counts[word] += TITLE_WEIGHT
    scored = [(-min(count, MOST) * idf[word], word) for word, count in counts.items()]
    top = nsmallest(limit, [pair for pair in scored if pair[0]])
    norm = sum(weight * weight for weight, _ in top) ** 0.5 or 1.0
    return [(word, -weight / norm) for weight, word in top]
