"""Read JSON lines, plain or gzipped, with errors that name the line."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from schemas.errors import UserError


def read_rows(path: Path, required: tuple[str, ...] = ("text",)) -> Iterator[dict[str, Any]]:
    """Objects, line by line; each has the `required` fields, and `text` is a string."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line  # Windows' BOM
                if line.strip():
                    yield _row(line, f"{path}, line {number}", required)
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"cannot read {path}: {error}", "give a file of JSON lines") from None


def _row(line: bytes, where: str, required: tuple[str, ...]) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise UserError(f"{where}: {error}", "mend that line") from None
    if not isinstance(row, dict):
        raise UserError(f"{where}: not an object", "mend that line")
    for name in required:
        if name not in row:
            raise UserError(f"{where}: no {name!r}", "mend that line")
    if "text" in row and not isinstance(row["text"], str):
        raise UserError(f"{where}: 'text' is not a string", "mend that line")
    return row
