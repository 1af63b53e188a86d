from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from infra.indices import expired, write_name
from infra.settings import Settings
from schemas.registry import ALERTS, OPINIONS


def test_a_month_goes_when_its_last_day_is_too_old() -> None:
    names = ["opinions-2025.11", "opinions-2025.12", "opinions-2026.01", "alerts-000001"]
    assert expired(names, date(2026, 1, 31), 30) == ["opinions-2025.11", "opinions-2025.12"]
    assert expired(names, date(2026, 1, 30), 30) == ["opinions-2025.11"]


def test_zero_keeps_all() -> None:
    assert expired(["opinions-1999.01"], date(2026, 1, 1), 0) == []


def test_documents_go_to_their_month() -> None:
    settings = Settings(prefix="t-")
    assert write_name(settings, OPINIONS, datetime(2026, 3, 5, tzinfo=UTC)) == "t-opinions-2026.03"
    assert write_name(settings, ALERTS) == "t-alerts"
    with pytest.raises(ValueError, match="time"):
        write_name(settings, OPINIONS)
