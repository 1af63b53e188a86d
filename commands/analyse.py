"""`tingchao analyse < items.jsonl`: the models without Kafka; one line out per line in."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import msgspec
import orjson
import typer

from schemas.base import content_id
from schemas.errors import UserError

BATCH = 256


def register(app: typer.Typer) -> None:
    @app.command()
    def analyse() -> None:
        """Read items as JSON lines from stdin; an item needs only "text"."""
        from infra.settings import settings
        from models.analyser import Analyser
        from models.store import Store

        analyser = Analyser(settings().config, Store(settings().data / "models"))
        for batch in _batches(enumerate(sys.stdin.buffer, start=1)):
            items, shown = zip(*batch, strict=True)
            for name, analysis in zip(shown, analyser.read(items).analyses, strict=True):
                line = msgspec.to_builtins(analysis) | {"id": name}
                del line["words"]
                sys.stdout.buffer.write(orjson.dumps(line) + b"\n")
            sys.stdout.buffer.flush()


def _batches(lines: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[object, str]]]:
    batch: list[tuple[object, str]] = []
    for number, line in lines:
        if line.strip():
            batch.append(_item(number, line))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _item(number: int, line: bytes) -> tuple[object, str]:
    """(the item as if it had come by the stream, the id it is shown under)."""
    from datetime import UTC, datetime

    from schemas.raw_item import RawItem, item_id, origin_id

    try:
        row = orjson.loads(line)
        text, title = row["text"], row.get("title") or ""
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
