"""Quality of duplicates: Weibo posts against exact Jaccard, and edited copies of reviews."""

from __future__ import annotations

import random
import re
from itertools import combinations
from pathlib import Path

import numpy as np

from benchmarks.corpora import rows
from models.duplicates import DuplicateIndex, Link
from models.fingerprints import fingerprint
from models.textpass import text_pass

Quality = tuple[str, float, float, int]  # name, precision, recall, how many to find
_WEEK = 7 * 86_400
_BATCH = 500
_COPY, _NO_ERROR = 0.8, 0.55  # Jaccard of 3-grams: a pair to be found; below, a wrong one


def posts(data: Path) -> list[Quality]:
    """Pairs among posts and light edits of them, gold by exact 3-gram Jaccard of all pairs."""
    rnd = random.Random(11)
    texts = [row["text"] for row in rows(data, "weibo/events") if len(row["text"]) >= 20]
    texts = rnd.sample(texts, 800)
    for text in texts[:250]:
        edits = (
            "转发微博：" + text,
            text[: int(len(text) * 0.93)],
            text.replace("，", ",").replace("。", " "),
            text + "[怒] //@某人:关注",
        )
        texts.append(rnd.choice(edits))
    rnd.shuffle(texts)
    grams = [_grams(text) for text in texts]
    alike = {pair: _jaccard(grams[pair[0]], grams[pair[1]]) for pair in _near(grams)}
    gold = {pair for pair, share in alike.items() if share >= _COPY}
    said = _pairs(_links(texts))
    wrong = {pair for pair in said - gold if alike.get(pair, 0.0) < _NO_ERROR}
    precision = 1 - len(wrong) / max(len(said), 1)
    return [("posts and light edits", precision, len(said & gold) / len(gold), len(gold))]


def edits(data: Path) -> list[Quality]:
    """Copies of long reviews, each edited in one way, must name their own original."""
    rnd = random.Random(7)
    found = {row["text"] for row in rows(data, "sentiment/online_shopping")}
    long = sorted(text for text in found if 200 <= len(text) <= 800)[:2400]
    rnd.shuffle(long)
    # Originals that are copies of each other would spoil the gold.
    single = [text for text, link in zip(long, _links(long), strict=True) if link is None]
    half = len(single) // 2
    originals, others = single[:half], single[half : 2 * half]
    measured = []
    for kind in ("reworded", "reordered", "quoted"):
        copies = [
            _edit(text, kind, rnd, other) for text, other in zip(originals, others, strict=True)
        ]
        said = _links([*originals, *copies])[half:]
        right = sum(link is not None and int(link.of, 16) == at for at, link in enumerate(said))
        linked = sum(link is not None for link in said)
        measured.append((f"copies, {kind}", right / max(linked, 1), right / half, half))
    return measured


def _edit(text: str, kind: str, rnd: random.Random, other: str) -> str:
    """A tenth of the text reworded, its sentences in another order, or all of it quoted in
    the middle of another text."""
    if kind == "reworded":
        letters = list(text)
        for _ in range(max(1, len(text) // 40)):  # each time four characters
            at = rnd.randrange(max(1, len(letters) - 4))
            letters[at : at + 4] = other[at % len(other) :][:4]
        return "".join(letters)
    if kind == "reordered":
        parts = [part for part in text.split("。") if part]
        rnd.shuffle(parts)
        return "。".join(parts) + "。"
    around = len(text) // 2
    return f"{other[:around]}“{text}”{other[around : around * 3 // 2]}"


def _links(texts: list[str]) -> list[Link | None]:
    """The answers for `texts`, the id of each being its number."""
    index = DuplicateIndex(_WEEK, len(texts))
    links: list[Link | None] = []
    for start in range(0, len(texts), _BATCH):
        part = texts[start : start + _BATCH]
        ids = [f"{start + at:032x}" for at in range(len(part))]
        links += index.add(ids, np.zeros(len(part), np.int64), fingerprint(text_pass(part)))
    return links


def _pairs(links: list[Link | None]) -> set[tuple[int, int]]:
    """All pairs of the same cluster."""
    clusters: dict[int, list[int]] = {}
    for at, link in enumerate(links):
        clusters.setdefault(int(link.of, 16) if link else at, []).append(at)
    return {pair for members in clusters.values() for pair in combinations(sorted(members), 2)}


def _near(grams: list[set[str]]) -> list[tuple[int, int]]:
    """Pairs whose sizes alone do not keep them from being alike."""
    return [
        (a, b)
        for a, b in combinations(range(len(grams)), 2)
        if min(len(grams[a]), len(grams[b])) >= _NO_ERROR * max(len(grams[a]), len(grams[b]))
    ]


def _grams(text: str) -> set[str]:
    solid = re.sub(r"\s+", "", text)
    return {solid[at : at + 3] for at in range(max(1, len(solid) - 2))}


def _jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b)
