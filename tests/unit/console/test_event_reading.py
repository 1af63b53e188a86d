"""What is read of an event's items before anybody sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from console.event_charts import over_time
from console.event_reading import Attitudes, statements

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


def test_each_text_is_a_statement_once_with_its_copies() -> None:
    def it(key: str, cluster: str, text: str) -> dict[str, object]:
        return {"id": key, "cluster_id": cluster, "text": text, "title": "", "words": text,
                "attitude": {"label": "negative"}}  # fmt: skip

    found = statements([
        it("1", "a", "电费又涨了，受不了"), it("2", "a", "电费又涨了受不了"), it("3", "b", "顶"),
        it("4", "c", "停电三次了没人管"),
    ])  # fmt: skip
    assert [(each.id, each.weight) for each in found] == [("1", 2), ("4", 1)]


def test_attitudes_are_drawn_as_shares_and_few_items_pale() -> None:
    drawn = over_time([
        Attitudes(BEGIN, {"negative": 3, "neutral": 1}),
        Attitudes(BEGIN + timedelta(hours=1), {}),
        Attitudes(BEGIN + timedelta(hours=2), {"positive": 1}),
    ])  # fmt: skip
    assert drawn and drawn.count("<rect") == 3 and drawn.count("few") == 1
    assert "负面 3，中性 1，正面 0" in drawn
    assert over_time([Attitudes(BEGIN, {"neutral": 9})]) is None and over_time([]) is None
