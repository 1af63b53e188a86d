"""The tasks that have a recipe of their own, and how a row tells its label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import numpy as np

from models.features import Features
from models.linear import LinearModel
from models.textpass import text_pass
from models.training.ridge import Member, Recipe, train
from models.words import Cutter
from schemas.errors import UserError

_HEADLINES = Recipe(
    (Member(("1", "2", "w"), "rarity", 0.5), Member(("1", "2", "3", "w"), "rarity", 0.5))
)
# Words add nothing to these that characters in fours do not say, and cost more to hash.
_POSTS = Recipe(
    (
        Member(("1", "2", "3"), "rarity", 1.0),
        Member(("2", "3", "4"), "contrast", 0.5, telling=0.8),
    )
)
RECIPES: dict[str, Recipe] = {
    "attitude": Recipe(
        (
            Member(("1", "2", "3", "4"), "contrast", 1.0, telling=0.8),
            Member(("2", "3", "4"), "contrast", 1.0, telling=0.8),
        )
    ),
    "opinion": Recipe((Member(("1", "2"), "rarity", 1.0),)),
    "rumour": _POSTS,
    "replies": _POSTS,
}
RUMOUR, NO_RUMOUR = "rumour", "other"


def labelled(rows: Iterable[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """(texts, labels) of rows {"text", "label"}, or {"text", "rumor": true or false}."""
    texts, labels = [], []
    for number, row in enumerate(rows, 1):
        label = row.get("label")
        if label is None and isinstance(row.get("rumor"), bool):
            label = RUMOUR if row["rumor"] else NO_RUMOUR
        if label is None or isinstance(label, list | dict):
            raise UserError(f"row {number}: no label", 'each row needs "text" and "label"')
        texts.append(row["text"])
        labels.append(str(label))
    return texts, labels


def corrected_rows(
    rows: Sequence[dict[str, Any]], corrections: Iterable[dict[str, Any]], task: str
) -> list[dict[str, Any]]:
    """`rows` and the corrections of that task; a corrected text has only what people said."""
    said = [row for row in corrections if row.get("field", task) == task]
    texts = {row["text"] for row in said}
    return [*(row for row in rows if row["text"] not in texts), *said]


def train_task(
    task: str,
    texts: list[str],
    labels: list[str],
    cutter: Cutter,
    weights: list[float] | None = None,
) -> tuple[LinearModel, np.ndarray]:
    """(the model, scores [texts, labels] of each text by models that had not seen it).

    `weights`: how much each text counts in the fit, 1 unless given.
    """
    recipe = RECIPES.get(task, _HEADLINES)
    rarest = min((labels.count(label) for label in set(labels)), default=0)
    if len(set(labels)) < 2 or rarest < recipe.folds:
        raise UserError(
            f"{task}: {len(set(labels))} labels, the rarest {rarest} times",
            f"give two labels or more, each {recipe.folds} times or more",
        )
    batch = text_pass(texts)
    features = Features(batch, cutter.cut_pass(batch) if "w" in recipe.kinds else None)
    counts = features.matrix(recipe.kinds)
    each = np.ones(len(texts)) if weights is None else np.array(weights)
    model, held = train(task, counts, labels, each, recipe)
    return replace(model, version=_version(recipe, texts, labels)), held


def said_of(model: LinearModel, scores: np.ndarray) -> list[str]:
    """The label of the highest score of each text."""
    return [model.labels[at] for at in scores.argmax(axis=1)]


def _version(recipe: Recipe, texts: list[str], labels: list[str]) -> str:
    """Of what the model was made from: the same rows and recipe, the same version."""
    digest = blake2b(repr(recipe).encode(), digest_size=6)
    for text, label in zip(texts, labels, strict=True):
        digest.update(f"{text}\0{label}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
