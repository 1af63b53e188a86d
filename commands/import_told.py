"""What `tingchao import` tells: to people, to programs, and of each wrong row in a file."""

from __future__ import annotations

import csv
from itertools import islice
from typing import TYPE_CHECKING

import orjson
import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from crawlers.tables.rows import Fault
    from schemas.raw_item import RawItem

PREVIEW = 5
FAULTS, VALUE = 200, 200  # told in JSON: how many, and characters of each


def counted(items: Iterator[RawItem]) -> tuple[list[RawItem], int]:
    """The first few, and how many there are."""
    first = list(islice(items, PREVIEW))
    return first, len(first) + sum(1 for _ in items)


def tell(
    columns: dict[str, str], left: Sequence[str], rows: int, first: list[RawItem],
    faults: list[Fault],
) -> None:  # fmt: skip
    told = {
        "rows": rows, "faulty": len(faults), "columns": columns, "unused": left,
        "faults": [
            {"row": f.number, "column": f.column, "value": f.value[:VALUE], "reason": f.reason}
            for f in faults[:FAULTS]
        ],
        "first": [
            {"channel": item.channel, "published_at": item.published_at, "title": item.title,
             "text": item.text[:VALUE]}
            for item in first
        ],
    }  # fmt: skip
    typer.echo(orjson.dumps(told).decode())


def preview(items: Iterator[RawItem], faults: list[Fault]) -> None:
    first, count = counted(items)
    for number, item in enumerate(first, 1):
        when = f"{item.published_at:%Y-%m-%d %H:%M}" if item.published_at else "没有时间"
        typer.echo(f"{number}. [{item.channel}] {when} {item.title}\n   {item.text[:100]!r}")
    typer.echo(f"可导入 {count} 行，{len(faults)} 行有误")
    for fault in faults[:20]:
        typer.echo(f"  第 {fault.number} 行 {fault.column} {fault.value!r}：{fault.reason}")


def report(path: Path, faults: list[Fault]) -> None:
    # With a byte order mark, so that Excel opens it as what it is.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["行", "列", "值", "原因"])
        # A value that begins like a formula must not become one.
        writer.writerows(
            [
                f.number,
                _plain(f.column),
                _plain(f.value),
                f.reason,
            ]
            for f in faults
        )


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
