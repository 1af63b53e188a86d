"""Figures of facts, casualties and masking, as rows of the table in docs/models.md.

python -m benchmarks.evaluate_facts DATA
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import corpora, personal
from models.casualties import casualties
from models.facts import facts
from models.masking import mask, masked
from models.tagger import Weights
from models.training.facts import Row
from models.training.overlap import Answer, cross_validate
from models.training.silver import silver_rows
from schemas.base import content_id

Figure = tuple[str, str, str, str]  # task, must, moonshot, reached
_LABELS = Path("tests/data/casualties_cec.json")
_JUDGED = Path("tests/data/masking_judged.json")
_REAL = (
    "topic/thucnews_titles", "topic/tnews_few", "topic/tnews_unlabelled", "sentiment/waimai",
    "sentiment/hotel", "sentiment/online_shopping", "events/cec", "weibo/events",
)  # fmt: skip
_MADE = 5_000  # of each kind of personal data
_BATCH = 500


def rows(data: Path) -> list[Figure]:
    """One row a task; about three minutes, most of it training five taggers."""
    return [*_facts(data), _casualties(data), *_masking(data)]


def _facts(data: Path) -> list[Figure]:
    reports = corpora.rows(data, "events/cec")
    scores, _ = cross_validate(reports, _answers, silver_rows(data_texts(data)))
    wanted = {"times": ("0.88", "0.93"), "places": ("0.68", "0.82"), "subjects": ("0.68", "0.80")}
    return [
        (f"emergency news, {kind}, overlap F1, 5 folds", *wanted[kind], f"{scores[kind][2]:.3f}")
        for kind in wanted
    ]


def data_texts(data: Path) -> dict[str, list[str]]:
    """The unlabelled texts that silver rows are drawn from, by kind."""
    return {
        "posts": [row["text"] for row in corpora.rows(data, "weibo/events")],
        "titles": [
            row["text"]
            for name in ("thucnews_titles", "tnews_unlabelled")
            for row in corpora.rows(data, f"topic/{name}")
        ],
        "reviews": [
            row["text"]
            for name in ("hotel", "online_shopping")
            for row in corpora.rows(data, f"sentiment/{name}")
        ],
    }


def _answers(held: Sequence[Row], weights: Weights) -> list[Answer]:
    found = facts([row["text"] for row in held], [None] * len(held), weights=weights)
    return [
        {
            "times": [mention.text for mention in times],
            "places": [place.text for place in places],
            "subjects": [subject.text for subject in subjects],
        }
        for times, places, subjects in zip(found.times, found.places, found.subjects, strict=True)
    ]


def _casualties(data: Path) -> Figure:
    reports = corpora.rows(data, "events/cec")
    labels = [
        label
        for label in json.loads(_LABELS.read_text("utf-8"))
        if content_id(reports[label["row"]]["text"]) == label["text_hash"]
    ]
    got = casualties([reports[label["row"]]["text"] for label in labels])
    right = sum(
        (one.deaths, one.injuries) == (label["deaths"], label["injuries"])
        for one, label in zip(got, labels, strict=True)
    )
    name = f"deaths and injuries exactly right, {len(labels)} labelled reports"
    return name, "0.85", "0.97", f"{right / len(labels):.2f}"


def _masking(data: Path) -> list[Figure]:
    left = 0
    for kind in personal.MAKERS:
        made = [personal.made(kind, seed) for seed in range(_MADE)]
        clean = mask([text for _, text in made])
        left += sum(
            not personal.hidden(kind, secret, text)
            for (secret, _), text in zip(made, clean, strict=True)
        )
    total = _MADE * len(personal.MAKERS)
    judged = set(json.loads(_JUDGED.read_text("utf-8"))["personal"])
    read = false = 0
    for name in _REAL:
        texts = [row["text"] for row in corpora.rows(data, name)]
        read += len(texts)
        for first in range(0, len(texts), _BATCH):
            batch = texts[first : first + _BATCH]
            counts = masked(batch).counts
            false += sum(
                bool(count) and content_id(text) not in judged
                for text, count in zip(batch, counts, strict=True)
            )
    return [
        ("masking: recall on generated", "0.99", "0.999", f"{1 - left / total:.4f}"),
        (
            f"masking: false alarms on {read} real texts", "1 in 1,000", "1 in 10,000",
            f"{false} in {read}",
        ),
    ]  # fmt: skip


def main() -> None:
    for task, must, moonshot, reached in rows(Path(sys.argv[1])):
        print(f"| {task} | {must} | {moonshot} | {reached} |")


if __name__ == "__main__":
    main()
