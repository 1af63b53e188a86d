"""What a crawl brings, told: while it runs and at its end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from crawlers.run import Progress
    from crawlers.summary import Summary


def with_progress(work: Callable[[Progress | None], list[Summary]]) -> list[Summary]:
    """A line with pages and items on stderr while it runs, when that is a terminal."""
    if not sys.stderr.isatty():
        return work(None)
    from rich.console import Console

    with Console(stderr=True).status("crawling …") as status:
        return work(lambda pages, items: status.update(f"crawling … {pages} pages, {items} items"))


def tell(summaries: list[Summary], as_json: bool, to: TextIO) -> None:
    import orjson

    for found in summaries:
        if as_json:
            print(orjson.dumps(found.as_dict()).decode(), file=to)
            continue
        line = f"{found.source}: {found.pages} pages, {found.items} items in {found.seconds:.1f} s"
        if found.failed:
            line += f"; FAILED: {found.failed}"
        elif found.why == "all seen":
            line += "; nothing new: all seen before"
        elif found.why:
            line += f"; nothing because: {found.why}"
        if found.changes:
            line += "; " + ", ".join(f"{name} {count}" for name, count in found.changes.items())
        if found.errors:
            line += "; " + ", ".join(f"{name} ×{count}" for name, count in found.errors.items())
        print(line, file=to)
