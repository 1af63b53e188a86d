"""Signs on events before they are big: how far a post will spread, and whether it is a rumour."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.early import EarlyModel, forecast, load_early
from models.first_hour_watch import Watched
from models.linear import LinearModel
from models.rumour_spread import MetRumourModel
from models.spread import FirstHour, Reply, load_spread
from models.store import CURVES, Store
from models.words import Cutter
from schemas.event import EarlySign

FEW = 5  # replies in the hour: fewer say nothing of a rumour
RUMOUR = 0.8  # the chance from which a signal is worth somebody's time


class EarlyJudge:
    def __init__(self, early: EarlyModel, rumour: MetRumourModel) -> None:
        self._early, self._rumour = early, rumour

    def signs(self, posts: Sequence[Watched]) -> list[list[tuple[EarlySign, bool]]]:
        """Of each post whose first hour is over its signs, and whether each is worth a signal."""
        out: list[list[tuple[EarlySign, bool]]] = []
        for post in posts:
            found = forecast(self._early, post.root, post.heard)
            sign = EarlySign(kind="early", chance=found.chance, reasons=found.reasons)
            out.append([(sign, found.early)])
        judged = [n for n, post in enumerate(posts) if len(post.heard) >= FEW]
        hours = [_met(posts[n]) for n in judged]
        for n, hour, chance in zip(judged, hours, self._rumour.predict(hours), strict=True):
            told = round(float(chance), 3)
            sign = EarlySign(kind="rumour", chance=told, reasons=_why(hour, posts[n]))
            out[n].append((sign, told >= RUMOUR))
        return out


def load_judge(models: Path, cutter: Cutter) -> EarlyJudge:
    """With the models in use (`models`: the folder of promoted ones)."""
    store = Store(models)
    words: LinearModel = store.active("rumour")
    met = MetRumourModel(words, store.active("replies"), load_spread(CURVES / "spread.npz"), cutter)
    return EarlyJudge(load_early(CURVES / "early.npz"), met)


def _met(post: Watched) -> FirstHour:
    replies = [Reply(e.seconds, e.text, e.author, bool(e.parent)) for e in post.heard]
    return FirstHour(post.root.text, replies, post.root.followers, post.root.verified)


def _why(hour: FirstHour, post: Watched) -> list[str]:
    said = [reply.text for reply in hour.replies if reply.text]
    denied = sum(any(word in text for word in ("谣", "假的", "不实")) for text in said)
    doubted = sum(any(word in text for word in ("真的吗", "真假", "求证")) for text in said)
    reasons = [f"首小时 {len(hour.replies)} 条转发评论，其中 {len(said)} 条有话说"]
    if denied:
        reasons.append(f"{denied} 条说是假的")
    if doubted:
        reasons.append(f"{doubted} 条求证")
    if post.chance is not None:
        reasons.append(f"仅凭文字为 {post.chance:.2f}")
    return reasons
