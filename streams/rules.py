"""The rules about numbers and words, asked at intervals beside the timer; dry runs too (D4)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from infra.history import History
from infra.indices import write_name
from models.reloading import Reloading
from models.rule_file import DAY, NewTerm, RuleFile, TierChange, TimedRule
from models.rules import Counts, Fired, Term, judge, new_terms, speaks
from schemas import topics
from schemas.analysis import Reason
from schemas.base import content_id, encode
from schemas.event import Event, Sample, Signal
from schemas.registry import RULE_STATES
from schemas.rule_state import RuleState
from schemas.trace import headers
from streams.context import Context, Sent
from streams.interval import Interval
from streams.rule_queries import filters

log = structlog.get_logger("tingchao.rules")


class Rules:
    """One at a time works, by the timer's lease; a round that takes long holds nothing up."""

    def __init__(self, context: Context, rules: Reloading[RuleFile]) -> None:
        self._context, self._rules = context, rules
        self._history = History(context.settings, context.elasticsearch)
        every = timedelta(minutes=context.settings.rules_minutes)
        self.tick = Interval("rules", every, self.round, at_once=True).tick

    async def round(self, now: datetime) -> list[Fired]:
        """Ask every rule at `now`; what was told."""
        told = []
        for rule in timed(self._rules.current()):
            for fired in await ask(self._history, rule, now):
                if await self._tell(rule, fired):
                    told.append(fired)
        return told

    async def _tell(self, rule: TimedRule, fired: Fired) -> bool:
        client, context = self._context.elasticsearch, self._context
        index = write_name(context.settings, RULE_STATES)
        found = await client.mget(index=index, ids=[fired.matter_id])
        source = found["docs"][0].get("_source")
        before = msgspec.convert(source, RuleState, strict=False) if source else None
        if not speaks(fired, before, rule.quiet):
            return False
        where = filters(rule.where)
        samples = await self._history.samples(where, fired.at, rule.window)
        # Told first: a crash after it tells again, of a matter that has its alert already.
        item = headers(samples[0].id if samples else "")
        told = Sent(encode(signal(fired, rule, samples)), fired.matter_id.encode(), item)
        await context.send(topics.SIGNALS, [told])
        state = RuleState(rule=rule.id, matter_id=fired.matter_id, level=fired.level,
                          fired_at=fired.at, evidence=fired.evidence)  # fmt: skip
        await client.index(index=index, id=fired.matter_id, document=encode(state))  # type: ignore[arg-type]  # encoded
        log.info("a rule speaks", rule=rule.id, level=fired.level, evidence=fired.evidence)
        return True


def timed(file: RuleFile) -> list[TimedRule]:
    return [rule for rule in file.rules if not isinstance(rule, TierChange)]


def signal(fired: Fired, rule: TimedRule, samples: Sequence[Sample]) -> Signal:
    """The matter of a rule, told as an event is."""
    event = Event(
        id=fired.matter_id, title=fired.title, first_at=fired.at - rule.window, last_at=fired.at,
        updated_at=fired.at, items=fired.items, documents=fired.items, level=fired.level,
        topics=list(rule.where.topics), departments=list(rule.where.departments),
        places=list(rule.where.places), samples=list(samples),
        reasons=[Reason(rule=fired.rule, points=0.0, evidence=fired.evidence)],
    )  # fmt: skip
    key = content_id("signal", fired.matter_id, fired.level, fired.at.isoformat())
    return Signal(id=key, matter_id=fired.matter_id, kind="rule", at=fired.at, event=event)


async def ask(history: History, rule: TimedRule, now: datetime) -> list[Fired]:
    """What one rule says at `now`, whether or not it was said before."""
    where = filters(rule.where)
    if isinstance(rule, NewTerm):
        least = min(rule.at.values())
        found = await history.words(where, now, rule.window, DAY * rule.days, least)
        return new_terms(rule, [Term(*each) for each in found], now)
    start = now - rule.window - back(rule)
    counts = await history.counts(where, start, now, rule.window)
    fired = judge(rule, Counts(now, rule.window, counts))
    return [fired] if fired else []


def back(rule: TimedRule) -> timedelta:
    """How much history a rule compares with."""
    days = DAY * getattr(rule, "days", 0)
    return max(days, timedelta(hours=getattr(rule, "hours", 0)))


async def dry_run(
    history: History, rule: TimedRule, since: datetime, until: datetime,
    report: Callable[[int, int], None],
) -> AsyncIterator[Fired]:  # fmt: skip
    """What the rule would have told, asked at the end of each window."""
    steps = int((until - since) / rule.window)
    ends = [until - rule.window * (steps - n) for n in range(1, steps + 1)]
    counts: list[int] = []
    if not isinstance(rule, NewTerm):
        start = until - rule.window * (steps + int(back(rule) / rule.window))
        counts = await history.counts(filters(rule.where), start, until, rule.window)
    states: dict[str, RuleState] = {}
    for number, end in enumerate(ends, start=1):
        if isinstance(rule, NewTerm):
            found = await ask(history, rule, end)
        else:
            upto = len(counts) - steps + number
            fired = judge(rule, Counts(end, rule.window, counts[:upto]))
            found = [fired] if fired else []
        for fired in found:
            if speaks(fired, states.get(fired.matter_id), rule.quiet):
                states[fired.matter_id] = RuleState(
                    rule=rule.id, matter_id=fired.matter_id, level=fired.level, fired_at=end
                )
                yield fired
        report(number, steps)
