"""Messages held back by quiet hours or for the day's digest, put into one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from infra.delivery_store import Held
from schemas.alert import Notification, decode_notification
from schemas.analysis import LEVEL_RANK
from schemas.base import content_id

LISTED = 50  # messages that a digest quotes
LINES = 6  # of each


def digests(due: Sequence[Held], now: datetime) -> list[tuple[Notification, list[Held]]]:
    """One for each recipient and channel; the id is that of its first member and its time."""
    groups: dict[tuple[str, str, str], list[Held]] = {}
    for held in sorted(due, key=lambda h: (h.delivery.sent_at, h.delivery.id)):
        delivery = held.delivery
        groups.setdefault((delivery.recipient, delivery.address, delivery.channel), []).append(held)
    return [(_digest(group, now), group) for group in groups.values()]


def _digest(members: list[Held], now: datetime) -> Notification:
    first = members[0].delivery
    notifications = [decode_notification(h.delivery.message.encode()) for h in members]
    parts = [f"汇总 Digest：{len(members)} 条"]
    for each in notifications[:LISTED]:
        parts.append("\n".join([each.subject, *each.body.splitlines()[:LINES]]))
    if len(members) > LISTED:
        parts.append(f"另有 {len(members) - LISTED} 条，见控制台")
    return Notification(
        id=content_id("digest", first.recipient, first.address, str(first.next_at), first.id),
        alert_id=first.alert_id,
        kind="digest",
        recipient=first.recipient,
        level=max((n.level for n in notifications), key=lambda level: LEVEL_RANK[level]),
        subject=f"【汇总】{len(members)} 条预警消息",
        body="\n\n".join(parts),
        created_at=now,
    )
