"""The first hour of a post that spreads, as numbers, kept while its replies arrive (D3).

One definition for training and for the agent: whoever has the replies of a first hour makes a
`Heard` of each and asks `numbers`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

import numpy as np

HOUR = 3600.0
MOST = 1000  # replies looked at; more say no more
_BEIJING = timezone(timedelta(hours=8))
_MARKS = (1, 5, 10, 15, 30, 45, 60)  # minutes
_SAID = (
    ("转发", "扩散"), ("谣", "假", "不实"), ("真的", "求证", "?", "？"), ("怒", "愤", "无耻"),
    ("泪", "蜡烛", "悲"), ("@",), ("哈哈", "笑"), ("赞", "支持"),
)  # fmt: skip


class Heard(NamedTuple):
    """A repost or comment: seconds after the post, its own key and that of what it answers
    ("" answers the post itself), who (any key), what it says."""

    seconds: float
    key: str
    parent: str
    author: str
    text: str


class Root(NamedTuple):
    text: str
    at: datetime
    followers: int
    verified: bool


NAMES = (
    *(f"minutes_{m}" for m in _MARKS), *(f"window_{n}" for n in range(6)), "last_5",
    "fading_5", "fading_15", "fading_30", "fading_45", "fading_60", "fading_90", "lateness",
    "fading_said", "fading_unsaid", "fading_direct", "faster", "faster_late", "peak_over_last",
    "depth", "depth_mean", "deeper", "deeper_late", "hub", "hub_share", "hub_late", "hubs",
    "authors", "author_share", "said", "said_share", "said_length", "unsaid", "unsaid_late",
    "median", "mean", "deviation", "first", "last", "gap", "gap_late", "gap_most",
    "followers", "verified", "length", "link", "mentions", "tags", "headline", "shouts", "asks",
    "digits", "faces", "hour", "hour_sin", "hour_cos", "weekday",
    *(f"said_{n}" for n in range(len(_SAID))),
)  # fmt: skip


def numbers(root: Root, replies: Sequence[Heard]) -> np.ndarray:
    """float64[len(NAMES)] of the replies within the hour, in any order."""
    heard = sorted(each for each in replies if each.seconds <= HOUR)[:MOST]
    at = np.maximum(np.array([each.seconds for each in heard]), 0.0)
    many = max(len(heard), 1)
    windows = [int(((at > 600 * n) & (at <= 600 * (n + 1))).sum()) for n in range(6)]
    windows[0] += int((at == 0).sum())
    texts = [each.text for each in heard if each.text]
    late = at > 2700
    unsaid = np.array([not each.text for each in heard], dtype=bool)
    out = [*(np.log1p((at <= 60 * m).sum()) for m in _MARKS), *map(np.log1p, windows)]
    out.append(np.log1p((at > 3300).sum()))
    out += [np.log1p(np.exp((at - HOUR) / tau).sum()) for tau in (300, 900, 1800, 2700, 3600, 5400)]
    fresh = np.exp((at - HOUR) / 1800)
    direct = np.array([not each.parent for each in heard], dtype=bool)
    out += [np.log1p((at / HOUR).sum())]
    out += [np.log1p(fresh[kept].sum()) for kept in (~unsaid, unsaid, direct)]
    out += [
        np.log((1 + windows[5]) / (1 + windows[0])),
        np.log((1 + windows[5] + windows[4]) / (1 + windows[3] + windows[2])),
        np.log((1 + max(windows)) / (1 + windows[5])),
        *_tree(heard, at, late),
        np.log1p(len({each.author for each in heard})),
        len({each.author for each in heard}) / many,
        np.log1p(len(texts)),
        len(texts) / many,
        sum(map(len, texts)) / max(len(texts), 1),
        np.log1p(unsaid.sum()),
        np.log1p((unsaid & late).sum()),
        *_pace(at),
        *_post(root),
    ]
    said = max(len(texts), 1)
    out += [sum(any(word in text for word in words) for text in texts) / said for words in _SAID]
    return np.array(out, dtype=np.float64)


def _tree(heard: Sequence[Heard], at: np.ndarray, late: np.ndarray) -> list[float]:
    depths: dict[str, int] = {}
    for each in heard:
        depths[each.key] = depths.get(each.parent, 1) + 1 if each.parent else 1
    below = Counter(each.parent for each in heard if each.parent)
    deeper = np.array([bool(each.parent) for each in heard], dtype=bool)
    hub, size = below.most_common(1)[0] if below else ("", 0)
    hub_late = sum(each.parent == hub for each in heard if each.seconds > 2700) if hub else 0
    many = max(len(heard), 1)
    return [
        max(depths.values(), default=0),
        sum(depths.values()) / max(len(depths), 1),
        float(np.log1p(deeper.sum())),
        float(np.log1p((deeper & late).sum())),
        float(np.log1p(size)),
        size / many,
        float(np.log1p(hub_late)),
        len(below) / many,
    ]


def _pace(at: np.ndarray) -> list[float]:
    if not len(at):
        return [1.0, 1.0, 0.0, 1.0, 0.0, *[float(np.log1p(HOUR))] * 3]
    gaps = np.diff(at) if len(at) > 1 else np.array([HOUR])
    return [
        float(np.median(at)) / HOUR, float(at.mean()) / HOUR, float(at.std()) / HOUR,
        float(at[0]) / HOUR, float(at[-1]) / HOUR, float(np.log1p(np.median(gaps))),
        float(np.log1p(gaps[-10:].mean())), float(np.log1p(gaps.max())),
    ]  # fmt: skip


def _post(root: Root) -> list[float]:
    text, local = root.text, root.at.astimezone(_BEIJING)
    hour = local.hour + local.minute / 60
    return [
        float(np.log1p(max(root.followers, 0))), float(root.verified), len(text), "http" in text,
        text.count("@"), text.count("#"), "【" in text, text.count("！") + text.count("!"),
        text.count("？") + text.count("?"), sum(map(str.isdigit, text)), text.count("["), hour,
        float(np.sin(hour / 12 * np.pi)), float(np.cos(hour / 12 * np.pi)), local.weekday(),
    ]  # fmt: skip
