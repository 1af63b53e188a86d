"""Rows of the audit add up, and a missing item is named."""

from __future__ import annotations

from collections.abc import AsyncIterator

from infra.audit import table
from infra.ledger import Entry, Outcome

HOUR = 3_600.0


async def _entries(*found: tuple[float, str, Outcome]) -> AsyncIterator[Entry]:
    for number, (at, source, outcome) in enumerate(found):
        yield Entry(f"items.raw/0/{number}", at, f"id{number}", source, outcome, True)


async def test_rows_are_by_hour_and_source_and_add_up() -> None:
    rows = await table(
        _entries(
            (10, "b", "document"), (20, "a", "duplicate"), (HOUR + 1, "a", "missing"),
            (30, "a", "dead_letter"), (40, "a", "waiting"),
        )
    )  # fmt: skip
    assert [(r.hour, r.source, r.items) for r in rows] == [
        ("1970-01-01T00:00Z", "a", 3), ("1970-01-01T00:00Z", "b", 1), ("1970-01-01T01:00Z", "a", 1),
    ]  # fmt: skip
    assert (rows[0].duplicates, rows[0].dead_letters, rows[0].waiting) == (1, 1, ["id4"])
    assert rows[2].missing == ["id2"]
    for r in rows:
        settled = r.documents + r.duplicates + r.dead_letters
        assert r.items == settled + len(r.waiting) + len(r.missing)
