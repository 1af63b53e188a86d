"""How grave an event is, and when there is something new to say of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Literal

from models.casualties import Harm
from models.event_record import provinces, record
from models.event_state import LiveEvent
from models.severity import Facts, score_event
from models.severity_rules import Rules
from schemas.analysis import LEVEL_RANK
from schemas.base import content_id
from schemas.event import Signal
from schemas.raw_item import Tier

Kind = Literal["severity", "growth", "tier", "rule", "early", "credibility"]
_KINDS: dict[str, Kind] = {"growth": "growth", "rumour": "credibility"}
PROVINCES = 3  # touched by one matter
FAST = 10  # items in an hour that has three times those of the hour before
REACH = 1_000_000  # followers
GROWTH = 1.5  # times the items of the last signal
STEP = 5.0  # points above the last signal
TIERS: tuple[Tier, ...] = ("public", "institution", "county", "city", "provincial", "central")


class EventScorer:
    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def use(self, rules: Rules) -> None:
        self._rules = rules

    def score(self, events: Iterable[LiveEvent]) -> None:
        """Set score, level and reasons of events that changed."""
        for event in events:
            severity = score_event(_facts(event), event.best.reasons, self._rules)
            best = event.best
            if best.score > severity.score:  # never below its gravest item
                event.score, event.level, event.reasons = best.score, best.level, best.reasons
            else:
                event.score, event.level = severity.score, severity.level
                event.reasons = severity.reasons


def _facts(event: LiveEvent) -> Facts:
    negative = event.tally("attitudes").get("negative", 0) / max(event.items, 1)
    tiers = event.tally("tiers")
    known = {field.name for field in fields(Harm)}
    return Facts(
        topics=tuple(label for label, _ in event.most("topics", 3)),
        departments=tuple(label for label, _ in event.most("departments", 3)),
        attitude="negative" if negative >= 0.5 else "neutral",
        confidence=max(negative, 1 - negative),
        act=event.best.act,
        harm=Harm(**{name: value for name, value in event.harm.items() if name in known}),
        tier=max((tier for tier in TIERS if tier in tiers), key=TIERS.index, default="public"),
        followers=event.followers,
        copies=event.items - event.documents,
        per_hour=event.last_hours()[0],
    )


def signal(event: LiveEvent, now: datetime) -> Signal | None:
    """The signal of an event that rose, grew or became graver since its last one."""
    level, items, score = event.signalled
    if event.level == "none" or event.merged_into:
        return None
    rose = LEVEL_RANK[event.level] > LEVEL_RANK[level]
    if not (rose or event.items >= items * GROWTH or event.score >= score + STEP):
        return None
    event.signalled = (event.level, event.items, event.score)
    kind: Kind = "severity" if rose else "growth"
    key = (event.level, str(event.items), f"{event.score:g}")
    why = [f"{each.rule} {each.points:+g} {each.evidence}" for each in event.reasons[:8]]
    return _signal(event, kind, key, why, now)


def signals_of(event: LiveEvent, now: datetime) -> list[Signal]:
    """All that is new to say of an event."""
    found = signal(event, now)
    return [*([found] if found else []), *early_signals(event, now)]


def early_signals(event: LiveEvent, now: datetime) -> list[Signal]:
    """Warnings before a matter is big, each kind once an event, with its reason."""
    if event.merged_into:
        return []
    found = [*event.pending, *((kind, [why]) for kind, why in _warnings(event))]
    event.pending = []
    out = []
    for name, reasons in found:
        if name not in event.told:
            event.told = (*event.told, name)
            kind: Kind = _KINDS.get(name, "early")
            out.append(_signal(event, kind, (name,), reasons, now))
    return out


def _warnings(event: LiveEvent) -> list[tuple[str, str]]:
    """(what, why) of what already shows while the event is small."""
    if event.items < 2:
        return []
    found = []
    tiers = event.tally("tiers")
    if event.first_tier == "public" and "central" in tiers:
        found.append(("carrier", f"公众首发，中央媒体已刊发 {tiers['central']} 条"))
    spread = provinces(event)
    if len(spread) >= PROVINCES:
        found.append(("provinces", f"已涉及 {len(spread)} 个省份"))
    near = event.most("departments", 1)
    if not near:
        return found  # far from the remit: only how it travels is worth a warning
    now, before = event.last_hours()
    if now >= FAST and now >= 3 * max(before, 1):
        found.append(("growth", f"本小时 {now} 条，上一小时 {before} 条，涉及 {near[0][0]}"))
    if event.followers >= REACH and event.tally("attitudes").get("negative", 0) * 2 >= event.items:
        found.append(("reach", f"负面内容的账号有 {event.followers} 粉丝，涉及 {near[0][0]}"))
    if event.harm.get("deaths") or event.harm.get("injuries"):
        harm = "、".join(f"{name} {count}" for name, count in sorted(event.harm.items()))
        found.append(("harm", f"文中称有伤亡（{harm}），涉及 {near[0][0]}"))
    return found


def _signal(
    event: LiveEvent, kind: Kind, key: tuple[str, ...], reasons: list[str], now: datetime
) -> Signal:
    return Signal(
        id=content_id("signal", event.id, *key), matter_id=event.id, kind=kind, at=now,
        event=record(event, now), reasons=reasons,
    )  # fmt: skip
