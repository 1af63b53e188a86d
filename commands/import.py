"""`tingchao import FILE`: letters, calls and visits from Excel, CSV or JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawlers.sources import Source
    from crawlers.tables.rows import Fault
    from schemas.raw_item import RawItem

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
        from commands import import_told
        from crawlers.tables.columns import guess, told, unused
        from crawlers.tables.read import read_rows
        from crawlers.tables.remembered import recall, remember
        from infra.settings import settings
        from schemas.errors import UserError

        class Unknown(UserError):
            exit_code = COLUMNS

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
            import_told.preview(items, faults)
            return
        shown, sent = import_told.counted(items) if preview else ([], _sent(items, out))
        if given and not preview:
            remember(memory, header, mapping)
        if as_json:
            import_told.tell(mapping, left, sent, shown, faults)
            return
        typer.echo(f"导入 {sent} 行，{len(faults)} 行有误", err=True)
        if faults:
            report = errors or file.with_name(f"{file.name}.errors.csv")
            import_told.report(report, faults)
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


def _sent(items: Iterator[RawItem], out: str | None) -> int:
    """How many; an error with UNSENT where Kafka did not take them."""
    import asyncio

    from aiokafka.errors import KafkaError

    from crawlers.kafka import Unsent
    from infra.explain import explain

    try:
        return asyncio.run(_send(items, out))
    except (Unsent, KafkaError) as error:
        why = explain(error)
        assert why is not None
        why.exit_code = UNSENT
        raise why from None


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
