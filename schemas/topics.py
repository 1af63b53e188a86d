"""The Kafka topics: names, partitions, retention. `infra` creates them from this."""

from __future__ import annotations

from dataclasses import dataclass

DAY_MS = 86_400_000
MAX_MESSAGE = 16 * 1024 * 1024  # bytes; room for a dead letter around the largest item


@dataclass(frozen=True)
class Topic:
    name: str
    partitions: int
    retention_ms: int
    purpose: str
    max_message: int = MAX_MESSAGE
    compacted: bool = False  # the last message of a key is kept for good


RAW = Topic("items.raw", 4, 30 * DAY_MS, "RawItem; the replay log")
DEAD = Topic("items.dead", 1, 90 * DAY_MS, "what could not be processed, with the reason")
FINGERPRINTS = Topic("fingerprints", 1, 14 * DAY_MS, "one total order of fingerprints")
OPINIONS = Topic("opinions", 1, 30 * DAY_MS, "batches of OpinionBrief for the events agent")
SIGNALS = Topic("signals", 1, 30 * DAY_MS, "Signal: this matter is of that level because …")
NOTIFICATIONS = Topic("notifications", 1, 30 * DAY_MS, "Notification: tell this to them")
EVENT_DECISIONS = Topic(
    "event.decisions", 1, -1, "EventDecision by id: what analysts decided", compacted=True
)

ALL: tuple[Topic, ...] = (
    RAW, DEAD, FINGERPRINTS, OPINIONS, SIGNALS, NOTIFICATIONS, EVENT_DECISIONS,
)  # fmt: skip
