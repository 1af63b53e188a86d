"""`tingchao analyse < items.jsonl`: the models without Kafka; one line out per line in."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import orjson
import typer

from schemas.base import content_id
from schemas.errors import UserError

if TYPE_CHECKING:
    from schemas.raw_item import RawItem

    Parsed: TypeAlias = tuple[RawItem, str] | UserError

BATCH = 256
BOM = b"\xef\xbb\xbf"


def register(app: typer.Typer) -> None:
    @app.command()
    def analyse() -> None:
        """Read items as JSON lines from stdin; an item needs only "text".

        A line that is no item gets a line with "error", and the exit code is 1 at the end.
        """
        from infra.settings import settings
        from models.analyser import Analyser
        from models.store import Store

        analyser = Analyser(settings().config, Store(settings().data / "models"))
        failed = False
        for batch in _batches(enumerate(sys.stdin.buffer, start=1)):
            good = [parsed for parsed in batch if not isinstance(parsed, UserError)]
            found = iter(analyser.read([item for item, _ in good]).analyses)
            for parsed in batch:
                if isinstance(parsed, UserError):
                    failed = True
                    print(f"tingchao: {parsed}", file=sys.stderr)
                    line: dict[str, object] = {"error": str(parsed)}
                else:
                    line = msgspec.to_builtins(next(found)) | {"id": parsed[1]}
                    del line["words"]
                sys.stdout.buffer.write(orjson.dumps(line) + b"\n")
            sys.stdout.buffer.flush()
        if failed:
            raise typer.Exit(1)


def _batches(lines: Iterable[tuple[int, bytes]]) -> Iterator[list[Parsed]]:
    batch: list[Parsed] = []
    for number, line in lines:
        line = line.removeprefix(BOM) if number == 1 else line
        if line.strip():
            try:
                batch.append(_item(number, line))
            except UserError as error:
                batch.append(error)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _item(number: int, line: bytes) -> tuple[RawItem, str]:
    """(the item as if it had come by the stream, the id it is shown under).

    What is longer than the stream takes is cut.
    """
    from datetime import UTC, datetime

    from schemas.raw_item import MAX_TEXT, MAX_TITLE, RawItem, item_id, origin_id

    try:
        row = orjson.loads(line)
        text, title = row["text"][:MAX_TEXT], (row.get("title") or "")[:MAX_TITLE]
        shown = str(row.get("id") or content_id(title, text))
        source = row.get("source") or "stdin"
        origin = origin_id(source, shown)
        fields = {
            "schema": 1, "id": item_id(origin, title, text), "origin_id": origin, "source": source,
            "channel": row.get("channel") or "other", "title": title, "text": text,
            "fetched_at": datetime.now(UTC),
        }  # fmt: skip
        for name in ("published_at", "tier", "region", "counts", "author", "publisher", "url"):
            if row.get(name) is not None:
                fields[name] = row[name]
        if isinstance(fields.get("published_at"), str):
            when = datetime.fromisoformat(fields["published_at"])
            fields["published_at"] = when if when.tzinfo else when.astimezone()
        return msgspec.convert(fields, RawItem), shown
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"no field {error}" if isinstance(error, KeyError) else str(error)
        raise UserError(
            f"line {number}: {what}", 'an item is a JSON object with at least {"text": …}'
        ) from None
