"""docs/index-contract.md, made from the mappings: what people who query may rely on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from infra.kibana.examples import examples
from infra.kibana.fields import PUBLIC, Field, fields
from schemas.registry import Index

HERE = Path(__file__).parent


def contract() -> str:
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield (HERE / "head.md").read_text("utf-8")
    for index, time in PUBLIC.items():
        yield from _table(index, time)
    yield "## Examples"
    yield ""
    yield "A test runs each of them on a real Elasticsearch (`tests/integration/test_kibana.py`)."
    for each in examples():
        yield ""
        yield f"**{each.title}** `GET {each.alias}/_search`"
        yield ""
        yield f"```json\n{each.body.strip()}\n```"


def _table(index: Index, time: str) -> Iterator[str]:
    behind = "one index a month behind the alias" if index.monthly else "one index behind the alias"
    yield f"## {index.alias}"
    yield ""
    yield f"{behind}; time field `{time}`."
    yield ""
    yield "| field | type | searched | counted | 含义 |"
    yield "|---|---|---|---|---|"
    for field in fields(index):
        yield _row(field)
    yield ""


def _row(field: Field) -> str:
    said = ["yes" if each else "–" for each in (field.searched, field.counted)]
    return f"| `{field.path}` | {field.type} | {said[0]} | {said[1]} | {field.meaning} |"
