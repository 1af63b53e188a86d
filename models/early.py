"""How big a post's spread will be, from its first hour: small regression trees (D3)."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.first_hour import HOUR, NAMES, Heard, Root, numbers
from schemas.errors import UserError

_DEEPEST = 32  # steps from a tree's root; no tree of ours is deeper


@dataclass(frozen=True)
class EarlyModel:
    """Trees in one row of nodes: `feature` int16 (-1: a leaf), `limit` float32 (left at or
    under it), `left` and `right` int32, `value` float32; `roots` int32 of the trees; `bias`.
    A post of `flagged` or more is one of the big ones at 5 % false alarms."""

    feature: np.ndarray
    limit: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    roots: np.ndarray
    bias: float
    flagged: float
    big: float  # replies of the smallest that counts as big
    rises: np.ndarray  # float64[2]: a score's chance of big, logistic: slope, offset

    def scores(self, inputs: np.ndarray) -> np.ndarray:
        """float64[posts] of float[posts, NAMES]: replies expected in all."""
        at = np.repeat(self.roots[None, :], len(inputs), axis=0)
        rows = np.arange(len(inputs))[:, None]
        values = inputs.astype(np.float32)
        for _ in range(_DEEPEST):
            feature = self.feature[at]
            inner = feature >= 0
            if not inner.any():
                break
            low = values[rows, np.maximum(feature, 0)] <= self.limit[at]
            at = np.where(inner, np.where(low, self.left[at], self.right[at]), at)
        return self.bias + self.value[at].sum(axis=1)

    def chance(self, score: float) -> float:
        """Of being among the tenth that spreads most."""
        slope, offset = self.rises
        return float(1 / (1 + np.exp(-(slope * score + offset))))


@dataclass(frozen=True)
class Forecast:
    """Replies expected in all, the chance of being among the biggest tenth, whether that is
    worth a signal, and the numbers behind it in words."""

    replies: float
    chance: float
    early: bool
    reasons: list[str]


def forecast(model: EarlyModel, root: Root, replies: Sequence[Heard]) -> Forecast:
    found = numbers(root, replies)
    score = float(model.scores(found[None, :])[0])
    heard = [each for each in replies if each.seconds <= HOUR]
    authors = len({each.author for each in heard})
    last = sum(each.seconds > HOUR - 600 for each in heard)
    deeper = sum(bool(each.parent) for each in heard)
    reasons = [
        f"首小时 {len(heard)} 条转发评论，{authors} 人参与",
        f"最后 10 分钟 {last} 条",
        f"其中 {deeper} 条来自再次转发，深 {found[NAMES.index('depth')]:.0f} 层",
        f"预计共约 {max(score, len(heard)):.0f} 条",
    ]
    if root.followers:
        reasons.append(f"首发账号 {root.followers} 粉丝{'，已认证' if root.verified else ''}")
    return Forecast(score, round(model.chance(score), 3), score >= model.flagged, reasons)


def save_early(model: EarlyModel, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = {name: np.asarray(getattr(model, name)) for name in model.__dataclass_fields__}
    np.savez_compressed(path, names=np.array(NAMES), **fields)  # type: ignore[arg-type]


def load_early(path: Path) -> EarlyModel:
    """UserError, in one line, for a file that is missing, broken or of other numbers."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            if tuple(arrays["names"].tolist()) != NAMES:
                raise ValueError("it was trained on other numbers")
            found = {name: arrays[name] for name in EarlyModel.__dataclass_fields__}
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        problem = " ".join(str(error).split())
        raise UserError(f"{path} is no model file: {problem}", "restore it") from None
    for name in ("bias", "flagged", "big"):
        found[name] = float(found[name])
    model = EarlyModel(**found)
    nodes = len(model.feature)
    bounds = (model.left, model.right, model.roots)
    if not all(len(each) == nodes for each in (model.limit, model.left, model.right, model.value)):
        raise UserError(f"{path} is no model file: its arrays do not fit", "restore it")
    if model.feature.max() >= len(NAMES) or any(b.min() < 0 or b.max() >= nodes for b in bounds):
        raise UserError(f"{path} is no model file: a number is out of range", "restore it")
    return model
