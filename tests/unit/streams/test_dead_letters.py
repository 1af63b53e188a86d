from __future__ import annotations

from datetime import UTC, datetime

from streams.dead_letters import fitting, headers, record
from streams.parse import Bad
from tests.builders import message

BAD = Bad("malformed_json", "parse", "DecodeError", "bad at byte 3", None)


def test_headers_keep_the_original_and_say_where_it_came_from() -> None:
    found = headers(message(b"x", 7, headers=(("trace", b"1"),), partition=3), BAD)
    assert found[0] == ("trace", b"1")
    facts = dict(found)
    assert facts["__connect.errors.topic"] == b"items.raw"
    assert facts["__connect.errors.partition"] == b"3"
    assert facts["__connect.errors.offset"] == b"7"
    assert facts["__connect.errors.stage"] == b"parse"
    assert facts["__connect.errors.exception.class.name"] == b"DecodeError"


def test_dying_twice_leaves_only_the_last_reason() -> None:
    once = message(b"x", headers=tuple(headers(message(b"x", 1), BAD)))
    names = [name for name, _ in headers(once, BAD)]
    assert len(names) == len(set(names))


def test_the_record_is_readable_whatever_the_value_was() -> None:
    found = record(message(b"\xff\x00" + b"x" * 10_000, 7), BAD, datetime.now(UTC))
    assert found.id == "items.raw/0/7"
    assert found.size == 10_002
    assert len(found.value) == 4_096
    found.value.encode()


def test_a_letter_fits_a_message_whatever_the_message_was() -> None:
    facts = [("own", b"x" * 900), ("__connect.errors.reason", b"too_large")]
    value, kept = fitting(b"v" * 2_000, facts, key=10, most=1_000)
    assert value is not None and len(value) + sum(len(k) + len(v) for k, v in kept) <= 1_000 + 40
    assert dict(kept)["__connect.errors.truncated"] == b"2000" and "own" not in dict(kept)
    assert fitting(b"v", facts[1:], key=0, most=1_000) == (b"v", facts[1:])
    assert fitting(None, facts[1:], key=0, most=1_000) == (None, facts[1:])
