"""Train every model that is shipped, from the corpora in DATA, into models/weights.

usage: python -m benchmarks.ship DATA [TASK ...]
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.corpora import REVIEWS, opinions_and_headlines, reviews, rows
from models.early import save_early
from models.first_hour import NAMES
from models.linear import save, softmax
from models.spread import save_spread
from models.store import CURVES, SHIPPED
from models.training.early import figures, inputs, train_early
from models.training.measure import measure
from models.training.spread import RUMOUR, first_hour, train_spread
from models.training.tasks import labelled, said_of, train_task
from models.words import cutter

USERDICT = Path("config/userdict.txt")


TASKS = ("topic", "attitude", "opinion", "rumour", "early")
# Short, curt reviews are the hardest and the fewest; their style is that of most posts.
CORPUS_WEIGHT = {"waimai": 4.0}


def training(data: Path, task: str) -> tuple[list[str], list[str], list[float] | None]:
    """(texts, labels, weights) that the shipped model of `task` is trained on."""
    if task == "topic":
        return *labelled(rows(data, "topic/thucnews_titles")), None
    found = reviews(data) if task == "attitude" else opinions_and_headlines(data)
    texts, labels, corpora = map(list, zip(*found, strict=True))
    return texts, labels, [CORPUS_WEIGHT.get(name, 1.0) for name in corpora]


def ship_rumour(data: Path) -> None:
    """The models of posts and of replies, and the curve over both."""
    found = rows(data, "weibo/events")
    labels = labelled(found)[1]
    words, replies, curve, held = train_spread(map(first_hour, found), labels, cutter(USERDICT))
    save(words, SHIPPED / "rumour.npz")
    save(replies, SHIPPED / "replies.npz")
    save_spread(curve, CURVES / "spread.npz")
    right = sum(
        (chance > 0.5) == (label == RUMOUR) for chance, label in zip(held, labels, strict=True)
    )
    print("rumour with first hour", words.version, right / len(labels), flush=True)


def ship_early(data: Path) -> None:
    """How far a post will spread, by its first hour; beside the plain count of that hour."""
    found, sizes = inputs(rows(data, "weibo/events"))
    model, held, big = train_early(found, sizes)
    save_early(model, CURVES / "early.npz")
    count = found[:, NAMES.index("minutes_60")]
    for name, scores in (("plain count", count), ("early", held)):
        share, auc = figures(scores, big)
        print(f"{name}: of the {big.sum()} biggest of {len(big)} posts {share:.3f} flagged in the "
              f"first hour at 5 % false alarms, AUC {auc:.3f}", flush=True)  # fmt: skip


def main(data: Path) -> None:
    for task in sys.argv[2:] or TASKS:
        if task == "rumour":
            ship_rumour(data)
            continue
        if task == "early":
            ship_early(data)
            continue
        texts, labels, weights = training(data, task)
        model, held = train_task(task, texts, labels, cutter(USERDICT), weights)
        save(model, SHIPPED / f"{task}.npz")
        chances = softmax(held * model.sharpness).max(axis=1).tolist()
        figures = measure(labels, said_of(model, held), chances)
        print(task, model.version, figures["accuracy"], figures["calibration_error"], flush=True)
        if task == "attitude":
            corpora = [corpus for _, _, corpus in reviews(data)]
            said = said_of(model, held)
            for name in REVIEWS:
                right = [a == b for a, b, c in zip(said, labels, corpora, strict=True) if c == name]
                print(" ", name, round(sum(right) / len(right), 4), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
