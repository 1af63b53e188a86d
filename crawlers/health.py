"""Is a source silent, broken or of another layout? A pure judgement on its own past."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawlers.run_log import Run, failures
from schemas.source_health import Cause, SourceHealth, Status

DAY, WEEK = timedelta(days=1), timedelta(days=7)
_FAILED_RUNS = 3  # in a row, of a source that once worked
_EXPECTED = 10  # items missed before silence is told: by chance that is e^-10
_EXPECTED_YOUNG = 30  # while there is no yesterday to compare with
_WINDOW = timedelta(hours=6)
_CAUSES: tuple[tuple[str, Cause], ...] = (
    (r"robots", "robots"),
    (r"HTTP (401|403|406|412|418|429|451|521)|captcha", "blocked"),
    (r"HTTP (404|410)", "gone"),
    (r"HTTP 5\d\d", "server"),
    (r"HTTP 30\d|redirects|other hosts", "gone"),
    (r"address refused", "refused"),
    (r"certificate|timeout|no such host|connection|broken off|time limit", "unreachable"),
    (r"layout|empty list|not text", "layout"),
    (r"all seen", "nothing"),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    status: Status
    cause: Cause = ""
    detail: str = ""


def cause_of(reason: str) -> Cause:
    """The class of a reason as a crawl gives it."""
    return next((cause for mark, cause in _CAUSES if re.search(mark, reason)), "other")


def judge(runs: Sequence[Run], every: timedelta, now: datetime) -> Judgement:
    """`runs` in the order of time, about two weeks of them."""
    if not runs:
        return Judgement("new")
    last = runs[-1]
    late = now - last.at - timedelta(seconds=last.seconds)
    in_a_row = failures(list(runs))
    if in_a_row >= _FAILED_RUNS or in_a_row == len(runs):
        return _broken(runs[-min(in_a_row, _FAILED_RUNS) :])
    # Failures stretch the interval themselves, so only a source that runs well can be late.
    if not in_a_row and late > 3 * every + timedelta(minutes=10):
        return Judgement("silent", "not run", f"no run since {last.at:%Y-%m-%d %H:%M} UTC")
    return _layout(runs) or _silent(runs, now) or Judgement("fine")


def _broken(failed: Sequence[Run]) -> Judgement:
    if failed[-1].failed:
        return Judgement("broken", "unpublished", failed[-1].failed[:500])
    reasons = Counter(run.why or "" for run in failed)
    detail = reasons.most_common(1)[0][0]
    cause = cause_of(detail)
    return Judgement("layout" if cause == "layout" else "broken", cause, detail)


def _layout(runs: Sequence[Run]) -> Judgement | None:
    """Lists are read, yet most of the pages behind them no longer are."""
    lately = runs[-_FAILED_RUNS:]
    unread = sum(run.errors.get("layout", 0) for run in lately)
    if unread >= 5 and unread > sum(run.items for run in lately):
        return Judgement("layout", "layout", f"{unread} pages without title and text")
    return None


def _silent(runs: Sequence[Run], now: datetime) -> Judgement | None:
    """Nothing, or hardly anything, where the same hours brought much before."""
    brought = [run for run in runs if run.items]
    # The first run takes in the stock of the whole site; it says nothing about the pace.
    past = [run for run in runs[1:] if run.at <= now - _WINDOW]
    if not brought or not past:
        return None
    hours = max((past[-1].at - runs[0].at) / timedelta(hours=1), 1.0)
    pace = sum(run.items for run in past) / hours
    windows: tuple[tuple[datetime, float, Cause], ...] = (
        (brought[-1].at + timedelta(seconds=1), 0.0, "nothing"),
        (now - _WINDOW, 0.1, "fewer"),
    )
    for start, share, cause in windows:
        came = items_between(runs, start, now)
        usual = [pace * ((now - start) / timedelta(hours=1))]
        usual += [
            items_between(runs[1:], start - ago, now - ago)
            for ago in (DAY, WEEK)
            if runs[0].at <= start - ago
        ]
        needed = _EXPECTED if len(usual) > 1 else _EXPECTED_YOUNG
        if (
            now - start >= timedelta(hours=1)
            and min(usual) >= needed
            and came <= share * min(usual)
        ):
            detail = f"{came} items since {start:%Y-%m-%d %H:%M} UTC, usually {min(usual):.0f}"
            return Judgement("silent", cause, detail)
    return None


def items_between(runs: Sequence[Run], start: datetime, end: datetime) -> int:
    return sum(run.items for run in runs if start <= run.at < end)


def health(
    source: str, title: str, runs: Sequence[Run], every: timedelta, now: datetime,
    before: SourceHealth | None = None,
) -> SourceHealth:  # fmt: skip
    """The record of a source; `before` is the last one, whose time stands while nothing changed."""
    found = judge(runs, every, now)
    same = before is not None and before.status == found.status
    older = [run for run in runs[1:] if run.at < now - DAY]
    days = max((now - DAY - runs[0].at) / timedelta(hours=1), 1.0) if runs else 1.0
    return SourceHealth(
        source=source,
        title=title,
        status=found.status,
        cause=found.cause,
        detail=found.detail,
        since=before.since if same and before else now,
        updated_at=now,
        last_run=runs[-1].at if runs else None,
        last_success=max((run.at for run in runs if run.good), default=None),
        last_item=max((run.at for run in runs if run.items), default=None),
        items_per_hour=round(items_between(runs, now - DAY, now) / 24, 2),
        usual_per_hour=round(sum(run.items for run in older) / days, 2),
        failures=failures(list(runs)),
        errors=[f"{name} ×{count}" for name, count in runs[-1].errors.items()] if runs else [],
    )
