from __future__ import annotations

import pytest

from streams.batch import Stopped
from streams.limit import DeadLetterLimit


def test_a_few_bad_messages_stop_nothing() -> None:
    limit = DeadLetterLimit(0.5, 100)
    for _ in range(1_000):
        limit.add(5, 10)  # half, not more than half


def test_too_few_messages_prove_nothing() -> None:
    DeadLetterLimit(0.5, 100).add(99, 99)


def test_more_than_the_share_of_the_window_stops() -> None:
    limit = DeadLetterLimit(0.5, 100)
    for _ in range(1_000):
        limit.add(0, 10)  # what was long ago does not count
    for _ in range(5):
        limit.add(10, 10)
    with pytest.raises(Stopped, match="60 of the last 100"):
        limit.add(10, 10)


def test_a_share_of_one_never_stops() -> None:
    limit = DeadLetterLimit(1.0, 10)
    for _ in range(10):
        limit.add(10, 10)
