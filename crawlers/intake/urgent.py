"""A major matter that a department reports goes to the Office at once: pure."""

from __future__ import annotations

from datetime import datetime

from crawlers.intake.submission import URGENCY, Report
from models.masking import mask
from schemas.analysis import Level, Reason
from schemas.base import content_id
from schemas.event import Event, Sample, Signal, Tally
from schemas.raw_item import RawItem

SCORES: dict[Level, float] = {"I": 95.0, "II": 80.0}


def urgent_signal(given: Report, item: RawItem, now: datetime) -> Signal | None:
    """The signal that raises (or updates) the alert of the matter; None when it can wait.

    It waits for no model: the department has judged the matter itself.
    """
    level: Level = URGENCY[given.urgency]
    if level not in SCORES:
        return None
    score = SCORES[level]
    matter = given.matter or item.origin_id
    # An alert is indexed and sent as it is: nothing personal may stand in it.
    evidence = f"{given.department} {given.reporter} 报送：{given.urgency}"
    title, content, place, subjects, evidence = mask(
        [given.title, item.text, given.place, given.subjects, evidence]
    )
    event = Event(
        id=matter, title=title, first_at=given.time, last_at=now, updated_at=now, items=1,
        documents=1, first_source=item.source, channels=[Tally(label="staff", count=1)],
        places=[place], subjects=[subjects], score=score, level=level,
        reasons=[Reason(rule="department_report", points=score, evidence=evidence)],
        samples=[Sample(id=item.id, source=item.source, published_at=given.time,
                        title=title, content=content[:2_000])],
    )  # fmt: skip
    return Signal(
        id=content_id(matter, item.id, "report"), matter_id=matter, kind="severity", at=now,
        event=event,
    )  # fmt: skip
