from __future__ import annotations

import os

import pytest

SLOW = os.environ.get("TINGCHAO_TEST_SLOW") == "1"  # `make faults` sets it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip = pytest.mark.skip(reason="long: make faults")
    for item in items:
        if item.get_closest_marker("slow") and not SLOW:
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def _short_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed worker held is given to the next one after 6 s, Kafka's least."""
    monkeypatch.setenv("TINGCHAO_KAFKA_SESSION_SECONDS", "6")
