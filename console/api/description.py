"""The description of the API (OpenAPI 3.1), made from its operations and records."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

import msgspec

from console.access.gate import TITLES
from console.api.operation import Operation
from console.api.operations import CHOICES, operations
from console.api.parameters import MOST, PAGE

_TEXT = {"type": "string"}
_TAG = {"ETag": {"description": "the version of the record", "schema": _TEXT}}
_PROBLEM = {
    "type": "object", "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT,
        "position": {"type": "integer", "description": "400: of the search"},
        "place": {**_TEXT, "description": "422: where in the body, as $.hours"},
        "said": {**_TEXT, "description": "400, 422: the checker's own words"},
        "line": {"type": ["integer", "null"], "description": "422: of the rules"},
        "wrong": {"type": "array", "items": _TEXT, "description": "422: of a report"},
        "etag": {**_TEXT, "description": "412, 428: of the current record"},
        "current": {"type": "object", "description": "412, 428: the record as it is now"},
    },
}  # fmt: skip


def openapi() -> dict[str, Any]:
    every = operations()
    known: dict[Any, None] = {}
    for methods in every.values():
        for each in methods.values():
            known |= dict.fromkeys(kind for kind in (each.answer, each.body) if kind)
    _, schemas = msgspec.json.schema_components(
        list(known), ref_template="#/components/schemas/{name}"
    )  # fmt: skip
    paths = {
        path: {method.lower(): _described(path, method, each) for method, each in methods.items()}
        for path, methods in every.items()
    }
    own = {"operationId": "describe", "responses": {
        "200": {"description": "this", "content": {"application/json": {
            "schema": {"type": "object"}}}},
        "401": {"$ref": "#/components/responses/401"},
    }}  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {"title": "听潮 Tingchao", "version": "1", "license": {"name": "Apache-2.0"}},
        "security": [{"key": []}, {"session": []}],
        "paths": {"/api/v1/openapi.json": {"get": own}, **paths},
        "components": {
            "schemas": {**schemas, "Problem": _PROBLEM},
            "responses": {str(status): _error(status) for status in TITLES},
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "tingchao_session"},
            },
        },
    }


def _described(path: str, method: str, each: Operation) -> dict[str, Any]:
    reads, errors = method == "GET", {401, 403, *each.errors}
    if each.body:
        errors |= {400, 413, 415, 422} - ({415} if each.form else set())
    if each.match:
        errors |= {412, 428}
    done: dict[str, Any] = {"description": HTTPStatus(each.status).phrase}
    if each.files:
        done["content"] = {kind: {"schema": {"type": "string"}} for kind in each.files}
    if each.answer:
        done["content"] = {"application/json": {"schema": _schema(each)}}
    if each.tagged:
        done["headers"] = _TAG
    responses = {str(each.status): done}
    if each.name == "correct":
        responses["201"] = {**done, "description": "Created: nobody had corrected it"}
    if reads and each.tagged:
        responses["304"] = {"description": "the asker has this version"}
    responses |= {str(code): {"$ref": f"#/components/responses/{code}"} for code in sorted(errors)}
    found = {"operationId": each.name, "parameters": _parameters(path, method, each),
             "responses": responses}  # fmt: skip
    if each.person:
        found["security"] = [{"session": []}]
    if each.body:
        ref = {"$ref": f"#/components/schemas/{each.body.__name__}"}
        kind = "multipart/form-data" if each.form else "application/json"
        found["requestBody"] = {"required": True, "content": {kind: {"schema": ref}}}
    return found


def _schema(each: Operation) -> dict[str, Any]:
    one = {"$ref": f"#/components/schemas/{each.answer.__name__}"} if each.answer else {}
    if not each.page:
        return one
    return {
        "type": "object", "required": ["items", "next"],
        "properties": {"items": {"type": "array", "items": one},
                       "next": {"type": ["string", "null"]}},
    }  # fmt: skip


def _parameters(path: str, method: str, each: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def add(name: str, place: str, schema: dict[str, Any], required: bool = False) -> None:
        found.append({"name": name, "in": place, "required": required, "schema": schema})

    for name in re.findall(r"{(\w+)}", path):
        chosen = {"enum": CHOICES[name]} if name in CHOICES else {}
        add(name, "path", {**_TEXT, **chosen}, required=True)
    for name, values in each.takes.items():
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE}
        text = {**_TEXT, "enum": list(values)} if values else _TEXT
        kind = {"type": "array", "items": text} if name in each.many else text
        add(name, "query", limit if name == "limit" else kind)
    if method != "GET":
        add("X-CSRF-Token", "header", {**_TEXT, "description": "with a session; a key needs none"})
    elif each.tagged:
        add("If-None-Match", "header", _TEXT)
    if each.match:
        add("If-Match", "header", _TEXT, required=each.match == "needed")
    return found


def _error(status: int) -> dict[str, Any]:
    ref = {"$ref": "#/components/schemas/Problem"}
    return {"description": HTTPStatus(status).phrase,
            "content": {"application/problem+json": {"schema": ref}}}  # fmt: skip
