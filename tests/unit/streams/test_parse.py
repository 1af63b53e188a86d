"""Each kind of bad input has its reason; what is good passes whole."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.base import encode
from streams.parse import MAX_BYTES, Bad, parse
from tests.builders import NOW, message, raw_item


def _changed(**fields: object) -> bytes:
    return orjson.dumps(orjson.loads(encode(raw_item())) | fields)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "empty_message"),
        (None, "empty_message"),
        (b"{not json", "malformed_json"),
        (b"\xff\xfe\x00", "malformed_json"),
        (b"[" * 10_000 + b"]" * 10_000, "invalid_field"),
        (b'{"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "malformed_json"),
        (b'{"text": "x"}', "missing_field"),
        (b"[1, 2]", "invalid_field"),
        (_changed(text=5), "invalid_field"),
        (_changed(id="short"), "invalid_field"),
        (_changed(channel="smoke signals"), "invalid_field"),
        (_changed(schema=99), "invalid_field"),
        (_changed(text="长" * 200_001), "invalid_field"),
        (_changed(text="x" * (MAX_BYTES + 1)), "too_large"),
        (_changed(text="a\0b"), "nul_character"),
        (encode(raw_item()).replace("电价".encode(), rb"\ud800"), "malformed_json"),
        (_changed(published_at="9999-12-31T00:00:00Z"), "absurd_date"),
        (_changed(published_at="1899-01-01T00:00:00Z"), "absurd_date"),
        (_changed(published_at="yesterday"), "invalid_field"),
        (_changed(published_at="2026-03-05T12:00:00"), "invalid_field"),  # no zone
        (_changed(text=" ", title=""), "empty_text"),
    ],
)
def test_bad_input_has_its_reason(value: bytes | None, reason: str) -> None:
    found = parse(message(value))
    assert isinstance(found, Bad)
    assert found.reason == reason
    assert found.stage == "parse"
    assert found.message


def test_a_lone_surrogate_never_comes_through() -> None:
    found = parse(message(encode(raw_item()).replace("电价".encode(), rb"\udc00")))
    assert isinstance(found, Bad)


def test_good_items_come_through_unchanged() -> None:
    item = raw_item(title="标题", author=None, published_at=None)
    assert parse(message(item)) == item


def test_an_empty_repost_is_good() -> None:
    item = raw_item(text="", parent_id="a" * 32)
    assert parse(message(item)) == item


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_result(data: bytes) -> None:
    assert parse(message(data)) is not None


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=20))
@settings(max_examples=100, deadline=None)
def test_any_value_in_any_field_gives_a_result(value: object) -> None:
    for name in ("text", "published_at", "counts", "author", "schema"):
        assert parse(message(_changed(**{name: value}), timestamp=NOW.timestamp())) is not None
