"""The tasks that have a recipe of their own, and how a row tells its label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.features import Features
from models.linear import LinearModel
from models.textpass import text_pass
from models.training.ridge import Recipe, train
from models.words import Cutter
from schemas.errors import UserError

RECIPES: dict[str, Recipe] = {
    "topic": Recipe(kinds=("1", "2", "w"), alpha=0.5),
    "attitude": Recipe(kinds=("1", "2", "3"), alpha=1.0),
    "rumour": Recipe(kinds=("1", "2", "3"), alpha=1.0),
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


def train_task(
    task: str, texts: list[str], labels: list[str], cutter: Cutter
) -> tuple[LinearModel, list[str]]:
    """(the model, what models that had not seen it say of each text)."""
    recipe = RECIPES.get(task, Recipe(kinds=("1", "2", "w")))
    rarest = min((labels.count(label) for label in set(labels)), default=0)
    if len(set(labels)) < 2 or rarest < recipe.folds:
        raise UserError(
            f"{task}: {len(set(labels))} labels, the rarest {rarest} times",
            f"give two labels or more, each {recipe.folds} times or more",
        )
    batch = text_pass(texts)
    features = Features(batch, cutter.cut_pass(batch) if "w" in recipe.kinds else None)
    model, held = train(task, features.matrix(recipe.kinds), labels, recipe)
    return model, [model.labels[at] for at in held.argmax(axis=1)]
