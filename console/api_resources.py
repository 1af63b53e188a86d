"""What the API lists, and its description (OpenAPI 3.1) made from the records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from console.actor import Right
from schemas.registry import (
    ALERTS,
    DEAD_LETTERS,
    DELIVERIES,
    EVENTS,
    OPINIONS,
    SOURCE_HEALTH,
    WATCHES,
    Index,
)

ROOT = "/api/v1"


@dataclass(frozen=True)
class Resource:
    index: Index
    sort: str  # a time: the latest first
    key: str = "id"
    departments: str = ""  # the field that says whose it is; "": of no department
    right: Right = "read"
    whole: bool = False  # only for accounts that see all departments


RESOURCES: dict[str, Resource] = {
    "opinions": Resource(OPINIONS, "published_at", departments="departments.id"),
    "events": Resource(EVENTS, "last_at", departments="departments"),
    "alerts": Resource(ALERTS, "opened_at", departments="departments"),
    "sources": Resource(SOURCE_HEALTH, "updated_at", key="source"),
    "watches": Resource(WATCHES, "added_at"),
    "deliveries": Resource(DELIVERIES, "sent_at", whole=True),
    "dead-letters": Resource(DEAD_LETTERS, "failed_at", right="dead_letters"),
}
_TEXT = {"type": "string"}


def openapi() -> dict[str, Any]:
    records = [each.index.record for each in RESOURCES.values()]
    _, schemas = msgspec.json.schema_components(
        records, ref_template="#/components/schemas/{name}"
    )  # fmt: skip
    problem = {
        "type": "object", "required": ["type", "title", "status", "detail"],
        "properties": {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"},
                       "detail": _TEXT, "position": {"type": "integer"}},
    }  # fmt: skip
    paths: dict[str, Any] = {}
    for name, each in RESOURCES.items():
        one = {"$ref": f"#/components/schemas/{each.index.record.__name__}"}
        page = {
            "type": "object", "required": ["items", "next"],
            "properties": {"items": {"type": "array", "items": one},
                           "next": {"type": ["string", "null"]}},
        }  # fmt: skip
        paths[f"{ROOT}/{name}"] = {"get": _operation(f"list-{name}", page, [
            _query("limit", {"type": "integer", "minimum": 1, "maximum": 200}),
            _query("cursor", _TEXT), *([_query("q", _TEXT)] if name == "opinions" else []),
        ])}  # fmt: skip
        key = {"name": "id", "in": "path", "required": True, "schema": _TEXT}
        paths[f"{ROOT}/{name}/{{id}}"] = {"get": _operation(f"get-{name}", one, [key])}
    return {
        "openapi": "3.1.0",
        "info": {"title": "听潮 Tingchao", "version": "1", "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {"schemas": {**schemas, "Problem": problem}},
    }


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


def _operation(name: str, schema: dict[str, Any], parameters: list[Any]) -> dict[str, Any]:
    wrong = {"$ref": "#/components/schemas/Problem"}
    return {
        "operationId": name,
        "parameters": parameters,
        "responses": {
            "200": {"description": "found", "content": {"application/json": {"schema": schema}}},
            "default": {"description": "a problem",
                        "content": {"application/problem+json": {"schema": wrong}}},
        },
    }  # fmt: skip
