"""Progress on stderr: a bar on a terminal, a line per step elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

Report = Callable[[str, int, int], None]  # (what, done, of)


@contextmanager
def progress() -> Iterator[Report]:
    if not sys.stderr.isatty():
        yield _lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
    )
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        tasks: dict[str, TaskID] = {}

        def report(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done, total=of)

        yield report


def _lines() -> Report:
    """Without a terminal: when a step begins and when it is done."""
    told: set[tuple[str, bool]] = set()

    def report(what: str, done: int, of: int) -> None:
        key = (what, done >= of)
        if key not in told:
            told.add(key)
            print(f"{what} … {'完成' if done >= of else ''}".strip(), file=sys.stderr, flush=True)

    return report
