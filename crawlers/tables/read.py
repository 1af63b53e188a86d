"""Read Excel, CSV and JSON files row by row, bounded; a bad row is told and the next one read."""

from __future__ import annotations

import codecs
import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson

from crawlers.tables.columns import guess
from schemas.errors import UserError

MAX_ROWS = 200_000
MAX_CELL = 200_000  # characters
MAX_FILE = 500 * 1024 * 1024  # bytes, and for Excel the unpacked ones
MAX_JSON = 100 * 1024 * 1024  # what is not one object a line is read at once
SUFFIXES = (".xlsx", ".xlsm", ".csv", ".tsv", ".jsonl", ".ndjson", ".json")


@dataclass(frozen=True, slots=True)
class Row:
    number: int  # as a person counts them in the file
    values: dict[str, str] = field(default_factory=dict)
    error: str = ""  # the row could not be read at all


def read_rows(path: Path) -> Iterator[Row]:
    """The rows under the header. UserError when the file as a whole cannot be read."""
    suffix = path.suffix.lower()
    try:
        if path.stat().st_size > MAX_FILE:
            raise UserError(f"{path}: 大于 {MAX_FILE >> 20} MB", "分成几个文件")
        if suffix in (".xlsx", ".xlsm"):
            found = _table(_excel(path))
        elif suffix in (".csv", ".tsv"):
            found = _table(_csv(path))
        elif suffix in (".jsonl", ".ndjson", ".json"):
            found = _json(path)
        else:
            raise UserError(
                f"{path}: 不认识的格式 {suffix or '（无后缀）'}", f"给出 {' '.join(SUFFIXES)}"
            )
        for count, row in enumerate(found):
            if count >= MAX_ROWS:
                yield Row(row.number, error=f"超过 {MAX_ROWS} 行，从这一行起没有读：请分成几个文件")
                return
            yield row
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}", "给出可读的文件") from None


def _table(lines: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    """The header is the first of the top lines that names two known fields, else the first."""
    top: list[tuple[int, list[str]]] = []
    for line in lines:
        top.append(line)
        if len(top) == 10:
            break
    filled = [n for n, (_, cells) in enumerate(top) if any(cells)]
    if not filled:
        return
    start = next((n for n in filled if len(guess(top[n][1])) >= 2), filled[0])
    header = [name.strip() for name in top[start][1]]

    def rest() -> Iterator[tuple[int, list[str]]]:
        yield from top[start + 1 :]
        yield from lines

    for number, cells in rest():
        if any(cells):
            yield Row(number, {h: c.strip() for h, c in zip(header, cells, strict=False) if h})


def _excel(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The first sheet with content. Formulas count by their stored value, macros are not read."""
    import openpyxl

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_FILE:
                raise UserError(f"{path}: 解压后大于 {MAX_FILE >> 20} MB", "分成几个文件")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except UserError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble over
        raise UserError(
            f"{path}: 不是完好的 Excel 文件（{error}）", "另存为 .xlsx 或 .csv"
        ) from None
    try:
        for sheet in book.worksheets:
            # The size that the file declares may be a lie; rows are counted, columns are cut.
            sheet.reset_dimensions()
            empty = True
            for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                values = [_cell(value) for value in cells[:200]]
                empty = empty and not any(values)
                yield number, values
            if not empty:
                return
    except (KeyError, ValueError, SyntaxError, zipfile.BadZipFile) as error:
        raise UserError(f"{path}: 表格损坏（{error}）", "另存为 .xlsx 或 .csv") from None
    finally:
        book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:MAX_CELL]


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(10 * MAX_CELL)
    with path.open(encoding=charset_of(path), errors="replace", newline="") as file:
        first = file.readline(MAX_CELL)
        delimiter = max(",\t;", key=first.count)
        file.seek(0)
        lines = csv.reader((line.replace("\0", "") for line in file), delimiter=delimiter)
        while True:
            try:
                cells = next(lines)
            except StopIteration:
                return
            except csv.Error:  # an endless field, for one: that row is lost, it says so below
                yield lines.line_num, ["\ufffd"]
                continue
            yield lines.line_num, [cell[:MAX_CELL] for cell in cells]


def charset_of(path: Path) -> str:
    """UTF-8 where the whole file is, else what Excel in China writes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        file.seek(0)
        try:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _json(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf \r\n\t")
        file.seek(0)
        # One object a line, or one document: a list, or an object that holds a list.
        first = start.split(b"\n", 1)[0].strip()
        if path.suffix.lower() != ".json" or (first[:1] == b"{" and first[-1:] == b"}"):
            for number, line in enumerate(file, 1):
                if line := line.strip().removeprefix(b"\xef\xbb\xbf"):
                    yield _object(line, number)
            return
        if path.stat().st_size > MAX_JSON:
            raise UserError(f"{path}: 大于 {MAX_JSON >> 20} MB", "改为每行一个对象的 .jsonl")
        try:
            data = orjson.loads(file.read().removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            raise UserError(f"{path}: {error}", "给出完好的 JSON") from None
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list)]
        data = max(lists, key=len, default=[data])
    for number, raw in enumerate(data, 1):
        yield Row(number, flat(raw)) if isinstance(raw, dict) else Row(number, error="不是对象")


def _object(line: bytes, number: int) -> Row:
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Row(number, error=f"不是 JSON：{error}")
    return Row(number, flat(raw)) if isinstance(raw, dict) else Row(number, error="不是对象")


def flat(raw: dict[str, Any]) -> dict[str, str]:
    """The scalar values as text, those of an object inside as `name_inner`; lists are left out."""
    found = {name: _scalar(value) for name, value in raw.items() if _is_scalar(value)}
    for name, inner in raw.items():
        for key, value in inner.items() if isinstance(inner, dict) else ():
            if _is_scalar(value):
                found.setdefault(f"{name}_{key}", _scalar(value))
    return found


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _scalar(value: Any) -> str:
    return str(value)[:MAX_CELL]
