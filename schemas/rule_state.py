"""RuleState: when a rule last spoke of a matter, and how gravely (index `rule-states`)."""

from __future__ import annotations

from schemas.analysis import Level
from schemas.base import Record, Stored, Time


class RuleState(Record, kw_only=True):
    schema: int = 1
    rule: str
    matter_id: str
    level: Level
    fired_at: Time
    evidence: Stored = ""
