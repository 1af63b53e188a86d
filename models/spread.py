"""A rumour judged by its words and by how it was met in its first hour.

Other models judge the post's words and the replies' words; a logistic curve over those
two scores and a few counts decides.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from schemas.errors import UserError

HOUR = 3600
REPLIES_LENGTH = 4000  # characters of all replies together that are judged
_DENIALS = ("谣", "假的", "不实")
_DOUBTS = ("真的吗", "真的假的", "真假", "求证", "是真的")


@dataclass(frozen=True)
class Reply:
    """A repost or comment: seconds after the post, what it says ("" says nothing), who (any
    key), and whether it answers another reply."""

    seconds: float
    text: str
    author: str
    deeper: bool


@dataclass(frozen=True)
class FirstHour:
    """What is known of a post an hour after it: replies later than that are not looked at."""

    text: str
    replies: Sequence[Reply]
    followers: int = 0
    verified: bool = False

    def heard(self) -> list[Reply]:
        return sorted((r for r in self.replies if r.seconds <= HOUR), key=lambda r: r.seconds)

    def said(self) -> str:
        """The replies' texts, the first first."""
        return "\n".join(r.text for r in self.heard() if r.text)[:REPLIES_LENGTH]

    def counts(self) -> list[float]:
        """Numbers of the spread, in the order that SpreadModel.weights are in."""
        heard = self.heard()
        texts = [reply.text for reply in heard if reply.text]
        many = max(len(heard), 1)
        return [
            np.log1p(len(heard)),
            np.log1p(sum(r.seconds < 300 for r in heard)),
            np.log1p(sum(r.seconds < 900 for r in heard)),
            len(texts) / many,
            _mean([len(text) for text in texts]),
            _mean([any(word in text for word in _DENIALS) for text in texts]),
            _mean([any(word in text for word in _DOUBTS) for text in texts]),
            _mean(["?" in text or "？" in text for text in texts]),
            len({r.author for r in heard}) / many,
            sum(r.deeper for r in heard) / many,
            np.log1p(max(self.followers, 0)),
            float(self.verified),
            np.log1p(len(self.text)),
            _mean([r.seconds / HOUR for r in heard]) if heard else 1.0,
        ]


@dataclass(frozen=True)
class SpreadModel:
    """weights: float64[2 + counts], for the two scores of words and the counts, these less
    `center` and over `scale`; bias."""

    weights: np.ndarray
    bias: float
    center: np.ndarray
    scale: np.ndarray

    def predict(self, post: np.ndarray, replies: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """float64[posts], the chance of a rumour; `post` and `replies` are scores of the word
        models, `counts` is float[posts, counts]."""
        inputs = np.column_stack((post, replies, (counts - self.center) / self.scale))
        return 1 / (1 + np.exp(-(inputs @ self.weights + self.bias)))


def save_spread(model: SpreadModel, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        weights=model.weights,
        bias=np.array(model.bias),
        center=model.center,
        scale=model.scale,
    )


def load_spread(path: Path) -> SpreadModel:
    """UserError, in one line, for a file that is missing or broken."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            model = SpreadModel(
                arrays["weights"], float(arrays["bias"]), arrays["center"], arrays["scale"]
            )
            if not len(model.weights) - 2 == len(model.center) == len(model.scale):
                raise ValueError("weights, center and scale do not fit")
            return model
    except (OSError, EOFError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        problem = " ".join(str(error).split())
        raise UserError(f"{path} is no model file: {problem}", "restore it") from None


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0
