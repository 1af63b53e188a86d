"""Evidence names what it counts in the reader's language, and leaves words of the text alone."""

from __future__ import annotations

import pytest

from response.evidence import evidence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("missing 2 ≥ 1", "失联 2 ≥ 1"),
        ("negative 0.93", "负面 0.93"),
        ("central", "中央"),
        ("duty、prices", "值班、prices"),
        ("爆炸、ICU missing", "爆炸、ICU missing"),
        ("12 人死亡", "12 人死亡"),
        ("", ""),
    ],
)
def test_ids_become_names(text: str, said: str) -> None:
    assert evidence({"duty": "值班"})(text) == said
