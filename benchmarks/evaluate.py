"""Measure every model on the research corpora and write the table in docs/models.md.

usage: python -m benchmarks.evaluate DATA [TASK ...]

Whatever is trained is measured by cross-validation: each text is judged by models that
have not seen it. Without TASK all are measured, and the table is written.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import copies, evaluate_facts
from benchmarks.corpora import REVIEWS, reviews, rows
from benchmarks.ship import USERDICT, training
from models.linear import softmax
from models.training.measure import measure
from models.training.spread import RUMOUR, first_hour, train_spread
from models.training.tasks import labelled, said_of, train_task
from models.words import cutter

Figure = tuple[str, str, str, str]  # task, must, moonshot, reached
_PAGE = Path("docs/models.md")
_BEGIN, _END = "<!-- figures: begin -->", "<!-- figures: end -->"


def topic(data: Path) -> list[Figure]:
    texts, labels, _ = training(data, "topic")
    model, held = train_task("topic", texts, labels, cutter(USERDICT))
    chances = softmax(held * model.sharpness).max(axis=1).tolist()
    found = measure(labels, said_of(model, held), chances)
    reached = f"{found['accuracy']:.3f} (macro F1 {found['macro_f1']:.3f})"
    error = f"{found['calibration_error']:.3f}"
    return [
        ("headlines, 10 classes, 5 folds of the 10,000: accuracy", "0.88*", "0.895*", reached),
        ("headlines: calibration error", "", "", error),
    ]


def attitude(data: Path) -> list[Figure]:
    texts, labels, weights = training(data, "attitude")
    model, held = train_task("attitude", texts, labels, cutter(USERDICT), weights)
    said = said_of(model, held)
    figures = []
    for name in REVIEWS:
        right = [
            a == b
            for a, b, (_, _, corpus) in zip(said, labels, reviews(data), strict=True)
            if corpus == name
        ]
        task = f"attitude, {name}, 5 folds: accuracy"
        figures.append((task, "0.90", "0.93", f"{sum(right) / len(right):.4f}"))
    return figures


def rumour(data: Path) -> list[Figure]:
    found = rows(data, "weibo/events")
    texts, labels = labelled(found)
    model, held = train_task("rumour", texts, labels, cutter(USERDICT))
    words = measure(labels, said_of(model, held), [1.0] * len(labels))["accuracy"]
    *_, chances = train_spread(map(first_hour, found), labels, cutter(USERDICT))
    right = sum(
        (chance > 0.5) == (label == RUMOUR) for chance, label in zip(chances, labels, strict=True)
    )
    return [
        ("rumour or not, text, 5 folds: accuracy", "0.90", "0.93", f"{words:.4f}"),
        (
            "rumour or not, text and first hour, 5 folds: accuracy",
            "0.91",
            "0.95",
            f"{right / len(labels):.4f}",
        ),
    ]


def duplicates(data: Path) -> list[Figure]:
    return [
        (
            f"duplicates, {name}: precision, recall ({count})",
            "0.98, 0.95",
            "0.99, 0.97",
            f"{precision:.3f}, {recall:.3f}",
        )
        for name, precision, recall, count in (*copies.posts(data), *copies.edits(data))
    ]


TASKS: dict[str, Callable[[Path], list[Figure]]] = {
    "topic": topic,
    "attitude": attitude,
    "rumour": rumour,
    "duplicates": duplicates,
    "facts": evaluate_facts.rows,
}


def main(data: Path, names: list[str]) -> None:
    figures: list[Figure] = []
    for name in names or list(TASKS):
        for figure in TASKS[name](data):
            figures.append(figure)
            print(" | ".join(figure), flush=True)
    if not names:
        _write(figures)


def _write(figures: list[Figure]) -> None:
    table = ["| task | must | moonshot | reached |", "|---|---|---|---|"]
    table += [f"| {' | '.join(figure)} |" for figure in figures]
    text = _PAGE.read_text("utf-8")
    before, after = text.split(_BEGIN)[0], text.split(_END)[1]
    _PAGE.write_text("\n".join((before + _BEGIN, *table, _END + after)), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
