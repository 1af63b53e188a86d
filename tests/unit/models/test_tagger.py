"""The tagger: batches, training and storing, and any input at all."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.casualties import casualties
from models.masking import mask
from models.places import places
from models.subjects import subjects
from models.tagger import load, spans
from models.times import times
from models.training.facts import labels_of, save, train
from models.wordscan import WordScan

REPORT = "昨天下午1点多，北京市密云区附近一辆客车与货车相撞，造成6人死亡。市领导赶赴现场。"
ROWS = [
    {
        "text": f"昨天下午{n}点，{city}市发生火灾，{n}人受伤，警方赶赴现场。",
        "times": [f"昨天下午{n}点"],
        "places": [f"{city}市", "现场"],
        "subjects": [f"{n}人", "警方"],
    }
    for n, city in enumerate(("南宁", "成都", "昆明", "济南", "西安", "合肥"), 2)
]


def named(texts: list[str]) -> list[tuple[str, int]]:
    got = spans(texts)
    return [
        (got.batch.text[s:e], k)
        for s, e, k in zip(got.start.tolist(), got.end.tolist(), got.kind.tolist(), strict=True)
    ]


def test_a_text_is_tagged_alike_alone_and_in_a_batch() -> None:
    alone = named([REPORT])
    assert alone
    assert named([REPORT, "", "无关的话", REPORT, "。" * 700]) == alone * 2


def test_training_learns_and_stored_weights_are_the_same(tmp_path: Path) -> None:
    weights = train(ROWS, "test", rounds=30)
    save(weights, tmp_path / "facts.npz")
    stored = load(tmp_path / "facts.npz")
    assert stored.version == "test"
    assert np.array_equal(stored.tables, weights.tables)
    got = spans(["昨天下午5点，南宁市发生火灾，3人受伤，警方赶赴现场。"], stored)
    found = {got.batch.text[s:e] for s, e in zip(got.start, got.end, strict=True)}
    assert found == {"昨天下午5点", "南宁市", "现场", "3人", "警方"}


def test_training_without_text_is_refused() -> None:
    with pytest.raises(ValueError, match="no labelled text"):
        train([{"text": "", "times": [], "places": [], "subjects": []}], "none")


def test_the_longer_of_two_overlapping_labels_stands() -> None:
    row = {"text": "北京市公安局", "times": [], "places": ["北京市"], "subjects": ["北京市公安局"]}
    assert labels_of(row).tolist() == [3] * 6


def everything(texts: list[str]) -> None:
    tagged = spans(texts)
    assert len(times(texts, [None] * len(texts), tagged)) == len(texts)
    assert len(places(texts, None, tagged)) == len(texts)
    assert len(subjects(texts, tagged)) == len(texts)
    assert len(casualties(texts)) == len(texts)
    assert len(mask(texts)) == len(texts)


@given(st.lists(st.text(st.characters(codec=None), max_size=80), max_size=6))
@settings(max_examples=100, deadline=None)
def test_any_text_gives_a_result(texts: list[str]) -> None:
    everything(texts)


@pytest.mark.parametrize(
    "piece",
    ["1", "年", "一", "1月", "a", "@a.", "人死亡", "死", "路1号", "\ud800", "😀", "13",
     "损失1", "一人和",      "（", "昨", "<br>", "\n", "6222 ", "北京"],
)  # fmt: skip
def test_a_megabyte_of_anything_is_read_in_a_moment(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()
    everything([text])
    assert time.process_time() - began < 2.5


def test_words_are_found_longest_first_and_without_overlap() -> None:
    scan = WordScan(["爆炸", "爆炸头", "停电"])
    text = "爆炸头停电爆炸"
    codes = np.array([ord(c) for c in text], dtype=np.uint16)
    assert list(scan.find(codes)) == [(0, "爆炸头"), (3, "停电"), (5, "爆炸")]
    with pytest.raises(ValueError, match="shorter"):
        WordScan(["电"])
