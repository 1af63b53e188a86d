"""`tingchao corrections`: what people corrected, as rows that the trainer reads (C12)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from schemas.correction import Correction


class Form(StrEnum):
    jsonl = "jsonl"
    records = "records"


def register(app: typer.Typer) -> None:
    @app.command()
    def corrections(
        field: Annotated[
            str, typer.Option(help="topic, department, attitude, place, level, event; all")
        ] = "all",
        form: Annotated[
            Form, typer.Option("--format", help='jsonl: {"text", "label"}; records: all of it')
        ] = Form.jsonl,
    ) -> None:
        """Print a line per label that people gave. `models train topic|attitude --data` reads the
        lines of one field; personal data is masked in them."""
        import orjson

        from commands.elastic import with_elasticsearch
        from infra.correction_store import CorrectionStore
        from schemas.base import encode
        from schemas.correction import FIELDS
        from schemas.errors import UserError

        if field != "all" and field not in FIELDS:
            raise UserError(f"no field {field!r}", f"choose one of {', '.join(FIELDS)}, or all")
        asked = FIELDS if field == "all" else (field,)

        async def read(store: CorrectionStore) -> list[Correction]:
            return [each async for each in store.all(asked)]

        found = with_elasticsearch(lambda config, _, es: read(CorrectionStore(config, es)))
        for each in found:
            if form is Form.records:
                print(encode(each).decode())
                continue
            for row in rows(each):
                print(orjson.dumps(row).decode())


def rows(correction: Correction) -> list[dict[str, str]]:
    """One a value, as `models train` reads them: {"text", "label", "field", "item"}; none where
    the correction was taken back or nothing is left of the text."""
    text = "\n".join(part for part in (correction.title, correction.text) if part)
    if not text:
        return []
    return [
        {"text": text, "label": value, "field": correction.field, "item": correction.item_id}
        for value in correction.values
    ]
