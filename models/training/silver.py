"""Rows of ordinary text with labels of a cheap kind, so that the tagger also knows text that is
no accident report: posts, headlines, reviews.

The labels come from a part-of-speech tagger (jieba), word lists and the patterns of times; they
are wrong here and there and count less than what people labelled.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

import jieba.posseg as cutter
import numpy as np

from models.joined import PAD, Joined, join
from models.lexicon import read
from models.marks import marks
from models.time_patterns import EXPLICIT
from models.training.crf import Ints
from models.wordscan import WordScan

WEIGHT = 0.2
DRAWN = {"posts": 700, "titles": 600, "reviews": 200}
_LONGEST = 150  # characters of a text that are used
_SEED = 5
_TIME, _PLACE, _SUBJECT = 1, 2, 3
_ROLES = read("roles")
_LONG_ROLES = WordScan(word for word in _ROLES if len(word) > 3)  # which jieba may cut apart
_MISTAKEN = frozenset(["东西", "加密", "太阳", "新鲜", "后才"])  # by jieba, for places and times
_BODY = re.compile(
    "(?:局|委|委员会|部|厅|法院|检察院|公司|集团|大学|医院|银行|协会|政府|中心|派出所|公安|支队|研究院|出版社|日报|晚报)$"
)
_PERSON = re.compile("(?:员|者|民|师|商|户|嫌犯|歹徒)$")
_PEOPLE = re.compile(
    "(?:\\d{1,5}|[一二两三四五六七八九十百千数几]{1,4})[多余]?[名位人]"
    "(?:[男女]?(?:人|子|孩|学生|乘客|工人|员工|警察|民警|村民|居民|游客|司机|老人|儿童|幼儿))?"
)


def silver_rows(texts: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Rows (text, labels, weight) drawn from texts by kind; the same texts give the same rows."""
    draw = random.Random(_SEED)  # noqa: S311
    rows = []
    for kind, count in DRAWN.items():
        pool = [text[:_LONGEST] for text in texts.get(kind, ()) if text]
        for text in draw.sample(pool, min(count, len(pool))):
            rows.append({"text": text, "labels": labels(text), "weight": WEIGHT})
    return rows


def labels(text: str) -> Ints:
    """One label a character, as `models.training.facts.labels_of` gives."""
    out = np.zeros(len(text), dtype=np.int64)
    words = [(word.word, word.flag) for word in cutter.cut(text)]
    at = 0
    for n, (word, flag) in enumerate(words):
        label = _label(word, flag)
        begin = at
        at += len(word)
        if label == _SUBJECT and _BODY.search(word):  # 宁波 市 教育局: the words before belong
            for before, kind in reversed(words[max(n - 2, 0) : n]):
                if kind not in ("ns", "nz", "nt", "j", "nr"):
                    break
                begin -= len(before)
        if label and len(word) > 1 - (word in _ROLES):
            out[begin:at] = label
    batch = join([text])
    for start, word in _LONG_ROLES.find(batch.codes):
        out[start - PAD : start - PAD + len(word)] = _SUBJECT
    for match in _PEOPLE.finditer(batch.folded):
        out[match.start() - PAD : match.end() - PAD] = _SUBJECT
    for name in marks(batch).names:
        inside = out[name.start - PAD : name.end - PAD]
        if name.plain and not (inside == _SUBJECT).any():
            inside[:] = _PLACE
    _mark_times(batch, out)
    return out


def _label(word: str, flag: str) -> int:
    if word in _MISTAKEN:
        return 0
    if flag in ("nr", "nrt", "nt") or word in _ROLES:
        return _SUBJECT
    if flag.startswith("n") and len(word) > 1 and (_BODY.search(word) or _PERSON.search(word)):
        return _SUBJECT
    return {"ns": _PLACE, "t": _TIME}.get(flag, 0)


def _mark_times(batch: Joined, out: Ints) -> None:
    at = PAD
    while (match := EXPLICIT.search(batch.folded, at)) is not None:
        out[match.start() - PAD : match.end() - PAD] = _TIME
        at = max(match.end(), at + 1)
