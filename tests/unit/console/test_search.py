from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.search import MARK, Filters, query
from console.words import marked
from models.words import cutter
from schemas.errors import UserError
from schemas.when import since

CUTTER = cutter()
NOW = datetime(2026, 3, 5, tzinfo=UTC)


def test_words_are_all_asked_for_and_the_negated_none() -> None:
    found = query('电价 "上涨两成" -辟谣', Filters(), CUTTER)["bool"]
    assert len(found["must"]) == 2 and len(found["must_not"]) == 1
    word, phrase = (clause["bool"]["should"] for clause in found["must"])
    assert any("match_phrase" not in clause for clause in word)
    assert all("match_phrase" in clause for clause in phrase)  # a phrase is meant exactly


def test_filters_come_beside_the_words() -> None:
    found = query("", Filters(since=NOW, channel="news", topic="prices", level="II"), CUTTER)[
        "bool"
    ]
    assert found["must"] == []
    assert len(found["filter"]) == 4


@pytest.mark.parametrize(
    ("text", "ago"),
    [("7d", timedelta(days=7)), ("24h", timedelta(hours=24)), ("2w", timedelta(14))],
)
def test_since_reads_spans(text: str, ago: timedelta) -> None:
    assert since(text, NOW) == NOW - ago


def test_since_reads_dates_and_says_what_it_wants() -> None:
    assert since("2026-01-31T00:00:00+08:00", NOW).isoformat() == "2026-01-31T00:00:00+08:00"
    with pytest.raises(UserError, match="7d"):
        since("last week", NOW)


def test_highlights_are_marked_and_all_else_is_escaped() -> None:
    assert (
        str(marked(f"<script>{MARK[0]}电价{MARK[1]}</script>"))
        == "&lt;script&gt;<mark>电价</mark>&lt;/script&gt;"
    )
