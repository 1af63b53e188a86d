"""A matter that began on a lower carrier is taken up by a higher one (D3, D4). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from models.event_record import record as record_of
from models.event_state import LiveEvent
from models.rule_file import TierChange, Where
from models.signals import TIERS
from schemas.analysis import LEVEL_RANK, Level, Reason
from schemas.base import content_id
from schemas.event import Event, Signal

NAMES = {
    "public": "公众", "institution": "机构", "county": "县级", "city": "市级",
    "provincial": "省级", "central": "中央",
}  # fmt: skip


def risen(event: LiveEvent) -> tuple[str, str] | None:
    """(tier before, tier now) when a higher one has joined since the last look."""
    there = event.tally("tiers")
    now = max((tier for tier in TIERS if tier in there), key=TIERS.index, default="public")
    before, event.top_tier = event.top_tier, now
    if before is None or TIERS.index(now) <= TIERS.index(before):
        return None
    return before, now


def tier_signal(
    event: LiveEvent, rise: tuple[str, str], rules: Sequence[TierChange], now: datetime
) -> Signal | None:
    """The gravest of the rules that speak, as a signal of the event."""
    record = record_of(event, now)
    before, top = rise
    said: list[tuple[Level, TierChange]] = []
    for rule in rules:
        level = crossed(rule, before, top)
        if level and concerns(rule.where, record):
            said.append((level, rule))
    if not said:
        return None
    level, rule = max(said, key=lambda pair: LEVEL_RANK[pair[0]])
    reason = Reason(rule=rule.id, points=0.0, evidence=f"{NAMES[before]} → {NAMES[top]}媒体")
    if LEVEL_RANK[level] > LEVEL_RANK[record.level]:
        record = replace(record, level=level)
    record = replace(record, reasons=[*record.reasons, reason])
    key = content_id("signal", event.id, rule.id, top)
    return Signal(id=key, matter_id=event.id, kind="tier", at=now, event=record)


def crossed(rule: TierChange, before: str, now: str) -> Level | None:
    """The gravest level whose tier lies above `before` and not above `now`."""
    low, high = TIERS.index(before), TIERS.index(now)
    levels: list[Level] = [
        level for level, tier in rule.at.items() if low < TIERS.index(tier) <= high
    ]
    return max(levels, key=LEVEL_RANK.__getitem__, default=None)


def concerns(where: Where, event: Event) -> bool:
    """Whether an event as a whole is meant; of attitudes counts the most frequent one."""
    wanted = (
        (where.topics, event.topics),
        (where.departments, event.departments),
        (where.channels, [tally.label for tally in event.channels]),
        (where.sources, [tally.label for tally in event.sources]),
        (where.attitudes, [tally.label for tally in event.attitudes[:1]]),
    )
    places = not where.places or any(p.startswith(tuple(where.places)) for p in event.places)
    return places and all(not asked or set(asked) & set(there) for asked, there in wanted)
