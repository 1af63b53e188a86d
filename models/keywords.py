"""The words that say what a text is about: frequency × rarity, as jieba.analyse weighs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

_WORD = re.compile(r"^(?:[\u4e00-\u9fff]{2,12}|[a-z][a-z0-9]{2,20})$")
# Common in news and posts whatever they are about; jieba's table has no stop words.
_STOP = frozenset(
    [
        "我们",
        "你们",
        "他们",
        "自己",
        "大家",
        "这个",
        "那个",
        "这些",
        "那些",
        "什么",
        "怎么",
        "没有",
        "不是",
        "就是",
        "可以",
        "已经",
        "因为",
        "所以",
        "但是",
        "如果",
        "进行",
        "表示",
        "记者",
        "报道",
        "目前",
        "有关",
        "相关",
        "今天",
        "昨天",
        "明天",
        "今年",
        "去年",
        "现在",
        "时候",
        "出现",
        "发生",
        "工作",
        "情况",
        "问题",
        "部门",
        "方面",
        "一个",
        "一些",
        "一下",
        "以及",
        "对于",
        "通过",
        "其中",
        "为了",
        "同时",
        "目前",
        "近日",
        "日前",
        "转发",
        "微博",
        "链接",
        "网页",
        "视频",
        "图片",
        "全文",
        "哈哈",
        "哈哈哈",
        "回复",
        "http",
        "https",
        "com",
    ]
)
TITLE_WEIGHT = 2.0


@lru_cache(1)
def rarity() -> tuple[dict[str, float], float]:
    """jieba's table of inverse document frequencies, and its median for unknown words."""
    from jieba.analyse import TFIDF

    table = TFIDF()
    return table.idf_freq, table.median_idf


def keywords(
    title_words: Sequence[str], text_words: Sequence[str], limit: int
) -> list[tuple[str, float]]:
    """At most `limit` of (word, weight), heaviest first; weights have unit length."""
    idf, unknown = rarity()
    counts: Counter[str] = Counter()
    for words, weight in ((title_words, TITLE_WEIGHT), (text_words, 1.0)):
        for word in words:
            counts[word] += weight  # type: ignore[assignment]
    weights = [
        (word, min(count, 6.0) * idf.get(word, unknown))
        for word, count in counts.items()
        if word not in _STOP and _WORD.match(word)
    ]
    weights.sort(key=lambda pair: (-pair[1], pair[0]))
    top = weights[:limit]
    norm = sum(weight * weight for _, weight in top) ** 0.5 or 1.0
    return [(word, weight / norm) for word, weight in top]
