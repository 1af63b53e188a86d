"""One-line builders of messages and records for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.analysis import Level, Reason
from schemas.base import content_id, encode
from schemas.event import Event, Signal
from schemas.opinion import OpinionBrief
from schemas.raw_item import RawItem, item_id, origin_id
from streams.batch import Message

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


def raw_item(key: str = "1", text: str = "电价又上涨了，居民反映强烈。", **fields: Any) -> RawItem:
    source = fields.pop("source", "test")
    origin = origin_id(source, key)
    title = fields.pop("title", "")
    return RawItem(
        id=item_id(origin, title, text), origin_id=origin, source=source,
        channel=fields.pop("channel", "news"), fetched_at=fields.pop("fetched_at", NOW),
        published_at=fields.pop("published_at", NOW), title=title, text=text, **fields,
    )  # fmt: skip


def message(value: bytes | RawItem | None, offset: int = 0, **fields: Any) -> Message:
    return Message(
        topic=fields.pop("topic", "items.raw"), partition=fields.pop("partition", 0),
        offset=offset, timestamp=fields.pop("timestamp", NOW.timestamp()),
        key=fields.pop("key", None), value=encode(value) if isinstance(value, RawItem) else value,
        headers=fields.pop("headers", ()),
    )  # fmt: skip


def brief(key: str = "1", words: str = "电价 上涨 居民", **fields: Any) -> OpinionBrief:
    cut = words.split()
    origin = content_id("thing", key)
    defaults: dict[str, Any] = {
        "id": content_id("item", key), "origin_id": origin, "cluster_id": origin,
        "parent_id": None, "root_id": None, "source": "test", "channel": "news",
        "tier": "public", "region": None, "published_at": NOW, "title": "".join(cut),
        "content": "".join(cut), "topics": [], "departments": [], "attitude": "neutral",
        "act": "report", "signs": [], "harm": {}, "places": [], "subjects": [], "keywords": cut,
        "weights": [max(len(cut), 1) ** -0.5] * len(cut), "score": 0.0, "level": "none",
        "reasons": [],
    }  # fmt: skip
    return OpinionBrief(**(defaults | fields))


def signal(
    level: Level = "II", items: int = 3, matter: str = "m1", minutes: float = 0, score: float = 70.0
) -> Signal:
    at = NOW + timedelta(minutes=minutes)
    event = Event(
        id=matter, title="某县化工厂爆炸", first_at=NOW, last_at=at, updated_at=at, items=items,
        level=level, score=score, departments=["safety"],
        reasons=[Reason(rule="accident.II", points=60, evidence="12 人死亡")],
    )  # fmt: skip
    return Signal(id=content_id(matter, level, str(items)), matter_id=matter, kind="severity",
                  at=at, event=event)  # fmt: skip
