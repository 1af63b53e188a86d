"""Back-off, Retry-After, dead channels, fallback, quiet hours and digests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from response.contacts import Contact
from response.delivery import (
    ATTEMPTS,
    DEAD_AFTER,
    Result,
    attempted,
    backup,
    falls_back,
    observed,
    usable,
)
from response.durations import CHINA
from schemas.alert import ChannelHealth, Delivery
from streams.webhook import retry_after
from tests.builders import NOW

SECOND = timedelta(seconds=1)


def _delivery() -> Delivery:
    return Delivery(
        id="d", notification_id="n", alert_id="a", kind="raised", recipient="boss",
        channel="webhook", status="retrying", sent_at=NOW, message="{}",
    )  # fmt: skip


def test_pauses_grow_until_it_is_given_up() -> None:
    delivery, pauses = _delivery(), []
    for _ in range(ATTEMPTS):
        delivery = attempted(delivery, Result("HTTP 500"), NOW, 2.0)
        pauses.append(delivery.next_at and (delivery.next_at - NOW).total_seconds())
    assert pauses == [2.0, 8.0, 32.0, 128.0, None]
    assert delivery.status == "failed" and delivery.attempts == ATTEMPTS and not delivery.message


def test_what_was_taken_or_will_never_be_is_settled_at_once() -> None:
    assert attempted(_delivery(), Result(), NOW, 2.0).status == "delivered"
    never = attempted(_delivery(), Result("HTTP 404", again=False), NOW, 2.0)
    assert never.status == "failed" and never.next_at is None


@pytest.mark.parametrize(("asked", "seconds"), [(30.0, 30.0), (1.0, 2.0), (86_400.0, 600.0)])
def test_retry_after_is_kept_within_reason(asked: float, seconds: float) -> None:
    after = attempted(_delivery(), Result("HTTP 429", wait=asked), NOW, 2.0)
    assert after.next_at == NOW + seconds * SECOND


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("Thu, 05 Mar 2026 12:01:00 GMT", 60.0),
        ("Thu, 05 Mar 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-3", None),
        ("Thu, 05 Mar 2026 12:01:00", None),
    ],
)
def test_a_retry_after_header_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_a_channel_dies_is_probed_more_and_more_seldom_and_comes_back() -> None:
    health = ChannelHealth(id="c", channel="webhook", recipient="boss", updated_at=NOW)
    for _ in range(DEAD_AFTER - 1):
        health = observed(health, "HTTP 500", NOW)
        assert usable(health, NOW)
    probes = []
    for _ in range(7):
        health = observed(health, "HTTP 500", NOW)
        assert not usable(health, NOW) and health.probe_at
        probes.append((health.probe_at - NOW) / SECOND)
    assert probes == [60, 120, 240, 480, 900, 900, 900] and health.dead_since == NOW
    assert usable(health, NOW + 900 * SECOND)
    alive = observed(health, "", NOW)
    assert usable(alive, NOW) and alive.failures == 0 and alive.dead_since is None
    assert usable(None, NOW)


def _person(**more: object) -> Contact:
    channels = [
        {"kind": "webhook", "url": "http://a"}, {"kind": "webhook", "url": "http://b"},
        {"kind": "apprise", "url_env": "SMS", "backup": True},
    ]  # fmt: skip
    return Contact.model_validate({"id": "p", "name": "p", "channels": channels, **more})


def test_the_next_backup_is_used_and_at_last_the_console() -> None:
    person = _person()
    first, second, sms = person.channels
    assert backup(person, first) == sms == backup(person, second)
    last = backup(person, sms)
    assert last and last.kind == "inbox" and backup(person, last) is None
    here = person.model_copy(update={"channels": [first, last]})
    assert backup(here, first) is None  # the console has it already


def test_a_grave_matter_does_not_wait_for_the_last_attempt() -> None:
    once = attempted(_delivery(), Result("HTTP 500"), NOW, 2.0)
    twice = attempted(once, Result("HTTP 500"), NOW, 2.0)
    assert not falls_back(once, "I") and falls_back(twice, "I") and not falls_back(twice, "III")
    assert falls_back(attempted(once, Result("HTTP 404", again=False), NOW, 2.0), "IV")


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("level", "at", "until"),
    [
        ("III", "2026-03-05T23:00", "2026-03-06T07:00"),
        ("IV", "2026-03-06T06:59", "2026-03-06T07:00"),
        ("III", "2026-03-06T07:00", None),
        ("II", "2026-03-05T23:00", None),
        ("I", "2026-03-05T23:00", None),
    ],
)
def test_quiet_hours_hold_small_matters_only(level: str, at: str, until: str | None) -> None:
    person = _person(quiet={"from": "22:00", "to": "07:00"})
    held = person.held_until(level, _local(at))  # type: ignore[arg-type]
    assert held == (until and _local(until))


def test_held_grave_matters_only_when_said_and_a_digest_once_a_day() -> None:
    said = _person(quiet={"from": "22:00", "to": "07:00", "levels": ["I"]})
    assert said.held_until("I", _local("2026-03-05T23:00"))
    daily = _person(digest={"at": "17:00"})
    assert daily.held_until("IV", _local("2026-03-05T17:00")) == _local("2026-03-06T17:00")
    assert daily.held_until("III", _local("2026-03-05T16:00")) is None
    assert NOW.tzinfo is UTC
