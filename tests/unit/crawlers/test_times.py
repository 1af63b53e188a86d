from datetime import UTC, datetime

import pytest

from crawlers.extract.times import BEIJING, parse_time

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # 22:00 in Beijing


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-06-13 09:17", beijing(2019, 6, 13, 9, 17)),
        ("2019年6月13日 09:17:22 来源：某报", beijing(2019, 6, 13, 9, 17, 22)),
        ("2019年06月13日 09时17分", beijing(2019, 6, 13, 9, 17)),
        ("２０１９－１０－０９　１０：１１", beijing(2019, 10, 9, 10, 11)),
        ("2019/9/1 下午3:05", beijing(2019, 9, 1, 15, 5)),
        ("2019.09.01", beijing(2019, 9, 1)),
        ("2020-01-02T03:04:05Z", datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2020-01-02T03:04:05+0800", beijing(2020, 1, 2, 3, 4, 5)),
        ("1347334462", datetime.fromtimestamp(1347334462, UTC)),
        ("1347334462000", datetime.fromtimestamp(1347334462, UTC)),
        ("20190102", beijing(2019, 1, 2)),
        ("20190102 0304", beijing(2019, 1, 2, 3, 4)),
        ("18-03-08 23:16", beijing(2018, 3, 8, 23, 16)),
        ("2019-09-3010:31", beijing(2019, 9, 30, 10, 31)),
        ("2019年9月1日 24:00", beijing(2019, 9, 2)),
        ("3小时前", beijing(2026, 11, 24, 19, 0)),
        ("半小时前", beijing(2026, 11, 24, 21, 30)),
        ("刚刚", beijing(2026, 11, 24, 22, 0)),
        ("昨天 12:33", beijing(2026, 11, 23, 12, 33)),
        ("11-20 08:00", beijing(2026, 11, 20, 8, 0)),
        ("10-0812:00", beijing(2026, 10, 8, 12, 0)),
        ("12-30", beijing(2025, 12, 30)),  # no year: the last one that has been
    ],
)
def test_all_usual_forms(text: str, expected: datetime) -> None:
    assert parse_time(text, NOW) == expected


@pytest.mark.parametrize(
    "text",
    ["", "阅读 3000", "1998", "2019-13-40", "9999-12-31 00:00", "1970-01-01", "99999999999999年前"],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse_time(text, NOW) is None


def test_relative_times_need_a_now() -> None:
    assert parse_time("3小时前") is None
