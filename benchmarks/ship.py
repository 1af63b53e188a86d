"""Train every model that is shipped, from the corpora in DATA, into models/weights.

usage: python -m benchmarks.ship DATA
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.corpora import attitude_rows, rows
from models.linear import save
from models.store import SHIPPED
from models.training.measure import measure
from models.training.tasks import labelled, train_task
from models.words import cutter

USERDICT = Path("config/userdict.txt")


def training(data: Path, task: str) -> tuple[list[str], list[str]]:
    """(texts, labels) that the shipped model of `task` is trained on."""
    if task == "topic":
        return labelled(rows(data, "topic/thucnews_titles"))
    if task == "rumour":
        return labelled(rows(data, "weibo/events"))
    found = attitude_rows(data)
    return [text for text, _, _ in found], [label for _, label, _ in found]


def main(data: Path) -> None:
    for task in ("topic", "attitude", "rumour"):
        texts, labels = training(data, task)
        model, held = train_task(task, texts, labels, cutter(USERDICT))
        save(model, SHIPPED / f"{task}.npz")
        figures = measure(labels, held, [1.0] * len(held))
        print(task, model.version, figures["accuracy"], figures["macro_f1"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
