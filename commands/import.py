"""`tingchao import FILE`: letters, calls and visits from Excel, CSV or JSON."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crawlers.sources import Source
    from crawlers.tables.rows import Fault
    from schemas.raw_item import RawItem

PREVIEW = 5
FAULTS, VALUE = 200, 200  # told in JSON: how many, and characters of each
# Exit codes: the file can be read, its columns have to be named; Kafka did not take it
# (EX_TEMPFAIL).
COLUMNS, UNSENT = 3, 75


def register(app: typer.Typer) -> None:
    @app.command("import")
    def import_(
        file: Annotated[Path, typer.Argument(help="xlsx, xlsm, csv, tsv, jsonl, json")],
        preview: Annotated[
            bool, typer.Option(help="show what would come in, send nothing")
        ] = False,
        columns: Annotated[list[str] | None, typer.Option("--map", help="列名=字段")] = None,
        source: Annotated[str, typer.Option(help="the name the items go by")] = "import",
        channel: Annotated[str, typer.Option(help="letter, call, visit …")] = "letter",
        out: Annotated[str | None, typer.Option(help="JSON lines to FILE or -, no Kafka")] = None,
        errors: Annotated[Path | None, typer.Option(help="report; else FILE.errors.csv")] = None,
        as_json: Annotated[
            bool, typer.Option("--json", help="tell in JSON on stdout, write no report")
        ] = False,
    ) -> None:
        """Import rows: each good row is sent, each bad one reported with its reason."""
        import asyncio

        from aiokafka.errors import KafkaError

        from crawlers.kafka import Unsent
        from crawlers.tables.columns import guess, told, unused
        from crawlers.tables.read import read_rows
        from crawlers.tables.remembered import recall, remember
        from infra.explain import explain
        from infra.settings import settings
        from schemas.errors import UserError

        class Unknown(UserError):
            exit_code = COLUMNS

        class Away(UserError):
            exit_code = UNSENT

        rows = read_rows(file)
        first = list(islice(rows, 200))
        header = list(dict.fromkeys(name for row in first for name in row.values))
        memory = settings().data / "import-columns.json"
        try:
            given = told(columns or [])
        except ValueError as error:
            raise Unknown(str(error), "如 --map 反映内容=text") from None
        if missing := [c for c in given.values() if c not in header]:
            raise Unknown(f"{file} 没有列 {missing[0]}", f"列有：{'、'.join(header)}")
        mapping = guess(header) | recall(memory, header) | given
        for field, column in mapping.items():
            typer.echo(f"  {column} → {field}", err=True)
        if left := unused(header, mapping):
            typer.echo(f"  没有用到的列：{'、'.join(left)}", err=True)
        if not mapping.keys() & {"title", "text"}:
            raise Unknown(f"{file}: 看不出哪一列是内容", "用 --map 列名=text 指出")
        faults: list[Fault] = []
        items = _items(chain(first, rows), mapping, _source(source, channel), faults)
        if preview and not as_json:
            _preview(items, faults)
            return
        shown: list[RawItem] = []
        if preview:
            shown, sent = _counted(items)
        else:
            if given:
                remember(memory, header, mapping)
            try:
                sent = asyncio.run(_send(items, out))
            except (Unsent, KafkaError) as error:
                why = explain(error)
                assert why is not None
                raise Away(why.problem, why.remedy) from None
        if as_json:
            _tell(mapping, left, sent, shown, faults)
            return
        typer.echo(f"导入 {sent} 行，{len(faults)} 行有误", err=True)
        if faults:
            report = errors or file.with_name(f"{file.name}.errors.csv")
            _report(report, faults)
            typer.echo(f"逐行说明见 {report}；改好后可整个文件再导入一次，不会重复", err=True)
            raise typer.Exit(1)


def _source(name: str, channel: str) -> Source:
    from crawlers.sources import Source
    from crawlers.tables.rows import CHANNELS
    from schemas.errors import UserError

    if channel not in CHANNELS:
        raise UserError(
            f"没有渠道 {channel}", f"给出 {' '.join(sorted(set(CHANNELS.values())))} 之一"
        )
    fields = {"name": name, "kind": "drop", "folder": Path(), "channel": CHANNELS[channel]}
    return Source.model_validate(fields)


def _items(
    rows: Iterable[object], mapping: dict[str, str], source: Source, faults: list[Fault]
) -> Iterator[RawItem]:
    from crawlers.tables.read import Row
    from crawlers.tables.rows import Fault, row_item
    from infra.author_key import author_key

    key, now = author_key(), datetime.now(UTC)
    for row in rows:
        assert isinstance(row, Row)
        found = row_item(row, mapping, source, key, now, "import")
        if isinstance(found, Fault):
            faults.append(found)
        else:
            yield found


def _counted(items: Iterator[RawItem]) -> tuple[list[RawItem], int]:
    """The first few, and how many there are."""
    first = list(islice(items, PREVIEW))
    return first, len(first) + sum(1 for _ in items)


def _tell(
    columns: dict[str, str], left: Sequence[str], rows: int, first: list[RawItem],
    faults: list[Fault],
) -> None:  # fmt: skip
    import orjson

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


def _preview(items: Iterator[RawItem], faults: list[Fault]) -> None:
    first, count = _counted(items)
    for number, item in enumerate(first, 1):
        when = f"{item.published_at:%Y-%m-%d %H:%M}" if item.published_at else "没有时间"
        typer.echo(f"{number}. [{item.channel}] {when} {item.title}\n   {item.text[:100]!r}")
    typer.echo(f"可导入 {count} 行，{len(faults)} 行有误")
    for fault in faults[:20]:
        typer.echo(f"  第 {fault.number} 行 {fault.column} {fault.value!r}：{fault.reason}")


async def _send(items: Iterator[RawItem], out: str | None) -> int:
    from crawlers.kafka import Sender
    from crawlers.publish import FileSink
    from schemas.base import encode

    count = 0
    if out:
        sink = FileSink(out)
        await sink.start()
        for item in items:
            await sink.send(item)
            count += 1
        await sink.stop()
        return count
    sender = Sender()
    await sender.start()
    try:
        for item in items:
            await sender.put(item.origin_id.encode(), encode(item))
            count += 1
        await sender.flush()
    finally:
        await sender.stop()
    return count


def _report(path: Path, faults: list[Fault]) -> None:
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
