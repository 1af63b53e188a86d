"""What an attempt makes of a delivery and of its channel: back-off, dead channels. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from response.contacts import Channel, Contact
from schemas.alert import ChannelHealth, Delivery

ATTEMPTS = 5
GROWTH = 4  # each pause is so many times the one before
DEAD_AFTER = 5  # failures in a row
PROBE, LONGEST_PROBE = timedelta(minutes=1), timedelta(minutes=15)
LONGEST_WAIT = timedelta(minutes=10)  # that a Retry-After may ask for
URGENT = ("I", "II")
INBOX = Channel(kind="inbox")


@dataclass(frozen=True, slots=True)
class Result:
    """`error` is empty when it was taken; it never holds an address or a secret."""

    error: str = ""
    again: bool = True  # asking again may help
    wait: float | None = None  # seconds, as the other side asked (Retry-After)


def attempted(delivery: Delivery, result: Result, now: datetime, first_pause: float) -> Delivery:
    attempts = delivery.attempts + 1
    done = replace(delivery, attempts=attempts, sent_at=now, error=result.error, next_at=None)
    if not result.error:
        return replace(done, status="delivered", message="")
    if not result.again or attempts >= ATTEMPTS:
        return replace(done, status="failed", message="")
    pause = timedelta(seconds=first_pause * GROWTH ** (attempts - 1))
    if result.wait is not None:
        pause = max(pause, min(timedelta(seconds=result.wait), LONGEST_WAIT))
    return replace(done, status="retrying", next_at=now + pause)


def falls_back(delivery: Delivery, level: str) -> bool:
    """Whether the next channel is to be used: at the end, for grave matters after two failures."""
    if delivery.status == "failed":
        return True
    return delivery.status == "retrying" and level in URGENT and delivery.attempts == 2


def backup(person: Contact | None, channel: Channel) -> Channel | None:
    """The channel to use when `channel` failed; at last the console. None: there is no other."""
    if channel.kind == "inbox":
        return None
    channels = person.channels if person else []
    place = channels.index(channel) if channel in channels else -1
    later = next((c for c in channels[place + 1 :] if c.backup), None)
    if later:
        return later
    return None if any(c.kind == "inbox" and not c.backup for c in channels) else INBOX


def usable(health: ChannelHealth | None, now: datetime) -> bool:
    """A dead channel is left alone until it is time to probe it."""
    if health is None or health.dead_since is None:
        return True
    return health.probe_at is not None and health.probe_at <= now


def observed(health: ChannelHealth, error: str, now: datetime) -> ChannelHealth:
    """The health of a channel after an attempt."""
    if not error:
        return replace(health, failures=0, dead_since=None, probe_at=None, error="", updated_at=now)
    failures = health.failures + 1
    if failures < DEAD_AFTER:
        return replace(health, failures=failures, error=error, updated_at=now)
    pause = min(PROBE * 2 ** min(failures - DEAD_AFTER, 10), LONGEST_PROBE)
    return replace(
        health,
        failures=failures,
        dead_since=health.dead_since or now,
        probe_at=now + pause,
        error=error,
        updated_at=now,
    )
