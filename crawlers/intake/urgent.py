"""A major matter that a department reports goes to the Office at once: pure."""

from __future__ import annotations

from datetime import datetime

from crawlers.intake.submission import Report
from schemas.analysis import Level, Reason
from schemas.base import content_id
from schemas.event import Event, Sample, Signal, Tally
from schemas.raw_item import RawItem

LEVELS: dict[str, tuple[Level, float]] = {"特别重大": ("I", 95.0), "重大": ("II", 80.0)}


def urgent_signal(given: Report, item: RawItem, now: datetime) -> Signal | None:
    """The signal that raises (or updates) the alert of the matter; None when it can wait.

    It waits for no model: the department has judged the matter itself.
    """
    if given.urgency not in LEVELS:
        return None
    level, score = LEVELS[given.urgency]
    matter = given.matter or item.origin_id
    evidence = f"{given.department} {given.reporter} 报送：{given.urgency}"
    event = Event(
        id=matter, title=given.title, first_at=given.time, last_at=now, updated_at=now, items=1,
        documents=1, first_source=item.source, channels=[Tally(label="staff", count=1)],
        places=[given.place], subjects=[given.subjects], score=score, level=level,
        reasons=[Reason(rule="department_report", points=score, evidence=evidence)],
        samples=[Sample(id=item.id, source=item.source, published_at=given.time,
                        title=item.title, content=item.text[:2_000])],
    )  # fmt: skip
    return Signal(
        id=content_id(matter, item.id, "report"), matter_id=matter, kind="severity", at=now,
        event=event,
    )  # fmt: skip
